/* SIMD versions of the band kernels; see simd/instantiate.h.
 *
 * Working within 128-bit lanes puts dword v of lane l where dword v * lanes + l belongs.
 * in_order() mends that after lane-wise work, in_lanes() prepares for it. */

#if SIMD_LEVEL == 1
SIMD_INLINE vi SIMD_NAME(in_order)(vi a) {
    return a;
}
SIMD_INLINE vi SIMD_NAME(in_lanes)(vi a) {
    return a;
}
#elif SIMD_LEVEL == 2
SIMD_INLINE vi SIMD_NAME(in_order)(vi a) {
    return _mm256_permutevar8x32_epi32(a, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}
SIMD_INLINE vi SIMD_NAME(in_lanes)(vi a) {
    return _mm256_permutevar8x32_epi32(a, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
}
#else
SIMD_INLINE vi SIMD_NAME(in_order)(vi a) {
    const vi index = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_permutexvar_epi32(index, a);
}
SIMD_INLINE vi SIMD_NAME(in_lanes)(vi a) {
    return SIMD_NAME(in_order)(a);
}
#endif

void SIMD_NAME(getband_row)(uint8_t *out, const uint8_t *in, size_t pixels, size_t offset) {
    const __m128i shift = _mm_cvtsi32_si128(8 * (int)offset);
    const vi byte = v_set_i32(255);
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        vi part[4];
        for (int k = 0; k < 4; k++) {
            const vi p = v_load(in + 4 * i + (size_t)k * SIMD_BYTES);
            part[k] = v_and(VOP(srl_epi32)(p, shift), byte);
        }
        const vi low = v_packs_i32_i16(part[0], part[1]), high = v_packs_i32_i16(part[2], part[3]);
        v_store(out + i, SIMD_NAME(in_order)(v_packs_i16_u8(low, high)));
    }
    getband_row_scalar(out + i, in + 4 * i, pixels - i, offset);
}

void SIMD_NAME(putband_row)(uint8_t *out, const uint8_t *in, size_t pixels, size_t offset) {
    const __m128i shift = _mm_cvtsi32_si128(8 * (int)offset);
    const vi band = VOP(sll_epi32)(v_set_i32(255), shift);
    size_t i = 0;
    for (; i + SIMD_BYTES / 4 <= pixels; i += SIMD_BYTES / 4) {
        const vi value = VOP(sll_epi32)(v_widen_u8_i32(v_load_quarter(in + i)), shift);
        v_store(out + 4 * i, v_or(v_andnot(band, v_load(out + 4 * i)), value));
    }
    putband_row_scalar(out + 4 * i, in + i, pixels - i, offset);
}

/* SIMD_BYTES pixels to as many bytes of each band: gather the bands of four pixels in each lane,
 * then transpose 4 x 4 dwords. */
SIMD_INLINE void SIMD_NAME(split)(vi band[4], const uint8_t *in) {
    const vi gather = v_lanes(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    const vi a = v_shuffle_u8(v_load(in), gather);
    const vi b = v_shuffle_u8(v_load(in + SIMD_BYTES), gather);
    const vi c = v_shuffle_u8(v_load(in + 2 * SIMD_BYTES), gather);
    const vi d = v_shuffle_u8(v_load(in + 3 * SIMD_BYTES), gather);
    const vi ab01 = v_unpacklo_i32(a, b), ab23 = v_unpackhi_i32(a, b);
    const vi cd01 = v_unpacklo_i32(c, d), cd23 = v_unpackhi_i32(c, d);
    band[0] = SIMD_NAME(in_order)(v_unpacklo_i64(ab01, cd01));
    band[1] = SIMD_NAME(in_order)(v_unpackhi_i64(ab01, cd01));
    band[2] = SIMD_NAME(in_order)(v_unpacklo_i64(ab23, cd23));
    band[3] = SIMD_NAME(in_order)(v_unpackhi_i64(ab23, cd23));
}

void SIMD_NAME(split2_row)(uint8_t *out0, uint8_t *out1, const uint8_t *in, size_t pixels) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        vi band[4];
        SIMD_NAME(split)(band, in + 4 * i);
        v_store(out0 + i, band[0]);
        v_store(out1 + i, band[3]);
    }
    split2_row_scalar(out0 + i, out1 + i, in + 4 * i, pixels - i);
}

void SIMD_NAME(split3_row)(
    uint8_t *out0, uint8_t *out1, uint8_t *out2, const uint8_t *in, size_t pixels) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        vi band[4];
        SIMD_NAME(split)(band, in + 4 * i);
        v_store(out0 + i, band[0]);
        v_store(out1 + i, band[1]);
        v_store(out2 + i, band[2]);
    }
    split3_row_scalar(out0 + i, out1 + i, out2 + i, in + 4 * i, pixels - i);
}

void SIMD_NAME(split4_row)(
    uint8_t *out0, uint8_t *out1, uint8_t *out2, uint8_t *out3, const uint8_t *in, size_t pixels) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        vi band[4];
        SIMD_NAME(split)(band, in + 4 * i);
        v_store(out0 + i, band[0]);
        v_store(out1 + i, band[1]);
        v_store(out2 + i, band[2]);
        v_store(out3 + i, band[3]);
    }
    split4_row_scalar(out0 + i, out1 + i, out2 + i, out3 + i, in + 4 * i, pixels - i);
}

/* SIMD_BYTES bytes of each band, lane-ordered, to as many pixels. */
SIMD_INLINE void SIMD_NAME(merge)(uint8_t *out, vi a, vi b, vi c, vi d) {
    const vi ab0 = v_unpacklo_i8(a, b), ab1 = v_unpackhi_i8(a, b);
    const vi cd0 = v_unpacklo_i8(c, d), cd1 = v_unpackhi_i8(c, d);
    v_store(out, v_unpacklo_i16(ab0, cd0));
    v_store(out + SIMD_BYTES, v_unpackhi_i16(ab0, cd0));
    v_store(out + 2 * SIMD_BYTES, v_unpacklo_i16(ab1, cd1));
    v_store(out + 3 * SIMD_BYTES, v_unpackhi_i16(ab1, cd1));
}

#define LANES_OF(p) SIMD_NAME(in_lanes)(v_load(p))

void SIMD_NAME(merge2_row)(uint8_t *out, const uint8_t *in0, const uint8_t *in1, size_t pixels) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        SIMD_NAME(merge)(out + 4 * i, LANES_OF(in0 + i), v_zero(), v_zero(), LANES_OF(in1 + i));
    }
    merge2_row_scalar(out + 4 * i, in0 + i, in1 + i, pixels - i);
}

void SIMD_NAME(merge3_row)(
    uint8_t *out, const uint8_t *in0, const uint8_t *in1, const uint8_t *in2, size_t pixels) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        SIMD_NAME(merge)
        (out + 4 * i, LANES_OF(in0 + i), LANES_OF(in1 + i), LANES_OF(in2 + i), v_zero());
    }
    merge3_row_scalar(out + 4 * i, in0 + i, in1 + i, in2 + i, pixels - i);
}

void SIMD_NAME(merge4_row)(
    uint8_t *out, const uint8_t *in0, const uint8_t *in1, const uint8_t *in2, const uint8_t *in3,
    size_t pixels) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        SIMD_NAME(merge)
        (out + 4 * i, LANES_OF(in0 + i), LANES_OF(in1 + i), LANES_OF(in2 + i), LANES_OF(in3 + i));
    }
    merge4_row_scalar(out + 4 * i, in0 + i, in1 + i, in2 + i, in3 + i, pixels - i);
}
#undef LANES_OF
