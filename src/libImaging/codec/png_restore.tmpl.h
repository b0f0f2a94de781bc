/* Undoing PNG filters with 16-byte vectors, for pixels of 3, 4, 6 and 8 bytes; others go to the
 * portable code. Instantiated for SSE4.1 only; see kernels.def. */

/* A pixel in the low bytes of a vector. The last pixel of a row is loaded and stored exactly; the
 * others 4 or 8 bytes wide, of which those beyond the pixel are not used, or written again. */
SIMD_INLINE __m128i SIMD_NAME(load_pixel)(const uint8_t *p, size_t bytes) {
    uint64_t v = 0;
    if (bytes <= 4) {
        uint32_t low = 0;
        memcpy(&low, p, bytes);
        v = low;
    } else {
        memcpy(&v, p, bytes);
    }
    return _mm_cvtsi64_si128((long long)v);
}

SIMD_INLINE void SIMD_NAME(store_pixel)(uint8_t *p, __m128i a, size_t bytes) {
    uint64_t v = (uint64_t)_mm_cvtsi128_si64(a);
    memcpy(p, &v, bytes);
}

SIMD_INLINE void SIMD_NAME(restore_sub_step)(uint8_t *row, size_t bytes, size_t bpp) {
    const size_t wide = bpp <= 4 ? 4 : 8;
    __m128i left = _mm_setzero_si128();
    size_t i = 0;
    for (; i + wide <= bytes; i += bpp) {
        left = _mm_add_epi8(left, SIMD_NAME(load_pixel)(row + i, wide));
        SIMD_NAME(store_pixel)(row + i, left, bpp);
    }
    for (; i + bpp <= bytes; i += bpp) {
        left = _mm_add_epi8(left, SIMD_NAME(load_pixel)(row + i, bpp));
        SIMD_NAME(store_pixel)(row + i, left, bpp);
    }
}

/* (a + b) / 2 rounded down: the instruction rounds up, which is one too much if the sum is odd. */
SIMD_INLINE __m128i SIMD_NAME(floor_average)(__m128i a, __m128i b) {
    __m128i odd = _mm_and_si128(_mm_xor_si128(a, b), _mm_set1_epi8(1));
    return _mm_sub_epi8(_mm_avg_epu8(a, b), odd);
}

SIMD_INLINE void
SIMD_NAME(restore_average_step)(uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    const size_t wide = bpp <= 4 ? 4 : 8;
    __m128i left = _mm_setzero_si128();
    for (size_t i = 0; i + bpp <= bytes; i += bpp) {
        size_t n = i + wide <= bytes ? wide : bpp;
        __m128i up = SIMD_NAME(load_pixel)(above + i, n);
        __m128i guess = SIMD_NAME(floor_average)(left, up);
        left = _mm_add_epi8(guess, SIMD_NAME(load_pixel)(row + i, n));
        SIMD_NAME(store_pixel)(row + i, left, bpp);
    }
}

SIMD_INLINE void
SIMD_NAME(restore_paeth_step)(uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    const size_t wide = bpp <= 4 ? 4 : 8;
    const __m128i zero = _mm_setzero_si128();
    __m128i left = zero, corner = zero; /* 16 bits a sample: differences need 9 bits and a sign */
    for (size_t i = 0; i + bpp <= bytes; i += bpp) {
        size_t n = i + wide <= bytes ? wide : bpp;
        __m128i up = _mm_cvtepu8_epi16(SIMD_NAME(load_pixel)(above + i, n));
        __m128i delta = _mm_cvtepu8_epi16(SIMD_NAME(load_pixel)(row + i, n));
        __m128i to_left = _mm_sub_epi16(up, corner), to_up = _mm_sub_epi16(left, corner);
        __m128i to_corner = _mm_abs_epi16(_mm_add_epi16(to_left, to_up));
        to_left = _mm_abs_epi16(to_left);
        to_up = _mm_abs_epi16(to_up);
        __m128i least = _mm_min_epi16(to_corner, _mm_min_epi16(to_left, to_up));
        __m128i guess = _mm_blendv_epi8(corner, up, _mm_cmpeq_epi16(least, to_up));
        guess = _mm_blendv_epi8(guess, left, _mm_cmpeq_epi16(least, to_left));
        corner = up;
        left = _mm_add_epi8(guess, delta); /* high bytes: 0 + 0 */
        SIMD_NAME(store_pixel)(row + i, _mm_packus_epi16(left, left), bpp);
    }
}

void SIMD_NAME(png_restore_sub)(uint8_t *row, size_t bytes, size_t bpp) {
    switch (bpp) {
    case 3:
        SIMD_NAME(restore_sub_step)(row, bytes, 3);
        break;
    case 4:
        SIMD_NAME(restore_sub_step)(row, bytes, 4);
        break;
    case 6:
        SIMD_NAME(restore_sub_step)(row, bytes, 6);
        break;
    case 8:
        SIMD_NAME(restore_sub_step)(row, bytes, 8);
        break;
    default:
        png_restore_sub_scalar(row, bytes, bpp);
    }
}

#define RESTORE(name)                                                                              \
    void SIMD_NAME(png_restore_##name)(                                                            \
        uint8_t * row, const uint8_t *above, size_t bytes, size_t bpp) {                           \
        switch (bpp) {                                                                             \
        case 3:                                                                                    \
            SIMD_NAME(restore_##name##_step)(row, above, bytes, 3);                                \
            break;                                                                                 \
        case 4:                                                                                    \
            SIMD_NAME(restore_##name##_step)(row, above, bytes, 4);                                \
            break;                                                                                 \
        case 6:                                                                                    \
            SIMD_NAME(restore_##name##_step)(row, above, bytes, 6);                                \
            break;                                                                                 \
        case 8:                                                                                    \
            SIMD_NAME(restore_##name##_step)(row, above, bytes, 8);                                \
            break;                                                                                 \
        default:                                                                                   \
            png_restore_##name##_scalar(row, above, bytes, bpp);                                   \
        }                                                                                          \
    }

RESTORE(average)
RESTORE(paeth)
#undef RESTORE
