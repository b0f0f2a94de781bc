/* Pixels of 4 bytes to bands, for templates of kernels; see simd/instantiate.h. */

/* Four vectors of pixels as one of each band, in an order that unpacking the bands' bytes, and then
 * pairs of them, undoes. */
SIMD_INLINE void SIMD_NAME(part)(vi band[4], const uint8_t *in) {
    const vi order = v_lanes(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    vi v[4];
    for (int k = 0; k < 4; k++) {
        v[k] = v_shuffle_u8(v_load(in + SIMD_BYTES * k), order);
    }
    const vi low01 = v_unpacklo_i32(v[0], v[1]), low23 = v_unpacklo_i32(v[2], v[3]);
    const vi high01 = v_unpackhi_i32(v[0], v[1]), high23 = v_unpackhi_i32(v[2], v[3]);
    band[0] = v_unpacklo_i64(low01, low23);
    band[1] = v_unpackhi_i64(low01, low23);
    band[2] = v_unpacklo_i64(high01, high23);
    band[3] = v_unpackhi_i64(high01, high23);
}
