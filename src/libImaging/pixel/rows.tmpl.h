/* What the templates of pixel/ share: narrowing that keeps the order of elements across the 128-bit
 * lanes, and the steps of pixels. Included at the top of each template. */

#include "simd/order.tmpl.h"

/* Pixels of 4 bytes in a vector. */
#define PIXELS (SIMD_BYTES / 4)

#define v_mulhrs_i16(a, b) VOP(mulhrs_epi16)(a, b)
#define v_abs_i32(a) VOP(abs_epi32)(a)
#define v_bits(a) VOP_SI(castps_)(a)
#define v_floats(a) SIMD_CAT(SIMD_PREFIX, SIMD_CAT(cast, SIMD_CAT(SIMD_SI, _ps)))(a)

/* Two 16-bit constants in each pixel: `low` for bytes 0 and 1. */
#define v_set_pair(low, high)                                                                      \
    v_set_i32((uint32_t)(uint16_t)(low) | (uint32_t)(uint16_t)(high) << 16)
/* Four signed bytes in each pixel. */
#define v_set_quad(a, b, c, d)                                                                     \
    v_set_i32(                                                                                     \
        (uint32_t)(uint8_t)(a) | (uint32_t)(uint8_t)(b) << 8 | (uint32_t)(uint8_t)(c) << 16 |      \
        (uint32_t)(uint8_t)(d) << 24)
/* A shuffle of bytes within each pixel: 0 to 3, or Z for zero. */
#define Z (-128)
#define v_pixel_shuffle(a, b, c, d)                                                                \
    v_lanes(_mm_setr_epi8(                                                                         \
        a, b, c, d, (a) + 4, (b) + 4, (c) + 4, (d) + 4, (a) + 8, (b) + 8, (c) + 8, (d) + 8,        \
        (a) + 12, (b) + 12, (c) + 12, (d) + 12))

/* Four vectors of 32-bit integers to bytes, each clipped to 0..255. */
SIMD_INLINE vi SIMD_NAME(narrow4)(vi a, vi b, vi c, vi d) {
    const vi low = v_packs_i32_i16(a, b), high = v_packs_i32_i16(c, d);
    return SIMD_NAME(order_pack4)(v_packs_i16_u8(low, high));
}
