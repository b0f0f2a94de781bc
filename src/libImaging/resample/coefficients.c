/* Filters, and their coefficients along one axis.
 *
 * All arithmetic is in double, in the order written, so that the weights are the same bits
 * everywhere. */
#include "resample/internal.h"
#include "simd/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

static double box_weight(double x) {
    return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
}

static double bilinear_weight(double x) {
    const double a = fabs(x);
    return a < 1.0 ? 1.0 - a : 0.0;
}

/* The window's constants are single precision. */
static double hamming_weight(double x) {
    const double a = fabs(x);
    if (a == 0.0) {
        return 1.0;
    }
    if (a >= 1.0) {
        return 0.0;
    }
    const double t = a * PI;
    return sin(t) / t * ((double)0.54f + (double)0.46f * cos(t));
}

/* Keys' cubic convolution with a = -1/2. */
static double bicubic_weight(double x) {
    const double a = fabs(x);
    if (a < 1.0) {
        return ((1.5 * a - 2.5) * a) * a + 1.0;
    }
    return a < 2.0 ? (((a - 5.0) * a + 8.0) * a - 4.0) * -0.5 : 0.0;
}

static double sinc(double x) {
    if (x == 0.0) {
        return 1.0;
    }
    const double t = x * PI;
    return sin(t) / t;
}

static double lanczos_weight(double x) {
    return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
}

/* Magic Kernel Sharp, johncostella.com/magic: 2013 and 2021 versions. */
static double mks2013_weight(double x) {
    const double a = fabs(x);
    if (a < 0.5) {
        return 17.0 / 16.0 - (7.0 / 4.0) * (a * a);
    }
    if (a < 1.5) {
        return (1.0 - a) * (7.0 / 4.0 - a);
    }
    return a < 2.5 ? (-1.0 / 8.0) * ((a - 5.0 / 2.0) * (a - 5.0 / 2.0)) : 0.0;
}

static double mks2021_weight(double x) {
    const double a = fabs(x);
    if (a < 0.5) {
        return 577.0 / 576.0 - (239.0 / 144.0) * (a * a);
    }
    if (a < 1.5) {
        return ((35.0 / 36.0) * (a - 1.0)) * (a - 239.0 / 140.0);
    }
    if (a < 2.5) {
        return ((1.0 / 6.0) * (a - 2.0)) * (65.0 / 24.0 - a);
    }
    if (a < 3.5) {
        return ((1.0 / 36.0) * (a - 3.0)) * (a - 15.0 / 4.0);
    }
    return a < 4.5 ? (-1.0 / 288.0) * ((a - 9.0 / 2.0) * (a - 9.0 / 2.0)) : 0.0;
}

typedef double (*Weight)(double);

static const struct {
    Weight weight;
    double support; /* weights are zero beyond this distance */
    bool estimated; /* resample_estimate knows it */
} filters[IMG_FILTER_COUNT] = {
    [IMG_LANCZOS] = {lanczos_weight, 3.0, true},  [IMG_BILINEAR] = {bilinear_weight, 1.0, true},
    [IMG_BICUBIC] = {bicubic_weight, 2.0, true},  [IMG_BOX] = {box_weight, 0.5, false},
    [IMG_HAMMING] = {hamming_weight, 1.0, true},  [IMG_MKS2013] = {mks2013_weight, 2.5, false},
    [IMG_MKS2021] = {mks2021_weight, 4.5, false},
};

/* x truncated, held within low ... high; a NaN gives low. */
static int truncate_within(double x, int low, int high) {
    if (!(x > low)) {
        return low;
    }
    return x >= high ? high : (int)x;
}

static int32_t to_fixed(double w) {
    const double scaled = w * (1 << RESAMPLE_BITS);
    const double rounded = scaled + copysign(0.5, w); /* -0 becomes 0 either way */
    return truncate_within(rounded, INT32_MIN, INT32_MAX);
}

/* With few taps an output costs more than its weights. */
#define ESTIMATE_TAPS 16
/* Rounding can put an outermost tap beyond the filter's support, by an ulp of its place: below this
 * length by 2^-34 samples, 1/5 of that in the filter's units, of a total above 2. */
#define ESTIMATE_SAMPLES (1 << 19)

/* What the rows of one axis share. */
typedef struct {
    double scale, inverse, start; /* source samples per output; 1 / the filter's stretch; box */
    int period;                   /* outputs after which the weights may repeat, 0: never */
    bool estimated;               /* by resample_estimate, for bytes */
} Grid;

static double centre_of(const Grid *g, int i) {
    return g->start + (i + 0.5) * g->scale;
}

static inline double position(int sample, double centre) {
    return (double)sample - centre + 0.5;
}

/* One output sample's weights, which sum to 1 but for rounding. */
static void
normalised_row(const ResampleAxis *axis, const Grid *g, Weight weight, int i, double *w) {
    const int first = axis->first[i], count = axis->count[i];
    const double centre = centre_of(g, i);
    double total = 0.0;
    for (int k = 0; k < count; k++) {
        w[k] = weight(position(first + k, centre) * g->inverse);
        total += w[k];
    }
    if (total != 0.0) {
        for (int k = 0; k < count; k++) {
            w[k] /= total;
        }
    }
}

