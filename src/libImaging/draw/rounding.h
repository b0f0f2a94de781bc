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

/* floor and ceil of what an int64 holds; a conversion is quicker than the library's call. */
static inline int64_t floor_to_int(double v) {
    const int64_t whole = (int64_t)v;
    return whole - ((double)whole > v);
}

static inline int64_t ceil_to_int(double v) {
    const int64_t whole = (int64_t)v;
    return whole + ((double)whole < v);
}

/* The same of single precision, where the half is added in single precision to what is not
 * negative (0.49999997f rounds to 1), and in double precision to what is. */
static inline int64_t round_up_f(float v) {
    return v >= 0 ? floor_to_int(v + 0.5f) : -floor_to_int(0.5 - (double)v);
}

static inline int64_t round_down_f(float v) {
    return v >= 0 ? ceil_to_int(v - 0.5f) : -ceil_to_int(-(double)v - 0.5);
}

#endif
