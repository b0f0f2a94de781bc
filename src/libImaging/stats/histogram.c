/* Histograms and entropy. */
#include "stats/stats.h"

#include <math.h>
#include <string.h>

/* Equal values one after the other would make each increment wait for the one before it. So
 * neighbours count in different tables: 8 tables, added up in the end. */
enum { TABLES = 8 };
typedef uint32_t Tables[TABLES][256];

/* A table counts each pixel at most once a band: this many before they are emptied cannot wrap. */
static const uint64_t FLUSH_AFTER = UINT64_C(1) << 31;

/* Table k counts byte k % 4 of the pixel, or any byte of a one-byte image. */
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

static void count_bytes(Tables tables, const uint8_t *in, size_t n) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t eight;
        memcpy(&eight, in + i, 8);
        for (int k = 0; k < 8; k++) {
            tables[k][(eight >> (8 * k)) & 255]++;
        }
    }
    for (; i < n; i++) {
        tables[0][in[i]]++;
    }
}

static void count_pixels(Tables tables, const uint8_t *in, size_t pixels, int bands) {
    size_t i = 0;
    if (bands == 3) {
        for (; i + 2 <= pixels; i += 2) {
            const uint8_t *p = in + 4 * i;
            tables[0][p[0]]++;
            tables[1][p[1]]++;
            tables[2][p[2]]++;
            tables[4][p[4]]++;
            tables[5][p[5]]++;
            tables[6][p[6]]++;
        }
    }
    for (; i < pixels; i++) {
        const uint8_t *p = in + 4 * i;
        const size_t side = i & 1 ? 4 : 0;
        for (size_t k = 0; k < 4; k++) {
            tables[side + k][p[k]]++;
        }
    }
}

static void count_masked(
    Tables tables, const uint8_t *in, const uint8_t *mask, size_t pixels, size_t pixel_bytes) {
    for (size_t i = 0; i < pixels; i++) {
        if (mask[i]) {
            for (size_t k = 0; k < pixel_bytes; k++) {
                tables[k][in[i * pixel_bytes + k]]++;
            }
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
        if (mask) {
            count_masked(tables, in, mask->rows[y], width, pixel_bytes);
        } else if (pixel_bytes == 1) {
            count_bytes(tables, in, width);
        } else {
            count_pixels(tables, in, width, out->bands);
        }
    }
    flush(tables, image->mode, out);
}

static inline void count_bin(ImgHistogram *out, float bin) {
    if (bin > -1.0f && bin < 256.0f) {
        out->count[(int)bin]++;
    }
}

/* Differences are int32 and wrap, the rest is float32: that decides the bin at the borders. */
static void count_i32(const ImgImage *image, int32_t low, int32_t high, ImgHistogram *out) {
    const float scale = 255.0f / (float)(int32_t)((uint32_t)high - (uint32_t)low);
    for (int y = 0; y < image->height; y++) {
        for (size_t i = 0; i < image->row_bytes; i += 4) {
            uint32_t v;
            memcpy(&v, image->rows[y] + i, 4);
            count_bin(out, (float)(int32_t)(v - (uint32_t)low) * scale);
        }
    }
}

static void count_f32(const ImgImage *image, float low, float high, ImgHistogram *out) {
    const float scale = 255.0f / (high - low);
    for (int y = 0; y < image->height; y++) {
        for (size_t i = 0; i < image->row_bytes; i += 4) {
            float v;
            memcpy(&v, image->rows[y] + i, 4);
            count_bin(out, (v - low) * scale);
        }
    }
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
    if (image->mode->type == IMG_I32) {
        if (extrema[0] < extrema[1]) {
            count_i32(image, (int32_t)extrema[0], (int32_t)extrema[1], out);
        }
    } else if (image->mode->type == IMG_F32) {
        const float low = (float)extrema[0], high = (float)extrema[1];
        if (!(low >= high)) {
            count_f32(image, low, high, out);
        }
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
