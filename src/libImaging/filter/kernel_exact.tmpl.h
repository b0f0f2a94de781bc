/* SIMD versions of exact3_row and exact5_row: taps in pairs, two products of bytes and their sum in
 * one instruction. */

#define exact_block SIMD_NAME(exact_block)
#define exact_any SIMD_NAME(exact_any)

/* `n` (at most SIMD_BYTES) samples at byte x. Unpacking and packing by lanes cancel out. */
SIMD_INLINE vi exact_block(
    const uint8_t *const *rows, size_t x, size_t n, const vi *pairs, vi start, int bits, int size,
    int step) {
    const int taps = size * size;
    vi low = start, high = start;
#pragma GCC unroll 13
    for (int t = 0; t < taps; t += 2) {
        /* The last one has no partner: its second weight is 0. */
        const int u = t < taps - 1 ? t + 1 : t;
        const uint8_t *p = rows[t / size] + x + (t % size - size / 2) * step;
        const uint8_t *q = rows[u / size] + x + (u % size - size / 2) * step;
        const vi a = n == SIMD_BYTES ? v_load(p) : v_load_part(p, n);
        const vi b = n == SIMD_BYTES ? v_load(q) : v_load_part(q, n);
        low = v_add_i16(low, v_maddubs(v_unpacklo_i8(a, b), pairs[t / 2]));
        high = v_add_i16(high, v_maddubs(v_unpackhi_i8(a, b), pairs[t / 2]));
    }
    return v_packs_i16_u8(
        VOP(sra_epi16)(low, _mm_cvtsi32_si128(bits)),
        VOP(sra_epi16)(high, _mm_cvtsi32_si128(bits)));
}

SIMD_INLINE void exact_any(
    uint8_t *out, const uint8_t *const *rows, size_t n, const ImgExactConv *conv, int size,
    int step) {
    vi pairs[13];
    for (int i = 0; i < (size * size + 1) / 2; i++) {
        const int a = conv->weight[2 * i], b = conv->weight[2 * i + 1];
        pairs[i] = v_set_i16((a & 0xff) | b * 256);
    }
    int32_t pixel;
    memcpy(&pixel, conv->keep, sizeof(pixel));
    const vi keep = v_set_i32(step == 4 ? pixel : -1), start = v_set_i16(conv->start);
    const int bits = conv->bits;
    if (n < SIMD_BYTES) {
        const vi v = exact_block(rows, 0, n, pairs, start, bits, size, step);
        v_store_part(out, v_and(v, keep), n);
        return;
    }
    for (size_t x = 0; x < n; x += SIMD_BYTES) {
        /* The last vector starts early enough to be whole; n is a multiple of the step. */
        x = x + SIMD_BYTES <= n ? x : n - SIMD_BYTES;
        const vi v = exact_block(rows, x, SIMD_BYTES, pairs, start, bits, size, step);
        v_store(out + x, v_and(v, keep));
    }
}

#define EXACT_ROW(name, size)                                                                      \
    void SIMD_NAME(name)(                                                                          \
        uint8_t * out, const uint8_t *const *rows, size_t n, const ImgExactConv *conv) {           \
        if (conv->step == 1) {                                                                     \
            exact_any(out, rows, n, conv, size, 1);                                                \
        } else {                                                                                   \
            exact_any(out, rows, n, conv, size, 4);                                                \
        }                                                                                          \
    }

EXACT_ROW(exact3_row, 3)
EXACT_ROW(exact5_row, 5)

#undef EXACT_ROW
#undef exact_any
#undef exact_block
