/* Encoder of PNG image data. */
#include "codec/zip.h"

#ifdef HAVE_LIBZ

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include "codec/deflate.h"
#include "codec/png_filter.h"
#include "simd/kernels.h"

/* Bytes that libdeflate compresses at a time. */
#define PIECE ((size_t)96 << 10)

typedef struct {
    ImgCodec base;
    ImgZipOptions options;
    uint8_t *dictionary; /* the encoder's own copy */
    bool started, finished;
    bool filters; /* filters are chosen; palette indices go unfiltered */
    size_t row_bytes, bpp;
    uint8_t *row, *above; /* packed pixels of this row and the one before */
    /* The filtered row of each filter: 1 byte that names it, then row_bytes. */
    uint8_t *candidate[PNG_FILTER_COUNT];
    /* What is left of the present filtered row. */
    const uint8_t *pending;
    size_t pending_bytes;
    z_stream stream;
    bool deflating; /* by zlib */
#ifdef HAVE_LIBDEFLATE
    ImgDeflate *pieces; /* NULL if zlib does it */
    bool last_piece;
#endif
} ZipEncoder;

static bool is_palette(const ImgCodec *codec) {
    return codec->mode->paletted && codec->raw->bits == 8;
}

static bool options_valid(const ImgZipOptions *o) {
    return o->level >= -1 && o->level <= 9 && o->strategy >= -1 && o->strategy <= Z_FIXED;
}

static int effective_level(const ZipEncoder *self) {
    return self->options.optimize ? 9 : self->options.level;
}

static bool allocate(ZipEncoder *self) {
    const ImgCodec *codec = &self->base;
    self->filters = !is_palette(codec);
    self->row_bytes = img_codec_row_bytes(codec);
    self->bpp = codec->raw->bits >= 8 ? codec->raw->bits / 8 : 1;
    self->row = malloc(self->row_bytes);
    self->above = calloc(self->row_bytes, 1);
    bool good = self->row && self->above;
    for (int f = 0; f < PNG_FILTER_COUNT; f++) {
        if (f == PNG_NONE || self->filters) {
            self->candidate[f] = malloc(self->row_bytes + 1);
            good = good && self->candidate[f];
            if (self->candidate[f]) {
                self->candidate[f][0] = (uint8_t)f;
            }
        }
    }
    return good;
}

/* Fills the candidate of a filter and returns the sum of its magnitudes. */
static uint64_t try_filter(ZipEncoder *self, PngFilter filter) {
    uint8_t *out = self->candidate[filter] + 1;
    switch (filter) {
    case PNG_SUB:
        return img_kernels->png_filter_sub(out, self->row, self->row_bytes, self->bpp);
    case PNG_UP:
        return img_kernels->png_filter_up(out, self->row, self->above, self->row_bytes);
    case PNG_AVERAGE:
        return img_kernels->png_filter_average(
            out, self->row, self->above, self->row_bytes, self->bpp);
    case PNG_PAETH:
        return img_kernels->png_filter_paeth(
            out, self->row, self->above, self->row_bytes, self->bpp);
    default:
        return img_kernels->png_filter_none(self->row, self->row_bytes);
    }
}

/* Packs and filters the next row: filter byte and row_bytes, valid until the next call. The filter
 * with the least sum of magnitudes wins, the earliest in this order if they are equal. */
static const uint8_t *filtered_row(ZipEncoder *self) {
    static const PngFilter order[] = {PNG_UP, PNG_SUB, PNG_AVERAGE, PNG_PAETH};
    ImgCodec *codec = &self->base;
    img_pack_row(codec->raw, self->row, img_codec_row(codec, codec->row++), codec->width);
    PngFilter best = PNG_NONE;
    uint64_t least = self->filters ? try_filter(self, PNG_NONE) : 0;
    for (int i = 0; i < 4 && least > 0; i++) {
        if (self->candidate[order[i]]) {
            uint64_t sum = try_filter(self, order[i]);
            if (sum < least) {
                least = sum;
                best = order[i];
            }
        }
    }
    if (best == PNG_NONE) {
        memcpy(self->candidate[PNG_NONE] + 1, self->row, self->row_bytes);
    }
    uint8_t *row = self->row;
    self->row = self->above;
    self->above = row;
    return self->candidate[best];
}

