/* SGI run lengths: rows are found through a table, and each row ends with a zero. */
#include <stdio.h>

#include "codec/byte_reader.h"
#include "codec/raster.h"
#include "codec/row_buffer.h"

enum { HEADER = 512 }; /* the offsets of the table count from the start of the file */

typedef struct {
    RowDecoder row;
    int sample; /* bytes of one: 1, or 2 with the high one first */
    size_t channels;
    /* How the row is put together: its channels lie as planes one after the other if the mode has
     * an unpacker for that, which interleaves them faster than packet by packet. */
    bool in_planes;
} SgiDecoder;

typedef enum { ROW_DONE, ROW_UNENDED, ROW_BAD } RowResult;

/* Puts `count` samples of one channel from column `x` on. */
static void put_samples(
    SgiDecoder *self, size_t channel, size_t x, const uint8_t *from, unsigned count,
    bool repeated) {
    size_t sample = (size_t)self->sample, step = self->channels * sample;
    if (self->in_planes || step == 1) {
        uint8_t *to = self->row.bytes + channel * (size_t)self->row.base.width + x;
        if (repeated) {
            memset(to, *from, count);
        } else {
            memcpy(to, from, count);
        }
        return;
    }
    uint8_t *to = self->row.bytes + x * step + channel * sample;
    const bool wide = sample == 2; /* not memcpy, which would be a call for each sample */
    const size_t advance = repeated ? 0 : sample;
    for (unsigned i = 0; i < count; i++, to += step, from += advance) {
        to[0] = from[0];
        if (wide) {
            to[1] = from[1];
        }
    }
}

/* Decodes one channel of a row, of at most `length` packets. */
static RowResult read_row(SgiDecoder *self, ByteReader in, size_t channel, uint32_t length) {
    size_t sample = (size_t)self->sample, width = (size_t)self->row.base.width, x = 0;
    for (; length > 0; length--) {
        const uint8_t *control = take_bytes(&in, sample);
        if (!control) {
            return ROW_BAD;
        }
        unsigned packet = control[sample - 1], count = packet & 0x7f;
        if (length == 1 && packet != 0) {
            return ROW_UNENDED;
        }
        if (count == 0) {
            break;
        }
        bool repeated = !(packet & 0x80);
        const uint8_t *data = take_bytes(&in, repeated ? sample : count * sample);
        if (!data || count > width - x) {
            return ROW_BAD;
        }
        put_samples(self, channel, x, data, count, repeated);
        x += count;
    }
    return ROW_DONE;
}

/* Decodes all channels of the row that is next. */
static RowResult read_channels(SgiDecoder *self, const uint8_t *data, size_t size) {
    ImgCodec *codec = &self->row.base;
    size_t height = (size_t)codec->height, entries = height * self->channels;
    for (size_t channel = 0; channel < self->channels; channel++) {
        const uint8_t *entry = data + 4 * ((size_t)codec->row + channel * height);
        uint32_t offset = load_u32be(entry), length = load_u32be(entry + 4 * entries);
        if (offset < HEADER || offset - HEADER > size) {
            return ROW_BAD;
        }
        if (length > INT32_MAX) {
            length = 0; /* taken for negative */
        }
        size_t start = offset - HEADER;
        RowResult result = read_row(self, byte_reader(data + start, size - start), channel, length);
        if (result != ROW_DONE) {
            return result;
        }
    }
    return ROW_DONE;
}

/* Whether the row can be put together from planes; changes the raw mode accordingly. "RGB" and
 * "RGB;L" are the same bytes in another order, and so are the other pairs. */
static bool choose_planes(ImgCodec *codec) {
    char name[16];
    int length = snprintf(name, sizeof(name), "%s;L", codec->raw->name);
    const ImgRawMode *planes =
        length < (int)sizeof(name) ? img_find_unpacker(codec->mode, name) : NULL;
    if (!planes || !planes->interleaved || planes->bits != codec->raw->bits) {
        return false;
    }
    codec->raw = planes;
    return true;
}

static ptrdiff_t sgi_rle_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    SgiDecoder *self = (SgiDecoder *)codec;
    size_t bits = (size_t)self->sample * 8;
    self->channels = codec->raw->bits / bits;
    if (codec->raw->planes || codec->raw->bits % bits != 0 || self->channels == 0) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    if (self->sample == 1 && self->channels > 1 && !self->in_planes) {
        self->in_planes = choose_planes(codec);
    }
    if (!row_ready(&self->row)) {
        return -1;
    }
    /* Two tables of four bytes an entry. */
    if (size / 8 / self->channels < (size_t)codec->height) {
        return img_codec_finish(codec, IMG_CODEC_OVERRUN);
    }
    bool more = true;
    while (more) {
        switch (read_channels(self, data, size)) {
        case ROW_BAD:
            return img_codec_finish(codec, IMG_CODEC_OVERRUN);
        case ROW_UNENDED:
            return img_codec_finish(codec, IMG_CODEC_MORE);
        case ROW_DONE:
            more = row_flush(&self->row);
        }
    }
    return img_codec_finish(codec, IMG_CODEC_MORE);
}

ImgCodec *img_sgi_rle_decoder(
    const ImgMode *mode, const ImgRawMode *raw, bool upside_down, int bytes_per_sample) {
    static const ImgCodecType type = {
        "sgi_rle", sizeof(SgiDecoder), sgi_rle_decode, NULL, row_release};
    SgiDecoder *self = (SgiDecoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->row.base.upside_down = upside_down;
    self->sample = bytes_per_sample;
    return &self->row.base;
}
