/* Mode filter: the most frequent value of the window around each pixel. */
#include "filter/rank_networks.h"
#include "Imaging.h"
#include "simd/kernels.h"

#include <stdlib.h>
#include <string.h>

/* A value replaces the pixel only if it occurs at least this often. */
#define ENOUGH 3

/* Counts, and the lowest of the most frequent values so far. `most` is an upper bound: removing a
 * value does not lower it, which find_mode makes good. */
typedef struct {
    uint32_t count[256];
    uint32_t most;
    int value;
} Counts;

static inline void count_in(Counts *c, int v) {
    const uint32_t n = ++c->count[v];
    if (n > c->most || (n == c->most && v < c->value)) {
        c->most = n;
        c->value = v;
    }
}

static inline void find_mode(Counts *c) {
    if (c->count[c->value] == c->most) {
        return;
    }
    uint32_t most = 0;
    for (int v = 0; v < 256; v++) {
        most = c->count[v] > most ? c->count[v] : most;
    }
    int value = 0;
    while (c->count[value] != most) {
        value++;
    }
    c->most = most;
    c->value = value;
}

void mode_row_scalar(uint8_t *out, const uint8_t *const *rows, int n, int size) {
    Counts counts = {0};
    for (int x = 0; x < n; x++) {
        counts.most = 0;
        counts.value = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                count_in(&counts, rows[i][x + j]);
            }
        }
        const uint8_t kept = rows[size / 2][x + size / 2];
        out[x] = counts.most >= ENOUGH ? (uint8_t)counts.value : kept;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                counts.count[rows[i][x + j]] = 0;
            }
        }
    }
}

/* Pixels `start` to `end` of row y, by a window that slides along the row; what lies outside the
 * image does not count. */
static void mode_sliding(ImgImage *out, const ImgImage *in, int y, int start, int end, int64_t h) {
    const int64_t last_row = in->height - 1, last = in->width - 1;
    const int top = (int)(y - h > 0 ? y - h : 0);
    const int bottom = (int)(y + h < last_row ? y + h : last_row);
    Counts counts = {0};
    const int64_t left = start - h > 0 ? start - h : 0;
    for (int64_t x = left; x <= (start + h < last ? start + h : last); x++) {
        for (int i = top; i <= bottom; i++) {
            count_in(&counts, in->rows[i][x]);
        }
    }
    for (int x = start; x < end; x++) {
        find_mode(&counts);
        out->rows[y][x] = counts.most >= ENOUGH ? (uint8_t)counts.value : in->rows[y][x];
        for (int i = top; i <= bottom && x - h >= 0; i++) {
            counts.count[in->rows[i][x - h]]--;
        }
        for (int i = top; i <= bottom && x + h + 1 <= last; i++) {
            count_in(&counts, in->rows[i][x + h + 1]);
        }
    }
}

ImgImage *img_mode_filter(const ImgImage *image, int size, ImgError *err) {
    if (image->mode->bands > 1 || image->mode->type != IMG_U8) {
        return img_fail_mode(err);
    }
    const int64_t h = size / 2;
    if (h <= 0) {
        return img_copy(image, err); /* no value occurs three times */
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    if (!out || !img_copy_palette(out, image, err)) {
        img_unref(out);
        return NULL;
    }
    const int width = image->width, height = image->height;
    for (int y = 0; y < height; y++) {
        if (h > 2 || width <= 2 * h || y < h || y >= height - h) {
            mode_sliding(out, image, y, 0, width, h);
            continue;
        }
        const int r = (int)h;
        const uint8_t *rows[5];
        for (int i = 0; i < 2 * r + 1; i++) {
            rows[i] = image->rows[y - r + i];
        }
        mode_sliding(out, image, y, 0, r, h);
        img_kernels->mode_row(out->rows[y] + r, rows, width - 2 * r, 2 * r + 1);
        mode_sliding(out, image, y, width - r, width, h);
    }
    return out;
}

#define SIMD_TEMPLATE "filter/mode.tmpl.h"
#include "simd/instantiate.h"
