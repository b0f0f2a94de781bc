/* GIF: LZW to pixels.
 *
 * A code stands for the string of an older code and one more byte. Strings are written from their
 * end, where their last byte is known; as their lengths are kept too, most go straight to their
 * place in the row.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/gif.h"

#define MAX_BITS 12
#define MAX_CODES (1 << MAX_BITS)

typedef struct {
    ImgCodec base;
    int bits, transparency;
    bool interlaced, ended; /* ended: by the end code */
    ImgGifRows rows;
    /* Where the row under way is written: image memory, or `line` if some pixels are to stay. */
    uint8_t *target, *line;
    int filled, stored; /* of `target`; of `line`, in the image */
    uint64_t accumulator;
    int accumulated, width; /* bits waiting; bits of a code */
    int last, next;         /* -1: no code yet; the code of the next new string */
    uint16_t older[MAX_CODES], length[MAX_CODES];
    uint8_t first[MAX_CODES], final[MAX_CODES];
    uint8_t string[MAX_CODES + 1];
} GifDecoder;

static void forget_strings(GifDecoder *self) {
    self->width = self->bits + 1; /* up to 13, but no string has a code of 13 bits */
    self->next = (1 << self->bits) + 2;
    self->last = -1;
}

static void begin_row(GifDecoder *self) {
    ImgCodec *codec = &self->base;
    self->filled = self->stored = 0;
    self->target = self->line ? self->line : img_codec_row(codec, self->rows.row);
}

static bool begin(GifDecoder *self) {
    ImgCodec *codec = &self->base;
    int literals = 1 << self->bits;
    if (self->transparency >= 0) {
        self->line = malloc((size_t)codec->width);
        if (!self->line) {
            return false;
        }
    }
    /* A minimum code size above 8 has literals that no pixel can hold: the low byte is kept. */
    for (int code = 0; code < literals && code < MAX_CODES; code++) {
        self->length[code] = 1;
        self->first[code] = self->final[code] = (uint8_t)code;
    }
    forget_strings(self);
    begin_row(self);
    return true;
}

/* Stores the pixels of the line that are not transparent. */
static void store_line(GifDecoder *self) {
    if (!self->line) {
        return;
    }
    uint8_t *row = img_codec_row(&self->base, self->rows.row), skip = (uint8_t)self->transparency;
    for (int x = self->stored; x < self->filled; x++) {
        row[x] = self->line[x] == skip ? row[x] : self->line[x];
    }
    self->stored = self->filled;
}

/* False: that was the last row. */
static bool finish_row(GifDecoder *self) {
    ImgCodec *codec = &self->base;
    store_line(self);
    if (++codec->row >= codec->height) {
        return false;
    }
    img_gif_next_row(&self->rows, self->interlaced, codec->height);
    begin_row(self);
    return true;
}

/* Writes the string of `code` so that it ends before `end`. */
static void write_string(const GifDecoder *self, int code, uint8_t *end) {
    for (int left = self->length[code]; left > 0; left--) {
        *--end = self->final[code];
        code = self->older[code];
    }
}

/* Adds a string to the image. False: it is complete. */
static bool put_string(GifDecoder *self, int code) {
    int length = self->length[code], room = self->base.width - self->filled;
    if (length < room) {
        write_string(self, code, self->target + self->filled + length);
        self->filled += length;
        return true;
    }
    write_string(self, code, self->string + length);
    const uint8_t *from = self->string;
    while (length >= room) {
        memcpy(self->target + self->filled, from, (size_t)room);
        self->filled += room;
        from += room;
        length -= room;
        if (!finish_row(self)) {
            return false;
        }
        room = self->base.width;
    }
    memcpy(self->target, from, (size_t)length);
    self->filled = length;
    return true;
}

