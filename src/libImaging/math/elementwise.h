/* Element-wise arithmetic on images of mode I and F, as ImageMath offers it. */
#ifndef IMAGING_MATH_ELEMENTWISE_H
#define IMAGING_MATH_ELEMENTWISE_H

#include "Imaging.h"

/* X(name, defined for I, defined for F) */
#define MATH_UNARY_OPS(X) X(abs, 1, 1) X(neg, 1, 1) X(invert, 1, 0)
#define MATH_BINARY_OPS(X)                                                                         \
    X(add, 1, 1)                                                                                   \
    X(sub, 1, 1)                                                                                   \
    X(mul, 1, 1)                                                                                   \
    X(div, 1, 1)                                                                                   \
    X(mod, 1, 1)                                                                                   \
    X(pow, 1, 1)                                                                                   \
    X(diff, 1, 1)                                                                                  \
    X(and, 1, 0)                                                                                   \
    X(or, 1, 0)                                                                                    \
    X(xor, 1, 0)                                                                                   \
    X(lshift, 1, 0)                                                                                \
    X(rshift, 1, 0)                                                                                \
    X(min, 1, 1)                                                                                   \
    X(max, 1, 1)                                                                                   \
    X(eq, 1, 1)                                                                                    \
    X(ne, 1, 1)                                                                                    \
    X(lt, 1, 1)                                                                                    \
    X(le, 1, 1)                                                                                    \
    X(gt, 1, 1)                                                                                    \
    X(ge, 1, 1)

#define MATH_ENUM(name, i, f) MATH_##name,
typedef enum { MATH_UNARY_OPS(MATH_ENUM) MATH_UNARY_COUNT } MathUnary;
typedef enum { MATH_BINARY_OPS(MATH_ENUM) MATH_BINARY_COUNT } MathBinary;
#undef MATH_ENUM

/* out = op(a), out = op(a, b), pixel by pixel over the size of `out`. All images have the mode of
 * `out`, I or F, and at least its size; `out` may be one of the others. An operation that the mode
 * lacks is IMG_ERR_TYPE. */
bool img_math_unary(MathUnary op, ImgImage *out, const ImgImage *a, ImgError *err);
bool img_math_binary(
    MathBinary op, ImgImage *out, const ImgImage *a, const ImgImage *b, ImgError *err);

#endif
