/* The row functions that packing and unpacking share, and the macros of their tables. */
#ifndef IMAGING_PIXEL_RAW_ROWS_H
#define IMAGING_PIXEL_RAW_ROWS_H

#include "Imaging.h"
#include "pixel/rawmode.h"

#define MODE(id) ((uint32_t)1 << IMG_MODE_##id)

/* Bytes of a permutation: a source byte as it is, inverted, with its sign bit turned; constants. */
#define S(i) (i), 0
#define INV(i) (i), -1
#define SIGN(i) (i), -128
#define FF -1, -1
#define ZERO -1, 0

/* A row of bytes, 2-byte or 4-byte pixels copied; source: none. */
void raw_copy_1(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);
void raw_copy_2(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);
void raw_copy_4(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);

/* Byte permutations from pixels of A bytes to pixels of B bytes; source: B pairs. */
#define RAW_PERMUTATIONS(X)                                                                        \
    X(2, 1) X(4, 1) X(2, 2) X(4, 2) X(4, 3) X(1, 4) X(2, 4) X(3, 4) X(4, 4) X(5, 4) X(6, 4) X(8, 4)
#define DECLARE_PERMUTATION(a, b)                                                                  \
    void raw_bytes_##a##_##b(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);
RAW_PERMUTATIONS(DECLARE_PERMUTATION)
#undef DECLARE_PERMUTATION

/* Each byte 255 if it is not zero. */
void raw_nonzero(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);

/* Each byte with source[0] xored. */
void raw_flip_1(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);

/* The byte with bit 0 and bit 7 swapped, and so on. */
static inline uint8_t reverse_bits(uint8_t v) {
    /* Swap neighbours, then pairs, then halves. */
    v = (uint8_t)((v & 0x55) << 1 | (v >> 1 & 0x55));
    v = (uint8_t)((v & 0x33) << 2 | (v >> 2 & 0x33));
    return (uint8_t)(v << 4 | v >> 4);
}

/* round(a * b / 255), halves up; a, b <= 255. */
static inline uint8_t raw_mul(unsigned a, unsigned b) {
    unsigned t = a * b + 128;
    return (uint8_t)((t + (t >> 8)) >> 8);
}

/* CMYK to RGB: one component of the colour, `rest` = 255 - K. Never negative: raw_mul(c, n) <= n.
 */
static inline uint8_t raw_uncmyk(unsigned ink, unsigned rest) {
    return (uint8_t)(rest - raw_mul(ink, rest));
}

#endif
