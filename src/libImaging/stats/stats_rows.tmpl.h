/* SIMD versions of the statistics kernels; see simd/instantiate.h. */

/* Bit i: byte i of a & b is not 0. */
#if SIMD_LEVEL == 1
SIMD_INLINE uint64_t SIMD_NAME(nonzero_bits)(vi a, vi b) {
    return (uint16_t)~_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_and_si128(a, b), _mm_setzero_si128()));
}
#elif SIMD_LEVEL == 2
SIMD_INLINE uint64_t SIMD_NAME(nonzero_bits)(vi a, vi b) {
    const vi zeros = _mm256_cmpeq_epi8(_mm256_and_si256(a, b), _mm256_setzero_si256());
    return (uint32_t)~_mm256_movemask_epi8(zeros);
}
#else
SIMD_INLINE uint64_t SIMD_NAME(nonzero_bits)(vi a, vi b) {
    return _mm512_test_epi8_mask(a, b);
}
#endif

size_t SIMD_NAME(first_nonzero)(const uint8_t *row, size_t bytes, uint32_t mask) {
    const vi counted = v_set_i32((int)mask);
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        const uint64_t found = SIMD_NAME(nonzero_bits)(v_load(row + i), counted);
        if (found) {
            return i + (size_t)__builtin_ctzll(found);
        }
    }
    return i + first_nonzero_scalar(row + i, bytes - i, mask);
}

/* Whole vectors counted from the left, so that `counted` fits; first what is beyond them. */
size_t SIMD_NAME(last_nonzero)(const uint8_t *row, size_t bytes, uint32_t mask) {
    const vi counted = v_set_i32((int)mask);
    size_t i = bytes - bytes % SIMD_BYTES;
    const size_t tail = last_nonzero_scalar(row + i, bytes - i, mask);
    if (tail) {
        return i + tail;
    }
    for (; i > 0; i -= SIMD_BYTES) {
        const uint64_t found = SIMD_NAME(nonzero_bits)(v_load(row + i - SIMD_BYTES), counted);
        if (found) {
            return i - SIMD_BYTES + 64 - (size_t)__builtin_clzll(found);
        }
    }
    return 0;
}

/* Vectors of running extrema, whose elements the scalar kernel then takes like pixels. */
#define EXTREMA_KERNEL(name, type, fill, min, max)                                                 \
    void SIMD_NAME(name)(const uint8_t *in, size_t pixels, type *low, type *high) {                \
        const size_t step = SIMD_BYTES / sizeof(type);                                             \
        size_t i = 0;                                                                              \
        if (pixels >= step) {                                                                      \
            type ends[2][SIMD_BYTES / sizeof(type)];                                               \
            vi lows = fill(*low), highs = fill(*high);                                             \
            for (; i + step <= pixels; i += step) {                                                \
                const vi v = v_load(in + i * sizeof(type));                                        \
                lows = min(v, lows);                                                               \
                highs = max(v, highs);                                                             \
            }                                                                                      \
            v_store(ends[0], lows);                                                                \
            v_store(ends[1], highs);                                                               \
            name##_scalar((const uint8_t *)ends, 2 * step, low, high);                             \
        }                                                                                          \
        name##_scalar(in + i * sizeof(type), pixels - i, low, high);                               \
    }

#define MIN_U16(a, b) VOP(min_epu16)(a, b)
#define MAX_U16(a, b) VOP(max_epu16)(a, b)
EXTREMA_KERNEL(extrema_u8_row, uint8_t, v_set_u8, v_min_u8, v_max_u8)
EXTREMA_KERNEL(extrema_u16_row, uint16_t, v_set_i16, MIN_U16, MAX_U16)
EXTREMA_KERNEL(extrema_i32_row, int32_t, v_set_i32, v_min_i32, v_max_i32)
#undef MIN_U16
#undef MAX_U16
#undef EXTREMA_KERNEL

void SIMD_NAME(extrema_u8x4_row)(const uint8_t *in, size_t pixels, uint8_t *low, uint8_t *high) {
    const size_t step = SIMD_BYTES / 4;
    size_t i = 0;
    if (pixels >= step) {
        uint8_t ends[2][SIMD_BYTES];
        int32_t lowest, highest;
        memcpy(&lowest, low, 4);
        memcpy(&highest, high, 4);
        vi lows = v_set_i32(lowest), highs = v_set_i32(highest);
        for (; i + step <= pixels; i += step) {
            const vi v = v_load(in + 4 * i);
            lows = v_min_u8(lows, v);
            highs = v_max_u8(highs, v);
        }
        v_store(ends[0], lows);
        v_store(ends[1], highs);
        extrema_u8x4_row_scalar(ends[0], 2 * step, low, high);
    }
    extrema_u8x4_row_scalar(in + 4 * i, pixels - i, low, high);
}

uint64_t SIMD_NAME(sum_u8_row)(const uint8_t *in, size_t bytes) {
    vi sums = v_zero();
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        sums = VOP(add_epi64)(sums, v_sad_u8(v_load(in + i), v_zero()));
    }
    uint64_t parts[SIMD_BYTES / 8];
    v_store(parts, sums);
    uint64_t sum = sum_u8_row_scalar(in + i, bytes - i);
    for (int k = 0; k < SIMD_BYTES / 8; k++) {
        sum += parts[k];
    }
    return sum;
}

/* v_min_f32 and v_max_f32 keep their second argument if the first is nan or equal, as the reference
 * does. Only zeros of both signs can come out in another order than that of the row: then the first
 * zero of the row is looked for, unless the extremum was a zero before. */
SIMD_INLINE float
SIMD_NAME(zero_as_met)(const uint8_t *in, size_t pixels, float before, float after) {
    if (after != 0.0f || before == 0.0f) {
        return after == 0.0f ? before : after;
    }
    for (size_t i = 0; i < pixels; i++) {
        float v;
        memcpy(&v, in + 4 * i, 4);
        if (v == 0.0f) {
            return v;
        }
    }
    return after;
}

void SIMD_NAME(extrema_f32_row)(const uint8_t *in, size_t pixels, float *low, float *high) {
    const size_t step = SIMD_BYTES / 4;
    const float low_before = *low, high_before = *high;
    size_t i = 0;
    if (pixels >= step) {
        float ends[2][SIMD_BYTES / 4];
        vf lows = v_set_f32(*low), highs = v_set_f32(*high);
        for (; i + step <= pixels; i += step) {
            const vf v = v_load_f32(in + 4 * i);
            lows = v_min_f32(v, lows);
            highs = v_max_f32(v, highs);
        }
        v_store_f32(ends[0], lows);
        v_store_f32(ends[1], highs);
        extrema_f32_row_scalar((const uint8_t *)ends, 2 * step, low, high);
    }
    extrema_f32_row_scalar(in + 4 * i, pixels - i, low, high);
    *low = SIMD_NAME(zero_as_met)(in, pixels, low_before, *low);
    *high = SIMD_NAME(zero_as_met)(in, pixels, high_before, *high);
}
