/* The lookup of palette entries by byte permutation (AVX-512 VBMI), band by band; see
 * simd/instantiate.h. */

/* 256 entries of one band. */
typedef struct {
    __m512i q[4];
} SIMD_NAME(Band);

/* A permutation of two registers looks 64 bytes up in 128 entries, by the low 7 bits of each; the
 * high bit then chooses between the two halves of the table. */
SIMD_INLINE vi SIMD_NAME(band_of)(const SIMD_NAME(Band) * t, vi v) {
    const vi low = _mm512_permutex2var_epi8(t->q[0], v, t->q[1]);
    const vi high = _mm512_permutex2var_epi8(t->q[2], v, t->q[3]);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high);
}

/* 64 entries of 4 bytes to quarter k of four bands: bands to lanes, then lanes to vectors. */
SIMD_INLINE void SIMD_NAME(split_entries)(SIMD_NAME(Band) band[4], int k, const uint8_t *pixels) {
    const vi by_band = v_lanes(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    const vi lanes = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    vi part[4];
    for (int i = 0; i < 4; i++) {
        const vi own = v_shuffle_u8(v_load(pixels + 64 * i), by_band);
        part[i] = _mm512_permutexvar_epi32(lanes, own);
    }
    const vi low01 = _mm512_shuffle_i64x2(part[0], part[1], 0x44);
    const vi high01 = _mm512_shuffle_i64x2(part[0], part[1], 0xee);
    const vi low23 = _mm512_shuffle_i64x2(part[2], part[3], 0x44);
    const vi high23 = _mm512_shuffle_i64x2(part[2], part[3], 0xee);
    band[0].q[k] = _mm512_shuffle_i64x2(low01, low23, 0x88);
    band[1].q[k] = _mm512_shuffle_i64x2(low01, low23, 0xdd);
    band[2].q[k] = _mm512_shuffle_i64x2(high01, high23, 0x88);
    band[3].q[k] = _mm512_shuffle_i64x2(high01, high23, 0xdd);
}

/* 64 pixels. Groups of four are dealt to the lanes first, as unpacking within lanes needs them. */
SIMD_INLINE void SIMD_NAME(entries_of)(vi out[4], const SIMD_NAME(Band) band[4], vi indices) {
    const vi deal = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const vi v = _mm512_permutexvar_epi32(deal, indices);
    const vi r = SIMD_NAME(band_of)(band, v), g = SIMD_NAME(band_of)(band + 1, v);
    const vi b = SIMD_NAME(band_of)(band + 2, v), a = SIMD_NAME(band_of)(band + 3, v);
    const vi rg_low = v_unpacklo_i8(r, g), ba_low = v_unpacklo_i8(b, a);
    const vi rg_high = v_unpackhi_i8(r, g), ba_high = v_unpackhi_i8(b, a);
    out[0] = v_unpacklo_i16(rg_low, ba_low);
    out[1] = v_unpackhi_i16(rg_low, ba_low);
    out[2] = v_unpacklo_i16(rg_high, ba_high);
    out[3] = v_unpackhi_i16(rg_high, ba_high);
}

void SIMD_NAME(lookup_1_4)(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *pixels) {
    size_t i = 0;
    if (n >= 2 * SIMD_BYTES) { /* below, to split the entries is not worth it */
        SIMD_NAME(Band) band[4];
        for (int k = 0; k < 4; k++) {
            SIMD_NAME(split_entries)(band, k, pixels + 256 * k);
        }
        for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
            vi part[4];
            SIMD_NAME(entries_of)(part, band, v_load(in + i));
            for (int k = 0; k < 4; k++) {
                v_store(out + 4 * i + 64 * k, part[k]);
            }
        }
    }
    lookup_1_4_scalar(out + 4 * i, in + i, n - i, pixels);
}
