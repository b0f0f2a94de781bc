/* Affine, perspective and quadrilateral transforms: for each pixel of the output, a place in the
 * source, and a filter that reads there. */
#ifndef IMAGING_TRANSFORM_H
#define IMAGING_TRANSFORM_H

#include "core/image.h"

/* Values are those of Image.Transform; EXTENT and MESH are made of these by the caller. */
typedef enum { IMG_AFFINE = 0, IMG_PERSPECTIVE = 2, IMG_QUAD = 3 } ImgTransform;

/* Fills the box x0, y0, x1, y1 of `out` from `source`, an image of the same mode. With X and Y half
 * a pixel inside the output pixel, counted from the clipped box's corner, the source is read at
 *   affine       k0 X + k1 Y + k2,  k3 X + k4 Y + k5
 *   perspective  (k0 X + k1 Y + k2) / (k6 X + k7 Y + 1),  (k3 X + k4 Y + k5) / (k6 X + k7 Y + 1)
 *   quad         k0 + k1 X + k2 Y + k3 X Y,  k4 + k5 X + k6 Y + k7 X Y
 * `filter` is 0 (nearest), 2 (bilinear) or 3 (bicubic, a = -1). Pixels whose place lies outside the
 * source become 0 if zero_fill, else they stay as they are. `out` gets the source's palette. */
bool img_transform(
    ImgImage *out, const ImgImage *source, const int box[4], ImgTransform method, const double k[8],
    int filter, bool zero_fill, ImgError *err);

#endif
