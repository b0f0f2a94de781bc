/* The distinct colours of an image: everything but the octree works on these instead of pixels,
 * since equal pixels always get equal indices. */
#ifndef IMAGING_QUANT_COLOURS_H
#define IMAGING_QUANT_COLOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t pixels;
    uint32_t *id;     /* of each pixel: the number of its colour. At first, its colour */
    size_t count;     /* of distinct colours */
    uint32_t *colour; /* r | g << 8 | b << 16 */
    uint32_t *uses;   /* pixels of the colour */
    uint8_t *index;   /* the palette entry of the colour */
} QuantColours;

/* A set of numbers below 2^32 - 1 that numbers them from 0 in the order of arrival. */
typedef struct {
    uint32_t *slot; /* number + 1, or 0; a power of two of them */
    size_t mask;
    uint32_t *value;
    size_t count, room;
} NumberSet;

bool number_set_init(NumberSet *set, size_t expected);
void number_set_free(NumberSet *set);
/* The number of this value, SIZE_MAX if out of memory. */
size_t number_set_add(NumberSet *set, uint32_t value);

/* Finds the distinct colours of `pixels` colours in colours->id. False: out of memory. */
bool quant_colours_find(QuantColours *colours);
void quant_colours_free(QuantColours *colours);

static inline int channel(uint32_t colour, int k) {
    return (int)(colour >> (8 * k) & 255);
}

/* Squared distance. */
static inline uint32_t colour_distance(uint32_t a, uint32_t b) {
    const int dr = channel(a, 0) - channel(b, 0), dg = channel(a, 1) - channel(b, 1);
    const int db = channel(a, 2) - channel(b, 2);
    return (uint32_t)(dr * dr + dg * dg + db * db);
}

/* Sums wrap at 2^32, as the definition has it; that needs more than 2^24 pixels. */
typedef struct {
    uint32_t sum[3], uses;
} ColourSums;

static inline void sums_add(ColourSums *sums, uint32_t colour, uint32_t uses) {
    for (int k = 0; k < 3; k++) {
        sums->sum[k] += (uint32_t)channel(colour, k) * uses;
    }
    sums->uses += uses;
}

/* The mean, rounded; black if nothing was added. */
uint32_t sums_mean(const ColourSums *sums);

#endif
