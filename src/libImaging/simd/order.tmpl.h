/* Narrowing that keeps the order of elements across the 128-bit lanes: what templates that pack
 * share. Included by them, once per level and source file. */

/* Undoes the interleaving of lanes that a pack of two vectors (8-byte pieces) or of four (4-byte
 * pieces) leaves. */
SIMD_INLINE vi SIMD_NAME(order_pack2)(vi a) {
#if SIMD_LEVEL == 1
    return a;
#elif SIMD_LEVEL == 2
    return _mm256_permute4x64_epi64(a, 0xd8);
#else
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), a);
#endif
}

SIMD_INLINE vi SIMD_NAME(order_pack4)(vi a) {
#if SIMD_LEVEL == 1
    return a;
#elif SIMD_LEVEL == 2
    return _mm256_permutevar8x32_epi32(a, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
#else
    return _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), a);
#endif
}
