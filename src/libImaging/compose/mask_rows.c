/* Kernels of paste: bytes under masks. They work from the left, byte by byte in effect. */
#include <string.h>

#include "compose/divide.h"
#include "simd/kernels.h"

void mask_select_scalar(uint8_t *out, const uint8_t *in, const uint8_t *mask, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        /* All three are read in any case: compilers make vectors only of that. */
        const uint8_t o = out[i], v = in[i];
        out[i] = mask[i] ? v : o;
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

void spread2_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        out[2 * i] = out[2 * i + 1] = in[i];
    }
}

static inline void put_fourfold(uint8_t *out, uint8_t byte) {
    const uint32_t four = byte * UINT32_C(0x01010101);
    memcpy(out, &four, 4);
}

void spread4_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        put_fourfold(out + 4 * i, in[i]);
    }
}

void spread_alpha_row_scalar(uint8_t *out, const uint8_t *in, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        put_fourfold(out + 4 * i, in[4 * i + 3]);
    }
}

#define SIMD_TEMPLATE "compose/mask_rows.tmpl.h"
#include "simd/instantiate.h"
