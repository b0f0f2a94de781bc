/* Smallest and largest sample. */
#include "stats/stats.h"

#include <string.h>

#include "simd/kernels.h"

static void extrema_u8(const ImgImage *image, ImgExtrema *out) {
    uint8_t low = 255, high = 0;
    for (int y = 0; y < image->height && (low > 0 || high < 255); y++) {
        img_kernels->extrema_u8_row(image->rows[y], (size_t)image->width, &low, &high);
    }
    out->low = low;
    out->high = high;
}

static void extrema_u16(const ImgImage *image, ImgExtrema *out) {
    uint16_t low = UINT16_MAX, high = 0;
    for (int y = 0; y < image->height; y++) {
        img_kernels->extrema_u16_row(image->rows[y], (size_t)image->width, &low, &high);
    }
    out->low = low;
    out->high = high;
}

static void extrema_i32(const ImgImage *image, ImgExtrema *out) {
    int32_t low = INT32_MAX, high = INT32_MIN;
    for (int y = 0; y < image->height; y++) {
        img_kernels->extrema_i32_row(image->rows[y], (size_t)image->width, &low, &high);
    }
    out->low = low;
    out->high = high;
}

static void extrema_f32(const ImgImage *image, ImgExtrema *out) {
    float low, high;
    memcpy(&low, image->rows[0], 4);
    high = low;
    for (int y = 0; y < image->height; y++) {
        img_kernels->extrema_f32_row(image->rows[y], (size_t)image->width, &low, &high);
    }
    out->low = low;
    out->high = high;
}

bool img_extrema(const ImgImage *image, ImgExtrema *out, ImgError *err) {
    const ImgMode *mode = image->mode;
    if (mode->bands != 1) {
        return img_fail_mode(err) != NULL;
    }
    out->empty = image->width == 0 || image->height == 0;
    if (out->empty) {
        return true;
    }
    if (mode->type == IMG_U16 && mode->id != IMG_MODE_I16) {
        return img_fail_mode(err) != NULL;
    }
    switch (mode->type) {
    case IMG_U8:
        extrema_u8(image, out);
        break;
    case IMG_U16:
        extrema_u16(image, out);
        break;
    case IMG_I32:
        extrema_i32(image, out);
        break;
    default:
        extrema_f32(image, out);
    }
    return true;
}
