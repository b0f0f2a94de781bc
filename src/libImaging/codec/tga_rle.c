/* TGA run lengths: a byte with the number of pixels less one in its low 7 bits, then one pixel to
 * be repeated if the highest bit is set, or so many pixels. */
#include "codec/byte_reader.h"
#include "codec/row_buffer.h"
#include "codec/row_encoder.h"
#include "codec/runs.h"

enum { RUN = 0x80, LONGEST = 128 };

typedef struct {
    RowDecoder row;
    size_t pixel; /* bytes; 0 for pixels below a byte, which no packet can hold */
} TgaDecoder;

/* With a constant size this is a loop of plain stores. */
static inline void repeat(uint8_t *to, const uint8_t *pixel, size_t size, size_t count) {
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * size, pixel, size);
    }
}

/* Repeats a pixel in the row. False: the row is too short for that. */
static bool put_run(TgaDecoder *self, const uint8_t *pixel, size_t count) {
    RowDecoder *row = &self->row;
    size_t bytes = count * self->pixel;
    if (bytes > row->size - row->filled) {
        return false;
    }
    uint8_t *to = row->bytes + row->filled;
    switch (self->pixel) {
    case 1:
        memset(to, *pixel, count);
        break;
    case 3:
        repeat(to, pixel, 3, count);
        break;
    case 4:
        repeat(to, pixel, 4, count);
        break;
    default:
        repeat(to, pixel, self->pixel, count);
    }
    row->filled += bytes;
    return true;
}

/* Puts bytes in this row and those after it. False: the image is complete. */
static bool put_literals(RowDecoder *row, const uint8_t *from, size_t count) {
    while (count > 0) {
        size_t room = row->size - row->filled, n = count < room ? count : room;
        memcpy(row->bytes + row->filled, from, n);
        row->filled += n;
        from += n;
        count -= n;
        if (row->filled == row->size && !row_flush(row)) {
            return false;
        }
    }
    return true;
}

static ptrdiff_t tga_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    TgaDecoder *self = (TgaDecoder *)codec;
    RowDecoder *row = &self->row;
    if (!row_ready(row)) {
        return -1;
    }
    if (self->pixel > 0 && row->size % self->pixel != 0) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    ByteReader in = byte_reader(data, size);
    while (bytes_left(&in) > 0) {
        unsigned control = in.at[0];
        size_t count = (control & (RUN - 1)) + 1u;
        size_t bytes = control & RUN ? self->pixel : count * self->pixel;
        const uint8_t *packet = take_bytes(&in, 1 + bytes);
        if (!packet) {
            break;
        }
        bool more = true;
        if (control & RUN) {
            if (!put_run(self, packet + 1, count)) {
                return img_codec_finish(codec, IMG_CODEC_OVERRUN);
            }
            more = row->filled < row->size || row_flush(row);
        } else {
            more = put_literals(row, packet + 1, bytes);
        }
        if (!more) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)(size - bytes_left(&in));
}

ImgCodec *
img_tga_rle_decoder(const ImgMode *mode, const ImgRawMode *raw, bool upside_down, int depth) {
    static const ImgCodecType type = {"tga_rle", sizeof(TgaDecoder), tga_decode, NULL, row_release};
    TgaDecoder *self = (TgaDecoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->row.base.upside_down = upside_down;
    self->pixel = depth > 0 ? (size_t)depth / 8 : 0;
    return &self->row.base;
}

/* --- encoding --- */

/* Pixels of the packet that begins at `at`, at most `limit` of them: up to the first that is unlike
 * its neighbour for a run, and up to two that are alike for literals. */
static inline size_t packet_length(const uint8_t *at, size_t pixel, size_t limit, bool *is_run) {
    *is_run = limit > 1 && memcmp(at, at + pixel, pixel) == 0;
    if (limit == 1) {
        return 1;
    }
    size_t count = 2;
    const uint8_t *last = at + pixel;
    for (; count < limit; count++, last += pixel) {
        if ((memcmp(last, last + pixel, pixel) == 0) != *is_run) {
            /* The first of two that are alike begins a run. */
            return *is_run ? count : count - 1;
        }
    }
    return count;
}

/* With a constant size of the pixels, comparing two is comparing a word. */
static inline uint8_t *encode_pixels(const uint8_t *at, size_t left, size_t pixel, uint8_t *to) {
    while (left > 0) {
        bool is_run;
        size_t count = packet_length(at, pixel, left < LONGEST ? left : LONGEST, &is_run);
        size_t bytes = is_run ? pixel : count * pixel;
        *to++ = (uint8_t)((is_run ? RUN : 0) | (count - 1));
        memcpy(to, at, bytes);
        to += bytes;
        at += count * pixel;
        left -= count;
    }
    return to;
}

static uint8_t *tga_encode_row(RowEncoder *self, uint8_t *to) {
    const size_t width = (size_t)self->base.width;
    switch (self->unit) {
    case 1:
        return encode_pixels(self->packed, width, 1, to);
    case 3:
        return encode_pixels(self->packed, width, 3, to);
    case 4:
        return encode_pixels(self->packed, width, 4, to);
    default:
        return encode_pixels(self->packed, width, self->unit, to);
    }
}

static ptrdiff_t tga_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    RowEncoder *self = (RowEncoder *)codec;
    self->unit = (codec->raw->bits + 7u) / 8; /* pixels below a byte take one each */
    size_t row = (size_t)codec->width * self->unit;
    if (size == 0) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    /* A packet takes a byte more than its pixels, so encoding at most doubles a row. */
    if (!row_encoder_ready(self, row, 2 * row)) {
        return img_codec_finish(codec, IMG_CODEC_MEMORY);
    }
    return row_encoder_run(self, data, size);
}

ImgCodec *img_tga_rle_encoder(const ImgMode *mode, const ImgRawMode *raw, bool upside_down) {
    static const ImgCodecType type = {
        "tga_rle", sizeof(RowEncoder), NULL, tga_encode, row_encoder_release};
    RowEncoder *self = (RowEncoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->base.upside_down = upside_down;
    self->encode_row = tga_encode_row;
    return &self->base;
}
