/* The row kernels of ImageMath's arithmetic. */
#include <math.h>
#include <stdlib.h>

#include "math/elementwise.h"
#include "simd/kernels.h"

/* Division and remainder by zero give 0; INT32_MIN / -1, which the processor traps, wraps. */
static inline int32_t int_div(int32_t a, int32_t b) {
    if (b == 0) {
        return 0;
    }
    return b == -1 ? (int32_t)(0u - (uint32_t)a) : a / b;
}

static inline int32_t int_mod(int32_t a, int32_t b) {
    return b == 0 || b == -1 ? 0 : a % b;
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
