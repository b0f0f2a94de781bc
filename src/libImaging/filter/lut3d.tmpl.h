/* SIMD version of lut3d_row: one pixel in each 128-bit lane, its channels beside each other. */

#define PIXELS (SIMD_BYTES / 16)
#define cells SIMD_NAME(lut3d_cells)
#define corners SIMD_NAME(lut3d_corners)
#define mix_pairs SIMD_NAME(lut3d_mix)
#define join SIMD_NAME(lut3d_join)
#define mix_words SIMD_NAME(lut3d_mix_words)
#define interpolate SIMD_NAME(lut3d_interpolate)
#define narrow_ends SIMD_NAME(lut3d_narrow_ends)
#define locate SIMD_NAME(lut3d_locate)
#define round_words SIMD_NAME(lut3d_round_words)
#define two_groups SIMD_NAME(lut3d_two_groups)
#define interpolate_narrow SIMD_NAME(lut3d_interpolate_narrow)

/* Entries at[4 * i] and the one behind it (8 bytes each) in lane i. */
SIMD_INLINE vi cells(const int16_t *table, const uint32_t at[PIXELS * 4]) {
#define CELL(i) _mm_loadu_si128((const __m128i *)(table + (size_t)at[(i) * 4] * 4))
#if SIMD_LEVEL == 1
    return CELL(0);
#elif SIMD_LEVEL == 2
    return _mm256_inserti128_si256(_mm256_castsi128_si256(CELL(0)), CELL(1), 1);
#else
    /* Masked broadcasts, which unlike insertions do not wait for the shuffle unit. */
    vi v = _mm512_castsi128_si512(CELL(0));
    v = _mm512_mask_broadcast_i32x4(v, 0x00f0, CELL(1));
    v = _mm512_mask_broadcast_i32x4(v, 0x0f00, CELL(2));
    return _mm512_mask_broadcast_i32x4(v, 0xf000, CELL(3));
#endif
#undef CELL
}

/* --- any table --- */

/* The two entries as pairs of one channel. */
SIMD_INLINE vi corners(const int16_t *table, const uint32_t at[PIXELS * 4]) {
    const __m128i pairs = _mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    return v_shuffle_u8(cells(table, at), v_lanes(pairs));
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

#define BROADCAST(v, k) VOP(shuffle_epi32)(v, (k) * 0x55)

/* The interpolated values as 16-bit words, those of a pixel in the lower half of its lane. `t`
 * holds the 15-bit fractions of its channels as 32-bit elements. */
SIMD_INLINE vi interpolate(const ImgLut3d *lut, const uint32_t at[PIXELS * 4], vi t) {
    const vi weight = join(v_sub_i32(t, v_set_i32(32768)), v_sub_i32(v_zero(), t));
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
    return v_packs_i32_i16(mixed, mixed);
}

/* --- tables whose values differ by less than 2^14 --- */

/* (p * (32768 - t) + q * t) >> 15 = p + ((q - p) * t >> 15), and the upper half of the product of
 * 2 * (q - p), which fits an int16, and t is that quotient. Results stay between p and q, so the
 * condition holds for the next step too. */
SIMD_INLINE vi mix_words(vi p, vi q, vi t) {
    const vi d = v_sub_i16(q, p);
    return v_add_i16(p, v_mulhi_i16(v_add_i16(d, d), t));
}

/* Interpolated along the first two axes: the lower four words of a lane are the near end of the
 * third axis, the upper four the far end. */
SIMD_INLINE vi narrow_ends(const ImgLut3d *lut, const uint32_t at[PIXELS * 4], vi t) {
    const int16_t *table = lut->table;
    const size_t dy = (size_t)lut->stride[1] * 4, dz = (size_t)lut->stride[2] * 4;
    const vi t0 = v_shuffle_u8(t, v_set_i16(0x0100)), t1 = v_shuffle_u8(t, v_set_i16(0x0504));
    const vi a = cells(table, at), b = cells(table + dy, at);
    const vi c = cells(table + dz, at), d = cells(table + dz + dy, at);
    const vi ab = mix_words(v_unpacklo_i64(a, b), v_unpackhi_i64(a, b), t0); /* near, far row */
    const vi cd = mix_words(v_unpacklo_i64(c, d), v_unpackhi_i64(c, d), t0);
    return mix_words(v_unpacklo_i64(ab, cd), v_unpackhi_i64(ab, cd), t1);
}

SIMD_INLINE vi interpolate_narrow(const ImgLut3d *lut, const uint32_t at[PIXELS * 4], vi t) {
    const vi ends = narrow_ends(lut, at, t);
    return mix_words(ends, v_unpackhi_i64(ends, ends), v_shuffle_u8(t, v_set_i16(0x0908)));
}

/* Where a group of pixels lies: the cells, [4 * i] of pixel i, and the 15-bit fractions. */
SIMD_INLINE vi locate(uint32_t at[PIXELS * 4], vq source, vi scale, vi stride) {
    const vi position = v_mullo_i32(v_widen_u8_i32(source), scale);
    const vi part = v_mullo_i32(v_shr_u32(position, FRACTION), stride);
    const vi sum = v_add_i32(part, VOP(shuffle_epi32)(part, 0xb1));
    v_store(at, v_add_i32(sum, VOP(shuffle_epi32)(sum, 0x4e)));
    return v_and(v_shr_u32(position, FRACTION - 15), v_set_i32(0x7fff));
}

/* Values to bytes. Saturating: near INT16_MAX the sum would wrap, but such values end as 255 all
 * the same. */
SIMD_INLINE vi round_words(vi mixed) {
    const vi words = v_shr_i16(v_adds_i16(mixed, v_set_i16(1 << (VALUE_BITS - 1))), VALUE_BITS);
    return v_packs_i16_u8(words, words);
}

#if SIMD_LEVEL == 3
/* Two groups, which share the third axis and what follows. */
SIMD_INLINE void two_groups(
    uint8_t *out, const uint8_t *in, const ImgLut3d *lut, vi scale, vi stride, __mmask32 keep) {
    uint32_t at[2][PIXELS * 4];
    const vi t1 = locate(at[0], v_load_quarter(in), scale, stride);
    const vi t2 = locate(at[1], v_load_quarter(in + 4 * PIXELS), scale, stride);
    const vi ends1 = narrow_ends(lut, at[0], t1), ends2 = narrow_ends(lut, at[1], t2);
    const vi t = v_shuffle_u8(
        v_unpackhi_i64(t1, t2),
        v_lanes(_mm_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 8, 9, 8, 9, 8, 9, 8, 9)));
    const vi mixed = mix_words(v_unpacklo_i64(ends1, ends2), v_unpackhi_i64(ends1, ends2), t);
    /* In each lane a pixel of the first and one of the second group. */
    const vi order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i bytes =
        _mm512_castsi512_si256(_mm512_permutexvar_epi32(order, round_words(mixed)));
    const __m256i source = _mm256_loadu_si256((const __m256i *)(const void *)in);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_mask_blend_epi8(keep, bytes, source));
}
#endif

