/* Column histograms of two tiers: 16 coarse bins of 16 values each, and the 256 values.
 *
 * A window slides along the row. Its coarse histogram follows every step; of its fine histogram
 * only the part below the coarse bin that holds the rank is brought up to date, from the column
 * where that part was current last. */
#include "filter/rank.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define BINS 16

/* A column holds at most `size` <= 23170 samples, so 16 bits do; a window size * size. */
typedef uint16_t Bins[BINS];
typedef uint32_t Sums[BINS];

struct ImgRankColumns {
    int count, size;
    Bins *coarse; /* [count] */
    Bins *fine;   /* [BINS][count] */
};

ImgRankColumns *img_rank_columns_new(int count, int size) {
    ImgRankColumns *columns = malloc(sizeof(*columns));
    Bins *bins = calloc((size_t)count, sizeof(Bins) * (BINS + 1));
    if (!columns || !bins) {
        free(columns);
        free(bins);
        return NULL;
    }
    *columns = (ImgRankColumns){count, size, bins, bins + count};
    return columns;
}

void img_rank_columns_reset(ImgRankColumns *columns) {
    memset(columns->coarse, 0, (size_t)columns->count * sizeof(Bins) * (BINS + 1));
}

void img_rank_columns_free(ImgRankColumns *columns) {
    if (columns) {
        free(columns->coarse);
        free(columns);
    }
}

void img_rank_columns_row(
    ImgRankColumns *columns, const uint8_t *row, int count, int step, int sign) {
    const uint16_t change = (uint16_t)sign;
    for (int x = 0; x < count; x++) {
        const int v = row[(size_t)x * step];
        columns->coarse[x][v >> 4] += change;
        columns->fine[(size_t)(v >> 4) * columns->count + x][v & 15] += change;
    }
}

static inline void add(Sums sums, const Bins bins) {
    for (int i = 0; i < BINS; i++) {
        sums[i] += bins[i];
    }
}

static inline void slide(Sums sums, const Bins in, const Bins out) {
    for (int i = 0; i < BINS; i++) {
        sums[i] += (uint32_t)in[i] - out[i];
    }
}

/* The bin that holds the rank, which becomes the rank within it. */
static inline int find_bin(const Sums sums, uint32_t *rank) {
    int bin = 0;
    uint32_t rest = *rank;
    while (rest >= sums[bin]) {
        rest -= sums[bin++];
    }
    *rank = rest;
    return bin;
}

/* Brings the fine sums of one bin from the window at *at to that at x. */
static void follow(Sums sums, const Bins *bins, int *at, int x, int size) {
    if (*at < 0 || x - *at >= size / 2) {
        memset(sums, 0, sizeof(Sums));
        for (int i = 0; i < size; i++) {
            add(sums, bins[x + i]);
        }
    } else {
        for (int i = *at; i < x; i++) {
            slide(sums, bins[i + size], bins[i]);
        }
    }
    *at = x;
}

void img_rank_columns_select(ImgRankColumns *columns, uint8_t *out, int n, int step, int rank) {
    const int size = columns->size;
    Sums coarse = {0}, fine[BINS];
    int at[BINS];
    for (int i = 0; i < BINS; i++) {
        at[i] = -1;
    }
    for (int i = 0; i < size; i++) {
        add(coarse, columns->coarse[i]);
    }
    for (int x = 0; x < n; x++) {
        uint32_t rest = (uint32_t)rank;
        const int bin = find_bin(coarse, &rest);
        follow(fine[bin], columns->fine + (size_t)bin * columns->count, &at[bin], x, size);
        out[(size_t)x * step] = (uint8_t)(bin * BINS + find_bin(fine[bin], &rest));
        if (x + 1 < n) {
            slide(coarse, columns->coarse[x + size], columns->coarse[x]);
        }
    }
}
