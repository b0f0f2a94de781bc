/* The engine of all transforms but the affine ones to the nearest pixel: the places of a chunk of
 * pixels first, then a filter that reads there. */
#include "geometry/transform.h"

#include <string.h>

#include "geometry/transform_internal.h"
#include "simd/kernels.h"

#define CHUNK 256

typedef void (*WarpSample)(
    uint8_t *out, int step, int n, const double *xs, const double *ys, const uint8_t *const *rows,
    int width, int height, int type, int zero_fill);

/* Whole pixels, of pixel_size == step bytes. */
static void warp_nearest(
    uint8_t *out, int step, int n, const double *xs, const double *ys, const uint8_t *const *rows,
    int width, int height, int type, int zero_fill) {
    (void)type;
    for (int i = 0; i < n; i++, out += step) {
        /* Written so that nan is outside. */
        if (xs[i] >= 0 && xs[i] < width && ys[i] >= 0 && ys[i] < height) {
            memcpy(out, rows[(int)ys[i]] + (size_t)(int)xs[i] * step, step);
        } else if (zero_fill) {
            memset(out, 0, step);
        }
    }
}

static ImgWarpType warp_type(const ImgMode *mode) {
    switch (mode->type) {
    case IMG_I32:
        return WARP_I32;
    case IMG_F32:
        return WARP_F32;
    case IMG_U16:
        return WARP_U8; /* Pillow reads the row's bytes as if they were pixels */
    default:
        return mode->bands == 1 ? WARP_U8 : (ImgWarpType)(WARP_U8X2 + mode->bands - 2);
    }
}

static ImgWindow clipped(const ImgImage *out, const int box[4]) {
    const int x0 = box[0] > 0 ? box[0] : 0, y0 = box[1] > 0 ? box[1] : 0;
    const int x1 = box[2] < out->width ? box[2] : out->width;
    const int y1 = box[3] < out->height ? box[3] : out->height;
    return (ImgWindow){x0, y0, x1 > x0 ? x1 - x0 : 0, y1 > y0 ? y1 - y0 : 0};
}

static void nothing_inside(ImgImage *out, ImgWindow w, bool zero_fill) {
    const size_t size = out->mode->pixel_size;
    for (int y = 0; zero_fill && y < w.height; y++) {
        memset(out->rows[w.y0 + y] + (size_t)w.x0 * size, 0, (size_t)w.width * size);
    }
}

static void warp(
    ImgImage *out, const ImgImage *source, ImgWindow w, ImgTransform method, const double *k,
    WarpSample sample, bool zero_fill) {
    const int step = out->mode->pixel_size;
    const ImgWarpType type = warp_type(source->mode);
    const uint8_t *const *rows = (const uint8_t *const *)source->rows;
    double xs[CHUNK], ys[CHUNK];
    for (int y = 0; y < w.height; y++) {
        for (int x = 0; x < w.width; x += CHUNK) {
            const int n = w.width - x < CHUNK ? w.width - x : CHUNK;
            if (method == IMG_AFFINE) {
                img_kernels->warp_affine_row(xs, ys, n, x, y, k);
            } else if (method == IMG_PERSPECTIVE) {
                img_kernels->warp_perspective_row(xs, ys, n, x, y, k);
            } else {
                img_kernels->warp_quad_row(xs, ys, n, x, y, k);
            }
            uint8_t *to = out->rows[w.y0 + y] + (size_t)(w.x0 + x) * step;
            sample(to, step, n, xs, ys, rows, source->width, source->height, type, zero_fill);
        }
    }
}

bool img_transform(
    ImgImage *out, const ImgImage *source, const int box[4], ImgTransform method, const double k[8],
    int filter, bool zero_fill, ImgError *err) {
    if (out->mode != source->mode) {
        return img_fail_mode(err) != NULL;
    }
    if (filter != 0 && filter != 2 && filter != 3) {
        return img_fail(err, IMG_ERR_VALUE, "bad transform filter") != NULL;
    }
    if (!img_copy_palette(out, source, err)) {
        return false;
    }
    const ImgWindow window = clipped(out, box);
    if (source->width == 0 || source->height == 0) {
        nothing_inside(out, window, zero_fill);
        return true;
    }
    const bool byte_steps = out->mode->id == IMG_MODE_1 || out->mode->id == IMG_MODE_P;
    if (filter == 0 || byte_steps) {
        if (method == IMG_AFFINE && out->mode->type != IMG_U16) {
            img_affine_nearest(out, source, window, k, zero_fill);
        } else {
            warp(out, source, window, method, k, warp_nearest, zero_fill);
        }
        return true;
    }
    warp(
        out, source, window, method, k,
        filter == 2 ? img_kernels->warp_bilinear : img_kernels->warp_bicubic, zero_fill);
    return true;
}
