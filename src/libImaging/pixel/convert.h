/* Conversion between modes. */
#ifndef IMAGING_PIXEL_CONVERT_H
#define IMAGING_PIXEL_CONVERT_H

#include "core/image.h"

/* A new image of mode `to`. With `dither`, conversions to 1, P and PA diffuse the error
 * (Floyd-Steinberg). `palette` is for conversions to P and PA; NULL means 256 greys for L, and the
 * WEB palette for others; `keeper` is the image that the palette was copied from, which will keep
 * what is found out about it, or NULL. Fails with IMG_ERR_VALUE for pairs of modes without a
 * conversion; the messages are img_no_conversion and img_no_special_conversion. */
ImgImage *img_convert(
    const ImgImage *image, const ImgMode *to, bool dither, const ImgPalette *palette,
    ImgImage *keeper, ImgError *err);

/* The same into an image of the target mode and equal size. */
bool img_convert_into(ImgImage *out, const ImgImage *image, ImgError *err);

/* Messages of the pairs that do not exist: without the names of the two modes, which a caller may
 * put in; and for those that dither or involve palettes. */
extern const char img_no_conversion[];
extern const char img_no_special_conversion[];

/* From a mode of three bands to RGB (matrix of 3 rows of 4) or L (1 row), with rows m of
 * m0*b0 + m1*b1 + m2*b2 + m3. */
ImgImage *
img_convert_matrix(const ImgImage *image, const ImgMode *to, const float *matrix, ImgError *err);

/* To a mode with alpha, where pixels of the given colour become transparent. Fails with
 * img_no_transparent if the pair does not exist. */
ImgImage *img_convert_transparent(
    const ImgImage *image, const ImgMode *to, const int colour[3], ImgError *err);
extern const char img_no_transparent[];

/* Direct pairs (convert_pairs.c): whether there is one, and one row of it. Between modes of equal
 * pixel size out may be in. */
bool img_has_route(ImgModeId from, ImgModeId to);
void img_route_row(ImgModeId from, ImgModeId to, uint8_t *out, const uint8_t *in, size_t pixels);

#endif
