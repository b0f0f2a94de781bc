/* PCX run lengths: a byte from 0xC0 on has a count in its low 6 bits, for the byte behind it; other
 * bytes stand for themselves. */
#include "codec/byte_reader.h"
#include "codec/row_buffer.h"
#include "codec/row_encoder.h"
#include "codec/runs.h"

enum { RUN = 0xC0, LONGEST = 63 };

typedef struct {
    RowDecoder row; /* its size is that of rows in the file */
    int stride;
} PcxDecoder;

/* Allocates the row on the first call. */
static ImgCodecStatus pcx_ready(PcxDecoder *self) {
    RowDecoder *row = &self->row;
    size_t packed = img_codec_row_bytes(&row->base);
    if (self->stride < 0 || (self->stride > 0 && (size_t)self->stride < packed)) {
        return IMG_CODEC_OVERRUN;
    }
    if (!row->bytes) {
        row->size = self->stride > 0 ? (size_t)self->stride : packed;
        row->bytes = calloc(row->size, 1);
    }
    return row->bytes ? IMG_CODEC_MORE : IMG_CODEC_MEMORY;
}

/* Moves the planes of a row together if each is followed by a gap. */
static void close_gaps(const RowDecoder *row) {
    const ImgCodec *codec = &row->base;
    const ImgRawMode *raw = codec->raw;
    size_t planes = raw->planes ? raw->planes : (size_t)codec->mode->bands;
    size_t plane = img_codec_row_bytes(codec) / planes, stored = row->size / planes;
    if (stored > plane) {
        for (size_t i = 1; i < planes; i++) {
            memmove(row->bytes + i * plane, row->bytes + i * stored, plane);
        }
    }
}

/* How many bytes stand for themselves, up to `limit`. */
static size_t literal_bytes(const uint8_t *at, size_t limit) {
    size_t count = 0;
    while (count < limit && at[count] < RUN) {
        count++;
    }
    return count;
}

static ptrdiff_t pcx_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    PcxDecoder *self = (PcxDecoder *)codec;
    RowDecoder *row = &self->row;
    if (codec->row >= codec->height) {
        return -1;
    }
    ImgCodecStatus ready = pcx_ready(self);
    if (ready != IMG_CODEC_MORE) {
        return img_codec_finish(codec, ready);
    }
    ByteReader in = byte_reader(data, size);
    while (bytes_left(&in) > 0) {
        size_t room = row->size - row->filled, count;
        uint8_t *to = row->bytes + row->filled;
        if (in.at[0] < RUN) {
            size_t limit = room < bytes_left(&in) ? room : bytes_left(&in);
            count = literal_bytes(in.at, limit);
            memcpy(to, take_bytes(&in, count), count);
        } else {
            const uint8_t *packet = take_bytes(&in, 2);
            if (!packet) {
                break;
            }
            count = packet[0] - RUN;
            if (count > room) {
                codec->status = IMG_CODEC_OVERRUN;
                count = room;
            }
            memset(to, packet[1], count);
        }
        row->filled += count;
        if (row->filled == row->size) {
            close_gaps(row);
            if (!row_flush(row)) {
                return img_codec_finish(codec, codec->status);
            }
        }
    }
    return (ptrdiff_t)(size - bytes_left(&in));
}

ImgCodec *img_pcx_decoder(const ImgMode *mode, const ImgRawMode *raw, int stride) {
    static const ImgCodecType type = {"pcx", sizeof(PcxDecoder), pcx_decode, NULL, row_release};
    PcxDecoder *self = (PcxDecoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->stride = stride;
    return &self->row.base;
}

/* --- encoding --- */

static uint8_t *pcx_encode_row(RowEncoder *self, uint8_t *to) {
    const uint8_t *plane = self->packed;
    for (size_t done = 0; done < self->size; done += self->unit, plane += self->unit) {
        for (size_t i = 0; i < self->unit;) {
            size_t left = self->unit - i, limit = left < LONGEST ? left : LONGEST, count = 1;
            uint8_t value = plane[i];
            while (count < limit && plane[i + count] == value) {
                count++;
            }
            if (count > 1 || value >= RUN) {
                *to++ = (uint8_t)(RUN | count);
            }
            *to++ = value;
            i += count;
        }
        if (self->unit % 2) {
            *to++ = 0; /* planes have even lengths; the byte is no part of a run */
        }
    }
    return to;
}

static ptrdiff_t pcx_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    RowEncoder *self = (RowEncoder *)codec;
    size_t packed = img_codec_row_bytes(codec);
    /* Three bytes a pixel are three planes; all else is one. */
    size_t planes = codec->raw->bits == 24 ? 3 : 1;
    self->unit = packed / planes;
    if (size == 0) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    /* A byte becomes two at most, and a plane may get one more. */
    if (!row_encoder_ready(self, packed, 2 * packed + planes)) {
        return img_codec_finish(codec, IMG_CODEC_MEMORY);
    }
    return row_encoder_run(self, data, size);
}

ImgCodec *img_pcx_encoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {
        "pcx", sizeof(RowEncoder), NULL, pcx_encode, row_encoder_release};
    RowEncoder *self = (RowEncoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->encode_row = pcx_encode_row;
    return &self->base;
}
