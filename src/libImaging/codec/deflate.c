/* Compressing in pieces; see deflate.h. */
#include "codec/deflate.h"

#ifdef HAVE_LIBDEFLATE

#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>
#include <zlib.h>

#include "codec/inflate.h"

#define HEADER 2   /* of the zlib stream */
#define JOINT 5    /* the bytes of an empty stored block behind any bit */
#define CHECKSUM 4 /* Adler-32, the most significant byte first */

/* Runs alone are tried first on noisy pieces. If they leave less than a tenth, the piece is a
 * drawing and matches are tried too. */
#define DRAWING(size) ((size) / 10)

/* Otherwise they are if they promise to save a ninth. A match costs about 24 bits, 3 bytes of
 * output; what is longer than the plain bytes which that many bytes of output hold is gain.
 * Measured in pieces of photographs: at most 0.11; of drawings where matches save: mostly more. */
#define MATCH_COST 3
#define GAIN(size) ((size) / 9)
#define LONGEST_MATCH 258
#define FARTHEST_MATCH 32768

/* zlib's settings for runs: they need no history, so that the window can be small, and 2^14 symbols
 * make a block. That is 150 KiB of state, a third of libdeflate's. */
#define RUNS_WINDOW 12
#define RUNS_MEMORY 8

struct ImgDeflate {
    struct libdeflate_compressor *compressor;
    int level;
    bool begun, noisy;
    z_stream runs; /* if noisy */
    uint32_t checksum;
    uint8_t *plain, *output;
    size_t piece, filled;     /* of `plain` */
    size_t room, used, given; /* of `output` */
};

/* No stream of a piece is longer: at worst it is stored, with 5 bytes for each block, and blocks
 * hold thousands of bytes in both libraries. */
static size_t most_output(size_t piece) {
    return piece + piece / 256 + 64;
}

ImgDeflate *img_deflate_new(int level, bool noisy, size_t piece) {
    ImgDeflate *self = calloc(1, sizeof(*self));
    if (!self) {
        return NULL;
    }
    self->level = level;
    self->checksum = 1;
    self->piece = piece;
    self->room = most_output(piece);
    self->plain = malloc(piece + IMG_INFLATE_SLACK);
    /* Twice, because the shorter of two results is kept; of the second one the pages are touched
     * only if it comes to that. */
    self->output = malloc(HEADER + 2 * (self->room + JOINT) + CHECKSUM);
    const int windows = -RUNS_WINDOW; /* negative: no zlib header */
    self->noisy =
        noisy &&
        deflateInit2(&self->runs, level < 9 ? level : 9, Z_DEFLATED, windows, RUNS_MEMORY, Z_RLE) ==
            Z_OK;
    /* At once, though it may never be used, and its pages never touched: made later, it would lie
     * in the way of what the caller collects the output in. */
    self->compressor = libdeflate_alloc_compressor(level);
    if (!self->plain || !self->output || !self->compressor || self->noisy != noisy) {
        img_deflate_free(self);
        return NULL;
    }
    return self;
}

void img_deflate_free(ImgDeflate *self) {
    if (self) {
        if (self->noisy) {
            deflateEnd(&self->runs);
        }
        if (self->compressor) {
            libdeflate_free_compressor(self->compressor);
        }
        free(self->plain);
        free(self->output);
        free(self);
    }
}

size_t img_deflate_add(ImgDeflate *self, const uint8_t *data, size_t size) {
    const size_t left = self->piece - self->filled, n = size < left ? size : left;
    memcpy(self->plain + self->filled, data, n);
    self->filled += n;
    return n;
}

/* Deflate, window of 32 KiB, and how hard it was tried, which only informs (RFC 1950, 2.2). */
static void add_header(ImgDeflate *self) {
    const unsigned effort = self->level < 2 ? 0 : self->level < 6 ? 1 : self->level < 8 ? 2 : 3;
    const unsigned header = 0x7800 | effort << 6;
    self->output[0] = (uint8_t)(header >> 8);
    self->output[1] = (uint8_t)(header + 31 - header % 31);
    self->used = HEADER;
    self->begun = true;
}

/* Makes the blocks at `blocks` some that others follow. The piece is not needed any more and serves
 * as memory. Returns their new size, or 0 if there is no memory. */
