/* The median of 3x3 windows of bytes.
 *
 * Of three sorted columns, the median is that of the greatest of their lowest samples, the median
 * of their middle ones, and the least of their highest. Neighbours share the sorted columns, and
 * two rows of output the comparison of the two rows that both have in their windows. Bands of
 * 4-byte pixels are bytes four apart, padding included: what it gives is cleared at the end. */
#include "filter/rank.h"
#include "simd/kernels.h"

#include <string.h>

static inline uint8_t lower(uint8_t a, uint8_t b) {
    return a < b ? a : b;
}

static inline uint8_t higher(uint8_t a, uint8_t b) {
    return a < b ? b : a;
}

static inline uint8_t middle(uint8_t a, uint8_t b, uint8_t c) {
    return higher(lower(a, b), lower(higher(a, b), c));
}

/* Lowest, middle and highest of a column whose first two samples are in order. */
typedef struct {
    uint8_t low, mid, high;
} Column;

static inline Column column(uint8_t low, uint8_t high, uint8_t v) {
    const uint8_t above = higher(v, low);
    return (Column){lower(v, low), lower(above, high), higher(above, high)};
}

static inline uint8_t median(const Column c[3]) {
    return middle(
        higher(higher(c[0].low, c[1].low), c[2].low), middle(c[0].mid, c[1].mid, c[2].mid),
        lower(lower(c[0].high, c[1].high), c[2].high));
}

void median3_rows_scalar(
    uint8_t *out0, uint8_t *out1, const uint8_t *const *rows, int n, int step, uint32_t keep) {
    const uint8_t *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
    for (int x = 0; x < n; x++) {
        Column first[3], second[3];
        for (int c = 0; c < 3; c++) {
            const int i = x + c * step;
            const uint8_t low = lower(r1[i], r2[i]), high = higher(r1[i], r2[i]);
            first[c] = column(low, high, r0[i]);
            second[c] = column(low, high, r3[i]);
        }
        out0[x] = median(first);
        out1[x] = median(second);
    }
    if (keep != UINT32_MAX) {
        keep_bytes_row_scalar(out0, out0, (size_t)n, keep);
        keep_bytes_row_scalar(out1, out1, (size_t)n, keep);
    }
}

static int clamp_index(int i, int length) {
    return i < 0 ? 0 : i < length ? i : length - 1;
}

/* The first and the last pixel of two rows, whose windows lie half outside the image. */
static void edge_pixels(
    uint8_t *out0, uint8_t *out1, const uint8_t *const *rows, int width, int step, uint32_t keep) {
    const int at[6] = {0,         0,        clamp_index(1, width), clamp_index(width - 2, width),
                       width - 1, width - 1};
    uint8_t copies[4][24], found[2][16], *const out[2] = {out0, out1};
    const uint8_t *edges[4];
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 6; k++) {
            memcpy(copies[i] + k * step, rows[i] + (size_t)at[k] * step, (size_t)step);
        }
        edges[i] = copies[i];
    }
    img_kernels->median3_rows(found[0], found[1], edges, 4 * step, step, keep);
    for (int i = 0; i < 2; i++) {
        memcpy(out[i], found[i], (size_t)step);
        memcpy(out[i] + (size_t)(width - 1) * step, found[i] + 3 * step, (size_t)step);
    }
}

void img_median3(ImgImage *out, const ImgImage *in, int margin) {
    const int step = out->mode->pixel_size;
    const uint32_t keep = img_band_bits(out->mode);
    for (int y = 0; y < out->height; y += 2) {
        /* A single last row is made as the second of two, over the first. */
        const int last = y + 1 < out->height ? y + 1 : y;
        uint8_t *out0 = out->rows[y], *out1 = out->rows[last];
        const uint8_t *rows[4];
        for (int i = 0; i < 4; i++) {
            rows[i] = in->rows[clamp_index(last - 1 - margin + i, in->height)];
        }
        const size_t skip = (size_t)margin * step;
        const int n = (out->width - 2 * margin) * step;
        if (n > 0) {
            img_kernels->median3_rows(out0 + skip, out1 + skip, rows, n, step, keep);
        }
        if (margin) {
            edge_pixels(out0, out1, rows, out->width, step, keep);
        }
    }
}

#define SIMD_TEMPLATE "filter/median3.tmpl.h"
#include "simd/instantiate.h"
