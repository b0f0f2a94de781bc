/* Between the files of the rank filters. */
#ifndef IMAGING_FILTER_RANK_H
#define IMAGING_FILTER_RANK_H

#include <stdint.h>

#include "core/image.h"

/* The bits of a 4-byte pixel that are bands; all of them for other pixels. */
uint32_t img_band_bits(const ImgMode *mode);

/* Median of 3x3 bytes, not empty. margin 1: edges replicate and the sizes are the same; 0: `out` is
 * two smaller in both directions. Padding becomes 0. */
void img_median3(ImgImage *out, const ImgImage *in, int margin);

/* Column histograms, for large windows. */
typedef struct ImgRankColumns ImgRankColumns;

/* For at most `count` columns and windows of `size` rows and columns; NULL: out of memory. */
ImgRankColumns *img_rank_columns_new(int count, int size);
void img_rank_columns_reset(ImgRankColumns *columns);
void img_rank_columns_free(ImgRankColumns *columns);

/* Adds (sign 1) or removes (-1) a row of samples that are `step` bytes apart. */
void img_rank_columns_row(
    ImgRankColumns *columns, const uint8_t *row, int count, int step, int sign);

/* out[x * step] = the rank-th smallest of columns x to x + size - 1. */
void img_rank_columns_select(ImgRankColumns *columns, uint8_t *out, int n, int step, int rank);

#endif
