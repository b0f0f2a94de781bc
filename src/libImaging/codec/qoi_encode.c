/* Pixels to QOI (see qoi.h): each by the first operation of a fixed order that can express it. */
#include "codec/byte_reader.h"
#include "codec/qoi.h"
#include "codec/row_encoder.h"

static const uint8_t end_marker[8] = {0, 0, 0, 0, 0, 0, 0, 1};

typedef struct {
    RowEncoder row;
    uint32_t opaque; /* or-ed to each pixel: 255 in the byte of alpha if there is no alpha */
    uint32_t previous, seen[QOI_SLOTS];
    unsigned run; /* pixels like the previous one that are not written yet; also across rows */
} QoiEncoder;

/* The difference of one byte, modulo 256, as -128 to 127. */
static inline int change(uint32_t from, uint32_t to, unsigned shift) {
    return (int8_t)((to >> shift) - (from >> shift));
}

static inline uint8_t *put_run(QoiEncoder *self, uint8_t *to) {
    if (self->run > 0) {
        *to++ = (uint8_t)(QOI_RUN | (self->run - 1));
        self->run = 0;
    }
    return to;
}

/* The pixel by what differs from the one before. */
static inline uint8_t *put_difference(uint8_t *to, uint32_t from, uint32_t pixel) {
    if ((from ^ pixel) >> 24) {
        *to++ = QOI_RGBA;
        memcpy(to, (uint8_t[4]){pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255, pixel >> 24}, 4);
        return to + 4;
    }
    const int red = change(from, pixel, 0), green = change(from, pixel, 8);
    const int blue = change(from, pixel, 16);
    if (red >= -2 && red <= 1 && green >= -2 && green <= 1 && blue >= -2 && blue <= 1) {
        *to++ = (uint8_t)(QOI_DIFF | (red + 2) << 4 | (green + 2) << 2 | (blue + 2));
        return to;
    }
    const int by_red = (int8_t)(red - green), by_blue = (int8_t)(blue - green);
    if (green >= -32 && green < 32 && by_red >= -8 && by_red < 8 && by_blue >= -8 && by_blue < 8) {
        *to++ = (uint8_t)(QOI_LUMA | (green + 32));
        *to++ = (uint8_t)((by_red + 8) << 4 | (by_blue + 8));
        return to;
    }
    *to++ = QOI_RGB;
    memcpy(to, (uint8_t[3]){pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255}, 3);
    return to + 3;
}

static uint8_t *qoi_encode_row(RowEncoder *row, uint8_t *to) {
    QoiEncoder *self = (QoiEncoder *)row;
    const uint8_t *end = row->packed + row->size;
    for (const uint8_t *at = row->packed; at < end; at += 4) {
        const uint32_t pixel = load_u32le(at) | self->opaque;
        if (pixel == self->previous) {
            if (++self->run == QOI_LONGEST_RUN) {
                to = put_run(self, to);
            }
            continue;
        }
        to = put_run(self, to);
        const unsigned slot = qoi_slot(pixel);
        if (self->seen[slot] == pixel) {
            *to++ = (uint8_t)(QOI_INDEX | slot);
        } else {
            self->seen[slot] = pixel;
            to = put_difference(to, self->previous, pixel);
        }
        self->previous = pixel;
    }
    if (row->base.row == row->base.height) { /* that was the last one */
        to = put_run(self, to);
        memcpy(to, end_marker, sizeof(end_marker));
        to += sizeof(end_marker);
    }
    return to;
}

static ptrdiff_t qoi_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    RowEncoder *self = (RowEncoder *)codec;
    const size_t width = (size_t)codec->width;
    if (size == 0) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    /* At most 5 bytes a pixel (a run before it stands for a pixel of its own, but for one of the
     * row above), and what ends the image: the last run and the marker. */
    if (!row_encoder_ready(self, 4 * width, 5 * width + 2 + sizeof(end_marker))) {
        return img_codec_finish(codec, IMG_CODEC_MEMORY);
    }
    return row_encoder_run(self, data, size);
}

ImgCodec *img_qoi_encoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {
        "qoi", sizeof(QoiEncoder), NULL, qoi_encode, row_encoder_release};
    QoiEncoder *self = (QoiEncoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->opaque = mode->bands == 4 ? 0 : 0xff000000;
    self->previous = QOI_FIRST;
    self->row.encode_row = qoi_encode_row;
    return &self->row.base;
}
