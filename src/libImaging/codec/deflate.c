/* The fast zlib compressor: tokens, then blocks. */
#include "codec/deflate.h"

#include <stdlib.h>
#include <string.h>

#include "codec/huffman.h"

#define WINDOW 32768u
/* Matches near by (as far as a pixel) repeat it and get short codes; farther ones cost about as
 * much as ten literals of filtered pixels, and must also make up for the literals' better code.
 * Measured on photographs: files are smallest at 16 to 24 bytes. */
#define MIN_NEAR 6
#define NEAR 4
#define MIN_FAR 16
#define MAX_MATCH 258
#define HASH_BITS 13 /* 32 KiB of table stay in the first cache */
#define BLOCK_TOKENS 32768
#define LITERALS 286 /* literals, end of block (256), lengths (257 to 285) */
#define DISTANCES 30
#define END_OF_BLOCK 256
#define LENGTHS_ORDER 19

/* A token: a literal byte, or MATCH with length - 3 in bits 16 to 23 and distance - 1 below. */
#define MATCH 0x80000000u

typedef struct {
    uint32_t token[BLOCK_TOKENS];
    uint32_t table[1u << HASH_BITS]; /* place where six bytes of this hash were seen last */
    uint32_t literal_count[HUFFMAN_SYMBOLS], distance_count[DISTANCES];
    int tokens;
    HuffmanCode literal, distance;
    /* Output; see Bits. */
    uint8_t *out;
    size_t capacity, used;
    uint64_t bits;
    unsigned bit_count;
} Deflater;

/* --- symbols (RFC 1951, 3.2.5) --- */

typedef struct {
    uint16_t symbol;
    uint8_t extra_bits;
    uint16_t extra;
} Symbol;

static unsigned top_bit(unsigned v) {
    return 31u - (unsigned)__builtin_clz(v);
}

/* length - 3, from 0 to 255. Symbols come in fours with as many extra bits, from 8 on. */
static Symbol length_symbol(unsigned v) {
    if (v == 255) {
        return (Symbol){285, 0, 0};
    }
    if (v < 8) {
        return (Symbol){(uint16_t)(257 + v), 0, 0};
    }
    unsigned extra = top_bit(v) - 2;
    return (Symbol){
        (uint16_t)(257 + 4 * extra + (v >> extra)), (uint8_t)extra,
        (uint16_t)(v & ((1u << extra) - 1))};
}

/* distance - 1, from 0 to 32767. Symbols come in pairs, from 4 on. */
static Symbol distance_symbol(unsigned v) {
    if (v < 4) {
        return (Symbol){(uint16_t)v, 0, 0};
    }
    unsigned extra = top_bit(v) - 1;
    return (Symbol){
        (uint16_t)(2 * extra + (v >> extra)), (uint8_t)extra, (uint16_t)(v & ((1u << extra) - 1))};
}

/* --- output --- */

static bool reserve(Deflater *d, size_t more) {
    if (d->capacity - d->used >= more) {
        return true;
    }
    size_t capacity = d->capacity + d->capacity / 2 + more;
    uint8_t *bigger = capacity > d->capacity ? realloc(d->out, capacity) : NULL;
    if (!bigger) {
        return false;
    }
    d->out = bigger;
    d->capacity = capacity;
    return true;
}

/* Where bits go; kept apart from the rest, so that the compiler can hold it in registers. */
typedef struct {
    uint8_t *at;
    uint64_t bits; /* not yet written, the first one lowest */
    unsigned count;
} Bits;

/* Adds up to 32 bits; at most 31 wait before. There must be room for 4 bytes. */
static inline void put_bits(Bits *b, uint32_t value, unsigned count) {
    b->bits |= (uint64_t)value << b->count;
    b->count += count;
    if (b->count >= 32) {
        for (int i = 0; i < 4; i++) {
            b->at[i] = (uint8_t)(b->bits >> 8 * i);
        }
        b->at += 4;
        b->bits >>= 32;
        b->count -= 32;
    }
}

static void flush_bits(Bits *b) {
    for (; b->count > 0; b->count -= b->count < 8 ? b->count : 8) {
        *b->at++ = (uint8_t)b->bits;
        b->bits >>= 8;
    }
}

static Bits bits_of(const Deflater *d) {
    return (Bits){d->out + d->used, d->bits, d->bit_count};
}

