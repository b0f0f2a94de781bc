/* The filters of the transforms. The references read one sample at a time; rows and columns outside
 * the image are replaced by the nearest inside. */
#include <math.h>
#include <string.h>

#include "geometry/transform_internal.h"
#include "simd/kernels.h"

/* Where the filter's grid of pixels begins, and how far the place is beyond it. */
typedef struct {
    int index;
    double fraction;
} Grid;

/* Coordinates name pixel edges, so half a pixel less is the distance from the pixel's centre. A nan
 * goes on as the fraction, which makes the result nan. */
static inline Grid grid_at(double place) {
    const double from_centre = place - 0.5;
    const double base = floor(from_centre);
    return (Grid){from_centre == from_centre ? (int)base : 0, from_centre - base};
}

static inline int clamp_index(int i, int n) {
    return i < 0 ? 0 : i < n ? i : n - 1;
}

/* Not "inside", so that nan, for which both comparisons fail, goes through the filter. */
static inline bool is_outside(double x, double y, int width, int height) {
    return x < 0 || x >= width || y < 0 || y >= height;
}

static inline int32_t to_i32(double v) {
    return v > -2147483649.0 && v < 2147483648.0 ? (int32_t)v : INT32_MIN;
}

static inline double cubic(double p1, double p2, double p3, double p4, double d) {
    const double k2 = -p1 + p3, k3 = 2 * (p1 - p2) + p3 - p4, k4 = -p1 + p2 - p3 + p4;
    return p2 + d * (k2 + d * (k3 + d * k4));
}

/* One row of a filter: differences of pixels are taken in the pixels' own type. */
static inline double line_u8(const uint8_t *row, const int *at, double d) {
    const int p = row[at[0]], q = row[at[1]];
    return p + (q - p) * d;
}

static inline double cubic_u8(const uint8_t *row, const int *at, double d) {
    const int p1 = row[at[0]], p2 = row[at[1]], p3 = row[at[2]], p4 = row[at[3]];
    const int k2 = -p1 + p3, k3 = 2 * (p1 - p2) + p3 - p4, k4 = -p1 + p2 - p3 + p4;
    return p2 + d * (k2 + d * (k3 + d * k4));
}

static inline uint32_t load_u32(const uint8_t *row, int index) {
    uint32_t v;
    memcpy(&v, row + (size_t)index * 4, 4);
    return v;
}

static inline float load_f32(const uint8_t *row, int index) {
    float v;
    memcpy(&v, row + (size_t)index * 4, 4);
    return v;
}

static inline double line_i32(const uint8_t *row, const int *at, double d) {
    const uint32_t p = load_u32(row, at[0]), q = load_u32(row, at[1]);
    return (int32_t)p + (int32_t)(q - p) * d;
}

static inline double cubic_i32(const uint8_t *row, const int *at, double d) {
    const uint32_t p1 = load_u32(row, at[0]), p2 = load_u32(row, at[1]);
    const uint32_t p3 = load_u32(row, at[2]), p4 = load_u32(row, at[3]);
    const int32_t k2 = (int32_t)(p3 - p1), k3 = (int32_t)(2 * (p1 - p2) + p3 - p4);
    const int32_t k4 = (int32_t)(p2 - p1 - p3 + p4);
    return (int32_t)p2 + d * (k2 + d * (k3 + d * k4));
}

static inline double line_f32(const uint8_t *row, const int *at, double d) {
    const float p = load_f32(row, at[0]), q = load_f32(row, at[1]);
    const float difference = q - p;
    return p + difference * d;
}

static inline double cubic_f32(const uint8_t *row, const int *at, double d) {
    const float p1 = load_f32(row, at[0]), p2 = load_f32(row, at[1]);
    const float p3 = load_f32(row, at[2]), p4 = load_f32(row, at[3]);
    const float k2 = -p1 + p3, k3 = 2 * (p1 - p2) + p3 - p4, k4 = -p1 + p2 - p3 + p4;
    return p2 + d * (k2 + d * (k3 + d * k4));
}

/* The value at a place, from rows whose samples `offset` bytes into the pixel are meant. TAPS
 * pixels along each axis begin FIRST before the grid's index; `at` counts in units of `unit`. */
#define DEFINE_VALUE(name, TAPS, FIRST, line, combine)                                             \
    static inline double name(                                                                     \
        const uint8_t *const *rows, int width, int height, Grid x, Grid y, int unit, int offset) { \
        int at[TAPS];                                                                              \
        double v[TAPS];                                                                            \
        for (int i = 0; i < TAPS; i++) {                                                           \
            at[i] = clamp_index(x.index - FIRST + i, width) * unit;                                \
        }                                                                                          \
        for (int i = 0; i < TAPS; i++) {                                                           \
            const uint8_t *row = rows[clamp_index(y.index - FIRST + i, height)];                   \
            v[i] = line(row + offset, at, x.fraction);                                             \
        }                                                                                          \
        return combine;                                                                            \
    }