/* The string of code `older`, and a byte. */
static void add_string(GifDecoder *self, int older, uint8_t byte) {
    int code = self->next;
    if (code >= MAX_CODES) {
        return;
    }
    self->older[code] = (uint16_t)older;
    self->length[code] = (uint16_t)(self->length[older] + 1);
    self->first[code] = self->first[older];
    self->final[code] = byte;
    self->next++;
    if (self->next == 1 << self->width && self->width < MAX_BITS) {
        self->width++;
    }
}

typedef enum { GO_ON, COMPLETE, ENDED, BROKEN } Outcome;

static Outcome take_code(GifDecoder *self, int code) {
    int clear = 1 << self->bits;
    if (code == clear) {
        forget_strings(self);
        return GO_ON;
    }
    if (code == clear + 1) {
        return ENDED;
    }
    if (self->last < 0) {
        if (code > clear) {
            return BROKEN;
        }
    } else if (code > self->next) {
        return BROKEN;
    } else {
        /* The next string itself begins with the last one. */
        int next = self->next, known = code == next ? self->last : code;
        uint8_t byte = self->first[known];
        add_string(self, self->last, byte);
        if (code == next && next >= MAX_CODES) {
            /* Of 13 bits: a string that cannot be kept. */
            return put_string(self, self->last) && put_string(self, byte) ? GO_ON : COMPLETE;
        }
    }
    self->last = code;
    return put_string(self, code) ? GO_ON : COMPLETE;
}

/* Sets *used to how many bytes were looked at. */
static Outcome take_block(GifDecoder *self, const uint8_t *data, size_t size, size_t *used) {
    Outcome outcome = GO_ON;
    size_t at = 0;
    while (at < size && outcome == GO_ON) {
        self->accumulator |= (uint64_t)data[at++] << self->accumulated;
        self->accumulated += 8;
        while (self->accumulated >= self->width && outcome == GO_ON) {
            int code = (int)(self->accumulator & ((1U << self->width) - 1));
            self->accumulator >>= self->width;
            self->accumulated -= self->width;
            outcome = take_code(self, code);
        }
    }
    *used = at;
    return outcome;
}

/* All complete blocks of the data; *used as above. */
static Outcome take_blocks(GifDecoder *self, const uint8_t *data, size_t size, size_t *used) {
    Outcome outcome = GO_ON;
    *used = 0;
    while (*used < size && size - *used > data[*used] && outcome == GO_ON) {
        size_t in_block, at = *used;
        outcome = take_block(self, data + at + 1, data[at], &in_block);
        *used = at + 1 + in_block;
    }
    return outcome;
}

static ptrdiff_t gif_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    GifDecoder *self = (GifDecoder *)codec;
    if (self->bits < 0 || self->bits > MAX_BITS) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    if (codec->row >= codec->height) {
        return -1;
    }
    if (self->ended) {
        return 0;
    }
    if (!self->target && !begin(self)) {
        return img_codec_finish(codec, IMG_CODEC_MEMORY);
    }
    size_t used;
    Outcome outcome = take_blocks(self, data, size, &used);
    if (outcome == COMPLETE) {
        return img_codec_finish(codec, IMG_CODEC_MORE);
    }
    store_line(self);
    if (outcome == BROKEN) {
        return img_codec_finish(codec, IMG_CODEC_BROKEN);
    }
    /* Too early an end is one for want of data: no more of it is taken. */
    self->ended = outcome == ENDED;
    return (ptrdiff_t)used;
}

static void gif_release(ImgCodec *codec) {
    free(((GifDecoder *)codec)->line);
}

ImgCodec *img_gif_decoder(const ImgMode *mode, int bits, bool interlaced, int transparency) {
    static const ImgCodecType type = {"gif", sizeof(GifDecoder), gif_decode, NULL, gif_release};
    GifDecoder *self = (GifDecoder *)img_codec_new(&type, mode, NULL);
    if (self) {
        self->bits = bits;
        self->interlaced = interlaced;
        self->transparency = transparency;
    }
    return (ImgCodec *)self;
}
