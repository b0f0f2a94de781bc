/* What the templates of pixel/ share: narrowing that keeps the order of elements across the 128-bit
 * lanes, and the steps of pixels. Included at the top of each template. */

/* Pixels of 4 bytes in a vector. */
#define PIXELS (SIMD_BYTES / 4)

#define v_mulhrs_i16(a, b) VOP(mulhrs_epi16)(a, b)
#define v_abs_i32(a) VOP(abs_epi32)(a)
#define v_bits(a) VOP_SI(castps_)(a)
#define v_floats(a) SIMD_CAT(SIMD_PREFIX, SIMD_CAT(cast, SIMD_CAT(SIMD_SI, _ps)))(a)

/* Two 16-bit constants in each pixel: `low` for bytes 0 and 1. */
#define v_set_pair(low, high)                                                                      \
    v_set_i32((uint32_t)(uint16_t)(low) | (uint32_t)(uint16_t)(high) << 16)
/* Four signed bytes in each pixel. */
#define v_set_quad(a, b, c, d)                                                                     \
    v_set_i32(                                                                                     \
        (uint32_t)(uint8_t)(a) | (uint32_t)(uint8_t)(b) << 8 | (uint32_t)(uint8_t)(c) << 16 |      \
        (uint32_t)(uint8_t)(d) << 24)
/* A shuffle of bytes within each pixel: 0 to 3, or Z for zero. */
#define Z (-128)
#define v_pixel_shuffle(a, b, c, d)                                                                \
    v_lanes(_mm_setr_epi8(                                                                         \
        a, b, c, d, (a) + 4, (b) + 4, (c) + 4, (d) + 4, (a) + 8, (b) + 8, (c) + 8, (d) + 8,        \
        (a) + 12, (b) + 12, (c) + 12, (d) + 12))

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

/* Four vectors of 32-bit integers to bytes, each clipped to 0..255. */
SIMD_INLINE vi SIMD_NAME(narrow4)(vi a, vi b, vi c, vi d) {
    const vi low = v_packs_i32_i16(a, b), high = v_packs_i32_i16(c, d);
    return SIMD_NAME(order_pack4)(v_packs_i16_u8(low, high));
}
