/* Error diffusion (Floyd and Steinberg), every row from left to right. */
#ifndef IMAGING_PIXEL_DITHER_H
#define IMAGING_PIXEL_DITHER_H

#include "pixel/nearest.h"

/* Sixteenths of the errors that the row above hands down. */
typedef struct {
    size_t width;
    int32_t handed_down[]; /* (width + 1) pixels of 1 or 3 channels */
} ImgDiffusion;

ImgDiffusion *img_diffusion_new(size_t width, size_t channels); /* NULL: out of memory */
void img_diffusion_free(ImgDiffusion *diffusion);

/* One row of 4-byte pixels to indices; rows in order from the top. */
void img_diffuse_to_palette(
    ImgDiffusion *diffusion, ImgNearest *nearest, uint8_t *out, const uint8_t *in);

#endif
