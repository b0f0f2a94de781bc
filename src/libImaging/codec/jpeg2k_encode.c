/* Writes JPEG 2000 tile by tile. */
#ifdef HAVE_OPENJPEG

#include <stdlib.h>
#include <string.h>

#include "codec/jpeg2k_stream.h"

typedef struct {
    ImgCodec base;
    ImgJpeg2kOptions options;
} Jpeg2kEncoder;

/* How the bands of a mode become components. */
typedef struct {
    ImgModeId mode;
    OPJ_COLOR_SPACE space;
    uint8_t components, bits;
    uint8_t byte[4]; /* of each component in the pixel */
    bool alpha;
} Source;

static const Source sources[] = {
    {IMG_MODE_L, OPJ_CLRSPC_GRAY, 1, 8, {0, 0, 0, 0}, false},
    {IMG_MODE_I16, OPJ_CLRSPC_GRAY, 1, 16, {0, 0, 0, 0}, false},
    {IMG_MODE_I16B, OPJ_CLRSPC_GRAY, 1, 16, {0, 0, 0, 0}, false},
    {IMG_MODE_LA, OPJ_CLRSPC_GRAY, 2, 8, {0, 3, 0, 0}, true},
    {IMG_MODE_RGB, OPJ_CLRSPC_SRGB, 3, 8, {0, 1, 2, 0}, false},
    {IMG_MODE_YCbCr, OPJ_CLRSPC_SYCC, 3, 8, {0, 1, 2, 0}, false},
    {IMG_MODE_RGBA, OPJ_CLRSPC_SRGB, 4, 8, {0, 1, 2, 3}, true},
    {IMG_MODE_CMYK, OPJ_CLRSPC_CMYK, 4, 8, {0, 1, 2, 3}, false},
};

/* Older libraries write CMYK as an unknown colour space, which nothing reads back. */
static bool writes_cmyk(void) {
    int major = 0, minor = 0, patch = 0;
    const char *version = opj_version();
    char *end;
    major = (int)strtol(version, &end, 10);
    minor = *end == '.' ? (int)strtol(end + 1, &end, 10) : 0;
    patch = *end == '.' ? (int)strtol(end + 1, &end, 10) : 0;
    return major > 2 || (major == 2 && (minor > 5 || (minor == 5 && patch >= 3)));
}

static const Source *find_source(ImgModeId mode) {
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        if (sources[i].mode == mode) {
            return mode == IMG_MODE_CMYK && !writes_cmyk() ? NULL : &sources[i];
        }
    }
    return NULL;
}

static bool is_tiled(const ImgJpeg2kOptions *o) {
    return o->cinema == IMG_CINEMA_NONE && o->tile_size[0] > 0 && o->tile_size[1] > 0;
}

/* --- parameters --- */

static void set_layers(const ImgJpeg2kOptions *o, opj_cparameters_t *p) {
    if (o->layer_count == 0) {
        p->tcp_numlayers = 1;
        p->tcp_rates[0] = 0;
        p->cp_disto_alloc = 1;
        return;
    }
    p->tcp_numlayers = o->layer_count;
    float *target = o->decibels ? p->tcp_distoratio : p->tcp_rates;
    memcpy(target, o->layers, sizeof(float) * (size_t)o->layer_count);
    p->cp_fixed_quality = o->decibels;
    p->cp_disto_alloc = !o->decibels;
}

static void set_blocks(const ImgJpeg2kOptions *o, opj_cparameters_t *p) {
    const int *b = o->block_size, *q = o->precinct_size;
    /* The limits of the standard: 2 to 10 bits each, 12 together. */
    if (b[0] >= 4 && b[0] <= 1024 && b[1] >= 4 && b[1] <= 1024 && b[0] * b[1] <= 4096) {
        p->cblockw_init = b[0];
        p->cblockh_init = b[1];
    }
    if (q[0] >= 4 && q[1] >= 4 && q[0] >= b[0] && q[1] > b[1]) {
        p->prcw_init[0] = q[0];
        p->prch_init[0] = q[1];
        p->res_spec = 1;
        p->csty |= 1;
    }
}

