#include "quant/search.h"

#include <string.h>

/* By the low 9 and then the high 9 bits of the distance: stable, so that equal distances stay by
 * ascending index. */
static void sort_row(uint32_t *row, int count) {
    uint32_t other[256];
    for (int shift = 8; shift <= 17; shift += 9) {
        uint16_t start[513] = {0};
        for (int i = 0; i < count; i++) {
            start[(row[i] >> shift & 511) + 1]++;
        }
        for (int i = 0; i < 512; i++) {
            start[i + 1] = (uint16_t)(start[i + 1] + start[i]);
        }
        for (int i = 0; i < count; i++) {
            other[start[row[i] >> shift & 511]++] = row[i];
        }
        memcpy(row, other, (size_t)count * sizeof(*row));
    }
}

void quant_palette_sort(QuantPalette *palette) {
    for (int i = 0; i < palette->count; i++) {
        for (int j = 0; j < palette->count; j++) {
            const uint32_t d = colour_distance(palette->entry[i], palette->entry[j]);
            palette->near[i][j] = d << 8 | (uint32_t)j;
        }
        sort_row(palette->near[i], palette->count);
    }
}

/* Entries farther from `start` than twice the colour is cannot be nearer to the colour: squared,
 * four times. Ties go to `start`, then to the order of its row. */
static uint8_t nearest(const QuantPalette *palette, uint32_t colour, uint8_t start) {
    uint32_t best_distance = colour_distance(palette->entry[start], colour);
    const uint32_t limit = 4 * best_distance;
    uint8_t best = start;
    for (int k = 0; k < palette->count; k++) {
        const uint32_t near = palette->near[start][k];
        if (near >> 8 > limit) {
            break;
        }
        const uint32_t d = colour_distance(palette->entry[near & 255], colour);
        if (d < best_distance) {
            best_distance = d;
            best = (uint8_t)near;
        }
    }
    return best;
}

void quant_map(const QuantPalette *palette, QuantColours *colours) {
    for (size_t i = 0; i < colours->count; i++) {
        colours->index[i] = nearest(palette, colours->colour[i], colours->index[i]);
    }
}

static void take_means(QuantPalette *palette, const ColourSums *sums) {
    for (int i = 0; i < palette->count; i++) {
        palette->entry[i] = sums_mean(&sums[i]);
    }
}

/* Brings the rows up to date with moved entries, by the order they had. This is meant as an
 * insertion sort but compares with what lies in the gap, a copy of the last neighbour, and not with
 * the element to be inserted. The rows it leaves out of order cut searches short, and so are part
 * of the result (see the specification of k-means in Pillow). */
static void resort_row(const QuantPalette *palette, int i, uint32_t *row) {
    for (int k = 0; k < palette->count; k++) {
        const uint32_t j = row[k] & 255;
        row[k] = colour_distance(palette->entry[i], palette->entry[j]) << 8 | j;
    }
    for (int j = 1; j < palette->count; j++) {
        const uint32_t moved = row[j];
        int k = j;
        while (k > 0 && row[k - 1] >> 8 > row[k] >> 8) {
            row[k] = row[k - 1];
            k--;
        }
        row[k] = moved;
    }
}

/* One round; the number of pixels whose entry changed. */
static uint32_t move_colours(const QuantPalette *palette, QuantColours *colours, ColourSums *sums) {
    uint32_t changes = 0;
    for (size_t i = 0; i < colours->count; i++) {
        const uint8_t from = colours->index[i];
        const uint8_t to = nearest(palette, colours->colour[i], from);
        if (to != from) {
            const uint32_t uses = colours->uses[i];
            changes += uses;
            sums_add(&sums[from], colours->colour[i], 0u - uses); /* modulo 2^32: subtracts */
            sums_add(&sums[to], colours->colour[i], uses);
            colours->index[i] = to;
        }
    }
    return changes;
}

/* Rounds after which refinement ends in any case: out of order rows might make it go in circles. */
#define MAX_ROUNDS 100000

void quant_refine(QuantPalette *palette, QuantColours *colours, uint32_t limit) {
    ColourSums sums[256];
    memset(sums, 0, sizeof(sums));
    for (size_t i = 0; i < colours->count; i++) {
        sums_add(&sums[colours->index[i]], colours->colour[i], colours->uses[i]);
    }
    take_means(palette, sums);
    quant_palette_sort(palette);
    for (int round = 0; round < MAX_ROUNDS; round++) {
        if (move_colours(palette, colours, sums) <= limit) {
            break;
        }
        take_means(palette, sums);
        for (int i = 0; i < palette->count; i++) {
            resort_row(palette, i, palette->near[i]);
        }
    }
}
