/* Horizontal convolution of bytes, four rows at a time.
 *
 * The plan of a strip holds, for each group of outputs that a vector makes at once, where its taps
 * start and the weights in the order in which the vector meets them:
 *
 *  - gathered: each 128-bit lane belongs to one output and takes 16 bytes of its taps at a time:
 *    4 pixels of 4 bytes, whose bytes are then sorted by band, or 16 one-byte pixels, whose sums
 * are added up at the end.
 *  - window (AVX-512): each 32-bit element belongs to one output byte and takes 4 taps at a time
 *    out of a window of 64 bytes that contains the taps of all 16 of them; a byte permutation
 *    brings them there. For scales up to 4.
 *  - spread (AVX-512): the vector belongs to one output and takes 16 pixels of 4 bytes at a time;
 *    a byte permutation sorts them by band, one in each lane. For many taps.
 *
 * Taps that would reach beyond the readable part of a row are moved to the left; the weights in
 * front of the first tap are then 0, as are those behind the last. */

#define LANES (SIMD_BYTES / 16)
#define VECTORS 3 /* of weights, per chunk */
/* From how many taps on one output at a time is preferred to one in each lane: the sums across the
 * lanes at its end must be paid for by loads that need no gathering. */
#define SPREAD_TAPS 24

static inline PlanShape SIMD_NAME(shape)(PlanKind kind, int pixel_size) {
    switch (kind) {
    case WINDOW:
        return (PlanShape){kind, pixel_size, 16 / pixel_size, 4, SIMD_BYTES};
    case SPREAD:
        return (PlanShape){kind, pixel_size, 1, 16, 16};
    default:
        return (PlanShape){kind, pixel_size, LANES, 16 / pixel_size, SIMD_BYTES};
    }
}

/* Writes one weight to where lane `lane` of the chunk meets tap `j`. */
static inline void SIMD_NAME(place)(uint8_t *chunk, int lane, int j, PlanShape s, int32_t q) {
#if SIMD_LEVEL == 3
    const Digits d = split_bytes(q);
    const int repeats = s.kind == SPREAD ? 1 : s.pixel_size; /* a weight serves all bands */
    uint8_t *to = chunk + lane * (s.plane / s.per_group) + j;
    for (int b = 0; b < repeats; b++, to += 4) {
        to[0] = (uint8_t)d.high;
        to[s.plane] = (uint8_t)d.middle;
        to[2 * s.plane] = (uint8_t)d.low;
    }
#else
    const Halves h = split_halves(q);
    uint8_t *high = chunk + 16 * lane;
    int16_t *low = (int16_t *)(chunk + SIMD_BYTES) + 8 * lane;
    if (s.pixel_size == 1) {
        high[j] = (uint8_t)h.high;
        low[(j >> 3) * (SIMD_BYTES / 2) + (j & 7)] = h.low;
        return;
    }
    for (int b = 0; b < 4; b++) {
        high[8 * (j >> 1) + 2 * b + (j & 1)] = (uint8_t)h.high;
        low[(j >> 1) * (SIMD_BYTES / 2) + 2 * b + (j & 1)] = h.low;
    }
#endif
}

/* The weights of one group, moved so that lane i starts at pixel start[i]. */
SIMD_INLINE void SIMD_NAME(place_group)(
    uint8_t *weights, const TapTable *t, int from, int n, const int *start, PlanShape s) {
    for (int i = 0; i < n; i++) {
        const int32_t *q = t->fixed + (size_t)(from + i) * t->max_taps;
        const int shift = t->first[from + i] - t->origin - start[i];
        uint8_t *chunk = weights + (size_t)(shift / s.per_chunk) * VECTORS * s.plane;
        int j = shift % s.per_chunk;
        for (int k = 0; k < t->count[from + i]; k++) {
            SIMD_NAME(place)(chunk, i, j, s, q[k]);
            if (++j == s.per_chunk) {
                j = 0;
                chunk += VECTORS * s.plane;
            }
        }
    }
}

