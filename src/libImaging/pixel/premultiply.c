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
 * The quotient and the product are rounded once each, so the product is off by less than
 * 2^-23 * 256 = 3e-5 where it counts (below 256). A true result that is not an integer lies at
 * least 1/255 below the next. Taking 255.0003 for 255 adds up to 3e-4: enough to lift integers over
 * their rounding error, too little for anything else. Results above 255 (v > a) only need to stay
 * there. Tested for all v and a at every level. */
#define NEARLY_255 255.0003f

static inline uint32_t unmul(uint32_t v, float reciprocal) {
    const int32_t q = (int32_t)((float)(int32_t)v * reciprocal);
    return q > 255 ? 255 : (uint32_t)q;
}

static inline float reciprocal255(uint32_t a) {
    return a ? NEARLY_255 / (float)(int32_t)a : 1.0f;
}

void conv_unpremultiply_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const uint8_t opaque = (uint8_t)(rule[2] >> 24);
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const float r = reciprocal255(in[3]);
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
