/* Bytes: float32 first, doubles where that may matter.
 *
 * The reference computes in doubles and truncates. In float32 the sum is off by less than an
 * epsilon (below), so where it is farther than that from the nearest integer, it truncates to the
 * same byte. The others, one in thousands, are computed again exactly (warp_pixel.tmpl.h) unless
 * - all samples of the grid are equal: the result is that sample (clear skies, opaque alpha); or
 * - the fractions of the place have so few bits that both computations were exact.
 *
 * Errors in units of u = 2^-24: a fraction rounded to float32 is off by u / 2, a rounded result
 * below 2^k by 2^k u / 2.
 *
 * Bilinear, p + (q - p) d: 128 u each for d, the product and the sum: 384 u. Then v0 + (v1 - v0) d:
 * v1 - v0 is off by 2 * 384 u + 128 u, d, product and sum as before, v0 by 384 u: 1664 u < 2^-13.
 * Exact if the fractions are multiples of 2^-8: 8 bits of sample and 16 of fraction.
 *
 * Bicubic: the magnitudes of the weights add up to at most 1.5 (of the inner two to 1.25; an outer
 * one is at most 4/27). Their errors, with the derivatives of at most 4/3 for d and the rounding of
 * each step, are at most 2, 3, 2 and 1.5 u: together 8.5 u. A row: 8.5 u * 255 = 2168 u for the
 * weights; products 2 * 128 u + 2 * 32 u; sums below 512, 64 and 512: 256 u + 32 u + 256 u; in all
 * 3032 u, of a magnitude of at most 383. Down the rows: 1.5 * 3032 u = 4548 u; 8.5 u * 383 = 3256
 * u; products 2 * 256 u + 2 * 32 u; sums below 512, 128 and 1024: 256 u + 64 u + 512 u; in all 9212
 * u < 2^-10. Exact if the fractions are multiples of 1/4: weights have 6 bits of fraction, sums 10
 * and 12 bits. */
#define BILINEAR_EPSILON 0x1p-13f
#define BICUBIC_EPSILON 0x1p-10f
#define BILINEAR_EXACT 256.0
#define BICUBIC_EXACT 4.0
#define LANES (SIMD_BYTES / 4)

#include "geometry/warp_pixel.tmpl.h"

/* The samples of a group, as the vectors below expect them: row by row of the grid, pixel by
 * pixel, the samples that are in use beside each other; the two rows of the bilinear grid follow
 * each other within the pixel. */
SIMD_INLINE void SIMD_NAME(warp_collect)(
    uint8_t *samples, const SIMD_NAME(warp_grids) * grids, int from, int group,
    const uint8_t *const *rows, int taps, int type) {
    const size_t size = type == WARP_U8 ? 1 : 4;
    const size_t row_bytes = taps * size, pixel_bytes = 4 * size;
    for (int i = from; i < from + group; i++) {
        const size_t at = (size_t)grids->x[i] * size;
        const uint8_t *const *row = rows + grids->y[i];
        for (int j = 0; j < taps; j++) {
            const size_t to = taps == 2 ? j * row_bytes : j * pixel_bytes * WARP_CHUNK;
            const uint8_t *p = row[j];
            KEEP_SCALAR(p);
            memcpy(samples + to + (size_t)i * pixel_bytes, p + at, row_bytes);
        }
    }
}

/* Fractions of a group, one for each lane. */
SIMD_INLINE vf SIMD_NAME(warp_spread)(const float *fractions, int type) {
    if (type == WARP_U8) {
        return v_load_f32(fractions);
    }
#if SIMD_LEVEL == 3
    const vi each = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    return _mm512_permutexvar_ps(each, _mm512_castps128_ps512(_mm_loadu_ps(fractions)));
#else
    return _mm256_insertf128_ps(
        _mm256_castps128_ps256(_mm_set1_ps(fractions[0])), _mm_set1_ps(fractions[1]), 1);
#endif
}