static void keep_bits(Deflater *d, const Bits *b) {
    d->used = (size_t)(b->at - d->out);
    d->bits = b->bits;
    d->bit_count = b->count;
}

/* --- blocks --- */

/* The run-length coded code lengths of a block's header (RFC 1951, 3.2.7). */
typedef struct {
    uint8_t symbol[LITERALS + DISTANCES], extra[LITERALS + DISTANCES];
    int count;
    HuffmanCode code;
    int literals, distances, order; /* how many lengths are sent of each kind */
} Header;

static const uint8_t order_of_lengths[LENGTHS_ORDER] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                        11, 4,  12, 3, 13, 2, 14, 1, 15};

static unsigned header_extra_bits(unsigned symbol) {
    return symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0;
}

static void add_lengths(Header *h, unsigned symbol, unsigned extra) {
    h->symbol[h->count] = (uint8_t)symbol;
    h->extra[h->count++] = (uint8_t)extra;
}

/* Runs of a length: zeros by 18 and 17, repetitions of the length before by 16. */
static void code_lengths(Header *h, const uint8_t *length, int count) {
    for (int i = 0; i < count;) {
        int run = 1;
        while (i + run < count && length[i + run] == length[i]) {
            run++;
        }
        i += run;
        unsigned value = length[i - 1];
        if (value > 0) {
            add_lengths(h, value, 0);
            run--;
        }
        while (run >= 3) {
            int most = value > 0 ? 6 : run >= 11 ? 138 : 10;
            int n = run < most ? run : most;
            unsigned symbol = value > 0 ? 16 : n >= 11 ? 18 : 17;
            add_lengths(h, symbol, (unsigned)(n - (symbol == 18 ? 11 : 3)));
            run -= n;
        }
        for (; run > 0; run--) {
            add_lengths(h, value, 0);
        }
    }
}

static int last_used(const uint8_t *length, int count, int least) {
    while (count > least && length[count - 1] == 0) {
        count--;
    }
    return count;
}

static void make_header(const Deflater *d, Header *h) {
    uint8_t length[LITERALS + DISTANCES];
    uint32_t frequency[LENGTHS_ORDER] = {0};
    h->count = 0;
    h->literals = last_used(d->literal.length, LITERALS, 257);
    h->distances = last_used(d->distance.length, DISTANCES, 1);
    memcpy(length, d->literal.length, (size_t)h->literals);
    memcpy(length + h->literals, d->distance.length, (size_t)h->distances);
    code_lengths(h, length, h->literals + h->distances);
    for (int i = 0; i < h->count; i++) {
        frequency[h->symbol[i]]++;
    }
    /* There are two symbols at least: literal 0 or 1 may be absent, but the end of block is not,
     * and the lengths after it differ or run; yet be safe. */
    frequency[0] += frequency[0] == 0;
    frequency[18] += frequency[18] == 0;
    huffman_lengths(frequency, LENGTHS_ORDER, 7, h->code.length);
    huffman_codes(&h->code, LENGTHS_ORDER);
    h->order = LENGTHS_ORDER;
    while (h->order > 4 && h->code.length[order_of_lengths[h->order - 1]] == 0) {
        h->order--;
    }
}

static size_t header_bits(const Header *h) {
    size_t bits = 5 + 5 + 4 + 3 * (size_t)h->order;
    for (int i = 0; i < h->count; i++) {
        bits += h->code.length[h->symbol[i]] + header_extra_bits(h->symbol[i]);
    }
    return bits;
}

static void write_header(Bits *b, const Header *h) {
    put_bits(b, (uint32_t)(h->literals - 257), 5);
    put_bits(b, (uint32_t)(h->distances - 1), 5);
    put_bits(b, (uint32_t)(h->order - 4), 4);
    for (int i = 0; i < h->order; i++) {
        put_bits(b, h->code.length[order_of_lengths[i]], 3);
    }
    for (int i = 0; i < h->count; i++) {
        put_bits(b, h->code.code[h->symbol[i]], h->code.length[h->symbol[i]]);
        put_bits(b, h->extra[i], header_extra_bits(h->symbol[i]));
    }
}

/* Bits of the tokens under the current codes, without extra bits (the same for all codes). */
static size_t token_bits(const Deflater *d) {
    size_t bits = 0;
    for (int s = 0; s < LITERALS; s++) {
        bits += (size_t)d->literal_count[s] * d->literal.length[s];
    }
    for (int s = 0; s < DISTANCES; s++) {
        bits += (size_t)d->distance_count[s] * d->distance.length[s];
    }
    return bits;
}

