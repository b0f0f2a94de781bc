/* Encoder of PNG image data. */
#include "codec/zip.h"

#ifdef HAVE_LIBZ

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "codec/png_filter.h"
#include "simd/kernels.h"

/* Filtered rows of larger images are not held in memory as a whole, but go through zlib. */
#ifdef HAVE_LIBDEFLATE
#define AT_ONCE_LIMIT ((size_t)256 << 20)
#endif

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
    /* zlib: what is left of the present row. */
    z_stream stream;
    bool deflating;
    const uint8_t *pending;
    size_t pending_bytes;
    /* Compressed at once: the whole stream, and how much of it was given out. */
    uint8_t *output;
    size_t output_bytes, output_given;
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

#ifdef HAVE_LIBDEFLATE
/* Bytes of all filtered rows, or 0 if they are to go through zlib one by one. */
static size_t bytes_at_once(const ZipEncoder *self) {
    size_t bytes;
    const ImgZipOptions *o = &self->options;
    bool plain = o->strategy < 0 || o->strategy == Z_DEFAULT_STRATEGY || o->strategy == Z_FILTERED;
    if (!plain || o->dictionary_size > 0 || o->level == 0 ||
        __builtin_mul_overflow(self->row_bytes + 1, (size_t)self->base.height, &bytes)) {
        return 0;
    }
    return bytes <= AT_ONCE_LIMIT ? bytes : 0;
}

/* libdeflate's level for each level of zlib. Rows of photographs after filtering are mostly noise:
 * there the default is libdeflate's 4, about six times as fast as zlib-ng's 6 at 4 % more bytes
 * (its 6 is half as fast for 2 % fewer). Unfiltered rows are drawings, in which searching pays. */
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

static bool compress_rows(ZipEncoder *self, const uint8_t *rows, size_t bytes) {
    struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(libdeflate_level(self));
    if (!deflater) {
        return false;
    }
    const size_t bound = libdeflate_zlib_compress_bound(deflater, bytes);
    self->output = malloc(bound);
    if (self->output) {
        self->output_bytes = libdeflate_zlib_compress(deflater, rows, bytes, self->output, bound);
    }
    libdeflate_free_compressor(deflater);
    return self->output_bytes > 0;
}

static bool compress_at_once(ZipEncoder *self, size_t bytes) {
    uint8_t *rows = malloc(bytes), *out = rows;
    if (!rows) {
        return false;
    }
    while (self->base.row < self->base.height) {
        memcpy(out, filtered_row(self), self->row_bytes + 1);
        out += self->row_bytes + 1;
    }
    bool good = compress_rows(self, rows, bytes);
    free(rows);
    return good;
}
#endif

static ptrdiff_t give_output(ZipEncoder *self, uint8_t *data, size_t size) {
    size_t left = self->output_bytes - self->output_given;
    size_t n = left < size ? left : size;
    memcpy(data, self->output + self->output_given, n);
    self->output_given += n;
    self->base.status = n == left ? IMG_CODEC_END : IMG_CODEC_MORE;
    return (ptrdiff_t)n;
}

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
        if (self->pending_bytes == 0 && codec->row < codec->height) {
            self->pending = filtered_row(self);
            self->pending_bytes = self->row_bytes + 1;
        }
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
    size_t bytes = bytes_at_once(self);
    if (bytes > 0) {
        return compress_at_once(self, bytes) ? IMG_CODEC_MORE : IMG_CODEC_MEMORY;
    }
#endif
    return start_deflating(self);
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
    ptrdiff_t n = self->output ? give_output(self, data, size) : deflate_rows(self, data, size);
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
    free(self->output);
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
