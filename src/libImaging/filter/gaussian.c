/* Gaussian blur by repeated box blurs. */
#include "filter/box.h"
#include "Imaging.h"

#include <math.h>

/* The radius of the extended box filter that, applied n times, has the variance sigma^2.
 * l is the integral part, the fraction a solves the variance equation. Each step is rounded to
 * single precision; only the argument of the square root is computed in double. */
static float box_radius(float sigma, int n) {
    float s2 = sigma * sigma;
    s2 = s2 / (float)n;
    const float length = (float)sqrt(12.0 * (double)s2 + 1.0);
    const float l = (float)floor(((double)length - 1.0) / 2.0);
    const float wide = 2.0f * l + 1.0f;
    const float up = l + 1.0f;
    const float above = wide * (l * up - 3.0f * s2);
    const float below = 6.0f * (s2 - up * up);
    return l + above / below;
}

static ImgImage *blur(
    const ImgImage *image, float sigma_x, float sigma_y, int passes, const ImgSharpen *sharpen,
    ImgError *err) {
    if (image->width == 0 || image->height == 0) {
        return img_new(image->mode, image->width, image->height, err);
    }
    const float rx = passes > 0 ? box_radius(sigma_x, passes) : 0;
    const float ry = passes > 0 ? box_radius(sigma_y, passes) : 0;
    if (!img_box_check(image, rx, ry, passes, err)) {
        return NULL;
    }
    return img_box_run(image, rx, ry, passes, sharpen, err);
}

ImgImage *
img_gaussian_blur(const ImgImage *image, float sigma_x, float sigma_y, int passes, ImgError *err) {
    return blur(image, sigma_x, sigma_y, passes, NULL, err);
}

ImgImage *
img_unsharp_mask(const ImgImage *image, float sigma, int percent, int threshold, ImgError *err) {
    /* |d| <= 255, so this is the largest |percent| whose products stay in 32 bits. */
    const int safe = INT32_MAX / 255;
    ImgSharpen sharpen = {percent, threshold, 0, 0, percent >= -safe && percent <= safe};
    if (sharpen.small) {
        /* From 25500 on, even |d| = 1 moves the value by 255 or more. */
        int size = percent < 0 ? -percent : percent;
        size = size < 25500 ? size : 25500;
        sharpen.whole = (uint16_t)(size / 100);
        sharpen.part = (uint16_t)(size % 100);
    }
    return blur(image, sigma, sigma, 3, &sharpen, err);
}
