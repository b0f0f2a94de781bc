/* Arcs, chords and pie slices: the rows of an ellipse, cut by half-planes.
 *
 * A region is an AND/OR tree of half-planes A X + B Y + C >= 0 in the coordinates of ellipse.h,
 * kept in postfix order. A span becomes a few intervals of integers, which need not have the
 * parity of the grid. */
#include <math.h>

#include "draw/canvas.h"
#include "draw/ellipse.h"

#define PI 3.14159265358979323846
#define TINY 1e-9 /* coefficients below this count as 0 */

typedef enum { PLANE, AND, OR } NodeKind;

typedef struct {
    NodeKind kind;
    double a, b, c;
} Node;

/* The largest tree, of an arc, has four planes; an operator keeps at most the sum of its
 * operands' intervals. Postfix order needs no more than three of them at a time. */
enum { MOST_NODES = 7, MOST_INTERVALS = 4, MOST_DEPTH = 3 };

typedef struct {
    Node node[MOST_NODES];
    int count; /* 0: everything */
} Region;

typedef struct {
    int64_t from[MOST_INTERVALS], to[MOST_INTERVALS];
    int count;
} Intervals;

static void add_plane(Region *region, double a, double b, double c) {
    region->node[region->count++] = (Node){PLANE, a, b, c};
}

static void add_operator(Region *region, NodeKind kind) {
    region->node[region->count++] = (Node){kind, 0, 0, 0};
}

/* --- Evaluation --- */

/* lround, for what may be infinite or beyond any image. */
static int64_t nearest(double v) {
    const double far = 1e15;
    return v > far ? (int64_t)far : v < -far ? -(int64_t)far : v == v ? llround(v) : 0;
}

static void set_interval(Intervals *out, int64_t from, int64_t to) {
    out->from[0] = from;
    out->to[0] = to;
    out->count = from <= to;
}

/* The part of the span [p, q] in a half-plane. It never exceeds the span, and is the whole span if
 * both ends lie inside, which is the common case and needs no division. */
static void cut(Intervals *out, const Node *plane, int64_t p, int64_t q, int64_t y) {
    const double by = plane->b * (double)y;
    if (fabs(plane->a) < TINY) {
        set_interval(out, p, by + plane->c >= -TINY ? q : p - 1);
        return;
    }
    const bool first_out = plane->a * (double)p + by + plane->c < TINY;
    const bool last_out = plane->a * (double)q + by + plane->c < TINY;
    if (first_out || last_out) {
        const double t = -(by + plane->c) / plane->a;
        p = first_out ? nearest((double)p > t ? (double)p : t) : p;
        q = last_out ? nearest((double)q < t ? (double)q : t) : q;
    }
    set_interval(out, p, q);
}

static void append(Intervals *list, int64_t from, int64_t to) {
    if (from <= to && list->count < MOST_INTERVALS) {
        list->from[list->count] = from;
        list->to[list->count++] = to;
    }
}

static void intersect(Intervals *out, const Intervals *a, const Intervals *b) {
    out->count = 0;
    for (int i = 0, j = 0; i < a->count && j < b->count;) {
        const int64_t from = a->from[i] > b->from[j] ? a->from[i] : b->from[j];
        const bool first_ends = a->to[i] < b->to[j];
        append(out, from, first_ends ? a->to[i] : b->to[j]);
        if (first_ends) {
            i++;
        } else {
            j++;
        }
    }
}

/* In order of their starts; those that share an integer become one. */
static void unite(Intervals *out, const Intervals *a, const Intervals *b) {
    out->count = 0;
    for (int i = 0, j = 0; i < a->count || j < b->count;) {
        const bool first = j >= b->count || (i < a->count && a->from[i] <= b->from[j]);
        const int64_t from = first ? a->from[i] : b->from[j];
        const int64_t to = first ? a->to[i] : b->to[j];
        if (first) {
            i++;
        } else {
            j++;
        }
        if (out->count > 0 && from <= out->to[out->count - 1]) {
            int64_t *end = &out->to[out->count - 1];
            *end = to > *end ? to : *end;
        } else {
            append(out, from, to);
        }
    }
}

static void clip(Intervals *out, const Region *region, int64_t p, int64_t q, int64_t y) {
    Intervals stack[MOST_DEPTH];
    int depth = 0;
    set_interval(&stack[0], p, q);
    for (int i = 0; i < region->count; i++) {
        const Node *node = &region->node[i];
        if (node->kind == PLANE) {
            cut(&stack[depth++], node, p, q, y);
            continue;
        }
        const Intervals a = stack[depth - 2], *b = &stack[depth - 1];
        depth--;
        if (node->kind == AND) {
            intersect(&stack[depth - 1], &a, b);
        } else {
            unite(&stack[depth - 1], &a, b);
        }
    }
    *out = stack[0];
}

