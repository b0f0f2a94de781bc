/* Median cut (Heckbert 1982): the box with the most pixels is split until there are enough. */
#include "quant/methods.h"

#include <stdlib.h>
#include <string.h>

/* A histogram colour: of the colours that are equal after a shift by `shift` bits. */
typedef struct {
    uint32_t colour; /* shifted */
    uint32_t leaf;
    ColourSums sums; /* of the colours as they were */
} Cell;

#define MAX_CELLS 65536

typedef struct {
    Cell *cells;
    uint32_t *order; /* numbers of cells; a box is a range of it */
    uint32_t *of;    /* the cell of each colour */
    size_t count;
} Histogram;

static void histogram_free(Histogram *histogram) {
    free(histogram->cells);
    free(histogram->order);
    free(histogram->of);
}

static uint32_t shifted(uint32_t colour, int shift) {
    const uint32_t mask = (255u >> shift) * 0x010101u;
    return colour >> shift & mask;
}

/* Numbers the shifted colours. False: out of memory. *fits: there are not too many. */
static bool
number_cells(NumberSet *set, const QuantColours *colours, int shift, uint32_t *of, bool *fits) {
    if (!number_set_init(set, colours->count)) {
        return false;
    }
    for (size_t i = 0; i < colours->count; i++) {
        const size_t number = number_set_add(set, shifted(colours->colour[i], shift));
        if (number == SIZE_MAX) {
            number_set_free(set);
            return false;
        }
        of[i] = (uint32_t)number;
        if (set->count > MAX_CELLS) {
            *fits = false;
            return true;
        }
    }
    *fits = true;
    return true;
}

/* By the smallest shift that leaves no more than MAX_CELLS colours; 3 always does. */
static bool histogram_make(Histogram *histogram, const QuantColours *colours) {
    NumberSet set = {0};
    bool fits = false;
    memset(histogram, 0, sizeof(*histogram));
    histogram->of = malloc(colours->count * sizeof(*histogram->of));
    for (int shift = 0; histogram->of && !fits; shift++) {
        number_set_free(&set);
        if (!number_cells(&set, colours, shift, histogram->of, &fits)) {
            return false;
        }
    }
    histogram->count = set.count;
    histogram->cells = calloc(set.count + 1, sizeof(Cell));
    histogram->order = malloc((set.count + 1) * sizeof(*histogram->order));
    const bool ready = histogram->of && histogram->cells && histogram->order;
    for (size_t i = 0; ready && i < set.count; i++) {
        histogram->cells[i].colour = set.value[i];
        histogram->order[i] = (uint32_t)i;
    }
    for (size_t i = 0; ready && i < colours->count; i++) {
        sums_add(&histogram->cells[histogram->of[i]].sums, colours->colour[i], colours->uses[i]);
    }
    number_set_free(&set);
    return ready;
}

typedef struct {
    size_t begin, end; /* in histogram->order */
    uint32_t uses;     /* pixels in all */
} Box;

static uint32_t uses_of(const Histogram *histogram, size_t begin, size_t end) {
    uint32_t uses = 0;
    for (size_t i = begin; i < end; i++) {
        uses += histogram->cells[histogram->order[i]].sums.uses;
    }
    return uses;
}

/* The channel of greatest extent, weighted by how bright it looks; its lowest and highest value. */
static int longest_axis(const Histogram *histogram, const Box *box, int *low, int *high) {
    static const int weight[3] = {77, 150, 29};
    int least[3] = {255, 255, 255}, most[3] = {0, 0, 0}, axis = 0;
    for (size_t i = box->begin; i < box->end; i++) {
        const uint32_t colour = histogram->cells[histogram->order[i]].colour;
        for (int k = 0; k < 3; k++) {
            const int v = channel(colour, k);
            least[k] = v < least[k] ? v : least[k];
            most[k] = v > most[k] ? v : most[k];
        }
    }
    for (int k = 1; k < 3; k++) {
        if ((most[k] - least[k]) * weight[k] > (most[axis] - least[axis]) * weight[axis]) {
            axis = k;
        }
    }
    *low = least[axis];
    *high = most[axis];
    return axis;
}

/* The value from which upward, colours go to the high half: from the top, the first at which more
 * than half the pixels are gathered, but above the lowest, so that the low half is not empty. */
