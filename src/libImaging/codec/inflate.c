/* Inflating; see inflate.h. A machine of states: each step takes the bits it needs at once, or, if
 * the input ends within them, none, so that it can be repeated when there is more. Output goes to
 * a window of the last 32 KiB and some new ones behind them, from where it is read. */
#include "codec/inflate.h"
#include "codec/inflate_table.h"

#ifdef HAVE_LIBZ

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#define HISTORY 32768u /* the longest distance */
/* Bytes written behind a match: 7 at a distance of 1 (1 + 2 + 4) and 3 words; see copy_match. */
#define OVERRUN 32u
/* History and as many new bytes again. Decoding stops where two literals and a match, which are
 * one turn of many_symbols, might not fit. */
#define SLACK (2 + LONGEST + OVERRUN)
#define WINDOW (2 * HISTORY)

#define ORDER 19

typedef enum {
    ZLIB_HEADER,
    BLOCK_HEADER,
    STORED_SIZE,
    STORED,
    CODE_COUNTS,
    ORDER_LENGTHS,
    CODE_LENGTHS,
    SYMBOLS,
    CHECKSUM,
    DICTIONARY, /* wanted, but there is none: the stream never goes on */
    ENDED,
    BROKEN
} State;

struct ImgInflate {
    State state;
    bool last_block;
    bool needs_room; /* broken in a way that shows when the next byte is to be put out */
    const uint8_t *in, *in_end;
    uint64_t bits; /* taken from the input, the next one lowest; zeros above */
    unsigned bit_count;
    size_t stored; /* bytes to come of a stored block */
    unsigned literals, distances, orders, done;
    uint8_t length[LITERALS + DISTANCES];
    uint32_t literal[LITERAL_ENTRIES], distance[DISTANCE_ENTRIES];
    uint32_t checksum;
    size_t summed, given, filled, full; /* places in the window, in this order */
    uint8_t *window;
    /* When a stream of blocks alone is only looked through: */
    const uint8_t *blocks;
    size_t last_block_at; /* bits */
};

ImgInflate *img_inflate_new(void) {
    ImgInflate *self = malloc(sizeof(*self) + WINDOW);
    if (self) {
        memset(self, 0, sizeof(*self));
        self->window = (uint8_t *)(self + 1);
        self->full = WINDOW - SLACK;
        self->checksum = 1;
    }
    return self;
}

void img_inflate_free(ImgInflate *self) {
    free(self);
}

void img_inflate_feed(ImgInflate *self, const uint8_t *data, size_t size) {
    self->in = data;
    self->in_end = data + size;
}

static bool broken(ImgInflate *self, bool needs_room) {
    self->state = BROKEN;
    self->needs_room = needs_room;
    return false;
}

/* --- bits --- */

/* Takes whole bytes from the input until there are 56 bits at least. */
static void top_up(ImgInflate *self) {
    while (self->bit_count < 56 && self->in < self->in_end) {
        self->bits |= (uint64_t)*self->in++ << self->bit_count;
        self->bit_count += 8;
    }
}

static bool have_bits(ImgInflate *self, unsigned count) {
    if (self->bit_count < count) {
        top_up(self);
    }
    return self->bit_count >= count;
}

/* Of the blocks that are looked through. */
static size_t bits_done(const ImgInflate *self) {
    return (size_t)(self->in - self->blocks) * 8 - self->bit_count;
}

/* The next bits, fewer than 32; they must be there. */
static uint32_t take_bits(ImgInflate *self, unsigned count) {
    const uint32_t value = low_bits(self->bits, count);
    self->bits >>= count;
    self->bit_count -= count;
    return value;
}

static uint64_t load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* Makes both tables from the lengths of `literals` and `distances`, which follow each other. */
static bool make_tables(ImgInflate *self, unsigned literals, unsigned distances) {
    const InflateTable literal = {self->literal, LITERAL_ROOT, LITERAL_ENTRIES};
    const InflateTable distance = {self->distance, DISTANCE_ROOT, DISTANCE_ENTRIES};
    return inflate_make_table(literal, self->length, literals, inflate_literal, true) &&
           inflate_make_table(distance, self->length + literals, distances, inflate_distance, true);
}

/* --- steps: true if the next one may be tried, false if it waits or all is over --- */

static bool zlib_header(ImgInflate *self) {
    if (!have_bits(self, 16)) {
        return false;
    }
    const unsigned method = take_bits(self, 8), flags = take_bits(self, 8);
    if ((method << 8 | flags) % 31 || (method & 15) != 8 || method >> 4 > 7) {
        return broken(self, false);
    }
    self->state = flags & 32 ? DICTIONARY : BLOCK_HEADER;
    return true;
}

