/* Filters over the neighbourhood of a pixel. Every function makes a new image; empty images give
 * empty results. */
#ifndef IMAGING_FILTER_FILTER_H
#define IMAGING_FILTER_FILTER_H

#include "core/errors.h"
#include "core/image.h"

/* Correlation with a 3x3 or 5x5 kernel of width * height weights, given row by row and applied
 * bottom row first (the kernel is flipped vertically, not horizontally). The weights are divided
 * by `scale`, all arithmetic is single precision. The outer 1 or 2 rows and columns are copied.
 * An image smaller than the kernel is copied unchanged. Any mode but F. */
ImgImage *img_filter_kernel(
    const ImgImage *image, int width, int height, const float *weights, float scale, float offset,
    ImgError *err);

/* `passes` box blurs of the given radii (pixels, may be fractional) along the rows, then as many
 * along the columns; edges replicate. L, LA, La and modes of 3 or 4 bands without a colour space
 * of their own: RGB, RGBA, RGBa, RGBX, CMYK. */
ImgImage *
img_box_blur(const ImgImage *image, float radius_x, float radius_y, int passes, ImgError *err);

/* Gaussian blur of the given standard deviations (pixels), approximated by `passes` box blurs:
 * Gwosdek et al., "Theoretical Foundations of Gaussian Convolution by Extended Box Filtering",
 * 2011. Modes as img_box_blur. */
ImgImage *
img_gaussian_blur(const ImgImage *image, float sigma_x, float sigma_y, int passes, ImgError *err);

/* Adds `percent` of the difference to the image blurred with `sigma`, where that difference
 * exceeds `threshold`. Modes as img_box_blur. */
ImgImage *
img_unsharp_mask(const ImgImage *image, float sigma, int percent, int threshold, ImgError *err);

/* The rank-th smallest (from 0) of the samples in the size x size window (odd) around each pixel.
 * With `replicate` edges are repeated and the result has the size of the image, each band on its
 * own, padding 0. Without it only whole windows count, the result is size - 1 smaller in both
 * directions, and there must be one band. 8- and 32-bit samples. */
ImgImage *img_rank_filter(const ImgImage *image, int size, int rank, bool replicate, ImgError *err);

/* The most frequent value within size / 2 pixels of each pixel, where it occurs at least three
 * times (the lowest of equally frequent ones); else the pixel. Pixels outside the image do not
 * count. Modes 1, L, P. */
ImgImage *img_mode_filter(const ImgImage *image, int size, ImgError *err);

/* Whether a table of so many channels (1 to 4) and such sizes (2 to 65 each) can be. */
bool img_lut3d_check(int channels, const int size[3], ImgError *err);

/* Bands 0 to 2 of each pixel (0 to 255 along axes 0 to 2) looked up in a table of size[0] * size[1]
 * * size[2] entries of 3 or 4 channels (0.0 to 1.0, channels and then axis 0 fastest), interpolated
 * linearly. With 3 channels the fourth byte is kept. The result has mode `mode`. The memory of
 * `values` serves as working memory: it must have room for 4 floats for each entry. */
ImgImage *img_color_lut_3d(
    const ImgImage *image, const ImgMode *mode, int channels, const int size[3], float *values,
    ImgError *err);

/* Exchanges each pixel, in order, with one at most about distance / 2 away, chosen by rand(). */
ImgImage *img_effect_spread(const ImgImage *image, int distance, ImgError *err);

#endif
