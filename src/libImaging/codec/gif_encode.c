/* GIF: pixels to LZW, greedily: the longest known string each time. */
#include <string.h>

#include "codec/gif.h"

#define MAX_CODES 4096
#define CLEAR 256
#define END 257
#define FIRST_CODE 258
#define FIRST_WIDTH 9
#define MAX_BLOCK 255

/* At most 4096 - 258 strings: the table is never more than half full. */
#define SLOTS 8192
/* Of the 20 bits of a key (string, pixel), spread by a multiplication (Fibonacci hashing). */
#define SLOT_OF(key) ((uint32_t)((key) * 2654435769U) >> 19)

typedef struct {
    ImgCodec base;
    bool interlaced, bilevel, started, finished; /* bilevel: white may be any number but 0 */
    ImgGifRows rows;
    int column;
    int string; /* code of the current one; -1: none yet */
    int next, width;
    /* Three codes at most wait: the last string, clear or end, and less than a byte. */
    uint64_t accumulator;
    int accumulated;
    /* Key and code of the known strings; a key of 0 (impossible: keys have bit 20) is free. */
    uint32_t keys[SLOTS];
    uint16_t codes[SLOTS];
} GifEncoder;

static void forget_strings(GifEncoder *self) {
    memset(self->keys, 0, sizeof self->keys);
    self->next = FIRST_CODE;
    self->width = FIRST_WIDTH;
}

static void put_code(GifEncoder *self, int code) {
    self->accumulator |= (uint64_t)code << self->accumulated;
    self->accumulated += self->width;
}

/* The slot of a string, or the free one where it would be. */
static inline uint32_t find_slot(const GifEncoder *self, uint32_t key) {
    uint32_t slot = SLOT_OF(key);
    while (self->keys[slot] && self->keys[slot] != key) {
        slot = (slot + 1) % SLOTS;
    }
    return slot;
}

/* Goes on with a pixel; codes are put out when the string is unknown. */
static void take_pixel(GifEncoder *self, uint8_t pixel) {
    if (self->string < 0) {
        self->string = pixel;
        return;
    }
    uint32_t key = 1U << 20 | (uint32_t)self->string << 8 | pixel;
    uint32_t slot = find_slot(self, key);
    if (self->keys[slot]) {
        self->string = self->codes[slot];
        return;
    }
    put_code(self, self->string);
    if (self->next < MAX_CODES) {
        self->keys[slot] = key;
        self->codes[slot] = (uint16_t)self->next;
        if (self->next == 1 << self->width) {
            self->width++;
        }
        self->next++;
    } else {
        put_code(self, CLEAR);
        forget_strings(self);
    }
    self->string = pixel;
}

/* Encodes until some whole bytes wait; false when there are no pixels left. */
static bool encode_row_part(GifEncoder *self) {
    ImgCodec *codec = &self->base;
    while (codec->row < codec->height) {
        const uint8_t *row = img_codec_row(codec, self->rows.row);
        while (self->column < codec->width) {
            uint8_t pixel = row[self->column++];
            take_pixel(self, pixel && self->bilevel ? 255 : pixel);
            if (self->accumulated >= 8) {
                return true;
            }
        }
        self->column = 0;
        codec->row++;
        img_gif_next_row(&self->rows, self->interlaced, codec->height);
    }
    return false;
}

/* Makes sure that a byte waits. False: all is written. */
static bool byte_waits(GifEncoder *self) {
    if (self->accumulated >= 8) {
        return true;
    }
    if (!self->started) {
        self->started = true;
        self->string = -1;
        forget_strings(self);
        put_code(self, CLEAR);
        return true;
    }
    if (self->finished) {
        /* What is left is padded with zeros. */
        self->accumulated = self->accumulated > 0 ? 8 : 0;
    } else if (!encode_row_part(self)) {
        self->finished = true;
        put_code(self, self->string);
        put_code(self, END);
    }
    return self->accumulated >= 8;
}

static ptrdiff_t gif_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    GifEncoder *self = (GifEncoder *)codec;
    size_t at = 0;
    codec->status = IMG_CODEC_MORE;
    if (size < 2) {
        codec->status = IMG_CODEC_MEMORY;
        return 0;
    }
    while (size - at >= 2) {
        size_t room = size - at - 1, count = 0;
        uint8_t *block = data + at + 1;
        room = room < MAX_BLOCK ? room : MAX_BLOCK;
        while (count < room && byte_waits(self)) {
            block[count++] = (uint8_t)self->accumulator;
            self->accumulator >>= 8;
            self->accumulated -= 8;
        }
        if (count > 0) {
            data[at] = (uint8_t)count;
            at += 1 + count;
        }
        if (count < room) {
            codec->status = IMG_CODEC_END;
            break;
        }
    }
    return (ptrdiff_t)at;
}

ImgCodec *img_gif_encoder(const ImgMode *mode, bool interlaced) {
    static const ImgCodecType type = {"gif", sizeof(GifEncoder), NULL, gif_encode, NULL};
    GifEncoder *self = (GifEncoder *)img_codec_new(&type, mode, NULL);
    if (self) {
        self->interlaced = interlaced;
        self->bilevel = mode == img_mode(IMG_MODE_1);
    }
    return (ImgCodec *)self;
}
