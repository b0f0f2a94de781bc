/* The SIMD levels of convolve_wide.c.
 *
 * Everything goes by eights: an `Eight` is eight samples as stored (32 bits each; 16-bit ones
 * widened), an `Oct` eight doubles. The vertical pass takes eight columns; the horizontal pass
 * eight rows, which are first turned into columns of doubles, so that a tap is one load, no matter
 * where it is, and then turned back. Each sum adds its taps one by one in ascending order. */

#define VDS (64 / SIMD_BYTES) /* vectors of an Oct */
/* Octs computed at once, to hide the latency of an addition: 8 vectors, as far as Octs go. */
#if SIMD_LEVEL == 1
#define FLIGHT 2
#else
#define FLIGHT 4
#endif
/* From how many taps on it pays to share columns between the outputs of a flight. */
#define OVERLAP_TAPS 16
#define EACH_VD(i) for (int i = 0; i < VDS; i++)

typedef struct {
    vd v[VDS];
} SIMD_NAME(Oct);

#if SIMD_LEVEL == 1
typedef struct {
    __m128i lo, hi;
} SIMD_NAME(Eight);
#else
typedef __m256i SIMD_NAME(Eight);
#endif
#define Oct SIMD_NAME(Oct)
#define Eight SIMD_NAME(Eight)

SIMD_INLINE __m128i SIMD_NAME(swap_bytes)(__m128i a) {
    return _mm_shuffle_epi8(a, _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
}

SIMD_INLINE Eight SIMD_NAME(load_eight)(const uint8_t *p, int sample) {
    const __m128i first = _mm_loadu_si128((const __m128i *)p);
    const bool is_16 = sample == SAMPLE_U16LE || sample == SAMPLE_U16BE;
    const __m128i u16 = sample == SAMPLE_U16BE ? SIMD_NAME(swap_bytes)(first) : first;
#if SIMD_LEVEL == 1
    if (is_16) {
        return (Eight){_mm_cvtepu16_epi32(u16), _mm_cvtepu16_epi32(_mm_srli_si128(u16, 8))};
    }
    return (Eight){first, _mm_loadu_si128((const __m128i *)(p + 16))};
#else
    return is_16 ? _mm256_cvtepu16_epi32(u16) : _mm256_loadu_si256((const __m256i *)p);
#endif
}

SIMD_INLINE void SIMD_NAME(store_eight)(uint8_t *p, Eight a, int sample) {
    const bool is_16 = sample == SAMPLE_U16LE || sample == SAMPLE_U16BE;
#if SIMD_LEVEL == 1
    const __m128i lo = a.lo, hi = a.hi;
#else
    const __m128i lo = _mm256_castsi256_si128(a), hi = _mm256_extracti128_si256(a, 1);
#endif
    if (is_16) { /* the unsigned saturation of the pack is the clamp to 0 ... 65535 */
        const __m128i u16 = _mm_packus_epi32(lo, hi);
        _mm_storeu_si128((__m128i *)p, sample == SAMPLE_U16BE ? SIMD_NAME(swap_bytes)(u16) : u16);
        return;
    }
#if SIMD_LEVEL == 1
    _mm_storeu_si128((__m128i *)p, lo);
    _mm_storeu_si128((__m128i *)(p + 16), hi);
#else
    _mm256_storeu_si256((__m256i *)p, a);
#endif
}

SIMD_INLINE Oct SIMD_NAME(to_doubles)(Eight a, int sample) {
    Oct o;
#if SIMD_LEVEL == 1
    const __m128i q[4] = {a.lo, _mm_srli_si128(a.lo, 8), a.hi, _mm_srli_si128(a.hi, 8)};
    EACH_VD(i) {
        o.v[i] =
            sample == SAMPLE_F32 ? _mm_cvtps_pd(_mm_castsi128_ps(q[i])) : _mm_cvtepi32_pd(q[i]);
    }
#elif SIMD_LEVEL == 2
    const __m128i q[2] = {_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1)};
    EACH_VD(i) {
        o.v[i] = sample == SAMPLE_F32 ? _mm256_cvtps_pd(_mm_castsi128_ps(q[i]))
                                      : _mm256_cvtepi32_pd(q[i]);
    }
#else
    o.v[0] = sample == SAMPLE_F32 ? _mm512_cvtps_pd(_mm256_castsi256_ps(a)) : _mm512_cvtepi32_pd(a);
#endif
    return o;
}

/* One half with the sign of s; then + and truncation round half away from zero. */
SIMD_INLINE vd SIMD_NAME(rounded)(vd s) {
    const vd sign = v_set_f64(-0.0);
    const vd half = VOP(or_pd)(VOP(and_pd)(s, sign), v_set_f64(0.5));
    return v_add_f64(s, half);
}

