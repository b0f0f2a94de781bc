/* Affine transforms to the nearest pixel.
 *
 * Three ways to find the source pixel, whose rounding differs and is part of the result: steps
 * added up along each axis where the matrix only scales, 16.16 fixed point where the source
 * coordinates fit, and added doubles otherwise.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/transform_internal.h"

/* The index of the pixel that a coordinate lies in, or -1 if it is not in 0 .. n - 1 (nan too). */
static inline int pixel_at(double v, int n) {
    return v >= 0 && v < n ? (int)v : -1;
}

static inline void copy_pixel(uint8_t *out, const uint8_t *in, int size) {
    switch (size) {
    case 1:
        *out = *in;
        break;
    case 2:
        memcpy(out, in, 2);
        break;
    default:
        memcpy(out, in, 4);
    }
}

/* b = d = 0: rows and columns are chosen independently. The columns, which all rows share, are
 * found chunk by chunk so that no memory is needed; `start` is where the chunk begins. */
#define CHUNK 512

static void scale_chunk(
    ImgImage *out, const ImgImage *source, ImgWindow w, int first, int count, const int *columns,
    double y_start, double y_step) {
    const int size = source->mode->pixel_size;
    double y_in = y_start;
    for (int y = 0; y < w.height; y++, y_in += y_step) {
        const int row = pixel_at(y_in, source->height);
        if (row < 0) {
            continue;
        }
        const uint8_t *in = source->rows[row];
        uint8_t *to = out->rows[w.y0 + y] + (size_t)(w.x0 + first) * size;
        for (int x = 0; x < count; x++) {
            if (columns[x] >= 0) {
                copy_pixel(to + (size_t)x * size, in + (size_t)columns[x] * size, size);
            }
        }
    }
}

static void by_scaling(ImgImage *out, const ImgImage *source, ImgWindow w, const double k[6]) {
    int columns[CHUNK];
    double x_in = k[2] + k[0] * 0.5;
    for (int first = 0; first < w.width; first += CHUNK) {
        const int count = w.width - first < CHUNK ? w.width - first : CHUNK;
        for (int x = 0; x < count; x++, x_in += k[0]) {
            columns[x] = pixel_at(x_in, source->width);
        }
        scale_chunk(out, source, w, first, count, columns, k[5] + k[4] * 0.5, k[4]);
    }
}

static bool fits_fixed(double a, double b, double c, int width, int height) {
    for (int corner = 0; corner < 4; corner++) {
        const double x = corner & 1 ? width : 0, y = corner & 2 ? height : 0;
        if (!(fabs(x * a + y * b + c) < 32768.0)) {
            return false;
        }
    }
    return true;
}

/* 16.16. The corners fit 16 bits, so a coefficient that is used more than zero times does too; an
 * unused one (of a one-pixel side) may not, hence 64 bits. */
static int64_t fixed(double v) {
    return (int64_t)floor(v * 65536.0 + 0.5);
}

static void by_fixed_point(ImgImage *out, const ImgImage *source, ImgWindow w, const double k[6]) {
    const int size = source->mode->pixel_size;
    const int64_t ax = fixed(k[0]), bx = fixed(k[1]), ay = fixed(k[3]), by = fixed(k[4]);
    const int64_t cx = fixed(k[2] + k[0] * 0.5 + k[1] * 0.5);
    const int64_t cy = fixed(k[5] + k[3] * 0.5 + k[4] * 0.5);
    for (int y = 0; y < w.height; y++) {
        uint8_t *to = out->rows[w.y0 + y] + (size_t)w.x0 * size;
        int64_t xx = cx + y * bx, yy = cy + y * by;
        for (int x = 0; x < w.width; x++, xx += ax, yy += ay, to += size) {
            const int64_t column = xx >> 16, row = yy >> 16;
            if (column >= 0 && column < source->width && row >= 0 && row < source->height) {
                copy_pixel(to, source->rows[row] + (size_t)column * size, size);
            }
        }
    }
}

static void by_doubles(ImgImage *out, const ImgImage *source, ImgWindow w, const double k[6]) {
    const int size = source->mode->pixel_size;
    double xo = k[2] + k[1] * 0.5 + k[0] * 0.5;
    double yo = k[5] + k[4] * 0.5 + k[3] * 0.5;
    for (int y = 0; y < w.height; y++, xo += k[1], yo += k[4]) {
        uint8_t *to = out->rows[w.y0 + y] + (size_t)w.x0 * size;
        double xx = xo, yy = yo;
        for (int x = 0; x < w.width; x++, xx += k[0], yy += k[3], to += size) {
            const int column = pixel_at(xx, source->width), row = pixel_at(yy, source->height);
            if (column >= 0 && row >= 0) {
                copy_pixel(to, source->rows[row] + (size_t)column * size, size);
            }
        }
    }
}

void img_affine_nearest(
    ImgImage *out, const ImgImage *source, ImgWindow window, const double k[6], bool zero_fill) {
    const size_t size = source->mode->pixel_size;
    for (int y = 0; zero_fill && y < window.height; y++) {
        memset(out->rows[window.y0 + y] + (size_t)window.x0 * size, 0, (size_t)window.width * size);
    }
    if (k[1] == 0 && k[3] == 0) {
        by_scaling(out, source, window, k);
    } else if (
        fits_fixed(k[0], k[1], k[2], window.width, window.height) &&
        fits_fixed(k[3], k[4], k[5], window.width, window.height)) {
        by_fixed_point(out, source, window, k);
    } else {
        by_doubles(out, source, window, k);
    }
}
