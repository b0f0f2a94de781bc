/* Rank filters: the sample of a given rank in the square window around each pixel.
 *
 * Bytes in 3x3 and 5x5 windows go through sorting networks that share the sorted columns between
 * neighbours, the median of 3x3 through one of its own (median3.c); minimum and maximum of any size
 * are separable; other ranks of larger windows come from histograms, in time that does not depend
 * on the size: Perreault and Hebert, "Median Filtering in Constant Time", 2007. Wider samples are
 * selected one window at a time. */
#include "filter/rank.h"
#include "filter/rank_networks.h"
#include "Imaging.h"
#include "simd/kernels.h"

#include <stdlib.h>
#include <string.h>

#define CE(a, b)                                                                                   \
    {                                                                                              \
        const uint8_t less = w[a] < w[b] ? w[a] : w[b], more = w[a] < w[b] ? w[b] : w[a];          \
        w[a] = less;                                                                               \
        w[b] = more;                                                                               \
    }
#define CE_COLUMN(a, b) CE((a) + column, (b) + column)

/* One sample. With constant arguments compilers drop the comparisons that do not matter. */
static inline uint8_t select3(const uint8_t *const *rows, int x, int step, int wire) {
    uint8_t w[9];
    for (int c = 0; c < 3; c++) {
        const int column = 3 * c;
        for (int i = 0; i < 3; i++) {
            w[column + i] = rows[i][x + c * step];
        }
        RANK3_SORT(CE_COLUMN)
    }
    RANK3_MERGE(CE)
    return w[wire];
}

static inline uint8_t select5(const uint8_t *const *rows, int x, int step, int wire) {
    uint8_t w[25];
    for (int c = 0; c < 5; c++) {
        const int column = 5 * c;
        for (int i = 0; i < 5; i++) {
            w[column + i] = rows[i][x + c * step];
        }
        RANK5_SORT(CE_COLUMN)
    }
    RANK5_MERGE(CE)
    return w[wire];
}

#define SELECT_ROW(select, wire)                                                                   \
    if (step == 1) {                                                                               \
        for (int x = 0; x < n; x++) {                                                              \
            out[x] = select(rows, x, 1, wire);                                                     \
        }                                                                                          \
    } else {                                                                                       \
        for (int x = 0; x < n; x++) {                                                              \
            out[x] = select(rows, x, 4, wire);                                                     \
        }                                                                                          \
    }

void rank3_row_scalar(
    uint8_t *restrict out, const uint8_t *const *rows, int n, int step, int rank) {
    if (rank == 4) {
        SELECT_ROW(select3, RANK3_MEDIAN)
    } else {
        const int wire = rank3_wire[rank];
        SELECT_ROW(select3, wire)
    }
}

void rank5_row_scalar(
    uint8_t *restrict out, const uint8_t *const *rows, int n, int step, int rank) {
    if (rank == 12) {
        SELECT_ROW(select5, RANK5_MEDIAN)
    } else {
        const int wire = rank5_wire[rank];
        SELECT_ROW(select5, wire)
    }
}

#undef CE
#undef CE_COLUMN

void extreme_rows_scalar(uint8_t *out, const uint8_t *const *rows, int count, int n, bool highest) {
    for (int x = 0; x < n; x++) {
        uint8_t best = rows[0][x];
        for (int i = 1; i < count; i++) {
            const uint8_t v = rows[i][x];
            best = (highest ? v > best : v < best) ? v : best;
        }
        out[x] = best;
    }
}

/* The rows that windows cover, of `count` pixels from window column `first` on. With replicated
 * edges, or padding to be cleared, they are copied, wider by the margins, into a ring of size + 1
 * rows. */
typedef struct {
    const ImgImage *in;
    int size, margin; /* margin: size / 2 if edges replicate, else 0 */
    int first, count;
    size_t pitch;
    uint8_t *ring;
    uint32_t keep; /* in pixels of 4 bytes, what is no padding */
} RankRows;

