/* Rows of element-wise arithmetic; plain loops, which the compiler vectorises for each level.
 *
 * Integers wrap, so sums and products are taken in uint32_t. Each float operation rounds to
 * float32 once. (The rules of pow, div and mod are ImageMath's, odd ones included.)
 */

#define LOOP(expression)                                                                           \
    for (size_t i = 0; i < n; i++) {                                                               \
        out[i] = (expression);                                                                     \
    }                                                                                              \
    break

void SIMD_NAME(math_unary_i32)(int op, int32_t *out, const int32_t *a, size_t n) {
    switch ((MathUnary)op) {
    case MATH_abs:
        LOOP(a[i] < 0 ? (int32_t)(0u - (uint32_t)a[i]) : a[i]);
    case MATH_neg:
        LOOP((int32_t)(0u - (uint32_t)a[i]));
    case MATH_invert:
        LOOP(~a[i]);
    case MATH_UNARY_COUNT:
        break;
    }
}

void SIMD_NAME(math_unary_f32)(int op, float *out, const float *a, size_t n) {
    switch ((MathUnary)op) {
    case MATH_abs:
        LOOP(fabsf(a[i]));
    case MATH_neg:
        LOOP(-a[i]);
    case MATH_invert:
    case MATH_UNARY_COUNT:
        break;
    }
}

void SIMD_NAME(math_binary_i32)(
    int op, int32_t *out, const int32_t *a, const int32_t *b, size_t n) {
    switch ((MathBinary)op) {
    case MATH_add:
        LOOP((int32_t)((uint32_t)a[i] + (uint32_t)b[i]));
    case MATH_sub:
        LOOP((int32_t)((uint32_t)a[i] - (uint32_t)b[i]));
    case MATH_mul:
        LOOP((int32_t)((uint32_t)a[i] * (uint32_t)b[i]));
    case MATH_div:
        LOOP(int_div(a[i], b[i]));
    case MATH_mod:
        LOOP(int_mod(a[i], b[i]));
    case MATH_pow:
        LOOP(int_pow(a[i], b[i]));
    case MATH_diff:
        LOOP(int_diff(a[i], b[i]));
    case MATH_and:
        LOOP(a[i] & b[i]);
    case MATH_or:
        LOOP(a[i] | b[i]);
    case MATH_xor:
        LOOP(a[i] ^ b[i]);
    case MATH_lshift:
        LOOP((int32_t)((uint32_t)a[i] << (b[i] & 31)));
    case MATH_rshift:
        LOOP(a[i] >> (b[i] & 31));
    case MATH_min:
        LOOP(a[i] < b[i] ? a[i] : b[i]);
    case MATH_max:
        LOOP(a[i] > b[i] ? a[i] : b[i]);
    case MATH_eq:
        LOOP(a[i] == b[i]);
    case MATH_ne:
        LOOP(a[i] != b[i]);
    case MATH_lt:
        LOOP(a[i] < b[i]);
    case MATH_le:
        LOOP(a[i] <= b[i]);
    case MATH_gt:
        LOOP(a[i] > b[i]);
    case MATH_ge:
        LOOP(a[i] >= b[i]);
    case MATH_BINARY_COUNT:
        break;
    }
}

void SIMD_NAME(math_binary_f32)(int op, float *out, const float *a, const float *b, size_t n) {
    switch ((MathBinary)op) {
    case MATH_add:
        LOOP(a[i] + b[i]);
    case MATH_sub:
        LOOP(a[i] - b[i]);
    case MATH_mul:
        LOOP(a[i] * b[i]);
    case MATH_div:
        LOOP(b[i] != 0.0f ? a[i] / b[i] : 0.0f);
    case MATH_mod:
        LOOP(b[i] != 0.0f ? (float)fmod(a[i], b[i]) : 0.0f);
    case MATH_pow:
        LOOP(powf(a[i], b[i]));
    case MATH_diff:
        LOOP(fabsf(a[i] - b[i]));
    case MATH_min:
        LOOP(a[i] < b[i] ? a[i] : b[i]);
    case MATH_max:
        LOOP(a[i] > b[i] ? a[i] : b[i]);
    case MATH_eq:
        LOOP((float)(a[i] == b[i]));
    case MATH_ne:
        LOOP((float)(a[i] != b[i]));
    case MATH_lt:
        LOOP((float)(a[i] < b[i]));
    case MATH_le:
        LOOP((float)(a[i] <= b[i]));
    case MATH_gt:
        LOOP((float)(a[i] > b[i]));
    case MATH_ge:
        LOOP((float)(a[i] >= b[i]));
    case MATH_and:
    case MATH_or:
    case MATH_xor:
    case MATH_lshift:
    case MATH_rshift:
    case MATH_BINARY_COUNT:
        break;
    }
}

#undef LOOP
