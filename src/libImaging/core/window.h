/* Parts of images: crop and its opposite. */
#ifndef IMAGING_CORE_WINDOW_H
#define IMAGING_CORE_WINDOW_H

#include "core/image.h"

/* The box from (x0, y0) up to, not including, (x1, y1), which may lie partly or wholly outside
 * the image: there all bytes are 0. The palette is kept. Reversed edges give size 0. */
ImgImage *img_crop(const ImgImage *image, int x0, int y0, int x1, int y1, ImgError *err);

/* `margin` pixels more on every side, repeating the pixels of the edge; of an empty image all 0. */
ImgImage *img_expand(const ImgImage *image, int margin, ImgError *err);

#endif
