/* Resize: checks, the order of the passes, and the rows between them.
 *
 * Both passes run over one vertical strip of the result at a time, so narrow that the horizontal
 * weights of the strip and the rows between the passes stay in the second-level cache:
 *
 *  - Horizontal first: a ring holds the horizontally convolved rows that the vertical pass may
 *    still need; a few source rows at a time are added to it as the result proceeds downwards.
 *  - Vertical first: a few rows of the result's height but the source's width are made, and
 *    convolved horizontally straight into the result.
 *
 * Straight alpha is premultiplied on the way from the source's rows to the first pass, and divided
 * out of rows of the result as soon as they are complete.
 */
#include "resample/internal.h"
#include "core/arena.h"
#include "simd/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that weights and intermediate rows of a strip may take. */
#define STRIP_BUDGET (384 * 1024)
/* Outputs of a strip: a multiple of the widest group that a kernel makes at once. */
#define STRIP_STEP 64
/* Strips start at multiples of so many source pixels, so that vectors can be aligned. */
#define ORIGIN_STEP 16

/* Everything that the strips share. */
typedef struct {
    const ImgImage *image;
    ImgImage *result;
    ResampleAlpha alpha;
    const ImgKernels *kernels;
    bool bytes; /* 8-bit samples; else doubles of type `sample` */
    ResampleSample sample;
    uint32_t keep;
    int pixel_size;
    int batch; /* rows that one horizontal call makes */
    bool horizontal, vertical;
    bool columns_first; /* both are needed, and the vertical pass goes first */
    ResampleAxis x, y;  /* of the passes that are needed */
    int most_taps;      /* source rows that one vertical call takes */
    int32_t *v_scratch;
    const uint8_t **taps; /* row pointers for one vertical call */
} Job;

/* One strip: result columns from ... from + n - 1. */
typedef struct {
    int from, n;
    int origin, span; /* source columns that its taps lie in */
    void *plan;       /* weights for resample_h8_rows, or scratch of resample_hw_rows */
    size_t plan_bytes;
    size_t readable;     /* pixels of a source row from the origin on */
    size_t padded_bytes; /* if not 0, rows go to `padded` first: to be readable by vectors, or to be
                            premultiplied */
    uint8_t *padded[RESAMPLE_ROWS_8];
    uint8_t *ring; /* `slots` rows of `stride` bytes */
    size_t stride;
    int slots;
    /* Premultiplied source rows for the vertical pass; line_bytes is 0 if it takes the source's. */
    uint8_t *lines; /* job->most_taps, source row y in place y modulo that */
    size_t line_bytes;
    int lines_made; /* up to here */
} Strip;

uint32_t resample_band_mask(const ImgMode *mode) {
    if (mode->pixel_size == 1) {
        return UINT32_MAX;
    }
    uint32_t mask = 0;
    for (int b = 0; b < mode->bands; b++) {
        mask |= (uint32_t)0xff << (8 * mode->band_offset[b]);
    }
    return mask;
}

ResampleSample resample_sample(const ImgMode *mode) {
    if (mode->type == IMG_U16) {
        /* The names lie: on a little-endian machine I;16B is computed with as if it were little
         * endian, and I;16N as if it were big endian. Part of the contract. */
        return mode->id == IMG_MODE_I16N ? SAMPLE_U16BE : SAMPLE_U16LE;
    }
    return mode->type == IMG_I32 ? SAMPLE_I32 : SAMPLE_F32;
}

ImgImage *
resample_crop(const ImgImage *image, int left, int top, int width, int height, ImgError *err) {
    ImgImage *result = img_new_dirty(image->mode, width, height, err);
    if (!result || !img_copy_palette(result, image, err)) {
        img_unref(result);
        return NULL;
    }
    const size_t offset = (size_t)left * image->mode->pixel_size;
    for (int y = 0; y < height; y++) {
        memcpy(result->rows[y], image->rows[top + y] + offset, result->row_bytes);
    }
    return result;
}

static size_t round_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* --- Horizontal calls --- */

static size_t plan_strip(const Job *job, const Strip *s, void *plan) {
    const ResampleAxis *x = &job->x;
    return job->kernels->resample_h8_plan(
        x->first + s->from, x->count + s->from, x->fixed + (size_t)s->from * x->max_taps,
        x->max_taps, s->n, job->pixel_size, s->origin, s->readable, plan);
}

