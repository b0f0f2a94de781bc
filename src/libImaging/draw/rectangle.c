/* Rectangles. */
#include "draw/canvas.h"

#include <string.h>

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* Columns x0 to x1 of rows y0 to y1, all inclusive, as far as the image goes. */
static void fill_rows(const ImgPen *pen, int64_t x0, int64_t x1, int64_t y0, int64_t y1) {
    const int64_t last = least(y1, pen->image->height - 1);
    const int64_t from = greatest(x0, 0), to = least(x1, pen->image->width - 1);
    if (from > to) {
        return;
    }
    for (int64_t y = greatest(y0, 0); y <= last; y++) {
        if (pen->size == 1 && !pen->mask) {
            memset(pen->image->rows[y] + from, pen->ink[0], (size_t)(to - from + 1));
        } else {
            img_span(pen, from, to, y);
        }
    }
}

void img_draw_rectangle(const ImgPen *pen, const int box[4], bool fill, int width) {
    const int64_t x0 = box[0], y0 = box[1], x1 = box[2], y1 = box[3];
    if (fill) {
        fill_rows(pen, x0, x1, y0, y1);
        return;
    }
    const int64_t w = width ? width : 1;
    if (w < 0) {
        return;
    }
    /* A border that is thicker than the box sticks out of it. */
    fill_rows(pen, x0, x1, y0, y0 + w - 1);
    fill_rows(pen, x0, x1, y1 - w + 1, y1);
    /* The columns go from row y0 + w to y1 - w + 1, which is excluded, up or down. */
    int64_t from = y0 + w, to = y1 - w;
    if (from > to + 1) {
        from = to + 2;
        to = y0 + w;
    }
    fill_rows(pen, x0, x0 + w - 1, from, to);
    fill_rows(pen, x1 - w + 1, x1, from, to);
}
