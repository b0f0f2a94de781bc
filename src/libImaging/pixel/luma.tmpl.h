/* Weighted sums of R, G, B by pairs of 16-bit products: R and B lie in the halves of a pixel, G in
 * the low half after a shift. */
#include "pixel/rows.tmpl.h"

#define RED_BLUE(w) v_and(w, v_set_i32(0x00ff00ff))
#define GREEN_ALPHA(w) v_shr_u16(w, 8)

/* The weight of G, 38470, does not fit a signed 16-bit factor: its half does. */
SIMD_INLINE vi SIMD_NAME(luma24)(vi w) {
    const vi rb = v_madd_i16(RED_BLUE(w), v_set_pair(19595, 7471));
    const vi g = v_shl_i32(v_madd_i16(GREEN_ALPHA(w), v_set_pair(19235, 0)), 1);
    return v_shr_u32(v_add_i32(v_add_i32(rb, g), v_set_i32(32768)), 16);
}

SIMD_INLINE vi SIMD_NAME(luma1000)(vi w) {
    const vi rb = v_madd_i16(RED_BLUE(w), v_set_pair(299, 114));
    return v_add_i32(rb, v_madd_i16(GREEN_ALPHA(w), v_set_pair(587, 0)));
}

void SIMD_NAME(conv_rgb_l)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 4 * i;
        const vi a = SIMD_NAME(luma24)(v_load(p));
        const vi b = SIMD_NAME(luma24)(v_load(p + SIMD_BYTES));
        const vi c = SIMD_NAME(luma24)(v_load(p + 2 * SIMD_BYTES));
        const vi d = SIMD_NAME(luma24)(v_load(p + 3 * SIMD_BYTES));
        v_store(out + i, SIMD_NAME(narrow4)(a, b, c, d));
    }
    conv_rgb_l_scalar(out + i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_rgb_word)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi factor = v_set_i32(rule[0]), keep = v_set_i32(rule[1]), set = v_set_i32(rule[2]);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi grey = v_mullo_i32(SIMD_NAME(luma24)(w), factor);
        v_store(out + 4 * i, v_or(v_or(grey, v_and(w, keep)), set));
    }
    conv_rgb_word_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_rgb_f32)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vf thousand = v_set_f32(1000.0f);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vf sum = v_i32_to_f32(SIMD_NAME(luma1000)(v_load(in + 4 * i)));
        v_store_f32(out + 4 * i, v_div_f32(sum, thousand));
    }
    conv_rgb_f32_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

/* 255 or 0, in 32 bits. */
SIMD_INLINE vi SIMD_NAME(is_light)(const uint8_t *p) {
    return v_shr_u32(v_cmpgt_i32(SIMD_NAME(luma1000)(v_load(p)), v_set_i32(127999)), 24);
}

void SIMD_NAME(conv_rgb_1)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 4 * i;
        const vi a = SIMD_NAME(is_light)(p), b = SIMD_NAME(is_light)(p + SIMD_BYTES);
        const vi c = SIMD_NAME(is_light)(p + 2 * SIMD_BYTES);
        const vi d = SIMD_NAME(is_light)(p + 3 * SIMD_BYTES);
        v_store(out + i, SIMD_NAME(narrow4)(a, b, c, d));
    }
    conv_rgb_1_scalar(out + i, in + 4 * i, n - i, rule);
}

#undef RED_BLUE
#undef GREEN_ALPHA
