/* Reads JPEG 2000, tile by tile, so that only one tile is in memory as 32-bit numbers. */
#ifdef HAVE_OPENJPEG

#include <stdlib.h>

#include "codec/jpeg2k_stream.h"
#include "simd/kernels.h"

typedef struct {
    ImgCodec base;
    ImgJpeg2kKind kind;
    int reduce, layers;
    int64_t length;
} Jpeg2kDecoder;

/* One component of a tile in the library's buffer: samples of 1, 2 or 4 bytes. */
typedef struct {
    const uint8_t *samples;
    unsigned bytes, dx, dy;
    size_t row_samples;
    uint32_t offset;      /* makes signed samples unsigned, and rounds */
    unsigned left, right; /* shift to 8 or 16 bits */
} Plane;

typedef struct {
    int x, y, width, height; /* in the image, reduced */
    Plane planes[4];
    unsigned count;
} Tile;

/* The sample for pixel (x, y) of the tile. Too large ones wrap, as in Pillow. */
static inline uint32_t sample(const Plane *p, unsigned x, unsigned y) {
    size_t i = (size_t)(y / p->dy) * p->row_samples + x / p->dx;
    uint32_t value = p->bytes == 1   ? p->samples[i]
                     : p->bytes == 2 ? ((const uint16_t *)(const void *)p->samples)[i]
                                     : ((const uint32_t *)(const void *)p->samples)[i];
    return (value + p->offset) << p->left >> p->right;
}

/* Where each byte of a pixel comes from: a component, or opaque. */
enum { OPAQUE = 4 };

typedef struct {
    ImgModeId mode;
    OPJ_COLOR_SPACE space;
    uint8_t components;
    bool subsampled;   /* whether components may be subsampled */
    uint8_t source[4]; /* by byte of the pixel; 2-byte pixels use the first alone */
    bool ycc;
} Layout;

#define GREY OPJ_CLRSPC_GRAY
#define SRGB OPJ_CLRSPC_SRGB
#define SYCC OPJ_CLRSPC_SYCC
#define CMYK OPJ_CLRSPC_CMYK
#define O OPAQUE
static const Layout layouts[] = {
    {IMG_MODE_L, GREY, 1, false, {0, 0, 0, 0}, false},
    {IMG_MODE_P, SRGB, 1, false, {0, 0, 0, 0}, false},
    {IMG_MODE_P, CMYK, 1, false, {0, 0, 0, 0}, false},
    {IMG_MODE_PA, SRGB, 2, false, {0, 0, 0, 1}, false},
    {IMG_MODE_I16, GREY, 1, false, {0, 0, 0, 0}, false},
    {IMG_MODE_I16B, GREY, 1, false, {0, 0, 0, 0}, false},
    {IMG_MODE_LA, GREY, 2, false, {0, 0, 0, 1}, false},
    {IMG_MODE_RGB, GREY, 1, false, {0, 0, 0, O}, false},
    {IMG_MODE_RGB, GREY, 2, false, {0, 0, 0, O}, false},
    {IMG_MODE_RGB, SRGB, 3, true, {0, 1, 2, O}, false},
    {IMG_MODE_RGB, SRGB, 4, true, {0, 1, 2, O}, false},
    {IMG_MODE_RGB, SYCC, 3, true, {0, 1, 2, O}, true},
    {IMG_MODE_RGB, SYCC, 4, true, {0, 1, 2, O}, true},
    {IMG_MODE_RGBA, GREY, 1, false, {0, 0, 0, O}, false},
    {IMG_MODE_RGBA, GREY, 2, false, {0, 0, 0, 1}, false},
    {IMG_MODE_RGBA, GREY, 4, true, {0, 1, 2, 3}, false},
    {IMG_MODE_RGBA, SRGB, 3, true, {0, 1, 2, O}, false},
    {IMG_MODE_RGBA, SRGB, 4, true, {0, 1, 2, 3}, false},
    {IMG_MODE_RGBA, SYCC, 3, true, {0, 1, 2, O}, true},
    {IMG_MODE_RGBA, SYCC, 4, true, {0, 1, 2, 3}, true},
    {IMG_MODE_CMYK, CMYK, 4, true, {0, 1, 2, 3}, false},
};
#undef O

static bool is_subsampled(const opj_image_comp_t *c) {
    return c->dx != 1 || c->dy != 1;
}

/* What a file that does not tell has probably. Colour differences are what is subsampled. */
static OPJ_COLOR_SPACE color_space(const opj_image_t *image) {
    if (image->color_space != OPJ_CLRSPC_UNKNOWN && image->color_space != OPJ_CLRSPC_UNSPECIFIED) {
        return image->color_space;
    }
    if (image->numcomps <= 2) {
        return GREY;
    }
    for (unsigned i = 0; i < image->numcomps; i++) {
        if (is_subsampled(&image->comps[i])) {
            return i == 1 || i == 2 ? SYCC : SRGB;
        }
    }
    return SRGB;
}

