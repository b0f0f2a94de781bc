/* Points and lines. */
#include "draw/canvas.h"

#include <math.h>
#include <string.h>

#include "draw/edges.h"
#include "draw/rounding.h"

void img_draw_points(const ImgPen *pen, const double *xy, size_t count) {
    for (size_t i = 0; i < count; i++) {
        img_pixel(pen, img_truncate(xy[2 * i]), img_truncate(xy[2 * i + 1]));
    }
}

/* One axis of a line: where it starts, which way it goes and how far. */
typedef struct {
    int64_t from, step, distance, extent; /* extent: size of the image on this axis */
} Axis;

static Axis axis_of(int from, int to, int extent) {
    const int64_t delta = (int64_t)to - from;
    return (Axis){from, delta < 0 ? -1 : 1, delta < 0 ? -delta : delta, extent};
}

/* The distances [low, high) from its start at which the axis lies in the image. */
typedef struct {
    int64_t low, high;
} Stretch;

static Stretch visible(const Axis *axis) {
    if (axis->step < 0) {
        return (Stretch){axis->from - axis->extent + 1, axis->from + 1};
    }
    return (Stretch){-axis->from, axis->extent - axis->from};
}

/* After k steps on the major axis the minor one has made c = floor((2 d k + n) / (2 n)) of them
 * (n, d: the distances). The first k at which c is `goal`, which is the ceiling of
 * (n goal - n / 2) / d; n if that is not before the end. As the goal is at most d, the product of
 * two distances fits 64 bits. */
static int64_t reach(const Axis *major, const Axis *minor, int64_t goal) {
    if (goal <= 0 || goal > minor->distance) {
        return goal <= 0 ? 0 : major->distance;
    }
    const uint64_t n = (uint64_t)major->distance, d = (uint64_t)minor->distance;
    const uint64_t dividend = n * (uint64_t)goal - n / 2;
    return (int64_t)(dividend / d + (dividend % d != 0));
}

/* The steps of the line that lie in the image. */
static Stretch clip(const Axis *major, const Axis *minor) {
    Stretch steps = visible(major);
    const Stretch across = visible(minor);
    const int64_t enter = reach(major, minor, across.low);
    const int64_t leave = reach(major, minor, across.high);
    steps.low = steps.low > 0 ? steps.low : 0;
    steps.low = steps.low > enter ? steps.low : enter;
    steps.high = steps.high < major->distance ? steps.high : major->distance;
    steps.high = steps.high < leave ? steps.high : leave;
    return steps;
}

/* c + 1/(2n) in fixed point: one addition a pixel, no branch. A ratio below 2, as a double times
 * 2^48, errs by less than 1/4; so `fixed` exceeds what it stands for by between 0 and 3 units, and
 * after PART steps the sum does so by at most 3 * (PART + 1) units, about 2^-34. That is less than
 * 1/(2n), which is what the fraction of c lacks at least to the next whole number. */
enum { FRACTION = 48, PART = 1 << 12 };

static uint64_t fixed(uint64_t dividend, uint64_t divisor) {
    return (uint64_t)((double)dividend / (double)divisor * (double)(1ull << FRACTION)) + 2;
}

typedef struct {
    int64_t major, minor;     /* where the part starts */
    uint64_t position, slope; /* of the minor axis from there, in fixed point */
    int count;
} Part;

static Part part_of(const Axis *major, const Axis *minor, const Stretch *steps) {
    const uint64_t n = (uint64_t)major->distance, d = (uint64_t)minor->distance;
    const uint64_t product = d * (uint64_t)steps->low;
    const int64_t left = steps->high - steps->low;
    return (Part){
        .major = major->from + major->step * steps->low,
        .minor = minor->from + minor->step * (int64_t)(product / n),
        .position = fixed(2 * (product % n) + n, 2 * n),
        .slope = fixed(d, n),
        .count = left < PART ? (int)left : PART,
    };
}

/* Inlined for each size, kind and direction. */
static inline void walk_pixels(
    const ImgPen *pen, const Part *part, int64_t step, int64_t aside, bool flat, int size,
    bool blend) {
    uint8_t *const *rows = pen->image->rows;
    const uint64_t slope = part->slope;
    uint64_t position = part->position;
    int64_t major = part->major;
    uint32_t ink;
    memcpy(&ink, pen->ink, sizeof(ink));
    for (int i = 0; i < part->count; i++) {
        const int64_t minor = part->minor + aside * (int64_t)(position >> FRACTION);
        uint8_t *out = rows[flat ? minor : major] + (flat ? major : minor) * size;
        if (blend) {
            img_blend_pixel(pen, out);
        } else {
            memcpy(out, &ink, (size_t)size);
        }
        position += slope;
        major += step;
    }
}

