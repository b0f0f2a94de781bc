/* Linear combinations of three bands. */
#include "core/image.h"
#include "pixel/convert.h"
#include "pixel/rows.h"

/* float32 throughout, in this order. nan gives 0. */
static inline uint8_t combine(const uint8_t *p, const float *m) {
    float v = m[0] * (float)p[0] + m[1] * (float)p[1];
    v = v + m[2] * (float)p[2];
    v = v + m[3];
    v = v + 0.5f;
    v = v > 0.0f ? v : 0.0f;
    v = v < 255.0f ? v : 255.0f;
    return (uint8_t)(int)v;
}

/* Four sums side by side, which compilers turn into one vector; the last is the pad, always 255. */
void conv_matrix_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const float *m) {
    const float of_0[4] = {m[0], m[4], m[8], 0.0f}, of_1[4] = {m[1], m[5], m[9], 0.0f};
    const float of_2[4] = {m[2], m[6], m[10], 0.0f}, add[4] = {m[3], m[7], m[11], 255.0f};
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const float p0 = (float)in[0], p1 = (float)in[1], p2 = (float)in[2];
        int32_t sums[4];
        for (int k = 0; k < 4; k++) {
            float v = of_0[k] * p0 + of_1[k] * p1;
            v = v + of_2[k] * p2;
            v = v + add[k];
            v = v + 0.5f;
            v = v > 0.0f ? v : 0.0f;
            v = v < 255.0f ? v : 255.0f;
            sums[k] = (int32_t)v;
        }
        for (int k = 0; k < 4; k++) {
            out[k] = (uint8_t)sums[k];
        }
    }
}

void conv_matrix_l_scalar(uint8_t *out, const uint8_t *in, size_t n, const float *m) {
    for (size_t i = 0; i < n; i++) {
        out[i] = combine(in + 4 * i, m);
    }
}

ImgImage *
img_convert_matrix(const ImgImage *image, const ImgMode *to, const float *matrix, ImgError *err) {
    const bool to_l = to && to->id == IMG_MODE_L, to_rgb = to && to->id == IMG_MODE_RGB;
    if (image->mode->bands != 3 || (!to_l && !to_rgb)) {
        return img_fail_mode(err);
    }
    ImgImage *result = img_new_dirty(to, image->width, image->height, err);
    for (int y = 0; result && y < image->height; y++) {
        (to_l ? img_kernels->conv_matrix_l : img_kernels->conv_matrix_rgb)(
            result->rows[y], image->rows[y], (size_t)image->width, matrix);
    }
    return result;
}

#define SIMD_TEMPLATE "pixel/matrix.tmpl.h"
#include "simd/instantiate.h"
