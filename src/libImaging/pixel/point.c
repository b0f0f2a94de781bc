/* Point operations. */
#include "pixel/point.h"

#include <stdlib.h>
#include <string.h>

#include "simd/kernels.h"

enum { TABLE_I = 65536 }; /* entries of a table for I images */

static uint8_t clip(int32_t v) {
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static bool one_byte(const ImgMode *mode) {
    return mode->pixel_size == 1;
}

size_t img_point_entries(const ImgImage *image, const ImgMode *mode) {
    if (!mode) {
        mode = image->mode;
    }
    if (image->mode->type == IMG_I32 && mode->id == IMG_MODE_L) {
        return TABLE_I;
    }
    return 256 * (size_t)mode->bands;
}

/* The last row of those from y on that follow each other without gaps in both images. */
static int end_of_run(const ImgImage *a, const ImgImage *b, int y) {
    while (y + 1 < a->height && a->rows[y + 1] == a->rows[y] + a->row_bytes &&
           b->rows[y + 1] == b->rows[y] + b->row_bytes) {
        y++;
    }
    return y;
}

void img_look_up(ImgImage *out, const ImgImage *in, const uint8_t *tables) {
    for (int y = 0, last; y < in->height && in->width > 0; y = last + 1) {
        last = end_of_run(out, in, y);
        const size_t pixels = (size_t)in->width * (size_t)(last + 1 - y);
        if (one_byte(in->mode)) {
            img_kernels->lut1_row(out->rows[y], in->rows[y], pixels, tables);
        } else {
            img_kernels->lut4_row(out->rows[y], in->rows[y], pixels, tables);
        }
    }
}

static void lut1_image(ImgImage *out, const ImgImage *in, const int32_t *table) {
    uint8_t bytes[256];
    for (int i = 0; i < 256; i++) {
        bytes[i] = clip(table[i]);
    }
    img_look_up(out, in, bytes);
}

/* One table per byte of the pixel; bytes that are no band become 0. */
static void tables_by_byte(uint8_t tables[4][256], const ImgMode *mode, const int32_t *table) {
    memset(tables, 0, 4 * 256);
    for (int b = 0; b < mode->bands; b++) {
        for (int i = 0; i < 256; i++) {
            tables[mode->band_offset[b]][i] = clip(table[256 * b + i]);
        }
    }
}

/* What Pillow does when the mode of a multi-band image is given by name: it lays the tables out
 * interleaved (entry i of band b at 4i + b) but reads them one after the other. Where Pillow reads
 * what it never wrote (b >= bands), we have 0. */
static void shuffled_tables(uint8_t tables[4][256], const ImgMode *mode, const int32_t *table) {
    uint8_t mixed[4 * 256] = {0};
    for (int b = 0; b < mode->bands; b++) {
        for (int i = 0; i < 256; i++) {
            mixed[4 * i + b] = clip(table[256 * b + i]);
        }
    }
    memset(tables, 0, 4 * 256);
    for (int b = 0; b < mode->bands; b++) {
        memcpy(tables[mode->band_offset[b]], mixed + 256 * b, 256);
    }
}

/* One byte to a pixel of four, by 256 ready pixels. */
static void expand_image(ImgImage *out, const ImgImage *in, const uint32_t *pixels) {
    const size_t width = (size_t)in->width;
    for (int y = 0; y < in->height; y++) {
        const uint8_t *from = in->rows[y];
        uint8_t *to = out->rows[y];
        for (size_t x = 0; x < width; x++) {
            memcpy(to + 4 * x, &pixels[from[x]], 4);
        }
    }
}

/* The ready pixels of a multi-band mode. Band j goes to byte j also in 2-band modes (so the alpha
 * byte stays 0; it is undefined in Pillow). */
static void pixels_of_bands(uint32_t pixels[256], int bands, const int32_t *table) {
    for (int i = 0; i < 256; i++) {
        uint8_t bytes[4] = {0, 0, 0, 0};
        for (int b = 0; b < bands; b++) {
            bytes[b] = clip(table[256 * b + i]);
        }
        memcpy(&pixels[i], bytes, 4);
    }
}

static bool point_i32(ImgImage *out, const ImgImage *in, const int32_t *table, ImgError *err) {
    const size_t width = (size_t)in->width;
    uint8_t *bytes = malloc(TABLE_I);
    if (!bytes) {
        return img_fail_memory(err) != NULL;
    }
    for (int i = 0; i < TABLE_I; i++) {
        bytes[i] = clip(table[i]);
    }
    for (int y = 0; y < in->height; y++) {
        const uint8_t *from = in->rows[y];
        uint8_t *to = out->rows[y];
        for (size_t x = 0; x < width; x++) {
            int32_t v;
            memcpy(&v, from + 4 * x, 4);
            to[x] = bytes[v < 0 ? 0 : v >= TABLE_I ? TABLE_I - 1 : v];
        }
    }
    free(bytes);
    return true;
}

/* The kinds of lookup, by source and result. */
typedef enum {
    LOOK_NONE,
    LOOK_BYTES,
    LOOK_BANDS,
    LOOK_SHUFFLED,
    LOOK_EXPAND,
    LOOK_32,
    LOOK_I
} Look;

static Look look_of(const ImgMode *from, const ImgMode *to) {
    if (!to) {
        return from->type != IMG_U8 ? LOOK_NONE : one_byte(from) ? LOOK_BYTES : LOOK_BANDS;
    }
    if (from->type == IMG_I32) {
        return to->id == IMG_MODE_L ? LOOK_I : LOOK_NONE;
    }
    if (from->type != IMG_U8) {
        return LOOK_NONE;
    }
    if (!one_byte(from)) {
        return from == to ? LOOK_SHUFFLED : LOOK_NONE;
    }
    if (to->pixel_size == 4) {
        return to->bands == 1 ? LOOK_32 : LOOK_EXPAND;
    }
    return one_byte(to) ? LOOK_BYTES : LOOK_NONE;
}

ImgImage *img_point(const ImgImage *image, const ImgMode *mode, const void *table, ImgError *err) {
    const Look look = look_of(image->mode, mode);
    if (look == LOOK_NONE) {
        return img_fail(err, IMG_ERR_VALUE, "point operation not supported for this mode");
    }
    ImgImage *out = img_new_dirty(mode ? mode : image->mode, image->width, image->height, err);
    if (!out || (image->palette && !img_copy_palette(out, image, err))) {
        img_unref(out);
        return NULL;
    }
    uint8_t tables[4][256];
    uint32_t pixels[256];
    bool done = true;
    switch (look) {
    case LOOK_BYTES:
        lut1_image(out, image, table);
        break;
    case LOOK_BANDS:
        tables_by_byte(tables, image->mode, table);
        img_look_up(out, image, tables[0]);
        break;
    case LOOK_SHUFFLED:
        shuffled_tables(tables, image->mode, table);
        img_look_up(out, image, tables[0]);
        break;
    case LOOK_EXPAND:
        pixels_of_bands(pixels, mode->bands, table);
        expand_image(out, image, pixels);
        break;
    case LOOK_32:
        memcpy(pixels, table, sizeof(pixels));
        expand_image(out, image, pixels);
        break;
    default:
        done = point_i32(out, image, table, err);
    }
    if (!done) {
        img_unref(out);
        return NULL;
    }
    return out;
}

ImgImage *img_point_transform(const ImgImage *image, double scale, double offset, ImgError *err) {
    const ImgModeId id = image->mode->id;
    if (id != IMG_MODE_I && id != IMG_MODE_F && id != IMG_MODE_I16) {
        return img_fail_mode(err);
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    if (!out) {
        return NULL;
    }
    for (int y = 0; y < out->height; y++) {
        uint8_t *to = out->rows[y];
        const uint8_t *from = image->rows[y];
        const size_t width = (size_t)out->width;
        if (id == IMG_MODE_I) {
            img_kernels->linear_i32_row(to, from, width, scale, offset);
        } else if (id == IMG_MODE_F) {
            img_kernels->linear_f32_row(to, from, width, scale, offset);
        } else {
            img_kernels->linear_u16_row(to, from, width, scale, offset);
        }
    }
    return out;
}
