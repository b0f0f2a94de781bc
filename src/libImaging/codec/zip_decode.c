/* Decoder of PNG image data. */
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

/* A pass over the image: pixels (x0 + i*dx, y0 + j*dy). */
typedef struct {
    uint8_t x0, y0, dx, dy;
} Pass;

static const Pass whole[1] = {{0, 0, 1, 1}};
static const Pass adam7[7] = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
    {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
};

typedef struct {
    ImgCodec base;
    bool interlaced;
    bool started, finished;
    bool inflating; /* the zlib stream is initialised */
    z_stream stream;
    size_t bpp;
    /* The row expected next. */
    int pass, pass_row;
    int pass_width, pass_height;
    size_t row_bytes; /* without the filter byte */
    /* Row by row: filter byte and row, both of the size of the widest row. */
    uint8_t *current, *above;
    size_t filled;
    uint8_t *pixels; /* an unpacked row of a pass, to be spread */
} ZipDecoder;

/* Pixels of a side `size` that a pass with this start and step covers. */
static int covered(int size, int start, int step) {
    return size <= start ? 0 : (size - start + step - 1) / step;
}

/* Makes pass self->pass, or the next one that is not empty, the current one. False: no more. */
static bool begin_pass(ZipDecoder *self) {
    const ImgCodec *codec = &self->base;
    const Pass *passes = self->interlaced ? adam7 : whole;
    for (int count = self->interlaced ? 7 : 1; self->pass < count; self->pass++) {
        const Pass *p = &passes[self->pass];
        self->pass_width = covered(codec->width, p->x0, p->dx);
        self->pass_height = covered(codec->height, p->y0, p->dy);
        if (self->pass_width > 0 && self->pass_height > 0) {
            self->pass_row = 0;
            self->row_bytes = img_raw_row_bytes(codec->raw, self->pass_width);
            return true;
        }
    }
    return false;
}

/* Puts pixels of `size` bytes at each dx-th place. */
static void spread(uint8_t *out, const uint8_t *in, int count, size_t size, size_t dx) {
    for (int i = 0; i < count; i++) {
        memcpy(out, in, size);
        in += size;
        out += size * dx;
    }
}

/* Restores and stores the row of filter byte and filtered bytes at `row`. False: no such filter. */
static bool take_row(ZipDecoder *self, uint8_t *row, const uint8_t *above) {
    const ImgCodec *codec = &self->base;
    if (!png_restore_row(row[0], row + 1, above, self->row_bytes, self->bpp)) {
        return false;
    }
    if (!self->interlaced) {
        img_unpack_row(codec->raw, img_codec_row(codec, self->pass_row), row + 1, codec->width);
        return true;
    }
    const Pass *p = &adam7[self->pass];
    size_t size = codec->mode->pixel_size;
    img_unpack_row(codec->raw, self->pixels, row + 1, self->pass_width);
    uint8_t *out = img_codec_row(codec, p->y0 + self->pass_row * p->dy) + p->x0 * size;
    spread(out, self->pixels, self->pass_width, size, p->dx);
    return true;
}

/* Goes on to the next row. False: that was the last one. */
static bool next_row(ZipDecoder *self) {
    if (++self->pass_row < self->pass_height) {
        return true;
    }
    self->pass++;
    return begin_pass(self);
}

/* Zeros as the row above the first of each pass. */
static void first_row(ZipDecoder *self) {
    self->pass = 0;
    begin_pass(self);
    self->filled = 0;
}

#ifdef HAVE_LIBDEFLATE
/* Bytes of all rows with their filter bytes, or 0 if that overflows. */
static size_t inflated_bytes(ZipDecoder *self) {
    size_t total = 0;
    for (self->pass = 0; begin_pass(self); self->pass++) {
        size_t bytes;
        if (__builtin_mul_overflow(self->row_bytes + 1, (size_t)self->pass_height, &bytes) ||
            __builtin_add_overflow(total, bytes, &total)) {
            return 0;
        }
    }
    return total;
}

/* True if `data` begins with the header of a zlib stream without preset dictionary. */
static bool plain_zlib_header(const uint8_t *data) {
    unsigned header = (unsigned)data[0] << 8 | data[1];
    return (data[0] & 15) == 8 && data[0] >> 4 <= 7 && header % 31 == 0 && !(data[1] & 32);
}

/* zlib goes on to the checksum as it inflates the last row, if the checksum is there. */
static bool checksum_good(const uint8_t *at, size_t left, const uint8_t *rows, size_t size) {
    if (left < 4) {
        return true;
    }
    uint32_t sum = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return libdeflate_adler32(1, rows, size) == sum;
}

/* Inflates all rows at once. NULL if `data` is not the whole of an undamaged stream of exactly
 * this size, or memory is short: then zlib finds out. */
static uint8_t *inflate_at_once(const uint8_t *data, size_t size, size_t expected) {
    /* Deflate codes at most 258 bytes in 2 bits. With fewer data the stream cannot be complete, so
     * that the memory taken here is bounded by the data given. */
    if (size < 8 || expected == 0 || expected / 1032 > size || !plain_zlib_header(data)) {
        return NULL;
    }
    uint8_t *rows = malloc(expected);
    struct libdeflate_decompressor *inflater = rows ? libdeflate_alloc_decompressor() : NULL;
    size_t used = 0, done = 0;
    bool good = inflater && libdeflate_deflate_decompress_ex(
                                inflater, data + 2, size - 2, rows, expected, &used, &done) ==
                                LIBDEFLATE_SUCCESS;
    if (inflater) {
        libdeflate_free_decompressor(inflater);
    }
    if (!good || done != expected ||
        !checksum_good(data + 2 + used, size - 2 - used, rows, expected)) {
        free(rows);
        return NULL;
    }
    return rows;
}

