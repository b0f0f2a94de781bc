/* Pixels as hexadecimal text: EPS and XBM. */
#include "codec/row_buffer.h"
#include "codec/simple.h"

static const char digits[] = "0123456789abcdef";

/* The value of a digit, or -1. */
static int digit_value(uint8_t c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static ptrdiff_t hex_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    RowDecoder *self = (RowDecoder *)codec;
    size_t at = 0;
    if (!row_ready(self)) {
        return -1;
    }
    while (size - at >= 2) {
        int high = digit_value(data[at]), low = digit_value(data[at + 1]);
        if (high < 0 || low < 0) {
            at++;
            continue;
        }
        at += 2;
        if (!row_put(self, (uint8_t)(high << 4 | low))) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)at;
}

ImgCodec *img_hex_decoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {"hex", sizeof(RowDecoder), hex_decode, NULL, row_release};
    return img_codec_new(&type, mode, raw);
}

/* Looks for "x" and two digits; a wrong digit counts as 0. */
static ptrdiff_t xbm_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    RowDecoder *self = (RowDecoder *)codec;
    size_t at = 0;
    if (!row_ready(self)) {
        return -1;
    }
    for (;;) {
        while (at < size && data[at] != 'x') {
            at++;
        }
        if (size - at < 3) {
            return (ptrdiff_t)at;
        }
        int high = digit_value(data[at + 1]), low = digit_value(data[at + 2]);
        high = high < 0 ? 0 : high;
        low = low < 0 ? 0 : low;
        at += 3;
        if (!row_put(self, (uint8_t)(high << 4 | low))) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
}

ImgCodec *img_xbm_decoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {"xbm", sizeof(RowDecoder), xbm_decode, NULL, row_release};
    return img_codec_new(&type, mode, raw);
}

/* --- encoders --- */

/* Text goes out item by item, an item being the text of one byte. */
typedef struct {
    ImgCodec base;
    uint8_t *packed; /* XBM: the packed row */
    size_t column;   /* bytes of the row that are written */
    size_t on_line;  /* bytes of the line that are written */
} TextEncoder;

#define HEX_PER_LINE 39
#define XBM_PER_LINE 15

/* EPS writes the bytes of memory, but for the pad of 3-band modes. */
static size_t hex_pixel_bytes(const ImgCodec *codec) {
    return codec->mode->bands == 3 ? 3 : codec->mode->pixel_size;
}

/* Writes what there is room for of the row, from the column on; returns the end. */
static uint8_t *hex_row(TextEncoder *self, uint8_t *to, const uint8_t *end) {
    const ImgCodec *codec = &self->base;
    const size_t written = hex_pixel_bytes(codec), skipped = codec->mode->pixel_size - written;
    const size_t row_bytes = (size_t)codec->width * written;
    size_t k = self->column % written;
    const uint8_t *from = img_codec_row(codec, codec->row);
    from += self->column / written * codec->mode->pixel_size + k;
    for (; self->column < row_bytes && end - to >= 3; self->column++) {
        if (self->on_line == HEX_PER_LINE) {
            *to++ = '\n';
            self->on_line = 0;
        }
        *to++ = (uint8_t)digits[*from >> 4];
        *to++ = (uint8_t)digits[*from++ & 15];
        self->on_line++;
        if (++k == written) {
            k = 0;
            from += skipped;
        }
    }
    if (self->column == row_bytes) {
        self->column = 0;
        self->base.row++;
    }
    return to;
}

static void next_column(TextEncoder *self, size_t row_bytes) {
    if (++self->column == row_bytes) {
        self->column = 0;
        self->base.row++;
    }
}

static ptrdiff_t hex_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    TextEncoder *self = (TextEncoder *)codec;
    uint8_t *to = data, *const end = data + size;
    codec->status = IMG_CODEC_MORE;
    if (size < 3) {
        codec->status = IMG_CODEC_MEMORY;
        return 0;
    }
    while (codec->row < codec->height && end - to >= 3) {
        to = hex_row(self, to, end);
    }
    if (codec->row >= codec->height) {
        codec->status = IMG_CODEC_END;
    }
    return to - data;
}

ImgCodec *img_hex_encoder(const ImgMode *mode) {
    static const ImgCodecType type = {"hex", sizeof(TextEncoder), NULL, hex_encode, NULL};
    return img_codec_new(&type, mode, NULL);
}

/* "0xHH", then "," and after the fifteenth of a line "\n" too; after the last one "\n" alone. */
static size_t xbm_item(TextEncoder *self, uint8_t *out, uint8_t byte, bool last) {
    memcpy(out, "0x", 2);
    out[2] = (uint8_t)digits[byte >> 4];
    out[3] = (uint8_t)digits[byte & 15];
    if (last) {
        out[4] = '\n';
        return 5;
    }
    out[4] = ',';
    if (++self->on_line < XBM_PER_LINE) {
        return 5;
    }
    self->on_line = 0;
    out[5] = '\n';
    return 6;
}

static ptrdiff_t xbm_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    TextEncoder *self = (TextEncoder *)codec;
    size_t at = 0, row_bytes = img_codec_row_bytes(codec);
    codec->status = IMG_CODEC_MORE;
    if (!self->packed) {
        self->packed = malloc(row_bytes);
    }
    if (!self->packed || size < 6) {
        codec->status = IMG_CODEC_MEMORY;
        return 0;
    }
    while (codec->row < codec->height && size - at >= 6) {
        if (self->column == 0) {
            img_pack_row(codec->raw, self->packed, img_codec_row(codec, codec->row), codec->width);
        }
        bool last = codec->row == codec->height - 1 && self->column == row_bytes - 1;
        at += xbm_item(self, data + at, self->packed[self->column], last);
        next_column(self, row_bytes);
    }
    if (codec->row >= codec->height) {
        codec->status = IMG_CODEC_END;
    }
    return (ptrdiff_t)at;
}

static void xbm_release(ImgCodec *codec) {
    free(((TextEncoder *)codec)->packed);
}

ImgCodec *img_xbm_encoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {"xbm", sizeof(TextEncoder), NULL, xbm_encode, xbm_release};
    return img_codec_new(&type, mode, raw);
}
