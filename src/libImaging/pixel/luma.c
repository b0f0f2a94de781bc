/* Colour to grey. L24 weighs in 16-bit fixed point, L1000 in thousandths; both are ITU-R 601-2:
 * 0.299 R + 0.587 G + 0.114 B. */
#include "pixel/rows.h"

/* The largest sum is 65536 * 255 + 32768, below 2^24: floats are exact, and processors that have
 * vectors at all multiply them, while many (SSE2) cannot multiply 32-bit integers. */
static inline uint32_t luma24(uint32_t w) {
    const float r = (float)(int32_t)(w & 255), g = (float)(int32_t)(w >> 8 & 255);
    const float b = (float)(int32_t)(w >> 16 & 255);
    return (uint32_t)(int32_t)(19595.0f * r + 38470.0f * g + 7471.0f * b + 32768.0f) >> 16;
}

static inline uint32_t luma1000(const uint8_t *p) {
    return 299u * p[0] + 587u * p[1] + 114u * p[2];
}

void conv_rgb_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)luma24(load_word(in + 4 * i));
    }
}

static inline void
rgb_word(uint8_t *out, const uint8_t *in, size_t n, uint32_t factor, uint32_t keep, uint32_t set) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = load_word(in + 4 * i);
        store_word(out + 4 * i, luma24(w) * factor | (w & keep) | set);
    }
}

/* The factors that are in use are constants, for the compiler to shift instead. */
void conv_rgb_word_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const uint32_t factor = rule[0], keep = rule[1], set = rule[2];
    if (factor == 1) {
        rgb_word(out, in, n, 1, keep, set);
    } else if (factor == 0x00010101u) {
        rgb_word(out, in, n, 0x00010101u, keep, set);
    } else {
        rgb_word(out, in, n, factor, keep, set);
    }
}

void conv_rgb_f32_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const float v = (float)(int32_t)luma1000(in + 4 * i) / 1000.0f;
        memcpy(out + 4 * i, &v, sizeof(v));
    }
}

void conv_rgb_1_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = luma1000(in + 4 * i) >= 128000 ? 255 : 0;
    }
}

#define SIMD_TEMPLATE "pixel/luma.tmpl.h"
#include "simd/instantiate.h"
