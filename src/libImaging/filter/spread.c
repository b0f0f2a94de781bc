/* effect_spread: exchanges pixels with random neighbours. */
#include "Imaging.h"

#include <stdlib.h>
#include <string.h>

/* rand() % distance - distance / 2, with C's signs. */
static int64_t random_step(int distance) {
    return (int64_t)(rand() % distance) - distance / 2;
}

/* Inlined for each size of a pixel. */
static inline void spread(ImgImage *out, const ImgImage *image, int distance, size_t size) {
    const int width = image->width, height = image->height;
    uint8_t *const *in_rows = image->rows, *const *out_rows = out->rows;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const int64_t to_x = x + random_step(distance), to_y = y + random_step(distance);
            uint8_t *here = out_rows[y] + (size_t)x * size;
            const uint8_t *from = in_rows[y] + (size_t)x * size;
            if (to_x >= 0 && to_x < width && to_y >= 0 && to_y < height) {
                const size_t at = (size_t)to_x * size;
                memcpy(out_rows[to_y] + at, from, size);
                memcpy(here, in_rows[to_y] + at, size);
            } else {
                memcpy(here, from, size);
            }
        }
    }
}

ImgImage *img_effect_spread(const ImgImage *image, int distance, ImgError *err) {
    if (distance == 0) {
        return img_copy(image, err);
    }
    ImgImage *out = img_new(image->mode, image->width, image->height, err);
    if (!out || !img_copy_palette(out, image, err)) {
        img_unref(out);
        return NULL;
    }
    /* Pixels of two bytes are treated as bytes, and only the first `width` of them. */
    if (image->mode->pixel_size == 4) {
        spread(out, image, distance, 4);
    } else {
        spread(out, image, distance, 1);
    }
    return out;
}
