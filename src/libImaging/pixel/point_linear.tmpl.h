/* SIMD versions of the linear point operations; see simd/instantiate.h. The conversion to int32
 * truncates, and gives INT32_MIN for what does not fit, which is what the reference asks for. */

#if SIMD_LEVEL == 1
#define STORE_HALF(p, a) _mm_storel_epi64((__m128i *)(p), a)
#define LOAD_HALF_F32(p) _mm_castsi128_ps(v_load_half(p))
#define STORE_HALF_F32(p, a) STORE_HALF(p, _mm_castps_si128(a))
#elif SIMD_LEVEL == 2
#define STORE_HALF(p, a) _mm_storeu_si128((__m128i *)(p), a)
#define LOAD_HALF_F32(p) _mm_loadu_ps((const float *)(p))
#define STORE_HALF_F32(p, a) _mm_storeu_ps((float *)(p), a)
#else
#define STORE_HALF(p, a) _mm256_storeu_si256((__m256i *)(p), a)
#define LOAD_HALF_F32(p) _mm256_loadu_ps((const float *)(p))
#define STORE_HALF_F32(p, a) _mm256_storeu_ps((float *)(p), a)
#endif

void SIMD_NAME(linear_i32_row)(
    uint8_t *out, const uint8_t *in, size_t pixels, double scale, double offset) {
    const vd factor = v_set_f64(scale), summand = v_set_f64(offset);
    size_t i = 0;
    for (; i + SIMD_BYTES / 8 <= pixels; i += SIMD_BYTES / 8) {
        const vd v = VOP(cvtepi32_pd)(v_load_half(in + 4 * i));
        const vd sum = v_add_f64(v_mul_f64(v, factor), summand);
        STORE_HALF(out + 4 * i, VOP(cvttpd_epi32)(sum));
    }
    linear_i32_row_scalar(out + 4 * i, in + 4 * i, pixels - i, scale, offset);
}

void SIMD_NAME(linear_f32_row)(
    uint8_t *out, const uint8_t *in, size_t pixels, double scale, double offset) {
    const vd factor = v_set_f64(scale), summand = v_set_f64(offset);
    size_t i = 0;
    for (; i + SIMD_BYTES / 8 <= pixels; i += SIMD_BYTES / 8) {
        const vd v = VOP(cvtps_pd)(LOAD_HALF_F32(in + 4 * i));
        const vd sum = v_add_f64(v_mul_f64(v, factor), summand);
        STORE_HALF_F32(out + 4 * i, VOP(cvtpd_ps)(sum));
    }
    linear_f32_row_scalar(out + 4 * i, in + 4 * i, pixels - i, scale, offset);
}

/* By way of int32, a piece at a time. */
void SIMD_NAME(linear_u16_row)(
    uint8_t *out, const uint8_t *in, size_t pixels, double scale, double offset) {
    enum { PIECE = 128 };
    for (size_t i = 0; i < pixels; i += PIECE) {
        const size_t n = pixels - i < PIECE ? pixels - i : PIECE;
        uint16_t narrow[PIECE];
        int32_t wide[PIECE];
        memcpy(narrow, in + 2 * i, 2 * n);
        for (size_t k = 0; k < n; k++) {
            wide[k] = narrow[k];
        }
        SIMD_NAME(linear_i32_row)((uint8_t *)wide, (const uint8_t *)wide, n, scale, offset);
        for (size_t k = 0; k < n; k++) {
            narrow[k] = (uint16_t)wide[k];
        }
        memcpy(out + 2 * i, narrow, 2 * n);
    }
}
#undef STORE_HALF
#undef LOAD_HALF_F32
#undef STORE_HALF_F32
