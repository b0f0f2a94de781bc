/* Conversions that move, spread, clip or test samples: between 1, L, I, F, I;16 and the modes whose
 * bytes are copies or complements of the source's. */
#include "pixel/rows.h"

#include <limits.h>

void conv_spread_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const uint32_t factor = rule[0], flip = rule[2];
    for (size_t i = 0; i < n; i++) {
        store_word(out + 4 * i, (in[i] * factor) ^ flip);
    }
}

void conv_swizzle_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const uint32_t factor = rule[0], keep = rule[1], flip = rule[2];
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = load_word(in + 4 * i);
        store_word(out + 4 * i, ((w & 0xff) * factor | (w & keep)) ^ flip);
    }
}

void conv_first_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = in[4 * i];
    }
}

void conv_truth_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] ? 255 : 0;
    }
}

void conv_threshold_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] >= 128 ? 255 : 0;
    }
}

void conv_l_i16_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const size_t low = rule[0] ? 1 : 0;
    for (size_t i = 0; i < n; i++) {
        out[2 * i + low] = in[i];
        out[2 * i + 1 - low] = 0;
    }
}

void conv_l_f32_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const float v = in[i];
        memcpy(out + 4 * i, &v, sizeof(v));
    }
}

static inline int32_t load_i32(const uint8_t *p) {
    int32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static inline float load_f32(const uint8_t *p) {
    float v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static inline int32_t clip(int32_t v, int32_t top) {
    v = v < 0 ? 0 : v;
    return v > top ? top : v;
}

void conv_i32_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)clip(load_i32(in + 4 * i), 255);
    }
}

void conv_i32_f32_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const float v = (float)load_i32(in + 4 * i);
        memcpy(out + 4 * i, &v, sizeof(v));
    }
}

/* I;16 and its kin, as bytes: rule[0] is 1 for big endian. */
void conv_i32_i16_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const size_t low = rule[0] ? 1 : 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t v = clip(load_i32(in + 4 * i), 65535);
        out[2 * i + low] = (uint8_t)v;
        out[2 * i + 1 - low] = (uint8_t)(v >> 8);
    }
}

void conv_i16_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const size_t low = rule[0] ? 1 : 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = in[2 * i + 1 - low] ? 255 : in[2 * i + low];
    }
}

void conv_i16_i32_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const size_t low = rule[0] ? 1 : 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t v = in[2 * i + 1 - low] << 8 | in[2 * i + low];
        memcpy(out + 4 * i, &v, sizeof(v));
    }
}

/* The comparisons are written so that nan fails them all. */
void conv_f32_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        float v = load_f32(in + 4 * i);
        v = v > 0.0f ? v : 0.0f;
        v = v < 255.0f ? v : 255.0f;
        out[i] = (uint8_t)(int)v;
    }
}

void conv_f32_i32_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const float v = load_f32(in + 4 * i);
        const int32_t t = v >= -2147483648.0f && v < 2147483648.0f ? (int32_t)v : INT32_MIN;
        memcpy(out + 4 * i, &t, sizeof(t));
    }
}

#define SIMD_TEMPLATE "pixel/convert_plain.tmpl.h"
#include "simd/instantiate.h"
