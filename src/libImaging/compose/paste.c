/* Paste and fill, with and without masks.
 *
 * All masks come down to one form: a mask value for every byte of the target (`spread_mask`), made
 * tile by tile in the cache, and a kernel that combines target, source and mask bytes. A colour is
 * a tile of its pixels that serves as source again and again.
 *
 * When source or mask are the target itself, what is read may have been written before. Rows then
 * go bottom-up if they move down, else top-down; within a row pixels go one by one from the left,
 * and each is finished before the next is read. That is a tile of one pixel. */
#include "compose/compose.h"

#include <string.h>

#include "simd/kernels.h"

enum { TILE = 512 }; /* pixels; three buffers of that many pixels fit L1 */

typedef void (*ByteKernel)(uint8_t *out, const uint8_t *in, const uint8_t *mask, size_t bytes);

typedef struct {
    ImgImage *image;
    const ImgImage *source; /* or NULL, then ink */
    const uint8_t *ink;
    const ImgImage *mask;
    ByteKernel kernel;
    int x, y, width, height; /* in the image */
    int source_x, source_y;  /* what lies there in source and mask */
    size_t unit;             /* bytes that share one mask value */
    size_t tile;             /* pixels at once */
} Job;

/* False: nothing left. */
static bool clip_box(Job *job, const int box[4]) {
    const int x0 = box[0] < 0 ? 0 : box[0], y0 = box[1] < 0 ? 0 : box[1];
    const int x1 = box[2] > job->image->width ? job->image->width : box[2];
    const int y1 = box[3] > job->image->height ? job->image->height : box[3];
    if (x0 >= x1 || y0 >= y1) {
        return false;
    }
    job->x = x0;
    job->y = y0;
    job->width = x1 - x0;
    job->height = y1 - y0;
    /* Differences of ints can be large, but the box is as large as source or mask, if there is
     * one, and otherwise they are not used. */
    job->source_x = (int)((int64_t)x0 - box[0]);
    job->source_y = (int)((int64_t)y0 - box[1]);
    return true;
}

static bool box_has_size_of(const int box[4], const ImgImage *image) {
    return (int64_t)box[2] - box[0] == image->width && (int64_t)box[3] - box[1] == image->height;
}

static void *fail_mask(ImgError *err) {
    return img_fail(err, IMG_ERR_VALUE, "bad transparency mask");
}

/* Which kernel a mask asks for, and for 16-bit images what Pillow blends: with most masks it takes
 * byte x of the row for column x, and leaves the second half of the row alone. */
static bool choose_kernel(Job *job, ImgError *err) {
    const ImgMode *mode = job->image->mode;
    const ImgModeId mask = job->mask->mode->id;
    const bool wide = mode->pixel_size == 2;
    job->unit = wide ? 1 : mode->pixel_size;
    switch (mask) {
    case IMG_MODE_1:
        job->kernel = img_kernels->mask_select;
        job->unit = wide && job->source ? 2 : job->unit;
        return true;
    case IMG_MODE_L:
        job->kernel = img_kernels->mask_mix;
        job->unit = wide && !job->source ? 2 : job->unit;
        if (!job->source && mode->alpha) {
            job->kernel = img_kernels->mask_mix_clear;
        }
        return true;
    case IMG_MODE_LA:
        if (!job->source) {
            return fail_mask(err) != NULL;
        }
        job->kernel = img_kernels->mask_mix;
        return true;
    case IMG_MODE_RGBA:
        job->kernel = img_kernels->mask_mix;
        return true;
    case IMG_MODE_RGBa:
        job->kernel = img_kernels->mask_premix;
        return true;
    default:
        return fail_mask(err) != NULL;
    }
}

/* One mask value for each byte: in `buffer`, or where they already are. */
static const uint8_t *
spread_mask(uint8_t *buffer, const uint8_t *mask, size_t mask_size, size_t pixels, size_t unit) {
    if (mask_size == 4) {
        if (unit == 4) {
            img_kernels->spread_alpha_row(buffer, mask, pixels);
        } else {
            img_kernels->getband_row(buffer, mask, pixels, 3);
        }
        return buffer;
    }
    if (unit == 1) {
        return mask;
    }
    if (unit == 4) {
        img_kernels->spread4_row(buffer, mask, pixels);
    } else {
        img_kernels->spread2_row(buffer, mask, pixels);
    }
    return buffer;
}

