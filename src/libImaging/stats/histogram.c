/* Histograms and entropy. */
#include "stats/stats.h"

#include <math.h>
#include <string.h>

#include "simd/kernels.h"
#include "stats/tables.h"

/* So many pixels cannot make a counter of 32 bits wrap. */
static const size_t AT_ONCE = (size_t)1 << 31;

static void add_counts(ImgHistogram *out, const ImgMode *mode, const uint32_t *counts) {
    for (int b = 0; b < out->bands; b++) {
        const int from = out->bands > 1 ? mode->band_offset[b] : 0;
        for (int i = 0; i < 256; i++) {
            out->count[256 * b + i] += counts[256 * from + i];
        }
    }
}

/* Adds 0 or 1 for each pixel, in groups of 4 that are skipped if they are masked out as a whole. */
static inline void count_masked(
    ImgTables tables, const uint8_t *in, const uint8_t *mask, size_t pixels, size_t pixel_bytes) {
    size_t i = 0;
    for (; i + 4 <= pixels; i += 4) {
        uint32_t four;
        memcpy(&four, mask + i, 4);
        for (size_t k = 0; four && k < 4; k++) {
            const uint8_t *pixel = in + (i + k) * pixel_bytes;
            for (size_t b = 0; b < pixel_bytes; b++) {
                tables[4 * k + b][pixel[b]] += mask[i + k] != 0;
            }
        }
    }
    for (; i < pixels; i++) {
        for (size_t b = 0; b < pixel_bytes; b++) {
            tables[b][in[i * pixel_bytes + b]] += mask[i] != 0;
        }
    }
}

static void count_masked_rows(
    uint32_t *counts, uint8_t *const *rows, uint8_t *const *masks, size_t height, size_t width,
    int bands) {
    ImgTables tables;
    memset(tables, 0, sizeof(tables));
    for (size_t y = 0; y < height; y++) {
        if (bands == 1) {
            count_masked(tables, rows[y], masks[y], width, 1);
        } else {
            count_masked(tables, rows[y], masks[y], width, 4);
        }
    }
    img_add_tables(counts, tables, bands > 1 ? 4 : 1);
}

static void count_u8(const ImgImage *image, const ImgImage *mask, ImgHistogram *out) {
    const size_t width = (size_t)image->width, height = (size_t)image->height;
    const size_t most = width ? AT_ONCE / width : height;
    for (size_t y = 0, n; y < height; y += n) {
        uint32_t counts[4 * 256] = {0};
        n = height - y < most ? height - y : most;
        if (mask) {
            count_masked_rows(counts, image->rows + y, mask->rows + y, n, width, out->bands);
        } else {
            const uint8_t *const *rows = (const uint8_t *const *)image->rows + y;
            img_kernels->count_rows(counts, rows, n, width, out->bands);
        }
        add_counts(out, image->mode, counts);
    }
}

/* Where the bins of wide samples go first: STRIDE counters at a time, so that runs of one bin do
 * not wait for each other; the last bin takes what lies beyond the range. */
enum { STRIDE = 4, BEYOND = 256, CHUNK = 512 };
typedef struct {
    int32_t bin[CHUNK];
    uint64_t count[STRIDE][BEYOND + 1];
} Bins;

/* Clipped first, so that the conversion is defined; compilers make vectors of this. */
static inline int32_t bin_of(float value) {
    const float inside = value > -1.0f && value < 256.0f ? value : (float)BEYOND;
    return (int32_t)inside;
}

static void count_bins(Bins *bins, size_t n) {
    size_t i = 0;
    for (; i + STRIDE <= n; i += STRIDE) {
        for (int s = 0; s < STRIDE; s++) {
            bins->count[s][bins->bin[i + (size_t)s]]++;
        }
    }
    for (; i < n; i++) {
        bins->count[0][bins->bin[i]]++;
    }
}

