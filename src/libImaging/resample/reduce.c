/* Reduction by whole factors: portable references, the operation, then the SIMD levels. */
#include "resample/internal.h"
#include "simd/kernels.h"

#include <stdlib.h>
#include <string.h>

/* The factor m for which ((sum + n / 2) * m mod 2^32) >> 24 is the mean of n bytes. */
static inline uint32_t mean_factor(uint32_t n) {
    return (uint32_t)(4294967296.0f / (256.0f * (float)n));
}

static inline uint8_t mean_byte(uint32_t sum, uint32_t n, uint32_t factor) {
    return (uint8_t)(((sum + n / 2) * factor) >> 24);
}

/* The mean of the bytes at column `at`, `at` + size, ... of every row: one band of one block. */
static uint8_t
mean_of_band(const uint8_t *const *rows, size_t at, int fx, int fy, int size, uint32_t factor) {
    uint32_t sum = 0;
    for (int y = 0; y < fy; y++) {
        const uint8_t *p = rows[y] + at;
        for (int x = 0; x < fx; x++) {
            sum += p[(size_t)x * size];
        }
    }
    return mean_byte(sum, (uint32_t)fx * (uint32_t)fy, factor);
}

/* The means of outputs from ... outputs - 1. */
static void reduce_8_from(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int from, int outputs, int pixel_size,
    uint32_t keep) {
    const uint32_t factor = mean_factor((uint32_t)fx * (uint32_t)fy);
    for (int i = from; i < outputs; i++) {
        for (int b = 0; b < pixel_size; b++) {
            const size_t at = (size_t)i * fx * pixel_size + b;
            const uint8_t mean = mean_of_band(rows, at, fx, fy, pixel_size, factor);
            out[(size_t)i * pixel_size + b] = mean & (uint8_t)(keep >> (8 * b));
        }
    }
}

/* Two pixels at a time: the bytes of a pair of bands in 16-bit fields, which hold the sum of 256.
 */
#define FIELDS 0x00ff00ff00ff00ffu

static inline void mean_pixel(
    uint8_t *out, const uint8_t *const *rows, size_t at, int fx, int fy, uint32_t factor,
    uint32_t keep) {
    uint64_t even = 0, odd = 0;
    for (int y = 0; y < fy; y++) {
        const uint8_t *p = rows[y] + at;
        int x = 0;
        for (; x + 2 <= fx; x += 2, p += 8) {
            uint64_t two;
            memcpy(&two, p, 8);
            even += two & FIELDS;
            odd += (two >> 8) & FIELDS;
        }
        if (x < fx) {
            uint32_t one;
            memcpy(&one, p, 4);
            even += one & (uint32_t)FIELDS;
            odd += (one >> 8) & (uint32_t)FIELDS;
        }
    }
    const uint32_t n = (uint32_t)fx * (uint32_t)fy;
    const uint32_t bands_02 = (uint32_t)even + (uint32_t)(even >> 32);
    const uint32_t bands_13 = (uint32_t)odd + (uint32_t)(odd >> 32);
    uint32_t mean;
    if ((n & (n - 1)) == 0) { /* the factor is 2^24 / n exactly: both fields are shifted at once */
        const int shift = __builtin_ctz(n);
        const uint32_t half = n / 2 * 0x10001u;
        mean = ((bands_02 + half) >> shift & (uint32_t)FIELDS) |
               ((bands_13 + half) >> shift & (uint32_t)FIELDS) << 8;
    } else {
        mean = (uint32_t)mean_byte(bands_02 & 0xffff, n, factor) |
               (uint32_t)mean_byte(bands_13 & 0xffff, n, factor) << 8 |
               (uint32_t)mean_byte(bands_02 >> 16, n, factor) << 16 |
               (uint32_t)mean_byte(bands_13 >> 16, n, factor) << 24;
    }
    const uint32_t kept = mean & keep;
    memcpy(out, &kept, 4);
}

static inline void
mean_pixels(uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, uint32_t keep) {
    const uint32_t factor = mean_factor((uint32_t)fx * (uint32_t)fy);
    for (int i = 0; i < outputs; i++) {
        mean_pixel(out + (size_t)i * 4, rows, (size_t)i * fx * 4, fx, fy, factor, keep);
    }
}

