/* Parameters of the 3-D lookup kernel. */
#ifndef IMAGING_FILTER_LUT3D_H
#define IMAGING_FILTER_LUT3D_H

#include <stdint.h>

/* Bytes of an entry: the four values (int16) of its place, then those of the next place along the
 * second axis. So what follows each other in memory are the four corners of a cell's face. */
#define LUT3D_ENTRY 16

/* The first axis is the fastest. A value v of channel k is at v * scale[k], with 18 bits of
 * fraction, of axis k. */
typedef struct ImgLut3d {
    const int16_t *table;
    int channels; /* 3: byte 3 comes from the source pixel; 4 */
    int narrow;   /* no two values of the table differ by 2^14 or more */
    uint32_t scale[3];
    uint32_t stride[3]; /* entries from one cell to the next along each axis */
} ImgLut3d;

#endif