static bool block_header(ImgInflate *self) {
    if (self->last_block && self->blocks) {
        self->state = ENDED;
        return false;
    }
    if (self->last_block) {
        take_bits(self, self->bit_count & 7);
        self->state = CHECKSUM;
        return true;
    }
    if (!have_bits(self, 3)) {
        return false;
    }
    if (self->blocks) {
        self->last_block_at = bits_done(self);
    }
    self->last_block = take_bits(self, 1);
    switch (take_bits(self, 2)) {
    case 0:
        take_bits(self, self->bit_count & 7);
        self->state = STORED_SIZE;
        return true;
    case 1:
        for (unsigned s = 0; s < LITERALS; s++) {
            self->length[s] = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
        }
        memset(self->length + LITERALS, 5, DISTANCES);
        self->state = SYMBOLS;
        return make_tables(self, LITERALS, DISTANCES);
    case 2:
        self->state = CODE_COUNTS;
        return true;
    default:
        return broken(self, false);
    }
}

static bool stored_size(ImgInflate *self) {
    if (!have_bits(self, 32)) {
        return false;
    }
    self->stored = take_bits(self, 16);
    self->state = STORED;
    return take_bits(self, 16) == (self->stored ^ 0xFFFF) || broken(self, false);
}

static bool stored(ImgInflate *self) {
    uint8_t *out = self->window + self->filled;
    const size_t room = self->full - self->filled;
    size_t n = self->stored < room ? self->stored : room;
    self->stored -= n;
    while (n > 0 && self->bit_count >= 8) {
        *out++ = (uint8_t)take_bits(self, 8);
        n--;
    }
    const size_t left = (size_t)(self->in_end - self->in), direct = n < left ? n : left;
    if (direct > 0) {
        memcpy(out, self->in, direct);
    }
    self->in += direct;
    self->stored += n - direct;
    self->filled = (size_t)(out - self->window) + direct;
    if (self->stored > 0) {
        return false;
    }
    self->state = BLOCK_HEADER;
    return true;
}

static bool code_counts(ImgInflate *self) {
    if (!have_bits(self, 14)) {
        return false;
    }
    self->literals = 257 + take_bits(self, 5);
    self->distances = 1 + take_bits(self, 5);
    self->orders = 4 + take_bits(self, 4);
    if (self->literals > 286 || self->distances > 30) {
        return broken(self, false);
    }
    memset(self->length, 0, ORDER);
    self->done = 0;
    self->state = ORDER_LENGTHS;
    return true;
}

static bool order_lengths(ImgInflate *self) {
    static const uint8_t order[ORDER] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                         11, 4,  12, 3, 13, 2, 14, 1, 15};
    for (; self->done < self->orders; self->done++) {
        if (!have_bits(self, 3)) {
            return false;
        }
        self->length[order[self->done]] = (uint8_t)take_bits(self, 3);
    }
    uint32_t value[ORDER];
    for (unsigned s = 0; s < ORDER; s++) {
        value[s] = s << 16;
    }
    /* The literals' table is made later, and serves for this code. */
    const InflateTable table = {self->literal, ORDER_ROOT, LITERAL_ENTRIES};
    if (!inflate_make_table(table, self->length, ORDER, value, false)) {
        return broken(self, false);
    }
    self->done = 0;
    self->state = CODE_LENGTHS;
    return true;
}

/* One length, or a run of them, of the codes of a block. An entry of the code without symbols
 * means, as in zlib, the length 0. False: no more bits, or broken. */
static bool code_length(ImgInflate *self) {
    static const struct {
        uint8_t bits, least;
    } runs[3] = {{2, 3}, {3, 3}, {7, 11}};
    top_up(self);
    const uint32_t entry = self->literal[low_bits(self->bits, ORDER_ROOT)];
    const unsigned symbol = entry >> 16, bits = entry & 31;
    const unsigned extra = symbol < 16 ? 0 : runs[symbol - 16].bits;
    if (bits + extra > self->bit_count) {
        return false;
    }
    take_bits(self, bits);
    if (symbol < 16) {
        self->length[self->done++] = (uint8_t)symbol;
        return true;
    }
    const unsigned run = runs[symbol - 16].least + take_bits(self, extra);
    if ((symbol == 16 && self->done == 0) || run > self->literals + self->distances - self->done) {
        return broken(self, false);
    }
    memset(self->length + self->done, symbol == 16 ? self->length[self->done - 1] : 0, run);
    self->done += run;
    return true;
}

static bool code_lengths(ImgInflate *self) {
    while (self->done < self->literals + self->distances) {
        if (!code_length(self)) {
            return false;
        }
    }
    self->state = SYMBOLS;
    return (self->length[256] > 0 && make_tables(self, self->literals, self->distances)) ||
           broken(self, false);
}

