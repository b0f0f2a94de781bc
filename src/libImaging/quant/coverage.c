/* Maximum coverage: each new entry is the colour farthest from those chosen so far. */
#include "quant/methods.h"

#include <stdlib.h>

/* Colours are visited by the remainder of a hash, which decides between equally far ones. The
 * divisor grows with the number of colours, in the steps of the hash table that it once belonged
 * to. */
static uint32_t table_length(size_t colours) {
    uint32_t length = 11;
    while (colours > (size_t)3 * length) {
        length = 2 * length + 1;
        while (length % 2 == 0 || length % 16 == 5 || length % 16 == 15) {
            length++;
        }
    }
    return length;
}

static uint32_t hash(uint32_t colour) {
    const uint32_t r = colour & 255, g = colour >> 8 & 255, b = colour >> 16 & 255;
    return r * 463u ^ (g << 8) * 10069u ^ (b << 16) * 64997u;
}

/* Red counts most. */
static uint32_t rank(uint32_t colour) {
    return (colour & 255) << 16 | (colour & 0xff00) | colour >> 16;
}

static int by_rank(const void *a, const void *b) {
    const uint32_t x = rank(*(const uint32_t *)a), y = rank(*(const uint32_t *)b);
    return x < y ? -1 : x > y;
}

/* The colours in the order of visits, by counting the remainders. NULL: out of memory. */
static uint32_t *visiting_order(const QuantColours *colours) {
    const uint32_t length = table_length(colours->count);
    uint32_t *start = calloc((size_t)length + 1, sizeof(*start));
    uint32_t *order = malloc(colours->count * sizeof(*order));
    if (!start || !order) {
        free(start);
        free(order);
        return NULL;
    }
    for (size_t i = 0; i < colours->count; i++) {
        start[hash(colours->colour[i]) % length + 1]++;
    }
    for (uint32_t i = 0; i < length; i++) {
        start[i + 1] += start[i];
    }
    for (size_t i = 0; i < colours->count; i++) {
        order[start[hash(colours->colour[i]) % length]++] = colours->colour[i];
    }
    /* start[i] is now where the colours of remainder i end. */
    for (uint32_t i = 0, from = 0; i < length; from = start[i++]) {
        if (start[i] - from > 1) {
            qsort(order + from, start[i] - from, sizeof(*order), by_rank);
        }
    }
    free(start);
    return order;
}

/* Brings the distances up to date with a new reference; the first colour that is farthest from all,
 * or `otherwise` if none is any distance away. */
static uint32_t farthest(
    const uint32_t *order, uint32_t *kept, size_t count, uint32_t reference, bool replace,
    uint32_t otherwise) {
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t d = colour_distance(reference, order[i]);
        kept[i] = replace || d < kept[i] ? d : kept[i];
        most = kept[i] > most ? kept[i] : most;
    }
    for (size_t i = 0; most && i < count; i++) {
        if (kept[i] == most) {
            return order[i];
        }
    }
    return otherwise;
}

bool quant_max_coverage(QuantPalette *palette, QuantColours *colours, int wanted) {
    uint32_t *order = visiting_order(colours);
    uint32_t *kept = malloc(colours->count * sizeof(*kept));
    if (!order || !kept) {
        free(order);
        free(kept);
        return false;
    }
    ColourSums sums = {{0, 0, 0}, 0};
    for (size_t i = 0; i < colours->count; i++) {
        sums_add(&sums, colours->colour[i], colours->uses[i]);
        kept[i] = UINT32_MAX;
    }
    /* The first reference is the mean, which only serves to find the first entry: its distances
     * are replaced by those to that entry. */
    uint32_t reference = sums_mean(&sums);
    const uint32_t first = colours->colour[colours->id[0]];
    for (int i = 0; i < wanted; i++) {
        reference = farthest(order, kept, colours->count, reference, i == 1, first);
        palette->entry[i] = reference;
    }
    palette->count = wanted;
    free(order);
    free(kept);
    return true;
}
