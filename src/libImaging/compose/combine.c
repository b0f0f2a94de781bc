/* Blend, alpha composition, inversion: each byte or pixel from those at the same place. */
#include "compose/compose.h"

#include <string.h>

#include "core/stream.h"
#include "pixel/convert.h"
#include "pixel/point.h"
#include "simd/kernels.h"

static bool blendable(const ImgMode *mode) {
    return mode->type == IMG_U8 && !mode->paletted && mode->id != IMG_MODE_1;
}

ImgImage *img_blend(const ImgImage *a, const ImgImage *b, float alpha, ImgError *err) {
    if (!blendable(a->mode) || b->mode->paletted || b->mode->id == IMG_MODE_1) {
        return img_fail_mode(err);
    }
    if (a->mode->type != b->mode->type || a->mode->bands != b->mode->bands ||
        !img_same_size(a, b)) {
        return img_fail_mismatch(err);
    }
    if (a == b || alpha == 0.0f) {
        return img_copy(a, err);
    }
    if (alpha == 1.0f) {
        return img_copy(b, err);
    }
    ImgImage *out = img_new_dirty(a->mode, a->width, a->height, err);
    for (int y = 0; out && y < out->height; y++) {
        img_kernels->blend_row(out->rows[y], a->rows[y], b->rows[y], out->row_bytes, alpha);
    }
    return out;
}

/* Each byte of the result depends on one byte of the image, so that it can be looked up. The tables
 * are rows of the blend itself. */
ImgImage *
img_blend_colour(const uint8_t colour[4], const ImgImage *image, float alpha, ImgError *err) {
    if (!blendable(image->mode)) {
        return img_fail_mode(err);
    }
    const size_t bytes = (size_t)image->mode->pixel_size;
    uint8_t tables[4][256], even[256], all[256];
    for (int i = 0; i < 256; i++) {
        all[i] = (uint8_t)i;
    }
    for (size_t k = 0; k < bytes; k++) {
        memset(even, colour[k], sizeof(even));
        img_kernels->blend_row(tables[k], even, all, sizeof(even), alpha);
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    if (out) {
        img_look_up(out, image, tables[0]);
    }
    return out;
}

/* The grey is made what it is blended with in pieces that stay in the first-level cache. */
ImgImage *img_blend_grey(const ImgImage *grey, const ImgImage *image, float alpha, ImgError *err) {
    enum { PIECE = 512 };
    const ImgModeId id = image->mode->id;
    if (!blendable(image->mode) || grey->mode->id != IMG_MODE_L || !img_has_route(IMG_MODE_L, id)) {
        return img_fail_mode(err);
    }
    if (!img_same_size(grey, image)) {
        return img_fail_mismatch(err);
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    const size_t width = (size_t)image->width, size = (size_t)image->mode->pixel_size;
    for (int y = 0; out && y < out->height; y++) {
        for (size_t x = 0; x < width; x += PIECE) {
            uint8_t spread[4 * PIECE];
            const size_t n = width - x < PIECE ? width - x : PIECE;
            img_route_row(IMG_MODE_L, id, spread, grey->rows[y] + x, n);
            img_kernels->blend_row(
                out->rows[y] + size * x, spread, image->rows[y] + size * x, size * n, alpha);
        }
    }
    return out;
}

ImgImage *img_alpha_composite(const ImgImage *under, const ImgImage *over, ImgError *err) {
    if (under->mode->id != IMG_MODE_RGBA && under->mode->id != IMG_MODE_LA) {
        return img_fail_mode(err);
    }
    if (under->mode != over->mode || !img_same_size(under, over)) {
        return img_fail_mismatch(err);
    }
    ImgImage *out = img_new_dirty(under->mode, under->width, under->height, err);
    for (int y = 0; out && y < out->height; y++) {
        img_kernels->alpha_composite_row(
            out->rows[y], under->rows[y], over->rows[y], (size_t)out->width);
    }
    return out;
}

ImgImage *img_invert(const ImgImage *image, ImgError *err) {
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    for (int y = 0; out && y < out->height; y++) {
        img_kernels->invert_row(out->rows[y], image->rows[y], out->row_bytes);
    }
    return out;
}