static void
fixed_row(ResampleAxis *axis, const Grid *g, ImgFilter filter, int i, double *w, int32_t *q) {
    const int first = axis->first[i], count = axis->count[i];
    if (!g->estimated ||
        !img_kernels->resample_estimate(q, w, filter, first, count, centre_of(g, i), g->inverse)) {
        normalised_row(axis, g, filters[filter].weight, i, w);
        for (int k = 0; k < count; k++) { /* the same again and again for a box filter */
            q[k] = k > 0 && w[k] == w[k - 1] ? q[k - 1] : to_fixed(w[k]);
        }
    }
    int64_t magnitude = 0;
    for (int k = 0; k < axis->count[i]; k++) {
        magnitude += q[k] < 0 ? -(int64_t)q[k] : q[k];
    }
    axis->narrow &= magnitude <= RESAMPLE_FIXED_LIMIT;
}

/* The smallest number of outputs that span a whole number of source samples, if below 16. */
static int find_period(double scale) {
    for (int p = 1; p < 16; p++) {
        if (p * scale == floor(p * scale)) {
            return p;
        }
    }
    return 0;
}

/* Whether output i meets its taps at the very positions at which output i - period did. */
static bool repeats(const ResampleAxis *axis, const Grid *g, int i) {
    const int before = i - g->period;
    if (g->period == 0 || before < 0 || axis->count[i] != axis->count[before]) {
        return false;
    }
    const double centre = centre_of(g, i), centre_before = centre_of(g, before);
    bool same = true;
    for (int k = 0; k < axis->count[i]; k++) {
        same &= position(axis->first[i] + k, centre) ==
                position(axis->first[before] + k, centre_before);
    }
    return same;
}

static void fill_row(ResampleAxis *axis, const Grid *g, ImgFilter filter, int i) {
    const size_t at = (size_t)i * axis->max_taps;
    const size_t back = (size_t)g->period * axis->max_taps;
    const size_t count = (size_t)axis->count[i];
    const bool same = repeats(axis, g, i);
    if (axis->fixed && same) {
        memcpy(axis->fixed + at, axis->fixed + at - back, count * sizeof(*axis->fixed));
    } else if (axis->fixed) {
        fixed_row(axis, g, filter, i, axis->weight, axis->fixed + at);
    } else if (same) {
        memcpy(axis->weight + at, axis->weight + at - back, count * sizeof(*axis->weight));
    } else {
        normalised_row(axis, g, filters[filter].weight, i, axis->weight + at);
    }
}

static bool allocate(ResampleAxis *axis, bool fixed) {
    const size_t n = (size_t)axis->n_out, taps = (size_t)axis->max_taps;
    axis->first = malloc(n * sizeof(int));
    axis->count = malloc(n * sizeof(int));
    if (fixed) {
        axis->fixed = malloc((n * taps + ESTIMATE_SLACK) * sizeof(int32_t));
        axis->weight = malloc((taps + ESTIMATE_SLACK) * sizeof(double)); /* of one output */
    } else {
        axis->weight = malloc(n * taps * sizeof(double));
    }
    return axis->first && axis->count && axis->weight && (axis->fixed || !fixed);
}

bool resample_axis_init(
    ResampleAxis *axis, ImgFilter filter, int n_in, float b0, float b1, int n_out, bool fixed,
    ImgError *err) {
    const double scale = (double)(b1 - b0) / n_out;
    const double stretch = scale > 1.0 ? scale : 1.0;
    const double support = filters[filter].support * stretch;
    Grid grid = {scale, 1.0 / stretch, (double)b0, find_period(scale), false};
    const double taps = 2.0 * ceil(support) + 1.0;

    *axis = (ResampleAxis){.n_out = n_out, .narrow = true};
    /* The limit on the size of the table is part of the contract: beyond it, MemoryError. */
    if (!(taps < INT32_MAX) || n_out > INT32_MAX / (8 * (int64_t)taps)) {
        return img_fail_memory(err) != NULL;
    }
    /* No output has more taps than there are samples. */
    axis->max_taps = taps < n_in ? (int)taps : n_in > 0 ? n_in : 1;
    grid.estimated =
        filters[filter].estimated && axis->max_taps >= ESTIMATE_TAPS && n_in <= ESTIMATE_SAMPLES;
    if (!allocate(axis, fixed)) {
        resample_axis_free(axis);
        return img_fail_memory(err) != NULL;
    }
    for (int i = 0; i < n_out; i++) {
        const double centre = centre_of(&grid, i);
        const int low = truncate_within(centre - support + 0.5, 0, n_in);
        const int high = truncate_within(centre + support + 0.5, low, n_in);
        axis->first[i] = low;
        axis->count[i] = high - low < axis->max_taps ? high - low : axis->max_taps;
        fill_row(axis, &grid, filter, i);
    }
    return true;
}

void resample_axis_free(ResampleAxis *axis) {
    free(axis->first);
    free(axis->count);
    free(axis->weight);
    free(axis->fixed);
    *axis = (ResampleAxis){0};
}
