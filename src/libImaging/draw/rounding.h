/* Rounding to nearest with a rule for halves. */
#ifndef IMAGING_DRAW_ROUNDING_H
#define IMAGING_DRAW_ROUNDING_H

#include <math.h>
#include <stdint.h>

/* Halves away from zero, and towards zero. */
static inline double round_up(double v) {
    return v >= 0 ? floor(v + 0.5) : -floor(0.5 - v);
}

static inline double round_down(double v) {
    return v >= 0 ? ceil(v - 0.5) : -ceil(-v - 0.5);
}

/* The same of single precision, where the half is added in single precision to what is not
 * negative (0.49999997f rounds to 1), and in double precision to what is. */
static inline int64_t round_up_f(float v) {
    return v >= 0 ? (int64_t)floorf(v + 0.5f) : -(int64_t)floor(0.5 - (double)v);
}

static inline int64_t round_down_f(float v) {
    return v >= 0 ? (int64_t)ceilf(v - 0.5f) : -(int64_t)ceil(-(double)v - 0.5);
}

#endif
