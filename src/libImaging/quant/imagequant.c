/* Quantisation by libimagequant, if the build has it. */
#include "quant/methods.h"
#include "quant/quantize.h"

#ifdef HAVE_IMAGEQUANT
#include <libimagequant.h>

int img_imagequant_version(void) {
    return liq_version();
}

static void take_palette(const liq_palette *palette, uint32_t entry[256], int *count) {
    *count = (int)palette->count;
    for (int i = 0; i < *count; i++) {
        const liq_color c = palette->entries[i];
        entry[i] = c.r | (uint32_t)c.g << 8 | (uint32_t)c.b << 16 | (uint32_t)c.a << 24;
    }
}

/* The library takes pixels as bytes R, G, B, A: on little-endian processors, which all levels and
 * all supported machines are, words r | g << 8 | b << 16 | a << 24. */
bool quant_imagequant(
    const uint32_t *pixels, int width, int height, int wanted, uint32_t entry[256], int *count,
    uint8_t *index) {
    liq_attr *attributes = liq_attr_create();
    liq_image *image = NULL;
    liq_result *result = NULL;
    const size_t size = (size_t)width * (size_t)height;
    bool done = attributes != NULL;
    if (done) {
        liq_set_max_colors(attributes, wanted);
        image = liq_image_create_rgba(attributes, pixels, width, height, 0);
    }
    done = image && liq_image_quantize(image, attributes, &result) == LIQ_OK &&
           liq_set_dithering_level(result, 1) == LIQ_OK;
    if (done) {
        /* Before remapping, which would otherwise still move the palette. */
        take_palette(liq_get_palette(result), entry, count);
        done = liq_write_remapped_image(result, image, index, size) == LIQ_OK;
    }
    if (result) {
        liq_result_destroy(result);
    }
    if (image) {
        liq_image_destroy(image);
    }
    if (attributes) {
        liq_attr_destroy(attributes);
    }
    return done;
}

#else

int img_imagequant_version(void) {
    return 0;
}

bool quant_imagequant(
    const uint32_t *pixels, int width, int height, int wanted, uint32_t entry[256], int *count,
    uint8_t *index) {
    (void)pixels, (void)width, (void)height, (void)wanted, (void)entry, (void)count, (void)index;
    return false;
}
#endif
