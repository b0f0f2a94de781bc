/* Horizontal convolution of bytes, four rows at a time, after a plan of plan8.tmpl.h, whose macros
 * it uses and undefines. */

/* --- Sums --- */

#if SIMD_LEVEL == 3
typedef struct {
    vi high, middle, low;
} SIMD_NAME(Sum);

SIMD_INLINE void SIMD_NAME(sum_start)(SIMD_NAME(Sum) * s, vi start) {
    s->high = s->middle = v_zero();
    s->low = start;
}

/* The high part of weights that are not `wide` is 0. */
SIMD_INLINE void SIMD_NAME(sum_add)(SIMD_NAME(Sum) * s, vi pixels, const vi *weights, bool wide) {
    if (wide) {
        s->high = v_dot_u8(s->high, pixels, weights[0]);
    }
    s->middle = v_dot_u8(s->middle, pixels, weights[1]);
    s->low = v_dot_u8(s->low, pixels, weights[2]);
}

SIMD_INLINE vi SIMD_NAME(sum_total)(const SIMD_NAME(Sum) * s) {
    return SIMD_NAME(join_sum)(s->high, s->middle, s->low);
}

/* The sum of the pixels alone, where `taps` has a 1. */
SIMD_INLINE vi SIMD_NAME(add_equal)(vi sum, vi pixels, vi taps) {
    return v_dot_u8(sum, pixels, taps);
}

SIMD_INLINE vi SIMD_NAME(equal_total)(vi sum, vi factor) {
    return v_mullo_i32(sum, factor);
}
#else
typedef struct {
    vi high, low;
} SIMD_NAME(Sum);

SIMD_INLINE void SIMD_NAME(sum_start)(SIMD_NAME(Sum) * s, vi start) {
    s->high = v_zero();
    s->low = start;
}

/* The high part of weights that are not `wide` is 0. */
SIMD_INLINE void SIMD_NAME(sum_add)(SIMD_NAME(Sum) * s, vi pixels, const vi *weights, bool wide) {
    if (wide) {
        s->high = v_add_i16(s->high, v_maddubs(pixels, weights[0]));
    }
    s->low = v_add_i32(s->low, v_madd_i16(v_unpacklo_i8(pixels, v_zero()), weights[1]));
    s->low = v_add_i32(s->low, v_madd_i16(v_unpackhi_i8(pixels, v_zero()), weights[2]));
}

SIMD_INLINE vi SIMD_NAME(sum_total)(const SIMD_NAME(Sum) * s) {
    const vi high = v_add_i32(v_unpacklo_i16(v_zero(), s->high), v_unpackhi_i16(v_zero(), s->high));
    return v_add_i32(s->low, high);
}

/* The sum of the pixels alone, where `taps` has a 1: in 16 bits until the end. */
SIMD_INLINE vi SIMD_NAME(add_equal)(vi sum, vi pixels, vi taps) {
    return v_add_i16(sum, v_maddubs(pixels, taps));
}

SIMD_INLINE vi SIMD_NAME(equal_total)(vi sum, vi factor) {
    return v_mullo_i32(v_madd_i16(sum, v_set_i16(1)), factor);
}
#endif

/* 16 bytes from each lane's place. */
SIMD_INLINE vi SIMD_NAME(gather_lanes)(const uint8_t *row, const int32_t *start) {
#if SIMD_LEVEL == 1
    return v_load(row + start[0]);
#elif SIMD_LEVEL == 2
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(row + start[0]))),
        _mm_loadu_si128((const __m128i *)(row + start[1])), 1);
#else
    const __m256i a = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(row + start[0]))),
        _mm_loadu_si128((const __m128i *)(row + start[1])), 1);
    const __m256i b = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(row + start[2]))),
        _mm_loadu_si128((const __m128i *)(row + start[3])), 1);
    return _mm512_inserti64x4(_mm512_castsi256_si512(a), b, 1);
#endif
}

/* Sorts the bytes of 4 pixels by band, as sum_add or add_equal wants them. */
SIMD_INLINE vi SIMD_NAME(band_order)(bool equal) {
    if (SIMD_LEVEL == 3 || equal) {
        return v_lanes(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    }
    return v_lanes(_mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15));
}

/* Totals of four rows (which began with HALF), in 32-bit elements, to bytes: in lane l, the
 * elements of lane l of row 0, of row 1, 2, 3. */
SIMD_INLINE vi SIMD_NAME(totals_to_bytes)(const vi *total) {
    vi t[4];
    for (int r = 0; r < 4; r++) {
        t[r] = v_shr_i32(total[r], RESAMPLE_BITS);
    }
    return v_packs_i16_u8(v_packs_i32_i16(t[0], t[1]), v_packs_i32_i16(t[2], t[3]));
}

