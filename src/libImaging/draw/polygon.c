/* Polygons of vertices, and outlines built of lines and curves. */
#include "draw/canvas.h"

#include <stdlib.h>

#include "draw/edges.h"

typedef struct {
    int x, y;
} Vertex;

/* Edges between consecutive vertices, and from the last to the first if these differ. Horizontal
 * edges that follow each other in the same direction become one. Returns how many there are. */
static size_t edges_of(ImgEdge *edges, const Vertex *v, size_t count) {
    size_t made = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        const Vertex from = v[i], to = v[i + 1];
        if (i > 0 && from.y == to.y && v[i - 1].y == from.y) {
            if (v[i - 1].x < from.x && from.x < to.x) {
                edges[made - 1].xmax = to.x;
                continue;
            }
            if (v[i - 1].x > from.x && from.x > to.x) {
                edges[made - 1].xmin = to.x;
                continue;
            }
        }
        edges[made++] = img_edge(from.x, from.y, to.x, to.y);
    }
    if (v[0].x != v[count - 1].x || v[0].y != v[count - 1].y) {
        edges[made++] = img_edge(v[count - 1].x, v[count - 1].y, v[0].x, v[0].y);
    }
    return made;
}

static void *allocate(size_t count, size_t size, ImgError *err) {
    void *memory = count <= SIZE_MAX / size ? malloc(count * size) : NULL;
    return memory ? memory : img_fail_memory(err);
}

static bool fill_polygon(const ImgPen *pen, const Vertex *v, size_t count, ImgError *err) {
    ImgEdge *edges = allocate(count, sizeof(*edges), err);
    const bool done = edges && img_fill_edges(pen, edges, edges_of(edges, v, count), err);
    free(edges);
    return done;
}

static bool
outline_polygon(const ImgPen *pen, const Vertex *v, size_t count, int width, ImgError *err) {
    for (size_t i = 0; i < count; i++) {
        const Vertex from = v[i], to = v[i + 1 < count ? i + 1 : 0];
        if (width == 1) {
            img_thin_segment(pen, from.x, from.y, to.x, to.y);
        } else if (!img_wide_segment(pen, from.x, from.y, to.x, to.y, width, err)) {
            return false;
        }
    }
    return true;
}

bool img_draw_polygon(
    const ImgPen *pen, const double *xy, size_t count, bool fill, int width, ImgError *err) {
    if (count < 2) {
        img_fail(err, IMG_ERR_TYPE, "coordinate list must contain at least 2 coordinates");
        return false;
    }
    Vertex *v = allocate(count, sizeof(*v), err);
    if (!v) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        v[i] = (Vertex){img_truncate(xy[2 * i]), img_truncate(xy[2 * i + 1])};
    }
    const bool done =
        fill ? fill_polygon(pen, v, count, err) : outline_polygon(pen, v, count, width, err);
    free(v);
    return done;
}

bool img_draw_segments(const ImgPen *pen, const ImgSegment *segments, size_t count, ImgError *err) {
    if (count == 0) {
        return true;
    }
    ImgEdge *edges = allocate(count, sizeof(*edges), err);
    if (!edges) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        edges[i] = img_edge(segments[i].x0, segments[i].y0, segments[i].x1, segments[i].y1);
    }
    const bool done = img_fill_edges(pen, edges, count, err);
    free(edges);
    return done;
}

/* --- Outlines --- */

static bool
add_segment(ImgOutline *outline, float x0, float y0, float x1, float y1, ImgError *err) {
    if (outline->count == outline->room) {
        const size_t room = outline->room ? outline->room + outline->room / 2 : 64;
        ImgSegment *grown = room <= SIZE_MAX / sizeof(*grown)
                                ? realloc(outline->segments, room * sizeof(*grown))
                                : NULL;
        if (!grown) {
            return img_fail_memory(err) != NULL;
        }
        outline->segments = grown;
        outline->room = room;
    }
    outline->segments[outline->count++] =
        (ImgSegment){img_truncate(x0), img_truncate(y0), img_truncate(x1), img_truncate(y1)};
    return true;
}

void img_outline_move(ImgOutline *outline, float x, float y) {
    outline->x = outline->start_x = x;
    outline->y = outline->start_y = y;
}

bool img_outline_line(ImgOutline *outline, float x, float y, ImgError *err) {
    if (!add_segment(outline, outline->x, outline->y, x, y, err)) {
        return false;
    }
    outline->x = x;
    outline->y = y;
    return true;
}

/* A cubic Bezier coordinate, in single precision from left to right. */
static float bezier(float from, float c1, float c2, float to, float t) {
    const float u = 1 - t;
    const float t2 = t * t, t3 = t2 * t, u2 = u * u, u3 = u2 * u;
    return from * u3 + 3 * (c1 * t * u2 + c2 * t2 * u) + to * t3;
}

bool img_outline_curve(ImgOutline *outline, const float k[6], ImgError *err) {
    enum { PIECES = 32 };
    float last_x = outline->x, last_y = outline->y;
    for (int i = 1; i <= PIECES; i++) {
        const float t = (float)i / PIECES;
        const float x = (float)(bezier(outline->x, k[0], k[2], k[4], t) + 0.5);
        const float y = (float)(bezier(outline->y, k[1], k[3], k[5], t) + 0.5);
        if (!add_segment(outline, last_x, last_y, x, y, err)) {
            return false;
        }
        last_x = x;
        last_y = y;
    }
    outline->x = last_x;
    outline->y = last_y;
    return true;
}

bool img_outline_close(ImgOutline *outline, ImgError *err) {
    if (outline->x == outline->start_x && outline->y == outline->start_y) {
        return true;
    }
    return img_outline_line(outline, outline->start_x, outline->start_y, err);
}

void img_outline_clear(ImgOutline *outline) {
    free(outline->segments);
    outline->segments = NULL;
    outline->count = outline->room = 0;
}
