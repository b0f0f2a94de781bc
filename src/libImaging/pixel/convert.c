/* Which way a conversion goes. */
#include "Imaging.h"
#include "pixel/convert.h"
#include "pixel/convert_internal.h"

#include <string.h>

const char img_no_conversion[] = "conversion not supported by the direct pairs";
const char img_no_special_conversion[] = "conversion not supported";

typedef enum { WAY_NONE, WAY_COPY, WAY_FROM_PALETTE, WAY_TO_PALETTE, WAY_DITHER, WAY_DIRECT } Way;

static Way fail_way(ImgError *err, const char *message) {
    img_fail(err, IMG_ERR_VALUE, message);
    return WAY_NONE;
}

/* Decides by the modes alone, before anything is allocated. */
static Way choose_way(const ImgMode *from, const ImgMode *to, bool dither, ImgError *err) {
    if (from == to) {
        return WAY_COPY;
    }
    if (from->paletted) {
        return img_has_palette_route(from->id, to->id) ? WAY_FROM_PALETTE
                                                       : fail_way(err, img_no_special_conversion);
    }
    if (to->paletted) {
        return img_has_to_palette(from->id) ? WAY_TO_PALETTE
                                            : fail_way(err, img_no_special_conversion);
    }
    if (dither && to->id == IMG_MODE_1) {
        return from->id == IMG_MODE_L || from->id == IMG_MODE_RGB
                   ? WAY_DITHER
                   : fail_way(err, img_no_special_conversion);
    }
    return img_has_route(from->id, to->id) ? WAY_DIRECT : fail_way(err, img_no_conversion);
}

static bool copy_into(ImgImage *out, const ImgImage *in) {
    if (out == in) {
        return true;
    }
    for (int y = 0; y < in->height && in->row_bytes > 0; y++) {
        memmove(out->rows[y], in->rows[y], in->row_bytes);
    }
    if (out->palette && in->palette) {
        *out->palette = *in->palette;
    }
    return true;
}

static bool direct_into(ImgImage *out, const ImgImage *in) {
    for (int y = 0; y < in->height; y++) {
        img_route_row(in->mode->id, out->mode->id, out->rows[y], in->rows[y], (size_t)in->width);
    }
    return true;
}

static bool to_palette_into(
    ImgImage *out, const ImgImage *in, bool dither, const ImgPalette *palette, ImgImage *keeper,
    ImgError *err) {
    ImgPalette standard;
    if (!palette) {
        (in->mode->id == IMG_MODE_L ? img_grey_palette : img_web_palette)(&standard);
        palette = &standard;
    }
    return img_to_palette(out, in, dither, palette, keeper, err);
}

static bool
go(Way way, ImgImage *out, const ImgImage *in, bool dither, const ImgPalette *palette,
   ImgImage *keeper, ImgError *err) {
    switch (way) {
    case WAY_COPY:
        return copy_into(out, in);
    case WAY_FROM_PALETTE:
        return img_from_palette(out, in, err);
    case WAY_TO_PALETTE:
        return to_palette_into(out, in, dither, palette, keeper, err);
    case WAY_DITHER:
        return img_dither_to_1(out, in, err);
    case WAY_DIRECT:
        return direct_into(out, in);
    default:
        return false;
    }
}

ImgImage *img_convert(
    const ImgImage *image, const ImgMode *to, bool dither, const ImgPalette *palette,
    ImgImage *keeper, ImgError *err) {
    const Way way = choose_way(image->mode, to, dither, err);
    if (way == WAY_NONE) {
        return NULL;
    }
    if (way == WAY_TO_PALETTE && palette && palette->count == 0) {
        return img_fail(err, IMG_ERR_VALUE, "empty palette");
    }
    ImgImage *result = img_new_dirty(to, image->width, image->height, err);
    if (result && !go(way, result, image, dither, palette, keeper, err)) {
        img_unref(result);
        return NULL;
    }
    return result;
}

bool img_convert_into(ImgImage *out, const ImgImage *image, ImgError *err) {
    const Way way = choose_way(image->mode, out->mode, false, err);
    if (way == WAY_NONE) {
        return false;
    }
    if (!img_same_size(out, image)) {
        return img_fail_mismatch(err) != NULL;
    }
    return go(way, out, image, false, NULL, NULL, err);
}