static void collect_bins(const Bins *bins, ImgHistogram *out) {
    for (int s = 0; s < STRIDE; s++) {
        for (int i = 0; i < BEYOND; i++) {
            out->count[i] += bins->count[s][i];
        }
    }
}

/* Differences are int32 and wrap, the rest is float32: that decides the bin at the borders. */
static void bins_of_i32(int32_t *bin, const uint8_t *in, size_t n, int32_t low, float scale) {
    for (size_t i = 0; i < n; i++) {
        uint32_t v;
        memcpy(&v, in + 4 * i, 4);
        bin[i] = bin_of((float)(int32_t)(v - (uint32_t)low) * scale);
    }
}

static void bins_of_f32(int32_t *bin, const uint8_t *in, size_t n, float low, float scale) {
    for (size_t i = 0; i < n; i++) {
        float v;
        memcpy(&v, in + 4 * i, 4);
        bin[i] = bin_of((v - low) * scale);
    }
}

static void count_wide(const ImgImage *image, const double *extrema, ImgHistogram *out) {
    const bool whole = image->mode->type == IMG_I32;
    const size_t width = (size_t)image->width;
    const int32_t low = whole ? (int32_t)extrema[0] : 0, high = whole ? (int32_t)extrema[1] : 0;
    const float low_f = (float)extrema[0], high_f = (float)extrema[1];
    if (whole ? low >= high : low_f >= high_f) {
        return;
    }
    const float range = whole ? (float)(int32_t)((uint32_t)high - (uint32_t)low) : high_f - low_f;
    const float scale = 255.0f / range;
    Bins bins;
    memset(&bins, 0, sizeof(bins));
    for (int y = 0; y < image->height; y++) {
        for (size_t x = 0; x < width; x += CHUNK) {
            const size_t n = width - x < CHUNK ? width - x : CHUNK;
            const uint8_t *in = image->rows[y] + 4 * x;
            if (whole) {
                bins_of_i32(bins.bin, in, n, low, scale);
            } else {
                bins_of_f32(bins.bin, in, n, low_f, scale);
            }
            count_bins(&bins, n);
        }
    }
    collect_bins(&bins, out);
}

static bool
check(const ImgImage *image, const ImgImage *mask, const double *extrema, ImgError *err) {
    const bool wide = image->mode->type == IMG_I32 || image->mode->type == IMG_F32;
    if (mask) {
        if (!img_same_size(image, mask)) {
            return img_fail_mismatch(err) != NULL;
        }
        if (mask->mode->id != IMG_MODE_1 && mask->mode->id != IMG_MODE_L) {
            return img_fail(err, IMG_ERR_VALUE, "bad transparency mask") != NULL;
        }
        if (wide) {
            return img_fail_mode(err) != NULL;
        }
    }
    if (wide && !extrema) {
        return img_fail(err, IMG_ERR_VALUE, "min/max not given") != NULL;
    }
    return true;
}

bool img_histogram(
    const ImgImage *image, const ImgImage *mask, const double *extrema, ImgHistogram *out,
    ImgError *err) {
    if (!check(image, mask, extrema, err)) {
        return false;
    }
    memset(out, 0, sizeof(*out));
    out->bands = image->mode->bands;
    if (image->mode->type == IMG_I32 || image->mode->type == IMG_F32) {
        count_wide(image, extrema, out);
    } else {
        count_u8(image, mask, out);
    }
    return true;
}

double img_entropy(const ImgHistogram *histogram) {
    const int bins = 256 * histogram->bands;
    uint64_t total = 0;
    for (int i = 0; i < bins; i++) {
        total += histogram->count[i];
    }
    if (total == 0) {
        return NAN;
    }
    double sum = 0.0;
    for (int i = 0; i < bins; i++) {
        if (histogram->count[i]) {
            const double p = (double)histogram->count[i] / (double)total;
            sum += p * log(p) * 1.4426950408889634;
        }
    }
    return -sum;
}
