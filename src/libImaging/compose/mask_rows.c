/* Kernels of paste: bytes under masks. They work from the left, byte by byte in effect. */
#include <string.h>

#include "compose/divide.h"
#include "simd/kernels.h"

void mask_select_scalar(uint8_t *out, const uint8_t *in, const uint8_t *mask, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = mask[i] ? in[i] : out[i];
    }
}

void mask_mix_scalar(uint8_t *out, const uint8_t *in, const uint8_t *mask, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = mix_255(out[i], in[i], mask[i]);
    }
}

void mask_mix_clear_scalar(uint8_t *out, const uint8_t *in, const uint8_t *mask, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 4) {
        const uint8_t m = mask[i], colour = m && !out[i + 3] ? 255 : m;
        for (size_t k = 0; k < 3; k++) {
            out[i + k] = mix_255(out[i + k], in[i + k], colour);
        }
        out[i + 3] = mix_255(out[i + 3], in[i + 3], m);
    }
}

void mask_premix_scalar(uint8_t *out, const uint8_t *in, const uint8_t *mask, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(divide_255((uint32_t)out[i] * (255u - mask[i])) + in[i]);
    }
}

static inline void spread(uint8_t *out, const uint8_t *in, size_t step, size_t times, size_t n) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < times; k++) {
            out[i * times + k] = in[i * step];
        }
    }
}

void spread2_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    spread(out, in, 1, 2, pixels);
}

void spread4_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    spread(out, in, 1, 4, pixels);
}

void spread_alpha_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    spread(out, in + 3, 4, 4, pixels);
}

#define SIMD_TEMPLATE "compose/mask_rows.tmpl.h"
#include "simd/instantiate.h"