uint32_t img_band_bits(const ImgMode *mode) {
    if (mode->pixel_size != 4 || mode->type != IMG_U8) {
        return UINT32_MAX;
    }
    uint8_t keep[4] = {0, 0, 0, 0};
    for (int b = 0; b < mode->bands; b++) {
        keep[mode->band_offset[b]] = 0xff;
    }
    uint32_t bits;
    memcpy(&bits, keep, 4);
    return bits;
}

static bool
open_rows(RankRows *rows, const ImgImage *in, int size, int margin, int longest, ImgError *err) {
    *rows = (RankRows){.in = in, .size = size, .margin = margin, .keep = img_band_bits(in->mode)};
    if (margin == 0 && rows->keep == UINT32_MAX) {
        return true;
    }
    size_t bytes;
    rows->pitch = (size_t)longest * in->mode->pixel_size;
    if (__builtin_mul_overflow(rows->pitch, (size_t)size + 1, &bytes)) {
        return img_fail_memory(err) != NULL;
    }
    rows->ring = malloc(bytes);
    return rows->ring ? true : img_fail_memory(err) != NULL;
}

static int clamp_index(int i, int length) {
    return i < 0 ? 0 : i < length ? i : length - 1;
}

/* Window row j, as fetched last. */
static const uint8_t *row_at(const RankRows *rows, int j) {
    if (!rows->ring) {
        return rows->in->rows[j] + (size_t)rows->first * rows->in->mode->pixel_size;
    }
    return rows->ring + (size_t)(j % (rows->size + 1)) * rows->pitch;
}

static void copy_pixels(uint8_t *to, const uint8_t *from, size_t count, const RankRows *rows) {
    const size_t bytes = count * rows->in->mode->pixel_size;
    if (rows->keep == UINT32_MAX) {
        memcpy(to, from, bytes);
    } else {
        img_kernels->keep_bytes_row(to, from, bytes, rows->keep);
    }
}

/* Brings window row j in; rows must be fetched in order, and stay for size more rows. */
static const uint8_t *fetch_row(RankRows *rows, int j) {
    if (rows->ring) {
        const ImgImage *in = rows->in;
        const size_t pixel = in->mode->pixel_size;
        uint8_t *to = rows->ring + (size_t)(j % (rows->size + 1)) * rows->pitch;
        const uint8_t *from = in->rows[clamp_index(j - rows->margin, in->height)];
        const int start = rows->first - rows->margin, end = start + rows->count;
        const int left = start < 0 ? 0 : start, right = end < in->width ? end : in->width;
        for (int x = start; x < end && x < left; x++, to += pixel) {
            copy_pixels(to, from, 1, rows);
        }
        if (right > left) {
            copy_pixels(to, from + left * pixel, (size_t)(right - left), rows);
            to += (size_t)(right - left) * pixel;
        }
        const uint8_t *edge = from + (size_t)(in->width - 1) * pixel;
        for (int x = right > left ? right : left; x < end; x++, to += pixel) {
            copy_pixels(to, edge, 1, rows);
        }
    }
    return row_at(rows, j);
}

/* --- bytes, networks and extremes --- */

/* Separable: first down the columns, then along the row by windows that double until two of them
 * cover `size`. */
static void extreme_row(
    uint8_t *out, uint8_t *line, const uint8_t *const *rows, int size, int n, int step,
    bool highest) {
    int width = 1, have = n + (size - 1) * step;
    img_kernels->extreme_rows(line, rows, size, have, highest);
    while (2 * width < size) {
        const uint8_t *both[2] = {line, line + (size_t)width * step};
        have -= width * step;
        img_kernels->extreme_rows(line, both, 2, have, highest);
        width *= 2;
    }
    const uint8_t *both[2] = {line, line + (size_t)(size - width) * step};
    img_kernels->extreme_rows(out, both, 2, n, highest);
}

