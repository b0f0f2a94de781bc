/* Channel operations: two images combined byte by byte. */
#ifndef IMAGING_CHOPS_H
#define IMAGING_CHOPS_H

#include "core/image.h"

typedef enum {
    CHOP_LIGHTER,
    CHOP_DARKER,
    CHOP_DIFFERENCE,
    CHOP_MULTIPLY,
    CHOP_SCREEN,
    CHOP_ADD_MODULO,
    CHOP_SUBTRACT_MODULO,
    CHOP_SOFT_LIGHT,
    CHOP_HARD_LIGHT,
    CHOP_OVERLAY,
    CHOP_ADD, /* these two clip */
    CHOP_SUBTRACT,
    CHOP_AND, /* these three take two images of mode 1 and give 0 or 255 */
    CHOP_OR,
    CHOP_XOR,
    CHOP_COUNT
} ImgChop;

/* Every byte, pads included, of the common top-left part of two 8-bit images with the same number
 * of bands. The result has the mode of `a` and an empty palette. */
ImgImage *img_chop(ImgChop op, const ImgImage *a, const ImgImage *b, ImgError *err);

/* (a + b) / scale + offset, or (a - b) / scale + offset if `subtract`: each step rounded to
 * float32, then truncated and clipped; what does not fit an int32 becomes 0. */
ImgImage *img_chop_scaled(
    const ImgImage *a, const ImgImage *b, bool subtract, float scale, int offset, ImgError *err);

#endif
