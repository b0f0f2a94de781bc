/* Kernels of the point operations. */
#include <string.h>

#include "simd/kernels.h"

/* Eight at a time: one load and one store for eight lookups. */
void lut1_row_scalar(uint8_t *out, const uint8_t *in, size_t bytes, const uint8_t *table) {
    size_t i = 0;
    for (; i + 8 <= bytes; i += 8) {
        uint8_t eight[8];
        memcpy(eight, in + i, 8);
        for (int k = 0; k < 8; k++) {
            eight[k] = table[eight[k]];
        }
        memcpy(out + i, eight, 8);
    }
    for (; i < bytes; i++) {
        out[i] = table[in[i]];
    }
}

/* With tables of 32-bit words a pixel of three bands is two `or`s and one store. Preparing them
 * pays from so many pixels on. */
#define WORDS_PAY 4096

static size_t lut3_pixels(uint8_t *out, const uint8_t *in, size_t pixels, const uint8_t *tables) {
    uint32_t words[3][256];
    for (int i = 0; i < 3 * 256; i++) {
        words[i / 256][i % 256] = (uint32_t)tables[i] << (8 * (i / 256));
    }
    size_t i = 0;
    for (; i + 2 <= pixels; i += 2) {
        uint64_t two;
        memcpy(&two, in + 4 * i, 8);
        const uint32_t first =
            words[0][two & 255] | words[1][two >> 8 & 255] | words[2][two >> 16 & 255];
        const uint32_t second =
            words[0][two >> 32 & 255] | words[1][two >> 40 & 255] | words[2][two >> 48 & 255];
        two = first | (uint64_t)second << 32;
        memcpy(out + 4 * i, &two, 8);
    }
    return i;
}

void lut4_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels, const uint8_t *tables) {
    static const uint8_t zeros[256];
    if (pixels >= WORDS_PAY && memcmp(tables + 768, zeros, sizeof(zeros)) == 0) {
        const size_t done = lut3_pixels(out, in, pixels, tables);
        out += 4 * done;
        in += 4 * done;
        pixels -= done;
    }
    const uint8_t *t0 = tables, *t1 = tables + 256, *t2 = tables + 512, *t3 = tables + 768;
    for (size_t i = 0; i < pixels; i++, in += 4, out += 4) {
        /* All loads before the stores, which for all that the compiler knows change the tables. */
        const uint8_t v0 = t0[in[0]], v1 = t1[in[1]], v2 = t2[in[2]], v3 = t3[in[3]];
        out[0] = v0;
        out[1] = v1;
        out[2] = v2;
        out[3] = v3;
    }
}

/* trunc(x), or INT32_MIN where that is no int32 (nan included): what x86's conversion gives. */
static inline int32_t truncate(double x) {
    return x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : INT32_MIN;
}

void linear_i32_row_scalar(
    uint8_t *out, const uint8_t *in, size_t pixels, double scale, double offset) {
    for (size_t i = 0; i < pixels; i++) {
        int32_t v;
        memcpy(&v, in + 4 * i, 4);
        v = truncate(v * scale + offset);
        memcpy(out + 4 * i, &v, 4);
    }
}

void linear_f32_row_scalar(
    uint8_t *out, const uint8_t *in, size_t pixels, double scale, double offset) {
    for (size_t i = 0; i < pixels; i++) {
        float v;
        memcpy(&v, in + 4 * i, 4);
        v = (float)(v * scale + offset);
        memcpy(out + 4 * i, &v, 4);
    }
}

void linear_u16_row_scalar(
    uint8_t *out, const uint8_t *in, size_t pixels, double scale, double offset) {
    for (size_t i = 0; i < pixels; i++) {
        const double v = in[2 * i] | in[2 * i + 1] << 8;
        const uint32_t t = (uint32_t)truncate(v * scale + offset);
        out[2 * i] = (uint8_t)t;
        out[2 * i + 1] = (uint8_t)(t >> 8);
    }
}

#define SIMD_TEMPLATE "pixel/point_linear.tmpl.h"
#include "simd/instantiate.h"

#define SIMD_LAST 2
#define SIMD_TEMPLATE "pixel/point_shuffle.tmpl.h"
#include "simd/instantiate.h"

#define SIMD_FIRST 3
#define SIMD_TEMPLATE "pixel/point_permute.tmpl.h"
#include "simd/instantiate.h"
