/* Where pixels live. */
#include "Imaging.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

void img_palette_clear(ImgPalette *palette) {
    static const uint8_t black[4] = {0, 0, 0, 255};
    palette->mode = img_mode(IMG_MODE_RGB);
    palette->count = 0;
    img_fill_pixels(palette->entry[0], 256, 4, black);
}

/* An image without pixels: all row pointers and blocks NULL. They follow it in one allocation. */
static ImgImage *
image_shell(const ImgMode *mode, int width, int height, int block_count, ImgError *err) {
    if (width < 0 || height < 0) {
        return img_fail(err, IMG_ERR_VALUE, "bad image size");
    }
    if (width > IMG_MAX_WIDTH) {
        return img_fail_memory(err);
    }
    img_arena_count_image();
    const uint64_t bytes = sizeof(ImgImage) + (uint64_t)height * sizeof(uint8_t *) +
                           (uint64_t)block_count * sizeof(ImgPages);
    ImgImage *image = bytes <= SIZE_MAX ? calloc(1, (size_t)bytes) : NULL;
    if (!image) {
        return img_fail_memory(err);
    }
    image->mode = mode;
    image->width = width;
    image->height = height;
    image->row_bytes = (size_t)width * mode->pixel_size;
    image->rows = (uint8_t **)(image + 1);
    image->blocks = (ImgPages *)(image->rows + height);
    atomic_init(&image->references, 1);
    atomic_init(&image->nearest, NULL);
    if (mode->paletted) {
        image->palette = malloc(sizeof(*image->palette));
        if (!image->palette) {
            img_unref(image);
            return img_fail_memory(err);
        }
        img_palette_clear(image->palette);
    }
    return image;
}

static ImgImage *image_in_block(const ImgMode *mode, int width, int height, ImgError *err) {
    const bool empty = width == 0 || height == 0;
    ImgImage *image = image_shell(mode, width, height, empty ? 0 : 1, err);
    if (!image) {
        return NULL;
    }
    image->one_block = true;
    if (empty) {
        return image;
    }
    /* Programs that want one block address it with ints. */
    if (image->row_bytes > (size_t)INT32_MAX / (size_t)height) {
        img_unref(image);
        return img_fail_memory(err);
    }
    image->blocks[0] = img_pages_take(image->row_bytes * (size_t)height, true);
    if (!image->blocks[0].start) {
        img_unref(image);
        return img_fail_memory(err);
    }
    image->block_count = 1;
    for (int y = 0; y < height; y++) {
        image->rows[y] = (uint8_t *)image->blocks[0].start + (size_t)y * image->row_bytes;
    }
    return image;
}

/* How rows lie in blocks of the arena. */
typedef struct {
    size_t line;      /* from one row to the next */
    size_t slack;     /* bytes a block has more than its rows, to align the first */
    int lines, count; /* rows in a full block; blocks */
} Blocks;

static Blocks plan_blocks(const ImgMode *mode, int width, int height, ImgArenaSettings settings) {
    Blocks plan = {.slack = (size_t)settings.alignment - 1};
    plan.line = ((size_t)width * mode->pixel_size + plan.slack) & ~plan.slack;
    if (plan.line > 0) {
        const size_t fit = ((size_t)settings.block_size - plan.slack) / plan.line;
        plan.lines = fit < 1 ? 1 : fit > (size_t)INT32_MAX ? INT32_MAX : (int)fit;
        plan.count = height / plan.lines + (height % plan.lines != 0);
    }
    return plan;
}

static ImgImage *
image_in_arena(const ImgMode *mode, int width, int height, bool clear, ImgError *err) {
    const ImgArenaSettings settings = img_arena_settings();
    if (settings.one_block) {
        return image_in_block(mode, width, height, err);
    }
    Blocks plan = {0, 0, 0, 0};
    if (width > 0 && width <= IMG_MAX_WIDTH && height > 0) {
        plan = plan_blocks(mode, width, height, settings);
    }
    ImgImage *image = image_shell(mode, width, height, plan.count, err);
    for (int y = 0, end = 0; image && plan.count > 0 && y < height; y = end) {
        end = height - y > plan.lines ? y + plan.lines : height;
        const ImgPages block = img_arena_take((size_t)(end - y) * plan.line + plan.slack, clear);
        if (!block.start) {
            img_unref(image);
            return img_fail_memory(err);
        }
        image->blocks[image->block_count++] = block;
        uint8_t *row = (uint8_t *)block.start;
        row += -(uintptr_t)row & plan.slack;
        for (int i = y; i < end; i++, row += plan.line) {
            image->rows[i] = row;
        }
    }
    return image;
}

ImgImage *img_new(const ImgMode *mode, int width, int height, ImgError *err) {
    return image_in_arena(mode, width, height, true, err);
}

ImgImage *img_new_dirty(const ImgMode *mode, int width, int height, ImgError *err) {
    return image_in_arena(mode, width, height, false, err);
}

ImgImage *img_new_block(const ImgMode *mode, int width, int height, ImgError *err) {
    return image_in_block(mode, width, height, err);
}

ImgImage *img_new_borrowed(
    const ImgMode *mode, int width, int height, uint8_t *first, ptrdiff_t stride, bool readonly,
    ImgRelease release, void *owner, ImgError *err) {
    ImgImage *image = image_shell(mode, width, height, 0, err);
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
        if (image->one_block) {
            img_pages_give(image->blocks[i]);
        } else {
            img_arena_give(image->blocks[i]);
        }
    }
    free(atomic_load_explicit(&image->nearest, memory_order_acquire));
    free(image->palette);
    free(image);
}

bool img_set_palette(ImgImage *image, const ImgPalette *palette, ImgError *err) {
    if (image->palette) {
        *image->palette = *palette;
        return true;
    }
    ImgPalette *copy = malloc(sizeof(*copy));
    if (!copy) {
        return img_fail_memory(err) != NULL;
    }
    *copy = *palette;
    __atomic_store_n(&image->palette, copy, __ATOMIC_RELEASE);
    return true;
}

bool img_copy_palette(ImgImage *to, const ImgImage *from, ImgError *err) {
    if (from->palette) {
        return img_set_palette(to, from->palette, err);
    }
    free(to->palette);
    to->palette = NULL;
    return true;
}

void img_change_mode(ImgImage *image, const ImgMode *mode) {
    __atomic_store_n(&image->mode, mode, __ATOMIC_RELEASE);
}

/* Rows that follow each other in both images are copied together. */
static void copy_rows(ImgImage *to, const ImgImage *from) {
    const size_t row = from->row_bytes;
    for (int y = 0, end; y < from->height; y = end) {
        for (end = y + 1; end < from->height && to->rows[end] == to->rows[end - 1] + row &&
                          from->rows[end] == from->rows[end - 1] + row;) {
            end++;
        }
        memcpy(to->rows[y], from->rows[y], (size_t)(end - y) * row);
    }
}

ImgImage *img_copy(const ImgImage *image, ImgError *err) {
    ImgImage *copy = img_new_dirty(image->mode, image->width, image->height, err);
    if (!copy || !img_copy_palette(copy, image, err)) {
        img_unref(copy);
        return NULL;
    }
    if (image->row_bytes > 0) {
        copy_rows(copy, image);
    }
    return copy;
}
