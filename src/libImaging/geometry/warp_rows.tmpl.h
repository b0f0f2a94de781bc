/* The filters of the transforms, several pixels at a time, in chunks: where the pixels of a chunk
 * read (this file); then bytes (warp_bytes.tmpl.h) or wide samples (warp_wide.tmpl.h). Pixels whose
 * grid touches the border or lies outside go through the reference. */

/* What depends on the vectors' size: comparisons of doubles give one bit a lane. */
#define DOUBLES (SIMD_BYTES / 8)
#if SIMD_LEVEL == 3
#define HOP(op) SIMD_CAT(_mm256_, op)
#define vhf __m256
#define v_store_ints(p, a) _mm256_storeu_si256((__m256i *)(p), a)
#define v_compare_f64(a, b, how) _mm512_cmp_pd_mask(a, b, how)
#define v_compare_f32(a, b, how) _mm512_cmp_ps_mask(a, b, how)
#define v_muladd_f32(a, b, c) _mm512_fmadd_ps(a, b, c) /* where either rounding will do */
#define v_abs_f32(a) _mm512_abs_ps(a)
#define v_nearest_f32(a) _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#else
#define HOP(op) SIMD_CAT(_mm_, op)
#define vhf __m128
#define v_store_ints(p, a) _mm_storeu_si128((__m128i *)(p), a)
#define v_compare_f64(a, b, how) (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(a, b, how))
#define v_compare_f32(a, b, how) (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(a, b, how))
#define v_muladd_f32(a, b, c) _mm256_add_ps(_mm256_mul_ps(a, b), c)
#define v_abs_f32(a) _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a)
#define v_nearest_f32(a) _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#endif

/* The grids of a chunk: first column and row, and how far the place is beyond the filter's base.
 * Bits of `inside`: the whole grid is; of `outside`: the place is. */
typedef struct {
    int32_t x[WARP_CHUNK], y[WARP_CHUNK];
    double dx[WARP_CHUNK], dy[WARP_CHUNK];
    float dx_f32[WARP_CHUNK], dy_f32[WARP_CHUNK]; /* the same, rounded */
    uint64_t inside, outside;
} SIMD_NAME(warp_grids);

/* Along one axis, of n pixels, with `taps` of them in a grid. Not a number is neither inside nor
 * outside; its index is never used. */
SIMD_INLINE void SIMD_NAME(warp_find_axis)(
    int32_t *index, double *fraction, float *rounded, uint64_t *inside, uint64_t *outside,
    const double *places, int count, int n, int taps) {
    const int before = taps / 2 - 1;
    const vd first = v_set_f64(before), last = v_set_f64(n - taps + before), end = v_set_f64(n);
    for (int i = 0; i + DOUBLES <= count; i += DOUBLES) {
        const vd place = v_load_f64(places + i), v = v_sub_f64(place, v_set_f64(0.5));
        const vd base = VOP(floor_pd)(v);
        const vd beyond = v_sub_f64(v, base);
        v_store_f64(fraction + i, beyond);
        HOP(storeu_ps)(rounded + i, VOP(cvtpd_ps)(beyond));
        v_store_ints(index + i, VOP(cvttpd_epi32)(v_sub_f64(base, first)));
        const unsigned good = v_compare_f64(base, first, _CMP_GE_OQ);
        const unsigned bad = v_compare_f64(place, v_set_f64(0), _CMP_LT_OQ);
        *inside |= (uint64_t)(good & v_compare_f64(base, last, _CMP_LE_OQ)) << i;
        *outside |= (uint64_t)(bad | v_compare_f64(place, end, _CMP_GE_OQ)) << i;
    }
}

SIMD_INLINE void SIMD_NAME(warp_find)(
    SIMD_NAME(warp_grids) * grids, const double *xs, const double *ys, int count, int width,
    int height, int taps) {
    uint64_t in_x = 0, in_y = 0;
    grids->outside = 0;
    SIMD_NAME(warp_find_axis)
    (grids->x, grids->dx, grids->dx_f32, &in_x, &grids->outside, xs, count, width, taps);
    SIMD_NAME(warp_find_axis)
    (grids->y, grids->dy, grids->dy_f32, &in_y, &grids->outside, ys, count, height, taps);
    grids->inside = in_x & in_y;
}

#include "geometry/warp_bytes.tmpl.h"
#include "geometry/warp_wide.tmpl.h"

/* All pixels of a chunk: in groups of `group` where all grids are inside, else one by one. The
 * samples of all groups are collected first, so that the vectors of the second pass do not wait
 * for the small stores of the first. */
#define CHUNK_LOOP(collect, compute, any)                                                          \
    for (int i = 0; i < count; i += group) {                                                       \
        if ((grids.inside >> i & bits) == bits) {                                                  \
            collect;                                                                               \
        }                                                                                          \
    }                                                                                              \
    for (int i = 0; i < count; i += group) {                                                       \
        uint8_t *to = out + (size_t)i * step;                                                      \
        if ((grids.inside >> i & bits) == bits) {                                                  \
            compute;                                                                               \
        } else if ((grids.outside >> i & bits) == bits) {                                          \
            memset(to, 0, zero_fill ? (size_t)step *group : 0);                                    \
        } else {                                                                                   \
            for (int k = i; k < count && k < i + group; k++, to += step) {                         \
                any(to, step, xs[k], ys[k], rows, width, height, type, zero_fill);                 \
            }                                                                                      \
        }                                                                                          \
    }

