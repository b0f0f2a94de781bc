/* Shared inside resample/. */
#ifndef IMAGING_RESAMPLE_INTERNAL_H
#define IMAGING_RESAMPLE_INTERNAL_H

#include "Imaging.h"
#include "resample/axis.h"
#include "resample/kernel_types.h"

/* Nearest neighbour; the arguments have been checked. */
ImgImage *
resample_nearest(const ImgImage *image, int width, int height, const float box[4], ImgError *err);

/* A mask over the 4 bytes of a pixel (or of 4 one-byte pixels): 0xff where a band is stored. */
uint32_t resample_band_mask(const ImgMode *mode);

/* How the samples of an image that is not made of bytes are stored. */
ResampleSample resample_sample(const ImgMode *mode);

#endif
