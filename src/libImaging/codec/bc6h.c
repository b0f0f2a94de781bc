/* BC6H: blocks of half floats, shown as 8 bits. */
#include "codec/bcn_blocks.h"

/* A block begins with its mode, the fields of the end points, and the partition; then come the
 * indices. An end point's channel is field 4 * channel + number of the end point. */
enum { R0, R1, R2, R3, G0, G1, G2, G3, B0, B1, B2, B3, FIELDS, ENDPOINTS = 4, MODES = 14 };

/* Successive bits of a block are the bits `from` to `to` of a field, also downwards. */
typedef struct {
    uint8_t field, from, to;
} BitRun;

/* Rows end with a run of which all is 0: no other run consists of bit 0 of R0 alone. */
static const BitRun LAYOUT[MODES][22] = {
    {{G2, 4, 4},
     {B2, 4, 4},
     {B3, 4, 4},
     {R0, 0, 9},
     {G0, 0, 9},
     {B0, 0, 9},
     {R1, 0, 4},
     {G3, 4, 4},
     {G2, 0, 3},
     {G1, 0, 4},
     {B3, 0, 0},
     {G3, 0, 3},
     {B1, 0, 4},
     {B3, 1, 1},
     {B2, 0, 3},
     {R2, 0, 4},
     {B3, 2, 2},
     {R3, 0, 4},
     {B3, 3, 3}},
    {{G2, 5, 5}, {G3, 4, 5}, {R0, 0, 6}, {B3, 0, 1}, {B2, 4, 4}, {G0, 0, 6}, {B2, 5, 5},
     {B3, 2, 2}, {G2, 4, 4}, {B0, 0, 6}, {B3, 3, 3}, {B3, 5, 4}, {R1, 0, 5}, {G2, 0, 3},
     {G1, 0, 5}, {G3, 0, 3}, {B1, 0, 5}, {B2, 0, 3}, {R2, 0, 5}, {R3, 0, 5}},
    {{R0, 0, 9},
     {G0, 0, 9},
     {B0, 0, 9},
     {R1, 0, 4},
     {R0, 10, 10},
     {G2, 0, 3},
     {G1, 0, 3},
     {G0, 10, 10},
     {B3, 0, 0},
     {G3, 0, 3},
     {B1, 0, 3},
     {B0, 10, 10},
     {B3, 1, 1},
     {B2, 0, 3},
     {R2, 0, 4},
     {B3, 2, 2},
     {R3, 0, 4},
     {B3, 3, 3}},
    {{R0, 0, 9}, {G0, 0, 9},   {B0, 0, 9}, {R1, 0, 3}, {R0, 10, 10}, {G3, 4, 4}, {G2, 0, 3},
     {G1, 0, 4}, {G0, 10, 10}, {G3, 0, 3}, {B1, 0, 3}, {B0, 10, 10}, {B3, 1, 1}, {B2, 0, 3},
     {R2, 0, 3}, {B3, 0, 0},   {B3, 2, 2}, {R3, 0, 3}, {G2, 4, 4},   {B3, 3, 3}},
    {{R0, 0, 9},
     {G0, 0, 9},
     {B0, 0, 9},
     {R1, 0, 3},
     {R0, 10, 10},
     {B2, 4, 4},
     {G2, 0, 3},
     {G1, 0, 3},
     {G0, 10, 10},
     {B3, 0, 0},
     {G3, 0, 3},
     {B1, 0, 4},
     {B0, 10, 10},
     {B2, 0, 3},
     {R2, 0, 3},
     {B3, 1, 2},
     {R3, 0, 3},
     {B3, 4, 3}},
    {{R0, 0, 8},
     {B2, 4, 4},
     {G0, 0, 8},
     {G2, 4, 4},
     {B0, 0, 8},
     {B3, 4, 4},
     {R1, 0, 4},
     {G3, 4, 4},
     {G2, 0, 3},
     {G1, 0, 4},
     {B3, 0, 0},
     {G3, 0, 3},
     {B1, 0, 4},
     {B3, 1, 1},
     {B2, 0, 3},
     {R2, 0, 4},
     {B3, 2, 2},
     {R3, 0, 4},
     {B3, 3, 3}},
    {{R0, 0, 7},
     {G3, 4, 4},
     {B2, 4, 4},
     {G0, 0, 7},
     {B3, 2, 2},
     {G2, 4, 4},
     {B0, 0, 7},
     {B3, 3, 4},
     {R1, 0, 5},
     {G2, 0, 3},
     {G1, 0, 4},
     {B3, 0, 0},
     {G3, 0, 3},
     {B1, 0, 4},
     {B3, 1, 1},
     {B2, 0, 3},
     {R2, 0, 5},
     {R3, 0, 5}},
    {{R0, 0, 7}, {B3, 0, 0}, {B2, 4, 4}, {G0, 0, 7}, {G2, 5, 4}, {B0, 0, 7}, {G3, 5, 5},
     {B3, 4, 4}, {R1, 0, 4}, {G3, 4, 4}, {G2, 0, 3}, {G1, 0, 5}, {G3, 0, 3}, {B1, 0, 4},
     {B3, 1, 1}, {B2, 0, 3}, {R2, 0, 4}, {B3, 2, 2}, {R3, 0, 4}, {B3, 3, 3}},
    {{R0, 0, 7}, {B3, 1, 1}, {B2, 4, 4}, {G0, 0, 7}, {B2, 5, 5}, {G2, 4, 4}, {B0, 0, 7},
     {B3, 5, 4}, {R1, 0, 4}, {G3, 4, 4}, {G2, 0, 3}, {G1, 0, 4}, {B3, 0, 0}, {G3, 0, 3},
     {B1, 0, 5}, {B2, 0, 3}, {R2, 0, 4}, {B3, 2, 2}, {R3, 0, 4}, {B3, 3, 3}},
    {{R0, 0, 5}, {G3, 4, 4}, {B3, 0, 1}, {B2, 4, 4}, {G0, 0, 5}, {G2, 5, 5}, {B2, 5, 5},
     {B3, 2, 2}, {G2, 4, 4}, {B0, 0, 5}, {G3, 5, 5}, {B3, 3, 3}, {B3, 5, 4}, {R1, 0, 5},
     {G2, 0, 3}, {G1, 0, 5}, {G3, 0, 3}, {B1, 0, 5}, {B2, 0, 3}, {R2, 0, 5}, {R3, 0, 5}},
    {{R0, 0, 9}, {G0, 0, 9}, {B0, 0, 9}, {R1, 0, 9}, {G1, 0, 9}, {B1, 0, 9}},
    {{R0, 0, 9},
     {G0, 0, 9},
     {B0, 0, 9},
     {R1, 0, 8},
     {R0, 10, 10},
     {G1, 0, 8},
     {G0, 10, 10},
     {B1, 0, 8},
     {B0, 10, 10}},
    {{R0, 0, 9},
     {G0, 0, 9},
     {B0, 0, 9},
     {R1, 0, 7},
     {R0, 11, 10},
     {G1, 0, 7},
     {G0, 11, 10},
     {B1, 0, 7},
     {B0, 11, 10}},
    {{R0, 0, 9},
     {G0, 0, 9},
     {B0, 0, 9},
     {R1, 0, 3},
     {R0, 15, 10},
     {G1, 0, 3},
     {G0, 15, 10},
     {B1, 0, 3},
     {B0, 15, 10}},
};