/* Makes the next row pending if none is. False: there are no more. */
static bool have_row(ZipEncoder *self) {
    if (self->pending_bytes == 0 && self->base.row < self->base.height) {
        self->pending = filtered_row(self);
        self->pending_bytes = self->row_bytes + 1;
    }
    return self->pending_bytes > 0;
}

#ifdef HAVE_LIBDEFLATE
/* libdeflate knows no strategies and dictionaries. */
static bool wants_zlib(const ZipEncoder *self) {
    const ImgZipOptions *o = &self->options;
    return (o->strategy >= 0 && o->strategy != Z_DEFAULT_STRATEGY && o->strategy != Z_FILTERED) ||
           o->dictionary_size > 0 || o->level == 0;
}

/* Up to this level photographs come out smaller without a search for matches. */
#define NOISY_LEVELS 6

/* libdeflate's level for each level of zlib. In rows of photographs after filtering, which are
 * mostly noise, searching hardly pays: the default is 4. Unfiltered rows are drawings. */
static int libdeflate_level(const ZipEncoder *self) {
    static const int levels[10] = {0, 1, 2, 3, 3, 4, 4, 6, 8, 9};
    const ImgZipOptions *o = &self->options;
    if (o->optimize) {
        return 10;
    }
    if (o->level < 0) {
        return self->filters && self->base.raw->bits >= 8 ? 4 : 6;
    }
    return levels[o->level];
}

static ImgCodecStatus start_pieces(ZipEncoder *self) {
    size_t bytes;
    if (__builtin_mul_overflow(self->row_bytes + 1, (size_t)self->base.height, &bytes) ||
        bytes > PIECE) {
        bytes = PIECE;
    }
    const int level = libdeflate_level(self);
    const bool noisy = self->filters && self->base.raw->bits >= 8 && level <= NOISY_LEVELS;
    self->pieces = img_deflate_new(level, noisy, bytes);
    return self->pieces ? IMG_CODEC_MORE : IMG_CODEC_MEMORY;
}

static bool next_piece(ZipEncoder *self) {
    while (have_row(self)) {
        const size_t n = img_deflate_add(self->pieces, self->pending, self->pending_bytes);
        if (n == 0) {
            return img_deflate_compress(self->pieces, false);
        }
        self->pending += n;
        self->pending_bytes -= n;
    }
    self->last_piece = true;
    return img_deflate_compress(self->pieces, true);
}

/* Compresses rows until `data` is full or all are done. */
static ptrdiff_t compress_pieces(ZipEncoder *self, uint8_t *data, size_t size) {
    size_t done = 0;
    for (;;) {
        done += img_deflate_take(self->pieces, data + done, size - done);
        const bool all_given = img_deflate_left(self->pieces) == 0;
        if (all_given && self->last_piece) {
            self->base.status = IMG_CODEC_END;
            return (ptrdiff_t)done;
        }
        if (!all_given || done == size) {
            self->base.status = IMG_CODEC_MORE;
            return (ptrdiff_t)done;
        }
        if (!next_piece(self)) {
            return img_codec_finish(&self->base, IMG_CODEC_MEMORY);
        }
    }
}
#endif

