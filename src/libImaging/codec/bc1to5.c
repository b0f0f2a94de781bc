/* BC1 to BC5: blocks with two colours or two values, and those between them. */
#include "codec/bcn_blocks.h"

typedef struct {
    uint8_t channel[4]; /* red, green, blue, alpha */
} Rgba;

/* 5 or 6 bits to 8: the top bits are repeated at the bottom. */
static Rgba expand_565(uint32_t c) {
    uint32_t r = c >> 11, g = c >> 5 & 63, b = c & 31;
    return (Rgba){
        {(uint8_t)(r << 3 | r >> 2), (uint8_t)(g << 2 | g >> 4), (uint8_t)(b << 3 | b >> 2), 255}};
}

/* (p * a + q * b) / (p + q), rounded down. */
static Rgba mix(Rgba a, unsigned p, Rgba b, unsigned q) {
    Rgba out = {{0, 0, 0, 255}};
    for (int i = 0; i < 3; i++) {
        out.channel[i] = (uint8_t)((p * a.channel[i] + q * b.channel[i]) / (p + q));
    }
    return out;
}

/* Colours; with three of them the fourth is transparent black. `alpha`, if not NULL, is that of the
 * 16 texels, and there are always four colours. */
static inline void
decode_colors(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block, const uint8_t *alpha) {
    uint32_t c0 = load_u16le(block), c1 = load_u16le(block + 2), indices = load_u32le(block + 4);
    Rgba color[4] = {expand_565(c0), expand_565(c1), {{0}}, {{0}}};
    if (c0 > c1 || alpha) {
        color[2] = mix(color[0], 2, color[1], 1);
        color[3] = mix(color[0], 1, color[1], 2);
    } else {
        color[2] = mix(color[0], 1, color[1], 1);
    }
    for (int y = 0; y < BLOCK_SIDE; y++) {
        for (int x = 0; x < BLOCK_SIDE; x++, indices >>= 2) {
            Rgba texel = color[indices & 3];
            if (alpha) {
                texel.channel[3] = alpha[y * BLOCK_SIDE + x];
            }
            memcpy(rows[y] + 4 * x, &texel, 4);
        }
    }
}

/* One channel: two values and those between, in pixels of `step` bytes. `bias` is 128 if the two
 * values are signed. */
static void
decode_channel(uint8_t *const rows[BLOCK_SIDE], int step, const uint8_t *block, uint8_t bias) {
    unsigned a = (uint8_t)(block[0] + bias), b = (uint8_t)(block[1] + bias);
    uint8_t value[8] = {(uint8_t)a, (uint8_t)b, 0, 0, 0, 0, 0, 255};
    unsigned parts = a > b ? 7 : 5;
    for (unsigned k = 1; k < parts; k++) {
        value[1 + k] = (uint8_t)(((parts - k) * a + k * b) / parts);
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
