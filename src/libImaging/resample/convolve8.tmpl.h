/* The SIMD levels of convolve8.c: what both directions share, then each. */
#if SIMD_LEVEL == 3
/* Undoes split_bytes on sums: ((high * 256) + middle) * 256 + low, modulo 2^32. */
SIMD_INLINE vi SIMD_NAME(join_sum)(vi high, vi middle, vi low) {
    const vi upper = v_add_i32(v_shl_i32(high, 8), middle);
    return v_add_i32(v_shl_i32(upper, 8), low);
}
#endif

#include "simd/order.tmpl.h"
#include "resample/vertical8.tmpl.h"
#include "resample/plan8.tmpl.h"
#include "resample/horizontal8.tmpl.h"
