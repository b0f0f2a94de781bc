/* Text by bitmap fonts. */
#include "draw/bitmap_font.h"

#include <string.h>

static int read_i16(const uint8_t **from) {
    int value = (*from)[0] << 8 | (*from)[1];
    *from += 2;
    return value < 0x8000 ? value : value - 0x10000;
}

static ImgFontBox read_box(const uint8_t **from) {
    ImgFontBox box;
    box.x0 = read_i16(from);
    box.y0 = read_i16(from);
    box.x1 = read_i16(from);
    box.y1 = read_i16(from);
    return box;
}

/* What is cut off at the sheet's edges is cut off where it goes to as well. */
static void clip(ImgFontGlyph *g, int width, int height) {
    if (g->from.x0 < 0) {
        g->to.x0 -= g->from.x0;
        g->from.x0 = 0;
    }
    if (g->from.y0 < 0) {
        g->to.y0 -= g->from.y0;
        g->from.y0 = 0;
    }
    if (g->from.x1 > width) {
        g->to.x1 -= g->from.x1 - width;
        g->from.x1 = width;
    }
    if (g->from.y1 > height) {
        g->to.y1 -= g->from.y1 - height;
        g->from.y1 = height;
    }
}

void img_bitmap_font(
    ImgBitmapFont *font, const uint8_t table[IMG_FONT_TABLE_BYTES], const ImgImage *sheet) {
    int top = 0, bottom = 0;
    for (int i = 0; i < IMG_FONT_GLYPHS; i++) {
        ImgFontGlyph *g = &font->glyph[i];
        g->dx = read_i16(&table);
        g->dy = read_i16(&table);
        g->to = read_box(&table);
        g->from = read_box(&table);
        clip(g, sheet->width, sheet->height);
        top = g->to.y0 < top ? g->to.y0 : top;
        bottom = g->to.y1 > bottom ? g->to.y1 : bottom;
    }
    font->baseline = -top;
    font->height = bottom - top;
}

int img_bitmap_font_width(
    const ImgBitmapFont *font, const uint8_t *text, size_t length, int *width) {
    int64_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum += font->glyph[text[i]].dx;
        if (sum > INT32_MAX || sum < INT32_MIN) {
            return sum > 0 ? 1 : -1;
        }
    }
    *width = sum < 0 ? 0 : (int)sum;
    return 0;
}

static inline int extent(int from, int to) {
    return to > from ? to - from : 0;
}

/* Copies the glyph's box of the sheet to (x, y), as far as that is within the image. */
static void
stamp(ImgImage *image, const ImgImage *sheet, const ImgFontBox *from, int64_t x, int64_t y) {
    int64_t left = x < 0 ? -x : 0, top = y < 0 ? -y : 0;
    int64_t right = extent(from->x0, from->x1), bottom = extent(from->y0, from->y1);
    right = right > image->width - x ? image->width - x : right;
    bottom = bottom > image->height - y ? image->height - y : bottom;
    if (right <= left) {
        return;
    }
    const size_t pixel = (size_t)sheet->mode->pixel_size;
    for (int64_t row = top; row < bottom; row++) {
        memcpy(
            image->rows[y + row] + (size_t)(x + left) * pixel,
            sheet->rows[from->y0 + row] + (size_t)(from->x0 + left) * pixel,
            (size_t)(right - left) * pixel);
    }
}

ImgImage *img_bitmap_font_mask(
    const ImgBitmapFont *font, const ImgImage *sheet, const uint8_t *text, size_t length, int width,
    ImgError *err) {
    ImgImage *image = img_new(sheet->mode, width, font->height, err);
    int64_t x = 0, y = font->baseline; /* no overflow: steps of 16 bits */
    for (size_t i = 0; image && i < length; i++) {
        const ImgFontGlyph *g = &font->glyph[text[i]];
        if (extent(g->from.x0, g->from.x1) != g->to.x1 - g->to.x0 ||
            extent(g->from.y0, g->from.y1) != g->to.y1 - g->to.y0) {
            img_unref(image);
            return img_fail(err, IMG_ERR_VALUE, "a glyph's boxes differ in size");
        }
        stamp(image, sheet, &g->from, x + g->to.x0, y + g->to.y0);
        x += g->dx;
        y += g->dy;
    }
    return image;
}