#define BETWEEN (v[0] + (v[1] - v[0]) * y.fraction)
#define CUBIC cubic(v[0], v[1], v[2], v[3], y.fraction)
DEFINE_VALUE(bilinear_u8, 2, 0, line_u8, BETWEEN)
DEFINE_VALUE(bilinear_i32, 2, 0, line_i32, BETWEEN)
DEFINE_VALUE(bilinear_f32, 2, 0, line_f32, BETWEEN)
DEFINE_VALUE(bicubic_u8, 4, 1, cubic_u8, CUBIC)
DEFINE_VALUE(bicubic_i32, 4, 1, cubic_i32, CUBIC)
DEFINE_VALUE(bicubic_f32, 4, 1, cubic_f32, CUBIC)

/* Truncated; bicubic results leave the range and are clipped. Nan gives 0. */
static inline uint8_t to_u8(double v) {
    return v > 0 ? v < 255 ? (uint8_t)v : 255 : 0;
}

/* Bytes of a pixel that are read, and where each goes. */
static const struct {
    int count, unit;
    uint8_t from[4];
} byte_samples[] = {
    [WARP_U8] = {1, 1, {0, 0, 0, 0}},
    [WARP_U8X2] = {2, 4, {0, 3, 0, 0}},
    [WARP_U8X3] = {3, 4, {0, 1, 2, 0}},
    [WARP_U8X4] = {4, 4, {0, 1, 2, 3}},
};

#define DEFINE_WARP(filter)                                                                        \
    static void filter##_pixel(                                                                    \
        uint8_t *out, const uint8_t *const *rows, int width, int height, Grid x, Grid y,           \
        int type) {                                                                                \
        if (type == WARP_I32) {                                                                    \
            const int32_t v = to_i32(filter##_i32(rows, width, height, x, y, 1, 0));               \
            memcpy(out, &v, 4);                                                                    \
            return;                                                                                \
        }                                                                                          \
        if (type == WARP_F32) {                                                                    \
            const float v = (float)filter##_f32(rows, width, height, x, y, 1, 0);                  \
            memcpy(out, &v, 4);                                                                    \
            return;                                                                                \
        }                                                                                          \
        const int unit = byte_samples[type].unit;                                                  \
        for (int i = 0; i < byte_samples[type].count; i++) {                                       \
            const int from = byte_samples[type].from[i];                                           \
            out[from] = to_u8(filter##_u8(rows, width, height, x, y, unit, from));                 \
        }                                                                                          \
        if (type == WARP_U8X2) {                                                                   \
            out[1] = out[2] = out[0];                                                              \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void filter##_any(                                                                      \
        uint8_t *out, int step, double xs, double ys, const uint8_t *const *rows, int width,       \
        int height, int type, int zero_fill) {                                                     \
        if (!is_outside(xs, ys, width, height)) {                                                  \
            filter##_pixel(out, rows, width, height, grid_at(xs), grid_at(ys), type);              \
        } else if (zero_fill) {                                                                    \
            memset(out, 0, step);                                                                  \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    void warp_##filter##_scalar(                                                                   \
        uint8_t *out, int step, int n, const double *xs, const double *ys,                         \
        const uint8_t *const *rows, int width, int height, int type, int zero_fill) {              \
        for (int i = 0; i < n; i++, out += step) {                                                 \
            filter##_any(out, step, xs[i], ys[i], rows, width, height, type, zero_fill);           \
        }                                                                                          \
    }

DEFINE_WARP(bilinear)
DEFINE_WARP(bicubic)

/* One byte at a place whose whole grid is inside; x and y are the grid's first column and row. */
static inline uint8_t
bilinear_byte(const uint8_t *const *rows, int x, int y, double dx, double dy) {
    static const int at[] = {0, 1};
    const double v[] = {line_u8(rows[y] + x, at, dx), line_u8(rows[y + 1] + x, at, dx)};
    return to_u8(v[0] + (v[1] - v[0]) * dy);
}

static inline uint8_t bicubic_byte(const uint8_t *const *rows, int x, int y, double dx, double dy) {
    static const int at[] = {0, 1, 2, 3};
    double v[4];
    for (int j = 0; j < 4; j++) {
        v[j] = cubic_u8(rows[y + j] + x, at, dx);
    }
    return to_u8(cubic(v[0], v[1], v[2], v[3], dy));
}

/* Pixels whose places the vector versions find at once: a bit each of an uint64_t. */
#define WARP_CHUNK 64

/* GCC would compute addresses in vectors, only to take them apart again. */
#define KEEP_SCALAR(v) __asm__("" : "+r"(v))

#include "simd/vector.h"
#define SIMD_SUFFIX scalar
#include "geometry/warp_places.tmpl.h"
#undef SIMD_SUFFIX

#define SIMD_TEMPLATE "geometry/warp_places.tmpl.h"
#include "simd/instantiate.h"

#define SIMD_FIRST 2
#define SIMD_TEMPLATE "geometry/warp_rows.tmpl.h"
#include "simd/instantiate.h"