/* Row by row, so that compilers see independent sums. */
static inline void
mean_bytes(uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs) {
    enum { BLOCK = 128 };
    const uint32_t n = (uint32_t)fx * (uint32_t)fy, factor = mean_factor(n);
    uint32_t sum[BLOCK];
    for (int from = 0; from < outputs; from += BLOCK) {
        const int count = outputs - from < BLOCK ? outputs - from : BLOCK;
        memset(sum, 0, sizeof(sum));
        for (int y = 0; y < fy; y++) {
            const uint8_t *p = rows[y] + (size_t)from * fx;
            for (int i = 0; i < count; i++) {
                uint32_t row = 0;
                for (int x = 0; x < fx; x++) {
                    row += p[(size_t)i * fx + x];
                }
                sum[i] += row;
            }
        }
        for (int i = 0; i < count; i++) {
            out[from + i] = mean_byte(sum[i], n, factor);
        }
    }
}

/* Calls F with the common factors as constants, for compilers to unroll. */
#define COMMON_FACTORS(fx, F)                                                                      \
    switch (fx) {                                                                                  \
    case 2:                                                                                        \
        F(2);                                                                                      \
        break;                                                                                     \
    case 3:                                                                                        \
        F(3);                                                                                      \
        break;                                                                                     \
    case 4:                                                                                        \
        F(4);                                                                                      \
        break;                                                                                     \
    case 5:                                                                                        \
        F(5);                                                                                      \
        break;                                                                                     \
    case 6:                                                                                        \
        F(6);                                                                                      \
        break;                                                                                     \
    case 7:                                                                                        \
        F(7);                                                                                      \
        break;                                                                                     \
    case 8:                                                                                        \
        F(8);                                                                                      \
        break;                                                                                     \
    default:                                                                                       \
        F(fx);                                                                                     \
    }

void reduce_8_row_scalar(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, int pixel_size,
    uint32_t keep) {
#define PIXELS(FX) mean_pixels(out, rows, FX, fy, outputs, keep)
#define BYTES(FX) mean_bytes(out, rows, FX, fy, outputs)
    if (pixel_size == 1) {
        COMMON_FACTORS(fx, BYTES)
    } else if (fx <= 256 / fy) {
        COMMON_FACTORS(fx, PIXELS)
    } else {
        reduce_8_from(out, rows, fx, fy, 0, outputs, pixel_size, keep);
    }
#undef PIXELS
#undef BYTES
}

/* Wide samples: whole blocks add 2 x 2 samples in the type of the pixel before they go to the
 * double sum. In what is left of an odd factor, pairs. */
typedef float any_f32 __attribute__((aligned(1), may_alias));
typedef uint32_t any_u32 __attribute__((aligned(1), may_alias));

static inline double block_f32(const uint8_t *const *rows, size_t at, int fx, int fy) {
    double sum = 0.0;
    int y = 0;
    for (; y + 1 < fy; y += 2) {
        const any_f32 *a = (const any_f32 *)rows[y] + at, *b = (const any_f32 *)rows[y + 1] + at;
        int x = 0;
        for (; x + 1 < fx; x += 2) {
            sum += ((a[x] + a[x + 1]) + b[x]) + b[x + 1];
        }
        if (x < fx) {
            sum += a[x] + b[x];
        }
    }
    if (y < fy) {
        const any_f32 *a = (const any_f32 *)rows[y] + at;
        int x = 0;
        for (; x + 1 < fx; x += 2) {
            sum += a[x] + a[x + 1];
        }
        if (x < fx) {
            sum += a[x];
        }
    }
    return sum;
}

static inline double block_i32(const uint8_t *const *rows, size_t at, int fx, int fy) {
    double sum = 0.0;
    int y = 0;
    for (; y + 1 < fy; y += 2) {
        const any_u32 *a = (const any_u32 *)rows[y] + at, *b = (const any_u32 *)rows[y + 1] + at;
        int x = 0;
        for (; x + 1 < fx; x += 2) {
            sum += (int32_t)(a[x] + a[x + 1] + b[x] + b[x + 1]);
        }
        if (x < fx) {
            sum += (int32_t)(a[x] + b[x]);
        }
    }
    if (y < fy) {
        const any_u32 *a = (const any_u32 *)rows[y] + at;
        int x = 0;
        for (; x + 1 < fx; x += 2) {
            sum += (int32_t)(a[x] + a[x + 1]);
        }
        if (x < fx) {
            sum += (int32_t)a[x];
        }
    }
    return sum;
}

