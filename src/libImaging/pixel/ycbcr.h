/* Weights of the YCbCr conversion as pairs (whole, part of 2^15); see ycbcr.c. */
#ifndef IMAGING_PIXEL_YCBCR_H
#define IMAGING_PIXEL_YCBCR_H

#define Y_R 19, 4456    /*  0.299 */
#define Y_G 37, 18612   /*  0.587 */
#define Y_B 7, 9699     /*  0.114 */
#define CB_R -11, 6575  /* -0.16874 */
#define CB_G -21, -6575 /* -0.33126 */
#define CR_G -27, 6679  /* -0.41869 */
#define CR_B -5, -6679  /* -0.08131 */
#define R_CR 90, -8912  /*  1.402 */
#define G_CB -22, -816  /* -0.34414 */
#define G_CR -46, 9670  /* -0.71414 */
#define B_CB 113, 13368 /*  1.772 */

#endif
