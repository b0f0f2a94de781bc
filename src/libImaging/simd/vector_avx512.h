/* The vector layer at 64 bytes: what vector.h leaves to the level. Included by instantiate.h once
 * per template, so every name carries the level. */
#ifndef IMAGING_SIMD_VECTOR_AVX512_H
#define IMAGING_SIMD_VECTOR_AVX512_H

typedef __m512i vi;
typedef __m512 vf;
typedef __m512d vd;
typedef __m256i vh;
typedef __m128i vq;

SIMD_INLINE vh v_load_half(const void *p) {
    return _mm256_loadu_si256((const __m256i *)p);
}

SIMD_INLINE vq v_load_quarter(const void *p) {
    return _mm_loadu_si128((const __m128i *)p);
}

/* Masked loads and stores do not touch, and cannot fault on, the bytes that the mask leaves out. */
SIMD_INLINE vi v_load_part(const void *p, size_t n) {
    return _mm512_maskz_loadu_epi8(((__mmask64)1 << n) - 1, p);
}

SIMD_INLINE void v_store_part(void *p, vi a, size_t n) {
    _mm512_mask_storeu_epi8(p, ((__mmask64)1 << n) - 1, a);
}

SIMD_INLINE vi v_cmpeq_u8(vi a, vi b) {
    return _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(a, b));
}

SIMD_INLINE vi v_cmpeq_i16(vi a, vi b) {
    return _mm512_movm_epi16(_mm512_cmpeq_epi16_mask(a, b));
}

SIMD_INLINE vi v_cmpeq_i32(vi a, vi b) {
    return _mm512_movm_epi32(_mm512_cmpeq_epi32_mask(a, b));
}

SIMD_INLINE vi v_cmpgt_i16(vi a, vi b) {
    return _mm512_movm_epi16(_mm512_cmpgt_epi16_mask(a, b));
}

SIMD_INLINE vi v_cmpgt_i32(vi a, vi b) {
    return _mm512_movm_epi32(_mm512_cmpgt_epi32_mask(a, b));
}

/* 0xca: bit by bit, m ? a : b. */
SIMD_INLINE vi v_select(vi m, vi a, vi b) {
    return _mm512_ternarylogic_epi32(m, a, b, 0xca);
}

/* acc + a0*b0 + a1*b1 + a2*b2 + a3*b3 in each 32-bit element; a unsigned, b signed bytes. Wraps.
 * The instruction adds to its first operand in place. GCC 12 does not see that for the intrinsic
 * in a loop with many accumulators and copies each of them twice; hence the assembly. */
SIMD_INLINE vi SIMD_NAME(simd_dot_u8)(vi acc, vi a, vi b) {
#if defined(__GNUC__) && !defined(__clang__)
    __asm__("vpdpbusd %2, %1, %0" : "+v"(acc) : "v"(a), "v"(b));
    return acc;
#else
    return _mm512_dpbusd_epi32(acc, a, b);
#endif
}

SIMD_INLINE vi v_lanes(__m128i a) {
    return _mm512_broadcast_i32x4(a);
}

#endif
