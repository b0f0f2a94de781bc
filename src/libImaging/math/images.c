/* ImageMath's operations on whole images. */
#include "math/elementwise.h"
#include "simd/kernels.h"

#define FOR_F(name, i, f) [MATH_##name] = f,
static const bool unary_on_f[MATH_UNARY_COUNT] = {MATH_UNARY_OPS(FOR_F)};
static const bool binary_on_f[MATH_BINARY_COUNT] = {MATH_BINARY_OPS(FOR_F)};
#undef FOR_F

static bool fits(const ImgImage *out, const ImgImage *in, ImgError *err) {
    if (out->mode->id != IMG_MODE_I && out->mode->id != IMG_MODE_F) {
        return img_fail_mode(err) != NULL;
    }
    if (in->mode != out->mode || in->width < out->width || in->height < out->height) {
        return img_fail_mismatch(err) != NULL;
    }
    return true;
}

bool img_math_unary(MathUnary op, ImgImage *out, const ImgImage *a, ImgError *err) {
    if (!fits(out, a, err)) {
        return false;
    }
    const size_t n = (size_t)out->width;
    const bool integers = out->mode->id == IMG_MODE_I;
    if (!integers && !unary_on_f[op]) {
        return img_fail(err, IMG_ERR_TYPE, "operation is not defined for mode F") != NULL;
    }
    for (int y = 0; y < out->height; y++) {
        void *row = out->rows[y];
        const void *in = a->rows[y];
        if (integers) {
            img_kernels->math_unary_i32(op, row, in, n);
        } else {
            img_kernels->math_unary_f32(op, row, in, n);
        }
    }
    return true;
}

bool img_math_binary(
    MathBinary op, ImgImage *out, const ImgImage *a, const ImgImage *b, ImgError *err) {
    if (!fits(out, a, err) || !fits(out, b, err)) {
        return false;
    }
    const size_t n = (size_t)out->width;
    const bool integers = out->mode->id == IMG_MODE_I;
    if (!integers && !binary_on_f[op]) {
        return img_fail(err, IMG_ERR_TYPE, "operation is not defined for mode F") != NULL;
    }
    for (int y = 0; y < out->height; y++) {
        void *row = out->rows[y];
        const void *left = a->rows[y];
        const void *right = b->rows[y];
        if (integers) {
            img_kernels->math_binary_i32(op, row, left, right, n);
        } else {
            img_kernels->math_binary_f32(op, row, left, right, n);
        }
    }
    return true;
}
