/* The SIMD levels of convolve_wide.c.
 *
 * Everything goes by eights: an `Eight` is eight samples as stored (32 bits each; 16-bit ones
 * widened), an `Oct` eight doubles. The vertical pass takes eight columns; the horizontal pass
 * eight rows, which are first turned into columns of doubles, so that a tap is one load, no matter
 * where it is, and then turned back. Each sum adds its taps one by one in ascending order. */

#define VDS (64 / SIMD_BYTES)    /* vectors of an Oct */
#define FLIGHT (SIMD_BYTES / 16) /* Octs computed at once, to hide the latency of an addition */
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
    _mm_storeu_si128((__m128i *)p, lo);
    _mm_storeu_si128((__m128i *)(p + 16), hi);
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

/* Eight rows of `span` samples to `span` columns of eight doubles. */
SIMD_INLINE void
SIMD_NAME(rows_to_columns)(double *columns, const uint8_t *const *in, int span, int sample) {
    const size_t size = (size_t)sample_size(sample);
    for (int x = 0; x < span; x += 8) {
        const int at = x + 8 <= span ? x : span - 8; /* the last block may overlap */
        Eight a[8];
        for (int r = 0; r < 8; r++) {
            a[r] = SIMD_NAME(load_eight)(in[r] + (size_t)at * size, sample);
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

/* FLIGHT neighbouring outputs: as many taps as all of them have together, then the rest of each. */
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
    for (int k = 0; k < common; k++) {
        for (int f = 0; f < FLIGHT; f++) {
            SIMD_NAME(add_tap)(&sum[f], column[f] + (size_t)k * 8, w[f][k]);
        }
    }
    for (int f = 0; f < FLIGHT; f++) {
        for (int k = common; k < count[f]; k++) {
            SIMD_NAME(add_tap)(&sum[f], column[f] + (size_t)k * 8, w[f][k]);
        }
    }
}

SIMD_INLINE void SIMD_NAME(h_wide)(
    uint8_t *const *out, const uint8_t *const *in, const int *first, const int *count,
    const double *weight, int max_taps, int outputs, int origin, int span, int sample,
    double *columns) {
    const size_t size = (size_t)sample_size(sample);
    SIMD_NAME(rows_to_columns)(columns, in, span, sample);
    for (int x = 0; x < outputs; x += 8) {
        const int at = x + 8 <= outputs ? x : outputs - 8; /* the last block may overlap */
        Eight a[8];
        for (int c = 0; c < 8; c += FLIGHT) {
            Oct sum[FLIGHT];
            SIMD_NAME(flight_sums)
            (sum, columns, first + at + c, count + at + c, weight + (size_t)(at + c) * max_taps,
             max_taps, origin);
            for (int f = 0; f < FLIGHT; f++) {
                a[c + f] = SIMD_NAME(to_samples)(&sum[f], sample);
            }
        }
        SIMD_NAME(transpose_eights)(a);
        for (int r = 0; r < 8; r++) {
            SIMD_NAME(store_eight)(out[r] + (size_t)at * size, a[r], sample);
        }
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

/* n (at most FLIGHT) Octs of columns from x on. */
SIMD_INLINE void SIMD_NAME(v_flight)(
    uint8_t *out, const uint8_t *const *rows, const double *weight, int taps, int x, int n,
    int sample) {
    const size_t size = (size_t)sample_size(sample);
    const size_t at = (size_t)x * size;
    Oct sum[FLIGHT];
    for (int f = 0; f < n; f++) {
        EACH_VD(i) {
            sum[f].v[i] = VOP(setzero_pd)();
        }
    }
    for (int k = 0; k < taps; k++) {
        const vd w = v_set_f64(weight[k]);
        for (int f = 0; f < n; f++) {
            const Oct o = SIMD_NAME(to_doubles)(
                SIMD_NAME(load_eight)(rows[k] + at + 8 * size * f, sample), sample);
            EACH_VD(i) {
                sum[f].v[i] = v_add_f64(sum[f].v[i], v_mul_f64(o.v[i], w));
            }
        }
    }
    for (int f = 0; f < n; f++) {
        SIMD_NAME(store_eight)
        (out + at + 8 * size * f, SIMD_NAME(to_samples)(&sum[f], sample), sample);
    }
}

SIMD_INLINE void SIMD_NAME(v_wide)(
    uint8_t *out, const uint8_t *const *rows, const double *weight, int taps, int width,
    int sample) {
    int x = 0;
    for (; x + 8 * FLIGHT <= width; x += 8 * FLIGHT) {
        SIMD_NAME(v_flight)(out, rows, weight, taps, x, FLIGHT, sample);
    }
    for (; x < width; x += 8) {
        const int at = x + 8 <= width ? x : width - 8; /* the last block may overlap */
        SIMD_NAME(v_flight)(out, rows, weight, taps, at, 1, sample);
    }
}

void SIMD_NAME(resample_vw_row)(
    uint8_t *out, const uint8_t *const *rows, const double *weight, int taps, int width,
    int sample) {
    if (width < 8) {
        resample_vw_row_scalar(out, rows, weight, taps, width, sample);
        return;
    }
#define V_WIDE(S) SIMD_NAME(v_wide)(out, rows, weight, taps, width, S)
    FOR_EACH_SAMPLE(sample, V_WIDE)
#undef V_WIDE
}

#undef Oct
#undef Eight
#undef VDS
#undef FLIGHT
#undef EACH_VD
