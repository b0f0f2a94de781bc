/* Between the files of the transforms. */
#ifndef IMAGING_TRANSFORM_INTERNAL_H
#define IMAGING_TRANSFORM_INTERNAL_H

#include "core/image.h"

/* The clipped box of an output image. */
typedef struct {
    int x0, y0, width, height;
} ImgWindow;

/* Affine transform to the nearest pixel, for all modes but the 16-bit ones. */
void img_affine_nearest(
    ImgImage *out, const ImgImage *source, ImgWindow window, const double k[6], bool zero_fill);

/* Which samples a row of pixels is made of. */
typedef enum {
    WARP_U8,   /* bytes; with a step of 2 in the output for 16-bit modes */
    WARP_U8X2, /* 2-band pixels: byte 0 (written to bytes 0 to 2) and byte 3 */
    WARP_U8X3, /* bytes 0 to 2 of 4; byte 3 stays */
    WARP_U8X4,
    WARP_I32,
    WARP_F32,
} ImgWarpType;

#endif
