/* A pixel's error goes, in sixteenths, 7 to the right, 3, 5 and 1 to the row below (left, under,
 * right). In a row, `carry` is what comes from the left, and handed_down[x] is completed one pixel
 * late: `under` gathers 5 parts of this pixel and 1 of the one before it. */
#include "pixel/dither.h"
#include "pixel/convert_internal.h"

#include <stdlib.h>

ImgDiffusion *img_diffusion_new(size_t width, size_t channels) {
    ImgDiffusion *diffusion =
        calloc(1, sizeof(*diffusion) + (width + 1) * channels * sizeof(int32_t));
    if (diffusion) {
        diffusion->width = width;
    }
    return diffusion;
}

void img_diffusion_free(ImgDiffusion *diffusion) {
    free(diffusion);
}

typedef struct {
    int32_t carry, under, last;
} Errors;

/* The value to be matched: the sixteenths are truncated toward zero. */
static inline int32_t corrected(const Errors *e, int32_t base, int32_t from_above) {
    const int32_t v = base + (e->carry + from_above) / 16;
    const int32_t low = v < 0 ? 0 : v;
    return low > 255 ? 255 : low;
}

/* Spreads the error d of this pixel; returns what the row below gets at the pixel to the left. */
static inline int32_t spread(Errors *e, int32_t d) {
    const int32_t down_left = 3 * d + e->under;
    e->under = 5 * d + e->last;
    e->last = d;
    e->carry = 7 * d;
    return down_left;
}

void img_diffuse_to_palette(
    ImgDiffusion *diffusion, ImgNearest *nearest, uint8_t *out, const uint8_t *in) {
    const size_t width = diffusion->width;
    int32_t *slot = diffusion->handed_down;
    Errors r = {0, 0, 0}, g = {0, 0, 0}, b = {0, 0, 0};
    for (size_t x = 0; x < width; x++, slot += 3, in += 4) {
        const int32_t vr = corrected(&r, in[0], slot[3]);
        const int32_t vg = corrected(&g, in[1], slot[4]);
        const int32_t vb = corrected(&b, in[2], slot[5]);
        const uint8_t index = img_nearest(nearest, (uint32_t)vr, (uint32_t)vg, (uint32_t)vb);
        const uint8_t *entry = nearest->palette.entry[index];
        out[x] = index;
        slot[0] = spread(&r, vr - entry[0]);
        slot[1] = spread(&g, vg - entry[1]);
        slot[2] = spread(&b, vb - entry[2]);
    }
    /* Pillow's slip, part of the result: all three channels end with errors of blue. */
    slot[0] = b.under;
    slot[1] = b.last;
    slot[2] = b.last;
}

static inline int32_t grey_of(const uint8_t *p, bool colour) {
    return colour ? (299 * p[0] + 587 * p[1] + 114 * p[2]) / 1000 : p[0];
}

static inline void
diffuse_row(ImgDiffusion *diffusion, uint8_t *out, const uint8_t *in, bool colour) {
    const size_t width = diffusion->width, step = colour ? 4 : 1;
    int32_t *slot = diffusion->handed_down;
    Errors e = {0, 0, 0};
    for (size_t x = 0; x < width; x++, in += step) {
        const int32_t v = corrected(&e, grey_of(in, colour), slot[x + 1]);
        out[x] = v > 128 ? 255 : 0;
        slot[x] = spread(&e, v - out[x]);
    }
    slot[width] = e.under;
}

bool img_dither_to_1(ImgImage *out, const ImgImage *in, ImgError *err) {
    ImgDiffusion *diffusion = img_diffusion_new((size_t)in->width, 1);
    if (!diffusion) {
        return img_fail_memory(err) != NULL;
    }
    for (int y = 0; y < in->height; y++) {
        if (in->mode->pixel_size == 4) {
            diffuse_row(diffusion, out->rows[y], in->rows[y], true);
        } else {
            diffuse_row(diffusion, out->rows[y], in->rows[y], false);
        }
    }
    img_diffusion_free(diffusion);
    return true;
}
