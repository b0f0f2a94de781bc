/* A fast zlib compressor for filtered pixels.
 *
 * What filters leave of photographs is mostly noise around zero: it compresses by the frequencies
 * of its bytes, and short matches cost more than they save. So this compressor looks for matches
 * of some length only, in a table that remembers one place for each hash, and puts its time
 * into fresh Huffman codes for each block. On photographs it gives files of the size of zlib's
 * level 6 (strategy "filtered") many times faster; on drawings, which repeat themselves, a
 * compressor that searches is better: see ImgDeflated.literals. */
#ifndef IMAGING_CODEC_DEFLATE_H
#define IMAGING_CODEC_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *data; /* a zlib stream, to be freed by the caller */
    size_t size;
    size_t literals; /* how many bytes of the input were not part of a match */
} ImgDeflated;

/* False: out of memory, or more than 4 GiB of input. `adler` is the Adler-32 checksum of the input. */
bool img_deflate(const uint8_t *in, size_t size, uint32_t adler, ImgDeflated *out);

#endif
