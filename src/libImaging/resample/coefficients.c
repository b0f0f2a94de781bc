/* Filters, and their coefficients along one axis.
 *
 * All arithmetic is in double, in the order written, so that the weights are the same bits
 * everywhere. */
#include "resample/internal.h"

#include <math.h>
#include <stdlib.h>

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

static const struct {
    double (*weight)(double);
    double support; /* weights are zero beyond this distance */
} filters[IMG_FILTER_COUNT] = {
    [IMG_LANCZOS] = {lanczos_weight, 3.0}, [IMG_BILINEAR] = {bilinear_weight, 1.0},
    [IMG_BICUBIC] = {bicubic_weight, 2.0}, [IMG_BOX] = {box_weight, 0.5},
    [IMG_HAMMING] = {hamming_weight, 1.0}, [IMG_MKS2013] = {mks2013_weight, 2.5},
    [IMG_MKS2021] = {mks2021_weight, 4.5},
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
    const double rounded = w < 0.0 ? scaled - 0.5 : scaled + 0.5;
    return truncate_within(rounded, INT32_MIN, INT32_MAX);
}

/* One output sample's weights, which sum to 1 but for rounding. */
static void normalised_weights(
    double (*filter)(double), int first, int count, double centre, double inverse, double *w) {
    double total = 0.0;
    for (int k = 0; k < count; k++) {
        w[k] = filter(((double)(first + k) - centre + 0.5) * inverse);
        total += w[k];
    }
    if (total != 0.0) {
        for (int k = 0; k < count; k++) {
            w[k] /= total;
        }
    }
}

static void quantise(ResampleAxis *axis, int i, const double *w) {
    int32_t *q = axis->fixed + (size_t)i * axis->max_taps;
    int64_t magnitude = 0;
    for (int k = 0; k < axis->count[i]; k++) {
        q[k] = to_fixed(w[k]);
        magnitude += q[k] < 0 ? -(int64_t)q[k] : q[k];
    }
    axis->narrow &= magnitude <= RESAMPLE_FIXED_LIMIT;
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
    const double inverse = 1.0 / stretch;
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
        const double centre = (double)b0 + (i + 0.5) * scale;
        const int low = truncate_within(centre - support + 0.5, 0, n_in);
        int high = truncate_within(centre + support + 0.5, low, n_in);
        if (high - low > axis->max_taps) {
            high = low + axis->max_taps;
        }
        double *w = axis->weight + (fixed ? 0 : (size_t)i * axis->max_taps);
        axis->first[i] = low;
        axis->count[i] = high - low;
        normalised_weights(filters[filter].weight, low, high - low, centre, inverse, w);
        if (fixed) {
            quantise(axis, i, w);
        }
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
