/* A palette with, for each entry, all entries by distance: the nearest entry to a colour is found
 * from any entry that is not far, by looking only at those close to it. */
#ifndef IMAGING_QUANT_SEARCH_H
#define IMAGING_QUANT_SEARCH_H

#include "quant/colours.h"

typedef struct {
    int count;
    uint32_t entry[256];
    /* Row i: squared distance to entry i << 8 | index, ascending (distances are below 2^18). */
    uint32_t near[256][256];
} QuantPalette;

/* Fills the rows from the entries. */
void quant_palette_sort(QuantPalette *palette);

/* Each colour's index becomes that of the entry nearest to it, starting from the one it has. */
void quant_map(const QuantPalette *palette, QuantColours *colours);

/* Moves the entries to the means of their colours, and the colours to their nearest entries, until
 * a round changes no more than `limit` pixels. */
void quant_refine(QuantPalette *palette, QuantColours *colours, uint32_t limit);

#endif