/* Out of range gives INT32_MIN. */
SIMD_INLINE Eight SIMD_NAME(to_samples)(const Oct *o, int sample) {
#if SIMD_LEVEL == 1
    __m128i q[4];
    EACH_VD(i) {
        q[i] = sample == SAMPLE_F32 ? _mm_castps_si128(_mm_cvtpd_ps(o->v[i]))
                                    : _mm_cvttpd_epi32(SIMD_NAME(rounded)(o->v[i]));
    }
    return (Eight){_mm_unpacklo_epi64(q[0], q[1]), _mm_unpacklo_epi64(q[2], q[3])};
#elif SIMD_LEVEL == 2
    __m128i q[2];
    EACH_VD(i) {
        q[i] = sample == SAMPLE_F32 ? _mm_castps_si128(_mm256_cvtpd_ps(o->v[i]))
                                    : _mm256_cvttpd_epi32(SIMD_NAME(rounded)(o->v[i]));
    }
    return _mm256_inserti128_si256(_mm256_castsi128_si256(q[0]), q[1], 1);
#else
    return sample == SAMPLE_F32 ? _mm256_castps_si256(_mm512_cvtpd_ps(o->v[0]))
                                : _mm512_cvttpd_epi32(SIMD_NAME(rounded)(o->v[0]));
#endif
}

/* Rows to columns. */
SIMD_INLINE void SIMD_NAME(transpose_eights)(Eight *a) {
#if SIMD_LEVEL == 1
    __m128i m[4][4]; /* quadrants: rows 0-3 and 4-7, columns 0-3 and 4-7 */
    for (int r = 0; r < 4; r++) {
        m[0][r] = a[r].lo;
        m[1][r] = a[r].hi;
        m[2][r] = a[r + 4].lo;
        m[3][r] = a[r + 4].hi;
    }
    for (int q = 0; q < 4; q++) {
        const __m128i t0 = _mm_unpacklo_epi32(m[q][0], m[q][1]);
        const __m128i t1 = _mm_unpacklo_epi32(m[q][2], m[q][3]);
        const __m128i t2 = _mm_unpackhi_epi32(m[q][0], m[q][1]);
        const __m128i t3 = _mm_unpackhi_epi32(m[q][2], m[q][3]);
        m[q][0] = _mm_unpacklo_epi64(t0, t1);
        m[q][1] = _mm_unpackhi_epi64(t0, t1);
        m[q][2] = _mm_unpacklo_epi64(t2, t3);
        m[q][3] = _mm_unpackhi_epi64(t2, t3);
    }
    for (int r = 0; r < 4; r++) {
        a[r] = (Eight){m[0][r], m[2][r]};
        a[r + 4] = (Eight){m[1][r], m[3][r]};
    }
#else
    __m256i t[8], u[8];
    for (int i = 0; i < 4; i++) {
        t[2 * i] = _mm256_unpacklo_epi32(a[2 * i], a[2 * i + 1]);
        t[2 * i + 1] = _mm256_unpackhi_epi32(a[2 * i], a[2 * i + 1]);
    }
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 2; k++) {
            u[4 * i + 2 * k] = _mm256_unpacklo_epi64(t[4 * i + k], t[4 * i + k + 2]);
            u[4 * i + 2 * k + 1] = _mm256_unpackhi_epi64(t[4 * i + k], t[4 * i + k + 2]);
        }
    }
    for (int i = 0; i < 4; i++) {
        a[i] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x20);
        a[i + 4] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x31);
    }
#endif
}

/* --- Horizontal --- */

/* Eight rows of `span` samples, from sample `from` on, to `span` columns of eight doubles. */
SIMD_INLINE void SIMD_NAME(rows_to_columns)(
    double *columns, const uint8_t *const *in, int from, int span, int sample) {
    const size_t size = (size_t)sample_size(sample);
    const uintptr_t ahead = 8 * ((uintptr_t)in[1] - (uintptr_t)in[0]);
    for (int x = 0; x < span; x += 8) {
        const int at = x + 8 <= span ? x : span - 8; /* the last block may overlap */
        const size_t byte = (size_t)(from + at) * size;
        Eight a[8];
        for (int r = 0; r < 8; r++) {
            a[r] = SIMD_NAME(load_eight)(in[r] + byte, sample);
        }
        if ((x & 8) == 0) { /* the next call's rows, if they follow at the same distance */
            for (int r = 0; r < 8; r++) {
                _mm_prefetch((const char *)((uintptr_t)in[r] + byte + ahead), _MM_HINT_T1);
            }
        }
        SIMD_NAME(transpose_eights)(a);
        for (int c = 0; c < 8; c++) {
            const Oct o = SIMD_NAME(to_doubles)(a[c], sample);
            EACH_VD(i) {
                v_store_f64(columns + (size_t)(at + c) * 8 + i * (8 / VDS), o.v[i]);
            }
        }
    }
}