typedef struct {
    uint8_t base, delta[3]; /* bits of the first end point, and of the others by channel */
    bool relative;          /* the others are distances from the first */
} Precision;

static const Precision PRECISION[MODES] = {
    {10, {5, 5, 5}, true}, {7, {6, 6, 6}, true},  {11, {5, 4, 4}, true},     {11, {4, 5, 4}, true},
    {11, {4, 4, 5}, true}, {9, {5, 5, 5}, true},  {8, {6, 5, 5}, true},      {8, {5, 6, 5}, true},
    {8, {5, 5, 6}, true},  {6, {6, 6, 6}, false}, {10, {10, 10, 10}, false}, {11, {9, 9, 9}, true},
    {12, {8, 8, 8}, true}, {16, {4, 4, 4}, true},
};

/* Modes from here on have one region. */
enum { FIRST_OF_ONE_REGION = 10 };

/* Takes the mode, of 2 or 5 bits; beyond 13: none. */
static int take_mode(BlockBits *bits) {
    int low = (int)take_block_bits(bits, 2);
    if (low < 2) {
        return low;
    }
    int high = (int)take_block_bits(bits, 3);
    return (low == 2 ? 2 : FIRST_OF_ONE_REGION) + high;
}

static void take_fields(BlockBits *bits, const BitRun *run, int32_t field[FIELDS]) {
    for (; run->field | run->from | run->to; run++) {
        int step = run->to < run->from ? -1 : 1, count = (run->to - run->from) * step + 1;
        uint32_t value = take_block_bits(bits, count);
        for (int i = 0; i < count; i++) {
            field[run->field] |= (int32_t)(value >> i & 1) << (run->from + i * step);
        }
    }
}