/* Stores the 32-bit element r of each lane to row r, n bytes of it. */
SIMD_INLINE void SIMD_NAME(store_rows)(uint8_t *const *out, size_t at, vi bytes, size_t n) {
    enum { FULL = 4 * LANES };
    uint8_t *const o0 = out[0] + at, *const o1 = out[1] + at;
    uint8_t *const o2 = out[2] + at, *const o3 = out[3] + at;
#if SIMD_LEVEL == 1
    uint32_t rows[4];
    v_store(rows, bytes);
    memcpy(o0, &rows[0], n);
    memcpy(o1, &rows[1], n);
    memcpy(o2, &rows[2], n);
    memcpy(o3, &rows[3], n);
#elif SIMD_LEVEL == 2
    bytes = SIMD_NAME(order_pack4)(bytes);
    const __m128i a = _mm256_castsi256_si128(bytes), b = _mm256_extracti128_si256(bytes, 1);
    if (n == FULL) {
        _mm_storel_epi64((__m128i *)o0, a);
        _mm_storel_epi64((__m128i *)o1, _mm_unpackhi_epi64(a, a));
        _mm_storel_epi64((__m128i *)o2, b);
        _mm_storel_epi64((__m128i *)o3, _mm_unpackhi_epi64(b, b));
        return;
    }
    uint64_t rows[4];
    v_store(rows, bytes);
    memcpy(o0, &rows[0], n);
    memcpy(o1, &rows[1], n);
    memcpy(o2, &rows[2], n);
    memcpy(o3, &rows[3], n);
#else
    bytes = SIMD_NAME(order_pack4)(bytes);
    const __m128i a = _mm512_castsi512_si128(bytes), b = _mm512_extracti32x4_epi32(bytes, 1);
    const __m128i c = _mm512_extracti32x4_epi32(bytes, 2), d = _mm512_extracti32x4_epi32(bytes, 3);
    if (n == FULL) {
        _mm_storeu_si128((__m128i *)o0, a);
        _mm_storeu_si128((__m128i *)o1, b);
        _mm_storeu_si128((__m128i *)o2, c);
        _mm_storeu_si128((__m128i *)o3, d);
        return;
    }
    const __mmask16 m = (__mmask16)((1u << n) - 1);
    _mm_mask_storeu_epi8(o0, m, a);
    _mm_mask_storeu_epi8(o1, m, b);
    _mm_mask_storeu_epi8(o2, m, c);
    _mm_mask_storeu_epi8(o3, m, d);
#endif
}

/* --- Groups --- */

#if SIMD_LEVEL == 3
/* Band b of pixel j from byte 4 * j + b to byte 16 * b + j. */
SIMD_INLINE vi SIMD_NAME(spread_order)(void) {
    return _mm512_setr_epi32(
        0x0c080400, 0x1c181410, 0x2c282420, 0x3c383430, 0x0d090501, 0x1d191511, 0x2d292521,
        0x3d393531, 0x0e0a0602, 0x1e1a1612, 0x2e2a2622, 0x3e3a3632, 0x0f0b0703, 0x1f1b1713,
        0x2f2b2723, 0x3f3b3733);
}
#endif

/* The order that `fetch` wants. */
SIMD_INLINE vi SIMD_NAME(fetch_order)(Fetch how, bool equal) {
#if SIMD_LEVEL == 3
    if (how == NEIGHBOURS) {
        return SIMD_NAME(spread_order)();
    }
#endif
    (void)how;
    return SIMD_NAME(band_order)(equal);
}

/* Chunk c of a row. */
SIMD_INLINE vi
SIMD_NAME(fetch)(const uint8_t *row, const PlanGroup *g, int c, Fetch how, vi order) {
    switch (how) {
    case LANES_OF_BYTES:
        return SIMD_NAME(gather_lanes)(row + (size_t)c * 16, g->start);
    case LANES_OF_PIXELS:
        return v_shuffle_u8(SIMD_NAME(gather_lanes)(row + (size_t)c * 16, g->start), order);
    default: {
        const vi pixels = v_load(row + g->start[0] + (size_t)c * SIMD_BYTES);
#if SIMD_LEVEL == 3
        return _mm512_permutexvar_epi8(order, pixels);
#else
        return v_shuffle_u8(pixels, order);
#endif
    }
    }
}

