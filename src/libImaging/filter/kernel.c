/* 3x3 and 5x5 kernels, in single precision and in one fixed order of operations, or in whole
 * numbers where that is the same (kernel_exact.c).
 *
 * For each output sample, s = start; then for i = 0, 1, ...: s += R[i], where R[i] is row i of the
 * kernel applied to the image row y + r - i, its products added from left to right. Rows of the
 * image are therefore fed from the bottom up, each serving `size` output rows at once. */
#include "filter/conv.h"
#include "Imaging.h"
#include "simd/kernels.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a row that are filtered at a time: four rows of sums of this length fill 16 KB, half
 * the first-level cache. A multiple of 64. */
#define STRIP 1024

/* Samples that the reference converts to float at a time. */
#define CHUNK 256

static inline float row_sum(const float *in, const float *weight, int size, int step) {
    float sum = in[0] * weight[0];
    for (int j = 1; j < size; j++) {
        sum = sum + in[j * step] * weight[j];
    }
    return sum;
}

/* NaN gives 0: it compares false. */
static inline uint8_t to_byte(float s) {
    return (uint8_t)(s > 0.0f ? (s < 255.0f ? s : 255.0f) : 0.0f);
}

/* Up to CHUNK samples. Simple loops, one for each row of the kernel, for compilers that vectorise.
 */
static inline void conv_chunk(
    uint8_t *restrict out, const uint8_t *restrict in, float *restrict sums, int stride, int n,
    const ImgConv *conv, int size, int step) {
    const int margin = size / 2 * step, last = size - 1;
    const float *weight = conv->weight;
    float samples[CHUNK + 16];
    for (int x = 0; x < n + 2 * margin; x++) {
        samples[x] = (float)in[x - margin];
    }
    for (int x = 0; x < n; x++) {
        const float sum = row_sum(samples + x, weight + last * size, size, step);
        out[x] = to_byte(sums[(last - 1) * stride + x] + sum);
    }
    for (int k = last - 1; k > 0; k--) {
        for (int x = 0; x < n; x++) {
            const float sum = row_sum(samples + x, weight + k * size, size, step);
            sums[k * stride + x] = sums[(k - 1) * stride + x] + sum;
        }
    }
    for (int x = 0; x < n; x++) {
        sums[x] = conv->start + row_sum(samples + x, weight, size, step);
    }
    for (int x = 0; x < n && step == 4; x++) {
        out[x] &= conv->keep[x & 3];
    }
}

static inline void conv_row(
    uint8_t *out, const uint8_t *in, float *sums, int n, const ImgConv *conv, int size, int step) {
    for (int x = 0; x < n; x += CHUNK) {
        const int part = n - x < CHUNK ? n - x : CHUNK;
        conv_chunk(out + x, in + x, sums + x, CONV_STRIDE(n), part, conv, size, step);
    }
}

void conv3_row_scalar(uint8_t *out, const uint8_t *in, float *sums, int n, const ImgConv *conv) {
    if (conv->step == 1) {
        conv_row(out, in, sums, n, conv, 3, 1);
    } else {
        conv_row(out, in, sums, n, conv, 3, 4);
    }
}

void conv5_row_scalar(uint8_t *out, const uint8_t *in, float *sums, int n, const ImgConv *conv) {
    if (conv->step == 1) {
        conv_row(out, in, sums, n, conv, 5, 1);
    } else {
        conv_row(out, in, sums, n, conv, 5, 4);
    }
}

static void filter_exact(ImgImage *out, const ImgImage *in, const ImgExactConv *conv) {
    const int r = conv->size / 2;
    const size_t margin = (size_t)r * conv->step, n = in->row_bytes - 2 * margin;
    for (int y = r; y < in->height - r && n > 0; y++) {
        const uint8_t *rows[5];
        for (int i = 0; i < conv->size; i++) {
            rows[i] = in->rows[y + r - i] + margin;
        }
        (conv->size == 3 ? img_kernels->exact3_row
                         : img_kernels->exact5_row)(out->rows[y] + margin, rows, n, conv);
    }
}

static bool filter_bytes(ImgImage *out, const ImgImage *in, const ImgConv *conv, ImgError *err) {
    ImgExactConv exact;
    if (img_exact_conv(conv, &exact)) {
        filter_exact(out, in, &exact);
        return true;
    }
    const int r = conv->size / 2;
    const size_t margin = (size_t)r * conv->step, end = in->row_bytes - margin;
    /* The first 2r rows of a strip only start sums; what they finish goes to `unused`. */
    float *sums = calloc((size_t)(conv->size - 1) * STRIP, sizeof(*sums));
    if (!sums) {
        return img_fail_memory(err) != NULL;
    }
    for (size_t x = margin; x < end; x += STRIP) {
        const int n = end - x < STRIP ? (int)(end - x) : STRIP;
        uint8_t unused[STRIP];
        for (int y = in->height - 1; y >= 0; y--) {
            uint8_t *to = y + r < in->height - r ? out->rows[y + r] + x : unused;
            if (conv->size == 3) {
                img_kernels->conv3_row(to, in->rows[y] + x, sums, n, conv);
            } else {
                img_kernels->conv5_row(to, in->rows[y] + x, sums, n, conv);
            }
        }
    }
    free(sums);
    return true;
}