static int32_t sign_extend(int32_t value, int bits) {
    int32_t sign = 1 << (bits - 1);
    return (value ^ sign) - sign;
}

/* From `precision` bits to 16 without a sign, or 16 with one. */
static int32_t unquantize(int32_t value, int precision, bool is_signed) {
    int32_t top = is_signed ? (1 << (precision - 1)) - 1 : (1 << precision) - 1;
    int32_t full = is_signed ? 0x7fff : 0xffff;
    int32_t magnitude = value < 0 ? -value : value;
    if (precision >= (is_signed ? 16 : 15)) {
        return value;
    }
    if (magnitude >= top) {
        magnitude = full;
    } else if (magnitude != 0) {
        magnitude = ((magnitude << 15) + 0x4000) >> (precision - 1);
    }
    return value < 0 ? -magnitude : magnitude;
}

static void resolve_endpoints(int32_t field[FIELDS], const Precision *p, bool is_signed) {
    for (int channel = 0; channel < 3; channel++) {
        int32_t *e = field + ENDPOINTS * channel;
        if (is_signed) {
            e[0] = sign_extend(e[0], p->base);
        }
        for (int i = 1; i < ENDPOINTS; i++) {
            if (is_signed || p->relative) {
                e[i] = sign_extend(e[i], p->delta[channel]);
            }
            if (p->relative) {
                e[i] = (e[i] + e[0]) & ((1 << p->base) - 1);
                /* Pillow does not extend the sign of the sum again, unless it has 16 bits. */
                e[i] = is_signed ? (int16_t)e[i] : e[i];
            }
        }
        for (int i = 0; i < ENDPOINTS; i++) {
            e[i] = unquantize(e[i], p->base, is_signed);
        }
    }
}

/* The 8-bit value of a half float, given as its bits in 32nds or 64ths of the scale. With exponent
 * e > 0 and mantissa m it is (1024 + m) * 2^(e - 25); that times 255 has at most 19 bits, so that
 * Pillow's float32 product is exact, and truncating it is a shift. */
static uint8_t half_to_byte(int32_t value, bool is_signed) {
    if (value <= 0) {
        return 0;
    }
    uint32_t half = (uint32_t)value * 31 >> (is_signed ? 5 : 6);
    uint32_t exponent = half >> 10, mantissa = half & 1023;
    if (exponent >= 15) {
        return 255;
    }
    return exponent == 0 ? 0 : (uint8_t)((1024 + mantissa) * 255 >> (25 - exponent));
}

static void fill_black(uint8_t *const rows[BLOCK_SIDE]) {
    for (int y = 0; y < BLOCK_SIDE; y++) {
        memset(rows[y], 0, BLOCK_SIDE * 4);
    }
}

static void decode(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block, bool is_signed) {
    BlockBits bits = block_bits(block);
    int mode = take_mode(&bits);
    if (mode >= MODES) {
        fill_black(rows);
        return;
    }
    int32_t field[FIELDS] = {0};
    take_fields(&bits, LAYOUT[mode], field);
    resolve_endpoints(field, &PRECISION[mode], is_signed);
    uint32_t subsets = 0;
    int index_bits = 4;
    uint64_t indices;
    if (mode < FIRST_OF_ONE_REGION) {
        uint32_t partition = take_block_bits(&bits, 5);
        index_bits = 3;
        subsets = img_bc_two_subsets[partition];
        indices = insert_zero_bit(bits.low, index_bits - 1);
        indices = insert_zero_bit(indices, (img_bc_anchor_of_two[partition] + 1) * index_bits - 1);
    } else {
        indices = insert_zero_bit(bits.low, index_bits - 1);
    }
    const uint8_t *weights = img_bc_weights[index_bits - 2];
    for (int i = 0; i < BLOCK_SIDE * BLOCK_SIDE; i++) {
        int32_t w = weights[indices & ((1u << index_bits) - 1)];
        const int32_t *e = field + (subsets >> i & 1) * 2;
        uint8_t *out = rows[i / BLOCK_SIDE] + i % BLOCK_SIDE * 4;
        for (int channel = 0; channel < 3; channel++, e += ENDPOINTS) {
            out[channel] = half_to_byte((e[0] * (64 - w) + e[1] * w) >> 6, is_signed);
        }
        out[3] = 0;
        indices >>= index_bits;
    }
}

void img_bc6h_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    decode(rows, block, false);
}

void img_bc6h_signed_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    decode(rows, block, true);
}
