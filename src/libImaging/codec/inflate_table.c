/* Decoding tables; see inflate_table.h. */
#include "codec/inflate_table.h"

#include <stddef.h>
#include <string.h>

static unsigned reversed(unsigned code, unsigned count) {
    unsigned result = 0;
    for (unsigned i = 0; i < count; i++) {
        result |= (code >> i & 1) << (count - 1 - i);
    }
    return result;
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
    if (used <= 1) { /* half of the entries or all are never filled */
        fill(table.entry, table.root, 0, 1, INVALID);
        fill(table.entry, table.root, 1, 1, INVALID);
    }
    unsigned next = 1u << table.root, code = 0, before = 0, prefix = ~0u, bits = 0;
    uint32_t *further = NULL;
    for (unsigned i = 0; i < used; i++) {
        const unsigned s = sorted[i], l = length[s];
        code <<= l - before;
        before = l;
        const unsigned turned = reversed(code++, l);
        if (l <= table.root) {
            fill(table.entry, table.root, turned, l, value[s]);
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
    return true;
}

/* Lengths (symbols 257 to 285) come in fours with as many extra bits, distances in pairs, but for
 * the first and the longest length, which has none (RFC 1951, 3.2.5). */
uint32_t inflate_literal(unsigned s) {
    if (s < 256) {
        return LITERAL | s << 16;
    }
    if (s == 256) {
        return END_OF_BLOCK;
    }
    if (s >= 285) {
        return s == 285 ? LONGEST << 16 : INVALID;
    }
    const unsigned v = s - 257, extra = v < 8 ? 0 : v / 4 - 1;
    return (3 + (v < 8 ? v : (4 + v % 4) << extra)) << 16 | extra << 8;
}

uint32_t inflate_distance(unsigned s) {
    const unsigned extra = s < 4 ? 0 : s / 2 - 1;
    return s >= 30 ? INVALID : (1 + (s < 4 ? s : (2 + s % 2) << extra)) << 16 | extra << 8;
}
