/* Binary morphology on one-band 8-bit images. */
#ifndef IMAGING_MORPH_H
#define IMAGING_MORPH_H

#include "core/image.h"

#define MORPH_TABLE_SIZE 512

/* out = 255 * (table[index] & 1) inside, 0 on the outermost rows and columns; index has bit k set
 * if the lowest bit of neighbour k is, in reading order. Returns how many pixels inside changed
 * their lowest bit. Both images are 8-bit, one-band and of one size. */
long img_morph_apply(ImgImage *out, const ImgImage *image, const uint8_t table[MORPH_TABLE_SIZE]);

/* The index of pixel x, which must lie inside, from that of pixel x - 1: each row's bits moved by
 * one, and a new column. `rows`: the one above, that of the pixel, the one below. */
static inline int img_morph_next(int index, const uint8_t *const rows[3], int x) {
    index = (index >> 1) & 0333; /* octal: drops what moved into the next row's bits */
    return index | (rows[0][x + 1] & 1) << 2 | (rows[1][x + 1] & 1) << 5 |
           (rows[2][x + 1] & 1) << 8;
}

/* What stands in for the index before that of pixel 1: the columns 0 and 1 are in place. */
static inline int img_morph_before(const uint8_t *const rows[3]) {
    return img_morph_next(img_morph_next(0, rows, -1), rows, 0);
}

#endif
