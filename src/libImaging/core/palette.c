/* Palettes in and out of bytes, and their transparency. */
#include "Imaging.h"
#include "core/palette.h"

#include <string.h>

static bool fail(ImgError *err, const char *message) {
    img_fail(err, IMG_ERR_VALUE, message);
    return false;
}

bool img_put_palette(
    ImgImage *image, const ImgMode *mode, const ImgRawMode *raw, const uint8_t *data, size_t bytes,
    ImgError *err) {
    /* Planes of bits cannot be addressed entry by entry. */
    if (!raw || raw->planes) {
        return fail(err, "unrecognized raw mode");
    }
    if (bytes > SIZE_MAX / 8 || bytes * 8 / raw->bits > 256) {
        return fail(err, "invalid palette size");
    }
    if (mode->id != IMG_MODE_RGB && mode->id != IMG_MODE_RGBA && mode->id != IMG_MODE_CMYK) {
        return img_fail_mode(err) != NULL;
    }
    ImgPalette fresh;
    img_palette_clear(&fresh);
    fresh.mode = mode;
    fresh.count = (int)(bytes * 8 / raw->bits);
    if (fresh.count > 0) {
        img_unpack_row(raw, fresh.entry[0], data, fresh.count);
    }
    if (!img_set_palette(image, &fresh, err)) {
        return false;
    }
    const bool alpha = image->mode->id == IMG_MODE_LA || image->mode->id == IMG_MODE_PA;
    img_change_mode(image, img_mode(alpha ? IMG_MODE_PA : IMG_MODE_P));
    return true;
}

int img_get_palette(
    const ImgImage *image, const ImgRawMode *raw, uint8_t out[IMG_PALETTE_BYTES], ImgError *err) {
    if (!image->palette) {
        fail(err, "image has no palette");
        return -1;
    }
    if (!raw) {
        fail(err, "unrecognized raw mode");
        return -1;
    }
    const int count = image->palette->count;
    if (count > 0) {
        img_pack_row(raw, out, image->palette->entry[0], count);
    }
    return count * raw->bits / 8;
}

bool img_put_palette_alpha(
    ImgImage *image, size_t first, size_t count, const uint8_t *alpha, ImgError *err) {
    if (!image->palette) {
        return fail(err, "image has no palette");
    }
    if (first > 256 || count > 256 - first) {
        return fail(err, "palette index out of range");
    }
    image->palette->mode = img_mode(IMG_MODE_RGBA);
    for (size_t i = 0; i < count; i++) {
        image->palette->entry[first + i][3] = alpha[i];
    }
    return true;
}
