/* "Fast octree": the most used cells of a fine grid and the averages of what they leave of a coarse
 * grid make the palette; pixels are looked up by their cell. */
#include "quant/methods.h"

#include <stdlib.h>
#include <string.h>

/* Bits of r, g, b, a; the cell number has r on top. */
typedef struct {
    int bits[4];
} Grid;

typedef struct {
    uint64_t uses, sum[4];
} Cell;

/* Largest grids: 3 + 4 + 3 + 3 bits and 2 + 2 + 2 + 2. */
#define FINE_CELLS 8192
#define COARSE_CELLS 256

typedef struct {
    Cell fine[FINE_CELLS], coarse[COARSE_CELLS];
    uint32_t by_use[FINE_CELLS], coarse_by_use[COARSE_CELLS];
    uint8_t table[FINE_CELLS], coarse_table[COARSE_CELLS];
    Grid fine_grid, coarse_grid;
    uint32_t fine_count, coarse_count;
} Octree;

static inline uint32_t cell_of(const Grid *grid, uint32_t colour) {
    uint32_t cell = 0;
    for (int k = 0; k < 4; k++) {
        const int bits = grid->bits[k];
        cell = cell << bits | ((colour >> (8 * k) & 255) >> (8 - bits));
    }
    return cell;
}

/* A colour within a cell: its lowest corner. */
static uint32_t corner_of(const Grid *grid, uint32_t cell) {
    uint32_t colour = 0;
    for (int k = 3; k >= 0; k--) {
        const int bits = grid->bits[k];
        colour |= (cell & ((1u << bits) - 1)) << (8 - bits) << (8 * k);
        cell >>= bits;
    }
    return colour;
}

/* Truncated, in single precision; black and transparent if empty. */
static uint32_t average(const Cell *cell) {
    uint32_t colour = 0;
    for (int k = 0; k < 4 && cell->uses; k++) {
        const float mean = (float)cell->sum[k] / (float)cell->uses;
        colour |= (mean < 255.0f ? (uint32_t)mean : 255u) << (8 * k);
    }
    return colour;
}

static void merge_cell(Cell *into, const Cell *cell, bool subtract) {
    const uint64_t sign = subtract ? UINT64_MAX : 1; /* minus one, modulo 2^64 */
    into->uses += sign * cell->uses;
    for (int k = 0; k < 4; k++) {
        into->sum[k] += sign * cell->sum[k];
    }
}

/* The fine cell, with the grid's shifts written out. */
static inline uint32_t fine_cell(uint32_t p, bool with_alpha) {
    if (with_alpha) { /* 3 bits of r, 4 of g, 3 of b, 3 of a */
        return (p & 0xe0) << 5 | (p & 0xf000) >> 6 | (p >> 18 & 0x38) | p >> 29;
    }
    return (p & 0xf0) << 4 | (p & 0xf000) >> 8 | (p >> 20 & 15);
}

/* Sums of a cell in fields of 32 bits: r and g, b and a. */
typedef struct {
    uint64_t rg, ba, uses;
} PackedCell;

/* So many pixels cannot overflow a field: 2^24 * 255 < 2^32. */
#define PACKED_PIXELS ((size_t)1 << 24)

static inline void
pack_cells(PackedCell *packed, const uint32_t *pixels, size_t count, bool with_alpha) {
    for (size_t i = 0; i < count; i++) {
        const uint32_t p = pixels[i];
        PackedCell *cell = &packed[fine_cell(p, with_alpha)];
        cell->rg += (p & 255) | (uint64_t)(p >> 8 & 255) << 32;
        if (with_alpha) {
            cell->ba += (p >> 16 & 255) | (uint64_t)(p >> 24) << 32;
            cell->uses++;
        } else { /* alpha is 255 in all of them */
            cell->ba += (p >> 16 & 255) | (uint64_t)1 << 32;
        }
    }
}

static void unpack_cells(Octree *tree, const PackedCell *packed, bool with_alpha) {
    for (uint32_t i = 0; i < tree->fine_count; i++) {
        Cell *cell = &tree->fine[i];
        const uint64_t last = packed[i].ba >> 32, uses = with_alpha ? packed[i].uses : last;
        cell->uses += uses;
        cell->sum[0] += packed[i].rg & UINT32_MAX;
        cell->sum[1] += packed[i].rg >> 32;
        cell->sum[2] += packed[i].ba & UINT32_MAX;
        cell->sum[3] += with_alpha ? last : 255 * uses;
    }
}

