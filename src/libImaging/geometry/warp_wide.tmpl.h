/* Samples of 32 bits, int or float: doubles, a pixel a lane, in the reference's order. */

/* The grids of a group; samples[row * taps + column] has a pixel an element. */
SIMD_INLINE void SIMD_NAME(warp_collect_words)(
    int32_t (*samples)[WARP_CHUNK], const SIMD_NAME(warp_grids) * grids, int from,
    const uint8_t *const *rows, int taps) {
    for (int i = from; i < from + DOUBLES; i++) {
        const size_t at = (size_t)grids->x[i] * 4;
        const uint8_t *const *row = rows + grids->y[i];
        for (int j = 0; j < taps; j++) {
            const uint8_t *p = row[j];
            KEEP_SCALAR(p);
            for (int k = 0; k < taps; k++) {
                memcpy(&samples[j * taps + k][i], p + at + 4 * k, 4);
            }
        }
    }
}

/* Differences are taken in the samples' own type. */
#define LOAD_I32(p) v_load_half(p)
#define LOAD_F32(p) HOP(loadu_ps)((const float *)(const void *)(p))
#define LINE(TYPE, sub, widen, p, d)                                                               \
    v_add_f64(                                                                                     \
        widen(LOAD_##TYPE(p)),                                                                     \
        v_mul_f64(widen(sub(LOAD_##TYPE((p) + WARP_CHUNK), LOAD_##TYPE(p))), d))

SIMD_INLINE void SIMD_NAME(warp_write_words)(uint8_t *out, vd v, int type) {
    if (type == WARP_I32) {
        v_store_ints(out, VOP(cvttpd_epi32)(v)); /* INT32_MIN if out of range */
    } else {
        HOP(storeu_ps)((float *)(void *)out, VOP(cvtpd_ps)(v));
    }
}

SIMD_INLINE void SIMD_NAME(bilinear_words)(
    uint8_t *out, int32_t (*samples)[WARP_CHUNK], const SIMD_NAME(warp_grids) * grids, int from,
    int type) {
    const int32_t *p = samples[0] + from, *q = samples[2] + from;
    const vd dx = v_load_f64(grids->dx + from), dy = v_load_f64(grids->dy + from);
    vd v0, v1;
    if (type == WARP_I32) {
        v0 = LINE(I32, HOP(sub_epi32), VOP(cvtepi32_pd), p, dx);
        v1 = LINE(I32, HOP(sub_epi32), VOP(cvtepi32_pd), q, dx);
    } else {
        v0 = LINE(F32, HOP(sub_ps), VOP(cvtps_pd), p, dx);
        v1 = LINE(F32, HOP(sub_ps), VOP(cvtps_pd), q, dx);
    }
    const vd v = v_add_f64(v0, v_mul_f64(v_sub_f64(v1, v0), dy));
    SIMD_NAME(warp_write_words)(out, v, type);
}

SIMD_INLINE vd SIMD_NAME(warp_poly_words)(vd k1, vd k2, vd k3, vd k4, vd d) {
    vd v = v_add_f64(k3, v_mul_f64(d, k4));
    v = v_add_f64(k2, v_mul_f64(d, v));
    return v_add_f64(k1, v_mul_f64(d, v));
}

SIMD_INLINE vd SIMD_NAME(warp_cubic_i32)(const int32_t *p, vd d) {
    const vh p1 = LOAD_I32(p), p2 = LOAD_I32(p + WARP_CHUNK), p3 = LOAD_I32(p + 2 * WARP_CHUNK);
    const vh p4 = LOAD_I32(p + 3 * WARP_CHUNK);
    const vh p12 = HOP(sub_epi32)(p1, p2), p34 = HOP(sub_epi32)(p3, p4);
    const vh k3 = HOP(add_epi32)(HOP(slli_epi32)(p12, 1), p34);
    const vh k4 = HOP(sub_epi32)(HOP(sub_epi32)(p2, p1), p34);
    return SIMD_NAME(warp_poly_words)(
        VOP(cvtepi32_pd)(p2), VOP(cvtepi32_pd)(HOP(sub_epi32)(p3, p1)), VOP(cvtepi32_pd)(k3),
        VOP(cvtepi32_pd)(k4), d);
}

/* Left to right; -a + b is b - a. */
SIMD_INLINE vd SIMD_NAME(warp_cubic_f32)(const int32_t *p, vd d) {
    const vhf p1 = LOAD_F32(p), p2 = LOAD_F32(p + WARP_CHUNK), p3 = LOAD_F32(p + 2 * WARP_CHUNK);
    const vhf p4 = LOAD_F32(p + 3 * WARP_CHUNK);
    const vhf twice = HOP(mul_ps)(HOP(set1_ps)(2), HOP(sub_ps)(p1, p2));
    const vhf k3 = HOP(sub_ps)(HOP(add_ps)(twice, p3), p4);
    const vhf k4 = HOP(add_ps)(HOP(sub_ps)(HOP(sub_ps)(p2, p1), p3), p4);
    return SIMD_NAME(warp_poly_words)(
        VOP(cvtps_pd)(p2), VOP(cvtps_pd)(HOP(sub_ps)(p3, p1)), VOP(cvtps_pd)(k3), VOP(cvtps_pd)(k4),
        d);
}

SIMD_INLINE void SIMD_NAME(bicubic_words)(
    uint8_t *out, int32_t (*samples)[WARP_CHUNK], const SIMD_NAME(warp_grids) * grids, int from,
    int type) {
    const vd dx = v_load_f64(grids->dx + from), dy = v_load_f64(grids->dy + from);
    vd v[4];
    for (int j = 0; j < 4; j++) {
        const int32_t *p = samples[4 * j] + from;
        v[j] =
            type == WARP_I32 ? SIMD_NAME(warp_cubic_i32)(p, dx) : SIMD_NAME(warp_cubic_f32)(p, dx);
    }
    const vd twice = v_mul_f64(v_set_f64(2), v_sub_f64(v[0], v[1]));
    const vd k3 = v_sub_f64(v_add_f64(twice, v[2]), v[3]);
    const vd k4 = v_add_f64(v_sub_f64(v_sub_f64(v[1], v[0]), v[2]), v[3]);
    const vd sum = SIMD_NAME(warp_poly_words)(v[1], v_sub_f64(v[2], v[0]), k3, k4, dy);
    SIMD_NAME(warp_write_words)(out, sum, type);
}

#undef LOAD_I32
#undef LOAD_F32
#undef LINE
