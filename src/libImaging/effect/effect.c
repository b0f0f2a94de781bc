#include "effect/effect.h"

#include <math.h>
#include <stdlib.h>

/* The points of the image that are still to be followed, row by row. */
typedef struct {
    const ImgImage *image;
    double left, top, dx, dy;
    int x, y;
} Points;

typedef struct {
    double cr, ci, zr, zi, zr2, zi2;
    int64_t steps;
    uint8_t *out; /* NULL: no point is left, and 0, which never escapes, takes its place */
} Orbit;

static inline Orbit next_orbit(Points *points) {
    const ImgImage *image = points->image;
    if (image->width == 0 || points->y >= image->height) {
        return (Orbit){.out = NULL};
    }
    const Orbit orbit = {
        .cr = points->x * points->dx + points->left,
        .ci = points->y * points->dy + points->top,
        .out = image->rows[points->y] + points->x,
    };
    points->x++;
    if (points->x == image->width) {
        points->x = 0;
        points->y++;
    }
    return orbit;
}

static inline void step(Orbit *o) {
    o->zi = 2 * o->zr * o->zi + o->ci;
    o->zr = o->zr2 - o->zi2 + o->cr;
    o->zr2 = o->zr * o->zr;
    o->zi2 = o->zi * o->zi;
    o->steps++;
}

/* Whether the point's fate is known, which is then written. Beyond |z|^2 = 100 it has certainly
 * escaped. */
static inline bool settle(const Orbit *o, int quality) {
    const bool escaped = o->zr2 + o->zi2 > 100;
    if (!escaped && o->steps <= quality) {
        return false;
    }
    if (o->out) {
        *o->out = escaped ? (uint8_t)(o->steps * 255 / quality) : 0;
    }
    return true;
}

ImgImage *
img_mandelbrot(int width, int height, const double extent[4], int quality, ImgError *err) {
    const double across = extent[2] - extent[0], down = extent[3] - extent[1];
    if (across < 0 || down < 0 || quality < 2) {
        return img_fail(err, IMG_ERR_VALUE, "bad extent or quality");
    }
    ImgImage *image = img_new_dirty(img_mode(IMG_MODE_L), width, height, err);
    if (!image) {
        return NULL;
    }
    /* A single column or row makes the step infinite, its product with 0 a nan, and the point one
     * that never escapes. */
    Points points = {image, extent[0], extent[1], across / (width - 1), down / (height - 1), 0, 0};
    /* Two side by side, as the operations of one wait for each other. */
    Orbit a = next_orbit(&points), b = next_orbit(&points);
    while (a.out || b.out) {
        step(&a);
        step(&b);
        if (settle(&a, quality)) {
            a = next_orbit(&points);
        }
        if (settle(&b, quality)) {
            b = next_orbit(&points);
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