static bool rank_by_rows(ImgImage *out, RankRows *rows, int rank, ImgError *err) {
    const int size = rows->size, step = out->mode->pixel_size, n = (int)out->row_bytes;
    const bool network = size == 3 || size == 5;
    const bool extreme = rank == 0 || rank == size * size - 1;
    const uint8_t **window = malloc(sizeof(*window) * (size_t)size);
    uint8_t *line = malloc((size_t)rows->count * step);
    const bool ready = window && line;
    for (int j = 0; j < size - 1 && ready; j++) {
        fetch_row(rows, j);
    }
    for (int y = 0; y < out->height && ready; y++) {
        fetch_row(rows, y + size - 1);
        for (int i = 0; i < size; i++) {
            window[i] = row_at(rows, y + i);
        }
        if (extreme || !network) {
            extreme_row(out->rows[y], line, window, size, n, step, rank > 0);
        } else if (size == 3) {
            img_kernels->rank3_row(out->rows[y], window, n, step, rank);
        } else {
            img_kernels->rank5_row(out->rows[y], window, n, step, rank);
        }
    }
    free(window);
    free(line);
    return ready ? true : img_fail_memory(err) != NULL;
}

/* --- samples of 32 bits --- */

/* Hoare's FIND. Where comparisons do not order all elements (NaN, zeros of both signs) the result
 * is whatever these steps lead to, and must stay so: the scans stop at elements that are equal or
 * unordered, which are then exchanged. */
#define DEFINE_SELECT(name, type)                                                                  \
    static type name(type *a, int n, int rank) {                                                   \
        int left = 0, right = n - 1;                                                               \
        while (left < right) {                                                                     \
            const type pivot = a[rank];                                                            \
            int i = left, j = right;                                                               \
            do {                                                                                   \
                while (a[i] < pivot) {                                                             \
                    i++;                                                                           \
                }                                                                                  \
                while (pivot < a[j]) {                                                             \
                    j--;                                                                           \
                }                                                                                  \
                if (i <= j) {                                                                      \
                    const type t = a[i];                                                           \
                    a[i++] = a[j];                                                                 \
                    a[j--] = t;                                                                    \
                }                                                                                  \
            } while (i <= j);                                                                      \
            left = j < rank ? i : left;                                                            \
            right = rank < i ? j : right;                                                          \
        }                                                                                          \
        return a[rank];                                                                            \
    }
DEFINE_SELECT(select_i32, int32_t)
DEFINE_SELECT(select_f32, float)

static bool rank_wide(ImgImage *out, RankRows *rows, int rank, ImgError *err) {
    const int size = rows->size, area = size * size;
    const bool real = out->mode->type == IMG_F32;
    void *window = malloc((size_t)area * 4);
    if (!window) {
        return img_fail_memory(err) != NULL;
    }
    for (int j = 0; j < size - 1; j++) {
        fetch_row(rows, j);
    }
    for (int y = 0; y < out->height; y++) {
        fetch_row(rows, y + size - 1);
        for (int x = 0; x < out->width; x++) {
            for (int i = 0; i < size; i++) {
                memcpy(
                    (uint8_t *)window + (size_t)i * size * 4, row_at(rows, y + i) + (size_t)x * 4,
                    (size_t)size * 4);
            }
            if (real) {
                const float v = select_f32(window, area, rank);
                memcpy(out->rows[y] + (size_t)x * 4, &v, 4);
            } else {
                const int32_t v = select_i32(window, area, rank);
                memcpy(out->rows[y] + (size_t)x * 4, &v, 4);
            }
        }
    }
    free(window);
    return true;
}

/* --- bytes, histograms --- */

/* Output columns handled at a time: with size - 1 more, their histograms stay in the second-level
 * cache for windows of moderate size. */
#define STRIP 512

