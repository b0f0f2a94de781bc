/* The encoder of BC1, BC2, BC3 and BC5: end points are the extremes of a block, and the others are
 * chosen by their distance from them, in Pillow's arithmetic. */
#include "codec/bcn.h"
#include "codec/bcn_blocks.h"

#include <stdlib.h>

enum { TEXELS = BLOCK_SIDE * BLOCK_SIDE };

typedef struct {
    BlockCodec blocks;
    int number;
    bool has_alpha;
} BcnEncoder;

/* A block of the image, by channel; outside the image it is transparent black. */
typedef struct {
    uint8_t channel[4][TEXELS];
    bool inside[TEXELS];
} Block;

static void load_block(const BcnEncoder *self, Block *block) {
    const ImgCodec *codec = &self->blocks.base;
    int width = codec->width - self->blocks.x, height = codec->height - codec->row;
    size_t pixel = codec->mode->pixel_size, left = (size_t)self->blocks.x * pixel;
    memset(block, 0, sizeof(*block));
    for (int y = 0; y < BLOCK_SIDE && y < height; y++) {
        const uint8_t *from = img_codec_row(codec, codec->row + y) + left;
        for (int x = 0; x < BLOCK_SIDE && x < width; x++, from += pixel) {
            int i = y * BLOCK_SIDE + x;
            for (int channel = 0; channel < 4; channel++) {
                block->channel[channel][i] = from[pixel == 1 ? 0 : channel];
            }
            block->inside[i] = true;
        }
    }
}

static void store_u16le(uint8_t *to, uint32_t value) {
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}

/* --- colours --- */

static uint32_t to_565(const Block *block, int i) {
    return (uint32_t)(block->channel[0][i] >> 3) << 11 |
           (uint32_t)(block->channel[1][i] >> 2) << 5 | block->channel[2][i] >> 3;
}

static void from_565(uint32_t code, int32_t color[3]) {
    uint32_t r = code >> 11, g = code >> 5 & 63, b = code & 31;
    color[0] = (int32_t)(r << 3 | r >> 2);
    color[1] = (int32_t)(g << 2 | g >> 4);
    color[2] = (int32_t)(b << 3 | b >> 2);
}

/* For each texel the sum of how far it is from `a` to `b` by channel; returns how many channels
 * differ. Each texel's sum has Pillow's order of operations, in float32. */
static int distances(const Block *block, const int32_t a[3], const int32_t b[3], float *sum) {
    int count = 0;
    for (int i = 0; i < TEXELS; i++) {
        sum[i] = 0;
    }
    for (int channel = 0; channel < 3; channel++) {
        if (a[channel] == b[channel]) {
            continue;
        }
        float whole = (float)abs(b[channel] - a[channel]);
        for (int i = 0; i < TEXELS; i++) {
            sum[i] += (float)abs(block->channel[channel][i] - a[channel]) / whole;
        }
        count++;
    }
    return count;
}

/* Indices of the texels among two colours and one or two between them. The first stored is the
 * larger colour of four, and the smaller of three; distances are measured from the smaller one, in
 * sixths or quarters of the way. */
static uint32_t choose_colors(const float *sum, int count, bool three) {
    uint32_t indices = 0;
    float scale = (float)((three ? 4 : 6) / count);
    for (int i = 0; i < TEXELS; i++) {
        float d = sum[i] * scale;
        uint32_t index;
        if (three) {
            index = d < 1 ? 0 : d < 3 ? 2 : 1;
        } else {
            index = d < 1 ? 1 : d < 3 ? 3 : d < 5 ? 2 : 0;
        }
        indices |= index << 2 * i;
    }
    return indices;
}

/* Two bits set for each texel to be left out as transparent. */
static uint32_t find_holes(const Block *block) {
    uint32_t holes = 0;
    for (int i = 0; i < TEXELS; i++) {
        uint32_t hole = block->inside[i] && block->channel[3][i] == 0 ? 3 : 0;
        holes |= hole << 2 * i;
    }
    return holes;
}

