/* Generated images. */
#ifndef IMAGING_EFFECT_H
#define IMAGING_EFFECT_H

#include "core/image.h"

/* The Mandelbrot set in the rectangle x0, y0, x1, y1 of the complex plane: an L image of how soon
 * each point escapes, 0 for those that do not within `quality` (at least 2) steps. */
ImgImage *img_mandelbrot(int width, int height, const double extent[4], int quality, ImgError *err);

/* Gaussian noise around 128 with standard deviation sigma, from the C library's rand(): an L image.
 * The polar method of Box and Muller (Knuth, vol. 2, 3.4.1 P), one value of each pair. */
ImgImage *img_noise(int width, int height, float sigma, ImgError *err);

#endif