static const Layout *find_layout(const ImgCodec *codec, const opj_image_t *image) {
    const OPJ_COLOR_SPACE space = color_space(image);
    bool subsampled = false;
    for (unsigned i = 0; i < image->numcomps; i++) {
        subsampled |= is_subsampled(&image->comps[i]);
    }
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
        const Layout *l = &layouts[i];
        if (l->mode == codec->mode->id && l->space == space && l->components == image->numcomps &&
            (l->subsampled || !subsampled)) {
            return l;
        }
    }
    return NULL;
}

/* --- pixels --- */

static void unpack_row_8(const Tile *t, const Layout *l, unsigned bytes, uint8_t *out, unsigned y) {
    for (unsigned b = 0; b < bytes; b++) {
        uint8_t *to = out + b;
        if (l->source[b] == OPAQUE) {
            for (int x = 0; x < t->width; x++, to += bytes) {
                *to = 255;
            }
            continue;
        }
        const Plane *p = &t->planes[l->source[b]];
        if (p->bytes == 1 && p->dx == 1) {
            const uint8_t *from = p->samples + (size_t)(y / p->dy) * p->row_samples;
            for (int x = 0; x < t->width; x++, to += bytes) {
                *to = (uint8_t)((from[x] + p->offset) << p->left >> p->right);
            }
        } else {
            for (int x = 0; x < t->width; x++, to += bytes) {
                *to = (uint8_t)sample(p, (unsigned)x, y);
            }
        }
    }
}

static void unpack_row_16(const Tile *t, uint8_t *out, unsigned y) {
    uint16_t *to = (uint16_t *)(void *)out;
    for (int x = 0; x < t->width; x++) {
        to[x] = (uint16_t)sample(&t->planes[0], (unsigned)x, y);
    }
}

/* False: out of memory. */
static bool unpack(ImgCodec *codec, const Layout *layout, const Tile *t) {
    const unsigned bytes = codec->mode->pixel_size;
    uint8_t *ycc = NULL;
    if (layout->ycc) {
        ycc = malloc((size_t)t->width * 4);
        if (!ycc) {
            return false;
        }
    }
    for (int y = 0; y < t->height; y++) {
        uint8_t *out = img_codec_row(codec, t->y + y) + (size_t)t->x * bytes;
        if (bytes == 2) {
            unpack_row_16(t, out, (unsigned)y);
        } else {
            unpack_row_8(t, layout, bytes, ycc ? ycc : out, (unsigned)y);
        }
        if (ycc) {
            img_kernels->conv_ycbcr_rgb(out, ycc, (size_t)t->width, NULL);
        }
    }
    free(ycc);
    return true;
}

/* --- tiles --- */

/* Describes the components in a buffer of `size` bytes; false if they do not all lie in it. */
static bool find_planes(
    Tile *t, const opj_image_t *image, unsigned target_bits, const uint8_t *buffer, size_t size) {
    size_t start = 0;
    for (unsigned i = 0; i < t->count; i++) {
        const opj_image_comp_t *c = &image->comps[i];
        Plane *p = &t->planes[i];
        if (c->prec < 1 || c->prec > 31 || c->dx < 1 || c->dy < 1) {
            return false;
        }
        p->bytes = jpeg2k_sample_bytes(c->prec);
        p->dx = c->dx;
        p->dy = c->dy;
        p->row_samples = (size_t)t->width / c->dx;
        p->samples = buffer + start;
        p->left = c->prec < target_bits ? target_bits - c->prec : 0;
        p->right = c->prec > target_bits ? c->prec - target_bits : 0;
        p->offset = c->sgnd ? (uint32_t)1 << (c->prec - 1) : 0;
        p->offset += p->right ? (uint32_t)1 << (p->right - 1) : 0;
        size_t last = (size_t)((unsigned)t->height - 1) / c->dy * p->row_samples +
                      ((unsigned)t->width - 1) / c->dx;
        if (start > size || (size - start) / p->bytes <= last) {
            return false;
        }
        start += p->row_samples * ((unsigned)t->height / c->dy) * p->bytes;
    }
    return true;
}

typedef struct {
    ImgCodec *codec; /* ours */
    opj_codec_t *library;
    opj_stream_t *stream;
    opj_image_t *image;
    const Layout *layout;
    uint8_t *buffer;
    OPJ_UINT32 buffer_size;
} Decoding;

/* Position p of the full size after halving it r times, rounded up. */
static int64_t reduced(int64_t p, int r) {
    return (p + ((int64_t)1 << r) - 1) >> r;
}

/* Places the tile in the image; false: it does not lie in it. The image's offset is not halved,
 * as in Pillow: with one of 2 or more, reducing fails. */
