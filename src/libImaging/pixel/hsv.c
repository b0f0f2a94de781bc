/* RGB to HSV and back (Smith's hexcone; Foley and van Dam), every channel 0 to 255. */
#include "pixel/rows.h"

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

/* The definition is in floats: with x = H * 6 / 255, i = floor(x), f = x - i, t = S / 255 the three
 * candidates are round(V (1 - t)), round(V (1 - t f)), round(V (1 - t (1 - f))). In integers, with
 * 2 H = 85 i + g they are V (K - S * {85, g, 85 - g}) / K, K = 255 * 85, rounded to nearest. K is
 * odd, so that no quotient lies closer to a half than 1 / 2K, which is more than the floats are
 * off: Tests/kernels/test_convert.py compares all 2^24 colours. */
#define HSV_SCALE 21675u

static inline uint8_t level(uint32_t v, uint32_t s_part) {
    return (uint8_t)((v * (HSV_SCALE - s_part) + HSV_SCALE / 2) / HSV_SCALE);
}

void conv_hsv_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    /* Which of V, p, q, u (0 to 3) goes to R, G, B in each sixth of the turn; 255 is 0 again. */
    static const uint8_t order[7][3] = {{0, 3, 1}, {2, 0, 1}, {1, 0, 3}, {1, 2, 0},
                                        {3, 1, 0}, {0, 1, 2}, {0, 3, 1}};
    (void)rule;
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const uint32_t h2 = 2u * in[0], s = in[1], v = in[2];
        const uint32_t sixth = h2 / 85, g = h2 - 85 * sixth;
        const uint8_t value[4] = {
            (uint8_t)v, level(v, 85 * s), level(v, g * s), level(v, (85 - g) * s)};
        out[3] = in[3];
        out[0] = value[order[sixth][0]];
        out[1] = value[order[sixth][1]];
        out[2] = value[order[sixth][2]];
    }
}
