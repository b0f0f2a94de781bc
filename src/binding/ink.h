/* Colours given from Python. */
#ifndef BINDING_INK_H
#define BINDING_INK_H

#include "binding.h"

/* The pixel of `mode` that `color` means, as it lies in memory: mode->pixel_size bytes (so of
 * I;16B the high byte first), the rest of the four 0. Ints and tuples of ints, for F real
 * numbers; see the comments in ink.c for what each mode takes. False, with TypeError or
 * OverflowError set, if the mode does not take it. Needs the GIL and may run Python code. */
bool parse_ink(const ImgMode *mode, PyObject *color, uint8_t ink[4]);

/* The number that is stored for a sum or product that left the range: trunc(x), or the smallest
 * int32 if that is no int32 (nan included). What x86's conversion instruction does. */
static inline int32_t truncate_to_i32(double x) {
    return x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : INT32_MIN;
}

static inline uint8_t clip_to_u8(int64_t value) {
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

/* Two bytes in the order of the I;16 mode. */
static inline void store_u16(const ImgMode *mode, uint8_t *out, unsigned low, unsigned high) {
    const bool big = mode->id == IMG_MODE_I16B;
    out[0] = (uint8_t)(big ? high : low);
    out[1] = (uint8_t)(big ? low : high);
}

#endif
