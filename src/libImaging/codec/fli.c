/* Autodesk FLI and FLC animations: a frame is a list of chunks that change the pixels. */
#include <string.h>

#include "codec/byte_reader.h"
#include "codec/raster.h"

enum { FRAME_TYPE = 0xf1fa, FRAME_HEADER = 16, CHUNK_HEADER = 6, SMALLEST_CHUNK = 10 };

/* What a chunk came to. */
typedef enum { CHUNK_DONE, CHUNK_BAD, CHUNK_UNKNOWN, CHUNK_SHORT } ChunkResult;

typedef ChunkResult (*ChunkDecoder)(ImgCodec *codec, ByteReader *in);

/* A packet: columns to skip, then `count` units of `unit` bytes, literal or repeated. */
static bool put_packet(
    ImgCodec *codec, ByteReader *in, uint8_t *row, size_t *x, size_t count, size_t unit,
    bool repeated) {
    size_t width = (size_t)codec->width, size = count * unit;
    const uint8_t *data = take_bytes(in, repeated ? unit : size);
    if (!data || *x > width || size > width - *x) {
        return false;
    }
    if (!repeated) {
        memcpy(row + *x, data, size);
    } else {
        for (size_t i = 0; i < size; i++) {
            row[*x + i] = data[i % unit];
        }
    }
    *x += size;
    return true;
}

/* A packet of a delta: how many columns to skip, then the count and the data. */
static bool delta_packet(ImgCodec *codec, ByteReader *in, uint8_t *row, size_t *x, size_t unit) {
    const uint8_t *head = take_bytes(in, 2);
    if (!head) {
        return false;
    }
    *x += head[0];
    bool repeated = head[1] >= 128;
    size_t count = repeated ? 256u - head[1] : head[1];
    return put_packet(codec, in, row, x, count, unit, repeated);
}

static bool
delta_packets(ImgCodec *codec, ByteReader *in, uint8_t *row, unsigned packets, size_t unit) {
    size_t x = 0;
    while (packets-- > 0) {
        if (!delta_packet(codec, in, row, &x, unit)) {
            return false;
        }
    }
    return true;
}

/* The words before the packets of a line: lines to skip, its last pixel, and last the number of
 * packets. False: there is no such line, or the data end. */
static bool word_line_start(ImgCodec *codec, ByteReader *in, int *y, unsigned *packets) {
    while (take_u16le(in, packets)) {
        if (!(*packets & 0x8000)) {
            return *y < codec->height;
        }
        if (*packets & 0x4000) {
            *y += (int)(65536 - *packets);
            if (*y >= codec->height) {
                return false;
            }
        } else {
            img_codec_row(codec, *y)[codec->width - 1] = (uint8_t)*packets;
        }
    }
    return false;
}

static ChunkResult word_delta(ImgCodec *codec, ByteReader *in) {
    unsigned lines, packets;
    if (!take_u16le(in, &lines)) {
        return CHUNK_BAD;
    }
    int y = 0;
    for (; lines > 0 && y < codec->height; lines--, y++) {
        if (!word_line_start(codec, in, &y, &packets) ||
            !delta_packets(codec, in, img_codec_row(codec, y), packets, 2)) {
            return CHUNK_BAD;
        }
    }
    return lines > 0 ? CHUNK_BAD : CHUNK_DONE;
}

static ChunkResult byte_delta(ImgCodec *codec, ByteReader *in) {
    unsigned first, lines, packets;
    if (!take_u16le(in, &first) || !take_u16le(in, &lines)) {
        return CHUNK_BAD;
    }
    int y = (int)first;
    for (; lines > 0 && y < codec->height; lines--, y++) {
        if (!take_u8(in, &packets) ||
            !delta_packets(codec, in, img_codec_row(codec, y), packets, 1)) {
            return CHUNK_BAD;
        }
    }
    return lines > 0 ? CHUNK_BAD : CHUNK_DONE;
}

