/* The polygon rasteriser.
 *
 * Rows are swept from the top. Edges enter a list of active ones at their first row and leave it
 * after their last; each row's crossings are sorted and filled pair by pair, both ends rounded
 * inward. An edge that ends above the polygon's last row counts twice there, which is how the
 * vertices of the even-odd rule come out right. Where two edges meet at the first row of one, or
 * on the very last row, the end of a flat corner is widened (`corner`).
 *
 * Opaque fills paint horizontal edges on their own. When blending, no pixel may be painted twice:
 * a row then keeps the first column that is still free, and horizontal edges are painted when
 * that position reaches them. */
#include "draw/edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/canvas.h"
#include "draw/rounding.h"

/* Edge `index` under a sort key; equal keys keep the order of the edges. */
typedef struct {
    int64_t key;
    uint32_t index;
} Ranked;

enum { SMALL = 8, FEW = 24 }; /* edges without allocation; elements for an insertion sort */

typedef struct {
    const ImgPen *pen;
    const ImgEdge *edges;
    int top, bottom;        /* of all edges */
    Ranked *starts, *level; /* slanted edges by first row; horizontal ones by row */
    size_t start_count, level_count;
    size_t next_start, next_level;
    uint32_t *active;
    size_t active_count;
    Ranked *meeting; /* edges that start (or end) on the row, by rounded abscissa */
    float *crossings, *scratch;
    size_t crossing_count;
    int64_t calm_end; /* up to this row no edge starts or ends */
} Sweep;