/* One part of a chunk's weights. */
SIMD_INLINE vi SIMD_NAME(load_part)(const uint8_t **weights, Fetch how) {
    const uint8_t *p = *weights;
#if SIMD_LEVEL == 3
    if (how == NEIGHBOURS) { /* the same for all bands */
        *weights += 16;
        return v_lanes(_mm_loadu_si128((const __m128i *)p));
    }
#endif
    (void)how;
    *weights += SIMD_BYTES;
    return v_load(p);
}

/* Adds chunks from ... to - 1 to the sums of four rows. Returns the end of their weights. */
SIMD_INLINE const uint8_t *SIMD_NAME(add_chunks)(
    SIMD_NAME(Sum) * sum, const uint8_t *const *in, const PlanGroup *g, int from, int to,
    const uint8_t *weights, Fetch how, bool wide) {
    const vi order = SIMD_NAME(fetch_order)(how, false);
    for (int c = from; c < to; c++) {
        vi w[VECTORS];
        w[0] = wide ? SIMD_NAME(load_part)(&weights, how) : v_zero();
        w[1] = SIMD_NAME(load_part)(&weights, how);
        w[2] = SIMD_NAME(load_part)(&weights, how);
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            SIMD_NAME(sum_add)(&sum[r], SIMD_NAME(fetch)(in[r], g, c, how, order), w, wide);
        }
    }
    return weights;
}

/* Sums of one group's outputs in four rows, `start` added to each element. */
SIMD_INLINE void SIMD_NAME(group_totals)(
    vi *total, const uint8_t *const *in, const PlanGroup *g, const uint8_t *weights, Fetch how,
    vi start) {
    SIMD_NAME(Sum) sum[RESAMPLE_ROWS_8];
    const uint8_t *row[RESAMPLE_ROWS_8];
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        SIMD_NAME(sum_start)(&sum[r], start);
        row[r] = in[r];
    }
    if (how == NEIGHBOURS) {
        const int from = g->wide_from, to = g->wide_to;
        weights = SIMD_NAME(add_chunks)(sum, row, g, 0, from, weights, how, false);
        weights = SIMD_NAME(add_chunks)(sum, row, g, from, to, weights, how, true);
        SIMD_NAME(add_chunks)(sum, row, g, to, g->chunks, weights, how, false);
    } else {
        SIMD_NAME(add_chunks)(sum, row, g, 0, g->chunks, weights, how, true);
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = SIMD_NAME(sum_total)(&sum[r]);
    }
}

/* The same of an `equal` plan. */
SIMD_INLINE void SIMD_NAME(equal_totals)(
    vi *total, const uint8_t *const *in, const PlanGroup *g, const uint8_t *weights, Fetch how,
    vi start) {
    const vi order = SIMD_NAME(fetch_order)(how, true), factor = v_load(weights);
    const uint8_t *row[RESAMPLE_ROWS_8];
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = v_zero();
        row[r] = in[r];
    }
    weights += SIMD_BYTES;
    for (int c = 0; c < g->chunks; c++) {
        const vi taps = SIMD_NAME(load_part)(&weights, how);
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            const vi p = SIMD_NAME(fetch)(row[r], g, c, how, order);
            total[r] = SIMD_NAME(add_equal)(total[r], p, taps);
        }
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = v_add_i32(SIMD_NAME(equal_total)(total[r], factor), start);
    }
}

SIMD_INLINE void SIMD_NAME(totals)(
    vi *total, const uint8_t *const *in, const PlanGroup *g, const uint8_t *plan, bool equal,
    Fetch how, vi start) {
    if (equal) {
        SIMD_NAME(equal_totals)(total, in, g, plan + g->weights, how, start);
    } else {
        SIMD_NAME(group_totals)(total, in, g, plan + g->weights, how, start);
    }
}

/* Asks for what the next call will read, if the next rows follow these at the same distance; if
 * not, nothing is lost. `bytes` from `at` on, of each row. */
SIMD_INLINE void SIMD_NAME(look_ahead)(const uint8_t *const *in, size_t at, size_t bytes) {
    const uintptr_t ahead = RESAMPLE_ROWS_8 * ((uintptr_t)in[1] - (uintptr_t)in[0]);
    for (size_t i = (at + 63) / 64 * 64; i < at + bytes; i += 64) {
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            _mm_prefetch((const char *)((uintptr_t)in[r] + ahead + i), _MM_HINT_T1);
        }
    }
}

/* The same for what lies between this group's start and the next one's, which may lie to the left
 * near the end of a row. */
SIMD_INLINE void
SIMD_NAME(look_ahead_to)(const uint8_t *const *in, const PlanGroup *g, const PlanGroup *next) {
    const int bytes = next->start[0] - g->start[0];
    if (bytes > 0) {
        SIMD_NAME(look_ahead)(in, (size_t)g->start[0], bytes < 1024 ? (size_t)bytes : 1024);
    }
}

