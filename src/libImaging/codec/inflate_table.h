/* Decoding tables of deflate's Huffman codes, for inflate.c. */
#ifndef IMAGING_CODEC_INFLATE_TABLE_H
#define IMAGING_CODEC_INFLATE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define CODE_BITS 15 /* the longest code */
#define LITERALS 288
#define DISTANCES 32
#define LONGEST 258u /* match */

/* A code's table has an entry for each value of the next `root` bits; longer codes lead to a table
 * of their own behind it. With root 11 and 288 symbols that makes 2342 entries at most, with 8 and
 * 32 symbols 402, with 7 and codes of at most 7 bits 128 (zlib's examples/enough.c counts them);
 * inflate_make_table checks. */
#define LITERAL_ROOT 11
#define DISTANCE_ROOT 8
#define ORDER_ROOT 7
#define LITERAL_ENTRIES 2342
#define DISTANCE_ENTRIES 402

/* Entries: bits of the code in bits 0 to 4, extra bits in 8 to 11, the literal, base or place of a
 * further table in 16 to 31, and one of these flags, or none for a length or distance. */
#define LITERAL 0x1000u
#define FURTHER 0x2000u /* bits 8 to 11: bits that choose in the further table */
#define END_OF_BLOCK 0x4000u
#define INVALID 0x8000u

typedef struct {
    uint32_t *entry;
    unsigned root, capacity;
} InflateTable;

/* Makes the table of a code. length[s] is the length of symbol s's code, 0 to CODE_BITS; value[s]
 * its entry but for that. False: the lengths make no code, as zlib understands it: one that is not
 * complete may have no symbol at all or, where `single`, one symbol with one bit. */
bool inflate_make_table(
    InflateTable table, const uint8_t *length, unsigned symbols, const uint32_t *value,
    bool single);

/* The entries of literals, lengths and the end of a block, and those of distances. */
extern const uint32_t inflate_literal[LITERALS], inflate_distance[DISTANCES];

static inline uint32_t low_bits(uint64_t bits, unsigned count) {
    return (uint32_t)(bits & ((1u << count) - 1));
}

#endif
