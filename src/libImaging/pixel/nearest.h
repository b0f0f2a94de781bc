/* The nearest colour of a palette, by a cache that fills as colours turn up.
 *
 * Colours are told apart to 6 bits a channel: all colours of a 4x4x4 cell share the answer for the
 * cell's lowest corner, least squared distance in r, g, b, lowest index on ties. */
#ifndef IMAGING_PIXEL_NEAREST_H
#define IMAGING_PIXEL_NEAREST_H

#include "core/image.h"

/* The space is cut into boxes of 32x32x32 colours, 8x8x8 cells each, which are answered as a
 * whole: what one colour needs, its neighbours will need too. */
#define IMG_BOXES 512
#define IMG_BOX_CELLS 512

typedef struct {
    ImgPalette palette;
    uint8_t known[IMG_BOXES];
    uint8_t answer[IMG_BOXES * IMG_BOX_CELLS];
} ImgNearest;

ImgNearest *img_nearest_new(const ImgPalette *palette); /* NULL: out of memory */
void img_nearest_free(ImgNearest *nearest);

/* Answers all cells of one box. */
void img_nearest_fill(ImgNearest *nearest, size_t box);

static inline uint8_t img_nearest(ImgNearest *nearest, uint32_t r, uint32_t g, uint32_t b) {
    const size_t box = (r & 0xe0) << 1 | (g & 0xe0) >> 2 | b >> 5;
    const size_t cell = (r & 0x1c) << 4 | (g & 0x1c) << 1 | (b & 0x1c) >> 2;
    if (!nearest->known[box]) {
        img_nearest_fill(nearest, box);
    }
    return nearest->answer[box * IMG_BOX_CELLS + cell];
}

/* One row of 4-byte pixels, whose bytes 0 to 2 are r, g, b. */
void img_nearest_row(ImgNearest *nearest, uint8_t *out, const uint8_t *in, size_t pixels);

#endif
