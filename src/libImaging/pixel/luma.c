/* Colour to grey. L24 weighs in 16-bit fixed point, L1000 in thousandths; both are ITU-R 601-2:
 * 0.299 R + 0.587 G + 0.114 B. */
#include "pixel/rows.h"

/* The largest sum is 65536 * 255 + 32768, below 2^24. */
static inline uint32_t luma24(const uint8_t *p) {
    return (19595u * p[0] + 38470u * p[1] + 7471u * p[2] + 32768u) >> 16;
}

static inline uint32_t luma1000(const uint8_t *p) {
    return 299u * p[0] + 587u * p[1] + 114u * p[2];
}

void conv_rgb_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)luma24(in + 4 * i);
    }
}

void conv_rgb_word_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const uint32_t factor = rule[0], keep = rule[1], set = rule[2];
    for (size_t i = 0; i < n; i++) {
        const uint32_t own = load_word(in + 4 * i) & keep;
        store_word(out + 4 * i, luma24(in + 4 * i) * factor | own | set);
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
