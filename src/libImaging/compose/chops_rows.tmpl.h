/* Rows of channel operations: plain loops on 16-bit intermediates, which the compiler vectorises
 * for each level. Every product of two bytes fits 16 bits; division truncates. */

#define LOOP(expression)                                                                           \
    for (size_t i = 0; i < n; i++) {                                                               \
        const unsigned a = in1[i], b = in2[i];                                                     \
        out[i] = (uint8_t)(expression);                                                            \
    }                                                                                              \
    break
#define OVER(x, d) ((uint16_t)(x) / d)
#define NOT(x) (255 - (x))
/* Multiplied where dark, screened where light; t is the byte that decides. */
#define LIGHT(t) ((t) < 128 ? OVER(a * b, 127) : NOT(OVER(NOT(a) * NOT(b), 127)))

void SIMD_NAME(chop_row)(int op, uint8_t *out, const uint8_t *in1, const uint8_t *in2, size_t n) {
    switch ((ImgChop)op) {
    case CHOP_LIGHTER:
        LOOP(a > b ? a : b);
    case CHOP_DARKER:
        LOOP(a < b ? a : b);
    case CHOP_DIFFERENCE:
        LOOP(a > b ? a - b : b - a);
    case CHOP_MULTIPLY:
        LOOP(OVER(a * b, 255));
    case CHOP_SCREEN:
        LOOP(NOT(OVER(NOT(a) * NOT(b), 255)));
    case CHOP_ADD_MODULO:
        LOOP(a + b);
    case CHOP_SUBTRACT_MODULO:
        LOOP(a - b);
    case CHOP_SOFT_LIGHT:
        LOOP(((NOT(a) * (a * b)) >> 16) + OVER(a * NOT(OVER(NOT(a) * NOT(b), 255)), 255));
    case CHOP_HARD_LIGHT:
        LOOP(LIGHT(b));
    case CHOP_OVERLAY:
        LOOP(LIGHT(a));
    case CHOP_ADD:
        LOOP(a + b > 255 ? 255 : a + b);
    case CHOP_SUBTRACT:
        LOOP(a > b ? a - b : 0);
    case CHOP_AND:
        LOOP(a && b ? 255 : 0);
    case CHOP_OR:
        LOOP(a || b ? 255 : 0);
    case CHOP_XOR:
        LOOP(!a != !b ? 255 : 0);
    case CHOP_COUNT:
        break;
    }
}

#undef LOOP
#undef OVER
#undef NOT
#undef LIGHT

/* A float outside the int32 range, nan included, converts to INT32_MIN on x86, hence 0; written out
 * so that every compiler and processor agrees. */
void SIMD_NAME(chop_scaled_row)(
    uint8_t *out, const uint8_t *in1, const uint8_t *in2, size_t n, int sign, float scale,
    float offset) {
    for (size_t i = 0; i < n; i++) {
        const float sum = (float)(in1[i] + sign * in2[i]);
        const float value = sum / scale + offset;
        const float clipped = value > 255.0f ? 255.0f : value;
        const float kept = clipped > 0.0f ? clipped : 0.0f;
        out[i] = value < 2147483648.0f ? (uint8_t)(int)kept : 0;
    }
}
