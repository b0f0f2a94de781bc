/* Histograms and entropy. */
#include "stats/stats.h"

#include <math.h>
#include <string.h>

/* Equal values one after the other would make each increment wait for the one before it. So
 * neighbours count in different tables, which are added up in the end: table t counts byte t % 4 of
 * pixels (of every fourth one), or any byte of one-byte images. The 16 tables fill half of L1;
 * their length is no power of two because processors guess by the low 12 bits of addresses whether
 * a load must wait for a store. */
enum { TABLES = 16, ENTRIES = 256 + 24 };
typedef uint32_t Tables[TABLES][ENTRIES];

/* A table counts each pixel at most once: this many before they are emptied cannot wrap. */
static const uint64_t FLUSH_AFTER = UINT64_C(1) << 31;

static void flush(Tables tables, const ImgMode *mode, ImgHistogram *out) {
    for (int t = 0; t < TABLES; t++) {
        for (int b = 0; b < out->bands; b++) {
            if (out->bands > 1 && mode->band_offset[b] != t % 4) {
                continue;
            }
            for (int i = 0; i < 256; i++) {
                out->count[256 * b + i] += tables[t][i];
            }
        }
    }
    memset(tables, 0, sizeof(Tables));
}

/* The bytes of `word` from the lowest; those left out of `wanted` (bit k for byte k) need no
 * counting. Constant arguments, so that this becomes straight code. */
static inline void count_word(uint32_t (*tables)[ENTRIES], uint64_t word, unsigned wanted) {
    for (int k = 0; k < 8; k++) {
        if (wanted >> k & 1) {
            tables[k][(word >> (8 * k)) & 255]++;
        }
    }
}

static inline void count_words(Tables tables, const uint8_t *in, size_t n, unsigned wanted) {
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        uint64_t word[2];
        memcpy(word, in + i, 16);
        count_word(tables, word[0], wanted);
        count_word(tables + 8, word[1], wanted);
    }
    for (; i < n; i++) {
        tables[i % 4][in[i]]++;
    }
}

static void count_bytes(Tables tables, const uint8_t *in, size_t n) {
    count_words(tables, in, n, 0xff);
}

static void count_pixels(Tables tables, const uint8_t *in, size_t pixels, int bands) {
    if (bands == 2) {
        count_words(tables, in, 4 * pixels, 0x99);
    } else if (bands == 3) {
        count_words(tables, in, 4 * pixels, 0x77);
    } else {
        count_words(tables, in, 4 * pixels, 0xff);
    }
}

/* Adds 0 or 1 for each pixel, in groups of 4 that are skipped if they are masked out as a whole. */
static inline void count_masked(
    Tables tables, const uint8_t *in, const uint8_t *mask, size_t pixels, size_t pixel_bytes) {
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

static void count_u8(const ImgImage *image, const ImgImage *mask, ImgHistogram *out) {
    const size_t width = (size_t)image->width;
    const size_t pixel_bytes = out->bands > 1 ? 4 : 1;
    Tables tables;
    uint64_t counted = 0;
    memset(tables, 0, sizeof(tables));
    for (int y = 0; y < image->height; y++) {
        const uint8_t *in = image->rows[y];
        counted += width;
        if (counted > FLUSH_AFTER) {
            flush(tables, image->mode, out);
            counted = width;
        }
        if (mask && pixel_bytes == 1) {
            count_masked(tables, in, mask->rows[y], width, 1);
        } else if (mask) {
            count_masked(tables, in, mask->rows[y], width, 4);
        } else if (pixel_bytes == 1) {
            count_bytes(tables, in, width);
        } else {
            count_pixels(tables, in, width, out->bands);
        }
    }
    flush(tables, image->mode, out);
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
