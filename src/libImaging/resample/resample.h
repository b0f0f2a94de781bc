/* Changing the size of images: by a filter, to the nearest sample, by a whole factor. */
#ifndef IMAGING_RESAMPLE_RESAMPLE_H
#define IMAGING_RESAMPLE_RESAMPLE_H

#include "core/errors.h"
#include "core/image.h"

/* Values are those of Image.Resampling. */
typedef enum {
    IMG_NEAREST = 0,
    IMG_LANCZOS = 1,
    IMG_BILINEAR = 2,
    IMG_BICUBIC = 3,
    IMG_BOX = 4,
    IMG_HAMMING = 5,
    IMG_MKS2013 = 6,
    IMG_MKS2021 = 7,
    IMG_FILTER_COUNT
} ImgFilter;

/* The part of `image` inside box (left, top, right, bottom; pixels, not necessarily whole) scaled
 * to width x height. Filters take pixels outside the box into account, as far as the image
 * goes. Modes 1 and P can only be resized to the nearest sample. `filter` may be any int.
 *
 * With `premultiply` (modes LA and RGBA only) the result is that of converting to La or RGBa,
 * scaling, and converting back, but of those images no more than a few rows exist at a time. */
ImgImage *img_resize(
    ImgImage *image, int width, int height, int filter, const float box[4], bool premultiply,
    ImgError *err);

/* The mean of each block of fx x fy pixels of the box (left, top, right, bottom); `premultiply` as
 * above. */
ImgImage *
img_reduce(ImgImage *image, int fx, int fy, const int box[4], bool premultiply, ImgError *err);

#endif