/* --- Drawing a region of a ring --- */

typedef struct {
    const ImgPen *pen;
    const int *box;
    int a, b; /* last column and row, from the first */
} Ellipse;

/* False: nothing to draw. */
static bool ellipse_in(Ellipse *ellipse, const ImgPen *pen, const int box[4]) {
    const int64_t a = (int64_t)box[2] - box[0], b = (int64_t)box[3] - box[1];
    *ellipse = (Ellipse){pen, box, (int)a, (int)b};
    return a >= 0 && b >= 0 && a <= INT32_MAX && b <= INT32_MAX;
}

static void draw_span(const Ellipse *e, const Region *region, int64_t p, int64_t q, int64_t y) {
    const int64_t row = e->box[1] + (y + e->b) / 2;
    if (p > q || !img_row_visible(e->pen, row)) {
        return;
    }
    Intervals list;
    clip(&list, region, p, q, y);
    for (int i = 0; i < list.count; i++) {
        /* Within -a..a, so the halves are of non-negative numbers. */
        img_span(
            e->pen, e->box[0] + (list.from[i] + e->a) / 2, e->box[0] + (list.to[i] + e->a) / 2,
            row);
    }
}

static void draw_region(const Ellipse *e, const Region *region, int64_t width) {
    ImgRing ring = img_ring(e->pen->image, e->box[1], e->a, e->b, width);
    while (img_ring_next(&ring)) {
        for (int side = 0; side < (ring.y ? 2 : 1); side++) {
            const int64_t y = side ? ring.y : -ring.y;
            draw_span(e, region, -ring.r, -ring.l, y);
            draw_span(e, region, ring.l ? ring.l : 2, ring.r, y);
        }
    }
}

/* --- Angles --- */

typedef struct {
    float s, e;
} Angles;

/* 0 <= s < 360 and s <= e <= s + 360. */
static Angles normalise(float s, float e) {
    if (e - s >= 360) {
        return (Angles){0, 360};
    }
    s = (float)fmod(s < 0 ? 360 - fmod(-s, 360) : s, 360);
    const double turn = e < s ? 360 - fmod(s - e, 360) : e - s;
    e = (float)(s + fmod(turn, 360));
    return (Angles){s, e};
}

typedef enum { NOTHING, PART, WHOLE } Extent;

static Extent extent_of(Angles angles) {
    if (!isfinite(angles.s) || !isfinite(angles.e) || angles.s == angles.e) {
        return NOTHING;
    }
    return angles.s + 360 == angles.e ? WHOLE : PART;
}

static double sine(float degrees) {
    return sin(degrees * PI / 180.0);
}

static double cosine(float degrees) {
    return cos(degrees * PI / 180.0);
}

/* --- Arc: the caps are perpendicular to the curve --- */

/* The half-planes on the right side of the normals at both ends, for a >= b. */
static Region arc_region(int a, int b, float start, float end) {
    Region region = {.count = 0};
    const Angles angles = normalise(start, end);
    const float s = angles.s, e = angles.e;
    if (extent_of(angles) != PART) {
        return region;
    }
    const double squares = (double)((int64_t)a * a - (int64_t)b * b);
    const Node first = {PLANE, -a * sine(s), b * cosine(s), squares * sin(s * PI / 90.0) / 2};
    const Node second = {PLANE, a * sine(e), -b * cosine(e), -squares * sin(e * PI / 90.0) / 2};
    const NodeKind both = e - s < 180 ? AND : OR;
    const int start_half = (int)(s / 180), end_half = (int)(e / 180);
    Node *node = region.node;
    if (fmod(s, 180) == 0 || fmod(e, 180) == 0) {
        node[0] = first;
        node[1] = second;
        region.count = 2;
        add_operator(&region, both);
    } else if ((start_half + end_half) & 1) {
        add_plane(&region, 0, start_half & 1 ? -1 : 1, 0);
        node[region.count++] = first;
        add_operator(&region, AND);
        add_plane(&region, 0, end_half & 1 ? -1 : 1, 0);
        node[region.count++] = second;
        add_operator(&region, AND);
        add_operator(&region, OR);
    } else {
        node[0] = first;
        node[1] = second;
        region.count = 2;
        add_operator(&region, both);
        add_plane(&region, 0, e < 180 || e > 540 ? 1 : -1, 0);
        add_operator(&region, both);
    }
    return region;
}

