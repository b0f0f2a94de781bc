/* Column histograms for rank filters of large windows. */
#ifndef IMAGING_FILTER_RANK_H
#define IMAGING_FILTER_RANK_H

#include <stdint.h>

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
