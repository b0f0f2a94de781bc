/* Shared by the blurs: one pass of the box filter, and what runs it over an image. */
#ifndef IMAGING_FILTER_BOX_H
#define IMAGING_FILTER_BOX_H

#include "core/image.h"

/* The box filter works on lines of elements: an element is the same position in 64 neighbouring
 * columns or rows, one byte of each, so that all arithmetic along the line is the same for the 64
 * lanes whatever the width of a vector. */
#define BOX_LANES 64

/* One pass with radius R along a line p:
 *     out[x] = (A * ww + E * fw + 2^23) >> 24, modulo 2^32,
 * with A = p[x-r] + ... + p[x+r] and E = p[x-r-1] + p[x+r+1], r = trunc(R), edges replicated. */
typedef struct ImgBoxPass {
    int r;
    uint32_t ww; /* weight of a whole sample: 2^24 / (2R + 1), rounded down */
    uint32_t fw; /* weight of the two outermost samples */
} ImgBoxPass;

/* What unsharp masking does with a blurred pixel. For |d| > threshold, d = in - blurred, adds
 * sign(d * percent) * gain, gain = |d| * percent / 100 = |d| * whole + |d| * part / 100. */
typedef struct ImgSharpen {
    int percent, threshold;
    uint16_t whole, part; /* |percent|, at most 25500 (then every step saturates), split by 100 */
    bool small;           /* no |d| * percent overflows an int32, so whole and part can be used */
} ImgSharpen;

/* Checks that all blurs share, in the order that decides which error wins. */
bool img_box_check(const ImgImage *image, float rx, float ry, int passes, ImgError *err);

/* `passes` passes along x, then y (an axis of radius 0 is left out), then sharpening if given.
 * The arguments have passed img_box_check, and the image is not empty. */
ImgImage *img_box_run(
    const ImgImage *image, float rx, float ry, int passes, const ImgSharpen *sharpen,
    ImgError *err);

#endif