static ImgCodecStatus start_deflating(ZipEncoder *self) {
    const ImgZipOptions *o = &self->options;
    int strategy = o->strategy >= 0 ? o->strategy : self->filters ? Z_FILTERED : Z_DEFAULT_STRATEGY;
    int code = deflateInit2(&self->stream, effective_level(self), Z_DEFLATED, 15, 9, strategy);
    self->deflating = code == Z_OK;
    if (self->deflating && o->dictionary_size > 0) {
        code =
            o->dictionary_size > UINT_MAX
                ? Z_STREAM_ERROR
                : deflateSetDictionary(&self->stream, self->dictionary, (uInt)o->dictionary_size);
    }
    return code == Z_OK          ? IMG_CODEC_MORE
           : code == Z_MEM_ERROR ? IMG_CODEC_MEMORY
                                 : IMG_CODEC_CONFIG;
}

/* Deflates rows until `data` is full or all are done. */
static ptrdiff_t deflate_rows(ZipEncoder *self, uint8_t *data, size_t size) {
    z_stream *z = &self->stream;
    ImgCodec *codec = &self->base;
    size_t room = size > UINT_MAX ? UINT_MAX : size;
    z->next_out = data;
    z->avail_out = (uInt)room;
    while (z->avail_out > 0) {
        have_row(self);
        uInt given = self->pending_bytes > UINT_MAX ? UINT_MAX : (uInt)self->pending_bytes;
        bool last = given == self->pending_bytes && codec->row >= codec->height;
        z->next_in = (z_const Bytef *)self->pending;
        z->avail_in = given;
        int code = deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
        self->pending += given - z->avail_in;
        self->pending_bytes -= given - z->avail_in;
        if (code == Z_STREAM_END) {
            codec->status = IMG_CODEC_END;
            break;
        }
        if (code != Z_OK && code != Z_BUF_ERROR) {
            return img_codec_finish(codec, IMG_CODEC_BROKEN);
        }
    }
    return (ptrdiff_t)(room - z->avail_out);
}

static ImgCodecStatus start(ZipEncoder *self) {
    if (!options_valid(&self->options)) {
        return IMG_CODEC_CONFIG;
    }
    if (!allocate(self)) {
        return IMG_CODEC_MEMORY;
    }
#ifdef HAVE_LIBDEFLATE
    if (!wants_zlib(self)) {
        return start_pieces(self);
    }
#endif
    return start_deflating(self);
}

static ptrdiff_t encode_rows(ZipEncoder *self, uint8_t *data, size_t size) {
#ifdef HAVE_LIBDEFLATE
    if (self->pieces) {
        return compress_pieces(self, data, size);
    }
#endif
    return deflate_rows(self, data, size);
}

static ptrdiff_t zip_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    ZipEncoder *self = (ZipEncoder *)codec;
    if (self->finished) {
        return codec->status == IMG_CODEC_END ? 0 : -1;
    }
    if (!self->started) {
        self->started = true;
        codec->status = start(self);
        if (codec->status < 0) {
            self->finished = true;
            return -1;
        }
    }
    ptrdiff_t n = encode_rows(self, data, size);
    self->finished = codec->status != IMG_CODEC_MORE;
    return n;
}

static void zip_release(ImgCodec *codec) {
    ZipEncoder *self = (ZipEncoder *)codec;
    if (self->deflating) {
        deflateEnd(&self->stream);
        self->deflating = false;
    }
    for (int f = 0; f < PNG_FILTER_COUNT; f++) {
        free(self->candidate[f]);
    }
    free(self->row);
    free(self->above);
    free(self->dictionary);
#ifdef HAVE_LIBDEFLATE
    img_deflate_free(self->pieces);
#endif
}

ImgCodec *
img_zip_encoder(const ImgMode *mode, const ImgRawMode *raw, const ImgZipOptions *options) {
    static const ImgCodecType type = {"zip", sizeof(ZipEncoder), NULL, zip_encode, zip_release};
    ZipEncoder *self = (ZipEncoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->options = *options;
    self->options.dictionary = NULL;
    if (options->dictionary_size > 0) {
        self->dictionary = malloc(options->dictionary_size);
        if (!self->dictionary) {
            img_codec_free(&self->base);
            return NULL;
        }
        memcpy(self->dictionary, options->dictionary, options->dictionary_size);
    }
    return &self->base;
}

#endif