static bool place_tile(const Decoding *d, const OPJ_INT32 corner[4], Tile *t) {
    const int r = ((const Jpeg2kDecoder *)d->codec)->reduce;
    const int64_t left = d->image->x0, top = d->image->y0;
    const int64_t x0 = reduced(corner[0], r) - left, y0 = reduced(corner[1], r) - top;
    const int64_t x1 = reduced(corner[2], r) - left, y1 = reduced(corner[3], r) - top;
    if (x0 < 0 || y0 < 0 || x0 >= x1 || y0 >= y1 || x1 > d->codec->width || y1 > d->codec->height) {
        return false;
    }
    t->x = (int)x0;
    t->y = (int)y0;
    t->width = (int)(x1 - x0);
    t->height = (int)(y1 - y0);
    return true;
}

/* The next tile; *more: there was one. */
static ImgCodecStatus decode_tile(Decoding *d, bool *more) {
    OPJ_UINT32 index, size, components;
    OPJ_INT32 corner[4];
    OPJ_BOOL go_on;
    *more = false;
    if (!opj_read_tile_header(
            d->library, d->stream, &index, &size, &corner[0], &corner[1], &corner[2], &corner[3],
            &components, &go_on)) {
        return IMG_CODEC_BROKEN;
    }
    if (!go_on) {
        return IMG_CODEC_MORE;
    }
    Tile tile = {.count = components};
    if (components != d->image->numcomps || !place_tile(d, corner, &tile) || size == 0) {
        return IMG_CODEC_BROKEN;
    }
    if (size > d->buffer_size) {
        uint8_t *larger = realloc(d->buffer, size);
        if (!larger) {
            return IMG_CODEC_MEMORY;
        }
        d->buffer = larger;
        d->buffer_size = size;
    }
    const unsigned bits = d->codec->mode->pixel_size == 2 ? 16 : 8;
    if (!find_planes(&tile, d->image, bits, d->buffer, size) ||
        !opj_decode_tile_data(d->library, index, d->buffer, size, d->stream)) {
        return IMG_CODEC_BROKEN;
    }
    *more = true;
    return unpack(d->codec, d->layout, &tile) ? IMG_CODEC_MORE : IMG_CODEC_MEMORY;
}

static ImgCodecStatus decode_all(Decoding *d) {
    const Jpeg2kDecoder *self = (const Jpeg2kDecoder *)d->codec;
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    parameters.cp_reduce = (OPJ_UINT32)self->reduce;
    parameters.cp_layer = (OPJ_UINT32)self->layers;
    if (!opj_setup_decoder(d->library, &parameters) ||
        !opj_read_header(d->stream, d->library, &d->image)) {
        return IMG_CODEC_BROKEN;
    }
    if (d->image->numcomps < 1 || d->image->numcomps > 4) {
        return IMG_CODEC_BROKEN;
    }
    d->layout = find_layout(d->codec, d->image);
    if (!d->layout) {
        return IMG_CODEC_BROKEN;
    }
    bool more;
    ImgCodecStatus status;
    do {
        status = decode_tile(d, &more);
    } while (status == IMG_CODEC_MORE && more);
    if (status == IMG_CODEC_MORE && !opj_end_decompress(d->library, d->stream)) {
        status = IMG_CODEC_BROKEN;
    }
    return status;
}

static ptrdiff_t jpeg2k_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    (void)data;
    (void)size;
    const Jpeg2kDecoder *self = (const Jpeg2kDecoder *)codec;
    /* Sizes are at most 2^32, and the library halves them 32 times at most. */
    if (!codec->stream || self->reduce < 0 || self->reduce > 32) {
        return img_codec_finish(codec, codec->stream ? IMG_CODEC_BROKEN : IMG_CODEC_CONFIG);
    }
    Decoding d = {.codec = codec};
    d.stream = jpeg2k_open_stream(codec->stream, true, self->length);
    d.library =
        opj_create_decompress(self->kind == IMG_JPEG2K_FILE ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    ImgCodecStatus status = IMG_CODEC_MEMORY;
    if (d.stream && d.library) {
        status = decode_all(&d);
    }
    free(d.buffer);
    if (d.library) {
        opj_destroy_codec(d.library);
    }
    if (d.stream) {
        opj_stream_destroy(d.stream);
    }
    if (d.image) {
        opj_image_destroy(d.image);
    }
    return img_codec_finish(codec, status);
}

ImgCodec *img_jpeg2k_decoder(
    const ImgMode *mode, ImgJpeg2kKind kind, int reduce, int layers, int64_t length) {
    static const ImgCodecType type = {
        .name = "jpeg2k",
        .size = sizeof(Jpeg2kDecoder),
        .decode = jpeg2k_decode,
    };
    Jpeg2kDecoder *self = (Jpeg2kDecoder *)img_codec_new(&type, mode, NULL);
    if (!self) {
        return NULL;
    }
    self->kind = kind;
    self->reduce = reduce;
    self->layers = layers;
    self->length = length;
    self->base.uses_stream = true;
    return &self->base;
}

#endif
