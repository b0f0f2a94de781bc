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

/* Straight alpha, which is computed with premultiplied, a few rows at a time: from mode `straight`
 * to `between` and back. `between` is NULL if there is nothing to multiply. */
typedef struct {
    const ImgMode *straight, *between;
} ResampleAlpha;

/* For an image of the given mode; fails if that has no premultiplied twin. Both images between the
 * steps are counted by the arena: the statistics do not tell how a result came about. */
bool resample_alpha_init(
    ResampleAlpha *alpha, const ImgMode *mode, bool premultiply, ImgError *err);
void resample_premultiply(const ResampleAlpha *alpha, uint8_t *out, const uint8_t *in, int pixels);
/* In place; nothing if there is nothing to multiply. */
void resample_unpremultiply(const ResampleAlpha *alpha, uint8_t *row, int pixels);

/* What pixels become that go there and back unchanged. `image` may be NULL, and is returned. */
ImgImage *resample_there_and_back(const ResampleAlpha *alpha, ImgImage *image);

/* How the samples of an image that is not made of bytes are stored. */
ResampleSample resample_sample(const ImgMode *mode);

#endif