static bool rank_by_histograms(
    ImgImage *out, const ImgImage *in, int size, int margin, int rank, ImgError *err) {
    const int longest = (out->width < STRIP ? out->width : STRIP) + size - 1;
    const int pixel = in->mode->pixel_size;
    RankRows rows;
    if (!open_rows(&rows, in, size, margin, longest, err)) {
        return false;
    }
    ImgRankColumns *columns = img_rank_columns_new(longest, size);
    for (int x = 0; x < out->width && columns; x += STRIP) {
        const int n = out->width - x < STRIP ? out->width - x : STRIP;
        rows.first = x;
        rows.count = n + size - 1;
        for (int b = 0; b < in->mode->bands; b++) {
            const int band = in->mode->band_offset[b];
            img_rank_columns_reset(columns);
            for (int j = 0; j < size - 1; j++) {
                img_rank_columns_row(columns, fetch_row(&rows, j) + band, rows.count, pixel, 1);
            }
            for (int y = 0; y < out->height; y++) {
                const uint8_t *row = fetch_row(&rows, y + size - 1);
                img_rank_columns_row(columns, row + band, rows.count, pixel, 1);
                uint8_t *to = out->rows[y] + (size_t)x * pixel + band;
                img_rank_columns_select(columns, to, n, pixel, rank);
                img_rank_columns_row(columns, row_at(&rows, y) + band, rows.count, pixel, -1);
            }
        }
    }
    free(rows.ring);
    const bool done = columns != NULL;
    img_rank_columns_free(columns);
    return done ? true : img_fail_memory(err) != NULL;
}

static const char *check_window(int size, int rank) {
    /* The area is computed in 64 bits: sizes may be anything. A negative one is as good as huge. */
    const int64_t area = (int64_t)size * size;
    if (size % 2 == 0) {
        return "bad filter size";
    }
    if (size < 0 || area > INT32_MAX / 4) {
        return "filter size too large";
    }
    return rank < 0 || rank >= area ? "bad rank value" : NULL;
}

static bool
rank_into(ImgImage *out, const ImgImage *in, int size, int margin, int rank, ImgError *err) {
    if (in->mode->type == IMG_U8 && size == 3 && rank == 4) {
        img_median3(out, in, margin);
        return true;
    }
    const bool rowwise = size <= 5 || rank == 0 || rank == size * size - 1;
    if (in->mode->type == IMG_U8 && !rowwise) {
        return rank_by_histograms(out, in, size, margin, rank, err);
    }
    RankRows rows;
    if (!open_rows(&rows, in, size, margin, out->width + size - 1, err)) {
        return false;
    }
    rows.count = out->width + size - 1;
    const bool done = in->mode->type == IMG_U8 ? rank_by_rows(out, &rows, rank, err)
                                               : rank_wide(out, &rows, rank, err);
    free(rows.ring);
    return done;
}

ImgImage *
img_rank_filter(const ImgImage *image, int size, int rank, bool replicate, ImgError *err) {
    if (image->mode->type == IMG_U16 || (image->mode->bands > 1 && !replicate)) {
        return img_fail_mode(err);
    }
    const char *message = check_window(size, rank);
    if (message) {
        return img_fail(err, IMG_ERR_VALUE, message);
    }
    const int margin = replicate ? size / 2 : 0, lost = replicate ? 0 : size - 1;
    const bool padded = image->mode->pixel_size == 4 && image->mode->bands < 4;
    const bool dirty = !padded || size <= 5; /* histograms leave the padding alone */
    ImgImage *out = dirty
                        ? img_new_dirty(image->mode, image->width - lost, image->height - lost, err)
                        : img_new(image->mode, image->width - lost, image->height - lost, err);
    if (!out || out->width == 0 || out->height == 0) {
        return out;
    }
    /* Rows of the ring, and of windows, must stay addressable by an int. */
    if (out->width > INT32_MAX / 4 - size) {
        img_unref(out);
        return img_fail_memory(err);
    }
    if (!rank_into(out, image, size, margin, rank, err)) {
        img_unref(out);
        return NULL;
    }
    return out;
}

#define SIMD_TEMPLATE "filter/rank.tmpl.h"
#include "simd/instantiate.h"

#include "simd/vector.h"
#define SIMD_SUFFIX scalar
#include "filter/keep_bytes.tmpl.h"
#undef SIMD_SUFFIX

#define SIMD_TEMPLATE "filter/keep_bytes.tmpl.h"
#include "simd/instantiate.h"
