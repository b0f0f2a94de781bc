/* A packed row that fills byte by byte: for decoders that produce bytes. */
#ifndef IMAGING_CODEC_ROW_BUFFER_H
#define IMAGING_CODEC_ROW_BUFFER_H

#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"

typedef struct {
    ImgCodec base;
    uint8_t *bytes;
    size_t size, filled;
} RowDecoder;

/* Begins every call: allocates the row on the first one. False: the decoder is to return -1, since
 * the image is complete or, as the status then says, there is no memory. */
static inline bool row_ready(RowDecoder *self) {
    ImgCodec *codec = &self->base;
    if (codec->row >= codec->height) {
        return false;
    }
    if (!self->bytes) {
        self->size = img_codec_row_bytes(codec);
        self->bytes = calloc(self->size, 1);
        codec->status = self->bytes ? codec->status : IMG_CODEC_MEMORY;
    }
    return self->bytes != NULL;
}

/* Stores a full row. False: that was the last one. */
static inline bool row_flush(RowDecoder *self) {
    ImgCodec *codec = &self->base;
    img_unpack_row(codec->raw, img_codec_row(codec, codec->row), self->bytes, codec->width);
    self->filled = 0;
    return ++codec->row < codec->height;
}

/* Adds a byte. False: the image is complete. */
static inline bool row_put(RowDecoder *self, uint8_t byte) {
    self->bytes[self->filled++] = byte;
    return self->filled < self->size || row_flush(self);
}

static inline void row_release(ImgCodec *codec) {
    free(((RowDecoder *)codec)->bytes);
}

#endif
