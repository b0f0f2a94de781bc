/* RGB to YCbCr and back (JFIF) in the 6-bit fixed point of the JPEG tradition.
 *
 * Each product of a weight k and a sample n enters as trunc(64 k n + 0.5), truncated toward zero.
 * Where the product is positive that rounds to nearest; where it is negative it rounds to nearest
 * and adds one. Both are exactly
 *
 *     whole * n + round(part * n / 2^15) + [1 where the product is negative]
 *
 * with the whole and part below (64 k = whole + part / 2^15 nearly; part is chosen so that no n is
 * off: Tests/kernels/test_convert.py checks all 256 values of each of the twelve tables). This form
 * needs only 16-bit products, and rounds as the instruction pmulhrsw does.
 */
#include "pixel/ycbcr.h"
#include "pixel/rows.h"

static inline int32_t product(int32_t n, int32_t whole, int32_t part) {
    return whole * n + ((part * n + 0x4000) >> 15);
}

static inline int32_t times_half(int32_t n) {
    return W_HALF * n;
}

void conv_rgb_ycbcr_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const int32_t r = in[0], g = in[1], b = in[2];
        const int32_t y =
            product(r, W_Y_R, F_Y_R) + product(g, W_Y_G, F_Y_G) + product(b, W_Y_B, F_Y_B);
        const int32_t cb = product(r, W_CB_R, F_CB_R) + (r > 0) + product(g, W_CB_G, F_CB_G) +
                           (g > 0) + times_half(b);
        const int32_t cr = times_half(r) + product(g, W_CR_G, F_CR_G) + (g > 0) +
                           product(b, W_CR_B, F_CR_B) + (b > 0);
        out[3] = in[3];
        out[0] = (uint8_t)(y >> 6);
        out[1] = (uint8_t)((cb >> 6) + 128);
        out[2] = (uint8_t)((cr >> 6) + 128);
    }
}

static inline uint8_t clip8(int32_t v) {
    v = v < 0 ? 0 : v;
    return (uint8_t)(v > 255 ? 255 : v);
}

void conv_ycbcr_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const int32_t y = in[0], b = in[1] - 128, r = in[2] - 128;
        const int32_t add_r = product(r, W_R_CR, F_R_CR) + (r < 0);
        const int32_t add_g =
            product(b, W_G_CB, F_G_CB) + (b > 0) + product(r, W_G_CR, F_G_CR) + (r > 0);
        const int32_t add_b = product(b, W_B_CB, F_B_CB) + (b < 0);
        out[3] = in[3];
        out[0] = clip8(y + (add_r >> 6));
        out[1] = clip8(y + (add_g >> 6));
        out[2] = clip8(y + (add_b >> 6));
    }
}

#define SIMD_TEMPLATE "pixel/ycbcr.tmpl.h"
#include "simd/instantiate.h"
