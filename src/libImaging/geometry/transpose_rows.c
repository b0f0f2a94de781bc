/* Kernels that reverse rows and transpose blocks. */
#include <string.h>

#include "simd/kernels.h"

/* With a constant size these become plain moves of that size. */
static inline void reverse_row(uint8_t *out, const uint8_t *in, size_t pixels, size_t size) {
    for (size_t i = 0; i < pixels; i++) {
        memcpy(out + (pixels - 1 - i) * size, in + i * size, size);
    }
}

/* Eight at a time, by swapping the bytes of a word. */
void reverse1_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    size_t i = 0;
    for (; i + 8 <= pixels; i += 8) {
        uint64_t eight;
        memcpy(&eight, in + i, 8);
        eight = __builtin_bswap64(eight);
        memcpy(out + pixels - 8 - i, &eight, 8);
    }
    reverse_row(out, in + i, pixels - i, 1);
}

void reverse2_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    reverse_row(out, in, pixels, 2);
}

void reverse4_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    reverse_row(out, in, pixels, 4);
}

/* Four rows at a time, so that each visit to a row of the result writes four pixels. */
static inline void transpose_block(
    uint8_t *const *out, ptrdiff_t out_step, size_t out_x, uint8_t *const *in, ptrdiff_t in_step,
    size_t in_x, size_t rows, size_t cols, size_t size) {
    size_t r = 0;
    for (; r + 4 <= rows; r += 4) {
        uint8_t *const *from = in + (ptrdiff_t)r * in_step;
        const uint8_t *a = from[0] + in_x * size, *b = from[in_step] + in_x * size;
        const uint8_t *c = from[2 * in_step] + in_x * size, *d = from[3 * in_step] + in_x * size;
        for (size_t k = 0; k < cols; k++) {
            uint8_t *to = out[(ptrdiff_t)k * out_step] + (out_x + r) * size;
            memcpy(to, a + k * size, size);
            memcpy(to + size, b + k * size, size);
            memcpy(to + 2 * size, c + k * size, size);
            memcpy(to + 3 * size, d + k * size, size);
        }
    }
    for (; r < rows; r++) {
        const uint8_t *from = in[(ptrdiff_t)r * in_step] + in_x * size;
        for (size_t k = 0; k < cols; k++) {
            memcpy(out[(ptrdiff_t)k * out_step] + (out_x + r) * size, from + k * size, size);
        }
    }
}

void transpose1_block_scalar(
    uint8_t *const *out, ptrdiff_t out_step, size_t out_x, uint8_t *const *in, ptrdiff_t in_step,
    size_t in_x, size_t rows, size_t cols) {
    transpose_block(out, out_step, out_x, in, in_step, in_x, rows, cols, 1);
}

void transpose2_block_scalar(
    uint8_t *const *out, ptrdiff_t out_step, size_t out_x, uint8_t *const *in, ptrdiff_t in_step,
    size_t in_x, size_t rows, size_t cols) {
    transpose_block(out, out_step, out_x, in, in_step, in_x, rows, cols, 2);
}

void transpose4_block_scalar(
    uint8_t *const *out, ptrdiff_t out_step, size_t out_x, uint8_t *const *in, ptrdiff_t in_step,
    size_t in_x, size_t rows, size_t cols) {
    transpose_block(out, out_step, out_x, in, in_step, in_x, rows, cols, 4);
}

#define SIMD_TEMPLATE "geometry/transpose_rows.tmpl.h"
#include "simd/instantiate.h"
