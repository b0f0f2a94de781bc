/* Parts of images: crop and its opposite. */
#include "Imaging.h"

#include <string.h>

#include "core/stream.h"

static int clamp(int64_t value, int low, int high) {
    return value < low ? low : value > high ? high : (int)value;
}

/* Copies the box into `out`, whose size it has, and clears what the image does not cover. */
static void crop_rows(ImgImage *out, const ImgImage *image, int x0, int y0) {
    const size_t pixel = image->mode->pixel_size;
    /* Columns [left, right) of the result show the image; they are empty if the box misses it. */
    const int left = clamp(-(int64_t)x0, 0, out->width);
    const int right = clamp((int64_t)image->width - x0, left, out->width);
    const ImgCopyRow copy = img_row_copier(out);
    for (int y = 0; y < out->height; y++) {
        const int64_t from = (int64_t)y0 + y;
        uint8_t *row = out->rows[y];
        if (from < 0 || from >= image->height || left == right) {
            memset(row, 0, out->row_bytes);
            continue;
        }
        memset(row, 0, (size_t)left * pixel);
        copy(
            row + (size_t)left * pixel, image->rows[from] + (size_t)(left + (int64_t)x0) * pixel,
            (size_t)(right - left) * pixel);
        memset(row + (size_t)right * pixel, 0, (size_t)(out->width - right) * pixel);
    }
    img_rows_copied(out);
}

ImgImage *img_crop(const ImgImage *image, int x0, int y0, int x1, int y1, ImgError *err) {
    const int64_t width = (int64_t)x1 - x0, height = (int64_t)y1 - y0;
    if (width > INT32_MAX || height > INT32_MAX) {
        return img_fail_memory(err);
    }
    const int out_width = width > 0 ? (int)width : 0, out_height = height > 0 ? (int)height : 0;
    /* A box that misses the image needs no pixel written: cleared memory may come for free. */
    const bool hit = x0 < image->width && x1 > 0 && y0 < image->height && y1 > 0;
    ImgImage *out = hit ? img_new_dirty(image->mode, out_width, out_height, err)
                        : img_new(image->mode, out_width, out_height, err);
    if (!out || !img_copy_palette(out, image, err)) {
        img_unref(out);
        return NULL;
    }
    if (hit && width > 0) {
        crop_rows(out, image, x0, y0);
    }
    return out;
}

static void expand_row(uint8_t *out, const uint8_t *in, int width, int margin, int pixel) {
    uint8_t edge[4];
    const size_t side = (size_t)margin * (size_t)pixel, middle = (size_t)width * (size_t)pixel;
    memcpy(edge, in, (size_t)pixel);
    img_fill_pixels(out, (size_t)margin, pixel, edge);
    memcpy(out + side, in, middle);
    memcpy(edge, in + middle - pixel, (size_t)pixel);
    img_fill_pixels(out + side + middle, (size_t)margin, pixel, edge);
}

ImgImage *img_expand(const ImgImage *image, int margin, ImgError *err) {
    if (margin < 0) {
        return img_fail(err, IMG_ERR_VALUE, "bad kernel size");
    }
    /* The limit of the filters that this margin is meant for: their (2 * margin)^2 weights are
     * counted by an int. */
    if (margin > 0 && margin > INT32_MAX / (4 * (int64_t)margin)) {
        return img_fail(err, IMG_ERR_VALUE, "filter size too large");
    }
    const int64_t width = (int64_t)image->width + 2 * margin;
    const int64_t height = (int64_t)image->height + 2 * margin;
    if (width > IMG_MAX_WIDTH || height > INT32_MAX) {
        return img_fail_memory(err);
    }
    const bool empty = image->width == 0 || image->height == 0;
    ImgImage *out = empty ? img_new(image->mode, (int)width, (int)height, err)
                          : img_new_dirty(image->mode, (int)width, (int)height, err);
    if (!out || !img_copy_palette(out, image, err)) {
        img_unref(out);
        return NULL;
    }
    for (int y = 0; !empty && y < out->height; y++) {
        const int from = clamp((int64_t)y - margin, 0, image->height - 1);
        if (y > 0 && from == clamp((int64_t)y - 1 - margin, 0, image->height - 1)) {
            memcpy(out->rows[y], out->rows[y - 1], out->row_bytes);
        } else {
            expand_row(
                out->rows[y], image->rows[from], image->width, margin, image->mode->pixel_size);
        }
    }
    return out;
}
