/* Decoder of PNG image data. */
#include "codec/zip.h"

#ifdef HAVE_LIBZ

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "codec/inflate.h"
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
    ImgInflate *stream;
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

static bool allocate(ZipDecoder *self) {
    const ImgCodec *codec = &self->base;
    size_t bytes = img_codec_row_bytes(codec) + 1;
    self->bpp = codec->raw->bits >= 8 ? codec->raw->bits / 8 : 1;
    self->stream = img_inflate_new();
    self->current = malloc(bytes);
    self->above = calloc(bytes, 1); /* zeros above the first row */
    if (self->interlaced) {
        self->pixels = malloc((size_t)codec->width * codec->mode->pixel_size);
    }
    return self->stream && self->current && self->above && (self->pixels || !self->interlaced);
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

/* Decoding ends with the last row, or with the stream if that ends with a row. Data behind the end
 * of a stream that ends within a row are swallowed: the file is truncated. */
static ptrdiff_t inflate_rows(ZipDecoder *self, const uint8_t *data, size_t size) {
    img_inflate_feed(self->stream, data, size);
    for (;;) {
        ImgInflateStatus status;
        const size_t wanted = self->row_bytes + 1 - self->filled;
        const size_t got =
            img_inflate_read(self->stream, self->current + self->filled, wanted, &status);
        self->filled += got;
        if (status == IMG_INFLATE_BROKEN) {
            return img_codec_finish(&self->base, IMG_CODEC_BROKEN);
        }
        if (got < wanted) {
            return (ptrdiff_t)size;
        }
        if (!row_complete(self)) {
            return -1;
        }
        if (status == IMG_INFLATE_END) {
            return img_codec_finish(&self->base, IMG_CODEC_MORE);
        }
    }
}

static ptrdiff_t decode_some(ZipDecoder *self, const uint8_t *data, size_t size) {
    if (!self->started) {
        self->started = true;
        if (!allocate(self)) {
            return img_codec_finish(&self->base, IMG_CODEC_MEMORY);
        }
        begin_pass(self);
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
    img_inflate_free(self->stream);
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
