/* Vertical convolution of bytes. See convolve8.c for the arithmetic. */

#if SIMD_LEVEL == 3
/* Four rows at a time: their bytes are interleaved so that each 32-bit element holds one column of
 * four rows, which vpdpbusd multiplies with one byte of four weights. */
#define V_GROUP 4

/* The weights of each four rows: three times four bytes, the lowest last. */
static void SIMD_NAME(v8_split)(const int32_t *fixed, int taps, int32_t *split) {
    uint8_t *to = (uint8_t *)split;
    for (int k = 0; k < taps; k += V_GROUP, to += 12) {
        for (int j = 0; j < V_GROUP; j++) {
            const Digits d = split_bytes(k + j < taps ? fixed[k + j] : 0);
            to[j] = (uint8_t)d.high;
            to[4 + j] = (uint8_t)d.middle;
            to[8 + j] = (uint8_t)d.low;
        }
    }
}

SIMD_INLINE vi SIMD_NAME(v8_weight)(const int32_t *split) {
    return v_set_i32(*split);
}

/* 64 columns of four rows, of which `m` tells the ones to load, as four vectors. */
SIMD_INLINE void
SIMD_NAME(v8_interleave)(vi *p, const uint8_t *const *rows, size_t at, __mmask64 m) {
    const vi a = _mm512_maskz_loadu_epi8(m, rows[0] + at);
    const vi b = _mm512_maskz_loadu_epi8(m, rows[1] + at);
    const vi c = _mm512_maskz_loadu_epi8(m, rows[2] + at);
    const vi d = _mm512_maskz_loadu_epi8(m, rows[3] + at);
    const vi ab[2] = {v_unpacklo_i8(a, b), v_unpackhi_i8(a, b)};
    const vi cd[2] = {v_unpacklo_i8(c, d), v_unpackhi_i8(c, d)};
    for (int i = 0; i < 4; i++) {
        p[i] =
            i & 1 ? v_unpackhi_i16(ab[i >> 1], cd[i >> 1]) : v_unpacklo_i16(ab[i >> 1], cd[i >> 1]);
    }
}

/* Up to 4 * groups taps: the parts are added to one sum, the highest first. */
SIMD_INLINE void SIMD_NAME(v8_few)(
    vi *sum, const uint8_t *const *rows, size_t at, const int32_t *split, int groups, __mmask64 m) {
    vi p[2][4];
    for (int g = 0; g < groups; g++) {
        SIMD_NAME(v8_interleave)(p[g], rows + V_GROUP * g, at, m);
    }
    for (int i = 0; i < 4; i++) {
        sum[i] = v_set_i32(HALF >> 16);
        for (int part = 0; part < 3; part++) {
            sum[i] = part ? v_shl_i32(sum[i], 8) : sum[i];
            for (int g = 0; g < groups; g++) {
                sum[i] = v_dot_u8(sum[i], p[g][i], SIMD_NAME(v8_weight)(split + 3 * g + part));
            }
        }
    }
}

SIMD_INLINE void SIMD_NAME(v8_many)(
    vi *sum, const uint8_t *const *rows, size_t at, const int32_t *split, int taps, __mmask64 m) {
    vi high[4], middle[4], low[4];
    for (int i = 0; i < 4; i++) {
        high[i] = middle[i] = v_zero();
        low[i] = v_set_i32(HALF);
    }
    for (int k = 0; k < taps; k += V_GROUP, split += 3) {
        vi p[4];
        SIMD_NAME(v8_interleave)(p, rows + k, at, m);
        for (int i = 0; i < 4; i++) {
            high[i] = v_dot_u8(high[i], p[i], SIMD_NAME(v8_weight)(split));
            middle[i] = v_dot_u8(middle[i], p[i], SIMD_NAME(v8_weight)(split + 1));
            low[i] = v_dot_u8(low[i], p[i], SIMD_NAME(v8_weight)(split + 2));
        }
    }
    for (int i = 0; i < 4; i++) {
        sum[i] = SIMD_NAME(join_sum)(high[i], middle[i], low[i]);
    }
}

/* 64 columns, of which `m` tells the ones to load. `groups` is 1 or 2 if there are so few taps,
 * else 0. */
SIMD_INLINE vi SIMD_NAME(v8_column)(
    const uint8_t *const *rows, size_t at, const int32_t *split, int taps, int groups,
    __mmask64 m) {
    vi sum[4];
    if (groups) {
        SIMD_NAME(v8_few)(sum, rows, at, split, groups, m);
    } else {
        SIMD_NAME(v8_many)(sum, rows, at, split, taps, m);
    }
    for (int i = 0; i < 4; i++) {
        sum[i] = v_shr_i32(sum[i], RESAMPLE_BITS);
    }
    return v_packs_i16_u8(v_packs_i32_i16(sum[0], sum[1]), v_packs_i32_i16(sum[2], sum[3]));
}

SIMD_INLINE void SIMD_NAME(v8_row)(
    uint8_t *out, const uint8_t *const *rows, const int32_t *split, int taps, int groups,
    size_t bytes, vi keep) {
    size_t at = 0;
    for (; at + SIMD_BYTES <= bytes; at += SIMD_BYTES) {
        const vi v = SIMD_NAME(v8_column)(rows, at, split, taps, groups, ~(__mmask64)0);
        v_store(out + at, v_and(v, keep));
    }
    if (at < bytes) {
        const __mmask64 m = ((__mmask64)1 << (bytes - at)) - 1;
        const vi v = SIMD_NAME(v8_column)(rows, at, split, taps, groups, m);
        _mm512_mask_storeu_epi8(out + at, m, v_and(v, keep));
    }
}