static int cut_value(const Histogram *histogram, const Box *box, int axis, int low, int high) {
    uint32_t uses[256] = {0}, gathered = 0;
    for (size_t i = box->begin; i < box->end; i++) {
        const Cell *cell = &histogram->cells[histogram->order[i]];
        uses[channel(cell->colour, axis)] += cell->sums.uses;
    }
    int v = high;
    for (; v > low + 1; v--) {
        gathered += uses[v];
        if (2 * gathered > box->uses) {
            break;
        }
    }
    return v;
}

/* The high half goes first, so that in the end the leaves lie in the order of the split tree. */
static void split(const Histogram *histogram, const Box *box, Box *upper, Box *lower) {
    int low, high;
    const int axis = longest_axis(histogram, box, &low, &high);
    const int cut = cut_value(histogram, box, axis, low, high);
    size_t middle = box->begin;
    for (size_t i = box->begin; i < box->end; i++) {
        const uint32_t number = histogram->order[i];
        if (channel(histogram->cells[number].colour, axis) >= cut) {
            histogram->order[i] = histogram->order[middle];
            histogram->order[middle++] = number;
        }
    }
    *upper = (Box){box->begin, middle, uses_of(histogram, box->begin, middle)};
    *lower = (Box){middle, box->end, uses_of(histogram, middle, box->end)};
}

/* A heap of boxes, the one with the most pixels first. How it treats equals is part of the result.
 * Each split takes one box and puts two: never more than 256. */
typedef struct {
    Box box[257]; /* from 1 */
    int count;
} Heap;

static void heap_put(Heap *heap, Box box) {
    int k = ++heap->count;
    for (; k > 1 && box.uses > heap->box[k / 2].uses; k /= 2) {
        heap->box[k] = heap->box[k / 2];
    }
    heap->box[k] = box;
}

static Box heap_take(Heap *heap) {
    const Box top = heap->box[1], last = heap->box[heap->count--];
    int k = 1;
    while (2 * k <= heap->count) {
        int child = 2 * k;
        if (child < heap->count && heap->box[child].uses < heap->box[child + 1].uses) {
            child++;
        }
        if (last.uses > heap->box[child].uses) {
            break;
        }
        heap->box[k] = heap->box[child];
        k = child;
    }
    heap->box[k] = last;
    return top;
}

static int by_position(const void *a, const void *b) {
    const Box *x = a, *y = b;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* Splits until there are `wanted` leaves, or only single colours. Returns their number. */
static int cut(const Histogram *histogram, int wanted, Box leaves[256]) {
    Heap heap = {.count = 0};
    int single = 0;
    heap_put(&heap, (Box){0, histogram->count, uses_of(histogram, 0, histogram->count)});
    while (heap.count > 0 && heap.count + single < wanted) {
        const Box box = heap_take(&heap);
        if (box.end - box.begin == 1) {
            leaves[single++] = box;
            continue;
        }
        Box upper, lower;
        split(histogram, &box, &upper, &lower);
        heap_put(&heap, upper);
        heap_put(&heap, lower);
    }
    for (int i = 1; i <= heap.count; i++) {
        leaves[single++] = heap.box[i];
    }
    qsort(leaves, (size_t)single, sizeof(*leaves), by_position);
    return single;
}

bool quant_median_cut(QuantPalette *palette, QuantColours *colours, int wanted) {
    Histogram histogram;
    Box leaves[256];
    const bool made = histogram_make(&histogram, colours);
    palette->count = made ? cut(&histogram, wanted, leaves) : 0;
    for (int leaf = 0; leaf < palette->count; leaf++) {
        ColourSums sums = {{0, 0, 0}, 0};
        for (size_t i = leaves[leaf].begin; i < leaves[leaf].end; i++) {
            Cell *cell = &histogram.cells[histogram.order[i]];
            cell->leaf = (uint32_t)leaf;
            for (int k = 0; k < 3; k++) {
                sums.sum[k] += cell->sums.sum[k];
            }
            sums.uses += cell->sums.uses;
        }
        palette->entry[leaf] = sums_mean(&sums);
    }
    for (size_t i = 0; made && i < colours->count; i++) {
        colours->index[i] = (uint8_t)histogram.cells[histogram.of[i]].leaf;
    }
    histogram_free(&histogram);
    return made;
}
