/* Writing spans and pixels, clipped to the image. */
#ifndef IMAGING_DRAW_CANVAS_H
#define IMAGING_DRAW_CANVAS_H

#include "draw/draw.h"

/* Columns xa to xb, both inclusive, of row y. */
void img_span(const ImgPen *pen, int64_t xa, int64_t xb, int64_t y);

/* Mixes the ink into one 4-byte pixel. */
void img_blend_pixel(const ImgPen *pen, uint8_t *out);

static inline bool img_row_visible(const ImgPen *pen, int64_t y) {
    return y >= 0 && y < pen->image->height;
}

void img_pixel(const ImgPen *pen, int64_t x, int64_t y);

/* The pixels from (x0, y0) towards (x1, y1), which is excluded. */
void img_thin_segment(const ImgPen *pen, int x0, int y0, int x1, int y1);

/* One side of a polygon, or part of a line, `width` pixels wide. */
bool img_wide_segment(const ImgPen *pen, int x0, int y0, int x1, int y1, int width, ImgError *err);

#endif
