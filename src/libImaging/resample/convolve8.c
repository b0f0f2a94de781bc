/* Convolution of bytes: portable references, then the SIMD levels.
 *
 * A sample is clamp((2^21 + sum of pixel * weight) >> 22) with 22-bit fixed-point weights. The sum
 * is taken modulo 2^32: the true value fits (weights sum to less than 1.6 in magnitude, and
 * 255 * 1.6 * 2^22 < 2^31), so partial sums may wrap, and any split of the weights into parts whose
 * sums are recombined modulo 2^32 gives the same bits. */
#include "resample/internal.h"
#include "simd/kernels.h"

#include <string.h>

#define HALF (1 << (RESAMPLE_BITS - 1))

static inline uint8_t clamp_sum(uint32_t sum) {
    const int32_t s = (int32_t)sum >> RESAMPLE_BITS;
    return s < 0 ? 0 : s > 255 ? 255 : (uint8_t)s;
}

/* The portable kernels read the tables themselves: the plan is the list of arguments. */
typedef struct {
    const int *first, *count;
    const int32_t *fixed;
    int max_taps, outputs, pixel_size, origin;
} ScalarPlan;

size_t resample_h8_plan_scalar(
    const int *first, const int *count, const int32_t *fixed, int max_taps, int outputs,
    int pixel_size, int origin, size_t readable, void *plan) {
    (void)readable;
    const ScalarPlan p = {first, count, fixed, max_taps, outputs, pixel_size, origin};
    if (plan) {
        memcpy(plan, &p, sizeof(p));
    }
    return sizeof(p);
}

static void row_of_bytes(uint8_t *out, const uint8_t *in, const ScalarPlan *p, uint32_t keep) {
    for (int i = 0; i < p->outputs; i++) {
        const uint8_t *px = in + (p->first[i] - p->origin);
        const int32_t *q = p->fixed + (size_t)i * p->max_taps;
        uint32_t sum = HALF;
        for (int k = 0; k < p->count[i]; k++) {
            sum += (uint32_t)(px[k] * q[k]);
        }
        out[i] = clamp_sum(sum) & (uint8_t)keep;
    }
}

/* `bands` bytes of each pixel, `apart` bytes from one to the next, so that none is summed in vain.
 */
static inline void row_of_pixels(
    uint8_t *out, const uint8_t *in, const ScalarPlan *p, uint32_t keep, int bands, int apart) {
    for (int i = 0; i < p->outputs; i++) {
        const uint8_t *px = in + (size_t)(p->first[i] - p->origin) * 4;
        const int32_t *q = p->fixed + (size_t)i * p->max_taps;
        uint32_t sum[4] = {HALF, HALF, HALF, HALF};
        for (int k = 0; k < p->count[i]; k++) {
            for (int b = 0; b < bands; b++) {
                sum[b] += (uint32_t)(px[4 * k + b * apart] * q[k]);
            }
        }
        uint32_t pixel = 0;
        for (int b = 0; b < bands; b++) {
            pixel |= (uint32_t)clamp_sum(sum[b]) << (8 * b * apart);
        }
        pixel &= keep;
        memcpy(out + 4 * (size_t)i, &pixel, 4);
    }
}

void resample_h8_rows_scalar(
    uint8_t *const *out, const uint8_t *const *in, const void *plan, uint32_t keep) {
    ScalarPlan p;
    memcpy(&p, plan, sizeof(p));
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        if (p.pixel_size == 1) {
            row_of_bytes(out[r], in[r], &p, keep);
        } else if (keep == 0xff0000ff) {
            row_of_pixels(out[r], in[r], &p, keep, 2, 3);
        } else if (keep == 0x00ffffff) {
            row_of_pixels(out[r], in[r], &p, keep, 3, 1);
        } else {
            row_of_pixels(out[r], in[r], &p, keep, 4, 1);
        }
    }
}

void resample_v8_row_scalar(
    uint8_t *out, const uint8_t *const *rows, const int32_t *fixed, int taps, size_t bytes,
    uint32_t keep, int32_t *scratch) {
    (void)scratch;
    enum { BLOCK = 256 }; /* sums that stay in the first-level cache */
    uint32_t sum[BLOCK];
    for (size_t at = 0; at < bytes; at += BLOCK) {
        const size_t n = bytes - at < BLOCK ? bytes - at : BLOCK;
        for (size_t i = 0; i < n; i++) {
            sum[i] = HALF;
        }
        for (int k = 0; k < taps; k++) {
            const uint8_t *row = rows[k] + at;
            const uint32_t q = (uint32_t)fixed[k];
            for (size_t i = 0; i < n; i++) {
                sum[i] += row[i] * q;
            }
        }
        for (size_t i = 0; i < n; i++) {
            out[at + i] = clamp_sum(sum[i]) & (uint8_t)(keep >> (8 * (i & 3)));
        }
    }
}

