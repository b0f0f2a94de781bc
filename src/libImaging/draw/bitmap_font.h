/* Bitmap fonts: 256 glyphs cut from a sheet. */
#ifndef IMAGING_DRAW_BITMAP_FONT_H
#define IMAGING_DRAW_BITMAP_FONT_H

#include "core/image.h"

enum {
    IMG_FONT_GLYPHS = 256,
    IMG_FONT_TABLE_BYTES = IMG_FONT_GLYPHS * 20, /* ten big-endian int16 a glyph */
};

typedef struct {
    int x0, y0, x1, y1;
} ImgFontBox;

/* Boxes are clipped to the sheet. */
typedef struct {
    int dx, dy;      /* the pen's step */
    ImgFontBox to;   /* from the pen and the baseline, y downwards */
    ImgFontBox from; /* on the sheet */
} ImgFontGlyph;

typedef struct {
    int baseline, height; /* rows above the baseline, and of a line of text */
    ImgFontGlyph glyph[IMG_FONT_GLYPHS];
} ImgBitmapFont;

/* Never fails: every table is a font, if only one whose text cannot be drawn. */
void img_bitmap_font(
    ImgBitmapFont *font, const uint8_t table[IMG_FONT_TABLE_BYTES], const ImgImage *sheet);

/* What the pen steps sum up to, at least 0. Nonzero if a partial sum is no int32: its sign. */
int img_bitmap_font_width(
    const ImgBitmapFont *font, const uint8_t *text, size_t length, int *width);

/* An image of the sheet's mode with the text, its height that of a line. A glyph whose two boxes
 * differ in size is IMG_ERR_VALUE. */
ImgImage *img_bitmap_font_mask(
    const ImgBitmapFont *font, const ImgImage *sheet, const uint8_t *text, size_t length, int width,
    ImgError *err);

#endif