static inline void copy_word(uint8_t *out, const uint8_t *from) {
    uint64_t word;
    memcpy(&word, from, sizeof(word));
    memcpy(out, &word, sizeof(word));
}

/* Copies a match within the window. Up to OVERRUN bytes behind it are overwritten: most matches are
 * short, and three words without a question cost less than a loop guessed wrong. */
static inline void copy_match(uint8_t *out, size_t distance, size_t length) {
    const uint8_t *from = out - distance, *const end = out + length;
    /* Of a word from nearer than its size only the first `distance` bytes are there already. What
     * was copied repeats with that period, so that the next word may come from twice as far. */
    while (distance < 8) {
        copy_word(out, from);
        out += distance;
        distance *= 2;
    }
    for (int i = 0; i < 3; i++, out += 8, from += 8) {
        copy_word(out, from);
    }
    for (; out < end; out += 8, from += 8) {
        copy_word(out, from);
    }
}

/* A symbol (a match with its distance is one) near the end of the input. False: bits are missing,
 * or broken. At most 15 + 5 + 15 + 13 bits. */
static bool one_symbol(ImgInflate *self) {
    top_up(self);
    uint64_t bits = self->bits;
    unsigned used = 0;
    uint32_t found[2] = {0, 0};
    uint32_t number[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        const uint32_t *table = i ? self->distance : self->literal;
        uint32_t entry = table[low_bits(bits, i ? DISTANCE_ROOT : LITERAL_ROOT)];
        if (entry & FURTHER) {
            bits >>= entry & 31;
            used += entry & 31;
            entry = table[(entry >> 16) + low_bits(bits, entry >> 8 & 15)];
        }
        const unsigned length = entry & 31, extra = entry >> 8 & 15;
        if (used + length > self->bit_count) {
            return false;
        }
        if (entry & INVALID) {
            return broken(self, false);
        }
        used += length + extra;
        number[i] = (entry >> 16) + low_bits(bits >> length, extra);
        bits >>= length + extra;
        found[i] = entry;
        if (entry & (LITERAL | END_OF_BLOCK)) {
            break;
        }
    }
    if (used > self->bit_count) {
        return false;
    }
    if (found[0] & END_OF_BLOCK) {
        self->state = BLOCK_HEADER;
    } else if (found[0] & LITERAL) {
        self->window[self->filled++] = (uint8_t)number[0];
    } else if (number[1] > self->filled) {
        return broken(self, true);
    } else {
        copy_match(self->window + self->filled, number[1], number[0]);
        self->filled += number[0];
    }
    self->bits = bits;
    self->bit_count -= used;
    return true;
}

/* Where decoding is in the input. */
typedef struct {
    const uint8_t *in;
    uint64_t bits;
    unsigned count;
} Place;

/* Loads at least 56 bits. Those above `count` are the next ones already; they are loaded again. */
static inline void refill(Place *p) {
    p->bits |= load64(p->in) << p->count;
    p->in += (63 - p->count) >> 3;
    p->count |= 56;
}

static inline uint32_t first_entry(const Place *p, const uint32_t *table, unsigned root) {
    return table[low_bits(p->bits, root)];
}

static inline void drop_code(Place *p, uint32_t entry) {
    p->bits >>= entry & 63;
    p->count -= entry & 63;
}

/* The entry of a symbol, whose code is dropped, where that of its first bits is `entry`. */
static inline uint32_t last_entry(Place *p, const uint32_t *table, uint32_t entry) {
    drop_code(p, entry);
    if (entry & FURTHER) {
        entry = table[(entry >> 16) + low_bits(p->bits, entry >> 8 & 15)];
        drop_code(p, entry);
    }
    return entry;
}

/* The entry's number with the extra bits that follow its code. */
static inline uint32_t whole_number(Place *p, uint32_t entry) {
    const unsigned extra = entry >> 8 & 15;
    const uint32_t number = (entry >> 16) + low_bits(p->bits, extra);
    p->bits >>= extra;
    p->count -= extra;
    return number;
}

/* Symbols as long as there are 16 bytes of input, for two loads of 8, and room in the window. It
 * leaves to one_symbol what ends the block or is wrong. */
