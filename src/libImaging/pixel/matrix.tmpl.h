/* Linear combinations of three bands, each pixel in the order of the reference. */
#include "pixel/rows.tmpl.h"

typedef struct {
    vf r, g, b;
} SIMD_NAME(Bands);

SIMD_INLINE SIMD_NAME(Bands) SIMD_NAME(load_bands)(const uint8_t *p) {
    const vi w = v_load(p), low = v_set_i32(0xff);
    const SIMD_NAME(Bands) bands = {
        v_i32_to_f32(v_and(w, low)), v_i32_to_f32(v_and(v_shr_u32(w, 8), low)),
        v_i32_to_f32(v_and(v_shr_u32(w, 16), low))};
    return bands;
}

SIMD_INLINE vi SIMD_NAME(combine)(const SIMD_NAME(Bands) * p, const float *m) {
    vf v = v_add_f32(v_mul_f32(v_set_f32(m[0]), p->r), v_mul_f32(v_set_f32(m[1]), p->g));
    v = v_add_f32(v, v_mul_f32(v_set_f32(m[2]), p->b));
    v = v_add_f32(v_add_f32(v, v_set_f32(m[3])), v_set_f32(0.5f));
    v = v_max_f32(v, v_set_f32(0.0f)); /* 0 where nan */
    return v_f32_to_i32(v_min_f32(v, v_set_f32(255.0f)));
}

void SIMD_NAME(conv_matrix_rgb)(uint8_t *out, const uint8_t *in, size_t n, const float *m) {
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const SIMD_NAME(Bands) p = SIMD_NAME(load_bands)(in + 4 * i);
        const vi r = SIMD_NAME(combine)(&p, m);
        const vi g = SIMD_NAME(combine)(&p, m + 4), b = SIMD_NAME(combine)(&p, m + 8);
        const vi gb = v_or(v_shl_i32(g, 8), v_shl_i32(b, 16));
        v_store(out + 4 * i, v_or(v_or(r, gb), v_set_i32(0xff000000)));
    }
    conv_matrix_rgb_scalar(out + 4 * i, in + 4 * i, n - i, m);
}

SIMD_INLINE vi SIMD_NAME(combine_at)(const uint8_t *in, const float *m) {
    const SIMD_NAME(Bands) p = SIMD_NAME(load_bands)(in);
    return SIMD_NAME(combine)(&p, m);
}

void SIMD_NAME(conv_matrix_l)(uint8_t *out, const uint8_t *in, size_t n, const float *m) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 4 * i;
        const vi a = SIMD_NAME(combine_at)(p, m), b = SIMD_NAME(combine_at)(p + SIMD_BYTES, m);
        const vi c = SIMD_NAME(combine_at)(p + 2 * SIMD_BYTES, m);
        const vi d = SIMD_NAME(combine_at)(p + 3 * SIMD_BYTES, m);
        v_store(out + i, SIMD_NAME(narrow4)(a, b, c, d));
    }
    conv_matrix_l_scalar(out + i, in + 4 * i, n - i, m);
}
