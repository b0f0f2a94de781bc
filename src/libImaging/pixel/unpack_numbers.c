/* Unpacking of numbers: integers and floats of any size and byte order to i32 and float32. */
#include "pixel/unpack_rows.h"

#include <string.h>

static inline uint16_t le16(const uint8_t *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint16_t be16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t le32(const uint8_t *p) {
    return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint32_t be32(const uint8_t *p) {
    return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static inline double double_of(uint64_t bits) {
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

/* NAME: from pixels of BYTES bytes at p, whose value is EXPRESSION, to TYPE. */
#define NUMBERS(name, bytes, type, expression)                                                     \
    void name(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {                \
        (void)raw;                                                                                 \
        for (size_t x = 0; x < (size_t)pixels; x++) {                                              \
            const uint8_t *p = in + (bytes) * x;                                                   \
            type v = (type)(expression);                                                           \
            memcpy(out + 4 * x, &v, 4);                                                            \
        }                                                                                          \
    }

NUMBERS(unpack_i8_i32, 1, int32_t, (int8_t)p[0])
NUMBERS(unpack_i16le_i32, 2, int32_t, (int16_t)le16(p))
NUMBERS(unpack_i16be_i32, 2, int32_t, (int16_t)be16(p))

NUMBERS(unpack_u8_f32, 1, float, p[0])
NUMBERS(unpack_i8_f32, 1, float, (int8_t)p[0])
NUMBERS(unpack_u16le_f32, 2, float, le16(p))
NUMBERS(unpack_i16le_f32, 2, float, (int16_t)le16(p))
NUMBERS(unpack_u16be_f32, 2, float, be16(p))
NUMBERS(unpack_i16be_f32, 2, float, (int16_t)be16(p))
NUMBERS(unpack_u32le_f32, 4, float, le32(p))
NUMBERS(unpack_i32le_f32, 4, float, (int32_t)le32(p))
NUMBERS(unpack_u32be_f32, 4, float, be32(p))
NUMBERS(unpack_i32be_f32, 4, float, (int32_t)be32(p))
NUMBERS(unpack_f64le_f32, 8, float, double_of(le32(p) | (uint64_t)le32(p + 4) << 32))
NUMBERS(unpack_f64be_f32, 8, float, double_of(be32(p + 4) | (uint64_t)be32(p) << 32))