static size_t add_joint(ImgDeflate *self, uint8_t *blocks, size_t size) {
    ImgBlocks found;
    const size_t room = self->piece + IMG_INFLATE_SLACK;
    if (!img_inflate_scan(blocks, size, self->plain, room, &found)) {
        return 0;
    }
    blocks[found.last_begins / 8] &= (uint8_t) ~(1u << found.last_begins % 8);
    /* The header of the stored block, three zeros, in what the last byte has left or in another;
     * then the size 0 and its complement. */
    static const uint8_t joint[JOINT] = {0, 0, 0, 0xFF, 0xFF};
    const unsigned left = (unsigned)(-found.end & 7), skipped = left >= 3;
    memcpy(blocks + size, joint + skipped, JOINT - skipped);
    return size + JOINT - skipped;
}

/* Compresses runs and by frequency only. Returns the size of the output, or 0: too long. */
static size_t compress_runs(ImgDeflate *self, uint8_t *out, bool last) {
    z_stream *z = &self->runs;
    deflateReset(z);
    z->next_in = self->plain;
    z->avail_in = (uInt)self->filled;
    z->next_out = out;
    z->avail_out = (uInt)self->room;
    const int code = deflate(z, last ? Z_FINISH : Z_SYNC_FLUSH);
    const bool done = last ? code == Z_STREAM_END : code == Z_OK && z->avail_out > 0;
    return done ? self->room - z->avail_out : 0;
}

/* Compresses by libdeflate. Returns the size of the output, or 0: it needs more room. */
static size_t compress_matches(ImgDeflate *self, uint8_t *out, bool last) {
    const size_t size =
        libdeflate_deflate_compress(self->compressor, self->plain, self->filled, out, self->room);
    return size == 0 || last ? size : add_joint(self, out, size);
}

static uint64_t load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* What matches would save, in bytes of the piece, where runs bring it down to `size` bytes. Looks
 * only at the last place with the same hash (the factor is 2^64 over the golden ratio, made odd).
 */
static size_t promised_gain(const ImgDeflate *self, size_t size) {
    enum { HASH_BITS = 12 };
    uint32_t seen[1 << HASH_BITS] = {0};
    const uint8_t *in = self->plain;
    const size_t end = self->filled, cost = MATCH_COST * end / size;
    size_t gain = 0;
    for (size_t i = 1; i + 8 <= end;) {
        const uint64_t v = load64(in + i);
        uint32_t *slot = &seen[v * 0x9E3779B97F4A7C15u >> (64 - HASH_BITS)];
        const size_t back = i - *slot;
        *slot = (uint32_t)i;
        const bool run = v == in[i] * 0x0101010101010101u;
        if (run || back >= FARTHEST_MATCH || load64(in + i - back) != v) {
            i++;
            continue;
        }
        size_t length = 8;
        while (length < LONGEST_MATCH && i + length < end &&
               in[i + length] == in[i + length - back]) {
            length++;
        }
        gain += length > cost ? length - cost : 0;
        i += length;
    }
    return gain;
}

static bool wants_matches(const ImgDeflate *self, size_t runs) {
    return runs <= DRAWING(self->filled) || promised_gain(self, runs) > GAIN(self->filled);
}

bool img_deflate_compress(ImgDeflate *self, bool last) {
    self->used = self->given = 0;
    if (!self->begun) {
        add_header(self);
    }
    self->checksum = libdeflate_adler32(self->checksum, self->plain, self->filled);
    uint8_t *out = self->output + self->used;
    size_t size = self->noisy ? compress_runs(self, out, last) : 0;
    if (wants_matches(self, size)) {
        const size_t other = compress_matches(self, out + size, last);
        if (other == 0) {
            return false;
        }
        if (size == 0 || other < size) {
            memmove(out, out + size, other);
            size = other;
        }
    }
    self->used += size;
    self->filled = 0;
    for (int shift = 24; last && shift >= 0; shift -= 8) {
        self->output[self->used++] = (uint8_t)(self->checksum >> shift);
    }
    return true;
}

size_t img_deflate_left(const ImgDeflate *self) {
    return self->used - self->given;
}

size_t img_deflate_take(ImgDeflate *self, uint8_t *out, size_t size) {
    const size_t left = img_deflate_left(self), n = left < size ? left : size;
    memcpy(out, self->output + self->given, n);
    self->given += n;
    return n;
}

#endif
