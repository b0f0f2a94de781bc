/* PNG filters on whole vectors. Filtering needs unfiltered bytes only, so that all bytes of a row
 * can be done at once; restoring "up" too. */

void SIMD_NAME(png_restore_up)(uint8_t *row, const uint8_t *above, size_t bytes) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        v_store(row + i, v_add_i8(v_load(row + i), v_load(above + i)));
    }
    if (i < bytes) {
        vi v = v_add_i8(v_load_part(row + i, bytes - i), v_load_part(above + i, bytes - i));
        v_store_part(row + i, v, bytes - i);
    }
}

/* Sums of magnitudes collect in 64-bit elements. The magnitude of -128 is 128 as unsigned byte. */
SIMD_INLINE vi SIMD_NAME(magnitudes)(vi sum, vi filtered) {
    return VOP(add_epi64)(sum, v_sad_u8(VOP(abs_epi8)(filtered), v_zero()));
}

SIMD_INLINE uint64_t SIMD_NAME(total)(vi sum) {
    uint64_t part[SIMD_BYTES / 8], total = 0;
    v_store(part, sum);
    for (size_t i = 0; i < SIMD_BYTES / 8; i++) {
        total += part[i];
    }
    return total;
}

uint64_t SIMD_NAME(png_filter_none)(const uint8_t *row, size_t bytes) {
    vi sum = v_zero();
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        sum = SIMD_NAME(magnitudes)(sum, v_load(row + i));
    }
    if (i < bytes) {
        sum = SIMD_NAME(magnitudes)(sum, v_load_part(row + i, bytes - i));
    }
    return SIMD_NAME(total)(sum);
}

uint64_t
SIMD_NAME(png_filter_up)(uint8_t *out, const uint8_t *row, const uint8_t *above, size_t bytes) {
    vi sum = v_zero();
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        vi v = v_sub_i8(v_load(row + i), v_load(above + i));
        v_store(out + i, v);
        sum = SIMD_NAME(magnitudes)(sum, v);
    }
    if (i < bytes) {
        vi v = v_sub_i8(v_load_part(row + i, bytes - i), v_load_part(above + i, bytes - i));
        v_store_part(out + i, v, bytes - i);
        sum = SIMD_NAME(magnitudes)(sum, v);
    }
    return SIMD_NAME(total)(sum);
}

/* Guesses from left, above and corner, each a vector of bytes. */
SIMD_INLINE vi SIMD_NAME(guess_sub)(vi left, vi above, vi corner) {
    (void)above;
    (void)corner;
    return left;
}

SIMD_INLINE vi SIMD_NAME(guess_average)(vi left, vi above, vi corner) {
    (void)corner;
    vi odd = v_and(v_xor(left, above), v_set_u8(1));
    return v_sub_i8(VOP(avg_epu8)(left, above), odd);
}

/* Half of the samples, widened to 16 bits. */
SIMD_INLINE vi SIMD_NAME(guess_paeth_16)(vi left, vi above, vi corner) {
    vi to_left = v_sub_i16(above, corner), to_above = v_sub_i16(left, corner);
    vi to_corner = VOP(abs_epi16)(v_add_i16(to_left, to_above));
    to_left = VOP(abs_epi16)(to_left);
    to_above = VOP(abs_epi16)(to_above);
    vi nearest = v_select(v_cmpgt_i16(to_above, to_corner), corner, above);
    vi distance = v_min_i16(to_above, to_corner);
    return v_select(v_cmpgt_i16(to_left, distance), nearest, left);
}

SIMD_INLINE vi SIMD_NAME(guess_paeth)(vi left, vi above, vi corner) {
    vi zero = v_zero();
    vi low = SIMD_NAME(guess_paeth_16)(
        v_unpacklo_i8(left, zero), v_unpacklo_i8(above, zero), v_unpacklo_i8(corner, zero));
    vi high = SIMD_NAME(guess_paeth_16)(
        v_unpackhi_i8(left, zero), v_unpackhi_i8(above, zero), v_unpackhi_i8(corner, zero));
    return v_packs_i16_u8(low, high);
}

/* The first pixel, which has zeros to its left, then vectors, then what is left of a vector. */
#define FILTER_ROW(name, above, first_above)                                                       \
    vi sum = v_zero();                                                                             \
    size_t first = bpp < bytes ? bpp : bytes, i = first;                                           \
    uint64_t start = 0;                                                                            \
    for (size_t k = 0; k < first; k++) {                                                           \
        out[k] = (uint8_t)(row[k] - (first_above));                                                \
        start += out[k] < 128 ? out[k] : 256u - out[k];                                            \
    }                                                                                              \
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {                                             \
        vi guess = SIMD_NAME(guess_##name)(                                                        \
            v_load(row + i - bpp), v_load(above + i), v_load(above + i - bpp));                    \
        vi v = v_sub_i8(v_load(row + i), guess);                                                   \
        v_store(out + i, v);                                                                       \
        sum = SIMD_NAME(magnitudes)(sum, v);                                                       \
    }                                                                                              \
    if (i < bytes) {                                                                               \
        size_t n = bytes - i;                                                                      \
        vi guess = SIMD_NAME(guess_##name)(                                                        \
            v_load_part(row + i - bpp, n), v_load_part(above + i, n),                              \
            v_load_part(above + i - bpp, n));                                                      \
        vi v = v_sub_i8(v_load_part(row + i, n), guess);                                           \
        v_store_part(out + i, v, n);                                                               \
        sum = SIMD_NAME(magnitudes)(sum, v);                                                       \
    }                                                                                              \
    return start + SIMD_NAME(total)(sum);

uint64_t SIMD_NAME(png_filter_sub)(uint8_t *out, const uint8_t *row, size_t bytes, size_t bpp){
    FILTER_ROW(sub, row, 0)}

uint64_t SIMD_NAME(png_filter_average)(
    uint8_t *out, const uint8_t *row, const uint8_t *above, size_t bytes,
    size_t bpp){FILTER_ROW(average, above, above[k] / 2)}

uint64_t SIMD_NAME(png_filter_paeth)(
    uint8_t *out, const uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    FILTER_ROW(paeth, above, above[k])
}

#undef FILTER_ROW