/* DCI's limits: bytes per frame and per component at 250 Mbit/s, and the layout. */
static void set_cinema(const ImgJpeg2kOptions *o, opj_cparameters_t *p, int components) {
    const bool fast = o->cinema == IMG_CINEMA_2K_48;
    const bool large = o->cinema == IMG_CINEMA_4K_24;
    p->rsiz = large ? OPJ_PROFILE_CINEMA_4K : OPJ_PROFILE_CINEMA_2K;
    p->max_cs_size = fast ? OPJ_CINEMA_48_CS : OPJ_CINEMA_24_CS;
    p->max_comp_size = fast ? OPJ_CINEMA_48_COMP : OPJ_CINEMA_24_COMP;
    p->cp_rsiz = large ? OPJ_CINEMA4K : OPJ_CINEMA2K;
    p->cp_cinema = fast ? OPJ_CINEMA2K_48 : large ? OPJ_CINEMA4K_24 : OPJ_CINEMA2K_24;
    p->tile_size_on = 0;
    p->irreversible = 1;
    p->prog_order = OPJ_CPRL;
    p->cblockw_init = p->cblockh_init = 32;
    p->subsampling_dx = p->subsampling_dy = 1;
    p->roi_compno = -1;
    const int most = large ? 7 : 6;
    p->numresolution = p->numresolution > most ? most : p->numresolution;
    if (large) { /* the 2K picture inside first */
        p->POC[0] = (opj_poc_t){.tile = 1, .resno1 = (OPJ_UINT32)p->numresolution - 1};
        p->POC[1] = (opj_poc_t){.tile = 1, .resno1 = (OPJ_UINT32)p->numresolution};
        p->POC[1].resno0 = (OPJ_UINT32)p->numresolution - 1;
        for (int i = 0; i < 2; i++) {
            p->POC[i].layno1 = 1;
            p->POC[i].compno1 = (OPJ_UINT32)components;
            p->POC[i].prg1 = p->POC[i].prg = OPJ_CPRL;
        }
        p->numpocs = 2;
    }
}

static void set_parameters(const Jpeg2kEncoder *self, opj_cparameters_t *p, int components) {
    const ImgJpeg2kOptions *o = &self->options;
    opj_set_default_encoder_parameters(p);
    p->image_offset_x0 = o->offset[0];
    p->image_offset_y0 = o->offset[1];
    int width = self->base.width, height = self->base.height;
    if (is_tiled(o)) {
        p->tile_size_on = 1;
        p->cp_tx0 = o->tile_offset[0];
        p->cp_ty0 = o->tile_offset[1];
        p->cp_tdx = width = o->tile_size[0];
        p->cp_tdy = height = o->tile_size[1];
    }
    set_layers(o, p);
    set_blocks(o, p);
    p->irreversible = o->irreversible;
    p->prog_order = (OPJ_PROG_ORDER)o->progression;
    p->tcp_mct = components == 3 ? (char)o->multi_component : 0;
    p->cp_comment = o->comment;
    if (o->resolutions) {
        p->numresolution = o->resolutions;
    } else {
        const int side = width < height ? width : height;
        while (p->numresolution > 1 && side < 1 << (p->numresolution - 1)) {
            p->numresolution--;
        }
    }
    if (o->cinema != IMG_CINEMA_NONE) {
        set_cinema(o, p, components);
    }
}

static opj_image_t *
make_image(const Jpeg2kEncoder *self, const Source *source, const opj_cparameters_t *p) {
    const ImgCodec *codec = &self->base;
    opj_image_cmptparm_t components[4];
    memset(components, 0, sizeof(components));
    for (int i = 0; i < source->components; i++) {
        opj_image_cmptparm_t *c = &components[i];
        c->dx = c->dy = 1;
        c->w = (OPJ_UINT32)codec->width;
        c->h = (OPJ_UINT32)codec->height;
        c->prec = source->bits;
        c->sgnd = self->options.is_signed;
    }
    opj_image_t *image = opj_image_tile_create(source->components, components, source->space);
    if (!image) {
        return NULL;
    }
    image->x0 = (OPJ_UINT32)p->image_offset_x0;
    image->y0 = (OPJ_UINT32)p->image_offset_y0;
    image->x1 = image->x0 + (OPJ_UINT32)codec->width;
    image->y1 = image->y0 + (OPJ_UINT32)codec->height;
    if (source->alpha) {
        image->comps[source->components - 1].alpha = 1;
    }
    return image;
}

/* --- tiles --- */

typedef struct {
    int x, y, width, height; /* in the image */
} Rectangle;

/* Component after component. */
static void pack(const ImgCodec *codec, const Source *source, const Rectangle *r, uint8_t *out) {
    const size_t bytes = codec->mode->pixel_size;
    for (int c = 0; c < source->components; c++) {
        for (int y = 0; y < r->height; y++) {
            const uint8_t *in = img_codec_row(codec, r->y + y) + (size_t)r->x * bytes;
            if (bytes < 4) {
                memcpy(out, in, (size_t)r->width * bytes);
                out += (size_t)r->width * bytes;
                continue;
            }
            in += source->byte[c];
            for (int x = 0; x < r->width; x++, in += bytes) {
                *out++ = *in;
            }
        }
    }
}

/* Part i of a side that begins at `start` and has `length` pixels, in tiles of `size` from
 * `origin` on. */
static void cut(int64_t i, int start, int length, int origin, int size, int *at, int *extent) {
    int64_t begin = origin + i * size, end = begin + size;
    int64_t last = (int64_t)start + length;
    begin = begin < start ? start : begin;
    end = end > last ? last : end;
    *at = (int)(begin - start);
    *extent = (int)(end - begin);
}

static int64_t tiles_along(int start, int length, int origin, int size) {
    return ((int64_t)start + length - origin + size - 1) / size;
}

typedef struct {
    const Jpeg2kEncoder *self;
    const Source *source;
    opj_codec_t *library;
    opj_stream_t *stream;
    opj_image_t *image;
    uint8_t *buffer;
} Encoding;

