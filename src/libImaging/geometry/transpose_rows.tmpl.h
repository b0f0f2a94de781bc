/* SIMD versions of reversal and transposition; see simd/instantiate.h. */

#if SIMD_LEVEL == 1
SIMD_INLINE vi SIMD_NAME(reverse_lanes)(vi a) {
    return a;
}
#elif SIMD_LEVEL == 2
SIMD_INLINE vi SIMD_NAME(reverse_lanes)(vi a) {
    return _mm256_permute2x128_si256(a, a, 0x01);
}
#else
SIMD_INLINE vi SIMD_NAME(reverse_lanes)(vi a) {
    return _mm512_shuffle_i32x4(a, a, 0x1b);
}
#endif

#define REVERSE_KERNEL(size, ...)                                                                  \
    void SIMD_NAME(reverse##size##_row)(uint8_t * out, const uint8_t *in, size_t pixels) {         \
        const vi order = v_lanes(_mm_setr_epi8(__VA_ARGS__));                                      \
        const size_t bytes = pixels * size;                                                        \
        size_t i = 0;                                                                              \
        for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {                                         \
            const vi a = SIMD_NAME(reverse_lanes)(v_load(in + i));                                 \
            v_store(out + bytes - SIMD_BYTES - i, v_shuffle_u8(a, order));                         \
        }                                                                                          \
        reverse##size##_row_scalar(out, in + i, (bytes - i) / size);                               \
    }

REVERSE_KERNEL(1, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
REVERSE_KERNEL(2, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1)
REVERSE_KERNEL(4, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3)
#undef REVERSE_KERNEL

/* 16 bytes of several rows, `apart` rows from each other, one in each lane. */
SIMD_INLINE vi SIMD_NAME(load_rows)(uint8_t *const *in, ptrdiff_t apart, size_t at) {
#define ROW_BYTES(k) _mm_loadu_si128((const __m128i *)(in[(k) * apart] + at))
#if SIMD_LEVEL == 1
    (void)apart;
    return ROW_BYTES(0);
#elif SIMD_LEVEL == 2
    return _mm256_inserti128_si256(_mm256_castsi128_si256(ROW_BYTES(0)), ROW_BYTES(1), 1);
#else
    const __m512i one = _mm512_inserti32x4(_mm512_castsi128_si512(ROW_BYTES(0)), ROW_BYTES(1), 1);
    return _mm512_inserti32x4(_mm512_inserti32x4(one, ROW_BYTES(2), 2), ROW_BYTES(3), 3);
#endif
#undef ROW_BYTES
}

/* `count` vectors are, in each lane, a square of `count` rows of as many elements. Interleaving the
 * first half of the rows with the second, log2(count) times, transposes it: each time the bits of
 * an element's position (row, column) rotate by one. */
#define TRANSPOSE_KERNEL(size, count, unpacklo, unpackhi)                                          \
    SIMD_INLINE void SIMD_NAME(interleave##size)(vi to[count], const vi from[count]) {             \
        for (int k = 0; k < count / 2; k++) {                                                      \
            to[2 * k] = unpacklo(from[k], from[k + count / 2]);                                    \
            to[2 * k + 1] = unpackhi(from[k], from[k + count / 2]);                                \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    SIMD_INLINE void SIMD_NAME(square##size)(                                                      \
        uint8_t *const *out, ptrdiff_t out_step, size_t out_at, uint8_t *const *in,                \
        ptrdiff_t in_step, size_t in_at) {                                                         \
        vi a[count], b[count];                                                                     \
        for (int k = 0; k < count; k++) {                                                          \
            a[k] = SIMD_NAME(load_rows)(in + k * in_step, count * in_step, in_at);                 \
        }                                                                                          \
        SIMD_NAME(interleave##size)(b, a);                                                         \
        SIMD_NAME(interleave##size)(a, b);                                                         \
        if (count == 8) {                                                                          \
            SIMD_NAME(interleave##size)(b, a);                                                     \
        } else if (count == 16) {                                                                  \
            SIMD_NAME(interleave##size)(b, a);                                                     \
            SIMD_NAME(interleave##size)(a, b);                                                     \
        }                                                                                          \
        for (int k = 0; k < count; k++) {                                                          \
            v_store(out[k * out_step] + out_at, count == 8 ? b[k] : a[k]);                         \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    void SIMD_NAME(transpose##size##_block)(                                                       \
        uint8_t *const *out, ptrdiff_t out_step, size_t out_x, uint8_t *const *in,                 \
        ptrdiff_t in_step, size_t in_x, size_t rows, size_t cols) {                                \
        const size_t high = SIMD_BYTES / size; /* rows of a step */                                \
        const size_t whole_rows = rows / high * high, whole_cols = cols / count * count;           \
        for (size_t r = 0; r < whole_rows; r += high) {                                            \
            uint8_t *const *from = in + (ptrdiff_t)r * in_step;                                    \
            for (size_t c = 0; c < whole_cols; c += count) {                                       \
                SIMD_NAME(square##size)                                                            \
                (out + (ptrdiff_t)c * out_step, out_step, (out_x + r) * size, from, in_step,       \
                 (in_x + c) * size);                                                               \
            }                                                                                      \
        }                                                                                          \
        transpose##size##_block_scalar(                                                            \
            out + (ptrdiff_t)whole_cols * out_step, out_step, out_x, in, in_step,                  \
            in_x + whole_cols, whole_rows, cols - whole_cols);                                     \
        transpose##size##_block_scalar(                                                            \
            out, out_step, out_x + whole_rows, in + (ptrdiff_t)whole_rows * in_step, in_step,      \
            in_x, rows - whole_rows, cols);                                                        \
    }

TRANSPOSE_KERNEL(1, 16, v_unpacklo_i8, v_unpackhi_i8)
#if SIMD_LEVEL <                                                                                   \
    3 /* wider stores, which cross cache lines more often, were measured to be slower */
TRANSPOSE_KERNEL(2, 8, v_unpacklo_i16, v_unpackhi_i16)
TRANSPOSE_KERNEL(4, 4, v_unpacklo_i32, v_unpackhi_i32)
#endif
#undef TRANSPOSE_KERNEL
