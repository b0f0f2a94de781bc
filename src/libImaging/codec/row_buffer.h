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

/* Allocates the row on the first call. False: out of memory. */
static inline bool row_ready(RowDecoder *self) {
    if (!self->bytes) {
        self->size = img_codec_row_bytes(&self->base);
        self->bytes = calloc(self->size, 1);
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
