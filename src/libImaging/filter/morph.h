/* Binary morphology on one-band 8-bit images. */
#ifndef IMAGING_MORPH_H
#define IMAGING_MORPH_H

#include "core/image.h"

#define MORPH_TABLE_SIZE 512

/* out = 255 * (table[index] & 1) inside, 0 on the outermost rows and columns; index has bit k set
 * if the lowest bit of neighbour k is, in reading order. Returns how many pixels inside changed
 * their lowest bit. Both images are 8-bit, one-band and of one size. */
long img_morph_apply(ImgImage *out, const ImgImage *image, const uint8_t table[MORPH_TABLE_SIZE]);

/* The index of pixel x of row y, which must lie inside. */
int img_morph_index(const ImgImage *image, int x, int y);

#endif
