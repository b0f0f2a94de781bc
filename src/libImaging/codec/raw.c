/* Uncompressed pixels: rows in a raw mode, perhaps with gaps between them. */
#include "codec/raw.h"

#include <string.h>

#include "pixel/raw_rows.h"

typedef struct {
    ImgCodec base;
    int stride;
    bool in_gap; /* decoding: the gap before the next row is still to be skipped */
} RawCodec;

/* Bytes between the end of a row and the start of the next; false if the stride is too small. */
static bool gap_bytes(const RawCodec *self, size_t *gap) {
    size_t row_bytes = img_codec_row_bytes(&self->base);
    /* Pillow's encoder takes a negative stride for 0, its decoder for an error. */
    bool packed = self->base.type->encode ? self->stride <= 0 : self->stride == 0;
    if (packed) {
        *gap = 0;
        return true;
    }
    if (self->stride < 0 || (size_t)self->stride < row_bytes) {
        return false;
    }
    *gap = (size_t)self->stride - row_bytes;
    return true;
}

static ptrdiff_t raw_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    RawCodec *self = (RawCodec *)codec;
    const uint8_t *start = data, *end = data + size;
    size_t row_bytes = img_codec_row_bytes(codec), gap;
    if (!gap_bytes(self, &gap)) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    while (codec->row < codec->height) {
        if (self->in_gap) {
            if ((size_t)(end - data) < gap) {
                break;
            }
            data += gap;
            self->in_gap = false;
        }
        if ((size_t)(end - data) < row_bytes) {
            break;
        }
        img_unpack_row(codec->raw, img_codec_row(codec, codec->row), data, codec->width);
        data += row_bytes;
        codec->row++;
        self->in_gap = gap > 0;
    }
    if (codec->row >= codec->height) {
        return img_codec_finish(codec, IMG_CODEC_MORE);
    }
    return data - start;
}

/* How many of the next rows, at most `most`, can be copied as one, as they lie in memory as they
 * are to be written. At least 1. */
static int rows_as_written(const ImgCodec *codec, size_t row_bytes, int most) {
    const ImgRawRow row = codec->raw->row;
    if (row != raw_copy_1 && row != raw_copy_2 && row != raw_copy_4) {
        return 1;
    }
    const uint8_t *start = img_codec_row(codec, codec->row);
    int count = 1;
    while (count < most &&
           img_codec_row(codec, codec->row + count) == start + (size_t)count * row_bytes) {
        count++;
    }
    return count;
}

static ptrdiff_t raw_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    RawCodec *self = (RawCodec *)codec;
    size_t row_bytes = img_codec_row_bytes(codec), gap, written = 0;
    if (!gap_bytes(self, &gap)) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    if (size < row_bytes + gap) {
        codec->status = IMG_CODEC_CONFIG;
        return 0;
    }
    const int left = codec->height - codec->row;
    const size_t fit = size / (row_bytes + gap);
    const int last = codec->row + (fit < (size_t)left ? (int)fit : left);
    while (codec->row < last) {
        const uint8_t *row = img_codec_row(codec, codec->row);
        const int rows = gap ? 1 : rows_as_written(codec, row_bytes, last - codec->row);
        if (rows > 1) {
            memcpy(data + written, row, (size_t)rows * row_bytes);
        } else {
            img_pack_row(codec->raw, data + written, row, codec->width);
            memset(data + written + row_bytes, 0, gap);
        }
        written += (size_t)rows * (row_bytes + gap);
        codec->row += rows;
    }
    codec->status = codec->row >= codec->height ? IMG_CODEC_END : IMG_CODEC_MORE;
    return (ptrdiff_t)written;
}

static ImgCodec *raw_codec(
    const ImgCodecType *type, const ImgMode *mode, const ImgRawMode *raw, int stride, int ystep) {
    RawCodec *self = (RawCodec *)img_codec_new(type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->stride = stride;
    self->base.upside_down = ystep < 0;
    return &self->base;
}

ImgCodec *img_raw_decoder(const ImgMode *mode, const ImgRawMode *raw, int stride, int ystep) {
    static const ImgCodecType type = {"raw", sizeof(RawCodec), raw_decode, NULL, NULL};
    return raw_codec(&type, mode, raw, stride, ystep);
}

ImgCodec *img_raw_encoder(const ImgMode *mode, const ImgRawMode *raw, int stride, int ystep) {
    static const ImgCodecType type = {"raw", sizeof(RawCodec), NULL, raw_encode, NULL};
    return raw_codec(&type, mode, raw, stride, ystep);
}

size_t img_raw_encoded_size(const ImgCodec *codec, size_t piece) {
    size_t gap;
    if (codec->type->encode != raw_encode || !codec->image || codec->began || codec->released ||
        !gap_bytes((const RawCodec *)codec, &gap)) {
        return 0;
    }
    const size_t row = img_codec_row_bytes(codec) + gap;
    return row <= piece && row <= SIZE_MAX / (size_t)codec->height ? row * (size_t)codec->height
                                                                   : 0;
}
