/* Undoing PNG filters with 16-byte vectors, for pixels of 3, 4, 6 and 8 bytes; others go to the
 * portable code. Instantiated for SSE4.1 only; see kernels.def. */

/* A pixel in the low bytes of a vector. `bytes` is a constant at every use. */
SIMD_INLINE __m128i SIMD_NAME(load_pixel)(const uint8_t *p, size_t bytes) {
    uint64_t v = 0;
    memcpy(&v, p, bytes);
    return _mm_cvtsi64_si128((long long)v);
}

SIMD_INLINE void SIMD_NAME(store_pixel)(uint8_t *p, __m128i a, size_t bytes) {
    uint64_t v = (uint64_t)_mm_cvtsi128_si64(a);
    memcpy(p, &v, bytes);
}

/* (a + b) / 2 rounded down: the instruction rounds up, which is one too much if the sum is odd. */
SIMD_INLINE __m128i SIMD_NAME(floor_average)(__m128i a, __m128i b) {
    __m128i odd = _mm_and_si128(_mm_xor_si128(a, b), _mm_set1_epi8(1));
    return _mm_sub_epi8(_mm_avg_epu8(a, b), odd);
}

/* What the next pixel needs: the restored one to its left, and for Paeth the one above that, both
 * widened to 16 bits, because differences of bytes need 9 bits. */
typedef struct {
    __m128i left, corner;
} SIMD_NAME(Neighbours);

/* The restored pixel from its filtered bytes and the pixel above. */
SIMD_INLINE __m128i SIMD_NAME(restore_pixel)(
    unsigned filter, SIMD_NAME(Neighbours) * near, __m128i delta, __m128i above) {
    if (filter == PNG_SUB) {
        near->left = _mm_add_epi8(near->left, delta);
        return near->left;
    }
    if (filter == PNG_AVERAGE) {
        near->left = _mm_add_epi8(SIMD_NAME(floor_average)(near->left, above), delta);
        return near->left;
    }
    __m128i left = near->left, up = _mm_cvtepu8_epi16(above);
    __m128i to_left = _mm_sub_epi16(up, near->corner), to_up = _mm_sub_epi16(left, near->corner);
    __m128i to_corner = _mm_abs_epi16(_mm_add_epi16(to_left, to_up));
    to_left = _mm_abs_epi16(to_left);
    to_up = _mm_abs_epi16(to_up);
    __m128i least = _mm_min_epi16(to_corner, _mm_min_epi16(to_left, to_up));
    __m128i guess = _mm_blendv_epi8(near->corner, up, _mm_cmpeq_epi16(least, to_up));
    guess = _mm_blendv_epi8(guess, left, _mm_cmpeq_epi16(least, to_left));
    near->corner = up;
    near->left = _mm_add_epi8(guess, _mm_cvtepu8_epi16(delta)); /* high bytes: 0 + 0 */
    return _mm_packus_epi16(near->left, near->left);
}

/* Whole pixels go as words of 4 or 8 bytes: the bytes beyond a pixel are the start of the next,
 * which is loaded before they are overwritten. The last ones of a row go exactly. */
SIMD_INLINE void SIMD_NAME(restore_row)(
    unsigned filter, uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    const size_t wide = bpp <= 4 ? 4 : 8;
    SIMD_NAME(Neighbours) near = {_mm_setzero_si128(), _mm_setzero_si128()};
    const bool uses_above = filter != PNG_SUB;
    __m128i up = _mm_setzero_si128();
    size_t i = 0;
    if (bytes >= wide) {
        __m128i delta = SIMD_NAME(load_pixel)(row, wide);
        for (; i + bpp + wide <= bytes; i += bpp) {
            __m128i next = SIMD_NAME(load_pixel)(row + i + bpp, wide);
            up = uses_above ? SIMD_NAME(load_pixel)(above + i, wide) : up;
            SIMD_NAME(store_pixel)
            (row + i, SIMD_NAME(restore_pixel)(filter, &near, delta, up), wide);
            delta = next;
        }
        up = uses_above ? SIMD_NAME(load_pixel)(above + i, bpp) : up;
        SIMD_NAME(store_pixel)(row + i, SIMD_NAME(restore_pixel)(filter, &near, delta, up), bpp);
        i += bpp;
    }
    for (; i + bpp <= bytes; i += bpp) {
        __m128i delta = SIMD_NAME(load_pixel)(row + i, bpp);
        up = uses_above ? SIMD_NAME(load_pixel)(above + i, bpp) : up;
        SIMD_NAME(store_pixel)(row + i, SIMD_NAME(restore_pixel)(filter, &near, delta, up), bpp);
    }
}

#define RESTORE(filter, above, portable)                                                           \
    switch (bpp) {                                                                                 \
    case 3:                                                                                        \
        SIMD_NAME(restore_row)(filter, row, above, bytes, 3);                                      \
        break;                                                                                     \
    case 4:                                                                                        \
        SIMD_NAME(restore_row)(filter, row, above, bytes, 4);                                      \
        break;                                                                                     \
    case 6:                                                                                        \
        SIMD_NAME(restore_row)(filter, row, above, bytes, 6);                                      \
        break;                                                                                     \
    case 8:                                                                                        \
        SIMD_NAME(restore_row)(filter, row, above, bytes, 8);                                      \
        break;                                                                                     \
    default:                                                                                       \
        portable;                                                                                  \
    }

void SIMD_NAME(png_restore_sub)(uint8_t *row, size_t bytes, size_t bpp) {
    RESTORE(PNG_SUB, NULL, png_restore_sub_scalar(row, bytes, bpp))
}

void SIMD_NAME(png_restore_average)(uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    RESTORE(PNG_AVERAGE, above, png_restore_average_scalar(row, above, bytes, bpp))
}

void SIMD_NAME(png_restore_paeth)(uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    RESTORE(PNG_PAETH, above, png_restore_paeth_scalar(row, above, bytes, bpp))
}

#undef RESTORE
