/* Writing spans and pixels, clipped to the image. */
#ifndef IMAGING_DRAW_CANVAS_H
#define IMAGING_DRAW_CANVAS_H

#include <string.h>

#include "draw/draw.h"

/* Columns xa to xb, both inclusive, of row y. */
void img_span(const ImgPen *pen, int64_t xa, int64_t xb, int64_t y);

/* Mixes the ink into one 4-byte pixel: (old * (255 - alpha) + ink * alpha) / 255 rounded, as in
 * compose/divide.h, for two bytes in the halves of a word at a time. A sum is at most
 * 255 * 255 + 128 + 254 and so does not reach the next half. */
static inline void img_blend_pixel(const ImgPen *pen, uint8_t *out) {
    enum { HALVES = 0x00ff00ff, HALF = 0x00800080 };
    uint32_t old;
    memcpy(&old, out, sizeof(old));
    const uint32_t rest = 255 - pen->alpha;
    uint32_t even = (old & HALVES) * rest + pen->even + HALF;
    uint32_t odd = ((old >> 8) & HALVES) * rest + pen->odd + HALF;
    even = ((even + ((even >> 8) & HALVES)) >> 8) & HALVES;
    odd = ((odd + ((odd >> 8) & HALVES)) >> 8) & HALVES;
    const uint32_t mixed = even | odd << 8;
    old = (mixed & ~pen->kept) | (old & pen->kept);
    memcpy(out, &old, sizeof(old));
}

static inline bool img_row_visible(const ImgPen *pen, int64_t y) {
    return y >= 0 && y < pen->image->height;
}

void img_pixel(const ImgPen *pen, int64_t x, int64_t y);

/* The pixels from (x0, y0) towards (x1, y1), which is excluded. */
void img_thin_segment(const ImgPen *pen, int x0, int y0, int x1, int y1);

/* One side of a polygon, or part of a line, `width` pixels wide. */
bool img_wide_segment(const ImgPen *pen, int x0, int y0, int x1, int y1, int width, ImgError *err);

#endif
