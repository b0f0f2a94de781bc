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

void conv_matrix_rgb_scalar(uint8_t *out, const uint8_t *in, size_t n, const float *m) {
    for (size_t i = 0; i < n; i++, in += 4, out += 4) {
        const uint8_t r = combine(in, m), g = combine(in, m + 4), b = combine(in, m + 8);
        out[0] = r;
        out[1] = g;
        out[2] = b;
        out[3] = 255;
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
