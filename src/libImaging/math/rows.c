/* The row kernels of ImageMath's arithmetic. */
#include <math.h>
#include <stdlib.h>

#include "math/elementwise.h"
#include "simd/kernels.h"

/* Division and remainder by zero give 0; INT32_MIN / -1, which the processor traps, wraps. */
/* Both go through double precision, which vectors can divide. The truncated quotient is exact: one
 * that is no whole number lies at least 1 / |b| from the next, and the rounding moves it by less
 * than |a / b| * 2^-52 <= 2^-21 / |b|. For 0 and -1, of which the results are known, it divides by
 * 1, so that all quotients are int32. */
static inline int32_t quotient(int32_t a, int32_t b) {
    const int32_t divisor = (uint32_t)b + 1u <= 1u ? 1 : b;
    return (int32_t)((double)a / (double)divisor);
}

static inline int32_t int_div(int32_t a, int32_t b) {
    const int32_t whole = quotient(a, b);
    const int32_t special = b == 0 ? 0 : (int32_t)(0u - (uint32_t)a);
    return (uint32_t)b + 1u <= 1u ? special : whole;
}

static inline int32_t int_mod(int32_t a, int32_t b) {
    const uint32_t rest = (uint32_t)a - (uint32_t)quotient(a, b) * (uint32_t)b;
    return (uint32_t)b + 1u <= 1u ? 0 : (int32_t)rest;
}

/* The double result plus a half, clamped and truncated toward zero: right for positive results,
 * one too high for negative ones, as in Pillow. */
static inline int32_t int_pow(int32_t a, int32_t b) {
    const double value = pow(a, b) + 0.5;
    if (value <= INT32_MIN) {
        return INT32_MIN;
    }
    return value >= INT32_MAX ? INT32_MAX : (int32_t)value;
}

static inline int32_t int_diff(int32_t a, int32_t b) {
    const uint32_t difference = (uint32_t)a - (uint32_t)b;
    return (int32_t)((int32_t)difference < 0 ? 0u - difference : difference);
}

#include "simd/vector.h"
#define SIMD_SUFFIX scalar
#include "math/rows.tmpl.h"
#undef SIMD_SUFFIX

#define SIMD_TEMPLATE "math/rows.tmpl.h"
#include "simd/instantiate.h"
