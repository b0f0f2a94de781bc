/* Single blocks of the BC schemes, and what BC6H and BC7 have in common. */
#ifndef IMAGING_CODEC_BCN_BLOCKS_H
#define IMAGING_CODEC_BCN_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "codec/byte_reader.h"
#include "codec/codec.h"

enum { BLOCK_SIDE = 4 }; /* texels */

/* A codec on its way through the blocks: base.row is the upper row of the next one, x its left
 * column. */
typedef struct {
    ImgCodec base;
    int x;
} BlockCodec;

static inline void next_block(BlockCodec *self) {
    ImgCodec *codec = &self->base;
    /* Compared without a sum: the width may be the largest int. */
    if (codec->width - self->x > BLOCK_SIDE) {
        self->x += BLOCK_SIDE;
        return;
    }
    self->x = 0;
    codec->row = codec->height - codec->row > BLOCK_SIDE ? codec->row + BLOCK_SIDE : codec->height;
}

/* Decodes a block of 8 bytes (1 and 4) or 16 into four rows of four pixels each; all bytes of the
 * pixels are written. Every block is valid. */
typedef void ImgBlockDecoder(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block);
ImgBlockDecoder img_bc1_block, img_bc2_block, img_bc3_block, img_bc4_block, img_bc5_block,
    img_bc5_signed_block, img_bc6h_block, img_bc6h_signed_block, img_bc7_block;

extern const uint16_t img_bc_two_subsets[64];
extern const uint32_t img_bc_three_subsets[64];
extern const uint8_t img_bc_anchor_of_two[64];
extern const uint8_t img_bc_anchors_of_three[64][2];
extern const uint8_t img_bc_weights[3][16]; /* of indices of 2, 3, 4 bits; out of 64 */

/* The 128 bits of a block, taken from the lowest. */
typedef struct {
    uint64_t low, high;
} BlockBits;

static inline uint64_t load_u64le(const uint8_t *b) {
    return load_u32le(b) | (uint64_t)load_u32le(b + 4) << 32;
}

static inline BlockBits block_bits(const uint8_t *block) {
    return (BlockBits){load_u64le(block), load_u64le(block + 8)};
}

static inline void skip_block_bits(BlockBits *bits, int count) { /* 1 to 63 */
    bits->low = bits->low >> count | bits->high << (64 - count);
    bits->high >>= count;
}

/* The next 0 to 31 bits. */
static inline uint32_t take_block_bits(BlockBits *bits, int count) {
    if (count == 0) {
        return 0;
    }
    uint32_t value = (uint32_t)bits->low & ((1u << count) - 1);
    skip_block_bits(bits, count);
    return value;
}

/* Puts a 0 before bit `position`, as the top bit of an index that is stored without it. */
static inline uint64_t insert_zero_bit(uint64_t bits, int position) {
    uint64_t below = ((uint64_t)1 << position) - 1;
    return (bits & below) | (bits & ~below) << 1;
}

#endif