/* Column k of the collected samples, a lane each. */
SIMD_INLINE vi SIMD_NAME(warp_column)(vi samples, int k, int type) {
    const __m128i single =
        _mm_setr_epi8(0, -1, -1, -1, 4, -1, -1, -1, 8, -1, -1, -1, 12, -1, -1, -1);
    const __m128i bands = _mm_setr_epi8(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1);
    const __m128i order = type == WARP_U8 ? _mm_add_epi32(single, _mm_set1_epi32(k))
                                          : _mm_add_epi32(bands, _mm_set1_epi32(4 * k));
    return v_shuffle_u8(samples, v_lanes(order));
}

SIMD_INLINE vf SIMD_NAME(warp_column_f32)(vi samples, int k, int type) {
    return v_i32_to_f32(SIMD_NAME(warp_column)(samples, k, type));
}

/* All ones in lanes where all samples of the grid, in `count` rows, equal column k of `of`. */
SIMD_INLINE vi SIMD_NAME(warp_flat)(const vi *samples, int count, vi of, int k, int type) {
    const __m128i in_four = _mm_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12);
    const __m128i in_all = _mm_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
    const __m128i order = type == WARP_U8 ? _mm_add_epi8(in_four, _mm_set1_epi8((char)k))
                                          : _mm_add_epi8(in_all, _mm_set1_epi8((char)(4 * k)));
    const vi equal = v_shuffle_u8(of, v_lanes(order));
    vi differ = v_xor(samples[0], equal);
    for (int j = 1; j < count; j++) {
        differ = v_or(differ, v_xor(samples[j], equal));
    }
    if (type != WARP_U8) {
        differ = v_or(differ, v_shuffle_i32(differ, 0xb1));
        differ = v_or(differ, v_shuffle_i32(differ, 0x4e));
        differ = SIMD_NAME(warp_column)(differ, 0, type);
    }
    return v_cmpeq_i32(differ, v_zero());
}

SIMD_INLINE unsigned SIMD_NAME(warp_lanes)(vi mask) {
#if SIMD_LEVEL == 3
    return _mm512_movepi32_mask(mask);
#else
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(mask));
#endif
}

/* Lanes in which one of three numbers is not +0, which equal numbers have as their difference. */
SIMD_INLINE unsigned SIMD_NAME(warp_varied)(vf a, vf b, vf c) {
#if SIMD_LEVEL == 3
    const vi any = _mm512_ternarylogic_epi32(
        _mm512_castps_si512(a), _mm512_castps_si512(b), _mm512_castps_si512(c), 0xfe);
    return _mm512_test_epi32_mask(any, any);
#else
    const vi any = _mm256_castps_si256(_mm256_or_ps(_mm256_or_ps(a, b), c));
    return ~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(v_cmpeq_i32(any, v_zero())));
#endif
}

/* Clipped to a byte a lane. */
SIMD_INLINE __m128i SIMD_NAME(warp_bytes)(vi whole) {
#if SIMD_LEVEL == 3
    return _mm512_cvtusepi32_epi8(v_max_i32(whole, v_zero()));
#else
    const __m128i words =
        _mm_packus_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    return _mm_packus_epi16(words, words);
#endif
}

/* Bands of a 4-byte pixel that are computed, as bits of its lanes, repeated for all of the group.
 */
SIMD_INLINE unsigned SIMD_NAME(warp_used)(int type) {
    const unsigned all = (1u << LANES) - 1;
    return all & (type == WARP_U8X2 ? 0x9999u : type == WARP_U8X3 ? 0x7777u : 0xffffu);
}

SIMD_INLINE __m128i SIMD_NAME(warp_before)(const uint8_t *out) {
    return LANES == 16 ? _mm_loadu_si128((const __m128i *)out)
                       : _mm_loadl_epi64((const __m128i *)out);
}

SIMD_INLINE void SIMD_NAME(warp_store)(uint8_t *out, __m128i bytes, int type) {
    if (type == WARP_U8X2) {
        const __m128i order = _mm_setr_epi8(0, 0, 0, 3, 4, 4, 4, 7, 8, 8, 8, 11, 12, 12, 12, 15);
        bytes = _mm_shuffle_epi8(bytes, order);
    }
    if (type == WARP_U8X3) {
        const __m128i last = _mm_set1_epi32((int)0xff000000);
        bytes = _mm_blendv_epi8(bytes, SIMD_NAME(warp_before)(out), last);
    }
    if (LANES == 16) {
        _mm_storeu_si128((__m128i *)out, bytes);
    } else {
        _mm_storel_epi64((__m128i *)out, bytes);
    }
}

