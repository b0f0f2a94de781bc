/* Box blur in time independent of the radius; the base of Gaussian blur and unsharp mask.
 *
 * Blocks of rows, and then strips of columns, are brought into a line of 64-byte elements
 * (box.h), which stays in the second-level cache while all passes run over it. */
#include "filter/box.h"
#include "Imaging.h"
#include "simd/kernels.h"

#include <stdlib.h>
#include <string.h>

/* Lines longer than this (16 MB a line buffer would get too dear) and blocks that would fill no
 * more than BOX_SPARSE of the 64 lanes are processed pixel by pixel instead. */
#define BOX_LONG (1 << 17)
#define BOX_SPARSE 8

static inline void line_pass(
    uint8_t *restrict out, const uint8_t *restrict in, int count, int lanes,
    const ImgBoxPass *pass) {
    const uint32_t ww = pass->ww, fw = pass->fw;
    const int64_t r = pass->r, last = count - 1;
    uint32_t sum[BOX_LANES];
    const int64_t inside = r < last ? r : last;
    for (int i = 0; i < lanes; i++) {
        sum[i] = (uint32_t)(r + 1) * in[i] + (uint32_t)(r - inside) * in[last * lanes + i];
    }
    for (int64_t x = 1; x <= inside; x++) {
        for (int i = 0; i < lanes; i++) {
            sum[i] += in[x * lanes + i];
        }
    }
    for (int64_t x = 0; x <= last; x++) {
        const uint8_t *before = in + (x - r - 1 > 0 ? x - r - 1 : 0) * lanes;
        const uint8_t *oldest = in + (x - r > 0 ? x - r : 0) * lanes;
        const uint8_t *after = in + (x + r + 1 < last ? x + r + 1 : last) * lanes;
        uint8_t *to = out + x * lanes;
        for (int i = 0; i < lanes; i++) {
            const uint32_t ends = (uint32_t)before[i] + after[i];
            to[i] = (uint8_t)((sum[i] * ww + ends * fw + (1u << 23)) >> 24);
            sum[i] += (uint32_t)after[i] - oldest[i];
        }
    }
}

void box_line_scalar(uint8_t *out, const uint8_t *in, int count, const ImgBoxPass *pass) {
    line_pass(out, in, count, BOX_LANES, pass);
}

void box_gather_1_scalar(uint8_t *line, const uint8_t *const *rows, int count) {
    for (int x0 = 0; x0 < count; x0 += 16) {
        const int end = x0 + 16 < count ? x0 + 16 : count;
        for (int i = 0; i < 64; i++) {
            for (int x = x0; x < end; x++) {
                line[(size_t)x * 64 + i] = rows[i][x];
            }
        }
    }
}

void box_scatter_1_scalar(uint8_t *const *rows, const uint8_t *line, int count) {
    for (int x0 = 0; x0 < count; x0 += 16) {
        const int end = x0 + 16 < count ? x0 + 16 : count;
        for (int i = 0; i < 64; i++) {
            for (int x = x0; x < end; x++) {
                rows[i][x] = line[(size_t)x * 64 + i];
            }
        }
    }
}

void box_gather_4_scalar(uint8_t *line, const uint8_t *const *rows, int count) {
    for (int x = 0; x < count; x++) {
        for (int i = 0; i < 16; i++) {
            memcpy(line + (size_t)x * 64 + i * 4, rows[i] + (size_t)x * 4, 4);
        }
    }
}

void box_scatter_4_scalar(uint8_t *const *rows, const uint8_t *line, int count) {
    for (int x = 0; x < count; x++) {
        for (int i = 0; i < 16; i++) {
            memcpy(rows[i] + (size_t)x * 4, line + (size_t)x * 64 + i * 4, 4);
        }
    }
}

/* What one call works with. */
typedef struct {
    uint8_t *line[2];
    int passes;
    const ImgSharpen *sharpen;
} BoxJob;

/* Runs the passes over line[0]; returns the buffer that holds the result. */
static uint8_t *run_passes(const BoxJob *job, int count, int lanes, const ImgBoxPass *pass) {
    int from = 0;
    for (int i = 0; i < job->passes; i++) {
        if (lanes == BOX_LANES) {
            img_kernels->box_line(job->line[1 - from], job->line[from], count, pass);
        } else if (lanes == 4) {
            line_pass(job->line[1 - from], job->line[from], count, 4, pass);
        } else {
            line_pass(job->line[1 - from], job->line[from], count, 1, pass);
        }
        from = 1 - from;
    }
    return job->line[from];
}

static void
blur_rows(ImgImage *out, const ImgImage *in, const BoxJob *job, const ImgBoxPass *pass) {
    const int size = in->mode->pixel_size, block = BOX_LANES / size;
    const bool alone = in->width > BOX_LONG || in->height * size <= BOX_SPARSE;
    for (int y = 0; y < in->height && alone; y++) {
        memcpy(job->line[0], in->rows[y], in->row_bytes);
        memcpy(out->rows[y], run_passes(job, in->width, size, pass), in->row_bytes);
    }
    for (int y = 0; y < in->height && !alone; y += block) {
        const uint8_t *from[BOX_LANES];
        uint8_t *to[BOX_LANES];
        for (int i = 0; i < block; i++) {
            /* The last block repeats the last row: its lanes compute, and store, the same. */
            const int row = y + i < in->height ? y + i : in->height - 1;
            from[i] = in->rows[row];
            to[i] = out->rows[row];
        }
        if (size == 1) {
            img_kernels->box_gather_1(job->line[0], from, in->width);
        } else {
            img_kernels->box_gather_4(job->line[0], from, in->width);
        }
        const uint8_t *line = run_passes(job, in->width, BOX_LANES, pass);
        if (size == 1) {
            img_kernels->box_scatter_1(to, line, in->width);
        } else {
            img_kernels->box_scatter_4(to, line, in->width);
        }
    }
}