static ChunkResult all_zero(ImgCodec *codec, ByteReader *in) {
    (void)in;
    for (int y = 0; y < codec->height; y++) {
        memset(img_codec_row(codec, y), 0, (size_t)codec->width);
    }
    return CHUNK_DONE;
}

static ChunkResult run_lengths(ImgCodec *codec, ByteReader *in) {
    for (int y = 0; y < codec->height; y++) {
        unsigned code;
        if (!take_u8(in, &code)) { /* a number of packets that nobody needs */
            return CHUNK_BAD;
        }
        size_t x = 0;
        while (x < (size_t)codec->width) {
            if (!take_u8(in, &code)) {
                return CHUNK_BAD;
            }
            bool repeated = code < 128;
            if (!put_packet(
                    codec, in, img_codec_row(codec, y), &x, repeated ? code : 256 - code, 1,
                    repeated)) {
                return CHUNK_BAD;
            }
        }
    }
    return CHUNK_DONE;
}

static ChunkResult plain_copy(ImgCodec *codec, ByteReader *in) {
    size_t width = (size_t)codec->width;
    if (bytes_left(in) / width < (size_t)codec->height) {
        return CHUNK_SHORT;
    }
    for (int y = 0; y < codec->height; y++) {
        memcpy(img_codec_row(codec, y), take_bytes(in, width), width);
    }
    return CHUNK_DONE;
}

static ChunkResult ignored(ImgCodec *codec, ByteReader *in) {
    (void)codec;
    (void)in;
    return CHUNK_DONE;
}

static ChunkResult decode_chunk(ImgCodec *codec, unsigned type, ByteReader *in) {
    static const struct {
        unsigned type;
        ChunkDecoder decode;
    } kinds[] = {
        {4, ignored},   {7, word_delta},   {11, ignored},    {12, byte_delta},
        {13, all_zero}, {15, run_lengths}, {16, plain_copy}, {18, ignored},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].type == type) {
            return kinds[i].decode(codec, in);
        }
    }
    return CHUNK_UNKNOWN;
}

static ptrdiff_t decode_chunks(ImgCodec *codec, ByteReader in, unsigned chunks) {
    for (; chunks > 0; chunks--) {
        size_t left = bytes_left(&in);
        if (left < SMALLEST_CHUNK) {
            return img_codec_finish(codec, IMG_CODEC_OVERRUN);
        }
        uint32_t advance = load_u32le(in.at);
        ByteReader chunk = byte_reader(in.at + CHUNK_HEADER, left - CHUNK_HEADER);
        switch (decode_chunk(codec, load_u16le(in.at + 4), &chunk)) {
        case CHUNK_BAD:
            return img_codec_finish(codec, IMG_CODEC_OVERRUN);
        case CHUNK_UNKNOWN:
            return img_codec_finish(codec, IMG_CODEC_UNKNOWN);
        case CHUNK_SHORT:
            return 0;
        case CHUNK_DONE:
            break;
        }
        if (advance == 0) {
            return img_codec_finish(codec, IMG_CODEC_BROKEN);
        }
        if (!take_bytes(&in, advance)) {
            return img_codec_finish(codec, IMG_CODEC_OVERRUN);
        }
    }
    return img_codec_finish(codec, IMG_CODEC_MORE);
}

static ptrdiff_t fli_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    if (size < 4) {
        return 0;
    }
    /* Some writers leave out the pad byte at the end of a frame. */
    if (size + size % 2 < load_u32le(data)) {
        return 0;
    }
    if (size < 8) {
        return img_codec_finish(codec, IMG_CODEC_OVERRUN);
    }
    if (load_u16le(data + 4) != FRAME_TYPE) {
        return img_codec_finish(codec, IMG_CODEC_UNKNOWN);
    }
    size_t header = size < FRAME_HEADER ? size : FRAME_HEADER;
    return decode_chunks(codec, byte_reader(data + header, size - header), load_u16le(data + 6));
}

ImgCodec *img_fli_decoder(const ImgMode *mode) {
    static const ImgCodecType type = {"fli", sizeof(ImgCodec), fli_decode, NULL, NULL};
    return img_codec_new(&type, mode, NULL);
}