/* in[r] points to the column s->origin. */
static void
horizontal_rows(const Job *job, const Strip *s, uint8_t *const *out, const uint8_t *const *in) {
    if (!job->bytes) {
        const ResampleAxis *x = &job->x;
        job->kernels->resample_hw_rows(
            out, in, x->first + s->from, x->count + s->from,
            x->weight + (size_t)s->from * x->max_taps, x->max_taps, s->n, s->origin, s->span,
            job->sample, s->plan);
        return;
    }
    const uint8_t *long_rows[RESAMPLE_ROWS_8];
    if (s->padded_bytes) {
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            if (job->alpha.between && !job->columns_first) {
                resample_premultiply(&job->alpha, s->padded[r], in[r], s->span);
            } else {
                memcpy(s->padded[r], in[r], (size_t)s->span * job->pixel_size);
            }
            long_rows[r] = s->padded[r];
        }
        in = long_rows;
    }
    job->kernels->resample_h8_rows(out, in, s->plan, job->keep);
}

/* Source rows y, y + 1, ... y + batch - 1; rows past `end` repeat the last one. */
static void source_batch(const Job *job, const Strip *s, int y, int end, const uint8_t **in) {
    for (int r = 0; r < job->batch; r++) {
        const int line = y + r < end ? y + r : end - 1;
        in[r] = job->image->rows[line] + (size_t)s->origin * job->pixel_size;
    }
}

/* Output rows y ...; rows past `end` are made again in the place of the last one. Kernels write the
 * rows in ascending order or all from the same input, so that the last one stays right. */
static void result_batch(const Job *job, const Strip *s, int y, uint8_t **out) {
    for (int r = 0; r < job->batch; r++) {
        const int line = y + r < job->result->height ? y + r : job->result->height - 1;
        out[r] = job->result->rows[line] + (size_t)s->from * job->pixel_size;
    }
}

/* Finishes result rows y ... y + n - 1, as far as they exist. */
static void finish_rows(const Job *job, const Strip *s, int y, int n) {
    for (int end = y + n < job->result->height ? y + n : job->result->height; y < end; y++) {
        uint8_t *row = job->result->rows[y] + (size_t)s->from * job->pixel_size;
        resample_unpremultiply(&job->alpha, row, s->n);
    }
}

/* --- Vertical calls --- */

/* Of bytes, from the rows in `taps`, whose bytes outside of `keep` are cleared. */
static void vertical_bytes(
    const Job *job, int y, const uint8_t **taps, uint8_t *out, int width, uint32_t keep) {
    const ResampleAxis *a = &job->y;
    int n = a->count[y];
    const int32_t *fixed = a->fixed + (size_t)y * a->max_taps;
    for (; n > 1 && fixed[0] == 0; n--) { /* such as of a box filter's outermost taps */
        fixed++;
        taps++;
    }
    while (n > 1 && fixed[n - 1] == 0) {
        n--;
    }
    for (int k = n; n > 0 && k % 4 != 0; k++) { /* kernels may read, but not count, a few more */
        taps[k] = taps[n - 1];
    }
    job->kernels->resample_v8_row(
        out, taps, fixed, n, (size_t)width * job->pixel_size, keep, job->v_scratch);
}

/* Result rows y ... y + n - 1 (n is 1 or 2) from the rows in job->taps, the first of which is
 * source row first[y]. */
static void
vertical_rows(const Job *job, int y, int n, uint8_t *const *out, int width, uint32_t keep) {
    const ResampleAxis *a = &job->y;
    if (job->bytes) {
        vertical_bytes(job, y, job->taps, out[0], width, keep);
        return;
    }
    const double *weight[2] = {a->weight + (size_t)y * a->max_taps, NULL};
    if (n == 1) {
        job->kernels->resample_vw_row(
            out[0], job->taps, weight[0], a->count[y], width, job->sample);
        return;
    }
    weight[1] = weight[0] + a->max_taps;
    job->kernels->resample_vw_pair(
        out, job->taps, weight, a->count + y, a->first[y + 1] - a->first[y], width, job->sample);
}

/* How many result rows from y on a vertical call makes. */
static int rows_at_once(const Job *job, int y) {
    return job->bytes || y + 1 == job->y.n_out ? 1 : 2;
}

/* The end of the source rows that result rows y ... y + n - 1 are made from. */
static int taps_end(const ResampleAxis *a, int y, int n) {
    const int end = a->first[y] + a->count[y], other = y + n - 1;
    return a->first[other] + a->count[other] > end ? a->first[other] + a->count[other] : end;
}

