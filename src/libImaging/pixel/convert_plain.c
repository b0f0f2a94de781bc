/* Conversions that move, spread, clip or test samples: between 1, L, I, F, I;16 and the modes whose
 * bytes are copies or complements of the source's. */
#include "pixel/rows.h"

#include <limits.h>
#include <stdbool.h>

static inline void
spread(uint8_t *out, const uint8_t *in, size_t n, uint32_t factor, uint32_t flip) {
    for (size_t i = 0; i < n; i++) {
        store_word(out + 4 * i, (in[i] * factor) ^ flip);
    }
}

/* The factors in use most are constants, for the compiler to shift instead. */
void conv_spread_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    if (rule[0] == 1) {
        spread(out, in, n, 1, rule[2]);
    } else if (rule[0] == 0x00010101u) {
        spread(out, in, n, 0x00010101u, rule[2]);
    } else {
        spread(out, in, n, rule[0], rule[2]);
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

/* 255 where a byte is at least `least`, else 0. Unrolled, as a test alone takes less time than the
 * loop around it. */
static inline void tested(uint8_t *out, const uint8_t *in, size_t n, uint8_t least) {
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i] >= least ? 255 : 0;
    }
}

void conv_truth_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    tested(out, in, n, 1);
}

void conv_threshold_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    tested(out, in, n, 128);
}

/* Samples of 16 bits: `big` if the high byte comes first in memory. The loops below are written
 * once for each order, so that the compiler vectorises them. */
static inline void store16(uint8_t *p, uint32_t v, bool big) {
    const uint16_t s = (uint16_t)(big != IMG_BIG_ENDIAN ? v >> 8 | v << 8 : v);
    memcpy(p, &s, sizeof(s));
}

static inline uint32_t load16(const uint8_t *p, bool big) {
    uint16_t s;
    memcpy(&s, p, sizeof(s));
    return big != IMG_BIG_ENDIAN ? (uint16_t)(s >> 8 | s << 8) : s;
}

#define BOTH_ORDERS(name)                                                                          \
    void conv_##name##_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {   \
        if (rule[0]) {                                                                             \
            name(out, in, n, true);                                                                \
        } else {                                                                                   \
            name(out, in, n, false);                                                               \
        }                                                                                          \
    }

static inline void l_i16(uint8_t *out, const uint8_t *in, size_t n, bool big) {
    for (size_t i = 0; i < n; i++) {
        store16(out + 2 * i, in[i], big);
    }
}

BOTH_ORDERS(l_i16)

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

static inline void i32_i16(uint8_t *out, const uint8_t *in, size_t n, bool big) {
    for (size_t i = 0; i < n; i++) {
        store16(out + 2 * i, (uint32_t)clip(load_i32(in + 4 * i), 65535), big);
    }
}

static inline void i16_l(uint8_t *out, const uint8_t *in, size_t n, bool big) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)clip((int32_t)load16(in + 2 * i, big), 255);
    }
}

static inline void i16_i32(uint8_t *out, const uint8_t *in, size_t n, bool big) {
    for (size_t i = 0; i < n; i++) {
        const int32_t v = (int32_t)load16(in + 2 * i, big);
        memcpy(out + 4 * i, &v, sizeof(v));
    }
}

BOTH_ORDERS(i32_i16)
BOTH_ORDERS(i16_l)
BOTH_ORDERS(i16_i32)

/* Pixels clipped before they are narrowed: 2 KiB. */
#define CLIPPED 512

/* Two loops, since compilers that see one pull the comparisons into the narrowing, at twice the
 * work. The comparisons are written so that nan fails them all. */
void conv_f32_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    int32_t clipped[CLIPPED];
    for (size_t done = 0; done < n; done += CLIPPED) {
        const size_t count = n - done < CLIPPED ? n - done : CLIPPED;
        for (size_t i = 0; i < count; i++) {
            float v = load_f32(in + 4 * (done + i));
            v = v > 0.0f ? v : 0.0f;
            v = v < 255.0f ? v : 255.0f;
            clipped[i] = (int32_t)v;
        }
        for (size_t i = 0; i < count; i++) {
            out[done + i] = (uint8_t)clipped[i];
        }
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
