/* Where an image is not empty: bounding box and projections. */
#include "stats/stats.h"

#include <stdlib.h>
#include <string.h>

#include "simd/kernels.h"

/* The bytes of each four that count, as a mask. */
static uint32_t counted_bytes(const ImgMode *mode, bool alpha_only) {
    uint8_t bytes[4] = {255, 255, 255, 255};
    if (mode->bands == 3) {
        bytes[3] = 0;
    } else if (alpha_only && mode->alpha) {
        bytes[0] = bytes[1] = bytes[2] = 0;
    }
    uint32_t mask;
    memcpy(&mask, bytes, 4);
    return mask;
}

bool img_bbox(const ImgImage *image, bool alpha_only, int box[4]) {
    const uint32_t mask = counted_bytes(image->mode, alpha_only);
    const size_t size = image->mode->pixel_size, bytes = image->row_bytes;
    int top = 0, bottom = image->height;
    while (top < bottom && img_kernels->first_nonzero(image->rows[top], bytes, mask) == bytes) {
        top++;
    }
    if (top == bottom) {
        return false;
    }
    while (img_kernels->last_nonzero(image->rows[bottom - 1], bytes, mask) == 0) {
        bottom--;
    }
    /* Columns [left, right), in bytes, are known to be in; only what lies outside is looked at. */
    size_t left = img_kernels->first_nonzero(image->rows[top], bytes, mask) / size * size;
    size_t right = left + size;
    for (int y = top; y < bottom && (left > 0 || right < bytes); y++) {
        const uint8_t *row = image->rows[y];
        left = img_kernels->first_nonzero(row, left, mask) / size * size;
        const size_t more = img_kernels->last_nonzero(row + right, bytes - right, mask);
        right += (more + size - 1) / size * size;
    }
    box[0] = (int)(left / size);
    box[1] = top;
    box[2] = (int)(right / size);
    box[3] = bottom;
    return true;
}

bool img_projection(const ImgImage *image, uint8_t *out_x, uint8_t *out_y, ImgError *err) {
    const uint32_t mask = counted_bytes(image->mode, false);
    /* 16-bit images count by their first `width` bytes, as in Pillow. */
    const size_t size = image->mode->type == IMG_U16 ? 1 : image->mode->pixel_size;
    const size_t bytes = (size_t)image->width * size;
    uint8_t *all = calloc(bytes + 1, 1); /* all rows, or-ed */
    if (!all) {
        return img_fail_memory(err) != NULL;
    }
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->rows[y];
        out_y[y] = img_kernels->first_nonzero(row, bytes, mask) < bytes;
        for (size_t i = 0; i < bytes; i++) {
            all[i] |= row[i];
        }
    }
    for (size_t x = 0; x < (size_t)image->width; x++) {
        out_x[x] = img_kernels->first_nonzero(all + x * size, size, mask) < size;
    }
    free(all);
    return true;
}