/* The most source rows that a vertical call takes. */
static int taps_at_once(const Job *job) {
    int most = job->y.max_taps;
    for (int y = 0; y < job->y.n_out; y++) {
        const int taps = taps_end(&job->y, y, rows_at_once(job, y)) - job->y.first[y];
        most = taps > most ? taps : most;
    }
    return most;
}

/* Source row y from the strip's origin on, premultiplied if need be. `first` and the row behind the
 * last tap never decrease from one row of the result to the next. So each row is made once, those
 * that are passed over are never asked for, and the most_taps places hold what still is. */
static const uint8_t *source_line(const Job *job, Strip *s, int y) {
    const uint8_t *row = job->image->rows[y] + (size_t)s->origin * job->pixel_size;
    if (!s->line_bytes) {
        return row;
    }
    uint8_t *line = s->lines + (size_t)(y % job->most_taps) * s->line_bytes;
    if (y >= s->lines_made) {
        resample_premultiply(&job->alpha, line, row, s->span);
        s->lines_made = y + 1;
    }
    return line;
}

/* Row y of the vertical pass over the source columns of the strip. */
static void vertical_from_source(const Job *job, Strip *s, int y, uint8_t *out) {
    const int first = job->y.first[y];
    for (int k = 0; k < job->y.count[y]; k++) {
        job->taps[k] = source_line(job, s, first + k);
    }
    vertical_rows(job, y, 1, &out, s->span, job->keep);
}

/* --- The passes over one strip --- */

static void only_horizontal(const Job *job, const Strip *s) {
    const uint8_t *in[RESAMPLE_ROWS_WIDE];
    uint8_t *out[RESAMPLE_ROWS_WIDE];
    for (int y = 0; y < job->result->height; y += job->batch) {
        source_batch(job, s, y, job->result->height, in);
        result_batch(job, s, y, out);
        horizontal_rows(job, s, out, in);
        finish_rows(job, s, y, job->batch);
    }
}

static void only_vertical(const Job *job, Strip *s) {
    for (int y = 0; y < job->result->height; y++) {
        uint8_t *out = job->result->rows[y] + (size_t)s->from * job->pixel_size;
        vertical_from_source(job, s, y, out);
        finish_rows(job, s, y, 1);
    }
}

static void horizontal_first(const Job *job, const Strip *s) {
    const ResampleAxis *a = &job->y;
    const uint8_t *in[RESAMPLE_ROWS_WIDE];
    uint8_t *out[RESAMPLE_ROWS_WIDE];
    int made = a->first[0]; /* source rows up to here are in the ring */
    for (int y = 0, n; y < a->n_out; y += n) {
        n = rows_at_once(job, y);
        const int first = a->first[y], end = taps_end(a, y, n);
        made = made < first ? first : made;
        for (; made < end; made += job->batch) {
            source_batch(job, s, made, job->image->height, in);
            for (int r = 0; r < job->batch; r++) {
                out[r] = s->ring + (size_t)((made + r) % s->slots) * s->stride;
            }
            horizontal_rows(job, s, out, in);
        }
        for (int k = first; k < end; k++) {
            job->taps[k - first] = s->ring + (size_t)(k % s->slots) * s->stride;
        }
        for (int i = 0; i < n; i++) {
            out[i] = job->result->rows[y + i] + (size_t)s->from * job->pixel_size;
        }
        vertical_rows(job, y, n, out, s->n, UINT32_MAX); /* the ring's rows have been cleared */
        finish_rows(job, s, y, n);
    }
}

static void vertical_first(const Job *job, Strip *s) {
    const uint8_t *in[RESAMPLE_ROWS_WIDE];
    uint8_t *out[RESAMPLE_ROWS_WIDE];
    for (int y = 0; y < job->result->height; y += job->batch) {
        int last = 0;
        for (int r = 0; r < job->batch; r++) {
            if (y + r < job->result->height) {
                last = r;
                vertical_from_source(job, s, y + r, s->ring + (size_t)r * s->stride);
            }
            in[r] = s->ring + (size_t)last * s->stride;
        }
        result_batch(job, s, y, out);
        horizontal_rows(job, s, out, in);
        finish_rows(job, s, y, job->batch);
    }
}

/* --- Strips --- */

static void set_span(const Job *job, Strip *s) {
    const ResampleAxis *x = &job->x;
    if (!job->horizontal) {
        s->origin = s->from;
        s->span = s->n;
        return;
    }
    const int last = s->from + s->n - 1;
    s->origin = x->first[s->from] / ORIGIN_STEP * ORIGIN_STEP;
    s->span = x->first[last] + x->count[last] - s->origin;
    for (int i = s->from; i < last; i++) {
        const int end = x->first[i] + x->count[i] - s->origin;
        s->span = end > s->span ? end : s->span;
    }
}

