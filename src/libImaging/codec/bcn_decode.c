/* The decoder of block compression: places blocks in the image. */
#include "codec/bcn.h"
#include "codec/bcn_blocks.h"

typedef struct {
    ImgModeId mode;
    uint8_t block_size; /* bytes */
    ImgBlockDecoder *decode, *decode_signed;
} Scheme;

static const Scheme SCHEMES[] = {
    [1] = {IMG_MODE_RGBA, 8, img_bc1_block, img_bc1_block},
    [2] = {IMG_MODE_RGBA, 16, img_bc2_block, img_bc2_block},
    [3] = {IMG_MODE_RGBA, 16, img_bc3_block, img_bc3_block},
    [4] = {IMG_MODE_L, 8, img_bc4_block, img_bc4_block},
    [5] = {IMG_MODE_RGB, 16, img_bc5_block, img_bc5_signed_block},
    [6] = {IMG_MODE_RGB, 16, img_bc6h_block, img_bc6h_signed_block},
    [7] = {IMG_MODE_RGBA, 16, img_bc7_block, img_bc7_block},
};

typedef struct {
    BlockCodec blocks;
    ImgBlockDecoder *decode;
    size_t block_size;
} BcnDecoder;

/* Decodes a block beside the image, and copies what lies in it. */
static void decode_clipped(BcnDecoder *self, const uint8_t *block, int width, int height) {
    ImgCodec *codec = &self->blocks.base;
    size_t pixel = codec->mode->pixel_size;
    uint8_t texels[BLOCK_SIDE][BLOCK_SIDE * 4];
    uint8_t *const rows[BLOCK_SIDE] = {texels[0], texels[1], texels[2], texels[3]};
    self->decode(rows, block);
    for (int y = 0; y < height; y++) {
        uint8_t *to = img_codec_row(codec, codec->row + y) + (size_t)self->blocks.x * pixel;
        memcpy(to, texels[y], (size_t)width * pixel);
    }
}

static void decode_block(BcnDecoder *self, const uint8_t *block) {
    ImgCodec *codec = &self->blocks.base;
    int width = codec->width - self->blocks.x, height = codec->height - codec->row;
    if (width < BLOCK_SIDE || height < BLOCK_SIDE) {
        decode_clipped(
            self, block, width < BLOCK_SIDE ? width : BLOCK_SIDE,
            height < BLOCK_SIDE ? height : BLOCK_SIDE);
        return;
    }
    uint8_t *rows[BLOCK_SIDE];
    for (int y = 0; y < BLOCK_SIDE; y++) {
        rows[y] =
            img_codec_row(codec, codec->row + y) + (size_t)self->blocks.x * codec->mode->pixel_size;
    }
    self->decode(rows, block);
}

static ptrdiff_t bcn_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    BcnDecoder *self = (BcnDecoder *)codec;
    size_t used = 0;
    while (codec->row < codec->height) {
        if (size - used < self->block_size) {
            return (ptrdiff_t)used;
        }
        decode_block(self, data + used);
        used += self->block_size;
        next_block(&self->blocks);
    }
    return img_codec_finish(codec, IMG_CODEC_MORE);
}

bool img_bcn_mode(int number, ImgModeId *mode) {
    if (number < 1 || number > 7) {
        return false;
    }
    *mode = SCHEMES[number].mode;
    return true;
}

ImgCodec *img_bcn_decoder(int number, bool is_signed) {
    static const ImgCodecType type = {"bcn", sizeof(BcnDecoder), bcn_decode, NULL, NULL};
    const Scheme *scheme = &SCHEMES[number];
    BcnDecoder *self = (BcnDecoder *)img_codec_new(&type, img_mode(scheme->mode), NULL);
    if (!self) {
        return NULL;
    }
    self->decode = is_signed ? scheme->decode_signed : scheme->decode;
    self->block_size = scheme->block_size;
    return &self->blocks.base;
}