static void fixed_codes(Deflater *d) {
    for (int s = 0; s < HUFFMAN_SYMBOLS; s++) {
        d->literal.length[s] = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
    }
    memset(d->distance.length, 5, DISTANCES);
    huffman_codes(&d->literal, HUFFMAN_SYMBOLS);
    huffman_codes(&d->distance, DISTANCES);
}

static void dynamic_codes(Deflater *d) {
    /* A code needs two symbols; unused ones cost nothing but a bit or two of the header. */
    uint32_t *count = d->distance_count;
    uint32_t saved[2] = {count[0], count[1]};
    int used = 0;
    for (int s = 0; s < DISTANCES; s++) {
        used += count[s] > 0;
    }
    for (int s = 0; s < 2 && used < 2; s++) {
        used += count[s] == 0;
        count[s] += count[s] == 0;
    }
    huffman_lengths(count, DISTANCES, 15, d->distance.length);
    memcpy(count, saved, sizeof(saved));
    huffman_lengths(d->literal_count, LITERALS, 15, d->literal.length);
    huffman_codes(&d->literal, LITERALS);
    huffman_codes(&d->distance, DISTANCES);
}

static void write_tokens(const Deflater *d, Bits *b) {
    const HuffmanCode *literal = &d->literal, *distance = &d->distance;
    Bits local = *b;
    for (int i = 0; i < d->tokens; i++) {
        uint32_t t = d->token[i];
        if (!(t & MATCH)) {
            put_bits(&local, literal->code[t], literal->length[t]);
            continue;
        }
        Symbol s = length_symbol(t >> 16 & 255);
        put_bits(&local, literal->code[s.symbol], literal->length[s.symbol]);
        put_bits(&local, s.extra, s.extra_bits);
        s = distance_symbol(t & (WINDOW - 1));
        put_bits(&local, distance->code[s.symbol], distance->length[s.symbol]);
        put_bits(&local, s.extra, s.extra_bits);
    }
    put_bits(&local, literal->code[END_OF_BLOCK], literal->length[END_OF_BLOCK]);
    *b = local;
}

/* Counts the symbols of the block. Two tables for the literals in turn, because equal neighbours
 * would wait for each other's sums. */
static void count_symbols(Deflater *d) {
    uint32_t other[256] = {0};
    memset(d->literal_count, 0, sizeof(d->literal_count));
    memset(d->distance_count, 0, sizeof(d->distance_count));
    for (int i = 0; i < d->tokens; i++) {
        uint32_t t = d->token[i];
        if (t & MATCH) {
            d->literal_count[length_symbol(t >> 16 & 255).symbol]++;
            d->distance_count[distance_symbol(t & (WINDOW - 1)).symbol]++;
        } else if (i & 1) {
            other[t]++;
        } else {
            d->literal_count[t]++;
        }
    }
    for (int v = 0; v < 256; v++) {
        d->literal_count[v] += other[v];
    }
    d->literal_count[END_OF_BLOCK] = 1;
    /* With only the end of block there would be one symbol. */
    d->literal_count[0] += d->tokens == 0;
}

/* Writes the collected tokens as a block with fixed or own codes, whichever is shorter. */
static bool write_block(Deflater *d, bool last) {
    Header header;
    count_symbols(d);
    fixed_codes(d);
    size_t fixed = token_bits(d);
    dynamic_codes(d);
    make_header(d, &header);
    size_t dynamic = token_bits(d) + header_bits(&header);
    bool own = dynamic < fixed;
    /* At most 5 + 13 extra bits a token, and what waits. */
    size_t bits = (own ? dynamic : fixed) + 18 * (size_t)d->tokens;
    if (!reserve(d, bits / 8 + 32)) {
        return false;
    }
    Bits b = bits_of(d);
    put_bits(&b, last, 1);
    put_bits(&b, own ? 2 : 1, 2);
    if (own) {
        write_header(&b, &header);
    } else {
        fixed_codes(d);
    }
    write_tokens(d, &b);
    keep_bits(d, &b);
    d->tokens = 0;
    return true;
}

/* --- tokens --- */

