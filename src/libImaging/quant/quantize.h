/* Choosing a palette for an image. */
#ifndef IMAGING_QUANT_QUANTIZE_H
#define IMAGING_QUANT_QUANTIZE_H

#include "core/image.h"

typedef enum {
    IMG_MEDIAN_CUT = 0,
    IMG_MAX_COVERAGE = 1,
    IMG_FAST_OCTREE = 2,
    IMG_LIBIMAGEQUANT = 3, /* refused if it is not linked */
} ImgQuantMethod;

/* A P image with a palette of at most `colours` (1 to 256) entries, from L, P, RGB or RGBA.
 * `kmeans` > 0 refines the palette of the first two methods, in rounds, until one changes at most
 * kmeans - 1 pixels. */
ImgImage *img_quantize(const ImgImage *image, int colours, int method, int kmeans, ImgError *err);

/* Of libimagequant, 10000 * major + 100 * minor + patch; 0 if it is not linked. */
int img_imagequant_version(void);

#endif