SIMD_INLINE void SIMD_NAME(add_tap)(Oct *sum, const double *column, double weight) {
    const vd w = v_set_f64(weight);
    EACH_VD(i) {
        const vd product = v_mul_f64(v_load_f64(column + i * (8 / VDS)), w);
        sum->v[i] = v_add_f64(sum->v[i], product);
    }
}

/* Taps from ... to - 1 of one output. */
SIMD_INLINE void
SIMD_NAME(add_taps)(Oct *sum, const double *columns, const double *weight, int from, int to) {
    for (int k = from; k < to; k++) {
        SIMD_NAME(add_tap)(sum, columns + (size_t)k * 8, weight[k]);
    }
}

/* Columns from ... to - 1 for outputs low ... high - 1 of a flight; output f meets column x with
 * weight[at[f] + x]. */
SIMD_INLINE void SIMD_NAME(add_columns)(
    Oct *sum, const double *columns, const double *weight, const ptrdiff_t *at, int from, int to,
    int low, int high) {
    for (ptrdiff_t x = from; x < to; x++) {
        Oct column;
        EACH_VD(i) {
            column.v[i] = v_load_f64(columns + x * 8 + i * (8 / VDS));
        }
        for (int f = low; f < high; f++) {
            const vd w = v_set_f64(weight[at[f] + x]);
            EACH_VD(i) {
                sum[f].v[i] = v_add_f64(sum[f].v[i], v_mul_f64(column.v[i], w));
            }
        }
    }
}

/* Many taps: each column is loaded once for all outputs of the flight that it counts for. False if
 * their taps do not overlap so that first and last taps ascend. */
SIMD_INLINE bool SIMD_NAME(flight_overlaps)(
    Oct *sum, const double *columns, const int *first, const int *count, const double *weight,
    int max_taps, int origin) {
    int start[FLIGHT], end[FLIGHT];
    ptrdiff_t at[FLIGHT];
    for (int f = 0; f < FLIGHT; f++) {
        start[f] = first[f] - first[0];
        end[f] = start[f] + count[f];
        at[f] = (ptrdiff_t)f * max_taps - start[f];
        if (start[f] > count[0] || (f > 0 && (start[f] < start[f - 1] || end[f] < end[f - 1]))) {
            return false;
        }
    }
    columns += (ptrdiff_t)(first[0] - origin) * 8;
#define BETWEEN(from, to, low, high)                                                               \
    SIMD_NAME(add_columns)(sum, columns, weight, at, from, to, low, high)
#if FLIGHT == 2
    BETWEEN(0, start[1], 0, 1);
    BETWEEN(start[1], end[0], 0, 2);
    BETWEEN(end[0], end[1], 1, 2);
#else
    BETWEEN(0, start[1], 0, 1);
    BETWEEN(start[1], start[2], 0, 2);
    BETWEEN(start[2], start[3], 0, 3);
    BETWEEN(start[3], end[0], 0, 4);
    BETWEEN(end[0], end[1], 1, 4);
    BETWEEN(end[1], end[2], 2, 4);
    BETWEEN(end[2], end[3], 3, 4);
#endif
#undef BETWEEN
    return true;
}

/* FLIGHT neighbouring outputs: as many taps as all of them have together, then the rest of each.
 * Written out, for compilers to keep all sums in registers. */
SIMD_INLINE void SIMD_NAME(flight_sums)(
    Oct *sum, const double *columns, const int *first, const int *count, const double *weight,
    int max_taps, int origin) {
    int common = count[0];
    const double *column[FLIGHT], *w[FLIGHT];
    for (int f = 0; f < FLIGHT; f++) {
        EACH_VD(i) {
            sum[f].v[i] = VOP(setzero_pd)();
        }
        column[f] = columns + (ptrdiff_t)(first[f] - origin) * 8;
        w[f] = weight + (size_t)f * max_taps;
        common = count[f] < common ? count[f] : common;
    }
    if (common >= OVERLAP_TAPS &&
        SIMD_NAME(flight_overlaps)(sum, columns, first, count, weight, max_taps, origin)) {
        return;
    }
    for (int k = 0; k < common; k++) {
        for (int f = 0; f < FLIGHT; f++) {
            SIMD_NAME(add_tap)(&sum[f], column[f] + (size_t)k * 8, w[f][k]);
        }
    }
    SIMD_NAME(add_taps)(&sum[0], column[0], w[0], common, count[0]);
    SIMD_NAME(add_taps)(&sum[1], column[1], w[1], common, count[1]);
#if FLIGHT == 4
    SIMD_NAME(add_taps)(&sum[2], column[2], w[2], common, count[2]);
    SIMD_NAME(add_taps)(&sum[3], column[3], w[3], common, count[3]);
#endif
}