/* --- Rows --- */

SIMD_INLINE vi SIMD_NAME(gathered_bytes)(
    const uint8_t *const *in, const PlanGroup *g, const uint8_t *plan, vi keep, bool equal) {
    vi total[RESAMPLE_ROWS_8];
    SIMD_NAME(totals)(total, in, g, plan, equal, LANES_OF_PIXELS, v_set_i32(HALF));
    return v_and(SIMD_NAME(totals_to_bytes)(total), keep);
}

#if SIMD_LEVEL == 2
/* Two groups' bytes, as store_rows takes them, at once: 16 bytes of each row. */
SIMD_INLINE void SIMD_NAME(store_two)(uint8_t *const *out, size_t at, vi a, vi b) {
    const vi rows01 = SIMD_NAME(order_pack4)(v_unpacklo_i32(a, b));
    const vi rows23 = SIMD_NAME(order_pack4)(v_unpackhi_i32(a, b));
    _mm_storeu_si128((__m128i *)(out[0] + at), _mm256_castsi256_si128(rows01));
    _mm_storeu_si128((__m128i *)(out[1] + at), _mm256_extracti128_si256(rows01, 1));
    _mm_storeu_si128((__m128i *)(out[2] + at), _mm256_castsi256_si128(rows23));
    _mm_storeu_si128((__m128i *)(out[3] + at), _mm256_extracti128_si256(rows23, 1));
}
#endif

SIMD_INLINE void SIMD_NAME(pixels_gathered)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *plan, vi keep, bool equal) {
    size_t at = 0;
#if SIMD_LEVEL == 2
    for (; groups > 2; groups -= 2, g += 2, at += 16) {
        const vi a = SIMD_NAME(gathered_bytes)(in, g, plan, keep, equal);
        const vi b = SIMD_NAME(gathered_bytes)(in, g + 1, plan, keep, equal);
        SIMD_NAME(store_two)(out, at, a, b);
        SIMD_NAME(look_ahead_to)(in, g, g + 2);
    }
#endif
    for (int i = 0; i < groups; i++, g++, at += 4 * LANES) {
        const vi bytes = SIMD_NAME(gathered_bytes)(in, g, plan, keep, equal);
        SIMD_NAME(store_rows)(out, at, bytes, (size_t)g->outputs * 4);
        if (i + 1 < groups) {
            SIMD_NAME(look_ahead_to)(in, g, g + 1);
        }
    }
}

/* Adds the four elements of each lane: element r of the result is row r's sum. */
SIMD_INLINE vi SIMD_NAME(add_up_lanes)(const vi *t) {
    const vi a = v_add_i32(v_unpacklo_i32(t[0], t[1]), v_unpackhi_i32(t[0], t[1]));
    const vi b = v_add_i32(v_unpacklo_i32(t[2], t[3]), v_unpackhi_i32(t[2], t[3]));
    return v_add_i32(v_unpacklo_i64(a, b), v_unpackhi_i64(a, b));
}

/* 16 outputs of four rows, interleaved row by row, to the rows. */
SIMD_INLINE void SIMD_NAME(store_tile)(uint8_t *const *out, size_t at, const uint8_t *tile, int n) {
    const __m128i sort = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    __m128i t[4];
    for (int i = 0; i < 4; i++) {
        t[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(tile + 16 * i)), sort);
    }
    const __m128i lo01 = _mm_unpacklo_epi32(t[0], t[1]), lo23 = _mm_unpacklo_epi32(t[2], t[3]);
    const __m128i hi01 = _mm_unpackhi_epi32(t[0], t[1]), hi23 = _mm_unpackhi_epi32(t[2], t[3]);
    __m128i row[4] = {
        _mm_unpacklo_epi64(lo01, lo23), _mm_unpackhi_epi64(lo01, lo23),
        _mm_unpacklo_epi64(hi01, hi23), _mm_unpackhi_epi64(hi01, hi23)};
    for (int r = 0; r < 4; r++) {
        if (n == 16) {
            _mm_storeu_si128((__m128i *)(out[r] + at), row[r]);
        } else {
            memcpy(out[r] + at, &row[r], (size_t)n);
        }
    }
}

