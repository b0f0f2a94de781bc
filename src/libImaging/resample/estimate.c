/* Fixed-point weights of one output from an estimate of the filter: portable reference, then the
 * SIMD levels.
 *
 * The sines of the C library and the divisions in order are most of the cost of making a
 * thumbnail's weights. Bytes need only 22 bits of a weight, so an estimate that is good to 1e-14
 * will do, except where a weight lies so near to a rounding boundary that its last bits decide.
 *
 * Estimates are within 1e-14 of the weights, so their total, if above a quarter, is within a factor
 * 1 +- 6e-13 (n taps total about n / 6 for the widest filter), and normalised weights, at
 * most 1.6 in magnitude, within 1e-12: 4.2e-6 in fixed point. Less than that from a rounding
 * boundary, MARGIN, leaves the question open.
 *
 * Taps lie within the filter's support but for rounding, and the filters that are estimated are
 * continuous, so nothing asks where they end. */
#include "resample/internal.h"
#include "simd/kernels.h"

#include <math.h>

#define MARGIN 1e-5
#define PI 3.14159265358979323846
/* Added to the argument of sin(x) / x: less than any other position's rounding error, and not 0. */
#define NOT_ZERO 1e-20
/* Adding it to a number below 2^51 rounds to an integer: 1.5 * 2^52. */
#define TO_INTEGER 6755399441055744.0

/* sin(pi * x), |x| <= 3, to 1e-15 absolute: the Taylor series up to t^19 / 19! about the nearest
 * multiple of pi, so |t| <= pi / 2 and the next term is below 2.6e-16. */
static const double sine_series[] = {
    -1.0 / 121645100408832000.0,
    1.0 / 355687428096000.0,
    -1.0 / 1307674368000.0,
    1.0 / 6227020800.0,
    -1.0 / 39916800.0,
    1.0 / 362880.0,
    -1.0 / 5040.0,
    1.0 / 120.0,
    -1.0 / 6.0,
};
#define SINE_TERMS (int)(sizeof(sine_series) / sizeof(*sine_series))

static inline double sine_of_turns(double x) {
    const double n = (x + TO_INTEGER) - TO_INTEGER;
    const double half = 0.5 * n;
    const double odd = half - ((half + TO_INTEGER) - TO_INTEGER); /* +-0.5 if n is odd, else 0 */
    const double t = (x - n) * PI, tt = t * t;
    double sum = sine_series[0];
    for (int i = 1; i < SINE_TERMS; i++) {
        sum = sum * tt + sine_series[i];
    }
    return ((sum * tt) * t + t) * (1.0 - 8.0 * odd * odd);
}

static inline double estimate(double x, int filter) {
    const double a = fabs(x), away = a + NOT_ZERO;
    switch (filter) {
    case IMG_LANCZOS: {
        const double sines = sine_of_turns(away) * sine_of_turns(away * (1.0 / 3.0));
        return sines * (3.0 / (PI * PI)) / (away * away);
    }
    case IMG_HAMMING: {
        const double window = (double)0.54f + (double)0.46f * sine_of_turns(0.5 - a);
        return sine_of_turns(away) / (away * PI) * window;
    }
    case IMG_BICUBIC: { /* the outer piece, and what the inner one has beyond it */
        const double inner = a - 1.0 < 0.0 ? a - 1.0 : 0.0;
        const double outer = (a - 1.0) * ((a - 2.0) * (a - 2.0)) * -0.5;
        return outer + (inner * inner) * (2.0 * a - 1.0);
    }
    default:
        return 1.0 - a;
    }
}

bool resample_estimate_scalar(
    int32_t *q, double *w, int filter, int first, int count, double centre, double inverse) {
    double total = 0.0;
    for (int k = 0; k < count; k++) {
        w[k] = estimate(((double)(first + k) - centre + 0.5) * inverse, filter);
        total += w[k];
    }
    if (!(total > 0.25)) {
        return false;
    }
    const double factor = (1 << RESAMPLE_BITS) / total;
    bool doubtful = false;
    for (int k = 0; k < count; k++) {
        const double scaled = w[k] * factor;
        const double rounded = fabs(scaled) + 0.5; /* below 2^31, as the total is above 1/4 */
        const int32_t whole = (int32_t)rounded;
        const double fraction = rounded - whole;
        doubtful |= (fraction <= MARGIN) | (fraction >= 1.0 - MARGIN);
        q[k] = scaled < 0.0 ? -whole : whole;
    }
    return !doubtful;
}

#define SIMD_TEMPLATE "resample/estimate.tmpl.h"
#include "simd/instantiate.h"
