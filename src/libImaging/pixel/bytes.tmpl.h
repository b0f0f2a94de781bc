/* Byte permutations by shuffles: as many pixels per 16-byte lane as fit its source and its result.
 *
 * A mask byte is the place of the source byte in the lane, or 0x80 for none (the shuffle gives 0);
 * then the flips are xored. Loads and stores are whole lanes, so that the last pixels, for which a
 * lane would reach beyond the row, go to the portable code. */

/* Mask and flips for `count` pixels in one lane; the bytes beyond them become 0. */
SIMD_INLINE void SIMD_NAME(permutation)(
    const int8_t *source, int in_step, int out_step, int count, uint8_t *mask, uint8_t *flip) {
    for (int i = 0; i < 16; i++) {
        int pixel = i / out_step, k = i % out_step;
        bool taken = pixel < count && source[2 * k] >= 0;
        mask[i] = taken ? (uint8_t)(pixel * in_step + source[2 * k]) : 0x80;
        flip[i] = pixel < count ? (uint8_t)source[2 * k + 1] : 0;
    }
}

/* Lanes from `in`, `step` bytes apart. */
SIMD_INLINE vi SIMD_NAME(gather_lanes)(const uint8_t *in, size_t step) {
#if SIMD_LEVEL == 1
    (void)step;
    return v_load(in);
#elif SIMD_LEVEL == 2
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)in)),
        _mm_loadu_si128((const __m128i *)(in + step)), 1);
#else
    vi a = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)in));
    a = _mm512_inserti32x4(a, _mm_loadu_si128((const __m128i *)(in + step)), 1);
    a = _mm512_inserti32x4(a, _mm_loadu_si128((const __m128i *)(in + 2 * step)), 2);
    return _mm512_inserti32x4(a, _mm_loadu_si128((const __m128i *)(in + 3 * step)), 3);
#endif
}

/* Lanes to `out`, `step` bytes apart, in this order: each overwrites what the one before wrote
 * beyond its own bytes. */
SIMD_INLINE void SIMD_NAME(scatter_lanes)(uint8_t *out, vi a, size_t step) {
#if SIMD_LEVEL == 1
    (void)step;
    v_store(out, a);
#elif SIMD_LEVEL == 2
    _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(a));
    _mm_storeu_si128((__m128i *)(out + step), _mm256_extracti128_si256(a, 1));
#else
    _mm_storeu_si128((__m128i *)out, _mm512_castsi512_si128(a));
    _mm_storeu_si128((__m128i *)(out + step), _mm512_extracti32x4_epi32(a, 1));
    _mm_storeu_si128((__m128i *)(out + 2 * step), _mm512_extracti32x4_epi32(a, 2));
    _mm_storeu_si128((__m128i *)(out + 3 * step), _mm512_extracti32x4_epi32(a, 3));
#endif
}

/* Returns how many pixels are done. All but the pointers are constants. */
SIMD_INLINE int SIMD_NAME(permute_pixels)(
    uint8_t *out, const uint8_t *in, int pixels, const int8_t *source, int in_step, int out_step) {
    const int lanes = SIMD_BYTES / 16;
    const int count = 16 / (in_step > out_step ? in_step : out_step); /* pixels of a lane */
    const int in_lane = count * in_step, out_lane = count * out_step;
    /* The last lane reads and writes 16 bytes: this many pixels must be left. */
    const int in_needed = ((lanes - 1) * in_lane + 16 + in_step - 1) / in_step;
    const int out_needed = ((lanes - 1) * out_lane + 16 + out_step - 1) / out_step;
    const int needed = in_needed > out_needed ? in_needed : out_needed;
    uint8_t mask_bytes[16], flip_bytes[16];
    SIMD_NAME(permutation)(source, in_step, out_step, count, mask_bytes, flip_bytes);
    const vi mask = v_lanes(_mm_loadu_si128((const __m128i *)mask_bytes));
    const vi flip = v_lanes(_mm_loadu_si128((const __m128i *)flip_bytes));
    int x = 0;
    for (; pixels - x >= needed; x += lanes * count) {
        vi a = in_lane == 16 ? v_load(in) : SIMD_NAME(gather_lanes)(in, (size_t)in_lane);
        a = v_xor(v_shuffle_u8(a, mask), flip);
        if (out_lane == 16) {
            v_store(out, a);
        } else {
            SIMD_NAME(scatter_lanes)(out, a, (size_t)out_lane);
        }
        in += lanes * in_lane;
        out += lanes * out_lane;
    }
    return x;
}

#define PERMUTATION(a, b)                                                                          \
    void SIMD_NAME(bytes_##a##_##b)(                                                               \
        uint8_t * out, const uint8_t *in, int pixels, const int8_t *source) {                      \
        int done = SIMD_NAME(permute_pixels)(out, in, pixels, source, a, b);                       \
        bytes_##a##_##b##_scalar(                                                                  \
            out + (size_t)done * (b), in + (size_t)done * (a), pixels - done, source);             \
    }

PERMUTATION(2, 1)
PERMUTATION(4, 1)
PERMUTATION(2, 2)
PERMUTATION(4, 2)
PERMUTATION(4, 3)
PERMUTATION(1, 4)
PERMUTATION(2, 4)
PERMUTATION(3, 4)
PERMUTATION(4, 4)
PERMUTATION(5, 4)
PERMUTATION(6, 4)
PERMUTATION(8, 4)
#undef PERMUTATION