/* --- SIMD ---
 *
 * A weight is split into parts that the multiply-add instructions take.
 *
 * Three signed bytes (vpdpbusd, AVX-512 VNNI): q = high * 2^16 + middle * 2^8 + low. Four products
 * of a pixel and a signed byte are added to a 32-bit sum without saturation.
 *
 * A signed byte and a signed word (pmaddubsw, pmaddwd): q = high * 2^16 + low. pmaddubsw adds two
 * products of a pixel and `high` and saturates at 2^15; but the weights of an output are at most
 * 1.9 * 2^22 together, so two `high` are at most 1.9 * 64 + 1 < 128 together and the products at
 * most 255 * 128 = 32640. The 16-bit sums of those may wrap: they count 2^16 fold, and modulo 2^32
 * only their low 16 bits matter. */
typedef struct {
    int8_t high, middle, low;
} Digits;

static inline __attribute__((unused)) Digits split_bytes(int32_t q) {
    const int8_t low = (int8_t)q;
    const int32_t rest = (q - low) / 256;
    const int8_t middle = (int8_t)rest;
    return (Digits){(int8_t)((rest - middle) / 256), middle, low};
}

typedef struct {
    int8_t high;
    int16_t low;
} Halves;

static inline __attribute__((unused)) Halves split_halves(int32_t q) {
    const int16_t low = (int16_t)q;
    return (Halves){(int8_t)((q - low) / 65536), low};
}

/* The weights that a horizontal plan is made from. */
typedef struct {
    const int *first, *count;
    const int32_t *fixed;
    int max_taps, origin;
} TapTable;

/* A horizontal plan: see plan8.tmpl.h. */
typedef enum { GATHERED, WINDOW, PAIRS, SPREAD } PlanKind;

typedef struct {
    size_t weights;   /* byte of the plan where they start; groups may share them */
    int32_t start[4]; /* byte of the first chunk, of each lane; else [0] alone */
    int32_t chunks;
    int32_t outputs; /* in this group */
    /* Weights of chunks outside of wide_from ... wide_to - 1 are small: their highest part is 0
     * and left out. */
    int32_t wide_from, wide_to;
} PlanGroup;

typedef struct {
    int32_t groups;
    int32_t pixel_size;
    int32_t kind;
    int32_t equal;
} PlanHead;

/* How the pixels of a chunk come into a vector: 16 bytes into each lane, as they are or sorted by
 * band; neighbouring pixels, sorted by band. */
typedef enum { LANES_OF_BYTES, LANES_OF_PIXELS, NEIGHBOURS } Fetch;

/* The measures of a plan. */
typedef struct {
    PlanKind kind;
    int pixel_size;
    int per_group; /* outputs */
    int per_chunk; /* taps of one output */
    int plane;     /* bytes of weights of one part */
    int indices;   /* vectors of byte indices in front of a group's weights */
    int align;     /* chunks start at multiples of so many pixels */
    bool equal;
    int vectors; /* parts of a chunk, at most */
} PlanShape;

/* The largest magnitude of a weight whose highest part is 0: 127 * 256 + 127 in bytes. */
#define SMALL_WEIGHT 32639

/* A weight that is not 0 of one output; 0 if there is none. */
static inline __attribute__((unused)) int32_t common_weight(const TapTable *t, int output) {
    const int32_t *q = t->fixed + (size_t)output * t->max_taps;
    for (int k = 0; k < t->count[output]; k++) {
        if (q[k] != 0) {
            return q[k];
        }
    }
    return 0;
}

/* Whether each output's weights that are not 0 are equal to each other, as a box filter's are. */
static inline __attribute__((unused)) bool weights_are_equal(const TapTable *t, int outputs) {
    for (int i = 0; i < outputs; i++) {
        const int32_t *q = t->fixed + (size_t)i * t->max_taps;
        const int32_t weight = common_weight(t, i);
        for (int k = 0; k < t->count[i]; k++) {
            if (q[k] != 0 && q[k] != weight) {
                return false;
            }
        }
    }
    return true;
}

static inline __attribute__((unused)) size_t round_up_64(size_t n) {
    return (n + 63) / 64 * 64;
}

#define SIMD_TEMPLATE "resample/convolve8.tmpl.h"
#include "simd/instantiate.h"
