/* Counting bytes in tables; shared by the kernels and by the masked histogram. */
#ifndef IMAGING_STATS_TABLES_H
#define IMAGING_STATS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Equal values one after the other would make each increment wait for the one before it. So
 * neighbours count in different tables, which are added up in the end: table t counts byte t % 4 of
 * pixels (of every fourth one), or any byte of one-byte images. The 16 tables fill half of L1;
 * their length is no power of two because processors guess by the low 12 bits of addresses whether
 * a load must wait for a store. */
enum { IMG_TABLES = 16, IMG_TABLE_ENTRIES = 256 + 24 };
typedef uint32_t ImgTables[IMG_TABLES][IMG_TABLE_ENTRIES];

/* Adds up what belongs together: counts[256 * b] and on for byte b of pixels, or counts[0] and on
 * for one-byte pixels. */
static inline void img_add_tables(uint32_t *counts, ImgTables tables, size_t pixel_bytes) {
    for (size_t t = 0; t < IMG_TABLES; t++) {
        uint32_t *sums = counts + 256 * (t % pixel_bytes);
        for (size_t i = 0; i < 256; i++) {
            sums[i] += tables[t][i];
        }
    }
}

/* The bytes of `word` from the lowest; those left out of `wanted` (bit k for byte k) need no
 * counting. Constant arguments, so that this becomes straight code. */
static inline void
img_count_word(uint32_t (*tables)[IMG_TABLE_ENTRIES], uint64_t word, unsigned wanted) {
    for (int k = 0; k < 8; k++) {
        if (wanted >> k & 1) {
            tables[k][(word >> (8 * k)) & 255]++;
        }
    }
}

static inline void img_count_words(ImgTables tables, const uint8_t *in, size_t n, unsigned wanted) {
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        uint64_t word[2];
        memcpy(word, in + i, 16);
        img_count_word(tables, word[0], wanted);
        img_count_word(tables + 8, word[1], wanted);
    }
    for (; i < n; i++) {
        tables[i % 4][in[i]]++;
    }
}

/* Whether byte b of pixels of several bands is a band: LA and PA have bytes 0 and 3. */
static inline bool img_byte_counts(int bands, size_t b) {
    return bands == 1 ? b == 0 : bands == 2 ? b % 3 == 0 : b < (size_t)bands;
}

/* Constants for `wanted`: a loop for each. */
static inline void img_count_row(ImgTables tables, const uint8_t *in, size_t pixels, int bands) {
    if (bands == 1) {
        img_count_words(tables, in, pixels, 0xff);
    } else if (bands == 2) {
        img_count_words(tables, in, 4 * pixels, 0x99);
    } else if (bands == 3) {
        img_count_words(tables, in, 4 * pixels, 0x77);
    } else {
        img_count_words(tables, in, 4 * pixels, 0xff);
    }
}

#endif