SIMD_INLINE void SIMD_NAME(flight)(
    Eight *out, const double *columns, const int *first, const int *count, const double *weight,
    int max_taps, int origin, int sample) {
    Oct sum[FLIGHT];
    SIMD_NAME(flight_sums)(sum, columns, first, count, weight, max_taps, origin);
    for (int f = 0; f < FLIGHT; f++) {
        out[f] = SIMD_NAME(to_samples)(&sum[f], sample);
    }
}

/* A piece of the outputs, so short that its columns stay in the first-level cache. */
typedef struct {
    int from, n; /* outputs, n a multiple of 8 */
    int origin, span;
} SIMD_NAME(Piece);

/* The piece from output `from` on. `end` is the end of the readable columns. */
SIMD_INLINE SIMD_NAME(Piece) SIMD_NAME(piece_at)(
    int from, const int *first, int max_taps, int outputs, int origin, int end) {
    enum { COLUMNS = 320 }; /* 20 KiB */
    SIMD_NAME(Piece) p = {from, 0, first[from], 0};
    p.origin = p.origin <= end - 8 ? p.origin : end - 8;
    p.origin = p.origin >= origin ? p.origin : origin;
    while (p.from + p.n + 8 <= outputs) {
        const int last = first[p.from + p.n + 7];
        const int reach = last < end - max_taps ? last + max_taps : end;
        const int span = reach - p.origin > 8 ? reach - p.origin : 8;
        if (p.n > 0 && span > COLUMNS) {
            break;
        }
        p.n += 8;
        p.span = span;
    }
    return p;
}

SIMD_INLINE void SIMD_NAME(h_wide)(
    uint8_t *const *out, const uint8_t *const *in, const int *first, const int *count,
    const double *weight, int max_taps, int outputs, int origin, int span, int sample,
    double *columns) {
    const size_t size = (size_t)sample_size(sample);
    for (int from = 0; from < outputs;) {
        const int start = from + 8 <= outputs ? from : outputs - 8; /* the last may overlap */
        const SIMD_NAME(Piece) p =
            SIMD_NAME(piece_at)(start, first, max_taps, outputs, origin, origin + span);
        SIMD_NAME(rows_to_columns)(columns, in, p.origin - origin, p.span, sample);
        for (int at = p.from; at < p.from + p.n; at += 8) {
            Eight a[8];
            /* Written out, for compilers to keep them in registers. */
#define FLY(c)                                                                                     \
    SIMD_NAME(flight)                                                                              \
    (a + (c), columns, first + at + (c), count + at + (c), weight + (size_t)(at + (c)) * max_taps, \
     max_taps, p.origin, sample)
            FLY(0);
            FLY(4);
#if FLIGHT == 2
            FLY(2);
            FLY(6);
#endif
#undef FLY
            SIMD_NAME(transpose_eights)(a);
            for (int r = 0; r < 8; r++) {
                SIMD_NAME(store_eight)(out[r] + (size_t)at * size, a[r], sample);
            }
        }
        from = p.from + p.n;
    }
}

void SIMD_NAME(resample_hw_rows)(
    uint8_t *const *out, const uint8_t *const *in, const int *first, const int *count,
    const double *weight, int max_taps, int outputs, int origin, int span, int sample,
    double *scratch) {
    if (outputs < 8 || span < 8) {
        resample_hw_rows_scalar(
            out, in, first, count, weight, max_taps, outputs, origin, span, sample, scratch);
        return;
    }
#define H_WIDE(S)                                                                                  \
    SIMD_NAME(h_wide)                                                                              \
    (out, in, first, count, weight, max_taps, outputs, origin, span, S, scratch)
    FOR_EACH_SAMPLE(sample, H_WIDE)
#undef H_WIDE
}

/* --- Vertical --- */

/* Octs of a vertical flight: as many sums are made for each of one or two results. */
#define V_FLIGHT (SIMD_BYTES / 16)

/* What a vertical call makes: `results` rows (1 or 2), of which row i adds up its count[i] rows
 * from rows[i ? apart : 0] on. */
