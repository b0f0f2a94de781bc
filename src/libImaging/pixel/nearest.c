#include "pixel/nearest.h"
#include "pixel/rows.h"
#include "simd/kernels.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool same_colours(const ImgPalette *a, const ImgPalette *b) {
    return a->count == b->count &&
           memcmp(a->entry, b->entry, (size_t)a->count * sizeof(*a->entry)) == 0;
}

ImgNearest *img_nearest_take(const ImgPalette *palette, ImgImage *keeper) {
    ImgNearest *nearest = keeper ? atomic_exchange(&keeper->nearest, NULL) : NULL;
    if (nearest && same_colours(&nearest->palette, palette)) {
        return nearest;
    }
    free(nearest);
    /* Cleared memory of this size comes page by page, as colours turn up. */
    nearest = calloc(1, sizeof(*nearest));
    if (nearest) {
        nearest->palette = *palette;
    }
    return nearest;
}

void img_nearest_give(ImgNearest *nearest, ImgImage *keeper) {
    free(keeper && nearest ? atomic_exchange(&keeper->nearest, nearest) : nearest);
}

/* Squared distance from v to the nearest and the farthest of low .. low + 28, which are the corners
 * of the cells of a box along one axis. */
static void axis_range(int v, int low, int *nearest, int *farthest) {
    const int high = low + 28;
    const int below = v - low, above = v - high;
    *nearest += v < low ? below * below : v > high ? above * above : 0;
    *farthest += below * below > above * above ? below * below : above * above;
}

/* The entries that can be nearest to some cell of the box: those not farther at their best than
 * some entry is at its worst. Ascending, at least one. */
static int candidates(const ImgPalette *palette, const int low[3], uint8_t list[256]) {
    int best[256], least_worst = INT_MAX, count = 0;
    for (int i = 0; i < palette->count; i++) {
        int worst = 0;
        best[i] = 0;
        for (int k = 0; k < 3; k++) {
            axis_range(palette->entry[i][k], low[k], &best[i], &worst);
        }
        least_worst = worst < least_worst ? worst : least_worst;
    }
    for (int i = 0; i < palette->count; i++) {
        if (best[i] <= least_worst) {
            list[count++] = (uint8_t)i;
        }
    }
    return count;
}

/* Squared distances from v to the 8 cell corners of a box along one axis. */
static void axis_distances(int v, int low, int32_t distance[8]) {
    for (int i = 0; i < 8; i++) {
        const int d = v - (low + 4 * i);
        distance[i] = d * d;
    }
}

/* Distances are below 3 * 2^16: with the index below them they are one number that fits 32 bits,
 * and whose minimum prefers the lower index. */
void nearest_candidate_scalar(int32_t *least, const int32_t *axes, int index) {
    for (int rg = 0; rg < 64; rg++, least += 8) {
        const int32_t so_far = axes[rg >> 3] + axes[8 + (rg & 7)];
        for (int i = 0; i < 8; i++) {
            const int32_t key = (so_far + axes[16 + i]) * 256 + index;
            least[i] = key < least[i] ? key : least[i];
        }
    }
}

#define BOX_CELLS 512

uint16_t img_nearest_fill(ImgNearest *nearest, uint32_t cell) {
    const uint32_t box = cell & (56u << 12 | 56u << 6 | 56u); /* its first cell */
    const int low[3] = {(int)(box >> 12) * 4, (int)(box >> 6 & 63) * 4, (int)(box & 63) * 4};
    uint8_t list[256];
    const int count = candidates(&nearest->palette, low, list);
    int32_t least[BOX_CELLS];
    for (int i = 0; i < BOX_CELLS; i++) {
        least[i] = INT32_MAX;
    }
    for (int c = 0; c < count; c++) {
        const uint8_t *entry = nearest->palette.entry[list[c]];
        int32_t axes[24];
        for (int k = 0; k < 3; k++) {
            axis_distances(entry[k], low[k], axes + 8 * k);
        }
        img_kernels->nearest_candidate(least, axes, list[c]);
    }
    for (uint32_t i = 0; i < BOX_CELLS; i++) {
        const uint32_t at = box + ((i >> 6) << 12) + ((i >> 3 & 7) << 6) + (i & 7);
        nearest->answer[at] = (uint16_t)((least[i] & 255) + 1);
    }
    return nearest->answer[cell];
}

#define CHUNK 256

void img_nearest_row(ImgNearest *nearest, uint8_t *out, const uint8_t *in, size_t pixels) {
    uint32_t cell[CHUNK];
    for (size_t at = 0; at < pixels; at += CHUNK, in += 4 * CHUNK) {
        const size_t n = pixels - at < CHUNK ? pixels - at : CHUNK;
        for (size_t i = 0; i < n; i++) {
            const uint32_t w = load_word(in + 4 * i);
            cell[i] = (w & 0xfc) << 10 | (w & 0xfc00) >> 4 | (w >> 18 & 63);
        }
        for (size_t i = 0; i < n; i++) {
            out[at + i] = img_nearest_cell(nearest, cell[i]);
        }
    }
}

#define SIMD_TEMPLATE "pixel/nearest.tmpl.h"
#define SIMD_LAST 2
#include "simd/instantiate.h"
