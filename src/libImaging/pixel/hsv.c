/* RGB to HSV and back (Smith's hexcone; Foley and van Dam), every channel 0 to 255. */
#include "pixel/rows.h"

#define HSV_SCALE 21675u /* 255 * 85 */
/* Twice the hue of cyan, where red is low, of green and of blue. */
#define RED_LOW 255
#define GREEN_HIGH 170
#define BLUE_HIGH 340

/* Hue is computed in float32 with two sums in double, in the order that defines the result. */
static inline uint8_t hue(uint32_t r, uint32_t g, uint32_t b, uint32_t max, float chroma) {
    const float rc = (float)(int32_t)(max - r) / chroma;
    const float gc = (float)(int32_t)(max - g) / chroma;
    const float bc = (float)(int32_t)(max - b) / chroma;
    float h;
    if (r == max) {
        h = bc - gc;
    } else if (g == max) {
        h = (float)((2.0 + (double)rc) - (double)bc);
    } else {
        h = (float)((4.0 + (double)gc) - (double)rc);
    }
    /* h is in -1..5, so the turn is in 5/6..11/6 and its fraction needs no division. */
    double turn = (double)h / 6.0 + 1.0;
    turn -= turn >= 1.0 ? 1.0 : 0.0;
    return (uint8_t)((double)(float)turn * 255.0);
}

void conv_rgb_hsv_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const uint32_t r = in[0], g = in[1], b = in[2];
        const uint32_t rg_max = r > g ? r : g, rg_min = r < g ? r : g;
        const uint32_t max = rg_max > b ? rg_max : b, min = rg_min < b ? rg_min : b;
        uint8_t h = 0, s = 0;
        if (max > min) {
            const float chroma = (float)(int32_t)(max - min);
            s = (uint8_t)((double)(chroma / (float)(int32_t)max) * 255.0);
            h = hue(r, g, b, max, chroma);
        }
        out[3] = in[3];
        out[0] = h;
        out[1] = s;
        out[2] = (uint8_t)max;
    }
}

/* The definition is in floats: with x = H * 6 / 255, i = floor(x), f = x - i, t = S / 255 the
 * channels are V, or one of round(V (1 - t)), round(V (1 - t f)), round(V (1 - t (1 - f))), by i.
 *
 * In integers, a channel is V (K - S w) / K rounded to nearest, with K = 255 * 85 and a weight w
 * from 0 to 85 that depends on the hue alone and is a trapezium: flat, rising by 1 per unit of 2 H,
 * flat, falling. K is odd, so no quotient lies closer to a half than 1 / 2K, which is more than the
 * floats are off: Tests/kernels/test_convert.py compares all 2^24 colours. */
static inline uint8_t level(uint32_t v, uint32_t s, int32_t w) {
    return (uint8_t)((v * (HSV_SCALE - s * (uint32_t)w) + HSV_SCALE / 2) / HSV_SCALE);
}

/* 85 within 85 of the centre, 0 beyond 170. */
static inline int32_t trapezium(int32_t h2, int32_t centre) {
    const int32_t away = h2 > centre ? h2 - centre : centre - h2;
    const int32_t w = away < 170 ? 170 - away : 0;
    return w < 85 ? w : 85;
}

void conv_hsv_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const int32_t h2 = 2 * in[0];
        const uint32_t s = in[1], v = in[2];
        out[3] = in[3];
        out[0] = level(v, s, trapezium(h2, RED_LOW));
        out[1] = level(v, s, 85 - trapezium(h2, GREEN_HIGH));
        out[2] = level(v, s, 85 - trapezium(h2, BLUE_HIGH));
    }
}

#define SIMD_TEMPLATE "pixel/hsv.tmpl.h"
#include "simd/instantiate.h"
