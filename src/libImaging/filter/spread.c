/* effect_spread: exchanges pixels with random neighbours. */
#include "Imaging.h"

#include <stdlib.h>
#include <string.h>

/* rand() % distance - distance / 2, with C's signs. */
static int64_t random_step(int distance) {
    return (int64_t)(rand() % distance) - distance / 2;
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
    const size_t size = image->mode->pixel_size == 4 ? 4 : 1;
    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            const int64_t to_x = x + random_step(distance), to_y = y + random_step(distance);
            uint8_t *here = out->rows[y] + (size_t)x * size;
            const uint8_t *from = image->rows[y] + (size_t)x * size;
            if (to_x >= 0 && to_x < image->width && to_y >= 0 && to_y < image->height) {
                const size_t at = (size_t)to_x * size;
                memcpy(out->rows[to_y] + at, from, size);
                memcpy(here, image->rows[to_y] + at, size);
            } else {
                memcpy(here, from, size);
            }
        }
    }
    return out;
}
