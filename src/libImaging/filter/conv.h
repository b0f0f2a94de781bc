/* Parameters of the 3x3 and 5x5 kernels. */
#ifndef IMAGING_FILTER_CONV_H
#define IMAGING_FILTER_CONV_H

#include <stdbool.h>
#include <stdint.h>

/* Floats from one row of sums to the next: whole vectors of every level can be read and written
 * although the row has n. */
#define CONV_STRIDE(n) (((n) + 63) & ~63)

typedef struct ImgConv {
    int size;         /* 3 or 5 */
    float weight[25]; /* already divided by the scale */
    float start;      /* offset + 0.5 */
    bool symmetric;   /* rows i and size - 1 - i hold the same weights */
    uint8_t step;     /* bytes to the horizontal neighbour of the same band: 1 or 4 */
    uint8_t keep[4];  /* 0xff for bytes of the pixel that are bands, 0 for padding (step 4) */
} ImgConv;

/* The same in whole numbers, where that changes nothing (kernel_exact.c): with S the sum of the
 * weights times the samples, out = clamp((start + S) >> bits). */
typedef struct ImgExactConv {
    int size;          /* 3 or 5 */
    int bits;          /* 1 to 7 */
    int16_t start;     /* both in units of 2^-bits */
    int8_t weight[26]; /* one 0 more than there are */
    uint8_t step;      /* as in ImgConv */
    uint8_t keep[4];
} ImgExactConv;

/* Whether there is one that gives the same bytes. */
bool img_exact_conv(const ImgConv *conv, ImgExactConv *exact);

#endif
