/* BC7: blocks in eight modes, of up to three pairs of colours with or without alpha. */
#include "codec/bcn_blocks.h"

typedef enum { NO_P, P_OF_ENDPOINT, P_OF_SUBSET } PBits;

typedef struct {
    uint8_t subsets, partition_bits, rotation_bits, selector_bits;
    uint8_t color_bits, alpha_bits;  /* of each end point */
    PBits p_bits;                    /* a common lowest bit of the channels */
    uint8_t index_bits, index_bits2; /* the second ones: alpha has indices of its own */
} Bc7Mode;

static const Bc7Mode MODES[8] = {
    {3, 4, 0, 0, 4, 0, P_OF_ENDPOINT, 3, 0}, {2, 6, 0, 0, 6, 0, P_OF_SUBSET, 3, 0},
    {3, 6, 0, 0, 5, 0, NO_P, 2, 0},          {2, 6, 0, 0, 7, 0, P_OF_ENDPOINT, 2, 0},
    {1, 0, 2, 1, 5, 6, NO_P, 2, 3},          {1, 0, 2, 0, 7, 8, NO_P, 2, 2},
    {1, 0, 0, 0, 7, 7, P_OF_ENDPOINT, 4, 0}, {2, 6, 0, 0, 5, 5, P_OF_ENDPOINT, 2, 0},
};

/* Four channels of a colour in one number, 16 bits each: a weighted mean needs 14 bits (255 * 64 +
 * 32), so that one multiplication does all channels. Channel 0 has the lowest bits. */
typedef uint64_t Lanes;
static const Lanes EACH = 0x0001000100010001, ALPHA_LANE = (Lanes)0xffff << 48;

static Lanes interpolate(const Lanes pair[2], unsigned weight) {
    return (pair[0] * (64 - weight) + pair[1] * weight + 32 * EACH) >> 6 & 255 * EACH;
}

static void store(uint8_t *out, Lanes color) {
    out[0] = (uint8_t)color;
    out[1] = (uint8_t)(color >> 16);
    out[2] = (uint8_t)(color >> 32);
    out[3] = (uint8_t)(color >> 48);
}

/* Exchanges alpha with channel `rotation` - 1. */
static Lanes rotate(Lanes color, unsigned rotation) {
    if (rotation == 0) {
        return color;
    }
    int shift = 16 * ((int)rotation - 1);
    Lanes other = color >> shift & 0xffff, alpha = color >> 48;
    Lanes kept = color & ~(ALPHA_LANE | (Lanes)0xffff << shift);
    return kept | alpha << shift | other << 48;
}

static Lanes expand(uint32_t value, int bits) {
    value <<= 8 - bits;
    return value | value >> bits;
}

/* Takes all end points, then their common bits. */
static void take_endpoints(BlockBits *bits, const Bc7Mode *mode, Lanes endpoint[6]) {
    int count = 2 * mode->subsets, channels = mode->alpha_bits ? 4 : 3;
    uint32_t value[4][6];
    for (int channel = 0; channel < channels; channel++) {
        int width = channel == 3 ? mode->alpha_bits : mode->color_bits;
        for (int i = 0; i < count; i++) {
            value[channel][i] = take_block_bits(bits, width);
        }
    }
    for (int i = 0; i < count; i++) {
        uint32_t p = 0;
        if (mode->p_bits == P_OF_ENDPOINT || (mode->p_bits == P_OF_SUBSET && i % 2 == 0)) {
            p = take_block_bits(bits, 1);
        } else if (mode->p_bits == P_OF_SUBSET) {
            p = value[0][i - 1] & 1;
        }
        endpoint[i] = channels == 4 ? 0 : (Lanes)255 << 48;
        for (int channel = 0; channel < channels; channel++) {
            int width = channel == 3 ? mode->alpha_bits : mode->color_bits;
            if (mode->p_bits != NO_P) {
                value[channel][i] = value[channel][i] << 1 | p;
                width++;
            }
            endpoint[i] |= expand(value[channel][i], width) << 16 * channel;
        }
    }
}

/* All indices of a kind, with the bits that are not stored: the top ones of the first texel in each
 * subset, which are 0. */
