/* Kernels that move bytes between 4-byte pixels and single bands. */
#include <string.h>

#include "simd/kernels.h"

void getband_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels, size_t offset) {
    in += offset;
    for (size_t i = 0; i < pixels; i++) {
        out[i] = in[4 * i];
    }
}

void putband_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels, size_t offset) {
    out += offset;
    for (size_t i = 0; i < pixels; i++) {
        out[4 * i] = in[i];
    }
}

void split2_row_scalar(uint8_t *out0, uint8_t *out1, const uint8_t *in, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        out0[i] = in[4 * i];
        out1[i] = in[4 * i + 3];
    }
}

void split3_row_scalar(
    uint8_t *out0, uint8_t *out1, uint8_t *out2, const uint8_t *in, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        out0[i] = in[4 * i];
        out1[i] = in[4 * i + 1];
        out2[i] = in[4 * i + 2];
    }
}

void split4_row_scalar(
    uint8_t *out0, uint8_t *out1, uint8_t *out2, uint8_t *out3, const uint8_t *in, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        out0[i] = in[4 * i];
        out1[i] = in[4 * i + 1];
        out2[i] = in[4 * i + 2];
        out3[i] = in[4 * i + 3];
    }
}

/* Composed in a register and stored at once. */
static inline void put_pixel(uint8_t *out, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    const uint32_t pixel = a << 24 | b << 16 | c << 8 | d;
#else
    const uint32_t pixel = a | b << 8 | c << 16 | d << 24;
#endif
    memcpy(out, &pixel, 4);
}

void merge2_row_scalar(uint8_t *out, const uint8_t *in0, const uint8_t *in1, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        put_pixel(out + 4 * i, in0[i], 0, 0, in1[i]);
    }
}

void merge3_row_scalar(
    uint8_t *out, const uint8_t *in0, const uint8_t *in1, const uint8_t *in2, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        put_pixel(out + 4 * i, in0[i], in1[i], in2[i], 0);
    }
}

void merge4_row_scalar(
    uint8_t *out, const uint8_t *in0, const uint8_t *in1, const uint8_t *in2, const uint8_t *in3,
    size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        put_pixel(out + 4 * i, in0[i], in1[i], in2[i], in3[i]);
    }
}

#define SIMD_TEMPLATE "pixel/bands_rows.tmpl.h"
#include "simd/instantiate.h"
