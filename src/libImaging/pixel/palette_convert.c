/* Between palette indices and colours. */
#include "pixel/convert.h"
#include "pixel/convert_internal.h"
#include "pixel/nearest.h"
#include "pixel/dither.h"
#include "pixel/rows.h"

#include <stdlib.h>

/* --- From P and PA ------------------------------------------------------------------------------
 * The palette is converted like a row of pixels; then indices are looked up in the result. */

/* How the entries of a palette become pixels of a mode: as a row of mode `as`, and then with these
 * bytes forced. The mode of the palette does not matter: its entries are r g b x. */
typedef struct {
    ImgModeId as;
    uint32_t force;
    bool own_alpha; /* PA pixels put in their own byte 3 */
} EntryRule;

#define OPAQUE 0xff000000u

static bool entry_rule(ImgModeId to, EntryRule *rule) {
    static const EntryRule rules[IMG_MODE_COUNT] = {
        [IMG_MODE_1] = {IMG_MODE_RGB, 0, false},
        [IMG_MODE_L] = {IMG_MODE_RGB, 0, false},
        [IMG_MODE_I] = {IMG_MODE_RGB, 0, false},
        [IMG_MODE_F] = {IMG_MODE_RGB, 0, false},
        [IMG_MODE_LA] = {IMG_MODE_RGBA, 0, true},
        [IMG_MODE_RGB] = {IMG_MODE_RGBA, 0, false},
        [IMG_MODE_RGBA] = {IMG_MODE_RGBA, 0, true},
        [IMG_MODE_RGBX] = {IMG_MODE_RGBX, 0, true},
        [IMG_MODE_CMYK] = {IMG_MODE_RGB, 0, false},
        [IMG_MODE_YCbCr] = {IMG_MODE_RGB, OPAQUE, false},
        [IMG_MODE_HSV] = {IMG_MODE_RGB, OPAQUE, false},
    };
    *rule = rules[to];
    return rules[to].as != IMG_MODE_1;
}

bool img_has_palette_route(ImgModeId from, ImgModeId to) {
    EntryRule rule;
    return to == IMG_MODE_P || to == IMG_MODE_PA || from == to || entry_rule(to, &rule);
}

/* The 256 entries as pixels of mode `to`, 4 bytes (1 byte for 1 and L) each. */
static void convert_entries(
    const ImgPalette *palette, const EntryRule *rule, ImgModeId to, uint8_t pixels[1024]) {
    if (rule->as == to) {
        memcpy(pixels, palette->entry, 1024);
    } else {
        img_route_row(rule->as, to, pixels, palette->entry[0], 256);
    }
    for (int i = 0; rule->force && i < 256; i++) {
        store_word(pixels + 4 * i, load_word(pixels + 4 * i) | rule->force);
    }
}

/* P to PA: the index three times, then the opacity of the entry; opaque in RGB palettes. */
static void index_entries(const ImgPalette *palette, uint8_t pixels[1024]) {
    const bool opaque = palette->mode->id == IMG_MODE_RGB;
    for (uint32_t i = 0; i < 256; i++) {
        const uint32_t alpha = opaque ? 255 : palette->entry[i][3];
        store_word(pixels + 4 * i, i * 0x010101 | alpha << 24);
    }
}

static void look_up_rows(ImgImage *out, const ImgImage *in, const uint8_t *pixels, bool own_alpha) {
    const size_t step = in->mode->pixel_size, n = (size_t)in->width;
    for (int y = 0; y < in->height; y++) {
        uint8_t *to = out->rows[y];
        const uint8_t *from = in->rows[y];
        if (out->mode->pixel_size == 1) {
            (step == 1 ? img_kernels->lookup_1_1 : img_kernels->lookup_4_1)(to, from, n, pixels);
        } else if (step == 1) {
            img_kernels->lookup_1_4(to, from, n, pixels);
        } else {
            (own_alpha ? img_kernels->lookup_4_4_alpha
                       : img_kernels->lookup_4_4)(to, from, n, pixels);
        }
    }
}

bool img_from_palette(ImgImage *out, const ImgImage *in, ImgError *err) {
    const ImgModeId to = out->mode->id;
    uint8_t pixels[1024];
    if (to == IMG_MODE_P) {
        for (int y = 0; y < in->height; y++) {
            img_kernels->conv_first(out->rows[y], in->rows[y], (size_t)in->width, NULL);
        }
        *out->palette = *in->palette;
        return true;
    }
    if (to == IMG_MODE_PA) {
        index_entries(in->palette, pixels);
        look_up_rows(out, in, pixels, false);
        *out->palette = *in->palette;
        return true;
    }
    EntryRule rule;
    if (!entry_rule(to, &rule)) {
        return img_fail(err, IMG_ERR_VALUE, img_no_special_conversion) != NULL;
    }
    convert_entries(in->palette, &rule, to, pixels);
    look_up_rows(out, in, pixels, rule.own_alpha);
    return true;
}