static uint64_t take_indices(BlockBits *bits, int width, const uint8_t *anchors, int count) {
    uint64_t indices = insert_zero_bit(bits->low, width - 1);
    for (int i = 0; i < count; i++) {
        indices = insert_zero_bit(indices, (anchors[i] + 1) * width - 1);
    }
    skip_block_bits(bits, 16 * width - 1 - count);
    return indices;
}

/* By subset of each texel, two bits, and the texels in question of the subsets behind the first,
 * in ascending order. */
static uint32_t find_partition(int subsets, uint32_t partition, uint8_t anchors[2]) {
    if (subsets == 1) {
        return 0;
    }
    if (subsets == 2) {
        anchors[0] = img_bc_anchor_of_two[partition];
        uint32_t spread = 0;
        for (int i = 0; i < 16; i++) {
            spread |= (img_bc_two_subsets[partition] >> i & 1u) << 2 * i;
        }
        return spread;
    }
    const uint8_t *pair = img_bc_anchors_of_three[partition];
    int first = pair[0] < pair[1] ? 0 : 1;
    anchors[0] = pair[first];
    anchors[1] = pair[1 - first];
    return img_bc_three_subsets[partition];
}

/* One index for all channels. */
static void fill_common(
    uint8_t *const rows[BLOCK_SIDE], const Lanes *endpoint, uint32_t subsets, uint64_t indices,
    int width) {
    const uint8_t *weights = img_bc_weights[width - 2];
    for (int i = 0; i < 16; i++) {
        unsigned weight = weights[indices & ((1u << width) - 1)];
        store(rows[i / 4] + i % 4 * 4, interpolate(endpoint + 2 * (subsets & 3), weight));
        subsets >>= 2;
        indices >>= width;
    }
}

/* One index for colour, one for alpha. */
static void fill_separate(
    uint8_t *const rows[BLOCK_SIDE], const Lanes endpoint[2], const uint64_t indices[2],
    const int width[2], unsigned rotation) {
    for (int i = 0; i < 16; i++) {
        Lanes part[2];
        for (int k = 0; k < 2; k++) {
            uint64_t index = indices[k] >> i * width[k] & ((1u << width[k]) - 1);
            part[k] = interpolate(endpoint, img_bc_weights[width[k] - 2][index]);
        }
        Lanes color = (part[0] & ~ALPHA_LANE) | (part[1] & ALPHA_LANE);
        store(rows[i / 4] + i % 4 * 4, rotate(color, rotation));
    }
}

static void fill_black(uint8_t *const rows[BLOCK_SIDE]) {
    for (int i = 0; i < 16; i++) {
        store(rows[i / 4] + i % 4 * 4, (Lanes)255 << 48);
    }
}

void img_bc7_block(uint8_t *const rows[BLOCK_SIDE], const uint8_t *block) {
    if (block[0] == 0) {
        fill_black(rows);
        return;
    }
    BlockBits bits = block_bits(block);
    int number = 0;
    while (!(block[0] >> number & 1)) {
        number++;
    }
    const Bc7Mode *mode = &MODES[number];
    take_block_bits(&bits, number + 1);
    uint32_t partition = take_block_bits(&bits, mode->partition_bits);
    uint32_t rotation = take_block_bits(&bits, mode->rotation_bits);
    uint32_t selector = take_block_bits(&bits, mode->selector_bits);
    Lanes endpoint[6];
    take_endpoints(&bits, mode, endpoint);
    uint8_t anchors[2] = {0};
    uint32_t subsets = find_partition(mode->subsets, partition, anchors);
    uint64_t first = take_indices(&bits, mode->index_bits, anchors, mode->subsets - 1);
    if (mode->index_bits2 == 0) {
        fill_common(rows, endpoint, subsets, first, mode->index_bits);
        return;
    }
    uint64_t second = take_indices(&bits, mode->index_bits2, anchors, 0);
    const uint64_t indices[2] = {selector ? second : first, selector ? first : second};
    int w1 = mode->index_bits, w2 = mode->index_bits2;
    const int width[2] = {selector ? w2 : w1, selector ? w1 : w2};
    fill_separate(rows, endpoint, indices, width, rotation);
}