static inline int32_t round_mean(double s) {
    const double r = s < 0.0 ? s - 0.5 : s + 0.5;
    return r > -2147483649.0 && r < 2147483648.0 ? (int32_t)r : INT32_MIN;
}

void reduce_wide_row_scalar(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, int sample) {
    const double scale = 1.0 / ((double)fx * fy);
    for (int i = 0; i < outputs; i++) {
        const size_t at = (size_t)i * fx;
        if (sample == SAMPLE_F32) {
            ((any_f32 *)out)[i] = (float)(block_f32(rows, at, fx, fy) * scale);
        } else {
            ((any_u32 *)out)[i] = (uint32_t)round_mean(block_i32(rows, at, fx, fy) * scale);
        }
    }
}

/* A block cut short by the edge of the box: bytes average padding too, wide samples are added one
 * by one. */
static void cut_block(
    uint8_t *out, const uint8_t *const *rows, size_t at, int fx, int fy, const ImgMode *mode) {
    if (mode->type == IMG_U8) {
        const uint32_t factor = mean_factor((uint32_t)fx * (uint32_t)fy);
        for (int b = 0; b < mode->pixel_size; b++) {
            out[b] =
                mean_of_band(rows, at * mode->pixel_size + b, fx, fy, mode->pixel_size, factor);
        }
        return;
    }
    double sum = 0.0;
    for (int y = 0; y < fy; y++) {
        for (int x = 0; x < fx; x++) {
            sum += mode->type == IMG_F32 ? (double)((const any_f32 *)rows[y])[at + x]
                                         : (double)(int32_t)((const any_u32 *)rows[y])[at + x];
        }
    }
    sum *= 1.0 / ((double)fx * fy);
    if (mode->type == IMG_F32) {
        const float mean = (float)sum;
        memcpy(out, &mean, 4);
    } else {
        const int32_t mean = round_mean(sum);
        memcpy(out, &mean, 4);
    }
}

/* One row of the result from the fy rows given (already advanced to the left of the box). */
static void reduce_row(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, bool whole, int box_width,
    const ImgMode *mode) {
    const int full = whole ? box_width / fx : 0;
    if (full > 0 && mode->type == IMG_U8) {
        img_kernels->reduce_8_row(
            out, rows, fx, fy, full, mode->pixel_size, resample_band_mask(mode));
    } else if (full > 0) {
        img_kernels->reduce_wide_row(out, rows, fx, fy, full, resample_sample(mode));
    }
    int i = full;
    if (!whole && mode->type == IMG_U8 && box_width >= fx) {
        /* Rows cut short: the same means, but of the padding too. */
        i = box_width / fx;
        img_kernels->reduce_8_row(out, rows, fx, fy, i, mode->pixel_size, UINT32_MAX);
    }
    for (int64_t x = (int64_t)i * fx; x < box_width; x += fx, i++) {
        const int width = box_width - x < fx ? (int)(box_width - x) : fx;
        cut_block(out + (size_t)i * mode->pixel_size, rows, (size_t)x, width, fy, mode);
    }
}

static bool
reduce_arguments_ok(const ImgImage *image, int fx, int fy, const int box[4], ImgError *err) {
    if (fx < 1 || fy < 1) {
        return img_fail(err, IMG_ERR_VALUE, "scale must be > 0") != NULL;
    }
    if (box[0] < 0 || box[1] < 0) {
        return img_fail(err, IMG_ERR_VALUE, "box offset can't be negative") != NULL;
    }
    if (box[2] > image->width || box[3] > image->height) {
        return img_fail(err, IMG_ERR_VALUE, "box can't exceed original image size") != NULL;
    }
    if (box[2] <= box[0] || box[3] <= box[1]) {
        return img_fail(err, IMG_ERR_VALUE, "box can't be empty") != NULL;
    }
    if (fx == 1 && fy == 1) {
        return true;
    }
    const ImgMode *mode = image->mode;
    if (mode->id == IMG_MODE_1 || mode->id == IMG_MODE_P || mode->type == IMG_U16) {
        return img_fail_mode(err) != NULL;
    }
    return true;
}

