/* Row functions shared by packing and unpacking. */
#include "pixel/raw_rows.h"

#include <stdbool.h>
#include <string.h>

#include "simd/kernels.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "raw modes with native byte order are written for little-endian machines"
#endif

void raw_copy_1(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    (void)raw;
    memmove(out, in, (size_t)pixels);
}

void raw_copy_2(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    (void)raw;
    memmove(out, in, (size_t)pixels * 2);
}

void raw_copy_4(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    (void)raw;
    memmove(out, in, (size_t)pixels * 4);
}

void raw_nonzero(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    (void)raw;
    for (int x = 0; x < pixels; x++) {
        out[x] = in[x] ? 255 : 0;
    }
}

void raw_flip_1(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    uint8_t flip = (uint8_t)raw->source[0];
    for (int x = 0; x < pixels; x++) {
        out[x] = in[x] ^ flip;
    }
}

typedef enum { OTHER, AS_THEY_ARE, REVERSED } ColourOrder;

/* Is this one of the commonest: three bytes in this or the opposite order, and a fourth, if there
 * is one, of 255? */
static ColourOrder colour_order(const int8_t *source, int out_step) {
    if (out_step < 3 || (out_step == 4 && (source[6] >= 0 || (uint8_t)source[7] != 255))) {
        return OTHER;
    }
    bool same = true, reversed = true;
    for (int k = 0; k < 3; k++) {
        same = same && source[2 * k] == k && source[2 * k + 1] == 0;
        reversed = reversed && source[2 * k] == 2 - k && source[2 * k + 1] == 0;
    }
    return same ? AS_THEY_ARE : reversed ? REVERSED : OTHER;
}

/* A pixel at a time as a 32-bit word: of all pixels but the last, since a word may reach one byte
 * into the next pixel, whose turn then comes. */
static inline void
colours(uint8_t *out, const uint8_t *in, int pixels, bool reversed, int in_step, int out_step) {
    if (in_step == 3 && out_step == 4) {
        /* Two pixels to a word, of which the last two bytes are the next pixel's. */
        for (; pixels > 2; pixels -= 2, in += 6, out += 8) {
            uint64_t word;
            memcpy(&word, in, 8);
            word = (word & 0xffffff) | (word << 8 & 0xffffff00000000);
            if (reversed) {
                word = __builtin_bswap64(word); /* which also exchanges the two pixels */
                word = word >> 40 | word << 32 >> 8;
            }
            word |= 0xff000000ff000000;
            memcpy(out, &word, 8);
        }
    }
    for (int x = 0; x < pixels - 1; x++, in += in_step, out += out_step) {
        uint32_t word;
        memcpy(&word, in, 4);
        word = reversed ? __builtin_bswap32(word) >> 8 : word;
        word |= 0xff000000;
        memcpy(out, &word, 4);
    }
    const uint8_t last[4] = {in[reversed ? 2 : 0], in[1], in[reversed ? 0 : 2], 255};
    memcpy(out, last, (size_t)out_step);
}

/* The general permutation. Inlined with constant steps, so that the inner loop disappears. */
static inline void permute(
    uint8_t *out, const uint8_t *in, int pixels, const int8_t *source, int in_step, int out_step) {
    uint8_t from[4] = {0}, keep[4] = {0}, flip[4] = {0};
    for (int k = 0; k < out_step; k++) {
        from[k] = source[2 * k] < 0 ? 0 : (uint8_t)source[2 * k];
        keep[k] = source[2 * k] < 0 ? 0 : 255;
        flip[k] = (uint8_t)source[2 * k + 1];
    }
    const ColourOrder order = in_step >= 3 && pixels > 0 ? colour_order(source, out_step) : OTHER;
    if (order != OTHER) {
        colours(out, in, pixels, order == REVERSED, in_step, out_step);
        return;
    }
    for (int x = 0; x < pixels; x++) {
        uint8_t pixel[4];
        for (int k = 0; k < out_step; k++) {
            pixel[k] = (in[from[k]] & keep[k]) ^ flip[k];
        }
        memcpy(out, pixel, (size_t)out_step);
        in += in_step;
        out += out_step;
    }
}

/* References of the kernels; the rarer permutations are used directly. */
#define PERMUTATION(a, b)                                                                          \
    void bytes_##a##_##b##_scalar(                                                                 \
        uint8_t *out, const uint8_t *in, int pixels, const int8_t *source) {                       \
        permute(out, in, pixels, source, a, b);                                                    \
    }                                                                                              \
    void raw_bytes_##a##_##b(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) { \
        img_kernels->bytes_##a##_##b(out, in, pixels, raw->source);                                \
    }
RAW_PERMUTATIONS(PERMUTATION)
#undef PERMUTATION

#define SIMD_TEMPLATE "pixel/bytes.tmpl.h"
#include "simd/instantiate.h"

#define SIMD_TEMPLATE "pixel/bits.tmpl.h"
#include "simd/instantiate.h"
