/* The engine of all transforms but the affine ones to the nearest pixel: the places of a chunk of
 * pixels first, then a filter that reads there. */
#include "geometry/transform.h"

#include <string.h>

#include "geometry/transform_internal.h"
#include "simd/kernels.h"

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

/* A transform of one box. */
typedef struct {
    ImgTransform method;
    const double *k;
    WarpSample sample;
    bool zero_fill;
} Warp;

/* Source coordinates of n pixels of a row. */
static void places(const Warp *warp, double *xs, double *ys, int n, int x, int y) {
    switch (warp->method) {
    case IMG_AFFINE:
        img_kernels->warp_affine_row(xs, ys, n, x, y, warp->k);
        break;
    case IMG_PERSPECTIVE:
        img_kernels->warp_perspective_row(xs, ys, n, x, y, warp->k);
        break;
    default:
        img_kernels->warp_quad_row(xs, ys, n, x, y, warp->k);
    }
}

/* Output is made tile by tile. A turned row of output walks through as many rows of the source as
 * it is long, a cache line here and there, which no hardware prefetcher follows; a tile reads a
 * compact piece of the source, which can be asked for row by row beforehand. */
#define TILE_WIDTH 128
#define TILE_HEIGHT 64
#define LINE_BYTES 64
#define PREFETCH_MOST (1 << 18) /* bytes: a shrinking transform skips most of what it spans */

/* The indices from the lowest to the highest of four coordinates, within 0 .. n; nothing if one is
 * not a number. */
static void span_of(const double v[4], int n, int *first, int *end) {
    double low = v[0], high = v[0];
    for (int i = 1; i < 4; i++) {
        low = v[i] < low ? v[i] : low;
        high = v[i] > high ? v[i] : high;
    }
    *first = low > 0 ? low < n ? (int)low : n : 0;
    *end = high >= 0 ? high < n - 1 ? (int)high + 1 : n : 0;
}

/* Asks for what lies between the source places of a tile's corners. */
static void
prefetch_tile(const Warp *warp, const ImgImage *source, int x, int y, int width, int height) {
    double xs[4], ys[4];
    int x0, x1, y0, y1;
    for (int corner = 0; corner < 4; corner++) {
        places(
            warp, xs + corner, ys + corner, 1, corner & 1 ? x + width - 1 : x,
            corner & 2 ? y + height - 1 : y);
    }
    span_of(xs, source->width, &x0, &x1);
    span_of(ys, source->height, &y0, &y1);
    const size_t size = source->mode->pixel_size;
    if (x1 <= x0 || y1 <= y0 || (size_t)(x1 - x0) * size > PREFETCH_MOST / (size_t)(y1 - y0)) {
        return;
    }
    for (int row = y0; row < y1; row++) {
        const uint8_t *p = source->rows[row] + (size_t)x0 * size;
        const uint8_t *end = source->rows[row] + (size_t)x1 * size;
        for (; p < end; p += LINE_BYTES) {
            __builtin_prefetch(p, 0, 2);
        }
    }
}

static void
warp_tile(ImgImage *out, const ImgImage *source, const Warp *warp, ImgWindow w, int x, int y) {
    const int step = out->mode->pixel_size;
    const ImgWarpType type = warp_type(source->mode);
    const uint8_t *const *rows = (const uint8_t *const *)source->rows;
    const int width = w.width - x < TILE_WIDTH ? w.width - x : TILE_WIDTH;
    const int height = w.height - y < TILE_HEIGHT ? w.height - y : TILE_HEIGHT;
    double xs[TILE_WIDTH], ys[TILE_WIDTH];
    prefetch_tile(warp, source, x, y, width, height);
    for (int end = y + height; y < end; y++) {
        places(warp, xs, ys, width, x, y);
        uint8_t *to = out->rows[w.y0 + y] + (size_t)(w.x0 + x) * step;
        warp->sample(
            to, step, width, xs, ys, rows, source->width, source->height, type, warp->zero_fill);
    }
}

static void warp_box(ImgImage *out, const ImgImage *source, const Warp *warp, ImgWindow w) {
    for (int y = 0; y < w.height; y += TILE_HEIGHT) {
        for (int x = 0; x < w.width; x += TILE_WIDTH) {
            warp_tile(out, source, warp, w, x, y);
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
    if ((filter == 0 || byte_steps) && method == IMG_AFFINE && out->mode->type != IMG_U16) {
        img_affine_nearest(out, source, window, k, zero_fill);
        return true;
    }
    Warp warp = {method, k, warp_nearest, zero_fill};
    if (filter != 0 && !byte_steps) {
        warp.sample = filter == 2 ? img_kernels->warp_bilinear : img_kernels->warp_bicubic;
    }
    warp_box(out, source, &warp, window);
    return true;
}