/* Bytes of premultiplied rows, of which as many columns are made at a time as stay in the
 * second-level cache. */
#define STRIP_BUDGET (256 * 1024)

/* The rows of a block, and where they are premultiplied. */
typedef struct {
    const uint8_t **rows;
    uint8_t *premultiplied; /* columns * lines pixels, or NULL */
    int lines;              /* of a block at most */
    int columns;            /* of the box done at a time: whole blocks, or all there are */
} Strip;

static bool
strip_init(Strip *strip, const ResampleAlpha *alpha, int lines, int width, int fx, ImgError *err) {
    *strip = (Strip){.lines = lines, .columns = width};
    strip->rows = malloc((size_t)lines * sizeof(*strip->rows));
    if (strip->rows && alpha->between) {
        const size_t pixel_size = alpha->between->pixel_size;
        const size_t blocks = STRIP_BUDGET / pixel_size / (size_t)lines / (size_t)fx;
        if (blocks < (size_t)width / (size_t)fx) {
            strip->columns = blocks ? (int)blocks * fx : fx;
        }
        strip->premultiplied = malloc((size_t)lines * strip->columns * pixel_size);
    }
    if (!strip->rows || (alpha->between && !strip->premultiplied)) {
        free(strip->rows);
        return img_fail_memory(err) != NULL;
    }
    return true;
}

/* One row of the result, from the n rows from `top` on, and column `left` on, of the image. */
static void reduce_line(
    const ImgImage *image, const ResampleAlpha *alpha, const Strip *strip, uint8_t *out, int left,
    int top, int width, int fx, int n, bool whole) {
    const ImgMode *mode = alpha->between ? alpha->between : image->mode;
    const size_t pixel_size = mode->pixel_size;
    for (int x = 0, count; x < width; x += count) {
        count = width - x < strip->columns ? width - x : strip->columns;
        for (int k = 0; k < n; k++) {
            strip->rows[k] = image->rows[top + k] + ((size_t)left + x) * pixel_size;
            if (alpha->between) {
                uint8_t *line = strip->premultiplied + (size_t)k * strip->columns * pixel_size;
                resample_premultiply(alpha, line, strip->rows[k], count);
                strip->rows[k] = line;
            }
        }
        reduce_row(out + (size_t)(x / fx) * pixel_size, strip->rows, fx, n, whole, count, mode);
    }
}

ImgImage *
img_reduce(ImgImage *image, int fx, int fy, const int box[4], bool premultiply, ImgError *err) {
    ResampleAlpha alpha;
    if (!reduce_arguments_ok(image, fx, fy, box, err) ||
        !resample_alpha_init(&alpha, image->mode, premultiply, err)) {
        return NULL;
    }
    const int width = box[2] - box[0], height = box[3] - box[1];
    if (fx == 1 && fy == 1) {
        return resample_there_and_back(
            &alpha, img_crop(image, box[0], box[1], box[2], box[3], err));
    }
    Strip strip;
    if (!strip_init(&strip, &alpha, fy < height ? fy : height, width, fx, err)) {
        return NULL;
    }
    ImgImage *result = img_new_dirty(image->mode, (width - 1) / fx + 1, (height - 1) / fy + 1, err);
    for (int y = 0; result && y < result->height; y++) {
        const int64_t top = (int64_t)y * fy;
        const int n = height - top < fy ? (int)(height - top) : fy;
        reduce_line(
            image, &alpha, &strip, result->rows[y], box[0], (int)(box[1] + top), width, fx, n,
            n == fy);
        resample_unpremultiply(&alpha, result->rows[y], result->width);
    }
    free(strip.rows);
    free(strip.premultiplied);
    return result;
}

#define SIMD_TEMPLATE "resample/reduce8.tmpl.h"
#include "simd/instantiate.h"
