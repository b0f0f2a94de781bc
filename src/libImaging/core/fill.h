/* Filling images with one colour, and the gradients. */
#ifndef IMAGING_CORE_FILL_H
#define IMAGING_CORE_FILL_H

#include "core/image.h"

/* A new image of one colour: the first mode->pixel_size bytes of `ink`, as they lie in memory. */
ImgImage *img_fill(const ImgMode *mode, int width, int height, const uint8_t ink[4], ImgError *err);

/* Sets `count` pixels of `size` (1, 2 or 4) bytes from `out` on to the first bytes of `ink`. */
void img_fill_pixels(uint8_t *out, size_t count, int size, const uint8_t ink[4]);

/* 256 x 256 pixels of a one-band mode (not I;16): the row number, or twice the squared distance
 * to (128, 128) under a root, at most 255. */
ImgImage *img_linear_gradient(const ImgMode *mode, ImgError *err);
ImgImage *img_radial_gradient(const ImgMode *mode, ImgError *err);

#endif
