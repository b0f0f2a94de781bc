/* Straight alpha around a computation with premultiplied colours; see internal.h. */
#include "core/arena.h"
#include "pixel/convert.h"
#include "resample/internal.h"

bool resample_alpha_init(
    ResampleAlpha *alpha, const ImgMode *mode, bool premultiply, ImgError *err) {
    *alpha = (ResampleAlpha){mode, NULL};
    if (!premultiply) {
        return true;
    }
    if (mode->id != IMG_MODE_LA && mode->id != IMG_MODE_RGBA) {
        return img_fail_mode(err) != NULL;
    }
    alpha->between = img_mode(mode->id == IMG_MODE_LA ? IMG_MODE_La : IMG_MODE_RGBa);
    img_arena_count_image();
    img_arena_count_image();
    return true;
}

void resample_premultiply(const ResampleAlpha *alpha, uint8_t *out, const uint8_t *in, int pixels) {
    img_route_row(alpha->straight->id, alpha->between->id, out, in, (size_t)pixels);
}

void resample_unpremultiply(const ResampleAlpha *alpha, uint8_t *row, int pixels) {
    if (alpha->between) {
        img_route_row(alpha->between->id, alpha->straight->id, row, row, (size_t)pixels);
    }
}

ImgImage *resample_there_and_back(const ResampleAlpha *alpha, ImgImage *image) {
    for (int y = 0; alpha->between && image && y < image->height; y++) {
        resample_premultiply(alpha, image->rows[y], image->rows[y], image->width);
        resample_unpremultiply(alpha, image->rows[y], image->width);
    }
    return image;
}
