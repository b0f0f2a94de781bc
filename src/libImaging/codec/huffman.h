/* Length-limited Huffman codes for deflate. */
#ifndef IMAGING_CODEC_HUFFMAN_H
#define IMAGING_CODEC_HUFFMAN_H

#include <stdint.h>

#define HUFFMAN_SYMBOLS 288 /* at most */

typedef struct {
    uint16_t code[HUFFMAN_SYMBOLS];  /* bits reversed, as deflate sends them */
    uint8_t length[HUFFMAN_SYMBOLS]; /* 0: the symbol does not occur */
} HuffmanCode;

/* Code lengths for the frequencies of `count` symbols, of which at least two are not zero; none is
 * longer than `limit` (2^limit >= count). */
void huffman_lengths(const uint32_t *frequency, int count, int limit, uint8_t *length);

/* The canonical codes of deflate (RFC 1951, 3.2.2) for the lengths. */
void huffman_codes(HuffmanCode *huffman, int count);

#endif