static inline __attribute__((always_inline)) void SIMD_NAME(lut3d_pixels)(
    uint8_t *out, const uint8_t *in, const ImgLut3d *lut, vi scale, vi stride, bool narrow) {
    const vq source = v_load_quarter(in);
    uint32_t at[PIXELS * 4];
    const vi t = locate(at, source, scale, stride);
    vi bytes = round_words(narrow ? interpolate_narrow(lut, at, t) : interpolate(lut, at, t));
#if SIMD_LEVEL == 3
    bytes = _mm512_permutexvar_epi32(_mm512_set4_epi32(12, 8, 4, 0), bytes);
    __m128i result = _mm512_castsi512_si128(bytes);
#elif SIMD_LEVEL == 2
    __m128i result =
        _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
#else
    __m128i result = bytes;
#endif
    if (lut->channels == 3) {
        result = _mm_blendv_epi8(result, source, _mm_set1_epi32((int)0xff000000));
    }
    memcpy(out, &result, PIXELS * 4);
}

void SIMD_NAME(lut3d_row)(uint8_t *out, const uint8_t *in, int n, const ImgLut3d *given) {
    const ImgLut3d lut = *given; /* a copy that writing pixels cannot change */
    const vi scale = v_lanes(_mm_loadu_si128((const __m128i *)lut.scale));
    const vi stride = v_lanes(_mm_loadu_si128((const __m128i *)lut.stride));
    int x = 0;
    if (lut.narrow) {
#if SIMD_LEVEL == 3
        const __mmask32 keep = lut.channels == 3 ? 0x88888888u : 0; /* byte 3 of the source */
        for (; x + 2 * PIXELS <= n; x += 2 * PIXELS) {
            two_groups(out + x * 4, in + x * 4, &lut, scale, stride, keep);
        }
#endif
        for (; x + PIXELS <= n; x += PIXELS) {
            SIMD_NAME(lut3d_pixels)(out + x * 4, in + x * 4, &lut, scale, stride, true);
        }
    }
    for (; x + PIXELS <= n; x += PIXELS) {
        SIMD_NAME(lut3d_pixels)(out + x * 4, in + x * 4, &lut, scale, stride, false);
    }
    lut3d_row_scalar(out + x * 4, in + x * 4, n - x, &lut);
}

#undef BROADCAST
#undef interpolate
#undef interpolate_narrow
#undef narrow_ends
#undef locate
#undef round_words
#undef two_groups
#undef mix_words
#undef join
#undef mix_pairs
#undef corners
#undef cells
#undef PIXELS
