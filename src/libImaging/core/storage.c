/* Where pixels live. */
#include "Imaging.h"

#include <stdlib.h>
#include <string.h>

static ImgImage *image_shell(const ImgMode *mode, int width, int height, ImgError *err) {
    if (width < 0 || height < 0) {
        return img_fail(err, IMG_ERR_VALUE, "bad image size");
    }
    if (width > IMG_MAX_WIDTH) {
        return img_fail_memory(err);
    }
    ImgImage *image = calloc(1, sizeof(*image));
    uint8_t **rows = calloc((size_t)height + 1, sizeof(*rows));
    if (!image || !rows) {
        free(image);
        free(rows);
        return img_fail_memory(err);
    }
    image->mode = mode;
    image->width = width;
    image->height = height;
    image->row_bytes = (size_t)width * mode->pixel_size;
    image->rows = rows;
    atomic_init(&image->references, 1);
    if (mode->paletted) {
        image->palette = calloc(1, sizeof(*image->palette));
        if (!image->palette) {
            img_unref(image);
            return img_fail_memory(err);
        }
        image->palette->mode = img_mode(IMG_MODE_RGB);
        for (int i = 0; i < 256; i++) {
            image->palette->entry[i][3] = 255;
        }
    }
    return image;
}

static ImgImage *
image_in_block(const ImgMode *mode, int width, int height, bool clear, ImgError *err) {
    ImgImage *image = image_shell(mode, width, height, err);
    if (!image || width == 0 || height == 0) {
        return image;
    }
    image->blocks = malloc(sizeof(*image->blocks));
    size_t bytes;
    if (!image->blocks || __builtin_mul_overflow(image->row_bytes, (size_t)height, &bytes)) {
        img_unref(image);
        return img_fail_memory(err);
    }
    image->blocks[0] = clear ? calloc(bytes, 1) : malloc(bytes);
    if (!image->blocks[0]) {
        img_unref(image);
        return img_fail_memory(err);
    }
    image->block_count = 1;
    for (int y = 0; y < height; y++) {
        image->rows[y] = (uint8_t *)image->blocks[0] + (size_t)y * image->row_bytes;
    }
    return image;
}

ImgImage *img_new(const ImgMode *mode, int width, int height, ImgError *err) {
    return image_in_block(mode, width, height, true, err);
}

ImgImage *img_new_dirty(const ImgMode *mode, int width, int height, ImgError *err) {
    return image_in_block(mode, width, height, false, err);
}

ImgImage *img_new_block(const ImgMode *mode, int width, int height, ImgError *err) {
    ImgImage *image = image_in_block(mode, width, height, true, err);
    if (image) {
        image->one_block = true;
    }
    return image;
}

ImgImage *img_new_borrowed(
    const ImgMode *mode, int width, int height, uint8_t *first, ptrdiff_t stride, bool readonly,
    ImgRelease release, void *owner, ImgError *err) {
    ImgImage *image = image_shell(mode, width, height, err);
    if (!image) {
        return NULL;
    }
    for (int y = 0; y < height; y++) {
        image->rows[y] = first + (ptrdiff_t)y * stride;
    }
    image->readonly = readonly;
    image->release = release;
    image->owner = owner;
    return image;
}

ImgImage *img_ref(ImgImage *image) {
    atomic_fetch_add_explicit(&image->references, 1, memory_order_relaxed);
    return image;
}

void img_unref(ImgImage *image) {
    if (!image || atomic_fetch_sub_explicit(&image->references, 1, memory_order_acq_rel) > 1) {
        return;
    }
    if (image->release) {
        image->release(image->owner);
    }
    for (int i = 0; i < image->block_count; i++) {
        free(image->blocks[i]);
    }
    free(image->blocks);
    free(image->palette);
    free(image->rows);
    free(image);
}

bool img_copy_palette(ImgImage *to, const ImgImage *from, ImgError *err) {
    ImgPalette *copy = NULL;
    if (from->palette) {
        copy = malloc(sizeof(*copy));
        if (!copy) {
            return img_fail_memory(err) != NULL;
        }
        *copy = *from->palette;
    }
    free(to->palette);
    to->palette = copy;
    return true;
}

void img_change_mode(ImgImage *image, const ImgMode *mode) {
    __atomic_store_n(&image->mode, mode, __ATOMIC_RELEASE);
}

ImgImage *img_copy(const ImgImage *image, ImgError *err) {
    ImgImage *copy = img_new_dirty(image->mode, image->width, image->height, err);
    if (!copy || !img_copy_palette(copy, image, err)) {
        img_unref(copy);
        return NULL;
    }
    for (int y = 0; y < image->height && image->row_bytes > 0; y++) {
        memcpy(copy->rows[y], image->rows[y], image->row_bytes);
    }
    return copy;
}

bool img_is_contiguous(const ImgImage *image) {
    for (int y = 1; y < image->height; y++) {
        if (image->rows[y] != image->rows[y - 1] + image->row_bytes) {
            return false;
        }
    }
    return true;
}