static ImgCodecStatus write_tiles(Encoding *e, const opj_cparameters_t *p) {
    const ImgCodec *codec = &e->self->base;
    const bool tiled = p->tile_size_on;
    const int x0 = p->image_offset_x0, y0 = p->image_offset_y0;
    const int width = codec->width, height = codec->height;
    const int origin_x = tiled ? p->cp_tx0 : x0, origin_y = tiled ? p->cp_ty0 : y0;
    const int tile_width = tiled ? p->cp_tdx : width, tile_height = tiled ? p->cp_tdy : height;
    const int64_t across = tiles_along(x0, width, origin_x, tile_width);
    const int64_t down = tiles_along(y0, height, origin_y, tile_height);
    if (across < 1 || down < 1 || across * down > 65535) {
        return IMG_CODEC_BROKEN;
    }
    const size_t pixel = (size_t)e->source->components * (e->source->bits / 8);
    /* A tile is at most the image, and sizes count as 32 bits in the library. */
    const uint64_t most = (uint64_t)(tile_width < width ? tile_width : width) *
                          (uint64_t)(tile_height < height ? tile_height : height) * pixel;
    if (most > UINT32_MAX) {
        return IMG_CODEC_BROKEN;
    }
    e->buffer = malloc((size_t)most);
    if (!e->buffer) {
        return IMG_CODEC_MEMORY;
    }
    for (int64_t i = 0; i < across * down; i++) {
        Rectangle r;
        cut(i % across, x0, width, origin_x, tile_width, &r.x, &r.width);
        cut(i / across, y0, height, origin_y, tile_height, &r.y, &r.height);
        if (r.width < 1 || r.height < 1) {
            return IMG_CODEC_BROKEN;
        }
        pack(codec, e->source, &r, e->buffer);
        OPJ_UINT32 size = (OPJ_UINT32)(pixel * (size_t)r.width * (size_t)r.height);
        if (!opj_write_tile(e->library, (OPJ_UINT32)i, e->buffer, size, e->stream)) {
            return IMG_CODEC_BROKEN;
        }
    }
    return IMG_CODEC_END;
}

static ImgCodecStatus encode_all(Encoding *e) {
    const ImgJpeg2kOptions *o = &e->self->options;
    opj_cparameters_t p;
    set_parameters(e->self, &p, e->source->components);
    e->image = make_image(e->self, e->source, &p);
    if (!e->image) {
        return IMG_CODEC_MEMORY;
    }
    const char *const extra[] = {"PLT=YES", NULL};
    if (!opj_setup_encoder(e->library, &p, e->image) ||
        (o->packet_lengths && !opj_encoder_set_extra_options(e->library, extra)) ||
        !opj_start_compress(e->library, e->image, e->stream)) {
        return IMG_CODEC_BROKEN;
    }
    ImgCodecStatus status = write_tiles(e, &p);
    if (status == IMG_CODEC_END && !opj_end_compress(e->library, e->stream)) {
        status = IMG_CODEC_BROKEN;
    }
    return status;
}

static ptrdiff_t jpeg2k_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    (void)data;
    (void)size;
    Encoding e = {.self = (const Jpeg2kEncoder *)codec, .source = find_source(codec->mode->id)};
    const ImgJpeg2kOptions *o = &e.self->options;
    /* The library counts positions as 32 bits. */
    if (!codec->stream || !e.source || (int64_t)o->offset[0] + codec->width > INT32_MAX ||
        (int64_t)o->offset[1] + codec->height > INT32_MAX) {
        return img_codec_finish(codec, codec->stream ? IMG_CODEC_BROKEN : IMG_CODEC_CONFIG);
    }
    e.stream = jpeg2k_open_stream(codec->stream, false, -1);
    e.library = opj_create_compress(o->kind == IMG_JPEG2K_FILE ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    ImgCodecStatus status = IMG_CODEC_MEMORY;
    if (e.stream && e.library) {
        status = encode_all(&e);
    }
    free(e.buffer);
    if (e.library) {
        opj_destroy_codec(e.library);
    }
    if (e.stream) {
        opj_stream_destroy(e.stream);
    }
    if (e.image) {
        opj_image_destroy(e.image);
    }
    return img_codec_finish(codec, status);
}

static void jpeg2k_release(ImgCodec *codec) {
    free(((Jpeg2kEncoder *)codec)->options.comment);
}

ImgCodec *img_jpeg2k_encoder(const ImgMode *mode, const ImgJpeg2kOptions *options) {
    static const ImgCodecType type = {
        .name = "jpeg2k",
        .size = sizeof(Jpeg2kEncoder),
        .encode = jpeg2k_encode,
        .release = jpeg2k_release,
    };
    Jpeg2kEncoder *self = (Jpeg2kEncoder *)img_codec_new(&type, mode, NULL);
    if (!self) {
        free(options->comment);
        return NULL;
    }
    self->options = *options;
    self->base.uses_stream = true;
    return &self->base;
}

#endif