static inline void
walk_either(const ImgPen *pen, const Part *part, int64_t step, int64_t aside, bool flat) {
    if (pen->blend) {
        walk_pixels(pen, part, step, aside, flat, 4, true);
    } else if (pen->size == 4) {
        walk_pixels(pen, part, step, aside, flat, 4, false);
    } else if (pen->size == 2) {
        walk_pixels(pen, part, step, aside, flat, 2, false);
    } else {
        walk_pixels(pen, part, step, aside, flat, 1, false);
    }
}

static void slanted(const ImgPen *pen, const Axis *major, const Axis *minor, bool flat) {
    Stretch steps = clip(major, minor);
    while (steps.low < steps.high) {
        const Part part = part_of(major, minor, &steps);
        if (flat) {
            walk_either(pen, &part, major->step, minor->step, true);
        } else {
            walk_either(pen, &part, major->step, minor->step, false);
        }
        steps.low += part.count;
    }
}

void img_thin_segment(const ImgPen *pen, int x0, int y0, int x1, int y1) {
    if (y0 == y1) {
        if (x0 < x1) {
            img_span(pen, x0, (int64_t)x1 - 1, y0);
        } else if (x0 > x1) {
            img_span(pen, (int64_t)x1 + 1, x0, y0);
        }
        return;
    }
    const Axis x = axis_of(x0, x1, pen->image->width), y = axis_of(y0, y1, pen->image->height);
    if (x.distance > y.distance) {
        slanted(pen, &x, &y, true);
    } else {
        slanted(pen, &y, &x, false);
    }
}

static int32_t saturate(int64_t v) {
    return v < INT32_MIN ? INT32_MIN : v > INT32_MAX ? INT32_MAX : (int32_t)v;
}

/* A quadrilateral around the segment: of the width's (width - 1) excess pixels the one side gets
 * the half rounded up, the other the half rounded down. */
bool img_wide_segment(const ImgPen *pen, int x0, int y0, int x1, int y1, int width, ImgError *err) {
    if (x0 == x1 && y0 == y1) {
        img_pixel(pen, x0, y0);
        return true;
    }
    const double dx = (double)x1 - x0, dy = (double)y1 - y0;
    const double length = hypot(dx, dy), half = (width - 1.0) / 2;
    const double more = round_up(half) / length, less = round_down(half) / length;
    const int64_t less_x = (int64_t)round_down(less * dy), more_x = (int64_t)round_down(more * dy);
    const int64_t less_y = (int64_t)round_down(less * dx), more_y = (int64_t)round_down(more * dx);
    const int corner[4][2] = {
        {saturate(x0 - less_x), saturate(y0 + more_y)},
        {saturate(x1 - less_x), saturate(y1 + more_y)},
        {saturate(x1 + more_x), saturate(y1 - less_y)},
        {saturate(x0 + more_x), saturate(y0 - less_y)},
    };
    ImgEdge edges[4];
    for (int i = 0; i < 4; i++) {
        const int *from = corner[i], *to = corner[(i + 1) & 3];
        edges[i] = img_edge(from[0], from[1], to[0], to[1]);
    }
    return img_fill_edges(pen, edges, 4, err);
}

bool img_draw_lines(const ImgPen *pen, const double *xy, size_t count, int width, ImgError *err) {
    if (count < 2) {
        return true;
    }
    int x0 = img_truncate(xy[0]), y0 = img_truncate(xy[1]);
    for (size_t i = 1; i < count; i++) {
        const int x1 = img_truncate(xy[2 * i]), y1 = img_truncate(xy[2 * i + 1]);
        if (width == 1) {
            img_thin_segment(pen, x0, y0, x1, y1);
        } else if (!img_wide_segment(pen, x0, y0, x1, y1, width, err)) {
            return false;
        }
        x0 = x1;
        y0 = y1;
    }
    if (width == 1) {
        img_pixel(pen, x0, y0);
    }
    return true;
}