static void many_symbols(ImgInflate *self) {
    const uint8_t *const safe = self->in_end - 16;
    const uint32_t *const literal = self->literal, *const distance = self->distance;
    uint8_t *out = self->window + self->filled, *const full = self->window + self->full;
    Place p = {self->in, self->bits, self->bit_count};
    while (p.in <= safe && out < full) {
        /* 56 bits: three codes that are in the first table take 33; behind two of them, a length
         * takes 15 + 5. */
        refill(&p);
        uint32_t entry = first_entry(&p, literal, LITERAL_ROOT);
        if (entry & LITERAL) {
            drop_code(&p, entry);
            *out++ = (uint8_t)(entry >> 16);
            entry = first_entry(&p, literal, LITERAL_ROOT);
            if (entry & LITERAL) {
                drop_code(&p, entry);
                *out++ = (uint8_t)(entry >> 16);
                entry = first_entry(&p, literal, LITERAL_ROOT);
                if (entry & LITERAL) {
                    drop_code(&p, entry);
                    *out++ = (uint8_t)(entry >> 16);
                    continue;
                }
            }
        }
        const Place before = p;
        entry = last_entry(&p, literal, entry);
        if (entry & LITERAL) {
            *out++ = (uint8_t)(entry >> 16);
            continue;
        }
        if (entry & (END_OF_BLOCK | INVALID)) {
            p = before;
            break;
        }
        const size_t length = whole_number(&p, entry);
        refill(&p); /* a distance takes 28 bits at most */
        entry = last_entry(&p, distance, first_entry(&p, distance, DISTANCE_ROOT));
        const size_t back = whole_number(&p, entry);
        if (entry & INVALID || back > (size_t)(out - self->window)) {
            p = before;
            break;
        }
        copy_match(out, back, length);
        out += length;
    }
    self->in = p.in;
    self->bits = p.bits & (((uint64_t)1 << p.count) - 1);
    self->bit_count = p.count;
    self->filled = (size_t)(out - self->window);
}

static bool symbols(ImgInflate *self) {
    while (self->state == SYMBOLS) {
        if (self->in_end - self->in >= 16) {
            many_symbols(self);
        }
        if (self->filled >= self->full || !one_symbol(self)) {
            return false;
        }
    }
    return true;
}

static void add_to_checksum(ImgInflate *self) {
    const uint8_t *from = self->window + self->summed;
    const size_t size = self->filled - self->summed;
#ifdef HAVE_LIBDEFLATE
    self->checksum = libdeflate_adler32(self->checksum, from, size);
#else
    self->checksum = (uint32_t)adler32(self->checksum, from, (uInt)size);
#endif
    self->summed = self->filled;
}

static bool checksum(ImgInflate *self) {
    if (!have_bits(self, 32)) {
        return false;
    }
    add_to_checksum(self);
    uint32_t expected = 0;
    for (int i = 0; i < 4; i++) {
        expected = expected << 8 | take_bits(self, 8);
    }
    if (expected != self->checksum) {
        return broken(self, false);
    }
    self->state = ENDED;
    return false;
}

static bool stay(ImgInflate *self) {
    (void)self;
    return false;
}

/* Decodes until the window is full or the input is used up. All output has been given. */
static void decode(ImgInflate *self) {
    static bool (*const steps[])(ImgInflate *) = {
        [ZLIB_HEADER] = zlib_header,
        [BLOCK_HEADER] = block_header,
        [STORED_SIZE] = stored_size,
        [STORED] = stored,
        [CODE_COUNTS] = code_counts,
        [ORDER_LENGTHS] = order_lengths,
        [CODE_LENGTHS] = code_lengths,
        [SYMBOLS] = symbols,
        [CHECKSUM] = checksum,
        [DICTIONARY] = stay,
        [ENDED] = stay,
        [BROKEN] = stay,
    };
    if (self->filled >= self->full) {
        add_to_checksum(self);
        memmove(self->window, self->window + self->filled - HISTORY, HISTORY);
        self->summed = self->given = self->filled = HISTORY;
    }
    while (steps[self->state](self)) {
    }
}

bool img_inflate_scan(
    const uint8_t *blocks, size_t size, uint8_t *scratch, size_t room, ImgBlocks *found) {
    ImgInflate *self = calloc(1, sizeof(*self));
    if (!self) {
        return false;
    }
    self->state = BLOCK_HEADER;
    self->window = scratch;
    self->full = room - SLACK;
    self->blocks = blocks;
    img_inflate_feed(self, blocks, size);
    decode(self);
    const bool good = self->state == ENDED;
    *found = (ImgBlocks){self->last_block_at, bits_done(self)};
    free(self);
    return good;
}

size_t img_inflate_read(ImgInflate *self, uint8_t *out, size_t wanted, ImgInflateStatus *status) {
    size_t done = 0;
    do {
        const size_t ready = self->filled - self->given, left = wanted - done;
        const size_t n = ready < left ? ready : left;
        memcpy(out + done, self->window + self->given, n);
        self->given += n;
        done += n;
        if (self->given == self->filled) {
            decode(self);
        }
    } while (done < wanted && self->given < self->filled);
    const bool telling = self->given == self->filled && !(self->needs_room && done == wanted);
    *status = telling && self->state == ENDED    ? IMG_INFLATE_END
              : telling && self->state == BROKEN ? IMG_INFLATE_BROKEN
                                                 : IMG_INFLATE_MORE;
    return done;
}

#endif
