/* Weights of the YCbCr conversion; see ycbcr.c. W_ is the whole part, F_ the fraction in 2^-15. */
#ifndef IMAGING_PIXEL_YCBCR_H
#define IMAGING_PIXEL_YCBCR_H

enum {
    W_Y_R = 19,
    F_Y_R = 4456, /*  0.299 */
    W_Y_G = 37,
    F_Y_G = 18612, /*  0.587 */
    W_Y_B = 7,
    F_Y_B = 9699, /*  0.114 */
    W_CB_R = -11,
    F_CB_R = 6575, /* -0.16874 */
    W_CB_G = -21,
    F_CB_G = -6575, /* -0.33126 */
    W_CR_G = -27,
    F_CR_G = 6679, /* -0.41869 */
    W_CR_B = -5,
    F_CR_B = -6679, /* -0.08131 */
    W_R_CR = 90,
    F_R_CR = -8912, /*  1.402 */
    W_G_CB = -22,
    F_G_CB = -816, /* -0.34414 */
    W_G_CR = -46,
    F_G_CR = 9670, /* -0.71414 */
    W_B_CB = 113,
    F_B_CB = 13368, /*  1.772 */
    W_HALF = 32     /*  0.5, without a fraction */
};

#endif
