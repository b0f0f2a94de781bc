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

#define PRODUCT(n, w) (W_##w * (n) + ((F_##w * (n) + 0x4000) >> 15))

/* For the reference, what a value of R, G or B adds to Y, Cb and Cr at once: three sums in one
 * 64-bit number, 20 bits apart. The sums of all three bands, with the 128 of Cb and Cr (64 * 128,
 * put into the terms of R), lie between 0 and 2^14, so that the fields do not disturb each other.
 */
#define FIELDS(y, cb, cr) ((int64_t)(y) + (int64_t)(cb) * (1 << 20) + (int64_t)(cr) * (1LL << 40))
#define OF_R(n) FIELDS(PRODUCT(n, Y_R), 8192 + PRODUCT(n, CB_R) + ((n) > 0), 8192 + W_HALF * (n))
#define OF_G(n) FIELDS(PRODUCT(n, Y_G), PRODUCT(n, CB_G) + ((n) > 0), PRODUCT(n, CR_G) + ((n) > 0))
#define OF_B(n) FIELDS(PRODUCT(n, Y_B), W_HALF *(n), PRODUCT(n, CR_B) + ((n) > 0))

#define TABLE_4(OF, n) OF(n), OF(n + 1), OF(n + 2), OF(n + 3)
#define TABLE_16(OF, n) TABLE_4(OF, n), TABLE_4(OF, n + 4), TABLE_4(OF, n + 8), TABLE_4(OF, n + 12)
#define TABLE_64(OF, n)                                                                            \
    TABLE_16(OF, n), TABLE_16(OF, n + 16), TABLE_16(OF, n + 32), TABLE_16(OF, n + 48)
#define TABLE_256(OF) TABLE_64(OF, 0), TABLE_64(OF, 64), TABLE_64(OF, 128), TABLE_64(OF, 192)

static const int64_t terms_r[256] = {TABLE_256(OF_R)};
static const int64_t terms_g[256] = {TABLE_256(OF_G)};
static const int64_t terms_b[256] = {TABLE_256(OF_B)};

void conv_rgb_ycbcr_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const int64_t sums = terms_r[in[0]] + terms_g[in[1]] + terms_b[in[2]];
        out[3] = in[3];
        out[0] = (uint8_t)(sums >> 6);
        out[1] = (uint8_t)(sums >> 26);
        out[2] = (uint8_t)(sums >> 46);
    }
}

static inline uint8_t clip8(int32_t v) {
    v = v < 0 ? 0 : v;
    return (uint8_t)(v > 255 ? 255 : v);
}

/* PRODUCT with its part in floats, which are exact (below 2^24): SSE2 multiplies no 32-bit
 * integers. The conversion drops nothing, so that the shift rounds down as in PRODUCT. */
#define FLOAT_PRODUCT(n, w) (W_##w * (n) + ((int32_t)((float)F_##w * (float)(n) + 16384.0f) >> 15))

void conv_ycbcr_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = load_word(in + 4 * i);
        const int32_t y = (int32_t)(w & 255);
        const int32_t b = (int32_t)(w >> 8 & 255) - 128, r = (int32_t)(w >> 16 & 255) - 128;
        const int32_t add_r = FLOAT_PRODUCT(r, R_CR) + (r < 0);
        const int32_t add_g = FLOAT_PRODUCT(b, G_CB) + (b > 0) + FLOAT_PRODUCT(r, G_CR) + (r > 0);
        const int32_t add_b = FLOAT_PRODUCT(b, B_CB) + (b < 0);
        const uint32_t red = clip8(y + (add_r >> 6)), green = clip8(y + (add_g >> 6));
        const uint32_t blue = clip8(y + (add_b >> 6));
        store_word(out + 4 * i, red | green << 8 | blue << 16 | (w & 0xff000000u));
    }
}

#define SIMD_TEMPLATE "pixel/ycbcr.tmpl.h"
#include "simd/instantiate.h"