typedef struct {
    uint8_t *const *out;
    const uint8_t *const *rows;
    const double *const *weight;
    const int *count;
    int apart, results, sample;
} SIMD_NAME(Vertical);

/* Adds the rows from ... to - 1 to the sums of results low ... high - 1. n: Octs of each. */
SIMD_INLINE void SIMD_NAME(v_add)(
    Oct (*sum)[V_FLIGHT], const SIMD_NAME(Vertical) * v, size_t at, int from, int to, int low,
    int high, int n) {
    const size_t step = 8 * (size_t)sample_size(v->sample);
    for (int k = from; k < to; k++) {
        vd w[2];
        for (int i = low; i < high; i++) {
            w[i] = v_set_f64(v->weight[i][k - (i ? v->apart : 0)]);
        }
        for (int f = 0; f < n; f++) {
            const Oct o = SIMD_NAME(to_doubles)(
                SIMD_NAME(load_eight)(v->rows[k] + at + step * f, v->sample), v->sample);
            for (int r = low; r < high; r++) {
                EACH_VD(i) {
                    sum[r][f].v[i] = v_add_f64(sum[r][f].v[i], v_mul_f64(o.v[i], w[r]));
                }
            }
        }
    }
}

/* n Octs of columns from x on. */
SIMD_INLINE void SIMD_NAME(v_flight)(const SIMD_NAME(Vertical) * v, int x, int n) {
    const size_t size = (size_t)sample_size(v->sample), at = (size_t)x * size;
    Oct sum[2][V_FLIGHT];
    for (int r = 0; r < v->results; r++) {
        for (int f = 0; f < n; f++) {
            EACH_VD(i) {
                sum[r][f].v[i] = VOP(setzero_pd)();
            }
        }
    }
    if (v->results == 1) {
        SIMD_NAME(v_add)(sum, v, at, 0, v->count[0], 0, 1, n);
    } else {
        const int end = v->apart + v->count[1];
        SIMD_NAME(v_add)(sum, v, at, 0, v->apart, 0, 1, n);
        SIMD_NAME(v_add)(sum, v, at, v->apart, v->count[0], 0, 2, n);
        SIMD_NAME(v_add)(sum, v, at, v->count[0], end, 1, 2, n);
    }
    for (int r = 0; r < v->results; r++) {
        for (int f = 0; f < n; f++) {
            SIMD_NAME(store_eight)
            (v->out[r] + at + 8 * size * f, SIMD_NAME(to_samples)(&sum[r][f], v->sample),
             v->sample);
        }
    }
}

SIMD_INLINE void SIMD_NAME(v_wide)(const SIMD_NAME(Vertical) * v, int width) {
    int x = 0;
    for (; x + 8 * V_FLIGHT <= width; x += 8 * V_FLIGHT) {
        SIMD_NAME(v_flight)(v, x, V_FLIGHT);
    }
    for (; x < width; x += 8) {
        SIMD_NAME(v_flight)(v, x + 8 <= width ? x : width - 8, 1); /* the last may overlap */
    }
}

void SIMD_NAME(resample_vw_row)(
    uint8_t *out, const uint8_t *const *rows, const double *weight, int taps, int width,
    int sample) {
    if (width < 8) {
        resample_vw_row_scalar(out, rows, weight, taps, width, sample);
        return;
    }
#define V_WIDE(S)                                                                                  \
    {                                                                                              \
        const SIMD_NAME(Vertical) v = {&out, rows, &weight, &taps, 0, 1, S};                       \
        SIMD_NAME(v_wide)(&v, width);                                                              \
    }
    FOR_EACH_SAMPLE(sample, V_WIDE)
#undef V_WIDE
}

void SIMD_NAME(resample_vw_pair)(
    uint8_t *const *out, const uint8_t *const *rows, const double *const *weight, const int *count,
    int apart, int width, int sample) {
    if (width < 8 || apart > count[0] || apart + count[1] < count[0]) {
        SIMD_NAME(resample_vw_row)(out[0], rows, weight[0], count[0], width, sample);
        SIMD_NAME(resample_vw_row)(out[1], rows + apart, weight[1], count[1], width, sample);
        return;
    }
#define V_WIDE(S)                                                                                  \
    {                                                                                              \
        const SIMD_NAME(Vertical) v = {out, rows, weight, count, apart, 2, S};                     \
        SIMD_NAME(v_wide)(&v, width);                                                              \
    }
    FOR_EACH_SAMPLE(sample, V_WIDE)
#undef V_WIDE
}

#undef V_FLIGHT
#undef Oct
#undef Eight
#undef VDS
#undef FLIGHT
#undef EACH_VD
#undef OVERLAP_TAPS
