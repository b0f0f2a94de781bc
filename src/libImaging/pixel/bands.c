/* Split, merge and single bands. */
#include "pixel/bands.h"

#include <string.h>

#include "simd/kernels.h"

static bool fail(void *null) {
    return null != NULL;
}

static void *fail_range(ImgError *err) {
    return img_fail(err, IMG_ERR_VALUE, "band index out of range");
}

static bool has_band(const ImgImage *image, int band) {
    return band >= 0 && band < image->mode->bands;
}

ImgImage *img_getband(const ImgImage *image, int band, ImgError *err) {
    if (image->mode->type != IMG_U8) {
        return img_fail_mode(err);
    }
    if (!has_band(image, band)) {
        return fail_range(err);
    }
    if (image->mode->bands == 1) {
        return img_copy(image, err);
    }
    ImgImage *out = img_new_dirty(img_mode(IMG_MODE_L), image->width, image->height, err);
    if (!out) {
        return NULL;
    }
    const size_t offset = image->mode->band_offset[band];
    for (int y = 0; y < image->height; y++) {
        img_kernels->getband_row(out->rows[y], image->rows[y], (size_t)image->width, offset);
    }
    return out;
}

static void split_rows(const ImgImage *image, ImgImage *const out[4]) {
    const size_t width = (size_t)image->width;
    for (int y = 0; y < image->height; y++) {
        const uint8_t *in = image->rows[y];
        switch (image->mode->bands) {
        case 2:
            img_kernels->split2_row(out[0]->rows[y], out[1]->rows[y], in, width);
            break;
        case 3:
            img_kernels->split3_row(out[0]->rows[y], out[1]->rows[y], out[2]->rows[y], in, width);
            break;
        default:
            img_kernels->split4_row(
                out[0]->rows[y], out[1]->rows[y], out[2]->rows[y], out[3]->rows[y], in, width);
        }
    }
}

bool img_split(const ImgImage *image, ImgImage *out[4], ImgError *err) {
    const int bands = image->mode->bands;
    if (image->mode->type != IMG_U8) {
        return fail(img_fail_mode(err));
    }
    if (bands == 1) {
        out[0] = img_copy(image, err);
        return out[0] != NULL;
    }
    for (int i = 0; i < bands; i++) {
        out[i] = img_new_dirty(img_mode(IMG_MODE_L), image->width, image->height, err);
        if (!out[i]) {
            while (i-- > 0) {
                img_unref(out[i]);
            }
            return false;
        }
    }
    split_rows(image, out);
    return true;
}

bool img_putband(ImgImage *image, const ImgImage *source, int band, ImgError *err) {
    if (source->mode->bands != 1) {
        return fail(img_fail_mode(err));
    }
    if (!has_band(image, band)) {
        return fail(fail_range(err));
    }
    if (image->mode->type != source->mode->type || !img_same_size(image, source)) {
        return fail(img_fail_mismatch(err));
    }
    if (image->mode->bands == 1) {
        if (image->mode != source->mode) {
            return fail(img_fail_mismatch(err));
        }
        for (int y = 0; y < image->height && image->row_bytes > 0; y++) {
            memmove(image->rows[y], source->rows[y], image->row_bytes);
        }
        return true;
    }
    const size_t offset = image->mode->band_offset[band];
    for (int y = 0; y < image->height; y++) {
        img_kernels->putband_row(image->rows[y], source->rows[y], (size_t)image->width, offset);
    }
    return true;
}

/* Byte `offset` of each pixel; a plain loop, which compilers turn into whole vectors. */
static void fill_byte(ImgImage *image, size_t offset, uint8_t value) {
    const uint8_t keep_bytes[4] = {
        offset == 0 ? 0 : 255, offset == 1 ? 0 : 255, offset == 2 ? 0 : 255, offset == 3 ? 0 : 255};
    uint8_t set_bytes[4] = {0, 0, 0, 0};
    set_bytes[offset] = value;
    uint32_t keep, set;
    memcpy(&keep, keep_bytes, 4);
    memcpy(&set, set_bytes, 4);
    const size_t width = (size_t)image->width;
    for (int y = 0; y < image->height; y++) {
        uint8_t *row = image->rows[y];
        for (size_t x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, row + 4 * x, 4);
            pixel = (pixel & keep) | set;
            memcpy(row + 4 * x, &pixel, 4);
        }
    }
}

bool img_fillband(ImgImage *image, int band, int value, ImgError *err) {
    if (image->mode->type != IMG_U8) {
        return fail(img_fail_mode(err));
    }
    if (!has_band(image, band)) {
        return fail(fail_range(err));
    }
    const uint8_t byte = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    if (image->mode->pixel_size == 4) {
        fill_byte(image, image->mode->band_offset[band], byte);
        return true;
    }
    for (int y = 0; y < image->height && image->row_bytes > 0; y++) {
        memset(image->rows[y], byte, image->row_bytes);
    }
    return true;
}

bool img_setalpha(ImgImage *image, ImgError *err) {
    if (image->mode->id != IMG_MODE_RGB && image->mode->id != IMG_MODE_RGBX) {
        return fail(img_fail_mode(err));
    }
    image->mode = img_mode(IMG_MODE_RGBA);
    fill_byte(image, 3, 255);
    return true;
}

static bool
check_merge(const ImgMode *mode, const ImgImage *const *bands, int count, ImgError *err) {
    for (int i = 0; i < count; i++) {
        const ImgMode *m = bands[i]->mode;
        if (m->bands != 1 || (count > 1 && m->pixel_size == 4)) {
            return fail(img_fail_mode(err));
        }
        if (!img_same_size(bands[0], bands[i])) {
            return fail(img_fail_mismatch(err));
        }
    }
    if (count != mode->bands) {
        return fail(img_fail(err, IMG_ERR_VALUE, "wrong number of bands"));
    }
    if (count == 1 && bands[0]->mode != mode) {
        return fail(img_fail_mismatch(err));
    }
    return true;
}

ImgImage *img_merge(const ImgMode *mode, const ImgImage *const *bands, int count, ImgError *err) {
    if (!check_merge(mode, bands, count, err)) {
        return NULL;
    }
    if (count == 1) {
        return img_copy(bands[0], err);
    }
    const size_t width = (size_t)bands[0]->width;
    ImgImage *out = img_new_dirty(mode, bands[0]->width, bands[0]->height, err);
    if (!out || (bands[0]->palette && !img_copy_palette(out, bands[0], err))) {
        img_unref(out);
        return NULL;
    }
    /* Bands of 16 bits come in by their first `width` bytes, as in Pillow. */
    for (int y = 0; y < out->height; y++) {
        const uint8_t *in[4];
        for (int i = 0; i < count; i++) {
            in[i] = bands[i]->rows[y];
        }
        switch (count) {
        case 2:
            img_kernels->merge2_row(out->rows[y], in[0], in[1], width);
            break;
        case 3:
            img_kernels->merge3_row(out->rows[y], in[0], in[1], in[2], width);
            break;
        default:
            img_kernels->merge4_row(out->rows[y], in[0], in[1], in[2], in[3], width);
        }
    }
    return out;
}
