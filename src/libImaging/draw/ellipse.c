/* Ellipses. */
#include "draw/ellipse.h"

#include <math.h>
#include <stdlib.h>

#include "draw/canvas.h"

/* Up to this product the terms of `error` fit 64 bits; beyond it Pillow's overflow, and its result
 * is not specified: the contour then comes from a square root for each row. The same beyond this
 * many points, which take a fraction of a second. */
#define MOST_PRODUCT 3e9
#define MOST_POINTS (1 << 26)

static ImgChain chain_of(int64_t a, int64_t b) {
    ImgChain chain = {.a = a, .b = b, .empty = a < 0 || b < 0};
    if (chain.empty) {
        return chain;
    }
    chain.x = a;
    chain.y = b & 1;
    chain.smooth = (double)a * (double)b > MOST_PRODUCT || a + b > MOST_POINTS;
    if (!chain.smooth) {
        chain.error = a * a * chain.y; /* y^2 = y, and the two other terms cancel: x = a */
    }
    return chain;
}

typedef enum { UP, UP_LEFT, LEFT } Step;

/* One step on, to the neighbour with the least error; the first of the three on equal terms. */
static Step advance(ImgChain *chain) {
    const int64_t rise = chain->a * chain->a * (4 * chain->y + 4);
    const int64_t fall = chain->b * chain->b * (4 * chain->x - 4);
    const int64_t up = llabs(chain->error + rise);
    const int64_t both = llabs(chain->error + rise - fall);
    const int64_t left = llabs(chain->error - fall);
    Step step = UP;
    if (chain->x > 1) {
        step = both < up ? UP_LEFT : UP;
        step = left < (both < up ? both : up) || chain->y >= chain->b ? LEFT : step;
    }
    if (step != LEFT) {
        chain->error += rise;
        chain->y += 2;
    }
    if (step != UP) {
        chain->error -= fall;
        chain->x -= 2;
    }
    return step;
}

/* The greatest and the smallest x of the chain on its row, then on to the next row. False after
 * the last. */
static bool chain_row(ImgChain *chain, int64_t *most, int64_t *least) {
    if (chain->empty || chain->y > chain->b) {
        return false;
    }
    if (chain->smooth) {
        const double part = chain->b ? (double)chain->y / (double)chain->b : 0;
        const int64_t x = 2 * (int64_t)((double)chain->a * sqrt(1 - part * part) / 2);
        *most = x + (chain->a & 1) > chain->a ? chain->a : x + (chain->a & 1);
        *least = chain->y + 2 > chain->b ? chain->a & 1 : *most;
        chain->y += 2;
        return true;
    }
    *most = chain->x;
    do {
        *least = chain->x;
    } while (advance(chain) == LEFT);
    return true;
}

static void skip_rows(ImgChain *chain, int64_t y) {
    int64_t most, least;
    if (chain->smooth) {
        chain->y = y;
    }
    while (chain->y < y && chain_row(chain, &most, &least)) {
    }
}

ImgRing img_ring(const ImgImage *image, int top, int a, int b, int64_t width) {
    ImgRing ring = {.outer = chain_of(a, b)};
    ring.outer.empty = width < 1;
    ring.inner = chain_of(a - 2 * (width - 1), b - 2 * (width - 1));
    /* The rows of the image in our coordinates, then the least and the greatest distance from the
     * middle that they have. */
    const int64_t first = -2 * (int64_t)top - b;
    const int64_t last = first + 2 * ((int64_t)image->height - 1);
    const int64_t near = first > 0 ? first : last < 0 ? -last : b & 1;
    ring.end = -first > last ? -first : last;
    skip_rows(&ring.outer, near);
    skip_rows(&ring.inner, near);
    return ring;
}

bool img_ring_next(ImgRing *ring) {
    int64_t unused;
    ring->y = ring->outer.y;
    if (ring->y > ring->end || !chain_row(&ring->outer, &ring->r, &unused)) {
        return false;
    }
    if (!chain_row(&ring->inner, &unused, &ring->l)) {
        ring->l = ring->outer.a & 1;
    }
    return true;
}

/* [l, r] of both halves, on one of the two rows. */
static void ring_spans(const ImgPen *pen, const int box[4], const ImgRing *ring, int64_t y) {
    const int64_t a = ring->outer.a, row = box[1] + (y + ring->outer.b) / 2;
    if (ring->l <= 1) { /* nothing between the halves */
        img_span(pen, box[0] + (a - ring->r) / 2, box[0] + (a + ring->r) / 2, row);
        return;
    }
    img_span(pen, box[0] + (a - ring->r) / 2, box[0] + (a - ring->l) / 2, row);
    img_span(pen, box[0] + (a + ring->l) / 2, box[0] + (a + ring->r) / 2, row);
}

void img_draw_ellipse(const ImgPen *pen, const int box[4], bool fill, int width) {
    const int64_t a = (int64_t)box[2] - box[0], b = (int64_t)box[3] - box[1];
    if (a < 0 || b < 0 || a > INT32_MAX || b > INT32_MAX) {
        return;
    }
    ImgRing ring = img_ring(pen->image, box[1], (int)a, (int)b, fill ? a + b : width);
    while (img_ring_next(&ring)) {
        ring_spans(pen, box, &ring, ring.y);
        if (ring.y != 0) {
            ring_spans(pen, box, &ring, -ring.y);
        }
    }
}
