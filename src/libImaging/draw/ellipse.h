/* The rows of an ellipse.
 *
 * Coordinates are doubled and centred, so that the centre may lie between pixels: in a box whose
 * last column is `a` after its first, X has the parity of a and runs from -a to a, and means the
 * column (X + a) / 2 of the box. The same with Y and b. */
#ifndef IMAGING_DRAW_ELLIPSE_H
#define IMAGING_DRAW_ELLIPSE_H

#include "draw/draw.h"

/* A quarter of the contour, as a chain of neighbouring grid points from (a, b mod 2) to
 * (a mod 2, b). `error` is a^2 y^2 + b^2 x^2 - a^2 b^2. */
typedef struct {
    int64_t a, b, x, y, error;
    bool empty, smooth;
} ImgChain;

/* The area between the contour and one that is `width` pixels further in, row by row from the
 * middle: on rows y and -y the spans [-r, -l] and [l, r]. */
typedef struct {
    ImgChain outer, inner;
    int64_t y, l, r;
    int64_t end; /* no row after this one is in the image */
} ImgRing;

/* The ring in a box of `a` + 1 columns and `b` + 1 rows, the first of them row `top` of the image,
 * from the first row on that the image has. */
ImgRing img_ring(const ImgImage *image, int top, int a, int b, int64_t width);
bool img_ring_next(ImgRing *ring);

#endif
