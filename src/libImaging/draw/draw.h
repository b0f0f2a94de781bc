/* Drawing shapes into images. The geometry is that of Pillow 13.0.0, pixel for pixel.
 *
 * Every shape comes down to spans (runs of pixels on one row) and single pixels, which canvas.h
 * writes. What lies outside the image is skipped before it is walked over, so that no coordinate,
 * however large, costs more than the image is large. */
#ifndef IMAGING_DRAW_H
#define IMAGING_DRAW_H

#include "core/image.h"

/* Pixels of the tiles that translucent spans are mixed from. */
enum { IMG_PEN_TILE = 64 };

/* What to draw with, and where. Make it with img_pen. */
typedef struct {
    ImgImage *image;
    const ImgImage *mask; /* draw only where this is not 0; NULL: everywhere */
    int size;             /* bytes of a pixel */
    bool blend;           /* mix the colour with what is there, by the alpha of the ink */
    uint8_t ink[4];       /* as it lies in memory */
    /* If blend: alpha, and the products of the other bytes with it, two bytes to a word. */
    uint32_t alpha, even, odd, kept;
    uint8_t colors[4 * IMG_PEN_TILE], alphas[4 * IMG_PEN_TILE]; /* if blend */
} ImgPen;

/* A pen of an ink: pixel bytes from the lowest up, 16-bit values little-endian. `blend` matters
 * only to 4-byte pixels. The mask must have one byte a pixel and the size of the image. */
bool img_pen(
    ImgPen *pen, ImgImage *image, const uint8_t ink[4], bool blend, const ImgImage *mask,
    ImgError *err);

/* trunc(v), or the least int32 if that is no int32 (nan included). */
int img_truncate(double v);

/* `count` points, x and y in turn. A line of `width` 1 is one pixel wide; other widths, even
 * negative ones, go by the formula in lines.c. */
void img_draw_points(const ImgPen *pen, const double *xy, size_t count);
bool img_draw_lines(const ImgPen *pen, const double *xy, size_t count, int width, ImgError *err);

/* Filled (even-odd), or the outline. */
bool img_draw_polygon(
    const ImgPen *pen, const double *xy, size_t count, bool fill, int width, ImgError *err);

/* box: x0, y0, x1, y1, both corners inclusive. Angles in degrees, clockwise from three o'clock. */
void img_draw_rectangle(const ImgPen *pen, const int box[4], bool fill, int width);
void img_draw_ellipse(const ImgPen *pen, const int box[4], bool fill, int width);
void img_draw_arc(const ImgPen *pen, const int box[4], float start, float end, int width);
void img_draw_chord(
    const ImgPen *pen, const int box[4], float start, float end, bool fill, int width);
void img_draw_pieslice(
    const ImgPen *pen, const int box[4], float start, float end, bool fill, int width);

/* A line between pixels, as polygons are made of. */
typedef struct {
    int x0, y0, x1, y1;
} ImgSegment;

/* An outline that is being built of lines and cubic curves. Start with all zero. */
typedef struct {
    float start_x, start_y, x, y;
    ImgSegment *segments; /* owned */
    size_t count, room;
} ImgOutline;

void img_outline_move(ImgOutline *outline, float x, float y);
bool img_outline_line(ImgOutline *outline, float x, float y, ImgError *err);
/* To k[4], k[5] with the control points (k[0], k[1]) and (k[2], k[3]). */
bool img_outline_curve(ImgOutline *outline, const float k[6], ImgError *err);
bool img_outline_close(ImgOutline *outline, ImgError *err);
void img_outline_clear(ImgOutline *outline);

/* Fills what the segments enclose (even-odd). */
bool img_draw_segments(const ImgPen *pen, const ImgSegment *segments, size_t count, ImgError *err);

/* Which pixels a flood may enter. Values are those of the bands, as numbers. */
typedef struct {
    bool bordered; /* false: those within `threshold` of `background` (sum over the bands) */
    double background[4], threshold;
    int barriers; /* true: all but those that equal one of these colours */
    double barrier[2][4];
} ImgFloodRule;

/* Floods from the four neighbours of (x, y), which itself is left alone, with `ink` (as it lies in
 * memory). The point may lie outside the image. */
bool img_flood(
    ImgImage *image, int64_t x, int64_t y, const uint8_t ink[4], const ImgFloodRule *rule,
    ImgError *err);

#endif
