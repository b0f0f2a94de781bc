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

/* out[i] = in[column[i]], for pixels of `size` bytes. */
static void pick_columns(uint8_t *out, const uint8_t *in, const int *column, int n, int size) {
    if (size == 4) {
        for (int i = 0; i < n; i++) {
            memcpy(out + (size_t)i * 4, in + (size_t)column[i] * 4, 4);
        }
    } else if (size == 1) {
        for (int i = 0; i < n; i++) {
            out[i] = in[column[i]];
        }
    } else {
        for (int i = 0; i < n; i++) {
            memcpy(out + (size_t)i * 2, in + (size_t)column[i] * 2, 2);
        }
    }
}

/* Clears the pixels of a row that do not lie in first .. end - 1. */
static void clear_outside(uint8_t *row, int first, int end, int width, int size) {
    memset(row, 0, (size_t)first * size);
    memset(row + (size_t)end * size, 0, (size_t)(width - end) * size);
}

/* b = d = 0: rows and columns are chosen independently. The columns, which all rows share, are
 * found chunk by chunk so that no memory is needed. Coordinates go in one direction, so the columns
 * inside the source follow each other. */
#define CHUNK 512

typedef struct {
    int column[CHUNK];
    int first, end; /* those inside */
} Columns;

static void scale_chunk(
    ImgImage *out, const ImgImage *source, ImgWindow w, int x0, int count, const Columns *columns,
    const double k[6], bool zero_fill) {
    const int size = source->mode->pixel_size;
    const int first = columns->first, end = columns->end;
    double y_in = k[5] + k[4] * 0.5;
    for (int y = 0; y < w.height; y++, y_in += k[4]) {
        const int row = pixel_at(y_in, source->height);
        uint8_t *to = out->rows[w.y0 + y] + (size_t)(w.x0 + x0) * size;
        if (zero_fill) {
            clear_outside(to, row < 0 ? 0 : first, row < 0 ? 0 : end, count, size);
        }
        if (row >= 0) {
            pick_columns(
                to + (size_t)first * size, source->rows[row], columns->column + first, end - first,
                size);
        }
    }
}

static void
by_scaling(ImgImage *out, const ImgImage *source, ImgWindow w, const double k[6], bool zero_fill) {
    Columns columns;
    double x_in = k[2] + k[0] * 0.5;
    for (int x0 = 0; x0 < w.width; x0 += CHUNK) {
        const int count = w.width - x0 < CHUNK ? w.width - x0 : CHUNK;
        columns.first = columns.end = 0;
        for (int x = 0; x < count; x++, x_in += k[0]) {
            columns.column[x] = pixel_at(x_in, source->width);
            if (columns.column[x] >= 0) {
                columns.first = columns.end ? columns.first : x;
                columns.end = x + 1;
            }
        }
        scale_chunk(out, source, w, x0, count, &columns, k, zero_fill);
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

/* Narrows first .. end - 1 to where 0 <= start + x * step < limit. */
static void narrow(int64_t start, int64_t step, int64_t limit, int *first, int *end) {
    if (step < 0) { /* the same from the other side: limit - 1 - start - x * step */
        start = limit - 1 - start;
        step = -step;
    }
    if (step == 0) {
        *end = start >= 0 && start < limit ? *end : *first;
        return;
    }
    const int64_t from = start < 0 ? (-start + step - 1) / step : 0;
    const int64_t to = start < limit ? (limit - start + step - 1) / step : 0;
    *first = from > *first ? (int)(from < *end ? from : *end) : *first;
    *end = to < *end ? (int)(to > *first ? to : *first) : *end;
}

/* n pixels of a row; xx and yy with 16 bits of fraction. */
#define DEFINE_PICK(size)                                                                          \
    static void pick##size(                                                                        \
        uint8_t *out, uint8_t *const *rows, int n, int64_t xx, int64_t yy, int64_t ax,             \
        int64_t ay) {                                                                              \
        for (int i = 0; i < n; i++, xx += ax, yy += ay) {                                          \
            memcpy(out + (size_t)i * size, rows[yy >> 16] + (size_t)(xx >> 16) * size, size);      \
        }                                                                                          \
    }
DEFINE_PICK(1)
DEFINE_PICK(2)
DEFINE_PICK(4)

static void by_fixed_point(
    ImgImage *out, const ImgImage *source, ImgWindow w, const double k[6], bool zero_fill) {
    const int size = source->mode->pixel_size;
    const int64_t ax = fixed(k[0]), bx = fixed(k[1]), ay = fixed(k[3]), by = fixed(k[4]);
    const int64_t cx = fixed(k[2] + k[0] * 0.5 + k[1] * 0.5);
    const int64_t cy = fixed(k[5] + k[3] * 0.5 + k[4] * 0.5);
    for (int y = 0; y < w.height; y++) {
        uint8_t *to = out->rows[w.y0 + y] + (size_t)w.x0 * size;
        const int64_t xx = cx + y * bx, yy = cy + y * by;
        int first = 0, end = w.width;
        narrow(xx, ax, (int64_t)source->width << 16, &first, &end);
        narrow(yy, ay, (int64_t)source->height << 16, &first, &end);
        if (zero_fill) {
            clear_outside(to, first, end, w.width, size);
        }
        (size == 4   ? pick4
         : size == 2 ? pick2
                     : pick1)(
            to + (size_t)first * size, source->rows, end - first, xx + first * ax, yy + first * ay,
            ax, ay);
    }
}

static void
by_doubles(ImgImage *out, const ImgImage *source, ImgWindow w, const double k[6], bool zero_fill) {
    const size_t size = source->mode->pixel_size;
    double xo = k[2] + k[1] * 0.5 + k[0] * 0.5;
    double yo = k[5] + k[4] * 0.5 + k[3] * 0.5;
    for (int y = 0; y < w.height; y++, xo += k[1], yo += k[4]) {
        uint8_t *to = out->rows[w.y0 + y] + (size_t)w.x0 * size;
        double xx = xo, yy = yo;
        for (int x = 0; x < w.width; x++, xx += k[0], yy += k[3], to += size) {
            const int column = pixel_at(xx, source->width), row = pixel_at(yy, source->height);
            if (column >= 0 && row >= 0) {
                memcpy(to, source->rows[row] + (size_t)column * size, size);
            } else if (zero_fill) {
                memset(to, 0, size);
            }
        }
    }
}

void img_affine_nearest(
    ImgImage *out, const ImgImage *source, ImgWindow window, const double k[6], bool zero_fill) {
    if (window.width == 0 || window.height == 0) {
        return; /* nothing bounds the coefficients either */
    }
    if (k[1] == 0 && k[3] == 0) {
        by_scaling(out, source, window, k, zero_fill);
    } else if (
        fits_fixed(k[0], k[1], k[2], window.width, window.height) &&
        fits_fixed(k[3], k[4], k[5], window.width, window.height)) {
        by_fixed_point(out, source, window, k, zero_fill);
    } else {
        by_doubles(out, source, window, k, zero_fill);
    }
}
