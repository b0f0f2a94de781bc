/* SIMD versions of the mask kernels; see simd/instantiate.h. Where `in` is `out` further left or
 * right of it, these read whole vectors before they write them; see paste.c. */

/* round((o * (255 - m) + i * m) / 255) on 16-bit numbers, as o * 256 - o + m * (i - o); the product
 * may be negative, but modulo 2^16 the sum is right, since it lies in 0..255 * 255. */
SIMD_INLINE vi SIMD_NAME(mix_half)(vi o, vi o256, vi i, vi m) {
    const vi part = v_mullo_i16(m, v_sub_i16(i, o));
    const vi t = v_add_i16(v_add_i16(v_sub_i16(o256, o), part), v_set_i16(128));
    return v_shr_u16(v_add_i16(t, v_shr_u16(t, 8)), 8);
}

SIMD_INLINE vi SIMD_NAME(mix)(vi o, vi i, vi m) {
    const vi z = v_zero();
    const vi low = SIMD_NAME(mix_half)(
        v_unpacklo_i8(o, z), v_unpacklo_i8(z, o), v_unpacklo_i8(i, z), v_unpacklo_i8(m, z));
    const vi high = SIMD_NAME(mix_half)(
        v_unpackhi_i8(o, z), v_unpackhi_i8(z, o), v_unpackhi_i8(i, z), v_unpackhi_i8(m, z));
    return v_packs_i16_u8(low, high);
}

/* Transparent pixels under a mask that is not 0 take the colour wholly: mask 255 for their colour.
 */
SIMD_INLINE vi SIMD_NAME(mix_clear)(vi o, vi i, vi m) {
    const vi clear = v_cmpeq_i32(v_shr_u32(o, 24), v_zero());
    const vi unmasked = v_cmpeq_i32(m, v_zero());
    const vi whole = v_and(v_andnot(unmasked, clear), v_set_i32(0x00ffffff));
    return SIMD_NAME(mix)(o, i, v_or(m, whole));
}

SIMD_INLINE vi SIMD_NAME(scale_half)(vi o, vi rest) {
    const vi t = v_add_i16(v_mullo_i16(o, rest), v_set_i16(128));
    return v_shr_u16(v_add_i16(t, v_shr_u16(t, 8)), 8);
}

SIMD_INLINE vi SIMD_NAME(premix)(vi o, vi i, vi m) {
    const vi z = v_zero(), rest = v_xor(m, v_set_u8(255));
    const vi low = SIMD_NAME(scale_half)(v_unpacklo_i8(o, z), v_unpacklo_i8(rest, z));
    const vi high = SIMD_NAME(scale_half)(v_unpackhi_i8(o, z), v_unpackhi_i8(rest, z));
    return v_add_i8(v_packs_i16_u8(low, high), i);
}

SIMD_INLINE vi SIMD_NAME(select)(vi o, vi i, vi m) {
    return v_select(v_cmpeq_u8(m, v_zero()), o, i);
}

#define MASK_KERNEL(name, combine)                                                                 \
    void SIMD_NAME(name)(uint8_t * out, const uint8_t *in, const uint8_t *mask, size_t bytes) {    \
        size_t i = 0;                                                                              \
        for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {                                         \
            v_store(                                                                               \
                out + i, SIMD_NAME(combine)(v_load(out + i), v_load(in + i), v_load(mask + i)));   \
        }                                                                                          \
        if (i < bytes) {                                                                           \
            const size_t n = bytes - i;                                                            \
            v_store_part(                                                                          \
                out + i,                                                                           \
                SIMD_NAME(combine)(                                                                \
                    v_load_part(out + i, n), v_load_part(in + i, n), v_load_part(mask + i, n)),    \
                n);                                                                                \
        }                                                                                          \
    }

MASK_KERNEL(mask_select, select)
MASK_KERNEL(mask_mix, mix)
MASK_KERNEL(mask_mix_clear, mix_clear)
MASK_KERNEL(mask_premix, premix)
#undef MASK_KERNEL

void SIMD_NAME(spread2_row)(uint8_t *out, const uint8_t *in, size_t pixels) {
    const vi twice = v_lanes(_mm_setr_epi8(0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14));
    size_t i = 0;
    for (; i + SIMD_BYTES / 2 <= pixels; i += SIMD_BYTES / 2) {
        v_store(out + 2 * i, v_shuffle_u8(v_widen_u8_i16(v_load_half(in + i)), twice));
    }
    spread2_row_scalar(out + 2 * i, in + i, pixels - i);
}

void SIMD_NAME(spread4_row)(uint8_t *out, const uint8_t *in, size_t pixels) {
    const vi fourfold = v_lanes(_mm_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12));
    size_t i = 0;
    for (; i + SIMD_BYTES / 4 <= pixels; i += SIMD_BYTES / 4) {
        v_store(out + 4 * i, v_shuffle_u8(v_widen_u8_i32(v_load_quarter(in + i)), fourfold));
    }
    spread4_row_scalar(out + 4 * i, in + i, pixels - i);
}

void SIMD_NAME(spread_alpha_row)(uint8_t *out, const uint8_t *in, size_t pixels) {
    const vi fourfold =
        v_lanes(_mm_setr_epi8(3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15));
    size_t i = 0;
    for (; i + SIMD_BYTES / 4 <= pixels; i += SIMD_BYTES / 4) {
        v_store(out + 4 * i, v_shuffle_u8(v_load(in + 4 * i), fourfold));
    }
    spread_alpha_row_scalar(out + 4 * i, in + 4 * i, pixels - i);
}