static inline uint64_t load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* Of the low six bytes; the factor is 2^64 over the golden ratio, made odd. */
static inline uint32_t hash6(uint64_t v) {
    return (uint32_t)((v << 16) * 0x9E3779B97F4A7C15u >> (64 - HASH_BITS));
}

/* How many bytes agree, up to MAX_MATCH and `end`. `n` are known to. */
static size_t match_length(const uint8_t *a, const uint8_t *b, const uint8_t *end, size_t n) {
    size_t most = (size_t)(end - a) < MAX_MATCH ? (size_t)(end - a) : MAX_MATCH;
    while (n + 8 <= most) {
        uint64_t difference = load64(a + n) ^ load64(b + n);
        if (difference) {
            return n + (size_t)__builtin_ctzll(difference) / 8;
        }
        n += 8;
    }
    while (n < most && a[n] == b[n]) {
        n++;
    }
    return n;
}

/* How far back an acceptable match begins, or 0. At least MIN_FAR bytes follow `at`. The bytes at
 * the remembered place are loaded before it is known whether they are in reach: that they agree is
 * rare, and one rare branch is cheaper than a frequent one. */
static inline uint32_t find_match(Deflater *d, const uint8_t *in, size_t at) {
    uint64_t v = load64(in + at);
    uint32_t *slot = &d->table[hash6(v)];
    const uint8_t *before = in + *slot;
    uint32_t distance = (uint32_t)at - *slot;
    *slot = (uint32_t)at;
    uint64_t difference = load64(before) ^ v;
    if (difference << 16 != 0 || distance - 1 >= WINDOW) {
        return 0;
    }
    bool good = distance <= NEAR || (difference == 0 && load64(before + 8) == load64(in + at + 8));
    return good ? distance : 0;
}

/* After some bytes without a match, only every second is looked up, and so on up to the fourth. */
#define PATIENCE 64
#define MOST_SKIPPED 3

/* Makes tokens of all input. */
static bool make_blocks(Deflater *d, const uint8_t *in, size_t size, size_t *literals) {
    size_t at = 0, searched = size < MIN_FAR ? 0 : size - MIN_FAR + 1, matched = 0, missed = 0;
    while (at < size) {
        int n = 0;
        while (n < BLOCK_TOKENS - MOST_SKIPPED && at < searched) {
            uint32_t distance = find_match(d, in, at);
            if (distance == 0) {
                size_t skipped = missed / PATIENCE;
                d->token[n++] = in[at++];
                for (missed += missed<PATIENCE * MOST_SKIPPED; skipped> 0; skipped--) {
                    d->token[n++] = in[at++];
                }
                continue;
            }
            missed = 0;
            size_t known = distance <= NEAR ? MIN_NEAR : MIN_FAR;
            size_t length = match_length(in + at, in + at - distance, in + size, known);
            d->token[n++] = MATCH | (uint32_t)(length - 3) << 16 | (distance - 1);
            at += length;
            matched += length;
            if (at < searched) { /* so that a run goes on just behind itself */
                d->table[hash6(load64(in + at - 1))] = (uint32_t)at - 1;
            }
        }
        while (n < BLOCK_TOKENS && at >= searched && at < size) {
            d->token[n++] = in[at++];
        }
        d->tokens = n;
        if (at < size && !write_block(d, false)) {
            return false;
        }
    }
    *literals = size - matched;
    return write_block(d, true);
}

bool img_deflate(const uint8_t *in, size_t size, uint32_t adler, ImgDeflated *out) {
    Deflater *d = calloc(1, sizeof(*d));
    *out = (ImgDeflated){NULL, 0, 0};
    if (!d || size > UINT32_MAX) {
        free(d);
        return false;
    }
    bool good = reserve(d, size / 2 + 64);
    if (good) {
        d->out[d->used++] = 0x78; /* deflate, 32 KiB window */
        d->out[d->used++] = 0x9C; /* default effort; makes the two bytes a multiple of 31 */
        good = make_blocks(d, in, size, &out->literals) && reserve(d, 16);
    }
    if (good) {
        Bits b = bits_of(d);
        flush_bits(&b);
        keep_bits(d, &b);
        for (int i = 3; i >= 0; i--) {
            d->out[d->used++] = (uint8_t)(adler >> 8 * i);
        }
        out->data = d->out;
        out->size = d->used;
    } else {
        free(d->out);
    }
    free(d);
    return good;
}
