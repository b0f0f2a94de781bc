#include "effect/effect.h"

#include <math.h>
#include <stdlib.h>

/* Beyond |z|^2 = 100 a point has certainly escaped. */
static uint8_t escape_time(double cr, double ci, int quality) {
    double zr = 0, zi = 0, zr2 = 0, zi2 = 0;
    for (int64_t k = 1;; k++) {
        zi = 2 * zr * zi + ci;
        zr = zr2 - zi2 + cr;
        zr2 = zr * zr;
        zi2 = zi * zi;
        if (zr2 + zi2 > 100) {
            return (uint8_t)(k * 255 / quality);
        }
        if (k > quality) {
            return 0;
        }
    }
}

ImgImage *
img_mandelbrot(int width, int height, const double extent[4], int quality, ImgError *err) {
    const double across = extent[2] - extent[0], down = extent[3] - extent[1];
    if (across < 0 || down < 0 || quality < 2) {
        return img_fail(err, IMG_ERR_VALUE, "bad extent or quality");
    }
    ImgImage *image = img_new_dirty(img_mode(IMG_MODE_L), width, height, err);
    /* A single column or row makes the step infinite, its product with 0 a nan, and the point one
     * that never escapes. */
    const double dx = across / (width - 1), dy = down / (height - 1);
    for (int y = 0; image && y < height; y++) {
        for (int x = 0; x < width; x++) {
            image->rows[y][x] = escape_time(x * dx + extent[0], y * dy + extent[1], quality);
        }
    }
    return image;
}

static double uniform(void) {
    return rand() * (2.0 / RAND_MAX) - 1.0;
}

static uint8_t noise_value(float sigma) {
    double v1, radius;
    do {
        v1 = uniform();
        const double v2 = uniform();
        radius = v1 * v1 + v2 * v2;
    } while (radius >= 1.0);
    const double value = 128 + sigma * v1 * sqrt(-2.0 * log(radius) / radius);
    return value > 0 ? value < 255 ? (uint8_t)value : 255 : 0;
}

ImgImage *img_noise(int width, int height, float sigma, ImgError *err) {
    ImgImage *image = img_new_dirty(img_mode(IMG_MODE_L), width, height, err);
    for (int y = 0; image && y < height; y++) {
        for (int x = 0; x < width; x++) {
            image->rows[y][x] = noise_value(sigma);
        }
    }
    return image;
}
