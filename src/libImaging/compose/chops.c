#include "compose/chops.h"

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

ImgImage *img_chop(ImgChop op, const ImgImage *a, const ImgImage *b, ImgError *err) {
    if (op >= CHOP_AND && (a->mode->id != IMG_MODE_1 || b->mode->id != IMG_MODE_1)) {
        return img_fail_mode(err);
    }
    ImgImage *out = common_area(a, b, err);
    for (int y = 0; out && y < out->height; y++) {
        img_kernels->chop_row(op, out->rows[y], a->rows[y], b->rows[y], out->row_bytes);
    }
    return out;
}

ImgImage *img_chop_scaled(
    const ImgImage *a, const ImgImage *b, bool subtract, float scale, int offset, ImgError *err) {
    ImgImage *out = common_area(a, b, err);
    for (int y = 0; out && y < out->height; y++) {
        img_kernels->chop_scaled_row(
            out->rows[y], a->rows[y], b->rows[y], out->row_bytes, subtract ? -1 : 1, scale,
            (float)offset);
    }
    return out;
}

#include "simd/vector.h"
#define SIMD_SUFFIX scalar
#include "compose/chops_rows.tmpl.h"
#undef SIMD_SUFFIX

#define SIMD_TEMPLATE "compose/chops_rows.tmpl.h"
#include "simd/instantiate.h"
