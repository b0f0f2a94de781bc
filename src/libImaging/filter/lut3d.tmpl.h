/* SIMD version of lut3d_row: one pixel in each 128-bit lane, its channels beside each other. */

#define PIXELS (SIMD_BYTES / 16)
#define corners SIMD_NAME(lut3d_corners)
#define mix_pairs SIMD_NAME(lut3d_mix)
#define join SIMD_NAME(lut3d_join)
#define weights SIMD_NAME(lut3d_weights)

/* Entries at[i] and at[i] + 1 of the table (8 bytes each) in lane i, as pairs of one channel. */
SIMD_INLINE vi corners(const int16_t *table, const uint32_t at[PIXELS * 4]) {
#define CELL(i) _mm_loadu_si128((const __m128i *)(table + (size_t)at[(i) * 4] * 4))
#if SIMD_LEVEL == 1
    const vi v = CELL(0);
#elif SIMD_LEVEL == 2
    const vi v = _mm256_inserti128_si256(_mm256_castsi128_si256(CELL(0)), CELL(1), 1);
#else
    vi v = _mm512_castsi128_si512(CELL(0));
    v = _mm512_inserti32x4(v, CELL(1), 1);
    v = _mm512_inserti32x4(v, CELL(2), 2);
    v = _mm512_inserti32x4(v, CELL(3), 3);
#endif
#undef CELL
    const __m128i pairs = _mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    return v_shuffle_u8(v, v_lanes(pairs));
}

/* (p * (32768 - t) + q * t) >> 15. The weights come negated, t - 32768 and -t, since 32768 is no
 * int16; |p| and |q| up to 2^15 with weights that sum to 2^15 stay within 2^30. */
SIMD_INLINE vi mix_pairs(vi pq, vi weight) {
    return v_shr_i32(v_sub_i32(v_zero(), v_madd_i16(pq, weight)), 15);
}

/* 32-bit p and q, each of 16 significant bits, as pairs. */
SIMD_INLINE vi join(vi p, vi q) {
    return v_or(v_and(p, v_set_i32(0xffff)), v_shl_i32(q, 16));
}

/* The negated weights of all four channels' positions. */
SIMD_INLINE vi weights(vi position) {
    const vi mask = v_set_i32(0x7fff);
    const vi t = v_and(v_shr_u32(position, FRACTION - 15), mask);
    const vi first = v_sub_i32(t, v_set_i32(32768)), second = v_sub_i32(v_zero(), t);
    return join(first, second);
}

#define BROADCAST(v, k) VOP(shuffle_epi32)(v, (k) * 0x55)

static inline void SIMD_NAME(lut3d_pixels)(
    uint8_t *out, const uint8_t *in, const ImgLut3d *lut, vi scale, vi stride) {
    const vq source = v_load_quarter(in);
    const vi position = v_mullo_i32(v_widen_u8_i32(source), scale);
    const vi weight = weights(position);
    const vi part = v_mullo_i32(v_shr_u32(position, FRACTION), stride);
    const vi sum = v_add_i32(part, VOP(shuffle_epi32)(part, 0xb1));
    uint32_t at[PIXELS * 4]; /* [4 * i]: the cell of pixel i */
    v_store(at, v_add_i32(sum, VOP(shuffle_epi32)(sum, 0x4e)));
    const int16_t *table = lut->table;
    const size_t dy = (size_t)lut->stride[1] * 4, dz = (size_t)lut->stride[2] * 4;
    const vi w0 = BROADCAST(weight, 0), w1 = BROADCAST(weight, 1), w2 = BROADCAST(weight, 2);
    const vi near_row = mix_pairs(corners(table, at), w0);
    const vi far_row = mix_pairs(corners(table + dy, at), w0);
    const vi near_up = mix_pairs(corners(table + dz, at), w0);
    const vi far_up = mix_pairs(corners(table + dz + dy, at), w0);
    const vi low = mix_pairs(join(near_row, far_row), w1);
    const vi high = mix_pairs(join(near_up, far_up), w1);
    const vi mixed = mix_pairs(join(low, high), w2);
    const vi v = v_shr_i32(v_add_i32(mixed, v_set_i32(1 << (VALUE_BITS - 1))), VALUE_BITS);
    const vi words = v_packs_i32_i16(v, v);
    vi bytes = v_packs_i16_u8(words, words); /* the pixel, in every dword of its lane */
#if SIMD_LEVEL == 3
    bytes = _mm512_permutexvar_epi32(_mm512_set4_epi32(12, 8, 4, 0), bytes);
    __m128i result = _mm512_castsi512_si128(bytes);
#elif SIMD_LEVEL == 2
    __m128i result = _mm_unpacklo_epi32(
        _mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
#else
    __m128i result = bytes;
#endif
    if (lut->channels == 3) {
        result = _mm_blendv_epi8(result, source, _mm_set1_epi32((int)0xff000000));
    }
    memcpy(out, &result, PIXELS * 4);
}

void SIMD_NAME(lut3d_row)(uint8_t *out, const uint8_t *in, int n, const ImgLut3d *lut) {
    const vi scale = v_lanes(_mm_loadu_si128((const __m128i *)lut->scale));
    const vi stride = v_lanes(_mm_loadu_si128((const __m128i *)lut->stride));
    int x = 0;
    for (; x + PIXELS <= n; x += PIXELS) {
        SIMD_NAME(lut3d_pixels)(out + x * 4, in + x * 4, lut, scale, stride);
    }
    lut3d_row_scalar(out + x * 4, in + x * 4, n - x, lut);
}

#undef BROADCAST
#undef weights
#undef join
#undef mix_pairs
#undef corners
#undef PIXELS
