/* Filter coefficients along one axis of a resize.
 *
 * Output i is the weighted sum of the source samples first[i] ... first[i] + count[i] - 1. `first`
 * never decreases, and the taps never leave the image. */
#ifndef IMAGING_RESAMPLE_AXIS_H
#define IMAGING_RESAMPLE_AXIS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/errors.h"
#include "resample/resample.h"

/* Weights of byte images are fixed point with this many fractional bits. */
#define RESAMPLE_BITS 22

typedef struct {
    int n_out;
    int max_taps;   /* row length of the tables below; at least 1 */
    int *first;     /* [n_out] */
    int *count;     /* [n_out], 0 to max_taps */
    double *weight; /* [n_out][max_taps], or NULL if fixed point was asked for */
    int32_t *fixed; /* [n_out][max_taps], or NULL */
    bool narrow;    /* of no output are the magnitudes beyond RESAMPLE_FIXED_LIMIT in sum */
} ResampleAxis;

/* What the SIMD kernels rely on (see convolve8.c): 1.9 * 2^22. Weights of 1.572 (6.6 million) are
 * the most that has been found for any filter and box, so an axis that is not `narrow` is not
 * expected; it takes the portable kernels. */
#define RESAMPLE_FIXED_LIMIT 7969177

/* Computes the coefficients for n_out samples over [b0, b1) of a source of n_in samples. */
bool resample_axis_init(
    ResampleAxis *axis, ImgFilter filter, int n_in, float b0, float b1, int n_out, bool fixed,
    ImgError *err);
void resample_axis_free(ResampleAxis *axis);

#endif