void img_draw_arc(const ImgPen *pen, const int box[4], float start, float end, int width) {
    Ellipse e;
    const Angles angles = normalise(start, end);
    const Extent extent = extent_of(angles);
    if (extent == WHOLE) {
        img_draw_ellipse(pen, box, false, width);
        return;
    }
    if (extent == NOTHING || !ellipse_in(&e, pen, box)) {
        return;
    }
    Region region;
    if (e.a < e.b) {
        region = arc_region(e.b, e.a, 90 - angles.e, 90 - angles.s);
        for (int i = 0; i < region.count; i++) {
            const double swap = region.node[i].a;
            region.node[i].a = region.node[i].b;
            region.node[i].b = swap;
        }
    } else {
        region = arc_region(e.a, e.b, angles.s, angles.e);
    }
    draw_region(&e, &region, width);
}

/* --- Chord and pie slice --- */

/* The end points of the arc, centred and doubled. */
typedef struct {
    double xs, ys, xe, ye;
} Ends;

static Ends ends_of(const Ellipse *e, Angles angles) {
    return (Ends){
        e->a * cosine(angles.s), e->b * sine(angles.s), e->a * cosine(angles.e),
        e->b * sine(angles.e)};
}

/* True if there is a part to draw; a whole ellipse is drawn here. */
static bool
part_of(Ellipse *e, const ImgPen *pen, const int box[4], Angles angles, bool fill, int width) {
    const Extent extent = extent_of(angles);
    if (extent == WHOLE) {
        img_draw_ellipse(pen, box, fill, width);
    }
    return extent == PART && ellipse_in(e, pen, box);
}

void img_draw_chord(
    const ImgPen *pen, const int box[4], float start, float end, bool fill, int width) {
    Ellipse e;
    const Angles angles = normalise(start, end);
    if (!part_of(&e, pen, box, angles, fill, width)) {
        return;
    }
    const Ends k = ends_of(&e, angles);
    const double a = k.ye - k.ys, b = k.xs - k.xe, c = -(a * k.xs + b * k.ys);
    const int64_t full = (int64_t)e.a + e.b + 1;
    Region beyond = {.count = 0};
    add_plane(&beyond, a, b, c);
    if (fill) {
        draw_region(&e, &beyond, full);
        return;
    }
    Region side = beyond;
    add_plane(&side, -a, -b, 2.0 * width * sqrt(a * a + b * b) - c);
    add_operator(&side, AND);
    draw_region(&e, &side, full);
    draw_region(&e, &beyond, width);
}

static void draw_radius(const Ellipse *e, float angle, int width) {
    const double a = -e->b * sine(angle), b = e->a * cosine(angle);
    const double c = width * sqrt(a * a + b * b);
    Region region = {.count = 0};
    add_plane(&region, a, b, c);
    add_plane(&region, -a, -b, c);
    add_operator(&region, AND);
    add_plane(&region, b, -a, 0);
    add_operator(&region, AND);
    draw_region(e, &region, (int64_t)e->a + e->b + 1);
}

/* A disk where the radii meet. */
static void draw_hub(const Ellipse *e, int width) {
    const int64_t x = nearest(((double)e->box[0] + e->box[2] - width) / 2.0);
    const int64_t y = nearest(((double)e->box[1] + e->box[3] - width) / 2.0);
    const int64_t corner[4] = {x, y, x + width - 1, y + width - 1};
    int box[4];
    for (int i = 0; i < 4; i++) {
        if (corner[i] < INT32_MIN || corner[i] > INT32_MAX) {
            return;
        }
        box[i] = (int)corner[i];
    }
    img_draw_ellipse(e->pen, box, true, 0);
}

void img_draw_pieslice(
    const ImgPen *pen, const int box[4], float start, float end, bool fill, int width) {
    Ellipse e;
    const Angles angles = normalise(start, end);
    if (!part_of(&e, pen, box, angles, fill, width)) {
        return;
    }
    const Ends k = ends_of(&e, angles);
    const float turn = angles.e - angles.s;
    Region slice = {.count = 0};
    add_plane(&slice, -k.ys, k.xs, 0);
    add_plane(&slice, k.ye, -k.xe, 0);
    add_operator(&slice, turn < 180 ? AND : OR);
    if (turn < 90) { /* keeps what lies opposite off, where both planes touch */
        add_plane(&slice, (k.xs + k.xe) / 2, (k.ys + k.ye) / 2, 0);
        add_operator(&slice, AND);
    }
    if (fill) {
        draw_region(&e, &slice, (int64_t)e.a + e.b);
        return;
    }
    draw_radius(&e, angles.s, width);
    draw_radius(&e, angles.e, width);
    draw_hub(&e, width);
    draw_region(&e, &slice, width);
}