/* The same, with the shape a constant. */
static void SIMD_NAME(place_shaped)(
    uint8_t *weights, const TapTable *t, int from, int n, const int *start, PlanShape s) {
#define PLACE(KIND, SIZE)                                                                          \
    SIMD_NAME(place_group)(weights, t, from, n, start, SIMD_NAME(shape)(KIND, SIZE))
#if SIMD_LEVEL == 3
    if (s.kind == SPREAD) {
        PLACE(SPREAD, 4);
    } else if (s.kind == WINDOW && s.pixel_size == 4) {
        PLACE(WINDOW, 4);
    } else if (s.kind == WINDOW) {
        PLACE(WINDOW, 1);
    } else
#endif
        if (s.pixel_size == 4) {
        PLACE(GATHERED, 4);
    } else {
        PLACE(GATHERED, 1);
    }
#undef PLACE
}

/* The first pixels of a group's outputs (of the last, for lanes in excess) and the number of its
 * chunks; 0 if they do not fit. */
static int SIMD_NAME(group_starts)(
    const TapTable *t, int from, int n, int per_chunk, size_t readable, int *start) {
    int taps = 1;
    for (int i = 0; i < n; i++) {
        taps = t->count[from + i] > taps ? t->count[from + i] : taps;
    }
    const int chunks = (taps + per_chunk - 1) / per_chunk;
    const int64_t latest = (int64_t)readable - (int64_t)chunks * per_chunk;
    if (latest < 0) {
        return 0;
    }
    for (int i = 0; i < 16; i++) {
        const int first = t->first[from + (i < n ? i : n - 1)] - t->origin;
        start[i] = first <= latest ? first : (int)latest;
    }
    return chunks;
}

#if SIMD_LEVEL == 3
/* Where the window of a group starts, in bytes; or -1 if there is none. */
static int64_t
SIMD_NAME(window_start)(const int *start, int chunks, int pixel_size, size_t readable) {
    const int step = 4 * pixel_size;
    const int64_t latest = (int64_t)readable * pixel_size - 64 - (int64_t)(chunks - 1) * step;
    const int64_t first = (int64_t)start[0] * pixel_size;
    const int64_t base = first < latest ? first : latest;
    if (base < 0 || ((int64_t)start[15] + 4) * pixel_size - base > 64) {
        return -1;
    }
    return base;
}

/* For each of the 64 bytes of a chunk, the byte of the window that belongs there. */
static void
SIMD_NAME(place_indices)(uint8_t *index, const int *start, int64_t base, int pixel_size) {
    for (int i = 0; i < 16 / pixel_size; i++) {
        const int64_t first = (int64_t)start[i] * pixel_size - base;
        for (int b = 0; b < pixel_size; b++) {
            for (int j = 0; j < 4; j++) {
                *index++ = (uint8_t)(first + j * pixel_size + b);
            }
        }
    }
}
#endif

/* Where the chunks of a group start. False if they cannot. */
static bool
SIMD_NAME(place_starts)(PlanGroup *group, const int *start, const PlanShape *s, size_t readable) {
    for (int i = 0; i < LANES; i++) {
        group->start[i] = start[i] * s->pixel_size;
    }
#if SIMD_LEVEL == 3
    if (s->kind == WINDOW) {
        const int64_t base = SIMD_NAME(window_start)(start, group->chunks, s->pixel_size, readable);
        group->start[0] = (int32_t)base;
        return base >= 0;
    }
#endif
    (void)readable;
    return true;
}

/* Lays the plan out, and writes it if `to` is not NULL. Returns its size, 0 if it cannot be. */
static size_t
SIMD_NAME(lay_out)(const TapTable *t, int outputs, PlanShape s, size_t readable, uint8_t *to) {
    const int groups = (outputs + s.per_group - 1) / s.per_group;
    const size_t weights = round_up_64(sizeof(PlanHead) + (size_t)groups * sizeof(PlanGroup));
    size_t at = weights;
    int start[16];
    for (int g = 0; g < groups; g++) {
        const int from = g * s.per_group;
        const int n = outputs - from < s.per_group ? outputs - from : s.per_group;
        const int chunks = SIMD_NAME(group_starts)(t, from, n, s.per_chunk, readable, start);
        PlanGroup group = {.chunks = chunks, .outputs = n};
        if (chunks == 0 || !SIMD_NAME(place_starts)(&group, start, &s, readable)) {
            return 0;
        }
        const size_t bytes = (size_t)chunks * VECTORS * s.plane;
        const size_t indices = s.kind == WINDOW ? SIMD_BYTES : 0;
        if (to) {
            uint8_t *head = to + sizeof(PlanHead) + (size_t)g * sizeof(group);
            memcpy(head, &group, sizeof(group));
#if SIMD_LEVEL == 3
            if (s.kind == WINDOW) {
                SIMD_NAME(place_indices)(to + at, start, group.start[0], s.pixel_size);
            }
#endif
            memset(to + at + indices, 0, bytes);
            SIMD_NAME(place_shaped)(to + at + indices, t, from, n, start, s);
        }
        at += indices + bytes;
    }
    if (to) {
        const PlanHead plan = {groups, s.pixel_size, (int32_t)s.kind, weights};
        memcpy(to, &plan, sizeof(plan));
    }
    return at;
}