/* The samples of wider types, as single precision numbers, and back. */
static float get_sample(const uint8_t *p, const ImgMode *mode) {
    if (mode->id == IMG_MODE_I) {
        int32_t v;
        memcpy(&v, p, sizeof(v));
        return (float)v;
    }
    const int high = mode->id == IMG_MODE_I16B ? 0 : 1;
    return (float)((p[high] << 8) | p[1 - high]);
}

static void put_sample(uint8_t *p, const ImgMode *mode, float s) {
    if (mode->id == IMG_MODE_I) {
        /* Negative sums vanish; 2147483647 is 2^31 in single precision. NaN is not above 0. */
        const int32_t v = s >= 2147483647.0f ? INT32_MAX : s > 0.0f ? (int32_t)s : 0;
        memcpy(p, &v, sizeof(v));
        return;
    }
    const int v = (int)(s > 0.0f ? (s < 65535.0f ? s : 65535.0f) : 0.0f);
    const int high = mode->id == IMG_MODE_I16B ? 0 : 1;
    p[high] = (uint8_t)(v >> 8);
    p[1 - high] = (uint8_t)v;
}

static void filter_wide(ImgImage *out, const ImgImage *in, const ImgConv *conv) {
    const int size = conv->size, r = size / 2, bytes = in->mode->pixel_size;
    for (int y = r; y < in->height - r; y++) {
        for (int x = r; x < in->width - r; x++) {
            float s = conv->start;
            for (int i = 0; i < size; i++) {
                const uint8_t *p = in->rows[y + r - i] + (size_t)(x - r) * bytes;
                const float *weight = conv->weight + i * size;
                float sum = get_sample(p, in->mode) * weight[0];
                for (int j = 1; j < size; j++) {
                    sum = sum + get_sample(p + j * bytes, in->mode) * weight[j];
                }
                s = s + sum;
            }
            put_sample(out->rows[y] + (size_t)x * bytes, in->mode, s);
        }
    }
}

static void copy_border(ImgImage *out, const ImgImage *in, int r) {
    const size_t side = (size_t)r * in->mode->pixel_size, right = in->row_bytes - side;
    for (int y = 0; y < in->height; y++) {
        if (y < r || y >= in->height - r) {
            memcpy(out->rows[y], in->rows[y], in->row_bytes);
        } else {
            memcpy(out->rows[y], in->rows[y], side);
            memcpy(out->rows[y] + right, in->rows[y] + right, side);
        }
    }
}

static ImgConv
make_conv(const ImgMode *mode, int size, const float *weights, float scale, float offset) {
    ImgConv conv = {.size = size, .step = mode->pixel_size, .symmetric = true};
    for (int i = 0; i < size * size; i++) {
        conv.weight[i] = weights[i] / scale;
    }
    conv.start = offset + 0.5f;
    for (int i = 0; i < size / 2; i++) {
        const float *a = conv.weight + i * size, *b = conv.weight + (size - 1 - i) * size;
        conv.symmetric = conv.symmetric && memcmp(a, b, sizeof(float) * (size_t)size) == 0;
    }
    for (int b = 0; b < mode->bands; b++) {
        conv.keep[mode->band_offset[b]] = 0xff;
    }
    return conv;
}

ImgImage *img_filter_kernel(
    const ImgImage *image, int width, int height, const float *weights, float scale, float offset,
    ImgError *err) {
    if (image->mode->type == IMG_F32) {
        return img_fail_mode(err);
    }
    if (image->width < width || image->height < height) {
        return img_copy(image, err);
    }
    if (width != height || (width != 3 && width != 5)) {
        return img_fail(err, IMG_ERR_VALUE, "bad kernel size");
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    if (!out) {
        return NULL;
    }
    const ImgConv conv = make_conv(image->mode, width, weights, scale, offset);
    copy_border(out, image, width / 2);
    if (image->mode->type != IMG_U8) {
        filter_wide(out, image, &conv);
    } else if (!filter_bytes(out, image, &conv, err)) {
        img_unref(out);
        return NULL;
    }
    return out;
}

#define SIMD_TEMPLATE "filter/kernel.tmpl.h"
#include "simd/instantiate.h"