static bool fill_grids(Octree *tree, const uint32_t *pixels, size_t count, bool with_alpha) {
    for (size_t at = 0; at < count; at += PACKED_PIXELS) {
        const size_t n = count - at < PACKED_PIXELS ? count - at : PACKED_PIXELS;
        PackedCell *packed = calloc(tree->fine_count, sizeof(*packed));
        if (!packed) {
            return false;
        }
        if (with_alpha) {
            pack_cells(packed, pixels + at, n, true);
        } else {
            pack_cells(packed, pixels + at, n, false);
        }
        unpack_cells(tree, packed, with_alpha);
        free(packed);
    }
    for (uint32_t i = 0; i < tree->fine_count; i++) {
        const uint32_t corner = corner_of(&tree->fine_grid, i);
        merge_cell(&tree->coarse[cell_of(&tree->coarse_grid, corner)], &tree->fine[i], false);
    }
    return true;
}

static int compare_uses(const Cell *x, const Cell *y) {
    /* Cells of one array: ties by position. */
    return x->uses != y->uses ? (x->uses > y->uses ? -1 : 1) : (x < y ? -1 : x > y);
}

static int by_uses(const void *a, const void *b) {
    return compare_uses(*(const Cell *const *)a, *(const Cell *const *)b);
}

/* The numbers of cells by decreasing use, equal ones ascending. False: out of memory. */
static bool sort_cells(const Cell *cells, uint32_t count, uint32_t *order) {
    const Cell **sorted = malloc(count * sizeof(*sorted));
    if (!sorted) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = &cells[i];
    }
    qsort(sorted, count, sizeof(*sorted), by_uses);
    for (uint32_t i = 0; i < count; i++) {
        order[i] = (uint32_t)(sorted[i] - cells);
    }
    free(sorted);
    return true;
}

static int coarse_in_use(const Octree *tree) {
    int used = 0;
    for (uint32_t i = 0; i < tree->coarse_count; i++) {
        used += tree->coarse[i].uses > 0;
    }
    return used;
}

/* Takes the fine cells from .. to - 1, by use, out of the coarse cells that hold their averages. */
static void take_out(Octree *tree, int from, int to) {
    for (int i = from; i < to; i++) {
        const Cell *cell = &tree->fine[tree->by_use[i]];
        if (cell->uses) {
            merge_cell(&tree->coarse[cell_of(&tree->coarse_grid, average(cell))], cell, true);
        }
    }
}

/* How many entries are averages of coarse cells; the others are those of fine cells. */
static int share(Octree *tree, int wanted) {
    int coarse = coarse_in_use(tree);
    coarse = coarse < wanted ? coarse : wanted;
    take_out(tree, 0, wanted - coarse);
    for (int left = coarse_in_use(tree); coarse > left; left = coarse_in_use(tree)) {
        take_out(tree, wanted - coarse, wanted - left);
        coarse = left;
    }
    return coarse;
}

/* The entry of each fine cell. Fine entries go over coarse ones, earlier over later. */
static void fill_table(Octree *tree, const uint32_t *entry, int coarse, int wanted) {
    for (int i = coarse - 1; i >= 0; i--) {
        tree->coarse_table[cell_of(&tree->coarse_grid, entry[i])] = (uint8_t)i;
    }
    for (uint32_t i = 0; i < tree->fine_count; i++) {
        const uint32_t corner = corner_of(&tree->fine_grid, i);
        tree->table[i] = tree->coarse_table[cell_of(&tree->coarse_grid, corner)];
    }
    for (int i = wanted - 1; i >= coarse; i--) {
        tree->table[cell_of(&tree->fine_grid, entry[i])] = (uint8_t)i;
    }
}

bool quant_octree(
    const uint32_t *pixels, size_t count, int wanted, bool with_alpha, uint32_t entry[256],
    uint8_t *index) {
    Octree *tree = calloc(1, sizeof(*tree));
    if (!tree) {
        return false;
    }
    tree->fine_grid = with_alpha ? (Grid){{3, 4, 3, 3}} : (Grid){{4, 4, 4, 0}};
    tree->coarse_grid = with_alpha ? (Grid){{2, 2, 2, 2}} : (Grid){{2, 2, 2, 0}};
    tree->fine_count = with_alpha ? 8192 : 4096;
    tree->coarse_count = with_alpha ? 256 : 64;
    bool done = fill_grids(tree, pixels, count, with_alpha) &&
                sort_cells(tree->fine, tree->fine_count, tree->by_use);
    const int coarse = done ? share(tree, wanted) : 0;
    done = done && sort_cells(tree->coarse, tree->coarse_count, tree->coarse_by_use);
    for (int i = 0; done && i < wanted; i++) {
        entry[i] = average(
            i < coarse ? &tree->coarse[tree->coarse_by_use[i]]
                       : &tree->fine[tree->by_use[i - coarse]]);
    }
    if (done) {
        fill_table(tree, entry, coarse, wanted);
        for (size_t i = 0; i < count; i++) {
            index[i] = tree->table[fine_cell(pixels[i], with_alpha)];
        }
    }
    free(tree);
    return done;
}
