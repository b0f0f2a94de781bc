/* Convolution of 16-bit, 32-bit and float samples: portable references, then the SIMD levels.
 *
 * Sums are in double and in the order of the taps, so vectors run across samples, never along the
 * taps. */
#include "resample/internal.h"
#include "simd/kernels.h"

#include <string.h>

static inline double load_sample(const uint8_t *p, int sample) {
    union {
        int32_t i;
        float f;
    } u;
    switch (sample) {
    case SAMPLE_U16LE:
        return p[0] | p[1] << 8;
    case SAMPLE_U16BE:
        return p[0] << 8 | p[1];
    case SAMPLE_I32:
        memcpy(&u.i, p, 4);
        return u.i;
    default:
        memcpy(&u.f, p, 4);
        return u.f;
    }
}

/* Rounds half away from zero; out of range gives the lowest int, as x86 does. */
static inline int32_t round_sample(double s) {
    const double r = s < 0.0 ? s - 0.5 : s + 0.5;
    return r > -2147483649.0 && r < 2147483648.0 ? (int32_t)r : INT32_MIN;
}

static inline void store_sample(uint8_t *p, double s, int sample) {
    if (sample == SAMPLE_F32) {
        const float f = (float)s;
        memcpy(p, &f, 4);
        return;
    }
    int32_t v = round_sample(s);
    if (sample == SAMPLE_I32) {
        memcpy(p, &v, 4);
        return;
    }
    v = v < 0 ? 0 : v > 65535 ? 65535 : v;
    p[sample == SAMPLE_U16BE] = (uint8_t)v;
    p[sample == SAMPLE_U16LE] = (uint8_t)(v >> 8);
}

static inline int sample_size(int sample) {
    return sample == SAMPLE_U16LE || sample == SAMPLE_U16BE ? 2 : 4;
}

static inline void h_rows(
    uint8_t *const *out, const uint8_t *const *in, const int *first, const int *count,
    const double *weight, int max_taps, int outputs, int origin, int sample) {
    const int size = sample_size(sample);
    for (int r = 0; r < RESAMPLE_ROWS_WIDE; r++) {
        for (int i = 0; i < outputs; i++) {
            const uint8_t *px = in[r] + (size_t)(first[i] - origin) * size;
            const double *w = weight + (size_t)i * max_taps;
            double sum = 0.0;
            for (int k = 0; k < count[i]; k++) {
                sum += load_sample(px + (size_t)k * size, sample) * w[k];
            }
            store_sample(out[r] + (size_t)i * size, sum, sample);
        }
    }
}

static inline void v_row(
    uint8_t *out, const uint8_t *const *rows, const double *weight, int taps, int width,
    int sample) {
    enum { BLOCK = 64 };
    const int size = sample_size(sample);
    double sum[BLOCK];
    for (int at = 0; at < width; at += BLOCK) {
        const int n = width - at < BLOCK ? width - at : BLOCK;
        for (int i = 0; i < n; i++) {
            sum[i] = 0.0;
        }
        for (int k = 0; k < taps; k++) {
            const uint8_t *px = rows[k] + (size_t)at * size;
            for (int i = 0; i < n; i++) {
                sum[i] += load_sample(px + (size_t)i * size, sample) * weight[k];
            }
        }
        for (int i = 0; i < n; i++) {
            store_sample(out + (size_t)(at + i) * size, sum[i], sample);
        }
    }
}

/* Makes the sample type a constant of the inlined function. */
#define FOR_EACH_SAMPLE(sample, CALL)                                                              \
    switch (sample) {                                                                              \
    case SAMPLE_U16LE:                                                                             \
        CALL(SAMPLE_U16LE);                                                                        \
        break;                                                                                     \
    case SAMPLE_U16BE:                                                                             \
        CALL(SAMPLE_U16BE);                                                                        \
        break;                                                                                     \
    case SAMPLE_I32:                                                                               \
        CALL(SAMPLE_I32);                                                                          \
        break;                                                                                     \
    default:                                                                                       \
        CALL(SAMPLE_F32);                                                                          \
    }

void resample_hw_rows_scalar(
    uint8_t *const *out, const uint8_t *const *in, const int *first, const int *count,
    const double *weight, int max_taps, int outputs, int origin, int span, int sample,
    double *scratch) {
    (void)span;
    (void)scratch;
#define H_ROWS(S) h_rows(out, in, first, count, weight, max_taps, outputs, origin, S)
    FOR_EACH_SAMPLE(sample, H_ROWS)
#undef H_ROWS
}

void resample_vw_row_scalar(
    uint8_t *out, const uint8_t *const *rows, const double *weight, int taps, int width,
    int sample) {
#define V_ROW(S) v_row(out, rows, weight, taps, width, S)
    FOR_EACH_SAMPLE(sample, V_ROW)
#undef V_ROW
}

void resample_vw_pair_scalar(
    uint8_t *const *out, const uint8_t *const *rows, const double *const *weight, const int *count,
    int apart, int width, int sample) {
    resample_vw_row_scalar(out[0], rows, weight[0], count[0], width, sample);
    resample_vw_row_scalar(out[1], rows + apart, weight[1], count[1], width, sample);
}

#define SIMD_TEMPLATE "resample/convolve_wide.tmpl.h"
#include "simd/instantiate.h"
