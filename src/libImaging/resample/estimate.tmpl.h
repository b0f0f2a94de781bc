/* The SIMD levels of estimate.c: the same operations on a vector of neighbouring taps. */

#define DOUBLES (SIMD_BYTES / 8)

SIMD_INLINE vd SIMD_NAME(sine_of_turns)(vd x) {
    const vd to_integer = v_set_f64(TO_INTEGER);
    const vd n = v_sub_f64(v_add_f64(x, to_integer), to_integer);
    const vd half = v_mul_f64(v_set_f64(0.5), n);
    const vd odd = v_sub_f64(half, v_sub_f64(v_add_f64(half, to_integer), to_integer));
    const vd t = v_mul_f64(v_sub_f64(x, n), v_set_f64(PI)), tt = v_mul_f64(t, t);
    vd sum = v_set_f64(sine_series[0]);
    for (int i = 1; i < SINE_TERMS; i++) {
        sum = v_add_f64(v_mul_f64(sum, tt), v_set_f64(sine_series[i]));
    }
    const vd sine = v_add_f64(v_mul_f64(v_mul_f64(sum, tt), t), t);
    const vd eight = v_mul_f64(v_mul_f64(v_set_f64(8.0), odd), odd);
    return v_mul_f64(sine, v_sub_f64(v_set_f64(1.0), eight));
}

SIMD_INLINE vd SIMD_NAME(magnitude)(vd x) {
    return VOP(andnot_pd)(v_set_f64(-0.0), x);
}

SIMD_INLINE vd SIMD_NAME(estimate)(vd x, int filter) {
    const vd one = v_set_f64(1.0), two = v_set_f64(2.0);
    const vd a = SIMD_NAME(magnitude)(x), away = v_add_f64(a, v_set_f64(NOT_ZERO));
    switch (filter) {
    case IMG_LANCZOS: {
        const vd third = v_mul_f64(away, v_set_f64(1.0 / 3.0));
        const vd sines = v_mul_f64(SIMD_NAME(sine_of_turns)(away), SIMD_NAME(sine_of_turns)(third));
        return v_div_f64(v_mul_f64(sines, v_set_f64(3.0 / (PI * PI))), v_mul_f64(away, away));
    }
    case IMG_HAMMING: {
        const vd cosine = SIMD_NAME(sine_of_turns)(v_sub_f64(v_set_f64(0.5), a));
        const vd window =
            v_add_f64(v_set_f64((double)0.54f), v_mul_f64(v_set_f64((double)0.46f), cosine));
        const vd sinc = v_div_f64(SIMD_NAME(sine_of_turns)(away), v_mul_f64(away, v_set_f64(PI)));
        return v_mul_f64(sinc, window);
    }
    case IMG_BICUBIC: {
        const vd left = v_sub_f64(a, one), right = v_sub_f64(a, two);
        const vd inner = VOP(min_pd)(left, VOP(setzero_pd)());
        const vd outer = v_mul_f64(v_mul_f64(left, v_mul_f64(right, right)), v_set_f64(-0.5));
        return v_add_f64(
            outer, v_mul_f64(v_mul_f64(inner, inner), v_sub_f64(v_mul_f64(two, a), one)));
    }
    default:
        return v_sub_f64(one, a);
    }
}

/* Stores the truncated numbers, and returns them. */
SIMD_INLINE vd SIMD_NAME(store_truncated)(int32_t *q, vd x) {
#if SIMD_LEVEL == 1
    const __m128i whole = _mm_cvttpd_epi32(x);
    _mm_storel_epi64((__m128i *)q, whole);
#elif SIMD_LEVEL == 2
    const __m128i whole = _mm256_cvttpd_epi32(x);
    _mm_storeu_si128((__m128i *)q, whole);
#else
    const __m256i whole = _mm512_cvttpd_epi32(x);
    _mm256_storeu_si256((__m256i *)q, whole);
#endif
    return VOP(cvtepi32_pd)(whole);
}

/* Estimates of `count` taps to w, which is filled up to a whole vector with zeros; their total. */
SIMD_INLINE double SIMD_NAME(estimate_taps)(
    double *w, int filter, int first, int count, double centre, double inverse) {
    double lane[DOUBLES];
    for (int i = 0; i < DOUBLES; i++) {
        lane[i] = i;
    }
    const vd lanes = v_load_f64(lane), half = v_set_f64(0.5);
    const vd middle = v_set_f64(centre), stretch = v_set_f64(inverse);
    for (int k = 0; k < count; k += DOUBLES) {
        const vd tap = v_add_f64(v_set_f64((double)first + k), lanes);
        const vd x = v_mul_f64(v_add_f64(v_sub_f64(tap, middle), half), stretch);
        v_store_f64(w + k, SIMD_NAME(estimate)(x, filter));
    }
    vd sum = VOP(setzero_pd)();
    for (int k = 0; k < count; k += DOUBLES) {
        for (int i = count; i < k + DOUBLES; i++) {
            w[i] = 0.0;
        }
        sum = v_add_f64(sum, v_load_f64(w + k));
    }
    v_store_f64(lane, sum);
    double total = 0.0;
    for (int i = 0; i < DOUBLES; i++) {
        total += lane[i];
    }
    return total;
}

bool SIMD_NAME(resample_estimate)(
    int32_t *q, double *w, int filter, int first, int count, double centre, double inverse) {
    double total;
    switch (filter) { /* makes the filter a constant of the inlined function */
#define TAPS(F)                                                                                    \
    case F:                                                                                        \
        total = SIMD_NAME(estimate_taps)(w, F, first, count, centre, inverse);                     \
        break
        TAPS(IMG_LANCZOS);
        TAPS(IMG_HAMMING);
        TAPS(IMG_BICUBIC);
#undef TAPS
    default:
        total = SIMD_NAME(estimate_taps)(w, IMG_BILINEAR, first, count, centre, inverse);
    }
    if (!(total > 0.25)) {
        return false;
    }
    const vd factor = v_set_f64((1 << RESAMPLE_BITS) / total), sign = v_set_f64(-0.0);
    vd least = v_set_f64(1.0), most = VOP(setzero_pd)(); /* of the fractions */
    for (int k = 0; k < count; k += DOUBLES) {
        const vd scaled = v_mul_f64(v_load_f64(w + k), factor);
        const vd half = VOP(or_pd)(VOP(and_pd)(scaled, sign), v_set_f64(0.5));
        const vd rounded = v_add_f64(scaled, half);
        const vd whole = SIMD_NAME(store_truncated)(q + k, rounded);
        const vd fraction = SIMD_NAME(magnitude)(v_sub_f64(rounded, whole));
        least = VOP(min_pd)(least, fraction);
        most = VOP(max_pd)(most, fraction);
    }
    double low[DOUBLES], high[DOUBLES];
    v_store_f64(low, least);
    v_store_f64(high, most);
    bool doubtful = false;
    for (int i = 0; i < DOUBLES; i++) {
        doubtful |= (low[i] <= MARGIN) | (high[i] >= 1.0 - MARGIN);
    }
    return !doubtful;
}

#undef DOUBLES
