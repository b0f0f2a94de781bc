/* Putting images on top of each other. */
#ifndef IMAGING_COMPOSE_H
#define IMAGING_COMPOSE_H

#include "core/image.h"

/* Pastes `source` into the box x0, y0, x1, y1 of `image`, in place, as far as the box lies in it.
 * The box has the size of the source, and so has the mask (NULL: none), of mode
 *   1                   pixels where it is not 0 are copied
 *   L, LA, RGBA         every byte becomes (old * (255 - m) + new * m) / 255, rounded
 *   RGBa                every byte becomes old * (255 - m) / 255, rounded, + new, modulo 256
 * with m the mask's value or alpha. The modes of image and source may differ if their pixels have
 * the same size. An image may be pasted into itself, see paste.c. */
bool img_paste(
    ImgImage *image, const ImgImage *source, const int box[4], const ImgImage *mask, ImgError *err);

/* The same with one colour, a pixel as it lies in memory (16-bit modes: low byte first). An LA mask
 * is not accepted. With an L mask, fully transparent pixels of images with alpha take the colour
 * wholly and only their alpha is blended. */
bool img_paste_ink(
    ImgImage *image, const uint8_t ink[4], const int box[4], const ImgImage *mask, ImgError *err);

/* a + alpha * (b - a) for every byte, in float32, clipped and truncated. 8-bit modes but 1 and the
 * paletted ones; same size and number of bands. The result has the mode of `a`, but for alpha 1,
 * which gives a copy of `b`. */
ImgImage *img_blend(const ImgImage *a, const ImgImage *b, float alpha, ImgError *err);

/* The same with an image of mode `image->mode` as `a` that need not exist. It has one colour, a
 * pixel as it lies in memory; or it is `grey`, of mode L and the same size, converted. Any alpha is
 * computed with, so it need not be told apart from the image. */
ImgImage *
img_blend_colour(const uint8_t colour[4], const ImgImage *image, float alpha, ImgError *err);
ImgImage *img_blend_grey(const ImgImage *grey, const ImgImage *image, float alpha, ImgError *err);

/* `over` on top of `under`: two RGBA or two LA images of one size. */
ImgImage *img_alpha_composite(const ImgImage *under, const ImgImage *over, ImgError *err);

/* Every bit of every pixel complemented, whatever the mode. A palette is not kept. */
ImgImage *img_invert(const ImgImage *image, ImgError *err);

#endif