size_t SIMD_NAME(resample_h8_plan)(
    const int *first, const int *count, const int32_t *fixed, int max_taps, int outputs,
    int pixel_size, int origin, size_t readable, void *plan) {
    const TapTable t = {first, count, fixed, max_taps, origin};
    PlanShape shape = SIMD_NAME(shape)(GATHERED, pixel_size);
    size_t size = 0;
    /* Nothing is written before it is known that a kind fits. */
#if SIMD_LEVEL == 3
    const PlanShape window = SIMD_NAME(shape)(WINDOW, pixel_size);
    size = SIMD_NAME(lay_out)(&t, outputs, window, readable, NULL);
    if (size) {
        shape = window;
    } else if (pixel_size == 4 && max_taps >= SPREAD_TAPS) {
        shape = SIMD_NAME(shape)(SPREAD, pixel_size);
    }
#endif
    if (!size) {
        size = SIMD_NAME(lay_out)(&t, outputs, shape, readable, NULL);
    }
    if (size && plan) {
        SIMD_NAME(lay_out)(&t, outputs, shape, readable, plan);
    }
    return size;
}

/* --- Sums --- */

#if SIMD_LEVEL == 3
typedef struct {
    vi high, middle, low;
} SIMD_NAME(Sum);

SIMD_INLINE void SIMD_NAME(sum_start)(SIMD_NAME(Sum) * s, vi start) {
    s->high = s->middle = v_zero();
    s->low = start;
}

SIMD_INLINE void SIMD_NAME(sum_add)(SIMD_NAME(Sum) * s, vi pixels, const vi *weights) {
    s->high = v_dot_u8(s->high, pixels, weights[0]);
    s->middle = v_dot_u8(s->middle, pixels, weights[1]);
    s->low = v_dot_u8(s->low, pixels, weights[2]);
}

SIMD_INLINE vi SIMD_NAME(sum_total)(const SIMD_NAME(Sum) * s) {
    return SIMD_NAME(join_sum)(s->high, s->middle, s->low);
}
#else
typedef struct {
    vi high, low;
} SIMD_NAME(Sum);

SIMD_INLINE void SIMD_NAME(sum_start)(SIMD_NAME(Sum) * s, vi start) {
    s->high = v_zero();
    s->low = start;
}

SIMD_INLINE void SIMD_NAME(sum_add)(SIMD_NAME(Sum) * s, vi pixels, const vi *weights) {
    s->high = v_add_i16(s->high, v_maddubs(pixels, weights[0]));
    s->low = v_add_i32(s->low, v_madd_i16(v_unpacklo_i8(pixels, v_zero()), weights[1]));
    s->low = v_add_i32(s->low, v_madd_i16(v_unpackhi_i8(pixels, v_zero()), weights[2]));
}

SIMD_INLINE vi SIMD_NAME(sum_total)(const SIMD_NAME(Sum) * s) {
    const vi high = v_add_i32(v_unpacklo_i16(v_zero(), s->high), v_unpackhi_i16(v_zero(), s->high));
    return v_add_i32(s->low, high);
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

/* Sorts the bytes of 4 pixels by band, as sum_add wants them. */
SIMD_INLINE vi SIMD_NAME(band_order)(void) {
#if SIMD_LEVEL == 3
    return v_lanes(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
#else
    return v_lanes(_mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15));
#endif
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
    bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    const __m128i a = _mm256_castsi256_si128(bytes), b = _mm256_extracti128_si256(bytes, 1);
    if (n == FULL) {
        _mm_storel_epi64((__m128i *)o0, a);
        _mm_storeh_pd((double *)o1, _mm_castsi128_pd(a));
        _mm_storel_epi64((__m128i *)o2, b);
        _mm_storeh_pd((double *)o3, _mm_castsi128_pd(b));
        return;
    }
    uint64_t rows[4];
    v_store(rows, bytes);
    memcpy(o0, &rows[0], n);
    memcpy(o1, &rows[1], n);
    memcpy(o2, &rows[2], n);
    memcpy(o3, &rows[3], n);
#else
    bytes = _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), bytes);
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