static void SIMD_NAME(v8_columns)(
    uint8_t *out, const uint8_t *const *rows, const int32_t *split, int taps, size_t bytes,
    uint32_t kept) { /* not as a vector: GCC clears no upper halves then */
    const vi keep = v_set_i32((int)kept);
    if (taps <= V_GROUP) {
        SIMD_NAME(v8_row)(out, rows, split, taps, 1, bytes, keep);
    } else if (taps <= 2 * V_GROUP) {
        SIMD_NAME(v8_row)(out, rows, split, taps, 2, bytes, keep);
    } else {
        SIMD_NAME(v8_row)(out, rows, split, taps, 0, bytes, keep);
    }
}

#else
/* Two rows at a time, interleaved. */
#define V_GROUP 2

/* The weights of each two rows: the low words, then the high bytes, repeated. */
static void SIMD_NAME(v8_split)(const int32_t *fixed, int taps, int32_t *split) {
    for (int k = 0; k < taps; k += V_GROUP, split += 2) {
        const Halves a = split_halves(fixed[k]);
        const Halves b = split_halves(k + 1 < taps ? fixed[k + 1] : 0);
        split[0] = (int32_t)((uint16_t)a.low | (uint32_t)(uint16_t)b.low << 16);
        split[1] = (int32_t)(((uint8_t)a.high | (uint32_t)(uint8_t)b.high << 8) * 0x10001u);
    }
}

SIMD_INLINE vi
SIMD_NAME(v8_column)(const uint8_t *const *rows, size_t at, const int32_t *split, int taps) {
    vi low[4], high[2];
    high[0] = high[1] = v_zero();
    low[0] = low[1] = low[2] = low[3] = v_set_i32(HALF);
    for (int k = 0; k < taps; k += V_GROUP, split += 2) {
        const vi a = v_load(rows[k] + at), b = v_load(rows[k + 1] + at);
        const vi wl = v_set_i32(split[0]), wh = v_set_i32(split[1]);
        for (int i = 0; i < 2; i++) {
            const vi p = i ? v_unpackhi_i8(a, b) : v_unpacklo_i8(a, b);
            high[i] = v_add_i16(high[i], v_maddubs(p, wh));
            low[2 * i] = v_add_i32(low[2 * i], v_madd_i16(v_unpacklo_i8(p, v_zero()), wl));
            low[2 * i + 1] = v_add_i32(low[2 * i + 1], v_madd_i16(v_unpackhi_i8(p, v_zero()), wl));
        }
    }
    for (int i = 0; i < 4; i++) {
        const vi h = i & 1 ? v_unpackhi_i16(v_zero(), high[i >> 1])
                           : v_unpacklo_i16(v_zero(), high[i >> 1]); /* times 2^16 */
        low[i] = v_shr_i32(v_add_i32(low[i], h), RESAMPLE_BITS);
    }
    return v_packs_i16_u8(v_packs_i32_i16(low[0], low[1]), v_packs_i32_i16(low[2], low[3]));
}

static void SIMD_NAME(v8_columns)(
    uint8_t *out, const uint8_t *const *rows, const int32_t *split, int taps, size_t bytes,
    uint32_t kept) { /* not as a vector: GCC clears no upper halves then */
    const vi keep = v_set_i32((int)kept);
    size_t at = 0;
    for (; at + SIMD_BYTES <= bytes; at += SIMD_BYTES) {
        v_store(out + at, v_and(SIMD_NAME(v8_column)(rows, at, split, taps), keep));
    }
    if (at < bytes) { /* once more, the last whole vector; `keep` repeats every 4 bytes */
        const size_t shift = (bytes - SIMD_BYTES) & 3;
        const vi last = SIMD_NAME(v8_column)(rows, bytes - SIMD_BYTES, split, taps);
        const vi mask = shift == 0 ? keep : v_set_u8(255);
        v_store(out + bytes - SIMD_BYTES, v_and(last, mask));
    }
}
#endif

/* Two rows with weights of one half: (HALF + HALF * (a + b)) >> 22 is (a + b + 1) >> 1. */
static void SIMD_NAME(v8_mean)(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes) {
    for (size_t x = 0; x < bytes; x += SIMD_BYTES) {
        const size_t at = x + SIMD_BYTES <= bytes ? x : bytes - SIMD_BYTES; /* may overlap */
        v_store(out + at, VOP(avg_epu8)(v_load(a + at), v_load(b + at)));
    }
}

void SIMD_NAME(resample_v8_row)(
    uint8_t *out, const uint8_t *const *rows, const int32_t *fixed, int taps, size_t bytes,
    uint32_t keep, int32_t *scratch) {
    if (taps == 0) {
        memset(out, 0, bytes);
        return;
    }
    if (taps == 1 && fixed[0] == 1 << RESAMPLE_BITS && keep == UINT32_MAX) {
        memcpy(out, rows[0], bytes);
        return;
    }
    if (taps == 2 && fixed[0] == HALF && fixed[1] == HALF && bytes >= SIMD_BYTES &&
        keep == UINT32_MAX) {
        SIMD_NAME(v8_mean)(out, rows[0], rows[1], bytes);
        return;
    }
    if (SIMD_LEVEL < 3 && bytes < SIMD_BYTES) {
        resample_v8_row_scalar(out, rows, fixed, taps, bytes, keep, scratch);
        return;
    }
    SIMD_NAME(v8_split)(fixed, taps, scratch);
    SIMD_NAME(v8_columns)(out, rows, scratch, taps, bytes, keep);
}

#undef V_GROUP
