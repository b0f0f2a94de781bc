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
    bool narrow;    /* every fixed weight is below RESAMPLE_FIXED_LIMIT in magnitude */
} ResampleAxis;

/* What three signed bytes can hold: 127 * (65536 + 256 + 1). The SIMD kernels rely on it; weights
 * are at most 1.572 (6.6 million) for any filter and box that has been found, so an axis that is
 * not `narrow` is not expected, and takes the portable kernels. */
#define RESAMPLE_FIXED_LIMIT 8355711

/* Computes the coefficients for n_out samples over [b0, b1) of a source of n_in samples. */
bool resample_axis_init(
    ResampleAxis *axis, ImgFilter filter, int n_in, float b0, float b1, int n_out, bool fixed,
    ImgError *err);
void resample_axis_free(ResampleAxis *axis);

#endif
