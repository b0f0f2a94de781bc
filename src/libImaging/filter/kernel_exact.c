/* 3x3 and 5x5 kernels of 1-byte samples in whole numbers, where single precision would not round.
 *
 * If all weights and the start are multiples of 2^-bits, so are all products and sums; and if they
 * stay below 2^15 in that unit, single precision (24 bits) holds each of them exactly. The order of
 * operations is of no matter then, and 16-bit sums give the same. That covers most kernels of
 * users: those with whole numbers and a scale of 1, 2, 16 and the like. */
#include "filter/conv.h"
#include "simd/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples that the reference sums at a time. */
#define CHUNK 512

/* A number of 2^-bits, if it is a whole one and at most `limit`. */
static bool whole(float value, int bits, int limit, int *result) {
    const float scaled = ldexpf(value, bits);
    /* NaN and infinity fail the comparison. */
    if (!(fabsf(scaled) <= (float)limit)) {
        return false;
    }
    *result = (int)scaled;
    return (float)*result == scaled;
}

/* Weights are signed bytes, and their sizes add up to 128 at most: two products of 255 and them
 * stay within 16 bits (255 * 128 = 32640). */
static bool exact_at(const ImgConv *conv, int bits, ImgExactConv *exact) {
    const int taps = conv->size * conv->size;
    int total = 0, start;
    for (int i = 0; i < taps; i++) {
        int weight;
        if (!whole(conv->weight[i], bits, 127, &weight)) {
            return false;
        }
        exact->weight[i] = (int8_t)weight;
        total += abs(weight);
    }
    if (total > 128 || !whole(conv->start, bits, INT16_MAX - 255 * total, &start)) {
        return false;
    }
    exact->start = (int16_t)start;
    exact->bits = bits;
    return true;
}

bool img_exact_conv(const ImgConv *conv, ImgExactConv *exact) {
    *exact = (ImgExactConv){.size = conv->size, .step = conv->step};
    memcpy(exact->keep, conv->keep, sizeof(exact->keep));
    /* The start is 0.5 or not a whole number either, hence 1 at least; more than 7 would serve
     * weights only whose sizes add up to 0.5 or less. */
    for (int bits = 1; bits <= 7; bits++) {
        if (exact_at(conv, bits, exact)) {
            return true;
        }
    }
    return false;
}

static inline uint8_t clamped(int v) {
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* One row of weights, for compilers that vectorise. */
static inline void add_row(
    int16_t *restrict sums, const uint8_t *restrict in, size_t n, const int8_t *weight, int size,
    int step) {
    for (size_t x = 0; x < n; x++) {
        int sum = sums[x];
        for (int j = 0; j < size; j++) {
            sum += weight[j] * in[x + (size_t)(j * step)];
        }
        sums[x] = (int16_t)sum;
    }
}

static inline void exact_row(
    uint8_t *out, const uint8_t *const *rows, size_t n, const ImgExactConv *conv, int size,
    int step) {
    int16_t sums[CHUNK];
    for (size_t x = 0; x < n; x += CHUNK) {
        const size_t part = n - x < CHUNK ? n - x : CHUNK;
        for (size_t i = 0; i < part; i++) {
            sums[i] = conv->start;
        }
        for (int i = 0; i < size; i++) {
            add_row(sums, rows[i] + x - size / 2 * step, part, conv->weight + i * size, size, step);
        }
        for (size_t i = 0; i < part; i++) {
            out[x + i] = clamped(sums[i] >> conv->bits);
        }
    }
    for (size_t x = 0; x < n && step == 4; x++) {
        out[x] &= conv->keep[x & 3];
    }
}

void exact3_row_scalar(
    uint8_t *out, const uint8_t *const *rows, size_t n, const ImgExactConv *conv) {
    conv->step == 1 ? exact_row(out, rows, n, conv, 3, 1) : exact_row(out, rows, n, conv, 3, 4);
}

void exact5_row_scalar(
    uint8_t *out, const uint8_t *const *rows, size_t n, const ImgExactConv *conv) {
    conv->step == 1 ? exact_row(out, rows, n, conv, 5, 1) : exact_row(out, rows, n, conv, 5, 4);
}

#define SIMD_TEMPLATE "filter/kernel_exact.tmpl.h"
#include "simd/instantiate.h"
