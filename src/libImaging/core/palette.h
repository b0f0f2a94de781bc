/* Palettes in and out of bytes, and their transparency. */
#ifndef IMAGING_CORE_PALETTE_H
#define IMAGING_CORE_PALETTE_H

#include "core/image.h"
#include "pixel/rawmode.h"

/* Replaces the palette by `bytes` / (bits of `raw`) entries of `mode` (RGB, RGBA, CMYK); all others
 * become opaque black. An L image becomes P, LA becomes PA. At most 256 entries. */
bool img_put_palette(
    ImgImage *image, const ImgMode *mode, const ImgRawMode *raw, const uint8_t *data, size_t bytes,
    ImgError *err);

/* Room for what img_get_palette writes: 256 entries of at most 4 bytes. */
#define IMG_PALETTE_BYTES (256 * 4)

/* The entries in use, packed as pixels of the mode that `raw` was found for. The number of bytes,
 * where a last byte that is not full is not counted, or -1. */
int img_get_palette(
    const ImgImage *image, const ImgRawMode *raw, uint8_t out[IMG_PALETTE_BYTES], ImgError *err);

/* Sets the alpha of `count` entries from `first` on and makes the palette RGBA. */
bool img_put_palette_alpha(
    ImgImage *image, size_t first, size_t count, const uint8_t *alpha, ImgError *err);

#endif
