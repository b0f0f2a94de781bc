/* Table lookups by byte shuffles (SSE4.1, AVX2); see simd/instantiate.h.
 *
 * A shuffle looks up 16 entries by the low 4 bits of each byte, and gives 0 where the high bit is
 * set. For v < 128, v - 16 k has that bit set just for v < 16 k. So the shuffles for k = 0 to 7
 * whose v - 16 k is not negative are combined by xor, and hold the xor of the 16 entries from 16 k
 * and the 16 before: all but the last cancel out. Subtracting with signed saturation, values from
 * 128 on stay negative. With their high bit flipped they get the same for the table's upper half.
 */

#include "simd/part.tmpl.h"

typedef struct {
    vi step[16]; /* entries 16 k to 16 k + 15, but for k = 0 and 8 xor those before, in each lane */
} SIMD_NAME(Table);

SIMD_INLINE void SIMD_NAME(load_table)(SIMD_NAME(Table) * t, const uint8_t *entries) {
    for (int k = 0; k < 16; k++) {
        const __m128i own = _mm_loadu_si128((const __m128i *)(entries + 16 * k));
        const uint8_t *before = entries + 16 * (k - (k % 8 != 0));
        const __m128i other = _mm_loadu_si128((const __m128i *)before);
        t->step[k] = v_lanes(k % 8 ? _mm_xor_si128(own, other) : own);
    }
}

SIMD_INLINE vi SIMD_NAME(look_up)(const SIMD_NAME(Table) * t, vi v) {
    const vi sixteen = v_set_u8(16);
    vi low = v, high = v_xor(v, v_set_u8(128));
    vi found = v_xor(v_shuffle_u8(t->step[0], low), v_shuffle_u8(t->step[8], high));
    for (int k = 1; k < 8; k++) {
        low = VOP(subs_epi8)(low, sixteen);
        high = VOP(subs_epi8)(high, sixteen);
        found = v_xor(found, v_shuffle_u8(t->step[k], low));
        found = v_xor(found, v_shuffle_u8(t->step[8 + k], high));
    }
    return found;
}

/* Below this, preparing the tables takes longer than looking bytes up one by one. */
#define ENOUGH 256

void SIMD_NAME(lut1_row)(uint8_t *out, const uint8_t *in, size_t bytes, const uint8_t *table) {
    size_t i = 0;
    if (bytes >= ENOUGH) {
        SIMD_NAME(Table) t;
        SIMD_NAME(load_table)(&t, table);
        for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
            v_store(out + i, SIMD_NAME(look_up)(&t, v_load(in + i)));
        }
    }
    lut1_row_scalar(out + i, in + i, bytes - i, table);
}

/* Undoes part. */
SIMD_INLINE void SIMD_NAME(join)(uint8_t *out, const vi band[4]) {
    const vi low01 = v_unpacklo_i8(band[0], band[1]), high01 = v_unpackhi_i8(band[0], band[1]);
    const vi low23 = v_unpacklo_i8(band[2], band[3]), high23 = v_unpackhi_i8(band[2], band[3]);
    v_store(out, v_unpacklo_i16(low01, low23));
    v_store(out + SIMD_BYTES, v_unpackhi_i16(low01, low23));
    v_store(out + 2 * SIMD_BYTES, v_unpacklo_i16(high01, high23));
    v_store(out + 3 * SIMD_BYTES, v_unpackhi_i16(high01, high23));
}

/* With `wanted` constant, this is straight code for the bands that it names (bit k for band k); the
 * others become 0. */
SIMD_INLINE size_t SIMD_NAME(lut4_pixels)(
    uint8_t *out, const uint8_t *in, size_t pixels, const uint8_t *tables, unsigned wanted) {
    SIMD_NAME(Table) t[4];
    for (int k = 0; k < 4; k++) {
        SIMD_NAME(load_table)(&t[k], tables + 256 * k);
    }
    size_t i = 0;
    for (; i + SIMD_BYTES <= pixels; i += SIMD_BYTES) {
        vi band[4];
        SIMD_NAME(part)(band, in + 4 * i);
        for (int k = 0; k < 4; k++) {
            band[k] = wanted >> k & 1 ? SIMD_NAME(look_up)(&t[k], band[k]) : v_zero();
        }
        SIMD_NAME(join)(out + 4 * i, band);
    }
    return i;
}

void SIMD_NAME(lut4_row)(uint8_t *out, const uint8_t *in, size_t pixels, const uint8_t *tables) {
    size_t done = 0;
    if (pixels >= ENOUGH) {
        uint8_t any = 0; /* not 0: the last band's table, which the mode may not have, is in use */
        for (int i = 3 * 256; i < 4 * 256; i++) {
            any |= tables[i];
        }
        done = any ? SIMD_NAME(lut4_pixels)(out, in, pixels, tables, 15)
                   : SIMD_NAME(lut4_pixels)(out, in, pixels, tables, 7);
    }
    lut4_row_scalar(out + 4 * done, in + 4 * done, pixels - done, tables);
}
#undef ENOUGH