static ptrdiff_t take_all_rows(ZipDecoder *self, uint8_t *rows) {
    const uint8_t *above = self->above + 1;
    bool good, more;
    uint8_t *row = rows;
    do {
        int pass = self->pass;
        good = take_row(self, row, above);
        above = row + 1;
        row += 1 + self->row_bytes;
        more = next_row(self);
        if (self->pass != pass) {
            above = self->above + 1;
        }
    } while (good && more);
    free(rows);
    return img_codec_finish(&self->base, good ? IMG_CODEC_MORE : IMG_CODEC_UNKNOWN);
}
#endif

static ImgCodecStatus zlib_status(int code) {
    return code == Z_DATA_ERROR  ? IMG_CODEC_BROKEN
           : code == Z_MEM_ERROR ? IMG_CODEC_MEMORY
                                 : IMG_CODEC_CONFIG;
}

static bool allocate(ZipDecoder *self) {
    const ImgCodec *codec = &self->base;
    size_t bytes = img_codec_row_bytes(codec) + 1;
    self->bpp = codec->raw->bits >= 8 ? codec->raw->bits / 8 : 1;
    self->above = calloc(bytes, 1);
    if (self->interlaced) {
        self->pixels = malloc((size_t)codec->width * codec->mode->pixel_size);
    }
    return self->above && (self->pixels || !self->interlaced);
}

static int start_inflating(ZipDecoder *self) {
    self->current = malloc(img_codec_row_bytes(&self->base) + 1);
    if (!self->current) {
        return Z_MEM_ERROR;
    }
    int code = inflateInit(&self->stream);
    self->inflating = code == Z_OK;
    return code;
}

/* Stores the row that is complete in self->current. False if decoding ends; the status is set. */
static bool row_complete(ZipDecoder *self) {
    if (!take_row(self, self->current, self->above + 1)) {
        self->base.status = IMG_CODEC_UNKNOWN;
        return false;
    }
    int pass = self->pass;
    uint8_t *done = self->current;
    self->current = self->above;
    self->above = done;
    self->filled = 0;
    if (!next_row(self)) {
        self->base.status = IMG_CODEC_MORE;
        return false;
    }
    if (self->pass != pass) {
        memset(self->above, 0, self->row_bytes + 1);
    }
    return true;
}

/* One call of zlib: to the end of the row, or of the data, as far as its counters reach. */
static int inflate_some(ZipDecoder *self, const uint8_t **data, size_t *left) {
    z_stream *z = &self->stream;
    size_t wanted = self->row_bytes + 1 - self->filled;
    uInt room = wanted > UINT_MAX ? UINT_MAX : (uInt)wanted;
    uInt given = *left > UINT_MAX ? UINT_MAX : (uInt)*left;
    z->next_in = (z_const Bytef *)*data;
    z->avail_in = given;
    z->next_out = self->current + self->filled;
    z->avail_out = room;
    int code = inflate(z, Z_NO_FLUSH);
    *data += given - z->avail_in;
    *left -= given - z->avail_in;
    self->filled += room - z->avail_out;
    /* More to do in the same row, of rows or data beyond zlib's counters only. */
    return code == Z_OK && ((z->avail_out == 0 && wanted > room) || (z->avail_in == 0 && *left > 0))
               ? inflate_some(self, data, left)
               : code;
}

/* Decoding ends with the last row, or with the stream if that ends with a row. Data behind the end
 * of a stream that ends within a row are swallowed: the file is truncated. */
static ptrdiff_t inflate_rows(ZipDecoder *self, const uint8_t *data, size_t size) {
    size_t left = size;
    while (left > 0) {
        int code = inflate_some(self, &data, &left);
        if (code < 0 && code != Z_BUF_ERROR) {
            return img_codec_finish(&self->base, zlib_status(code));
        }
        if (self->filled <= self->row_bytes) {
            return (ptrdiff_t)size;
        }
        if (!row_complete(self)) {
            return -1;
        }
        if (code == Z_STREAM_END) {
            return img_codec_finish(&self->base, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)size;
}

static ptrdiff_t decode_some(ZipDecoder *self, const uint8_t *data, size_t size) {
    if (!self->started) {
        self->started = true;
        if (!allocate(self)) {
            return img_codec_finish(&self->base, IMG_CODEC_MEMORY);
        }
#ifdef HAVE_LIBDEFLATE
        size_t expected = inflated_bytes(self);
        uint8_t *rows = inflate_at_once(data, size, expected);
        if (rows) {
            first_row(self);
            return take_all_rows(self, rows);
        }
#endif
        first_row(self);
        int code = start_inflating(self);
        if (code != Z_OK) {
            return img_codec_finish(&self->base, zlib_status(code));
        }
    }
    return inflate_rows(self, data, size);
}

static ptrdiff_t zip_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    ZipDecoder *self = (ZipDecoder *)codec;
    ptrdiff_t consumed = self->finished ? -1 : decode_some(self, data, size);
    self->finished = consumed < 0;
    return consumed;
}

static void zip_release(ImgCodec *codec) {
    ZipDecoder *self = (ZipDecoder *)codec;
    if (self->inflating) {
        inflateEnd(&self->stream);
        self->inflating = false;
    }
    free(self->current);
    free(self->above);
    free(self->pixels);
}

ImgCodec *img_zip_decoder(const ImgMode *mode, const ImgRawMode *raw, bool interlaced) {
    static const ImgCodecType type = {"zip", sizeof(ZipDecoder), zip_decode, NULL, zip_release};
    ZipDecoder *self = (ZipDecoder *)img_codec_new(&type, mode, raw);
    if (self) {
        self->interlaced = interlaced;
    }
    return self ? &self->base : NULL;
}

const char *img_zlib_version(void) {
    return zlibVersion();
}

#endif
