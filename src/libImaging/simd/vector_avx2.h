/* The vector layer at 32 bytes: what vector.h leaves to the level. Included by instantiate.h once
 * per template, so every name carries the level. */
#ifndef IMAGING_SIMD_VECTOR_AVX2_H
#define IMAGING_SIMD_VECTOR_AVX2_H

typedef __m256i vi;
typedef __m256 vf;
typedef __m256d vd;
typedef __m128i vh;
typedef __m128i vq;

SIMD_INLINE vh v_load_half(const void *p) {
    return _mm_loadu_si128((const __m128i *)p);
}

SIMD_INLINE vq v_load_quarter(const void *p) {
    return _mm_loadl_epi64((const __m128i *)p);
}

SIMD_INLINE vi v_load_part(const void *p, size_t n) {
    uint8_t bytes[SIMD_BYTES] = {0};
    memcpy(bytes, p, n);
    return v_load(bytes);
}

SIMD_INLINE void v_store_part(void *p, vi a, size_t n) {
    uint8_t bytes[SIMD_BYTES];
    v_store(bytes, a);
    memcpy(p, bytes, n);
}

SIMD_INLINE vi v_cmpeq_u8(vi a, vi b) {
    return _mm256_cmpeq_epi8(a, b);
}

SIMD_INLINE vi v_cmpeq_i16(vi a, vi b) {
    return _mm256_cmpeq_epi16(a, b);
}

SIMD_INLINE vi v_cmpeq_i32(vi a, vi b) {
    return _mm256_cmpeq_epi32(a, b);
}

SIMD_INLINE vi v_cmpgt_i16(vi a, vi b) {
    return _mm256_cmpgt_epi16(a, b);
}

SIMD_INLINE vi v_cmpgt_i32(vi a, vi b) {
    return _mm256_cmpgt_epi32(a, b);
}

SIMD_INLINE vi v_select(vi m, vi a, vi b) {
    return _mm256_blendv_epi8(b, a, m);
}

SIMD_INLINE vi v_lanes(__m128i a) {
    return _mm256_broadcastsi128_si256(a);
}

#endif
