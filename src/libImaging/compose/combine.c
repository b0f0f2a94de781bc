/* Blend, alpha composition, inversion: each byte or pixel from those at the same place. */
#include "compose/compose.h"

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
