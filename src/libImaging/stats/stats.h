/* What can be counted and measured in an image. */
#ifndef IMAGING_STATS_H
#define IMAGING_STATS_H

#include "core/image.h"

typedef struct {
    int bands;               /* histograms in use */
    uint64_t count[4 * 256]; /* band after band */
} ImgHistogram;

/* Counts the values of every band. I and F need extrema = {lo, hi}: 256 bins over that range,
 * values beyond it uncounted; other modes ignore it (NULL is fine). 16-bit images count, as in
 * Pillow, the first `width` bytes of each row. `mask` (NULL: everything), an L or 1 image of the
 * same size, chooses the pixels where it is not 0; I and F take none. */
bool img_histogram(
    const ImgImage *image, const ImgImage *mask, const double *extrema, ImgHistogram *out,
    ImgError *err);

/* Shannon entropy, in bits, of the histogram's distribution; nan if nothing was counted. */
double img_entropy(const ImgHistogram *histogram);

/* Smallest and largest sample of a one-band image (integers or float32, as double); empty: an image
 * without pixels. A float image whose first pixel is nan gives nan twice; later nans are ignored.
 */
typedef struct {
    bool empty;
    double low, high;
} ImgExtrema;

bool img_extrema(const ImgImage *image, ImgExtrema *out, ImgError *err);

/* The same for each band, in one pass over the pixels. Returns how many there are, 1 to 4, or 0 for
 * failure. */
int img_band_extrema(const ImgImage *image, ImgExtrema out[4], ImgError *err);

/* The sum of all pixels as grey: of the image's conversion to L, which is not stored. The modes are
 * L and those that convert to it directly. */
bool img_sum_of_grey(const ImgImage *image, uint64_t *out, ImgError *err);

/* The smallest box around all pixels that are not 0, as x0, y0, x1, y1; false: there is none.
 * With alpha_only, images with alpha are judged by that alone. */
bool img_bbox(const ImgImage *image, bool alpha_only, int box[4]);

/* Which columns and rows hold a pixel that is not 0: out_x[width], out_y[height], each 0 or 1. */
bool img_projection(const ImgImage *image, uint8_t *out_x, uint8_t *out_y, ImgError *err);

/* The distinct pixels, in the order of Pillow's hash table. */
typedef struct {
    uint64_t count;
    uint32_t pixel; /* as in memory */
} ImgColor;

typedef struct {
    size_t used; /* SIZE_MAX: there are more than the caller wanted */
    ImgColor *colors;
} ImgColors;

/* Counts the distinct pixels of an image with 4-byte pixels, up to `most`. Free with
 * img_colors_free. */
bool img_colors(const ImgImage *image, int most, ImgColors *out, ImgError *err);
void img_colors_free(ImgColors *colors);

#endif