SIMD_INLINE void SIMD_NAME(bytes_gathered)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *plan, bool equal) {
    uint8_t tile[64 + SIMD_BYTES] = {0};
    size_t at = 0;
    int n = 0; /* outputs in the tile */
    for (int i = 0; i < groups; i++, g++) {
        vi total[RESAMPLE_ROWS_8];
        SIMD_NAME(totals)(total, in, g, plan, equal, LANES_OF_BYTES, v_zero());
        const vi sum = v_add_i32(SIMD_NAME(add_up_lanes)(total), v_set_i32(HALF));
        vi bytes = v_shr_i32(sum, RESAMPLE_BITS);
        bytes = v_packs_i32_i16(bytes, bytes);
        bytes = v_packs_i16_u8(bytes, bytes);
        uint32_t lanes[SIMD_BYTES / 4];
        v_store(lanes, bytes);
        for (int k = 0; k < LANES; k++) {
            memcpy(tile + 4 * (n + k), &lanes[4 * k], 4);
        }
        n += g->outputs;
        if (n == 16 || i == groups - 1) {
            SIMD_NAME(store_tile)(out, at, tile, n);
            at += (size_t)n;
            n = 0;
        }
    }
}

#if SIMD_LEVEL >= 2
/* Sums of one output in four rows to four pixels. */
SIMD_INLINE __m128i SIMD_NAME(pixels_of_sums)(const vi *total) {
#if SIMD_LEVEL == 3 /* one band in each lane */
    const vi sum = v_add_i32(SIMD_NAME(add_up_lanes)(total), v_set_i32(HALF));
    const vi v = v_max_i32(v_shr_i32(sum, RESAMPLE_BITS), v_zero());
    const __m128i by_band = _mm512_cvtusepi32_epi8(v);
    return _mm_shuffle_epi8(
        by_band, _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
#else /* all bands in each lane, to be added */
    vi rows[2];
    for (int i = 0; i < 2; i++) {
        const vi a = total[2 * i], b = total[2 * i + 1];
        const vi sum =
            v_add_i32(_mm256_permute2x128_si256(a, b, 0x20), _mm256_permute2x128_si256(a, b, 0x31));
        rows[i] = v_shr_i32(v_add_i32(sum, v_set_i32(HALF)), RESAMPLE_BITS);
    }
    const vi words = v_packs_i32_i16(rows[0], rows[1]); /* rows 0, 2; rows 1, 3 */
    const __m128i a = _mm256_castsi256_si128(words), b = _mm256_extracti128_si256(words, 1);
    return _mm_packus_epi16(_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b));
#endif
}

SIMD_INLINE void SIMD_NAME(pixels_spread)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *plan, vi keep, bool equal) {
    uint32_t mask;
    memcpy(&mask, &keep, 4);
    for (int i = 0; i < groups; i++, g++) {
        vi total[RESAMPLE_ROWS_8];
        SIMD_NAME(totals)(total, in, g, plan, equal, NEIGHBOURS, v_zero());
        uint32_t pixels[RESAMPLE_ROWS_8];
        _mm_storeu_si128((__m128i *)pixels, SIMD_NAME(pixels_of_sums)(total));
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            pixels[r] &= mask;
            memcpy(out[r] + 4 * (size_t)i, &pixels[r], 4);
        }
        if (i + 1 < groups) {
            SIMD_NAME(look_ahead_to)(in, g, g + 1);
        }
    }
}
#endif

#if SIMD_LEVEL == 3
#include "resample/window8.tmpl.h"
#endif

void SIMD_NAME(resample_h8_rows)(
    uint8_t *const *out, const uint8_t *const *in, const void *plan, uint32_t keep) {
    PlanHead p;
    memcpy(&p, plan, sizeof(p));
    const PlanGroup *groups = (const void *)((const uint8_t *)plan + sizeof(p));
    const vi kept = v_set_i32((int)keep);
#define WITH_EQUAL(F, ...)                                                                         \
    if (p.equal) {                                                                                 \
        SIMD_NAME(F)(out, in, groups, p.groups, plan, __VA_ARGS__ true);                           \
    } else {                                                                                       \
        SIMD_NAME(F)(out, in, groups, p.groups, plan, __VA_ARGS__ false);                          \
    }
#define AND_KEEP kept,
#if SIMD_LEVEL == 3
    if (p.kind == WINDOW || p.kind == PAIRS) {
        SIMD_NAME(windows)(out, in, groups, &p, plan, kept);
        return;
    }
#endif
#if SIMD_LEVEL >= 2
    if (p.kind == SPREAD) {
        WITH_EQUAL(pixels_spread, AND_KEEP)
        return;
    }
#endif
    if (p.pixel_size == 4) {
        WITH_EQUAL(pixels_gathered, AND_KEEP)
    } else {
        WITH_EQUAL(bytes_gathered, )
    }
#undef WITH_EQUAL
#undef AND_KEEP
}

#undef LANES
#undef VECTORS
#undef EQUAL_CHUNKS
#undef SPREAD_TAPS
#undef SHARE_BACK
