/* BC1 to BC5: blocks with two colours or two values, and those between them. */
#include "codec/bcn_blocks.h"

#define OPAQUE 0xff000000u

/* A pixel as a number with red in the lowest byte: a channel of 5 or 6 bits becomes 8 by repeating
 * its top bits at the bottom. */
static inline uint32_t expand_565(uint32_t c) {
    uint32_t r = c >> 11, g = c >> 5 & 63, b = c & 31;
    return (r << 3 | r >> 2) | (g << 2 | g >> 4) << 8 | (b << 3 | b >> 2) << 16;
}

/* (p * a + q * b) / (p + q) in each channel, rounded down; without alpha. With constant weights the
 * division is a multiplication. */
static inline uint32_t mix(uint32_t a, uint32_t p, uint32_t b, uint32_t q) {
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        out |= (p * (a >> shift & 255) + q * (b >> shift & 255)) / (p + q) << shift;
    }
    return out;
}

static inline void store_pixel(uint8_t *to, uint32_t pixel) {
    to[0] = (uint8_t)pixel;
    to[1] = (uint8_t)(pixel >> 8);
    to[2] = (uint8_t)(pixel >> 16);
    to[3] = (uint8_t)(pixel >> 24);
}

/* Colours; with three of them the fourth is transparent black. `alpha`, if not NULL, is that of the
 * 16 texels, and there are always four colours. */
static inline void
decode_colors(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block, const uint8_t *alpha) {
    uint32_t c0 = load_u16le(block), c1 = load_u16le(block + 2), indices = load_u32le(block + 4);
    const uint32_t opaque = alpha ? 0 : OPAQUE, first = expand_565(c0), second = expand_565(c1);
    uint32_t color[4] = {first | opaque, second | opaque, 0, 0};
    if (c0 > c1 || alpha) {
        color[2] = mix(first, 2, second, 1) | opaque;
        color[3] = mix(first, 1, second, 2) | opaque;
    } else {
        color[2] = mix(first, 1, second, 1) | opaque;
    }
    for (int y = 0; y < BLOCK_SIDE; y++) {
        for (int x = 0; x < BLOCK_SIDE; x++, indices >>= 2) {
            uint32_t texel = color[indices & 3];
            if (alpha) {
                texel |= (uint32_t)alpha[y * BLOCK_SIDE + x] << 24;
            }
            store_pixel(rows[y] + 4 * x, texel);
        }
    }
}

/* One channel: two values and those between, in pixels of `step` bytes. `bias` is 128 if the two
 * values are signed. */
static inline void
decode_channel(uint8_t *const rows[BLOCK_SIDE], int step, const uint8_t *block, uint8_t bias) {
    unsigned a = (uint8_t)(block[0] + bias), b = (uint8_t)(block[1] + bias);
    uint8_t value[8] = {(uint8_t)a, (uint8_t)b, 0, 0, 0, 0, 0, 255};
    /* Divided by multiplying with 2^16 / parts, rounded up: the error, below 1785 * 5 / 2^16 / 7,
     * is less than the 1/7 that a quotient lacks at least to the next integer. */
    const bool seven = a > b;
    const unsigned parts = seven ? 7 : 5, reciprocal = seven ? 9363 : 13108;
    for (unsigned k = 1; k < parts; k++) {
        value[1 + k] = (uint8_t)(((parts - k) * a + k * b) * reciprocal >> 16);
    }
    uint64_t indices = load_u16le(block + 2) | (uint64_t)load_u32le(block + 4) << 16;
    for (int y = 0; y < BLOCK_SIDE; y++) {
        for (int x = 0; x < BLOCK_SIDE; x++, indices >>= 3) {
            rows[y][x * step] = value[indices & 7];
        }
    }
}

/* The rows from another byte on. */
typedef struct {
    uint8_t *row[BLOCK_SIDE];
} Rows;

static Rows rows_from(uint8_t *const rows[BLOCK_SIDE], int offset) {
    Rows result;
    for (int y = 0; y < BLOCK_SIDE; y++) {
        result.row[y] = rows[y] + offset;
    }
    return result;
}

void img_bc1_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    decode_colors(rows, block, NULL);
}

void img_bc2_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    uint8_t alpha[16];
    for (int i = 0; i < 8; i++) {
        alpha[2 * i] = (uint8_t)((block[i] & 15) * 17); /* 15 * 17 = 255 */
        alpha[2 * i + 1] = (uint8_t)((block[i] >> 4) * 17);
    }
    decode_colors(rows, block + 8, alpha);
}

void img_bc3_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    uint8_t alpha[16];
    uint8_t *const alpha_rows[BLOCK_SIDE] = {alpha, alpha + 4, alpha + 8, alpha + 12};
    decode_channel(alpha_rows, 1, block, 0);
    decode_colors(rows, block + 8, alpha);
}

void img_bc4_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    decode_channel(rows, 1, block, 0);
}

/* Red and green; blue is the value of 0, and so is Pillow's pad byte. */
static void decode_two(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block, uint8_t bias) {
    for (int y = 0; y < BLOCK_SIDE; y++) {
        memset(rows[y], bias, 4 * BLOCK_SIDE);
    }
    decode_channel(rows, 4, block, bias);
    decode_channel(rows_from(rows, 1).row, 4, block + 8, bias);
}

void img_bc5_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    decode_two(rows, block, 0);
}

void img_bc5_signed_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    decode_two(rows, block, 128);
}
