/* Products and quotients of colour and alpha, and of CMY and K. */
#include "pixel/rows.h"

void conv_premultiply_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const uint32_t a = in[3];
        out[0] = (uint8_t)mul255(in[0], a);
        out[1] = (uint8_t)mul255(in[1], a);
        out[2] = (uint8_t)mul255(in[2], a);
        out[3] = (uint8_t)a;
    }
}

/* Bytes 1 and 2 of LA pixels need not be copies of byte 0; those of the result are. */
void conv_premultiply_la_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const uint32_t a = in[4 * i + 3];
        store_word(out + 4 * i, mul255(in[4 * i], a) * 0x010101 | a << 24);
    }
}

/* floor(255 v / a), at most 255; v where a is 0.
 *
 * It is v * r >> 16 with r = floor(2^16 * 255 / a) + 1: that is too large by d, 0 < d <= 1, which
 * adds v * d / 2^16. For v <= a that is less than 1 / a, the distance of a quotient that is no
 * integer to the next: v * a * d < 2^16. The quotient in r may be divided in single precision. It
 * is below 2^17 for a >= 128 then and rounded by 2^-8 at most, and 255 * 255 * (1 + 2^-8) < 2^16;
 * below, a^2 is small. v * r < 2^24 for v <= a, 2^32 for all. Tested for all v and a at every
 * level. */
#define TOP_65536 16711680.0f /* 2^16 * 255 */

static inline uint32_t unmul(uint32_t v, uint32_t reciprocal) {
    const uint32_t q = v * reciprocal >> 16;
    return q > 255 ? 255 : q;
}

static inline uint32_t reciprocal255(uint32_t a) {
    return a ? (uint32_t)(int32_t)(TOP_65536 / (float)(int32_t)a) + 1 : 65536;
}

void conv_unpremultiply_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const uint8_t opaque = (uint8_t)(rule[2] >> 24);
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const uint32_t r = reciprocal255(in[3]);
        out[0] = (uint8_t)unmul(in[0], r);
        out[1] = (uint8_t)unmul(in[1], r);
        out[2] = (uint8_t)unmul(in[2], r);
        out[3] = in[3] | opaque;
    }
}

void conv_unpremultiply_la_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++) {
        const uint32_t a = in[4 * i + 3];
        store_word(out + 4 * i, unmul(in[4 * i], reciprocal255(a)) * 0x010101 | a << 24);
    }
}

/* n - C*n/255 is never negative, since the product is at most n. */
void conv_cmyk_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const uint32_t white = 255u - in[3];
        out[0] = (uint8_t)(white - mul255(in[0], white));
        out[1] = (uint8_t)(white - mul255(in[1], white));
        out[2] = (uint8_t)(white - mul255(in[2], white));
        out[3] = 255;
    }
}

#define SIMD_TEMPLATE "pixel/premultiply.tmpl.h"
#include "simd/instantiate.h"
