/* One pixel of four bytes at a time, exactly: its four bands are the four doubles of a 256-bit
 * vector, so each band's operations stay in the reference's order. */

/* Four bytes as int32. */
SIMD_INLINE __m128i SIMD_NAME(warp_load)(const uint8_t *row, int index) {
    int32_t bytes;
    memcpy(&bytes, row + (size_t)index * 4, 4);
    return _mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes));
}

/* Clipped to 0 .. 255 and truncated. max(v, 0) takes 0 for nan. */
SIMD_INLINE uint32_t SIMD_NAME(warp_pack)(__m256d v) {
    v = _mm256_max_pd(v, _mm256_setzero_pd());
    v = _mm256_min_pd(v, _mm256_set1_pd(255.0));
    __m128i i = _mm256_cvttpd_epi32(v);
    i = _mm_packus_epi32(i, i);
    i = _mm_packus_epi16(i, i);
    return (uint32_t)_mm_cvtsi128_si32(i);
}

SIMD_INLINE void SIMD_NAME(warp_put)(uint8_t *out, uint32_t pixel, int type) {
    if (type == WARP_U8X3) {
        memcpy(out, &pixel, 2);
        out[2] = (uint8_t)(pixel >> 16);
        return;
    }
    if (type == WARP_U8X2) {
        pixel = (pixel & 0xff) * 0x010101 | (pixel & 0xff000000);
    }
    memcpy(out, &pixel, 4);
}

SIMD_INLINE __m256d SIMD_NAME(warp_line)(const uint8_t *row, int x0, int x1, __m256d d) {
    const __m128i p = SIMD_NAME(warp_load)(row, x0), q = SIMD_NAME(warp_load)(row, x1);
    const __m256d difference = _mm256_cvtepi32_pd(_mm_sub_epi32(q, p));
    return _mm256_add_pd(_mm256_cvtepi32_pd(p), _mm256_mul_pd(difference, d));
}

SIMD_INLINE __m256d
SIMD_NAME(warp_poly)(__m256d k1, __m256d k2, __m256d k3, __m256d k4, __m256d d) {
    __m256d v = _mm256_add_pd(k3, _mm256_mul_pd(d, k4));
    v = _mm256_add_pd(k2, _mm256_mul_pd(d, v));
    return _mm256_add_pd(k1, _mm256_mul_pd(d, v));
}

SIMD_INLINE __m256d SIMD_NAME(warp_cubic)(const uint8_t *row, __m256d d) {
    const __m128i p1 = SIMD_NAME(warp_load)(row, 0), p2 = SIMD_NAME(warp_load)(row, 1);
    const __m128i p3 = SIMD_NAME(warp_load)(row, 2), p4 = SIMD_NAME(warp_load)(row, 3);
    const __m128i p12 = _mm_sub_epi32(p1, p2), p34 = _mm_sub_epi32(p3, p4);
    const __m128i k2 = _mm_sub_epi32(p3, p1);
    const __m128i k3 = _mm_add_epi32(_mm_slli_epi32(p12, 1), p34);
    const __m128i k4 = _mm_sub_epi32(_mm_setzero_si128(), _mm_add_epi32(p12, p34));
    return SIMD_NAME(warp_poly)(
        _mm256_cvtepi32_pd(p2), _mm256_cvtepi32_pd(k2), _mm256_cvtepi32_pd(k3),
        _mm256_cvtepi32_pd(k4), d);
}

/* The same on results of rows, in doubles: left to right as in the reference. */
SIMD_INLINE __m256d SIMD_NAME(warp_cubic_rows)(const __m256d *v, __m256d d) {
    const __m256d k2 = _mm256_sub_pd(v[2], v[0]); /* -a + b is b - a */
    const __m256d twice = _mm256_mul_pd(_mm256_set1_pd(2.0), _mm256_sub_pd(v[0], v[1]));
    const __m256d k3 = _mm256_sub_pd(_mm256_add_pd(twice, v[2]), v[3]);
    const __m256d k4 = _mm256_add_pd(_mm256_sub_pd(_mm256_sub_pd(v[1], v[0]), v[2]), v[3]);
    return SIMD_NAME(warp_poly)(v[1], k2, k3, k4, d);
}

/* The filters at a place whose whole grid is inside; x and y are the grid's first column and row.
 */
SIMD_INLINE void SIMD_NAME(bilinear_exact)(
    uint8_t *out, const uint8_t *const *rows, int x, int y, double dx, double dy, int type) {
    const __m256d along = _mm256_set1_pd(dx);
    const __m256d v0 = SIMD_NAME(warp_line)(rows[y] + (size_t)x * 4, 0, 1, along);
    const __m256d v1 = SIMD_NAME(warp_line)(rows[y + 1] + (size_t)x * 4, 0, 1, along);
    const __m256d v = _mm256_add_pd(v0, _mm256_mul_pd(_mm256_sub_pd(v1, v0), _mm256_set1_pd(dy)));
    SIMD_NAME(warp_put)(out, SIMD_NAME(warp_pack)(v), type);
}

SIMD_INLINE void SIMD_NAME(bicubic_exact)(
    uint8_t *out, const uint8_t *const *rows, int x, int y, double dx, double dy, int type) {
    __m256d v[4];
    for (int j = 0; j < 4; j++) {
        v[j] = SIMD_NAME(warp_cubic)(rows[y + j] + (size_t)x * 4, _mm256_set1_pd(dx));
    }
    const __m256d sum = SIMD_NAME(warp_cubic_rows)(v, _mm256_set1_pd(dy));
    SIMD_NAME(warp_put)(out, SIMD_NAME(warp_pack)(sum), type);
}
