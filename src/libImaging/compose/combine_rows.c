/* Kernels of blend, alpha composition and inversion. */
#include <string.h>

#include "compose/divide.h"
#include "simd/kernels.h"

/* Between the two bytes there is nothing to clip. Elsewhere, the comparisons are false for nan, so
 * that it becomes 0. */
void blend_row_scalar(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes, float alpha) {
    if (alpha >= 0.0f && alpha <= 1.0f) {
        for (size_t i = 0; i < bytes; i++) {
            out[i] = (uint8_t)(int)((float)a[i] + alpha * (float)((int)b[i] - (int)a[i]));
        }
        return;
    }
    for (size_t i = 0; i < bytes; i++) {
        const float v = (float)a[i] + alpha * (float)((int)b[i] - (int)a[i]);
        const float positive = v > 0.0f ? v : 0.0f;
        out[i] = (uint8_t)(int)(positive < 255.0f ? positive : 255.0f);
    }
}

/* All in fixed point. `whole` is 255 times the alpha of the result; the part of the upper pixel in
 * the colour is parted = alpha_over / (whole / 255), as a fraction of 255 * 128, rounded down; the
 * lower pixel has the rest. A colour is then (sum + 64 * 256) / (255 * 128), with the division by
 * 255 done by two terms of its series as in divide_255. The largest dividend, 255 * 255 * 255 *
 * 128, and the largest sum, 255 * 255 * 128 + 128 * 128, are below 2^31. */
void alpha_composite_row_scalar(
    uint8_t *out, const uint8_t *under, const uint8_t *over, size_t pixels) {
    for (size_t i = 0; i < 4 * pixels; i += 4) {
        const uint32_t alpha = over[i + 3];
        if (alpha == 0) {
            memmove(out + i, under + i, 4);
            continue;
        }
        const uint32_t whole = alpha * 255 + under[i + 3] * (255 - alpha);
        const uint32_t part = alpha * (255 * 255 * 128) / whole;
        const uint32_t rest = 255 * 128 - part;
        for (size_t k = 0; k < 3; k++) {
            const uint32_t t = over[i + k] * part + under[i + k] * rest + 128 * 128;
            out[i + k] = (uint8_t)(((t + (t >> 8)) >> 8) >> 7);
        }
        out[i + 3] = divide_255(whole);
    }
}

void invert_row_scalar(uint8_t *out, const uint8_t *in, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)~in[i];
    }
}

#define SIMD_TEMPLATE "compose/combine_rows.tmpl.h"
#include "simd/instantiate.h"