static void encode_colors(const Block *block, bool with_transparent, uint8_t *out) {
    uint32_t holes = with_transparent ? find_holes(block) : 0;
    uint32_t low = 0xffff, high = 0, indices = 0;
    bool any = false;
    for (int i = 0; i < TEXELS; i++) {
        if (block->inside[i] && !(holes >> 2 * i & 1)) {
            uint32_t code = to_565(block, i);
            low = code < low ? code : low;
            high = code > high ? code : high;
            any = true;
        }
    }
    low = any ? low : 0;
    int32_t a[3], b[3];
    float sum[TEXELS];
    from_565(low, a);
    from_565(high, b);
    int count = distances(block, a, b, sum);
    if (count) {
        indices = choose_colors(sum, count, holes != 0);
    }
    indices |= holes;
    store_u16le(out, holes ? low : high);
    store_u16le(out + 2, holes ? high : low);
    store_u16le(out + 4, indices);
    store_u16le(out + 6, indices >> 16);
}

/* --- single channels --- */

/* BC2: four bits each; but Pillow puts all eight bits of an alpha in place, so that its upper four
 * fall on those of the next texel in the row. */
static void encode_alpha_bits(const Block *block, uint8_t *out) {
    for (int y = 0; y < BLOCK_SIDE; y++) {
        uint32_t word = 0;
        for (int x = 0; x < BLOCK_SIDE; x++) {
            word |= (uint32_t)block->channel[3][y * BLOCK_SIDE + x] << 4 * x;
        }
        store_u16le(out + 2 * y, word);
    }
}

/* Index of a value: from `low` over 2, 3, 4, 5 to `high`, and the fixed values 0 and 255. */
static uint64_t channel_index(int value, int low, int high) {
    if (value == 0) {
        return 6;
    }
    if (value == 255) {
        return 7;
    }
    float d = 0;
    if (low != high) {
        int part = value < low ? low - value : value - low;
        d = (float)part / (float)(high - low) * 10;
    }
    return d < 3 ? 2 : d < 5 ? 3 : d < 7 ? 4 : 5;
}

static void encode_channel(const Block *block, int channel, uint8_t *out) {
    int low = 255, high = 0;
    for (int i = 0; i < TEXELS; i++) {
        int value = block->channel[channel][i];
        if (block->inside[i]) {
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
    }
    out[0] = (uint8_t)low;
    out[1] = (uint8_t)high;
    uint64_t indices = 0;
    for (int i = 0; i < TEXELS; i++) {
        indices |= channel_index(block->channel[channel][i], low, high) << 3 * i;
    }
    for (int i = 0; i < 6; i++) {
        out[2 + i] = (uint8_t)(indices >> 8 * i);
    }
}

/* --- the codec --- */

static void encode_block(const BcnEncoder *self, uint8_t *out) {
    Block block;
    load_block(self, &block);
    if (self->number == 1) {
        encode_colors(&block, self->has_alpha, out);
        return;
    }
    if (self->number == 5) {
        encode_channel(&block, 0, out);
        encode_channel(&block, 1, out + 8);
        return;
    }
    if (!self->has_alpha) {
        memset(out, 0xff, 8);
    } else if (self->number == 2) {
        encode_alpha_bits(&block, out);
    } else {
        encode_channel(&block, 3, out);
    }
    encode_colors(&block, false, out + 8);
}

static ptrdiff_t bcn_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    BcnEncoder *self = (BcnEncoder *)codec;
    size_t block_size = self->number == 1 ? 8 : 16, used = 0;
    while (codec->row < codec->height && size - used >= block_size) {
        encode_block(self, data + used);
        used += block_size;
        next_block(&self->blocks);
    }
    codec->status = codec->row < codec->height ? IMG_CODEC_MORE : IMG_CODEC_END;
    return (ptrdiff_t)used;
}

bool img_bcn_can_encode(int number, const ImgMode *mode) {
    switch (mode->id) {
    case IMG_MODE_L:
        return number >= 1 && number <= 3;
    case IMG_MODE_LA:
    case IMG_MODE_RGB:
    case IMG_MODE_RGBA:
        return (number >= 1 && number <= 3) || number == 5;
    default:
        return false;
    }
}

ImgCodec *img_bcn_encoder(int number, const ImgMode *mode) {
    static const ImgCodecType type = {"bcn", sizeof(BcnEncoder), NULL, bcn_encode, NULL};
    BcnEncoder *self = (BcnEncoder *)img_codec_new(&type, mode, NULL);
    if (!self) {
        return NULL;
    }
    self->number = number;
    self->has_alpha = mode->id == IMG_MODE_LA || mode->id == IMG_MODE_RGBA;
    return &self->blocks.base;
}