/* --- Rows --- */

SIMD_INLINE const vi *SIMD_NAME(load_weights)(vi *w, const uint8_t *p) {
    for (int i = 0; i < VECTORS; i++) {
        w[i] = v_load(p + (size_t)i * SIMD_BYTES);
    }
    return w;
}

/* Sums of one group's outputs in four rows; lanes gathered. Returns the end of its weights. */
SIMD_INLINE const uint8_t *SIMD_NAME(gathered_totals)(
    vi *total, const uint8_t *const *in, const PlanGroup *g, const uint8_t *weights, bool sort) {
    const vi order = SIMD_NAME(band_order)();
    SIMD_NAME(Sum) sum[RESAMPLE_ROWS_8];
    const uint8_t *row[RESAMPLE_ROWS_8];
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        SIMD_NAME(sum_start)(&sum[r], sort ? v_set_i32(HALF) : v_zero());
        row[r] = in[r];
    }
    for (int c = 0; c < g->chunks; c++, weights += VECTORS * SIMD_BYTES) {
        vi w[VECTORS];
        SIMD_NAME(load_weights)(w, weights);
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            vi p = SIMD_NAME(gather_lanes)(row[r] + (size_t)c * 16, g->start);
            p = sort ? v_shuffle_u8(p, order) : p;
            SIMD_NAME(sum_add)(&sum[r], p, w);
        }
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = SIMD_NAME(sum_total)(&sum[r]);
    }
    return weights;
}

static void SIMD_NAME(pixels_gathered)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *weights, vi keep) {
    size_t at = 0;
    for (int i = 0; i < groups; i++, g++, at += 4 * LANES) {
        vi total[RESAMPLE_ROWS_8];
        weights = SIMD_NAME(gathered_totals)(total, in, g, weights, true);
        const vi bytes = v_and(SIMD_NAME(totals_to_bytes)(total), keep);
        SIMD_NAME(store_rows)(out, at, bytes, (size_t)g->outputs * 4);
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

static void SIMD_NAME(bytes_gathered)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *weights) {
    uint8_t tile[64 + SIMD_BYTES] = {0};
    size_t at = 0;
    int n = 0; /* outputs in the tile */
    for (int i = 0; i < groups; i++, g++) {
        vi total[RESAMPLE_ROWS_8];
        weights = SIMD_NAME(gathered_totals)(total, in, g, weights, false);
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

#if SIMD_LEVEL == 3
/* Of one chunk: the parts of the weights are added to one sum, the highest first. */
SIMD_INLINE void SIMD_NAME(window_totals_1)(
    vi *total, const uint8_t *const *in, size_t at, vi index, const uint8_t *weights) {
    vi w[VECTORS];
    SIMD_NAME(load_weights)(w, weights);
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        const vi p = _mm512_permutexvar_epi8(index, v_load(in[r] + at));
        vi sum = v_dot_u8(v_set_i32(HALF >> 16), p, w[0]);
        sum = v_dot_u8(v_shl_i32(sum, 8), p, w[1]);
        total[r] = v_dot_u8(v_shl_i32(sum, 8), p, w[2]);
    }
}

SIMD_INLINE void SIMD_NAME(window_totals)(
    vi *total, const uint8_t *const *in, size_t at, int chunks, size_t step, vi index,
    const uint8_t *weights) {
    SIMD_NAME(Sum) sum[RESAMPLE_ROWS_8];
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        SIMD_NAME(sum_start)(&sum[r], v_set_i32(HALF));
    }
    for (int c = 0; c < chunks; c++, weights += VECTORS * SIMD_BYTES, at += step) {
        vi w[VECTORS];
        SIMD_NAME(load_weights)(w, weights);
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            const vi p = _mm512_permutexvar_epi8(index, v_load(in[r] + at));
            SIMD_NAME(sum_add)(&sum[r], p, w);
        }
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = SIMD_NAME(sum_total)(&sum[r]);
    }
}