/* Bits of lanes whose value is too close to an integer to tell what the exact one truncates to. */
SIMD_INLINE unsigned SIMD_NAME(warp_near)(vf v, float epsilon) {
    const vf away = v_abs_f32(v_sub_f32(v, v_nearest_f32(v)));
    return v_compare_f32(away, v_set_f32(epsilon), _CMP_LE_OQ);
}

SIMD_INLINE bool SIMD_NAME(warp_is_exact)(double dx, double dy, double scale) {
    const double x = dx * scale, y = dy * scale;
    return x == (double)(int)x && y == (double)(int)y;
}

/* Writes the values of a group; gives the bits of the lanes that are in doubt. */
SIMD_INLINE unsigned SIMD_NAME(warp_write)(uint8_t *out, vf v, float epsilon, int type) {
    SIMD_NAME(warp_store)(out, SIMD_NAME(warp_bytes)(v_f32_to_i32(v)), type);
    return SIMD_NAME(warp_near)(v, epsilon) & SIMD_NAME(warp_used)(type);
}

/* The samples of a group; gives their number of vectors. */
SIMD_INLINE int
SIMD_NAME(warp_load_group)(vi s[4], const uint8_t *samples, int from, int taps, int type) {
    const size_t size = type == WARP_U8 ? 4 : 16;
    const int count = taps == 2 ? 1 : 4;
    for (int j = 0; j < count; j++) {
        s[j] = v_load(samples + ((size_t)j * WARP_CHUNK + from) * size);
    }
    return count;
}

