/* The parts of img_convert. Each fills an image of the target mode and equal size; they check only
 * what their comment says. */
#ifndef IMAGING_PIXEL_CONVERT_INTERNAL_H
#define IMAGING_PIXEL_CONVERT_INTERNAL_H

#include "core/image.h"

/* P or PA to any mode that RGB converts to. */
bool img_has_palette_route(ImgModeId from, ImgModeId to);
bool img_from_palette(ImgImage *out, const ImgImage *in, ImgError *err);

/* L or 8-bit colour to P or PA. `palette` has at least one entry in use; `keeper` is for
 * img_nearest_take. */
bool img_has_to_palette(ImgModeId from);
bool img_to_palette(
    ImgImage *out, const ImgImage *in, bool dither, const ImgPalette *palette, ImgImage *keeper,
    ImgError *err);

/* L or RGB to 1 with error diffusion. */
bool img_dither_to_1(ImgImage *out, const ImgImage *in, ImgError *err);

/* The palettes of conversions without one: 256 greys, and the WEB palette. */
void img_grey_palette(ImgPalette *palette);
void img_web_palette(ImgPalette *palette);

#endif
