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

/* One axis of a Bresenham line: where it starts, which way it goes and how far. */
typedef struct {
    int64_t from, step, distance, extent; /* extent: size of the image on this axis */
} Axis;

static Axis axis_of(int from, int to, int extent) {
    const int64_t delta = (int64_t)to - from;
    return (Axis){from, delta < 0 ? -1 : 1, delta < 0 ? -delta : delta, extent};
}

/* The part [*first, *end) of the steps 0, 1, ... on which the axis lies in the image. */
static bool clip_steps(const Axis *axis, int64_t *first, int64_t *end) {
    int64_t low = -axis->from, high = axis->extent - axis->from;
    if (axis->step < 0) {
        low = axis->from - axis->extent + 1;
        high = axis->from + 1;
    }
    *first = low > 0 ? low : 0;
    *end = high < axis->distance ? high : axis->distance;
    return *first < *end;
}

/* The state of a line after some steps on its major axis. */
typedef struct {
    int64_t major, minor, error, steps;
} Walk;

/* Jumps to step k without walking there. Up to there the minor axis moved
 * c = floor((2 * d * k + n) / (2 * n)) times (n, d: the distances), which is q + (2r >= n) with
 * d * k = q * n + r; the product of two distances fits 64 bits. */
static Walk jump(const Axis *major, const Axis *minor, int64_t k, int64_t end) {
    const uint64_t n = (uint64_t)major->distance;
    const uint64_t product = (uint64_t)minor->distance * (uint64_t)k;
    const int64_t quotient = (int64_t)(product / n), rest = (int64_t)(product % n);
    const int64_t extra = 2 * rest >= (int64_t)n;
    Walk walk;
    walk.major = major->from + major->step * k;
    walk.minor = minor->from + minor->step * (quotient + extra);
    walk.error = 2 * minor->distance + 2 * rest - (int64_t)n * (1 + 2 * extra);
    walk.steps = end - k;
    return walk;
}

static inline void put(const ImgPen *pen, int size, bool blend, int64_t x, int64_t y) {
    uint8_t *out = pen->image->rows[y] + (size_t)x * (size_t)size;
    if (blend) {
        img_blend_pixel(pen, out);
    } else {
        memcpy(out, pen->ink, (size_t)size);
    }
}

/* Inlined for each size, kind and direction. */
static inline void walk_pixels(
    const ImgPen *pen, const Axis *major, const Axis *minor, Walk walk, bool flat, int size,
    bool blend) {
    const int64_t up = 2 * minor->distance, down = 2 * major->distance;
    for (; walk.steps > 0; walk.steps--) {
        if (walk.minor >= 0 && walk.minor < minor->extent) {
            put(pen, size, blend, flat ? walk.major : walk.minor, flat ? walk.minor : walk.major);
        } else if ((walk.minor < 0) == (minor->step < 0)) {
            return; /* it left the image */
        }
        if (walk.error >= 0) {
            walk.minor += minor->step;
            walk.error -= down;
        }
        walk.error += up;
        walk.major += major->step;
    }
}

static void slanted(const ImgPen *pen, const Axis *major, const Axis *minor, bool flat) {
    int64_t first, end;
    if (!clip_steps(major, &first, &end)) {
        return;
    }
    const Walk walk = jump(major, minor, first, end);
    if (pen->blend) {
        walk_pixels(pen, major, minor, walk, flat, 4, true);
    } else if (pen->size == 4) {
        walk_pixels(pen, major, minor, walk, flat, 4, false);
    } else if (pen->size == 2) {
        walk_pixels(pen, major, minor, walk, flat, 2, false);
    } else {
        walk_pixels(pen, major, minor, walk, flat, 1, false);
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
