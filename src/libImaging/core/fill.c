/* Images of one colour, and gradients. */
#include "Imaging.h"

#include <math.h>
#include <string.h>

void img_fill_pixels(uint8_t *out, size_t count, int size, const uint8_t ink[4]) {
    if (size == 1 || (size == 2 && ink[0] == ink[1]) ||
        (ink[0] == ink[1] && ink[0] == ink[2] && ink[0] == ink[3])) {
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
    for (int y = 0; image && y < height && width > 0; y++) {
        img_fill_pixels(image->rows[y], (size_t)width, mode->pixel_size, ink);
    }
    return image;
}

typedef int (*Gradient)(int x, int y);

static int linear(int x, int y) {
    (void)x;
    return y;
}

static int radial(int x, int y) {
    const int dx = x - 128, dy = y - 128;
    const int value = (int)sqrt(2.0 * (dx * dx + dy * dy));
    return value < 255 ? value : 255;
}

static ImgImage *gradient_image(const ImgMode *mode, Gradient value_at, ImgError *err) {
    if (mode->bands != 1 || mode->type == IMG_U16) {
        return img_fail_mode(err);
    }
    ImgImage *image = img_new_dirty(mode, 256, 256, err);
    for (int y = 0; image && y < 256; y++) {
        uint8_t *row = image->rows[y];
        for (int x = 0; x < 256; x++) {
            const int32_t value = value_at(x, y);
            const float real = (float)value;
            switch (mode->type) {
            case IMG_I32:
                memcpy(row + 4 * x, &value, sizeof(value));
                break;
            case IMG_F32:
                memcpy(row + 4 * x, &real, sizeof(real));
                break;
            default:
                row[x] = (uint8_t)value;
            }
        }
    }
    return image;
}

ImgImage *img_linear_gradient(const ImgMode *mode, ImgError *err) {
    return gradient_image(mode, linear, err);
}

ImgImage *img_radial_gradient(const ImgMode *mode, ImgError *err) {
    return gradient_image(mode, radial, err);
}
