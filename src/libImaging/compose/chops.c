#include "compose/chops.h"

#include "core/stream.h"
#include "simd/kernels.h"

/* The checks, and the result's storage: the common area, with the mode of the first. */
static ImgImage *common_area(const ImgImage *a, const ImgImage *b, ImgError *err) {
    if (a->mode->type != IMG_U8) {
        return img_fail_mode(err);
    }
    if (b->mode->type != IMG_U8 || a->mode->bands != b->mode->bands) {
        return img_fail_mismatch(err);
    }
    const int width = a->width < b->width ? a->width : b->width;
    const int height = a->height < b->height ? a->height : b->height;
    return img_new_dirty(a->mode, width, height, err);
}

/* An operation on rows. */
typedef struct {
    int op; /* an ImgChop, or SCALED */
    int sign;
    float scale, offset;
} Chop;

#define SCALED (-1)

static void chop_piece(const Chop *c, uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n) {
    if (c->op == SCALED) {
        img_kernels->chop_scaled_row(out, a, b, n, c->sign, c->scale, c->offset);
    } else {
        img_kernels->chop_row(c->op, out, a, b, n);
    }
}

static ImgImage *chop_rows(const Chop *c, const ImgImage *a, const ImgImage *b, ImgError *err) {
    ImgImage *out = common_area(a, b, err);
    const bool stream = out && img_streams(out);
    for (int y = 0; out && y < out->height; y++) {
        if (!stream) {
            chop_piece(c, out->rows[y], a->rows[y], b->rows[y], out->row_bytes);
            continue;
        }
        _Alignas(64) uint8_t piece[IMG_STREAM_PIECE];
        for (size_t x = 0; x < out->row_bytes; x += sizeof(piece)) {
            const size_t left = out->row_bytes - x, n = left < sizeof(piece) ? left : sizeof(piece);
            chop_piece(c, piece, a->rows[y] + x, b->rows[y] + x, n);
            img_kernels->stream_copy(out->rows[y] + x, piece, n);
        }
    }
    if (stream) {
        img_kernels->stream_end();
    }
    return out;
}

ImgImage *img_chop(ImgChop op, const ImgImage *a, const ImgImage *b, ImgError *err) {
    if (op >= CHOP_AND && (a->mode->id != IMG_MODE_1 || b->mode->id != IMG_MODE_1)) {
        return img_fail_mode(err);
    }
    return chop_rows(&(Chop){.op = (int)op}, a, b, err);
}

ImgImage *img_chop_scaled(
    const ImgImage *a, const ImgImage *b, bool subtract, float scale, int offset, ImgError *err) {
    Chop c = {SCALED, subtract ? -1 : 1, scale, (float)offset};
    if (scale == 1.0f && offset == 0) {
        c.op = subtract ? CHOP_SUBTRACT : CHOP_ADD; /* floats hold all the sums there are */
    }
    return chop_rows(&c, a, b, err);
}

#include "simd/vector.h"
#define SIMD_SUFFIX scalar
#include "compose/chops_rows.tmpl.h"
#undef SIMD_SUFFIX

#define SIMD_TEMPLATE "compose/chops_rows.tmpl.h"
#include "simd/instantiate.h"
