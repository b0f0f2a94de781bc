/* Encoders that turn one packed row after the other into bytes, and pass these on in pieces of any
 * size. */
#ifndef IMAGING_CODEC_ROW_ENCODER_H
#define IMAGING_CODEC_ROW_ENCODER_H

#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"

typedef struct RowEncoder RowEncoder;

struct RowEncoder {
    ImgCodec base;
    /* Writes the encoded form of `packed` and returns its end. */
    uint8_t *(*encode_row)(RowEncoder *self, uint8_t *coded);
    size_t unit;     /* bytes of one pixel, or of one plane of a row */
    uint8_t *packed; /* the row, `size` bytes; what packing leaves over is 0 */
    size_t size;
    uint8_t *coded; /* the row encoded: bytes [sent, filled) are still to be passed on */
    size_t sent, filled;
};

/* Allocates a row of `size` bytes and `capacity` bytes for its encoded form, on the first call.
 * Both are in proportion to the image's width, so the sum does not overflow. False: out of memory.
 */
static inline bool row_encoder_ready(RowEncoder *self, size_t size, size_t capacity) {
    if (!self->packed) {
        self->size = size;
        self->packed = calloc(size + capacity, 1);
        self->coded = self->packed ? self->packed + size : NULL;
    }
    return self->packed != NULL;
}

/* Fills `data`; sets the status. */
static inline ptrdiff_t row_encoder_run(RowEncoder *self, uint8_t *data, size_t size) {
    ImgCodec *codec = &self->base;
    size_t written = 0;
    codec->status = IMG_CODEC_MORE;
    while (written < size) {
        if (self->sent == self->filled) {
            if (codec->row >= codec->height) {
                codec->status = IMG_CODEC_END;
                break;
            }
            const uint8_t *pixels = img_codec_row(codec, codec->row++);
            img_pack_row(codec->raw, self->packed, pixels, codec->width);
            self->filled = (size_t)(self->encode_row(self, self->coded) - self->coded);
            self->sent = 0;
        }
        size_t left = self->filled - self->sent, room = size - written;
        size_t count = left < room ? left : room;
        memcpy(data + written, self->coded + self->sent, count);
        self->sent += count;
        written += count;
    }
    return (ptrdiff_t)written;
}

static inline void row_encoder_release(ImgCodec *codec) {
    free(((RowEncoder *)codec)->packed);
}

#endif