static void paste_row(const Job *job, int y, const uint8_t *ink_tile) {
    _Alignas(64) uint8_t buffer[4 * TILE];
    const size_t unit = job->unit, mask_size = job->mask->mode->pixel_size;
    const size_t width = (size_t)job->width, source_x = (size_t)job->source_x;
    uint8_t *out = job->image->rows[job->y + y] + (size_t)job->x * unit;
    const uint8_t *mask = job->mask->rows[job->source_y + y] + source_x * mask_size;
    const uint8_t *in =
        job->source ? job->source->rows[job->source_y + y] + source_x * unit : ink_tile;
    for (size_t x = 0; x < width;) {
        const size_t left = width - x, pixels = left < job->tile ? left : job->tile;
        const uint8_t *values = spread_mask(buffer, mask + x * mask_size, mask_size, pixels, unit);
        job->kernel(out + x * unit, job->source ? in + x * unit : in, values, pixels * unit);
        x += pixels;
    }
}

static void fill_tile(uint8_t *tile, const uint8_t *ink, size_t unit) {
    for (size_t i = 0; i < TILE * unit; i += unit) {
        memcpy(tile + i, ink, unit);
    }
}

static void paste_masked(Job *job) {
    _Alignas(64) uint8_t ink_tile[4 * TILE];
    if (!job->source) {
        fill_tile(ink_tile, job->ink, job->unit);
    }
    const bool in_place = job->source == job->image;
    const bool shifts_right = in_place && job->source_y == job->y && job->source_x < job->x;
    job->tile = shifts_right || job->mask == job->image ? 1 : TILE;
    const bool upwards = in_place && job->y > job->source_y;
    for (int i = 0; i < job->height; i++) {
        paste_row(job, upwards ? job->height - 1 - i : i, ink_tile);
    }
}

static void copy_rows(const Job *job) {
    const size_t size = job->image->mode->pixel_size;
    const bool upwards = job->source == job->image && job->y > job->source_y;
    for (int i = 0; i < job->height; i++) {
        const int y = upwards ? job->height - 1 - i : i;
        memmove(
            job->image->rows[job->y + y] + (size_t)job->x * size,
            job->source->rows[job->source_y + y] + (size_t)job->source_x * size,
            (size_t)job->width * size);
    }
}

static void fill_rows(const Job *job) {
    const size_t size = job->image->mode->pixel_size;
    const size_t start = (size_t)job->x * size, bytes = (size_t)job->width * size;
    uint8_t *const *rows = job->image->rows + job->y;
    const bool uniform = size < 4 || (job->ink[0] == job->ink[1] && job->ink[0] == job->ink[2] &&
                                      job->ink[0] == job->ink[3]);
    /* 16-bit pixels get the low byte twice, as in Pillow. */
    if (uniform) {
        for (int y = 0; y < job->height; y++) {
            memset(rows[y] + start, job->ink[0], bytes);
        }
        return;
    }
    for (size_t i = 0; i < bytes; i += size) {
        memcpy(rows[0] + start + i, job->ink, size);
    }
    for (int y = 1; y < job->height; y++) {
        memcpy(rows[y] + start, rows[0] + start, bytes);
    }
}

bool img_paste(
    ImgImage *image, const ImgImage *source, const int box[4], const ImgImage *mask,
    ImgError *err) {
    if (!box_has_size_of(box, source) || image->mode->pixel_size != source->mode->pixel_size ||
        (mask && !box_has_size_of(box, mask))) {
        return img_fail_mismatch(err) != NULL;
    }
    Job job = {.image = image, .source = source, .mask = mask};
    if (!clip_box(&job, box)) {
        return true;
    }
    if (!mask) {
        copy_rows(&job);
        return true;
    }
    if (!choose_kernel(&job, err)) {
        return false;
    }
    paste_masked(&job);
    return true;
}

bool img_paste_ink(
    ImgImage *image, const uint8_t ink[4], const int box[4], const ImgImage *mask, ImgError *err) {
    if (mask && !box_has_size_of(box, mask)) {
        return img_fail_mismatch(err) != NULL;
    }
    Job job = {.image = image, .ink = ink, .mask = mask};
    if (!clip_box(&job, box)) {
        return true;
    }
    if (!mask) {
        fill_rows(&job);
        return true;
    }
    if (!choose_kernel(&job, err)) {
        return false;
    }
    paste_masked(&job);
    return true;
}
