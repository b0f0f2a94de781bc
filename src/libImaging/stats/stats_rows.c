/* Kernels of the statistics. */
#include <string.h>

#include "simd/kernels.h"

void extrema_u8_row_scalar(const uint8_t *in, size_t pixels, uint8_t *low, uint8_t *high) {
    uint8_t l = *low, h = *high;
    for (size_t i = 0; i < pixels; i++) {
        l = in[i] < l ? in[i] : l;
        h = in[i] > h ? in[i] : h;
    }
    *low = l;
    *high = h;
}

void extrema_u16_row_scalar(const uint8_t *in, size_t pixels, uint16_t *low, uint16_t *high) {
    uint16_t l = *low, h = *high;
    for (size_t i = 0; i < pixels; i++) {
        const uint16_t v = (uint16_t)(in[2 * i] | in[2 * i + 1] << 8);
        l = v < l ? v : l;
        h = v > h ? v : h;
    }
    *low = l;
    *high = h;
}

void extrema_i32_row_scalar(const uint8_t *in, size_t pixels, int32_t *low, int32_t *high) {
    int32_t l = *low, h = *high;
    for (size_t i = 0; i < pixels; i++) {
        int32_t v;
        memcpy(&v, in + 4 * i, 4);
        l = v < l ? v : l;
        h = v > h ? v : h;
    }
    *low = l;
    *high = h;
}

void extrema_f32_row_scalar(const uint8_t *in, size_t pixels, float *low, float *high) {
    float l = *low, h = *high;
    for (size_t i = 0; i < pixels; i++) {
        float v;
        memcpy(&v, in + 4 * i, 4);
        if (v < l) {
            l = v;
        }
        if (v > h) {
            h = v;
        }
    }
    *low = l;
    *high = h;
}

void extrema_u8x4_row_scalar(const uint8_t *in, size_t pixels, uint8_t *low, uint8_t *high) {
    uint8_t l[4], h[4]; /* no aliases, so that this becomes vectors of pixels */
    memcpy(l, low, 4);
    memcpy(h, high, 4);
    for (size_t i = 0; i < pixels; i++) {
        for (size_t b = 0; b < 4; b++) {
            const uint8_t v = in[4 * i + b];
            l[b] = v < l[b] ? v : l[b];
            h[b] = v > h[b] ? v : h[b];
        }
    }
    memcpy(low, l, 4);
    memcpy(high, h, 4);
}

uint64_t sum_u8_row_scalar(const uint8_t *in, size_t bytes) {
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
        sum += in[i];
    }
    return sum;
}

/* Eight bytes of the mask, as they meet the bytes from index i (a multiple of 4) on. */
static inline uint64_t doubled(uint32_t mask) {
    return (uint64_t)mask << 32 | mask;
}

static inline int byte_counts(const uint8_t *row, size_t i, uint32_t mask) {
    uint8_t bytes[4];
    memcpy(bytes, &mask, 4);
    return (row[i] & bytes[i & 3]) != 0;
}

enum { PIECE = 128 };

static inline bool any_of_piece(const uint8_t *row, uint64_t wide) {
    uint64_t any = 0;
    for (size_t i = 0; i < PIECE; i += 8) {
        uint64_t eight;
        memcpy(&eight, row + i, 8);
        any |= eight;
    }
    return (any & wide) != 0;
}

size_t first_nonzero_scalar(const uint8_t *row, size_t bytes, uint32_t mask) {
    const uint64_t wide = doubled(mask);
    size_t i = 0;
    for (; i + PIECE <= bytes; i += PIECE) {
        if (any_of_piece(row + i, wide)) {
            break;
        }
    }
    while (i < bytes && !byte_counts(row, i, mask)) {
        i++;
    }
    return i;
}

size_t last_nonzero_scalar(const uint8_t *row, size_t bytes, uint32_t mask) {
    const uint64_t wide = doubled(mask);
    size_t n = bytes;
    while (n % PIECE && !byte_counts(row, n - 1, mask)) {
        n--;
    }
    if (n % PIECE) {
        return n;
    }
    for (; n > 0; n -= PIECE) {
        if (any_of_piece(row + n - PIECE, wide)) {
            break;
        }
    }
    while (n > 0 && !byte_counts(row, n - 1, mask)) {
        n--;
    }
    return n;
}

#define SIMD_TEMPLATE "stats/stats_rows.tmpl.h"
#include "simd/instantiate.h"
