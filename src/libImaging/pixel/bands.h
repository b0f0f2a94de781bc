/* Taking images apart into bands and putting them together. */
#ifndef IMAGING_PIXEL_BANDS_H
#define IMAGING_PIXEL_BANDS_H

#include "core/image.h"

/* Band `band` as an L image; of a one-band image a copy in its own mode. 8-bit modes only. */
ImgImage *img_getband(const ImgImage *image, int band, ImgError *err);

/* All bands, out[0] to out[bands - 1]; the same as img_getband of each, in one pass. */
bool img_split(const ImgImage *image, ImgImage *out[4], ImgError *err);

/* Overwrites band `band` of `image` by `source`, a one-band image of the same size and type. */
bool img_putband(ImgImage *image, const ImgImage *source, int band, ImgError *err);

/* Sets band `band` of all pixels to `value`, clipped to 0..255. 8-bit modes only. */
bool img_fillband(ImgImage *image, int band, int value, ImgError *err);

/* Turns an RGB or RGBX image into an opaque RGBA image, in place. */
bool img_setalpha(ImgImage *image, ImgError *err);

/* An image of `mode` from its bands, `count` one-band images of one size. Bytes of the pixel that
 * belong to no band are 0. The palette of the first band, if it has one, becomes the result's. */
ImgImage *img_merge(const ImgMode *mode, const ImgImage *const *bands, int count, ImgError *err);

#endif
