/* The methods of img_quantize. Those on distinct colours fill palette->entry and palette->count,
 * and give each colour an entry to start the search of the nearest from. False: out of memory. */
#ifndef IMAGING_QUANT_METHODS_H
#define IMAGING_QUANT_METHODS_H

#include "core/image.h"
#include "quant/search.h"

bool quant_median_cut(QuantPalette *palette, QuantColours *colours, int wanted);
bool quant_max_coverage(QuantPalette *palette, QuantColours *colours, int wanted);

/* On pixels r | g << 8 | b << 16 | a << 24; a counts if with_alpha. Writes `wanted` entries, and an
 * index for each pixel. */
bool quant_octree(
    const uint32_t *pixels, size_t count, int wanted, bool with_alpha, uint32_t entry[256],
    uint8_t *index);

/* The same by libimagequant; writes *count <= `wanted` entries, with their alpha. False: out of
 * memory. Only where img_imagequant_version() is not 0. */
bool quant_imagequant(
    const uint32_t *pixels, int width, int height, int wanted, uint32_t entry[256], int *count,
    uint8_t *index);

#endif
