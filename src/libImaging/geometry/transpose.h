/* Moving whole pixels: mirrors, quarter turns, transposition, cyclic shifts. */
#ifndef IMAGING_GEOMETRY_TRANSPOSE_H
#define IMAGING_GEOMETRY_TRANSPOSE_H

#include "core/image.h"

/* Turns are counter-clockwise. Transverse is transposition across the other diagonal. */
typedef enum {
    IMG_FLIP_LEFT_RIGHT,
    IMG_FLIP_TOP_BOTTOM,
    IMG_ROTATE_90,
    IMG_ROTATE_180,
    IMG_ROTATE_270,
    IMG_TRANSPOSE,
    IMG_TRANSVERSE,
    IMG_TRANSPOSE_COUNT
} ImgTranspose;

/* Any mode; the palette goes along. */
ImgImage *img_transpose(const ImgImage *image, int operation, ImgError *err);

/* Shifts right by dx and down by dy, modulo width and height. */
ImgImage *img_offset(const ImgImage *image, int dx, int dy, ImgError *err);

#endif
