/* Spans and pixels. */
#include "draw/canvas.h"

#include <string.h>

#include "core/fill.h"
#include "simd/kernels.h"

int img_truncate(double v) {
    return v > -2147483649.0 && v < 2147483648.0 ? (int)v : INT32_MIN;
}

bool img_pen(
    ImgPen *pen, ImgImage *image, const uint8_t ink[4], bool blend, const ImgImage *mask,
    ImgError *err) {
    if (mask && (mask->mode->pixel_size != 1 || !img_same_size(mask, image))) {
        return img_fail_mismatch(err) != NULL;
    }
    pen->image = image;
    pen->mask = mask;
    pen->size = image->mode->pixel_size;
    pen->blend = blend && pen->size == 4;
    memcpy(pen->ink, ink, 4);
    if (image->mode->id == IMG_MODE_I16B) {
        pen->ink[0] = ink[1];
        pen->ink[1] = ink[0];
    }
    if (pen->blend) {
        /* The fourth byte stays as it is: it is mixed with alpha 0. */
        const uint8_t alpha[4] = {ink[3], ink[3], ink[3], 0}, fourth[4] = {0, 0, 0, 255};
        uint32_t color;
        memcpy(&color, ink, sizeof(color));
        memcpy(&pen->kept, fourth, sizeof(pen->kept));
        pen->alpha = ink[3];
        pen->even = (color & 0x00ff00ff) * pen->alpha;
        pen->odd = ((color >> 8) & 0x00ff00ff) * pen->alpha;
        img_fill_pixels(pen->colors, IMG_PEN_TILE, 4, ink);
        img_fill_pixels(pen->alphas, IMG_PEN_TILE, 4, alpha);
    }
    return true;
}

/* Blended pixel by pixel: a kernel's masked tail costs more. */
enum { SHORT_RUN = 16 };

static void write_run(const ImgPen *pen, uint8_t *out, size_t count) {
    if (!pen->blend) {
        img_fill_pixels(out, count, pen->size, pen->ink);
        return;
    }
    if (count < SHORT_RUN) {
        for (size_t i = 0; i < count; i++) {
            img_blend_pixel(pen, out + 4 * i);
        }
        return;
    }
    while (count > 0) {
        const size_t part = count < IMG_PEN_TILE ? count : IMG_PEN_TILE;
        img_kernels->mask_mix(out, pen->colors, pen->alphas, 4 * part);
        out += 4 * part;
        count -= part;
    }
}

static void write_masked(const ImgPen *pen, uint8_t *row, const uint8_t *mask, int xa, int xb) {
    for (int x = xa; x <= xb;) {
        if (!mask[x]) {
            x++;
            continue;
        }
        const int from = x;
        while (x <= xb && mask[x]) {
            x++;
        }
        write_run(pen, row + (size_t)from * (size_t)pen->size, (size_t)(x - from));
    }
}

void img_span(const ImgPen *pen, int64_t xa, int64_t xb, int64_t y) {
    if (!img_row_visible(pen, y)) {
        return;
    }
    const int64_t last = pen->image->width - 1;
    xa = xa < 0 ? 0 : xa;
    xb = xb > last ? last : xb;
    if (xa > xb) {
        return;
    }
    uint8_t *row = pen->image->rows[y];
    if (pen->mask) {
        write_masked(pen, row, pen->mask->rows[y], (int)xa, (int)xb);
    } else {
        write_run(pen, row + (size_t)xa * (size_t)pen->size, (size_t)(xb - xa + 1));
    }
}

void img_pixel(const ImgPen *pen, int64_t x, int64_t y) {
    if (x < 0 || x >= pen->image->width || !img_row_visible(pen, y)) {
        return;
    }
    uint8_t *out = pen->image->rows[y] + (size_t)x * (size_t)pen->size;
    if (pen->blend) {
        img_blend_pixel(pen, out);
    } else {
        memcpy(out, pen->ink, (size_t)pen->size);
    }
}
