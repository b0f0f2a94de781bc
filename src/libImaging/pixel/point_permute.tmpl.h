/* Table lookups by byte permutation (AVX-512 VBMI); see simd/instantiate.h.
 *
 * A permutation of two registers looks 64 bytes up in 128 entries, by the low 7 bits of each; the
 * high bit then chooses between the two halves of the table. */

#define EVERY_FOURTH ((__mmask64)0x1111111111111111)

typedef struct {
    __m512i q[4]; /* 64 entries each */
} SIMD_NAME(Table);

SIMD_INLINE SIMD_NAME(Table) SIMD_NAME(load_table)(const uint8_t *entries) {
    SIMD_NAME(Table) t;
    for (int k = 0; k < 4; k++) {
        t.q[k] = v_load(entries + 64 * k);
    }
    return t;
}

SIMD_INLINE vi SIMD_NAME(look_up)(const SIMD_NAME(Table) * t, vi v) {
    const vi low = _mm512_permutex2var_epi8(t->q[0], v, t->q[1]);
    const vi high = _mm512_permutex2var_epi8(t->q[2], v, t->q[3]);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high);
}

void SIMD_NAME(lut1_row)(uint8_t *out, const uint8_t *in, size_t bytes, const uint8_t *table) {
    const SIMD_NAME(Table) t = SIMD_NAME(load_table)(table);
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        v_store(out + i, SIMD_NAME(look_up)(&t, v_load(in + i)));
    }
    if (i < bytes) {
        const vi tail = v_load_part(in + i, bytes - i);
        v_store_part(out + i, SIMD_NAME(look_up)(&t, tail), bytes - i);
    }
}

/* Every byte in every table, then byte k of each pixel from table k. */
SIMD_INLINE vi SIMD_NAME(look_up4)(const SIMD_NAME(Table) * t, vi v) {
    const vi even = _mm512_mask_blend_epi8(
        EVERY_FOURTH << 2, SIMD_NAME(look_up)(t, v), SIMD_NAME(look_up)(t + 2, v));
    const vi odd = _mm512_mask_blend_epi8(
        EVERY_FOURTH << 3, SIMD_NAME(look_up)(t + 1, v), SIMD_NAME(look_up)(t + 3, v));
    return _mm512_mask_blend_epi8(EVERY_FOURTH << 1 | EVERY_FOURTH << 3, even, odd);
}

void SIMD_NAME(lut4_row)(uint8_t *out, const uint8_t *in, size_t pixels, const uint8_t *tables) {
    SIMD_NAME(Table) t[4];
    for (int k = 0; k < 4; k++) {
        t[k] = SIMD_NAME(load_table)(tables + 256 * k);
    }
    const size_t bytes = 4 * pixels;
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        v_store(out + i, SIMD_NAME(look_up4)(t, v_load(in + i)));
    }
    if (i < bytes) {
        const vi tail = v_load_part(in + i, bytes - i);
        v_store_part(out + i, SIMD_NAME(look_up4)(t, tail), bytes - i);
    }
}
#undef EVERY_FOURTH
