/* RGB to HSV and back.
 *
 * The reference has two sums and a product in double. Its result depends on few values: with x the
 * quotient (max - middle) / (max - min) in float32, which takes some 20,000 values, the hue is k +
 * x or k - x with k one of -1, 1, 3, 5. For all of them, single precision with the same order of
 * operations gives the same bytes; so does it for the saturation of all pairs (chroma, max).
 * Tests/kernels/test_convert.py compares all colours. */
#include "pixel/rows.tmpl.h"

SIMD_INLINE vi SIMD_NAME(saturation)(vi chroma, vi max) {
    const vf s = v_div_f32(v_i32_to_f32(chroma), v_i32_to_f32(max));
    return v_f32_to_i32(v_mul_f32(s, v_set_f32(255.0f)));
}

SIMD_INLINE vi SIMD_NAME(hue)(vi r, vi g, vi b, vi max, vi min) {
    const vi sign = v_set_i32(0x80000000);
    const vi one = v_bits(v_set_f32(1.0f)), three = v_bits(v_set_f32(3.0f));
    const vi b_min = v_cmpeq_i32(min, b), r_min = v_cmpeq_i32(min, r);
    /* Red on top: 1 - x if blue is least, x - 1 if green. Green: 1 + x, 3 - x. Blue: 3 + x, 5 - x.
     * The order of preference among equal channels is red, green, blue. */
    vi k = v_select(r_min, three, v_bits(v_set_f32(5.0f)));
    vi flip = v_andnot(r_min, sign);
    const vi g_max = v_cmpeq_i32(max, g), r_max = v_cmpeq_i32(max, r);
    k = v_select(g_max, v_select(b_min, one, three), k);
    flip = v_select(g_max, v_andnot(b_min, sign), flip);
    k = v_select(r_max, v_select(b_min, one, v_bits(v_set_f32(-1.0f))), k);
    flip = v_select(r_max, v_and(b_min, sign), flip);
    /* max - middle = 2 max + min - (r + g + b) */
    const vi rest = v_sub_i32(v_add_i32(v_add_i32(max, max), min), v_add_i32(v_add_i32(r, g), b));
    const vf x = v_div_f32(v_i32_to_f32(rest), v_i32_to_f32(v_sub_i32(max, min)));
    const vf h = v_add_f32(v_floats(k), v_floats(v_xor(v_bits(x), flip)));
    const vi below = v_and(v_shr_i32(v_bits(h), 31), one);
    const vf turn = v_add_f32(v_div_f32(h, v_set_f32(6.0f)), v_floats(below));
    return v_f32_to_i32(v_mul_f32(turn, v_set_f32(255.0f)));
}

void SIMD_NAME(conv_rgb_hsv)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi low = v_set_i32(0xff), alpha = v_set_i32(0xff000000);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi r = v_and(w, low), g = v_and(v_shr_u32(w, 8), low);
        const vi b = v_and(v_shr_u32(w, 16), low);
        const vi max = v_max_i32(v_max_i32(r, g), b), min = v_min_i32(v_min_i32(r, g), b);
        const vi s = SIMD_NAME(saturation)(v_sub_i32(max, min), max);
        const vi h = SIMD_NAME(hue)(r, g, b, max, min);
        /* Without chroma both are 0 / 0. */
        const vi hs = v_andnot(v_cmpeq_i32(max, min), v_or(h, v_shl_i32(s, 8)));
        v_store(out + 4 * i, v_or(v_or(hs, v_shl_i32(max, 16)), v_and(w, alpha)));
    }
    conv_rgb_hsv_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

/* The sum is an integer below 2^23, so float32 holds it; that the product with the rounded 1 / K
 * truncates to the right integer was tested for every sum there is. */
SIMD_INLINE vi SIMD_NAME(level)(vi v, vi s, vi w) {
    const vi rest = v_sub_i32(v_set_i32(HSV_SCALE), v_mullo_i16(s, w));
    const vi sum = v_add_i32(v_madd_i16(v, rest), v_set_i32(HSV_SCALE / 2));
    return v_f32_to_i32(v_mul_f32(v_i32_to_f32(sum), v_set_f32(1.0f / HSV_SCALE)));
}

SIMD_INLINE vi SIMD_NAME(trapezium)(vi h2, int centre) {
    const vi away = v_abs_i32(v_sub_i32(h2, v_set_i32(centre)));
    const vi w = v_max_i32(v_sub_i32(v_set_i32(170), away), v_zero());
    return v_min_i32(w, v_set_i32(85));
}

void SIMD_NAME(conv_hsv_rgb)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi low = v_set_i32(0xff), alpha = v_set_i32(0xff000000), top = v_set_i32(85);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi h = v_and(w, low), h2 = v_add_i32(h, h);
        const vi s = v_and(v_shr_u32(w, 8), low), v = v_and(v_shr_u32(w, 16), low);
        const vi wr = SIMD_NAME(trapezium)(h2, RED_LOW);
        const vi wg = v_sub_i32(top, SIMD_NAME(trapezium)(h2, GREEN_HIGH));
        const vi wb = v_sub_i32(top, SIMD_NAME(trapezium)(h2, BLUE_HIGH));
        const vi r = SIMD_NAME(level)(v, s, wr), g = SIMD_NAME(level)(v, s, wg);
        const vi b = SIMD_NAME(level)(v, s, wb);
        const vi rgb = v_or(v_or(r, v_shl_i32(g, 8)), v_shl_i32(b, 16));
        v_store(out + 4 * i, v_or(rgb, v_and(w, alpha)));
    }
    conv_hsv_rgb_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}
