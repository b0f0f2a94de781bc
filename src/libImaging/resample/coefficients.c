/* Filters, and their coefficients along one axis.
 *
 * All arithmetic is in double, in the order written, so that the weights are the same bits
 * everywhere. */
#include "resample/internal.h"

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

/* --- Estimates ---
 *
 * The sines of the C library are most of the cost of making a thumbnail's weights. Bytes need only
 * 22 bits of a weight, so a sine that is good to 1e-15 will do, except where a weight lies so near
 * to a rounding boundary that its last bits decide: see estimated_row. */

/* sin(pi * x), |x| <= 3, to 1e-15 absolute: the Taylor series up to t^19 / 19! about the nearest
 * multiple of pi, so |t| <= pi / 2 and the next term is below 2.6e-16. Free of branches. */
static inline double sine_of_turns(double x) {
    const double shift = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to an integer */
    const double n = (x + shift) - shift;
    const double half = 0.5 * n;
    const double odd = half - ((half + shift) - shift); /* +-0.5 if n is odd, else 0 */
    const double t = (x - n) * PI, tt = t * t;
    double sum = -1.0 / 121645100408832000.0;
    sum = sum * tt + 1.0 / 355687428096000.0;
    sum = sum * tt - 1.0 / 1307674368000.0;
    sum = sum * tt + 1.0 / 6227020800.0;
    sum = sum * tt - 1.0 / 39916800.0;
    sum = sum * tt + 1.0 / 362880.0;
    sum = sum * tt - 1.0 / 5040.0;
    sum = sum * tt + 1.0 / 120.0;
    sum = sum * tt - 1.0 / 6.0;
    return ((sum * tt) * t + t) * (1.0 - 8.0 * odd * odd);
}

/* Estimates of the filter at x[0 ... count - 1], in place. */
static void lanczos_estimates(double *x, int count) {
    for (int k = 0; k < count; k++) {
        const double a = x[k];
        const double w =
            sine_of_turns(a) * sine_of_turns(a * (1.0 / 3.0)) * (3.0 / (PI * PI)) / (a * a);
        const double inside = a >= -3.0 && a < 3.0 ? w : 0.0;
        x[k] = a == 0.0 ? 1.0 : inside;
    }
}

static void hamming_estimates(double *x, int count) {
    for (int k = 0; k < count; k++) {
        const double a = fabs(x[k]);
        const double window = (double)0.54f + (double)0.46f * sine_of_turns(0.5 - a);
        const double w = sine_of_turns(a) / (a * PI) * window;
        const double inside = a < 1.0 ? w : 0.0;
        x[k] = a == 0.0 ? 1.0 : inside;
    }
}

typedef double (*Weight)(double);

static const struct {
    Weight weight;
    double support;                         /* weights are zero beyond this distance */
    void (*estimate)(double *x, int count); /* NULL: not needed */
} filters[IMG_FILTER_COUNT] = {
    [IMG_LANCZOS] = {lanczos_weight, 3.0, lanczos_estimates},
    [IMG_BILINEAR] = {bilinear_weight, 1.0, NULL},
    [IMG_BICUBIC] = {bicubic_weight, 2.0, NULL},
    [IMG_BOX] = {box_weight, 0.5, NULL},
    [IMG_HAMMING] = {hamming_weight, 1.0, hamming_estimates},
    [IMG_MKS2013] = {mks2013_weight, 2.5, NULL},
    [IMG_MKS2021] = {mks2021_weight, 4.5, NULL},
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

/* What the rows of one axis share. */
typedef struct {
    double scale, inverse, start; /* source samples per output; 1 / the filter's stretch; box */
    int period;                   /* outputs after which the weights may repeat, 0: never */
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

/* Fixed-point weights from an estimate of the filter; false if some of them cannot be told from it.
 *
 * Estimates are within 1e-14 of the weights, so their total, if above a quarter, is within a factor
 * 1 +- 6e-13 (n taps total about n / 6 for the widest filter that is estimated), and normalised
 * weights, at most 1.6 in magnitude, within 1e-12: 4.2e-6 in fixed point. Less than that from a
 * rounding boundary, `margin`, leaves the question open. */
static bool estimated_row(
    const ResampleAxis *axis, const Grid *g, ImgFilter filter, int i, double *w, int32_t *q) {
    const double margin = 1e-5;
    const int first = axis->first[i], count = axis->count[i];
    const double centre = centre_of(g, i);
    for (int k = 0; k < count; k++) {
        w[k] = position(first + k, centre) * g->inverse;
    }
    filters[filter].estimate(w, count);
    double total = 0.0;
    for (int k = 0; k < count; k++) {
        total += w[k];
    }
    if (!(total > 0.25)) {
        return false;
    }
    const double factor = (1 << RESAMPLE_BITS) / total;
    int doubtful = 0;
    for (int k = 0; k < count; k++) {
        const double scaled = w[k] * factor;
        const double rounded = fabs(scaled) + 0.5; /* below 2^31, as the total is above 1/4 */
        const int32_t whole = (int32_t)rounded;
        const double fraction = rounded - whole;
        doubtful |= (fraction <= margin) | (fraction >= 1.0 - margin);
        q[k] = (int32_t)copysign((double)whole, scaled);
    }
    return !doubtful;
}

static void
fixed_row(ResampleAxis *axis, const Grid *g, ImgFilter filter, int i, double *w, int32_t *q) {
    /* With few taps a row costs more than its sines. */
    const bool estimate = filters[filter].estimate && axis->max_taps >= 16;
    if (!estimate || !estimated_row(axis, g, filter, i, w, q)) {
        normalised_row(axis, g, filters[filter].weight, i, w);
        for (int k = 0; k < axis->count[i]; k++) {
            q[k] = to_fixed(w[k]);
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
        axis->fixed = malloc(n * taps * sizeof(int32_t));
        axis->weight = malloc(taps * sizeof(double)); /* of one output at a time */
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
    const Grid grid = {scale, 1.0 / stretch, (double)b0, find_period(scale)};
    const double taps = 2.0 * ceil(support) + 1.0;

    *axis = (ResampleAxis){.n_out = n_out, .narrow = true};
    /* The limit on the size of the table is part of the contract: beyond it, MemoryError. */
    if (!(taps < INT32_MAX) || n_out > INT32_MAX / (8 * (int64_t)taps)) {
        return img_fail_memory(err) != NULL;
    }
    /* No output has more taps than there are samples. */
    axis->max_taps = taps < n_in ? (int)taps : n_in > 0 ? n_in : 1;
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