static bool columns_go_first(const ImgImage *image, int width, int height) {
    const int64_t less_y = (int64_t)image->height - height;
    const int64_t less_x = (int64_t)image->width - width;
    return less_y > 0 && less_y > 2 * less_x;
}

/* Rows of the ring and their length, for the strip's width. */
static void shape_ring(const Job *job, Strip *s) {
    const size_t columns = (size_t)(job->columns_first ? s->span : s->n);
    s->stride = round_up(columns * job->pixel_size + 64, 64);
    s->slots = job->columns_first ? job->batch : job->most_taps + job->batch - 1;
}

/* How far source rows can be read from the strip's origin on, in pixels. */
static size_t readable_pixels(const Job *job, const Strip *s) {
    return job->columns_first ? s->stride / job->pixel_size : (size_t)job->image->width - s->origin;
}

static bool needs_padding(const Job *job, Strip *s) {
    if (job->alpha.between && !job->columns_first) {
        return true;
    }
    s->readable = readable_pixels(job, s);
    s->plan_bytes = plan_strip(job, s, NULL);
    return s->plan_bytes == 0;
}

/* Measures the strip of result columns from ... from + n - 1. */
static Strip measure_strip(const Job *job, int from, int n) {
    Strip s = {.from = from, .n = n};
    set_span(job, &s);
    if (job->alpha.between && (job->columns_first || !job->horizontal)) {
        s.line_bytes = round_up((size_t)s.span * job->pixel_size, 64);
    }
    if (!job->horizontal) {
        return s;
    }
    if (job->vertical) {
        shape_ring(job, &s);
    }
    if (!job->bytes) {
        s.plan_bytes = (size_t)s.span * RESAMPLE_ROWS_WIDE * sizeof(double);
        return s;
    }
    if (needs_padding(job, &s)) {
        s.padded_bytes = round_up((size_t)s.span * job->pixel_size + 256, 64);
        s.readable = s.padded_bytes / job->pixel_size;
        s.plan_bytes = plan_strip(job, &s, NULL);
    }
    return s;
}

static size_t strip_bytes(const Job *job, const Strip *s) {
    return s->plan_bytes + (size_t)s->slots * s->stride + (size_t)job->most_taps * s->line_bytes;
}

/* The widest strip from column `from` on that the budget allows. */
static Strip next_strip(const Job *job, int from) {
    int n = job->result->width - from;
    Strip s = measure_strip(job, from, n);
    while (n > STRIP_STEP && strip_bytes(job, &s) > STRIP_BUDGET) {
        n = (int)round_up((size_t)n / 2, STRIP_STEP);
        s = measure_strip(job, from, n);
    }
    return s;
}

static bool strip_memory(const Job *job, Strip *s, uint8_t **memory, ImgError *err) {
    const size_t plan = round_up(s->plan_bytes, 64), ring = (size_t)s->slots * s->stride;
    const size_t padded = s->padded_bytes * RESAMPLE_ROWS_8;
    uint8_t *block = malloc(plan + ring + padded + (size_t)job->most_taps * s->line_bytes + 64);
    if (!block) {
        return img_fail_memory(err) != NULL;
    }
    *memory = block;
    block = (uint8_t *)round_up((uintptr_t)block, 64);
    s->plan = block;
    s->ring = block + plan;
    s->lines = s->ring + ring + padded;
    for (int r = 0; s->padded_bytes && r < RESAMPLE_ROWS_8; r++) {
        s->padded[r] = s->ring + ring + (size_t)r * s->padded_bytes;
        memset(s->padded[r], 0, s->padded_bytes);
    }
    if (job->bytes && job->horizontal) {
        if (job->columns_first) {
            memset(s->ring, 0, ring);
        }
        plan_strip(job, s, s->plan);
    }
    return true;
}

static bool run_strips(const Job *job, ImgError *err) {
    for (int from = 0; from < job->result->width;) {
        Strip s = next_strip(job, from);
        uint8_t *memory = NULL;
        if (!strip_memory(job, &s, &memory, err)) {
            return false;
        }
        if (!job->vertical) {
            only_horizontal(job, &s);
        } else if (!job->horizontal) {
            only_vertical(job, &s);
        } else if (job->columns_first) {
            vertical_first(job, &s);
        } else {
            horizontal_first(job, &s);
        }
        free(memory);
        from += s.n;
    }
    return true;
}