/* Type is a constant, so that each use is compiled for it. Doubtful lanes wait until the chunk is
 * done: a branch in each group would keep the groups from overlapping. */
#define DEFINE_WARP_CHUNKS(filter, taps)                                                           \
    SIMD_INLINE void SIMD_NAME(filter##_bytes_chunks)(                                             \
        uint8_t * out, int n, const double *xs, const double *ys, const uint8_t *const *rows,      \
        int width, int height, int type, int zero_fill) {                                          \
        const int step = type == WARP_U8 ? 1 : 4, group = SIMD_BYTES / 4 / step;                   \
        const uint64_t bits = ((uint64_t)1 << group) - 1;                                          \
        SIMD_NAME(warp_grids) grids;                                                               \
        uint8_t samples[taps * taps * 4 * WARP_CHUNK];                                             \
        uint16_t doubt[WARP_CHUNK];                                                                \
        for (; n > 0; n -= WARP_CHUNK, out += (size_t)step * WARP_CHUNK) {                         \
            const int count = n < WARP_CHUNK ? n : WARP_CHUNK;                                     \
            uint64_t pending = 0;                                                                  \
            SIMD_NAME(warp_find)(&grids, xs, ys, count, width, height, taps);                      \
            CHUNK_LOOP(SIMD_NAME(warp_collect)(samples, &grids, i, group, rows, taps, type),       \
                       doubt[i] =                                                                  \
                           (uint16_t)SIMD_NAME(filter##_group)(to, samples, &grids, i, type);      \
                       pending |= (uint64_t)(doubt[i] != 0) << i, filter##_any)                    \
            for (; pending; pending &= pending - 1) {                                              \
                const int i = __builtin_ctzll(pending);                                            \
                uint8_t *to = out + (size_t)i * step;                                              \
                const unsigned left = SIMD_NAME(filter##_flat)(to, doubt[i], samples, i, type);    \
                SIMD_NAME(filter##_settle)(to, left, &grids, i, rows, type);                       \
            }                                                                                      \
            xs += count;                                                                           \
            ys += count;                                                                           \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    SIMD_INLINE void SIMD_NAME(filter##_words_chunks)(                                             \
        uint8_t * out, int n, const double *xs, const double *ys, const uint8_t *const *rows,      \
        int width, int height, int type, int zero_fill) {                                          \
        const int step = 4, group = DOUBLES;                                                       \
        const uint64_t bits = ((uint64_t)1 << group) - 1;                                          \
        SIMD_NAME(warp_grids) grids;                                                               \
        int32_t samples[taps * taps][WARP_CHUNK];                                                  \
        for (; n > 0; n -= WARP_CHUNK, out += (size_t)step * WARP_CHUNK) {                         \
            const int count = n < WARP_CHUNK ? n : WARP_CHUNK;                                     \
            SIMD_NAME(warp_find)(&grids, xs, ys, count, width, height, taps);                      \
            CHUNK_LOOP(                                                                            \
                SIMD_NAME(warp_collect_words)(samples, &grids, i, rows, taps),                     \
                SIMD_NAME(filter##_words)(to, samples, &grids, i, type), filter##_any)             \
            xs += count;                                                                           \
            ys += count;                                                                           \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    void SIMD_NAME(warp_##filter)(                                                                 \
        uint8_t * out, int step, int n, const double *xs, const double *ys,                        \
        const uint8_t *const *rows, int width, int height, int type, int zero_fill) {              \
        if (type == WARP_U8 && step != 1) { /* 16-bit modes, whose bytes Pillow mixes up */        \
            warp_##filter##_scalar(out, step, n, xs, ys, rows, width, height, type, zero_fill);    \
            return;                                                                                \
        }                                                                                          \
        switch (type) {                                                                            \
        case WARP_U8:                                                                              \
            SIMD_NAME(filter##_bytes_chunks)                                                       \
            (out, n, xs, ys, rows, width, height, WARP_U8, zero_fill);                             \
            break;                                                                                 \
        case WARP_U8X2:                                                                            \
            SIMD_NAME(filter##_bytes_chunks)                                                       \
            (out, n, xs, ys, rows, width, height, WARP_U8X2, zero_fill);                           \
            break;                                                                                 \
        case WARP_U8X3:                                                                            \
            SIMD_NAME(filter##_bytes_chunks)                                                       \
            (out, n, xs, ys, rows, width, height, WARP_U8X3, zero_fill);                           \
            break;                                                                                 \
        case WARP_U8X4:                                                                            \
            SIMD_NAME(filter##_bytes_chunks)                                                       \
            (out, n, xs, ys, rows, width, height, WARP_U8X4, zero_fill);                           \
            break;                                                                                 \
        case WARP_I32:                                                                             \
            SIMD_NAME(filter##_words_chunks)                                                       \
            (out, n, xs, ys, rows, width, height, WARP_I32, zero_fill);                            \
            break;                                                                                 \
        default:                                                                                   \
            SIMD_NAME(filter##_words_chunks)                                                       \
            (out, n, xs, ys, rows, width, height, WARP_F32, zero_fill);                            \
        }                                                                                          \
    }

DEFINE_WARP_CHUNKS(bilinear, 2)
DEFINE_WARP_CHUNKS(bicubic, 4)

#undef DEFINE_WARP_CHUNKS
#undef CHUNK_LOOP
#undef DOUBLES
#undef HOP
#undef vhf
#undef v_store_ints
#undef v_compare_f64
#undef v_compare_f32
#undef v_muladd_f32
#undef v_abs_f32
#undef v_nearest_f32
