/* QOI to pixels; see qoi.h. */
#include "codec/byte_reader.h"
#include "codec/qoi.h"
#include "codec/row_buffer.h"

typedef struct {
    RowDecoder row;
    size_t bands;
    uint32_t previous, seen[QOI_SLOTS];
} QoiDecoder;

/* The pixel with other colours. */
static uint32_t coloured(uint32_t pixel, unsigned red, unsigned green, unsigned blue) {
    return (pixel & 0xff000000) | (red & 255) | (green & 255) << 8 | (blue & 255) << 16;
}

/* The pixel moved by differences. */
static uint32_t moved(uint32_t pixel, int red, int green, int blue) {
    return coloured(
        pixel, (pixel & 255) + (unsigned)red, (pixel >> 8 & 255) + (unsigned)green,
        (pixel >> 16 & 255) + (unsigned)blue);
}

/* Bytes that follow the first one of an operation. */
static size_t operand_size(unsigned code) {
    return code == QOI_RGB ? 3 : code == QOI_RGBA ? 4 : (code & 0xc0) == QOI_LUMA;
}

/* What an operation that changes the pixel makes of it. */
static uint32_t changed(uint32_t pixel, unsigned code, const uint8_t *operand) {
    if (code == QOI_RGB) {
        return coloured(pixel, operand[0], operand[1], operand[2]);
    }
    if (code == QOI_RGBA) {
        return load_u32le(operand);
    }
    if ((code & 0xc0) == QOI_DIFF) {
        return moved(
            pixel, (int)(code >> 4 & 3) - 2, (int)(code >> 2 & 3) - 2, (int)(code & 3) - 2);
    }
    const int green = (int)(code & 63) - 32;
    return moved(pixel, green + (operand[0] >> 4) - 8, green, green + (operand[0] & 15) - 8);
}

/* Adds a pixel so many times. False: the image is complete. */
static bool put_pixels(QoiDecoder *self, uint32_t pixel, unsigned count) {
    RowDecoder *row = &self->row;
    const uint8_t bytes[4] = {
        pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255, (uint8_t)(pixel >> 24)};
    for (; count > 0; count--) {
        uint8_t *to = row->bytes + row->filled;
        memcpy(to, bytes, 3);
        if (self->bands == 4) {
            to[3] = bytes[3];
        }
        row->filled += self->bands;
        if (row->filled == row->size && !row_flush(row)) {
            return false;
        }
    }
    return true;
}

static ptrdiff_t qoi_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    QoiDecoder *self = (QoiDecoder *)codec;
    if (!row_ready(&self->row)) {
        return -1;
    }
    ByteReader in = byte_reader(data, size);
    while (bytes_left(&in) > 0) {
        const unsigned code = in.at[0];
        const uint8_t *bytes = take_bytes(&in, 1 + operand_size(code));
        if (!bytes) {
            break;
        }
        unsigned count = 1;
        if ((code & 0xc0) == QOI_RUN && code < QOI_RGB) {
            count += code & 63;
        } else if ((code & 0xc0) == QOI_INDEX) {
            self->previous = self->seen[code];
        } else {
            self->previous = changed(self->previous, code, bytes + 1);
            self->seen[qoi_slot(self->previous)] = self->previous;
        }
        if (!put_pixels(self, self->previous, count)) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)(size - bytes_left(&in));
}

ImgCodec *img_qoi_decoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {"qoi", sizeof(QoiDecoder), qoi_decode, NULL, row_release};
    QoiDecoder *self = (QoiDecoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->bands = raw->bits / 8u;
    self->previous = QOI_FIRST;
    return &self->row.base;
}