static bool run(Job *job, ImgError *err) {
    if (job->vertical) {
        job->most_taps = taps_at_once(job);
        const size_t taps = (size_t)job->most_taps;
        job->taps = malloc((taps + 3) * sizeof(*job->taps));
        job->v_scratch = malloc((taps + 3) * sizeof(*job->v_scratch));
        if (!job->taps || !job->v_scratch) {
            return img_fail_memory(err) != NULL;
        }
    }
    return run_strips(job, err);
}

static ImgImage *filtered(
    const ImgImage *image, const ResampleAlpha *alpha, int width, int height, ImgFilter filter,
    const float box[4], ImgError *err) {
    const ImgMode *mode = alpha->between ? alpha->between : image->mode;
    Job job = {
        .image = image,
        .alpha = *alpha,
        .kernels = img_kernels,
        .bytes = mode->type == IMG_U8,
        .sample = resample_sample(mode),
        .keep = resample_band_mask(mode),
        .pixel_size = mode->pixel_size,
        .batch = mode->type == IMG_U8 ? RESAMPLE_ROWS_8 : RESAMPLE_ROWS_WIDE,
        .horizontal = width != image->width || box[0] != 0.0f || box[2] != (float)width,
        .vertical = height != image->height || box[1] != 0.0f || box[3] != (float)height,
    };
    job.columns_first = job.horizontal && job.vertical && columns_go_first(image, width, height);
    bool ok =
        (!job.horizontal ||
         resample_axis_init(&job.x, filter, image->width, box[0], box[2], width, job.bytes, err)) &&
        (!job.vertical ||
         resample_axis_init(&job.y, filter, image->height, box[1], box[3], height, job.bytes, err));
    if (ok && ((job.horizontal && !job.x.narrow) || (job.vertical && !job.y.narrow))) {
        job.kernels = img_kernels_at(IMG_SCALAR);
    }
    if (ok) {
        if (job.horizontal && job.vertical) {
            /* The statistics have always counted the image between the passes, and programs
             * tell from them how many passes ran. */
            img_arena_count_image();
        }
        job.result = img_new_dirty(image->mode, width, height, err);
        ok = job.result && run(&job, err);
    }
    resample_axis_free(&job.x);
    resample_axis_free(&job.y);
    free(job.taps);
    free(job.v_scratch);
    if (!ok) {
        img_unref(job.result);
        return NULL;
    }
    return job.result;
}

static bool resize_arguments_ok(
    const ImgImage *image, int width, int height, const float box[4], ImgError *err) {
    if (width < 1 || height < 1) {
        return img_fail(err, IMG_ERR_VALUE, "height and width must be > 0") != NULL;
    }
    if (box[0] < 0 || box[1] < 0) {
        return img_fail(err, IMG_ERR_VALUE, "box offset can't be negative") != NULL;
    }
    if (box[2] > (float)image->width || box[3] > (float)image->height) {
        return img_fail(err, IMG_ERR_VALUE, "box can't exceed original image size") != NULL;
    }
    if (box[2] - box[0] < 0 || box[3] - box[1] < 0) {
        return img_fail(err, IMG_ERR_VALUE, "box can't be empty") != NULL;
    }
    return true;
}

ImgImage *img_resize(
    ImgImage *image, int width, int height, int filter, const float box[4], bool premultiply,
    ImgError *err) {
    ResampleAlpha alpha;
    if (!resize_arguments_ok(image, width, height, box, err) ||
        !resample_alpha_init(&alpha, image->mode, premultiply, err)) {
        return NULL;
    }
    /* NaN equals nothing and goes on. */
    if (floorf(box[0]) == box[0] && floorf(box[1]) == box[1] && box[2] - box[0] == (float)width &&
        box[3] - box[1] == (float)height) {
        const int left = (int)box[0], top = (int)box[1];
        return resample_there_and_back(
            &alpha, img_crop(image, left, top, left + width, top + height, err));
    }
    if (filter == IMG_NEAREST) {
        return resample_there_and_back(&alpha, resample_nearest(image, width, height, box, err));
    }
    if (filter < 0 || filter >= IMG_FILTER_COUNT) {
        return img_fail(err, IMG_ERR_VALUE, "unsupported resampling filter");
    }
    if (image->mode->id == IMG_MODE_1 || image->mode->id == IMG_MODE_P) {
        return img_fail_mode(err);
    }
    if (image->width == 0 || image->height == 0) {
        return img_new(image->mode, width, height, err); /* no taps at all */
    }
    return filtered(image, &alpha, width, height, (ImgFilter)filter, box, err);
}