/* The kernels; `pixels` has 256 entries of the output's size. */
void lookup_1_1_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *pixels) {
    for (size_t i = 0; i < n; i++) {
        out[i] = pixels[in[i]];
    }
}

void lookup_4_1_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *pixels) {
    for (size_t i = 0; i < n; i++) {
        out[i] = pixels[in[4 * i]];
    }
}

void lookup_1_4_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *pixels) {
    size_t i = 0;
    /* Two pixels are stored at once. */
    for (; i + 8 <= n; i += 8) {
        for (size_t k = 0; k < 8; k += 2) {
            uint32_t pair[2];
            memcpy(pair, pixels + 4 * in[i + k], 4);
            memcpy(pair + 1, pixels + 4 * in[i + k + 1], 4);
            memcpy(out + 4 * (i + k), pair, 8);
        }
    }
    for (; i < n; i++) {
        memcpy(out + 4 * i, pixels + 4 * in[i], 4);
    }
}

void lookup_4_4_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *pixels) {
    for (size_t i = 0; i < n; i++) {
        memcpy(out + 4 * i, pixels + 4 * in[4 * i], 4);
    }
}

void lookup_4_4_alpha_scalar(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *pixels) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = load_word(in + 4 * i);
        const uint32_t entry = load_word(pixels + 4 * (w & 0xff));
        store_word(out + 4 * i, (entry & ~OPAQUE) | (w & OPAQUE));
    }
}

/* --- To P and PA --------------------------------------------------------------------------------
 */

static void clear_palette(ImgPalette *palette) {
    palette->mode = img_mode(IMG_MODE_RGB);
    for (int i = 0; i < 256; i++) {
        store_word(palette->entry[i], OPAQUE);
    }
}

void img_grey_palette(ImgPalette *palette) {
    clear_palette(palette);
    palette->count = 256;
    for (uint32_t i = 0; i < 256; i++) {
        store_word(palette->entry[i], i * 0x010101 | OPAQUE);
    }
}

/* Ten black entries, then the 216 colours that all screens of 1996 could show, red fastest. */
void img_web_palette(ImgPalette *palette) {
    clear_palette(palette);
    palette->count = 10 + 216;
    for (int i = 0; i < 216; i++) {
        palette->entry[10 + i][0] = (uint8_t)(51 * (i % 6));
        palette->entry[10 + i][1] = (uint8_t)(51 * (i / 6 % 6));
        palette->entry[10 + i][2] = (uint8_t)(51 * (i / 36));
    }
}

bool img_has_to_palette(ImgModeId from) {
    return from == IMG_MODE_L || from == IMG_MODE_RGB || from == IMG_MODE_RGBX ||
           from == IMG_MODE_RGBA || from == IMG_MODE_RGBa;
}

/* Widens indices to PA pixels (i i i 255) or leaves them as P. */
static void store_indices(ImgImage *out, int y, const uint8_t *indices) {
    if (out->mode->id == IMG_MODE_PA) {
        img_route_row(IMG_MODE_L, IMG_MODE_LA, out->rows[y], indices, (size_t)out->width);
    } else if (out->rows[y] != indices) {
        memcpy(out->rows[y], indices, (size_t)out->width);
    }
}

static bool quantise_rows(
    ImgImage *out, const ImgImage *in, bool dither, const ImgPalette *palette, ImgImage *keeper,
    ImgError *err) {
    const size_t width = (size_t)in->width;
    const bool wide = out->mode->id == IMG_MODE_PA;
    ImgNearest *nearest = img_nearest_take(palette, keeper);
    ImgDiffusion *diffusion = dither ? img_diffusion_new(width, 3) : NULL;
    uint8_t *indices = wide ? malloc(width) : NULL;
    const bool ready = nearest && (!dither || diffusion) && (!wide || indices);
    for (int y = 0; ready && y < in->height; y++) {
        uint8_t *row = wide ? indices : out->rows[y];
        if (dither) {
            img_diffuse_to_palette(diffusion, nearest, row, in->rows[y]);
        } else {
            img_nearest_row(nearest, row, in->rows[y], width);
        }
        store_indices(out, y, row);
    }
    free(indices);
    img_diffusion_free(diffusion);
    img_nearest_give(nearest, keeper);
    return ready || img_fail_memory(err) != NULL;
}

bool img_to_palette(
    ImgImage *out, const ImgImage *in, bool dither, const ImgPalette *palette, ImgImage *keeper,
    ImgError *err) {
    *out->palette = *palette;
    if (in->width == 0 || in->height == 0) {
        return true;
    }
    if (in->mode->id == IMG_MODE_L) {
        /* Grey levels become indices as they are, whatever the palette. */
        for (int y = 0; y < in->height; y++) {
            store_indices(out, y, in->rows[y]);
        }
        return true;
    }
    return quantise_rows(out, in, dither, palette, keeper, err);
}

#define SIMD_FIRST 3
#define SIMD_TEMPLATE "pixel/palette_rows.tmpl.h"
#include "simd/instantiate.h"
