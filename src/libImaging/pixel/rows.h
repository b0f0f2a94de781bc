/* What the row kernels of pixel/ share: little-endian pixel words and the rounded division by 255.
 */
#ifndef IMAGING_PIXEL_ROWS_H
#define IMAGING_PIXEL_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "simd/kernels.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define IMG_BIG_ENDIAN 1
#define WORD_LE(w) __builtin_bswap32(w)
#else
#define IMG_BIG_ENDIAN 0
#define WORD_LE(w) (w)
#endif

/* Pixel words have byte k of the pixel in bits 8k to 8k + 7, on every machine. */
static inline uint32_t load_word(const uint8_t *p) {
    uint32_t w;
    memcpy(&w, p, sizeof(w));
    return WORD_LE(w);
}

static inline void store_word(uint8_t *p, uint32_t w) {
    w = WORD_LE(w);
    memcpy(p, &w, sizeof(w));
}

/* round(t / 255) for 0 <= t <= 65025, halves up. */
static inline uint32_t div255(uint32_t t) {
    const uint32_t u = t + 128;
    return (u + (u >> 8)) >> 8;
}

static inline uint32_t mul255(uint32_t a, uint32_t b) {
    return div255(a * b);
}

#endif
