/* Pixel storage: the image, its palette, its life. */
#ifndef IMAGING_CORE_IMAGE_H
#define IMAGING_CORE_IMAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/errors.h"
#include "core/modes.h"
#include "core/pages.h"

/* The widest image: rows of 4-byte pixels must stay addressable by an int with some slack. */
#define IMG_MAX_WIDTH (INT32_MAX / 4 - 1)

/* 256 entries of 4 bytes, whatever the mode; entries that were never set are opaque black. */
typedef struct {
    const ImgMode *mode; /* RGB, RGBA or CMYK */
    int count;           /* entries in use, 0 to 256 */
    uint8_t entry[256][4];
} ImgPalette;

/* Called once, when the last reference to an image over borrowed memory goes. */
typedef void (*ImgRelease)(void *owner);

typedef struct ImgImage {
    const ImgMode *mode;
    int width, height;   /* pixels, both >= 0 */
    size_t row_bytes;    /* width * mode->pixel_size, without any gap to the next row */
    uint8_t **rows;      /* height pointers; rows need not follow each other */
    ImgPalette *palette; /* owned; NULL unless the mode has one */
    bool readonly;       /* borrowed memory that must not be written */
    /* What searches in the palette have found out, kept for the next one; see pixel/nearest.h.
     * Whoever works with it takes it out. One block of malloc's, freed with the image. */
    _Atomic(struct ImgNearest *) nearest;
    /* --- private to core/storage.c --- */
    ImgPages *blocks; /* what holds the rows */
    int block_count;  /* 0 for borrowed memory and for empty images */
    bool one_block;   /* stored as one contiguous block, outside the arena */
    ImgRelease release;
    void *owner;
    atomic_int references;
} ImgImage;

/* New images. Both sizes must be >= 0 and the width at most IMG_MAX_WIDTH. */
ImgImage *img_new(const ImgMode *mode, int width, int height, ImgError *err); /* zeroed */
/* The same with unspecified pixels, for results that are fully written. Rows may hold what
 * another image left there, so every byte of every row, pads included, must be written. */
ImgImage *img_new_dirty(const ImgMode *mode, int width, int height, ImgError *err);
/* In one contiguous zeroed block. */
ImgImage *img_new_block(const ImgMode *mode, int width, int height, ImgError *err);
/* Over memory of somebody else's; rows start at first + y * stride (stride may be negative). The
 * last reference calls release(owner); without an image (NULL) the owner stays the caller's. */
ImgImage *img_new_borrowed(
    const ImgMode *mode, int width, int height, uint8_t *first, ptrdiff_t stride, bool readonly,
    ImgRelease release, void *owner, ImgError *err);

ImgImage *img_ref(ImgImage *image);
void img_unref(ImgImage *image); /* NULL is fine */

/* RGB, no entries in use, all opaque black. */
void img_palette_clear(ImgPalette *palette);

/* Gives the image a copy of this palette. One that it has is overwritten, never freed: another
 * thread may be reading it. False: out of memory. */
bool img_set_palette(ImgImage *image, const ImgPalette *palette, ImgError *err);

/* Replaces the palette of `to` by a copy of that of `from`; if that has none, `to`, which must be
 * a new image then, loses its own. False: out of memory. */
bool img_copy_palette(ImgImage *to, const ImgImage *from, ImgError *err);

/* Gives the image another mode of the same pixel size, in place. What the new mode needs (a
 * palette) must be there before: threads that work on the image meanwhile see one or the other. */
void img_change_mode(ImgImage *image, const ImgMode *mode);

/* Pixels and palette in a new image. */
ImgImage *img_copy(const ImgImage *image, ImgError *err);

/* True if row y + 1 starts where row y ends, for all rows, within one block. */
static inline bool img_is_contiguous(const ImgImage *image) {
    if (image->block_count > 1) {
        return false; /* though two blocks may happen to be neighbours */
    }
    for (int y = 1; y < image->height; y++) {
        if (image->rows[y] != image->rows[y - 1] + image->row_bytes) {
            return false;
        }
    }
    return true;
}

static inline bool img_same_size(const ImgImage *a, const ImgImage *b) {
    return a->width == b->width && a->height == b->height;
}

#endif
