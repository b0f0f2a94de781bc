/* Smallest and largest sample, and the sum of all. */
#include "stats/stats.h"

#include <string.h>

#include "pixel/convert.h"
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

/* All bands at once, until each has met both ends of its range. */
static void
extrema_u8x4(const ImgImage *image, const ImgMode *mode, uint8_t low[4], uint8_t high[4]) {
    memset(low, 255, 4);
    memset(high, 0, 4);
    for (int y = 0; y < image->height; y++) {
        img_kernels->extrema_u8x4_row(image->rows[y], (size_t)image->width, low, high);
        bool widest = true;
        for (int b = 0; b < mode->bands; b++) {
            const int at = mode->band_offset[b];
            widest = widest && low[at] == 0 && high[at] == 255;
        }
        if (widest) {
            break;
        }
    }
}

int img_band_extrema(const ImgImage *image, ImgExtrema out[4], ImgError *err) {
    const ImgMode *mode = image->mode;
    if (mode->bands == 1) {
        return img_extrema(image, out, err) ? 1 : 0;
    }
    uint8_t low[4], high[4];
    extrema_u8x4(image, mode, low, high);
    for (int b = 0; b < mode->bands; b++) {
        const int at = mode->band_offset[b];
        out[b] = (ImgExtrema){image->width == 0 || image->height == 0, low[at], high[at]};
    }
    return mode->bands;
}

bool img_sum_of_grey(const ImgImage *image, uint64_t *out, ImgError *err) {
    enum { PIECE = 2048 }; /* grey pixels at a time: they stay in the first-level cache */
    const ImgModeId from = image->mode->id;
    if (from != IMG_MODE_L && !img_has_route(from, IMG_MODE_L)) {
        return img_fail_mode(err) != NULL;
    }
    const size_t width = (size_t)image->width, size = (size_t)image->mode->pixel_size;
    *out = 0;
    for (int y = 0; y < image->height; y++) {
        if (from == IMG_MODE_L) {
            *out += img_kernels->sum_u8_row(image->rows[y], width);
            continue;
        }
        for (size_t x = 0; x < width; x += PIECE) {
            uint8_t grey[PIECE];
            const size_t n = width - x < PIECE ? width - x : PIECE;
            img_route_row(from, IMG_MODE_L, grey, image->rows[y] + size * x, n);
            *out += img_kernels->sum_u8_row(grey, n);
        }
    }
    return true;
}
