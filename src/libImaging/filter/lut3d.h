/* Parameters of the 3-D lookup kernel. */
#ifndef IMAGING_FILTER_LUT3D_H
#define IMAGING_FILTER_LUT3D_H

#include <stdint.h>

/* The table has entries of four int16 (8 bytes) in all cases; the first axis is the fastest. A
 * value v of channel k is at v * scale[k], with 18 bits of fraction, of axis k. */
typedef struct ImgLut3d {
    const int16_t *table;
    int channels;       /* 3: byte 3 comes from the source pixel; 4 */
    int narrow;         /* no two values of the table differ by 2^14 or more */
    uint32_t scale[4];  /* [3] is 0 */
    uint32_t stride[4]; /* entries from one cell to the next along each axis; [3] is 0 */
} ImgLut3d;

#endif
