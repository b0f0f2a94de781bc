/* Numbers of any width up to 31 bits, to float32. */
#include <string.h>

#include "codec/simple.h"

typedef struct {
    ImgCodec base;
    ImgBitOptions options;
    uint64_t bits; /* the accumulator; below 31 + 8 bits of it count */
    int count;
    int column;
} BitDecoder;

static void add_byte(BitDecoder *self, uint8_t byte) {
    if (self->options.fill & 1) {
        self->bits |= (uint64_t)byte << self->count;
    } else {
        self->bits = self->bits << 8 | byte;
    }
    self->count += 8;
}

/* The next number. `byte` is the one added last: with more than 32 bits pending, only what is left
 * of it stays in the accumulator. */
static float take_number(BitDecoder *self, uint8_t byte) {
    int bits = self->options.bits, rest = self->count - bits;
    uint64_t mask = ((uint64_t)1 << bits) - 1, value;
    if (self->options.fill & 2) {
        value = self->bits & mask;
        self->bits = self->count > 32 ? (uint64_t)byte >> (8 - rest) : self->bits >> bits;
    } else {
        value = self->bits >> rest & mask;
    }
    self->count = rest;
    int64_t number = (int64_t)value;
    if (self->options.is_signed && value >> (bits - 1)) {
        number -= (int64_t)mask + 1;
    }
    return (float)number;
}

/* Stores a number. False: the image is complete. */
static bool put_number(BitDecoder *self, float number) {
    ImgCodec *codec = &self->base;
    uint8_t *row = img_codec_row(codec, codec->row);
    memcpy(row + (size_t)self->column * sizeof(number), &number, sizeof(number));
    if (++self->column == codec->width) {
        self->column = 0;
        codec->row++;
        if (self->options.pad > 0) {
            self->count = 0;
        }
    }
    return codec->row < codec->height;
}

static ptrdiff_t bit_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    BitDecoder *self = (BitDecoder *)codec;
    if (self->options.bits < 1 || self->options.bits > 31) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    if (codec->row >= codec->height) {
        return -1;
    }
    for (size_t i = 0; i < size; i++) {
        add_byte(self, data[i]);
        while (self->count >= self->options.bits) {
            if (!put_number(self, take_number(self, data[i]))) {
                return img_codec_finish(codec, IMG_CODEC_MORE);
            }
        }
    }
    return (ptrdiff_t)size;
}

ImgCodec *img_bit_decoder(const ImgMode *mode, const ImgBitOptions *options) {
    static const ImgCodecType type = {"bit", sizeof(BitDecoder), bit_decode, NULL, NULL};
    BitDecoder *self = (BitDecoder *)img_codec_new(&type, mode, NULL);
    if (!self) {
        return NULL;
    }
    self->options = *options;
    self->base.upside_down = options->ystep < 0;
    return &self->base;
}