/* Settles the doubtful lanes of a group that has been written: one by one. */
#define DEFINE_SETTLE(filter, EXACT)                                                               \
    SIMD_INLINE void SIMD_NAME(filter##_settle)(                                                   \
        uint8_t * out, unsigned doubtful, const SIMD_NAME(warp_grids) * grids, int from,           \
        const uint8_t *const *rows, int type) {                                                    \
        while (doubtful) {                                                                         \
            const int lane = __builtin_ctz(doubtful);                                              \
            const int pixel = type == WARP_U8 ? lane : lane / 4, i = from + pixel;                 \
            doubtful &= ~(type == WARP_U8 ? 1u << lane : 0xfu << (lane & ~3));                     \
            const double dx = grids->dx[i], dy = grids->dy[i];                                     \
            const int x = grids->x[i], y = grids->y[i];                                            \
            if (SIMD_NAME(warp_is_exact)(dx, dy, EXACT)) {                                         \
                continue;                                                                          \
            }                                                                                      \
            if (type == WARP_U8) {                                                                 \
                out[pixel] = filter##_byte(rows, x, y, dx, dy);                                    \
            } else {                                                                               \
                SIMD_NAME(filter##_exact)(out + 4 * pixel, rows, x, y, dx, dy, type);              \
            }                                                                                      \
        }                                                                                          \
    }

DEFINE_SETTLE(bilinear, BILINEAR_EXACT)
DEFINE_SETTLE(bicubic, BICUBIC_EXACT)
#undef DEFINE_SETTLE

/* The lanes of `doubtful` but those of flat grids, which get their sample. */
SIMD_INLINE unsigned SIMD_NAME(bicubic_flat)(
    uint8_t *out, unsigned doubtful, const uint8_t *samples, int from, int type) {
    vi s[4];
    const int count = SIMD_NAME(warp_load_group)(s, samples, from, 4, type);
    const vi flat = SIMD_NAME(warp_flat)(s, count, s[1], 1, type);
    const __m128i where = SIMD_NAME(warp_bytes)(v_and(flat, v_set_i32(0xff)));
    const __m128i sample = SIMD_NAME(warp_bytes)(SIMD_NAME(warp_column)(s[1], 1, type));
    SIMD_NAME(warp_store)
    (out, _mm_blendv_epi8(SIMD_NAME(warp_before)(out), sample, where), type);
    return doubtful & ~SIMD_NAME(warp_lanes)(flat);
}

/* Flat grids are not among the doubtful ones. */
SIMD_INLINE unsigned SIMD_NAME(bilinear_flat)(
    uint8_t *out, unsigned doubtful, const uint8_t *samples, int from, int type) {
    (void)out, (void)samples, (void)from, (void)type;
    return doubtful;
}

SIMD_INLINE unsigned SIMD_NAME(bilinear_group)(
    uint8_t *out, const uint8_t *samples, const SIMD_NAME(warp_grids) * grids, int from, int type) {
    vi s[4];
    vf p[4];
    SIMD_NAME(warp_load_group)(s, samples, from, 2, type);
    for (int k = 0; k < 4; k++) {
        p[k] = SIMD_NAME(warp_column_f32)(s[0], k, type);
    }
    const vf dx = SIMD_NAME(warp_spread)(grids->dx_f32 + from, type);
    const vf dy = SIMD_NAME(warp_spread)(grids->dy_f32 + from, type);
    const vf d0 = v_sub_f32(p[1], p[0]), d1 = v_sub_f32(p[3], p[2]);
    const vf v0 = v_muladd_f32(d0, dx, p[0]), v1 = v_muladd_f32(d1, dx, p[2]);
    const vf d = v_sub_f32(v1, v0), v = v_muladd_f32(d, dy, v0);
    const unsigned doubtful = SIMD_NAME(warp_write)(out, v, BILINEAR_EPSILON, type);
    /* Without any difference the value is the sample, exactly. */
    return doubtful & SIMD_NAME(warp_varied)(d0, d1, d);
}

/* Weights of the cubic, the outer two negated: with e = 1 - d, d e^2 and d^2 e; the inner two are
 * 1 - d^2 - d^2 e and d + d^2 e. */
SIMD_INLINE void SIMD_NAME(warp_weights)(vf weight[4], vf d) {
    const vf one = v_set_f32(1), d2 = v_mul_f32(d, d), e = v_sub_f32(one, d);
    weight[0] = v_mul_f32(v_mul_f32(d, e), e);
    weight[3] = v_mul_f32(d2, e);
    weight[1] = v_sub_f32(v_sub_f32(one, d2), weight[3]);
    weight[2] = v_add_f32(d, weight[3]);
}

SIMD_INLINE vf SIMD_NAME(warp_weigh)(const vf p[4], const vf weight[4]) {
    const vf inner = v_muladd_f32(p[1], weight[1], v_mul_f32(p[2], weight[2]));
    const vf outer = v_muladd_f32(p[0], weight[0], v_mul_f32(p[3], weight[3]));
    return v_sub_f32(inner, outer);
}

SIMD_INLINE unsigned SIMD_NAME(bicubic_group)(
    uint8_t *out, const uint8_t *samples, const SIMD_NAME(warp_grids) * grids, int from, int type) {
    vf x_weight[4], y_weight[4], row[4];
    vi s[4];
    SIMD_NAME(warp_load_group)(s, samples, from, 4, type);
    SIMD_NAME(warp_weights)(x_weight, SIMD_NAME(warp_spread)(grids->dx_f32 + from, type));
    for (int j = 0; j < 4; j++) {
        vf p[4];
        for (int k = 0; k < 4; k++) {
            p[k] = SIMD_NAME(warp_column_f32)(s[j], k, type);
        }
        row[j] = SIMD_NAME(warp_weigh)(p, x_weight);
    }
    SIMD_NAME(warp_weights)(y_weight, SIMD_NAME(warp_spread)(grids->dy_f32 + from, type));
    return SIMD_NAME(warp_write)(out, SIMD_NAME(warp_weigh)(row, y_weight), BICUBIC_EPSILON, type);
}

#undef BILINEAR_EPSILON
#undef BICUBIC_EPSILON
#undef BILINEAR_EXACT
#undef BICUBIC_EXACT
#undef LANES
