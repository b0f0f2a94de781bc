/* Decoding tables; see inflate_table.h. */
#include "codec/inflate_table.h"

#include <stddef.h>
#include <string.h>

/* The code after this one of so many bits, both with their bits reversed: the highest bits that are
 * set are cleared, as a sum carries, and the one below them is set. (A longer code has zeros above:
 * reversed, the same number.) */
static unsigned code_after(unsigned reversed, unsigned length) {
    unsigned bit = 1u << (length - 1);
    while (reversed & bit) {
        bit >>= 1;
    }
    return (reversed & (bit - 1)) | bit;
}

/* Makes a table for codes of `bits` bits one for codes of `wanted` bits. */
static void grow(uint32_t *entry, unsigned bits, unsigned wanted) {
    for (; bits < wanted; bits++) {
        memcpy(entry + ((size_t)1 << bits), entry, sizeof(*entry) << bits);
    }
}

/* Bits by which the table for the codes that begin as one of `length` bits must choose, where
 * `count` are the codes of each length still to come, that one included. */
static unsigned further_bits(const uint16_t *count, unsigned length, unsigned root) {
    unsigned bits = length - root;
    int left = 1 << bits;
    while (root + bits < CODE_BITS && (left -= count[root + bits]) > 0) {
        left *= 2;
        bits++;
    }
    return bits;
}

/* Fills every entry of 2^bits whose low bits are the code. */
static void fill(uint32_t *entry, unsigned bits, unsigned code, unsigned length, uint32_t value) {
    for (size_t i = code; i < (size_t)1 << bits; i += (size_t)1 << length) {
        entry[i] = value | length;
    }
}

/* The symbols in the order of their codes; count[0] is set to 0. Returns how many. */
static unsigned
sort_symbols(const uint8_t *length, unsigned symbols, uint16_t *count, uint16_t *sorted) {
    uint16_t offset[CODE_BITS + 2] = {0};
    memset(count, 0, (CODE_BITS + 1) * sizeof(*count));
    for (unsigned s = 0; s < symbols; s++) {
        count[length[s]]++;
    }
    count[0] = 0;
    for (unsigned l = 1; l <= CODE_BITS; l++) {
        offset[l + 1] = (uint16_t)(offset[l] + count[l]);
    }
    for (unsigned s = 0; s < symbols; s++) {
        if (length[s]) {
            sorted[offset[length[s]]++] = (uint16_t)s;
        }
    }
    return offset[CODE_BITS + 1];
}

static bool valid_code(const uint16_t *count, unsigned used, bool single) {
    int left = 1;
    for (unsigned l = 1; l <= CODE_BITS; l++) {
        left = 2 * left - count[l];
        if (left < 0) {
            return false;
        }
    }
    return left == 0 || used == 0 || (single && used == 1 && count[1] == 1);
}

bool inflate_make_table(
    InflateTable table, const uint8_t *length, unsigned symbols, const uint32_t *value,
    bool single) {
    uint16_t count[CODE_BITS + 1], sorted[LITERALS];
    const unsigned used = sort_symbols(length, symbols, count, sorted);
    if (!valid_code(count, used, single)) {
        return false;
    }
    /* Of one bit at first; where there is one symbol or none, the rest is never filled. */
    table.entry[0] = table.entry[1] = INVALID | 1;
    unsigned next = 1u << table.root, code = 0, filled = 1, prefix = ~0u, bits = 0;
    uint32_t *further = NULL;
    for (unsigned i = 0; i < used; i++) {
        const unsigned s = sorted[i], l = length[s], root_bits = l < table.root ? l : table.root;
        const unsigned turned = code;
        code = code_after(code, l);
        if (filled < root_bits) {
            grow(table.entry, filled, root_bits);
            filled = root_bits;
        }
        if (l <= table.root) {
            table.entry[turned] = value[s] | l;
            continue;
        }
        if (low_bits(turned, table.root) != prefix) {
            prefix = low_bits(turned, table.root);
            bits = further_bits(count, l, table.root);
            if (next + (1u << bits) > table.capacity) {
                return false;
            }
            table.entry[prefix] = FURTHER | next << 16 | bits << 8 | table.root;
            further = table.entry + next;
            next += 1u << bits;
        }
        fill(further, bits, turned >> table.root, l - table.root, value[s]);
        count[l]--;
    }
    grow(table.entry, filled, table.root);
    return true;
}

/* Lengths (symbols 257 to 285) come in fours with as many extra bits, distances in pairs, but for
 * the first and the longest length, which has none (RFC 1951, 3.2.5). */
#define LITERALS_4(s)                                                                              \
    LITERAL | (s) << 16, LITERAL | ((s) + 1) << 16, LITERAL | ((s) + 2) << 16,                     \
        LITERAL | ((s) + 3) << 16
#define LITERALS_16(s) LITERALS_4(s), LITERALS_4((s) + 4), LITERALS_4((s) + 8), LITERALS_4((s) + 12)
#define LITERALS_64(s)                                                                             \
    LITERALS_16(s), LITERALS_16((s) + 16), LITERALS_16((s) + 32), LITERALS_16((s) + 48)
#define LENGTH(extra, i) (((4u + (i)) << (extra)) + 3) << 16 | (extra) << 8
#define LENGTHS(extra) LENGTH(extra, 0), LENGTH(extra, 1), LENGTH(extra, 2), LENGTH(extra, 3)
const uint32_t inflate_literal[LITERALS] = {
    LITERALS_64(0u), LITERALS_64(64u), LITERALS_64(128u), LITERALS_64(192u), END_OF_BLOCK,
    3 << 16,         4 << 16,          5 << 16,           6 << 16,           LENGTHS(0),
    LENGTHS(1),      LENGTHS(2),       LENGTHS(3),        LENGTHS(4),        LENGTH(5, 0),
    LENGTH(5, 1),    LENGTH(5, 2),     LENGTH(5, 3),      LONGEST << 16,     INVALID,
    INVALID,
};

#define DISTANCES_2(extra)                                                                         \
    ((2u << (extra)) + 1) << 16 | (extra) << 8, ((3u << (extra)) + 1) << 16 | (extra) << 8
const uint32_t inflate_distance[DISTANCES] = {
    1 << 16,         2 << 16,        DISTANCES_2(0),  DISTANCES_2(1),  DISTANCES_2(2),
    DISTANCES_2(3),  DISTANCES_2(4), DISTANCES_2(5),  DISTANCES_2(6),  DISTANCES_2(7),
    DISTANCES_2(8),  DISTANCES_2(9), DISTANCES_2(10), DISTANCES_2(11), DISTANCES_2(12),
    DISTANCES_2(13), INVALID,        INVALID,
};