/* Column strip of `n` bytes at byte `x`, as elements of `lanes` bytes. `in` may be `out`; `sharp`
 * is the image that sharpening starts from. */
static void blur_strip(
    ImgImage *out, const ImgImage *in, const ImgImage *sharp, const BoxJob *job,
    const ImgBoxPass *pass, size_t x, int n, int lanes) {
    for (int y = 0; y < in->height; y++) {
        uint8_t *element = job->line[0] + (size_t)y * lanes;
        if (n == BOX_LANES) {
            memcpy(element, in->rows[y] + x, BOX_LANES);
        } else {
            memcpy(element, in->rows[y] + x, (size_t)n);
            memset(element + n, 0, (size_t)(lanes - n));
        }
    }
    const uint8_t *line = run_passes(job, in->height, lanes, pass);
    for (int y = 0; y < in->height; y++) {
        const uint8_t *element = line + (size_t)y * lanes;
        if (job->sharpen) {
            img_kernels->unsharp_row(
                out->rows[y] + x, sharp->rows[y] + x, element, n, job->sharpen);
        } else if (n == BOX_LANES) {
            memcpy(out->rows[y] + x, element, BOX_LANES);
        } else {
            memcpy(out->rows[y] + x, element, (size_t)n);
        }
    }
}

static void blur_columns(
    ImgImage *out, const ImgImage *in, const ImgImage *sharp, const BoxJob *job,
    const ImgBoxPass *pass) {
    const bool alone = in->height > BOX_LONG || in->row_bytes <= BOX_SPARSE;
    const int lanes = alone ? in->mode->pixel_size : BOX_LANES;
    for (size_t x = 0; x < in->row_bytes; x += (size_t)lanes) {
        const size_t rest = in->row_bytes - x;
        const int n = rest < (size_t)lanes ? (int)rest : lanes;
        blur_strip(out, in, sharp, job, pass, x, n, lanes);
    }
}

bool img_box_check(const ImgImage *image, float rx, float ry, int passes, ImgError *err) {
    const char *message = NULL;
    if (passes < 1) {
        message = "number of passes must be greater than zero";
    } else if (!(rx >= 0) || !(ry >= 0)) {
        message = "radius must be >= 0";
    } else if (rx >= 2147483648.0f || ry >= 2147483648.0f) {
        message = "radius too large";
    }
    if (message) {
        return img_fail(err, IMG_ERR_VALUE, message) != NULL;
    }
    switch (image->mode->id) {
    case IMG_MODE_L:
    case IMG_MODE_LA:
    case IMG_MODE_La:
    case IMG_MODE_RGB:
    case IMG_MODE_RGBA:
    case IMG_MODE_RGBa:
    case IMG_MODE_RGBX:
    case IMG_MODE_CMYK:
        return true;
    default:
        return img_fail_mode(err) != NULL;
    }
}

static ImgBoxPass make_pass(float radius) {
    ImgBoxPass pass;
    pass.r = (int)radius;
    float diameter = radius * 2.0f;
    diameter = diameter + 1.0f;
    pass.ww = (uint32_t)(16777216.0f / diameter);
    pass.fw = (16777216u - ((uint32_t)pass.r * 2u + 1u) * pass.ww) / 2u;
    return pass;
}

ImgImage *img_box_run(
    const ImgImage *image, float rx, float ry, int passes, const ImgSharpen *sharpen,
    ImgError *err) {
    if (rx == 0 && ry == 0) {
        return img_copy(image, err); /* sharpening changes nothing without a blur */
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    if (!out) {
        return NULL;
    }
    const int longest = image->width > image->height ? image->width : image->height;
    const size_t lanes = longest > BOX_LONG ? (size_t)image->mode->pixel_size : BOX_LANES;
    /* Two lines: at most 2 * 64 * BOX_LONG, or twice the longer side times 4 bytes. */
    const size_t bytes = (size_t)longest * lanes;
    uint8_t *lines = malloc(2 * bytes);
    if (!lines) {
        img_unref(out);
        return img_fail_memory(err);
    }
    const BoxJob job = {{lines, lines + bytes}, passes, sharpen};
    const ImgImage *from = image;
    if (rx != 0) {
        const ImgBoxPass pass = make_pass(rx);
        blur_rows(out, from, &job, &pass);
        from = out;
    }
    if (ry != 0) {
        const ImgBoxPass pass = make_pass(ry);
        blur_columns(out, from, image, &job, &pass);
    }
    free(lines);
    return out;
}

ImgImage *
img_box_blur(const ImgImage *image, float radius_x, float radius_y, int passes, ImgError *err) {
    if (image->width == 0 || image->height == 0) {
        return img_new(image->mode, image->width, image->height, err);
    }
    if (!img_box_check(image, radius_x, radius_y, passes, err)) {
        return NULL;
    }
    return img_box_run(image, radius_x, radius_y, passes, NULL, err);
}

#define SIMD_TEMPLATE "filter/box.tmpl.h"
#include "simd/instantiate.h"
