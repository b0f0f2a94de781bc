/* The nearest colour of a palette, by a cache that fills as colours turn up.
 *
 * Colours are told apart to 6 bits a channel: all colours of a 4x4x4 cell share the answer for the
 * cell's lowest corner, least squared distance in r, g, b, lowest index on ties. */
#ifndef IMAGING_PIXEL_NEAREST_H
#define IMAGING_PIXEL_NEAREST_H

#include "core/image.h"

/* Cells are answered by boxes of 8x8x8: what one colour needs, its neighbours will need too. */
#define IMG_CELLS (1 << 18)

typedef struct ImgNearest {
    ImgPalette palette;
    uint16_t answer[IMG_CELLS]; /* one more than the index; 0: not known yet */
} ImgNearest;

/* NULL: out of memory. `keeper`, an image or NULL, may have one for the same colours from an
 * earlier search; img_nearest_give leaves it there for the next one, also of another thread. */
ImgNearest *img_nearest_take(const ImgPalette *palette, ImgImage *keeper);
void img_nearest_give(ImgNearest *nearest, ImgImage *keeper); /* NULL is fine */

/* Answers all cells of the box that a cell lies in; gives the cell's answer. */
uint16_t img_nearest_fill(ImgNearest *nearest, uint32_t cell);

static inline uint8_t img_nearest_cell(ImgNearest *nearest, uint32_t cell) {
    const uint16_t known = nearest->answer[cell];
    return (uint8_t)((known ? known : img_nearest_fill(nearest, cell)) - 1);
}

static inline uint8_t img_nearest(ImgNearest *nearest, uint32_t r, uint32_t g, uint32_t b) {
    return img_nearest_cell(nearest, (r >> 2) << 12 | (g >> 2) << 6 | b >> 2);
}

/* One row of 4-byte pixels, whose bytes 0 to 2 are r, g, b. */
void img_nearest_row(ImgNearest *nearest, uint8_t *out, const uint8_t *in, size_t pixels);

#endif
