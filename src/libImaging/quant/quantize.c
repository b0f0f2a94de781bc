/* Quantisation: checks, the pixels, and the result. */
#include "quant/quantize.h"
#include "pixel/rows.h"
#include "quant/methods.h"

#include <stdlib.h>

#define COLOUR 0x00ffffffu
#define OPAQUE 0xff000000u

/* All pixels as words r | g << 8 | b << 16 | a << 24, with a 255 unless the mode is RGBA. */
static void gather(const ImgImage *image, uint32_t *pixels) {
    const ImgModeId mode = image->mode->id;
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->rows[y];
        for (int x = 0; x < image->width; x++) {
            if (mode == IMG_MODE_L) {
                *pixels++ = row[x] * 0x010101u | OPAQUE;
            } else if (mode == IMG_MODE_P) {
                *pixels++ = load_word(image->palette->entry[row[x]]) | OPAQUE;
            } else {
                *pixels++ = load_word(row + (size_t)4 * x) | (mode == IMG_MODE_RGBA ? 0 : OPAQUE);
            }
        }
    }
}

/* Gives all transparent pixels the colour of the first of them. */
static void unify_transparent(uint32_t *pixels, size_t count) {
    bool seen = false;
    uint32_t first = 0;
    for (size_t i = 0; i < count; i++) {
        if (pixels[i] >> 24 == 0) {
            first = seen ? first : pixels[i];
            seen = true;
            pixels[i] = first;
        }
    }
}

static void set_palette(ImgImage *result, const uint32_t *entry, int count, bool with_alpha) {
    ImgPalette *palette = result->palette;
    palette->mode = img_mode(with_alpha ? IMG_MODE_RGBA : IMG_MODE_RGB);
    palette->count = count;
    for (int i = 0; i < count; i++) {
        store_word(palette->entry[i], with_alpha ? entry[i] : (entry[i] & COLOUR) | OPAQUE);
    }
}

static void copy_indices(ImgImage *result, const uint8_t *index) {
    for (int y = 0; y < result->height; y++) {
        memcpy(result->rows[y], index + (size_t)y * (size_t)result->width, (size_t)result->width);
    }
}

/* The methods that work on pixels. */
static bool
by_pixels(ImgImage *result, const uint32_t *pixels, int wanted, int method, bool with_alpha) {
    const size_t count = (size_t)result->width * (size_t)result->height;
    uint32_t entry[256];
    int entries = wanted;
    uint8_t *index = malloc(count);
    bool done = index != NULL;
    if (done && method == IMG_LIBIMAGEQUANT) {
        done =
            quant_imagequant(pixels, result->width, result->height, wanted, entry, &entries, index);
    } else if (done) {
        done = quant_octree(pixels, count, wanted, with_alpha, entry, index);
    }
    if (done) {
        copy_indices(result, index);
        set_palette(result, entry, entries, with_alpha);
    }
    free(index);
    return done;
}

/* Takes over colours->id. */
static bool
by_colours(ImgImage *result, QuantColours *colours, int wanted, int method, int kmeans) {
    QuantPalette *palette = malloc(sizeof(*palette));
    bool done = palette && quant_colours_find(colours);
    if (done) {
        done = method == IMG_MEDIAN_CUT ? quant_median_cut(palette, colours, wanted)
                                        : quant_max_coverage(palette, colours, wanted);
    }
    if (done) {
        quant_palette_sort(palette);
        quant_map(palette, colours);
        if (kmeans > 0) {
            quant_refine(palette, colours, (uint32_t)kmeans - 1);
        }
        set_palette(result, palette->entry, palette->count, false);
        const uint32_t *id = colours->id;
        for (int y = 0; y < result->height; y++) {
            for (int x = 0; x < result->width; x++) {
                result->rows[y][x] = colours->index[*id++];
            }
        }
    }
    free(palette);
    return done;
}

static bool
fill_result(ImgImage *result, const ImgImage *image, int wanted, int method, int kmeans) {
    const bool with_alpha = image->mode->id == IMG_MODE_RGBA;
    QuantColours colours = {0};
    size_t bytes;
    if (__builtin_mul_overflow((size_t)image->width, (size_t)image->height, &colours.pixels) ||
        __builtin_mul_overflow(colours.pixels, sizeof(uint32_t), &bytes)) {
        return false;
    }
    colours.id = malloc(bytes);
    bool done = colours.id != NULL;
    if (done) {
        gather(image, colours.id);
        if (with_alpha) {
            unify_transparent(colours.id, colours.pixels);
        }
    }
    if (done && method >= IMG_FAST_OCTREE) {
        done = by_pixels(result, colours.id, wanted, method, with_alpha);
    } else if (done) {
        for (size_t i = 0; i < colours.pixels; i++) {
            colours.id[i] &= COLOUR;
        }
        done = by_colours(result, &colours, wanted, method, kmeans);
    }
    quant_colours_free(&colours);
    return done;
}

static const char *refusal(const ImgImage *image, int colours, int method) {
    const ImgModeId mode = image->mode->id;
    if (colours < 1 || colours > 256) {
        return "bad number of colors";
    }
    if (mode != IMG_MODE_L && mode != IMG_MODE_P && mode != IMG_MODE_RGB && mode != IMG_MODE_RGBA) {
        return "image has wrong mode";
    }
    if (mode == IMG_MODE_RGBA && method != IMG_FAST_OCTREE && method != IMG_LIBIMAGEQUANT) {
        return "image has wrong mode";
    }
    if (method == IMG_LIBIMAGEQUANT && !img_imagequant_version()) {
        return "dependency required by this method was not enabled at compile time";
    }
    return method < 0 || method > IMG_LIBIMAGEQUANT ? "quantization error" : NULL;
}

ImgImage *img_quantize(const ImgImage *image, int colours, int method, int kmeans, ImgError *err) {
    const ImgMode *paletted = img_mode(IMG_MODE_P);
    if (image->width == 0 || image->height == 0) {
        return img_new(paletted, image->width, image->height, err);
    }
    const char *reason = refusal(image, colours, method);
    if (reason) {
        return img_fail(err, IMG_ERR_VALUE, reason);
    }
    ImgImage *result = img_new_dirty(paletted, image->width, image->height, err);
    if (result && !fill_result(result, image, colours, method, kmeans)) {
        img_unref(result);
        return img_fail_memory(err);
    }
    return result;
}