static void SIMD_NAME(windows)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *weights, int pixel_size, vi keep) {
    const size_t step = 4 * (size_t)pixel_size;
    for (int i = 0; i < groups; i++, g++) {
        const vi index = v_load(weights);
        weights += SIMD_BYTES;
        vi total[RESAMPLE_ROWS_8];
        const size_t at = (size_t)g->start[0];
        if (g->chunks == 1) {
            SIMD_NAME(window_totals_1)(total, in, at, index, weights);
        } else {
            SIMD_NAME(window_totals)(total, in, at, g->chunks, step, index, weights);
        }
        weights += (size_t)g->chunks * VECTORS * SIMD_BYTES;
        const vi bytes = v_and(SIMD_NAME(totals_to_bytes)(total), keep);
        SIMD_NAME(store_rows)(out, (size_t)i * 16, bytes, (size_t)g->outputs * pixel_size);
    }
}

/* Sums of the bands in four rows, one band in each lane, to four pixels. */
SIMD_INLINE __m128i SIMD_NAME(pixels_of_sums)(const vi *total) {
    const vi sum = v_add_i32(SIMD_NAME(add_up_lanes)(total), v_set_i32(HALF));
    const vi v = v_max_i32(v_shr_i32(sum, RESAMPLE_BITS), v_zero());
    const __m128i by_band = _mm512_cvtusepi32_epi8(v);
    return _mm_shuffle_epi8(
        by_band, _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}

static void SIMD_NAME(pixels_spread)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *weights, vi keep) {
    /* Byte 16 * b + j is band b of pixel j. */
    const vi base = _mm512_setr_epi32(
        0x0c080400, 0x1c181410, 0x2c282420, 0x3c383430, 0x0d090501, 0x1d191511, 0x2d292521,
        0x3d393531, 0x0e0a0602, 0x1e1a1612, 0x2e2a2622, 0x3e3a3632, 0x0f0b0703, 0x1f1b1713,
        0x2f2b2723, 0x3f3b3733);
    for (int i = 0; i < groups; i++, g++) {
        SIMD_NAME(Sum) sum[RESAMPLE_ROWS_8];
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            SIMD_NAME(sum_start)(&sum[r], v_zero());
        }
        size_t at = (size_t)g->start[0];
        for (int c = 0; c < g->chunks; c++, weights += VECTORS * 16, at += 64) {
            vi w[VECTORS];
            for (int k = 0; k < VECTORS; k++) {
                w[k] = v_lanes(_mm_loadu_si128((const __m128i *)(weights + 16 * k)));
            }
            for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
                const vi p = _mm512_permutexvar_epi8(base, v_load(in[r] + at));
                SIMD_NAME(sum_add)(&sum[r], p, w);
            }
        }
        vi total[RESAMPLE_ROWS_8];
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            total[r] = SIMD_NAME(sum_total)(&sum[r]);
        }
        const __m128i px =
            _mm_and_si128(SIMD_NAME(pixels_of_sums)(total), _mm512_castsi512_si128(keep));
        uint32_t pixels[RESAMPLE_ROWS_8];
        _mm_storeu_si128((__m128i *)pixels, px);
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            memcpy(out[r] + 4 * (size_t)i, &pixels[r], 4);
        }
    }
}
#endif

void SIMD_NAME(resample_h8_rows)(
    uint8_t *const *out, const uint8_t *const *in, const void *plan, uint32_t keep) {
    PlanHead p;
    memcpy(&p, plan, sizeof(p));
    const PlanGroup *groups = (const void *)((const uint8_t *)plan + sizeof(p));
    const uint8_t *weights = (const uint8_t *)plan + p.weights;
    const vi kept = v_set_i32((int)keep);
#if SIMD_LEVEL == 3
    if (p.kind == WINDOW) {
        SIMD_NAME(windows)(out, in, groups, p.groups, weights, p.pixel_size, kept);
        return;
    }
    if (p.kind == SPREAD) {
        SIMD_NAME(pixels_spread)(out, in, groups, p.groups, weights, kept);
        return;
    }
#endif
    if (p.pixel_size == 4) {
        SIMD_NAME(pixels_gathered)(out, in, groups, p.groups, weights, kept);
    } else {
        SIMD_NAME(bytes_gathered)(out, in, groups, p.groups, weights);
    }
}

#undef LANES
#undef VECTORS
#undef SPREAD_TAPS
