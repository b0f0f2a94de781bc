/* Images of one colour, and gradients. */
#include "Imaging.h"

#include <math.h>
#include <string.h>

static bool one_byte(int size, const uint8_t ink[4]) {
    return size == 1 || (size == 2 && ink[0] == ink[1]) ||
           (ink[0] == ink[1] && ink[0] == ink[2] && ink[0] == ink[3]);
}

void img_fill_pixels(uint8_t *out, size_t count, int size, const uint8_t ink[4]) {
    if (one_byte(size, ink)) {
        memset(out, ink[0], count * (size_t)size);
        return;
    }
    /* Fixed sizes, so that the compiler makes wide stores of these loops. */
    if (size == 2) {
        uint16_t pixel;
        memcpy(&pixel, ink, sizeof(pixel));
        for (size_t i = 0; i < count; i++) {
            memcpy(out + i * sizeof(pixel), &pixel, sizeof(pixel));
        }
    } else {
        uint32_t pixel;
        memcpy(&pixel, ink, sizeof(pixel));
        for (size_t i = 0; i < count; i++) {
            memcpy(out + i * sizeof(pixel), &pixel, sizeof(pixel));
        }
    }
}

ImgImage *
img_fill(const ImgMode *mode, int width, int height, const uint8_t ink[4], ImgError *err) {
    static const uint8_t zero[4];
    if (memcmp(ink, zero, mode->pixel_size) == 0) {
        return img_new(mode, width, height, err);
    }
    ImgImage *image = img_new_dirty(mode, width, height, err);
    /* Short rows are copied from the first, which stays in the cache: the C library does that with
     * wider stores than this file's. */
    const size_t bytes = (size_t)width * mode->pixel_size;
    const bool copied = bytes <= 8192 && !one_byte(mode->pixel_size, ink);
    for (int y = 0; image && y < height && width > 0; y++) {
        if (copied && y > 0) {
            memcpy(image->rows[y], image->rows[0], bytes);
        } else {
            img_fill_pixels(image->rows[y], (size_t)width, mode->pixel_size, ink);
        }
    }
    return image;
}

static int radial(int x, int y) {
    const int dx = x - 128, dy = y - 128;
    const int value = (int)sqrt(2.0 * (dx * dx + dy * dy));
    return value < 255 ? value : 255;
}

/* The pixel of a value in a one-band mode. */
static void put_value(uint8_t *out, const ImgMode *mode, int value) {
    const int32_t whole = value;
    const float real = (float)value;
    const uint8_t byte = (uint8_t)value;
    const void *from = mode->type == IMG_I32   ? (const void *)&whole
                       : mode->type == IMG_F32 ? (const void *)&real
                                               : &byte;
    memcpy(out, from, mode->pixel_size);
}

static ImgImage *gradient_image(const ImgMode *mode, ImgError *err) {
    if (mode->bands != 1 || mode->type == IMG_U16) {
        return img_fail_mode(err);
    }
    return img_new_dirty(mode, 256, 256, err);
}

ImgImage *img_linear_gradient(const ImgMode *mode, ImgError *err) {
    ImgImage *image = gradient_image(mode, err);
    for (int y = 0; image && y < 256; y++) {
        uint8_t pixel[4] = {0};
        put_value(pixel, mode, y);
        img_fill_pixels(image->rows[y], 256, mode->pixel_size, pixel);
    }
    return image;
}

ImgImage *img_radial_gradient(const ImgMode *mode, ImgError *err) {
    ImgImage *image = gradient_image(mode, err);
    for (int y = 0; image && y < 256; y++) {
        for (int x = 0; x < 256; x++) {
            put_value(image->rows[y] + (size_t)x * mode->pixel_size, mode, radial(x, y));
        }
    }
    return image;
}