static int compare_ranked(const void *a, const void *b) {
    const Ranked *p = a, *q = b;
    if (p->key != q->key) {
        return p->key < q->key ? -1 : 1;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

static void sort_ranked(Ranked *items, size_t count) {
    if (count > FEW) {
        qsort(items, count, sizeof(*items), compare_ranked);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const Ranked item = items[i];
        size_t j = i;
        for (; j > 0 && compare_ranked(&items[j - 1], &item) > 0; j--) {
            items[j] = items[j - 1];
        }
        items[j] = item;
    }
}

/* Bits of a float that order as the floats do. */
static inline uint32_t ordered_bits(float v) {
    uint32_t bits;
    memcpy(&bits, &v, sizeof(bits));
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/* Radix sort by bytes, so that rows with very many crossings stay linear. */
static void sort_many(float *values, float *scratch, size_t count) {
    float *from = values, *to = scratch;
    for (int shift = 0; shift < 32; shift += 8) {
        size_t place[257] = {0};
        for (size_t i = 0; i < count; i++) {
            place[((ordered_bits(from[i]) >> shift) & 255) + 1]++;
        }
        for (int digit = 0; digit < 256; digit++) {
            place[digit + 1] += place[digit];
        }
        for (size_t i = 0; i < count; i++) {
            to[place[(ordered_bits(from[i]) >> shift) & 255]++] = from[i];
        }
        float *swap = from;
        from = to;
        to = swap;
    } /* four passes: the result is in `values` again */
}

static void sort_crossings(Sweep *sweep) {
    float *x = sweep->crossings;
    if (sweep->crossing_count > FEW) {
        sort_many(x, sweep->scratch, sweep->crossing_count);
        return;
    }
    for (size_t i = 1; i < sweep->crossing_count; i++) {
        const float value = x[i];
        size_t j = i;
        for (; j > 0 && x[j - 1] > value; j--) {
            x[j] = x[j - 1];
        }
        x[j] = value;
    }
}

static inline float abscissa(const ImgEdge *edge, int64_t y) {
    return (float)(y - edge->y0) * edge->slope + (float)edge->x0;
}

static inline void add_crossing(Sweep *sweep, float x) {
    sweep->crossings[sweep->crossing_count++] = x;
}

/* Where the edge `current` meets the earlier edge `other` on row y, and both go on to the row
 * `next`: if both lead away to the same side by more than a pixel, the crossing becomes the
 * column beside the nearer one. */
static float corner(const ImgEdge *current, const ImgEdge *other, int64_t y, int64_t next) {
    const float x = abscissa(current, y);
    const float mine = abscissa(current, next), its = abscissa(other, next);
    if (x > mine + 1 && x > its + 1) {
        return roundf(mine > its ? mine : its) + 1;
    }
    if (x < mine - 1 && x < its - 1) {
        return roundf(mine < its ? mine : its) - 1;
    }
    return x;
}

/* Crossings of the edges in sweep->meeting, which all start, or all end, on row y. The first edge
 * of each rounded abscissa is the one that the others are compared with. */
static void meet(Sweep *sweep, size_t count, int64_t y, int64_t next) {
    Ranked *group = sweep->meeting;
    sort_ranked(group, count);
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        const ImgEdge *edge = &sweep->edges[group[i].index];
        if (i == 0 || group[i].key != group[first].key) {
            first = i;
            add_crossing(sweep, abscissa(edge, y));
        } else {
            add_crossing(sweep, corner(edge, &sweep->edges[group[first].index], y, next));
        }
    }
}

static void enter(Sweep *sweep, int64_t y) {
    while (sweep->next_start < sweep->start_count && sweep->starts[sweep->next_start].key <= y) {
        sweep->active[sweep->active_count++] = sweep->starts[sweep->next_start++].index;
    }
}

/* Drops the edges that ended above row y, and collects the crossings of the others. */
static void collect(Sweep *sweep, int64_t y) {
    size_t kept = 0, starting = 0, ending = 0;
    const bool last = y == sweep->bottom;
    sweep->crossing_count = 0;
    for (size_t i = 0; i < sweep->active_count; i++) {
        const ImgEdge *edge = &sweep->edges[sweep->active[i]];
        if (edge->ymax < y) {
            continue;
        }
        sweep->active[kept++] = sweep->active[i];
        const float x = abscissa(edge, y);
        if (edge->ymax == y && !last) {
            add_crossing(sweep, x);
            add_crossing(sweep, x);
        } else if (edge->slope != 0 && (edge->ymin == y || edge->ymax == y)) {
            sweep->meeting[starting + ending] =
                (Ranked){(int64_t)roundf(x), sweep->active[kept - 1]};
            starting += edge->ymin == y;
            ending += edge->ymax == y;
        } else {
            add_crossing(sweep, x);
        }
    }
    sweep->active_count = kept;
    /* An edge starts on the last row only if it is horizontal, so these do not mix. */
    meet(sweep, starting + ending, y, last ? y - 1 : y + 1);
    sort_crossings(sweep);
}

/* --- Opaque rows --- */

static void paint_pairs(const Sweep *sweep, int64_t y) {
    for (size_t i = 0; i + 1 < sweep->crossing_count; i += 2) {
        img_span(
            sweep->pen, round_up_f(sweep->crossings[i]), round_down_f(sweep->crossings[i + 1]), y);
    }
}

/* --- Rows that are blended --- */

/* `free` is the first column not painted yet, ANYWHERE before the first. The horizontal edges of
 * the row are level[0 .. count); those that are done are removed. `nearest` is the least start of
 * the rest, so that passes without effect are not made. */
enum { ANYWHERE = -1 };

typedef struct {
    Ranked *level;
    size_t count;
    int64_t free, nearest;
} Row;

static void paint_level(const Sweep *sweep, Row *row, int64_t y) {
    if (row->count == 0 || (row->free != ANYWHERE && row->free < row->nearest)) {
        return;
    }
    size_t kept = 0;
    row->nearest = INT64_MAX;
    for (size_t i = 0; i < row->count; i++) {
        const ImgEdge *edge = &sweep->edges[row->level[i].index];
        if (row->free != ANYWHERE && row->free < edge->xmin) {
            row->level[kept++] = row->level[i];
            row->nearest = edge->xmin < row->nearest ? edge->xmin : row->nearest;
            continue;
        }
        if (row->free > edge->xmax) {
            continue;
        }
        img_span(sweep->pen, row->free > edge->xmin ? row->free : edge->xmin, edge->xmax, y);
        row->free = (int64_t)edge->xmax + 1;
    }
    row->count = kept;
}

static void paint_once(const Sweep *sweep, Row *row, int64_t y) {
    for (size_t i = 0; i + 1 < sweep->crossing_count; i += 2) {
        const int64_t end = round_down_f(sweep->crossings[i + 1]);
        if (end < row->free) {
            continue;
        }
        paint_level(sweep, row, y);
        if (end < row->free) {
            continue;
        }
        const int64_t start = round_up_f(sweep->crossings[i]);
        img_span(sweep->pen, row->free > start ? row->free : start, end, y);
        row->free = end + 1;
    }
    paint_level(sweep, row, y);
}

static void blend_row(Sweep *sweep, int64_t y) {
    while (sweep->next_level < sweep->level_count && sweep->level[sweep->next_level].key < y) {
        sweep->next_level++;
    }
    Row row = {
        sweep->level + sweep->next_level, 0, sweep->crossing_count ? 0 : ANYWHERE, INT64_MIN};
    while (sweep->next_level < sweep->level_count && sweep->level[sweep->next_level].key == y) {
        sweep->next_level++;
        row.count++;
    }
    paint_once(sweep, &row, y);
}

/* Rows on which no edge starts or ends: the active ones just cross. Most rows are such. */

static int64_t end_of_calm(const Sweep *sweep) {
    int64_t event = sweep->bottom;
    for (size_t i = 0; i < sweep->active_count; i++) {
        const int64_t end = sweep->edges[sweep->active[i]].ymax;
        event = end < event ? end : event;
    }
    if (sweep->next_start < sweep->start_count) {
        const int64_t start = sweep->starts[sweep->next_start].key;
        event = start < event ? start : event;
    }
    return event - 1;
}

static void cross(Sweep *sweep, int64_t y) {
    for (size_t i = 0; i < sweep->active_count; i++) {
        sweep->crossings[i] = abscissa(&sweep->edges[sweep->active[i]], y);
    }
    sweep->crossing_count = sweep->active_count;
    sort_crossings(sweep);
}

/* Sorts the edges into the lists of the sweep. */
static void rank_edges(Sweep *sweep, size_t count) {
    sweep->top = INT32_MAX;
    sweep->bottom = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        const ImgEdge *edge = &sweep->edges[i];
        sweep->top = edge->ymin < sweep->top ? edge->ymin : sweep->top;
        sweep->bottom = edge->ymax > sweep->bottom ? edge->ymax : sweep->bottom;
        if (edge->ymax < 0 || edge->ymin >= sweep->pen->image->height) {
            continue;
        }
        const Ranked item = {edge->ymin, (uint32_t)i};
        if (edge->ymin != edge->ymax) {
            sweep->starts[sweep->start_count++] = item;
        } else if (sweep->pen->blend) {
            sweep->level[sweep->level_count++] = item;
        } else {
            img_span(sweep->pen, edge->xmin, edge->xmax, edge->ymin);
        }
    }
    sort_ranked(sweep->starts, sweep->start_count);
    sort_ranked(sweep->level, sweep->level_count);
}

static void run(Sweep *sweep, size_t count) {
    rank_edges(sweep, count);
    const int height = sweep->pen->image->height;
    const int64_t last = sweep->bottom < height ? sweep->bottom : height - 1;
    for (int64_t y = sweep->top < 0 ? 0 : sweep->top; y <= last; y++) {
        if (y <= sweep->calm_end) {
            cross(sweep, y);
        } else {
            enter(sweep, y);
            collect(sweep, y);
            sweep->calm_end = end_of_calm(sweep);
        }
        if (sweep->pen->blend) {
            blend_row(sweep, y);
        } else {
            paint_pairs(sweep, y);
        }
    }
}

bool img_fill_edges(const ImgPen *pen, const ImgEdge *edges, size_t count, ImgError *err) {
    Sweep sweep = {.pen = pen, .edges = edges, .calm_end = INT64_MIN};
    if (count == 0) {
        return true;
    }
    if (count <= SMALL) {
        Ranked starts[SMALL], level[SMALL], meeting[SMALL];
        uint32_t active[SMALL];
        float crossings[2 * SMALL];
        sweep.starts = starts;
        sweep.level = level;
        sweep.meeting = meeting;
        sweep.active = active;
        sweep.crossings = crossings; /* 2 * SMALL <= FEW: no scratch */
        run(&sweep, count);
        return true;
    }
    /* Per edge: three ranks, four crossings (every edge may count twice, and scratch), an index. */
    const size_t each = 3 * sizeof(Ranked) + 4 * sizeof(float) + sizeof(uint32_t);
    void *memory = count < UINT32_MAX && count <= SIZE_MAX / each ? malloc(count * each) : NULL;
    if (!memory) {
        return img_fail_memory(err) != NULL;
    }
    sweep.starts = memory;
    sweep.level = sweep.starts + count;
    sweep.meeting = sweep.level + count;
    sweep.crossings = (float *)(sweep.meeting + count);
    sweep.scratch = sweep.crossings + 2 * count;
    sweep.active = (uint32_t *)(sweep.scratch + 2 * count);
    run(&sweep, count);
    free(memory);
    return true;
}
