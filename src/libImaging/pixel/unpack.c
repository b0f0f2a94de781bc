/* The table of unpackers: (mode, raw mode) to row function and parameters. */
#include "pixel/rawmode.h"

#include <string.h>

#include "pixel/unpack_rows.h"

#define RGB_ MODE(RGB)
#define RGBX_ MODE(RGBX)
#define BOTH (MODE(RGB) | MODE(RGBX))
#define IF_ MODE(I)

/* name, modes, bits, row, parameters: everything but bit planes. */
#define E(name, modes, bits, row, ...)                                                             \
    {                                                                                              \
        name, modes, bits, 0, false, row, {                                                        \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
/* Line-interleaved bands. */
#define LINES(name, modes, bits, ...)                                                              \
    {                                                                                              \
        name, modes, bits, 0, true, unpack_planes, {                                               \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define BITPLANES(name, modes, count)                                                              \
    {                                                                                              \
        name, modes, count, count, false, unpack_bitplanes, {                                      \
            0                                                                                      \
        }                                                                                          \
    }
/* One band of a 4-byte pixel from 8 bits (inverted or not), or from the high byte of 16. */
#define BAND(name, modes, place) E(name, modes, 8, unpack_band, place, 0, 0)
#define BAND_INV(name, modes, place) E(name, modes, 8, unpack_band, place, -1, 0)
#define BAND16(name, modes, place)                                                                 \
    E(name ";16L", modes, 16, unpack_band, place, 0, 1),                                           \
        E(name ";16N", modes, 16, unpack_band, place, 0, 1),                                       \
        E(name ";16B", modes, 16, unpack_band, place, 0, 0)
/* Little-endian 16-bit samples and their native twin. */
#define LITTLE(name, modes, bits, row, ...)                                                        \
    E(name "L", modes, bits, row, __VA_ARGS__), E(name "N", modes, bits, row, __VA_ARGS__)

#define UNPREMULTIPLIED unpack_unpremultiplied

static const ImgRawMode table[] = {
    /* Bits and small samples: factor, xor, reversed. */
    E("1", MODE(1), 1, unpack_bits, 0, 0),
    E("1;I", MODE(1), 1, unpack_bits, 1, 0),
    E("1;R", MODE(1), 1, unpack_bits, 0, 1),
    E("1;IR", MODE(1), 1, unpack_bits, 1, 1),
    E("1;8", MODE(1), 8, raw_nonzero, 0),
    E("L", MODE(1), 8, raw_nonzero, 0),
    E("L;2", MODE(L), 2, unpack_samples, 85, 0, 0),
    E("L;2I", MODE(L), 2, unpack_samples, 85, -1, 0),
    E("L;2R", MODE(L), 2, unpack_samples, 85, 0, 1),
    E("L;2IR", MODE(L), 2, unpack_samples, 85, -1, 1),
    E("L;4", MODE(L), 4, unpack_samples, 17, 0, 0),
    E("L;4I", MODE(L), 4, unpack_samples, 17, -1, 0),
    E("L;4R", MODE(L), 4, unpack_samples, 17, 0, 1),
    E("L;4IR", MODE(L), 4, unpack_samples, 17, -1, 1),
    E("P;1", MODE(P), 1, unpack_samples, 1, 0, 0),
    E("P;2", MODE(P), 2, unpack_samples, 1, 0, 0),
    E("P;4", MODE(P), 4, unpack_samples, 1, 0, 0),
    BITPLANES("P;2L", MODE(P), 2),
    BITPLANES("P;4L", MODE(P), 4),

    /* One band of 8 bits. */
    E("L", MODE(L) | MODE(P), 8, raw_copy_1, 0),
    E("L;I", MODE(L), 8, raw_flip_1, -1),
    E("L;R", MODE(L), 8, unpack_reversed, 0),
    E("L;16", MODE(L), 16, raw_bytes_2_1, S(1)),
    E("L;16B", MODE(L), 16, raw_bytes_2_1, S(0)),
    E("LX", MODE(L), 16, raw_bytes_2_1, S(0)),
    E("P", MODE(P), 8, raw_copy_1, 0),
    E("P;R", MODE(P), 8, unpack_reversed, 0),
    E("PX", MODE(P), 16, raw_bytes_2_1, S(0)),

    /* 16 bits. */
    E("I;16", MODE(I16), 16, raw_copy_2, 0),
    E("I;16N", MODE(I16) | MODE(I16L) | MODE(I16N), 16, raw_copy_2, 0),
    E("I;16B", MODE(I16), 16, raw_bytes_2_2, S(1), S(0)),
    E("I;16R", MODE(I16), 16, unpack_reversed, 0),
    E("I;12", MODE(I16), 12, unpack_12, 0),
    E("I;16L", MODE(I16L), 16, raw_copy_2, 0),
    E("I;16B", MODE(I16B), 16, raw_copy_2, 0),
    E("I;16N", MODE(I16B), 16, raw_bytes_2_2, S(1), S(0)),

    /* Numbers to i32: unsigned ones are permutations. */
    E("I", IF_, 32, raw_copy_4, 0),
    E("I;8", IF_, 8, raw_bytes_1_4, S(0), ZERO, ZERO, ZERO),
    E("I;8S", IF_, 8, unpack_i8_i32, 0),
    E("I;16", IF_, 16, raw_bytes_2_4, S(0), S(1), ZERO, ZERO),
    E("I;16N", IF_, 16, raw_bytes_2_4, S(0), S(1), ZERO, ZERO),
    E("I;16S", IF_, 16, unpack_i16le_i32, 0),
    E("I;16NS", IF_, 16, unpack_i16le_i32, 0),
    E("I;16B", IF_, 16, raw_bytes_2_4, S(1), S(0), ZERO, ZERO),
    E("I;16BS", IF_, 16, unpack_i16be_i32, 0),
    E("I;32", IF_, 32, raw_copy_4, 0),
    E("I;32N", IF_, 32, raw_copy_4, 0),
    E("I;32S", IF_, 32, raw_copy_4, 0),
    E("I;32NS", IF_, 32, raw_copy_4, 0),
    E("I;32B", IF_, 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),
    E("I;32BS", IF_, 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),

    /* Numbers to float32. */
    E("F", MODE(F), 32, raw_copy_4, 0),
    E("F;8", MODE(F), 8, unpack_u8_f32, 0),
    E("F;8S", MODE(F), 8, unpack_i8_f32, 0),
    E("F;16", MODE(F), 16, unpack_u16le_f32, 0),
    E("F;16N", MODE(F), 16, unpack_u16le_f32, 0),
    E("F;16S", MODE(F), 16, unpack_i16le_f32, 0),
    E("F;16NS", MODE(F), 16, unpack_i16le_f32, 0),
    E("F;16B", MODE(F), 16, unpack_u16be_f32, 0),
    E("F;16BS", MODE(F), 16, unpack_i16be_f32, 0),
    E("F;32", MODE(F), 32, unpack_u32le_f32, 0),
    E("F;32N", MODE(F), 32, unpack_u32le_f32, 0),
    E("F;32S", MODE(F), 32, unpack_i32le_f32, 0),
    E("F;32NS", MODE(F), 32, unpack_i32le_f32, 0),
    E("F;32B", MODE(F), 32, unpack_u32be_f32, 0),
    E("F;32BS", MODE(F), 32, unpack_i32be_f32, 0),
    E("F;32F", MODE(F), 32, raw_copy_4, 0),
    E("F;32NF", MODE(F), 32, raw_copy_4, 0),
    E("F;32BF", MODE(F), 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),
    E("F;64F", MODE(F), 64, unpack_f64le_f32, 0),
    E("F;64NF", MODE(F), 64, unpack_f64le_f32, 0),
    E("F;64BF", MODE(F), 64, unpack_f64be_f32, 0),

    /* Two bands. */
    E("LA", MODE(LA) | MODE(PA) | MODE(RGBA), 16, raw_bytes_2_4, S(0), S(0), S(0), S(1)),
    E("La", MODE(La), 16, raw_bytes_2_4, S(0), S(0), S(0), S(1)),
    E("PA", MODE(PA), 16, raw_bytes_2_4, S(0), S(0), S(0), S(1)),
    LINES("LA;L", MODE(LA), 16, S(0), S(0), S(0), S(1)),
    LINES("PA;L", MODE(PA), 16, S(0), S(0), S(0), S(1)),

    /* RGB and RGBX. */
    E("RGB", BOTH, 24, raw_bytes_3_4, S(0), S(1), S(2), FF),
    LINES("RGB;L", BOTH, 24, S(0), S(1), S(2), FF),
    E("RGB;R", RGB_, 24, unpack_reversed3, 0),
    LITTLE("RGB;16", RGB_, 48, raw_bytes_6_4, S(1), S(3), S(5), FF),
    E("RGB;16B", BOTH, 48, raw_bytes_6_4, S(0), S(2), S(4), FF),
    E("BGR", BOTH | MODE(RGBA), 24, raw_bytes_3_4, S(2), S(1), S(0), FF),
    E("RGBX", BOTH, 32, raw_copy_4, 0),
    LINES("RGBX;L", BOTH, 32, S(0), S(1), S(2), S(3)),
    LINES("RGBA;L", RGB_ | MODE(RGBA), 32, S(0), S(1), S(2), S(3)),
    E("RGBXX", BOTH, 40, raw_bytes_5_4, S(0), S(1), S(2), S(3)),
    E("RGBXXX", BOTH, 48, raw_bytes_6_4, S(0), S(1), S(2), S(3)),
    LITTLE("RGBX;16", BOTH, 64, raw_bytes_8_4, S(1), S(3), S(5), S(7)),
    E("RGBX;16B", BOTH, 64, raw_bytes_8_4, S(0), S(2), S(4), S(6)),
    E("BGRX", BOTH, 32, raw_bytes_4_4, S(2), S(1), S(0), FF),
    E("BGXR", RGB_, 32, raw_bytes_4_4, S(3), S(1), S(0), FF),
    E("XRGB", BOTH, 32, raw_bytes_4_4, S(1), S(2), S(3), FF),
    E("XBGR", BOTH, 32, raw_bytes_4_4, S(3), S(2), S(1), FF),
    E("CMYK", RGB_, 32, unpack_cmyk_to_rgb, 0),
    E("YCC;P", BOTH, 24, unpack_photo_ycc, 0),
    BAND("R", BOTH | MODE(RGBA), 0),
    BAND("G", BOTH | MODE(RGBA), 1),
    BAND("B", BOTH | MODE(RGBA), 2),
    BAND("X", RGBX_, 3),
    BAND("A", MODE(RGBA), 3),
    BAND16("R", RGB_ | MODE(RGBA), 0),
    BAND16("G", RGB_ | MODE(RGBA), 1),
    BAND16("B", RGB_ | MODE(RGBA), 2),
    BAND16("A", MODE(RGBA), 3),

    /* 16-bit pixels: field widths, reversed, inverted alpha. */
    E("RGB;15", BOTH, 16, unpack_fields, 5, 5, 5, 0, 0, 0),
    E("BGR;15", BOTH, 16, unpack_fields, 5, 5, 5, 0, 1, 0),
    E("BGR;5", BOTH, 16, unpack_fields, 5, 5, 5, 0, 1, 0),
    E("RGB;16", RGB_, 16, unpack_fields, 5, 6, 5, 0, 0, 0),
    E("BGR;16", RGB_, 16, unpack_fields, 5, 6, 5, 0, 1, 0),
    E("RGB;4B", BOTH, 16, unpack_fields, 4, 4, 4, 0, 0, 0),
    E("RGBA;15", RGB_ | MODE(RGBA), 16, unpack_fields, 5, 5, 5, 1, 0, 0),
    E("BGRA;15", MODE(RGBA), 16, unpack_fields, 5, 5, 5, 1, 1, 0),
    E("BGRA;15Z", MODE(RGBA), 16, unpack_fields, 5, 5, 5, 1, 1, -1),
    E("RGBA;4B", MODE(RGBA), 16, unpack_fields, 4, 4, 4, 4, 0, 0),

    /* RGBA and RGBa. */
    E("RGBA", MODE(RGBA), 32, raw_copy_4, 0),
    E("RGBAX", MODE(RGBA), 40, raw_bytes_5_4, S(0), S(1), S(2), S(3)),
    E("RGBAXX", MODE(RGBA), 48, raw_bytes_6_4, S(0), S(1), S(2), S(3)),
    E("RGBA;I", MODE(RGBA), 32, raw_bytes_4_4, INV(0), INV(1), INV(2), S(3)),
    LITTLE("RGBA;16", MODE(RGBA), 64, raw_bytes_8_4, S(1), S(3), S(5), S(7)),
    E("RGBA;16B", MODE(RGBA), 64, raw_bytes_8_4, S(0), S(2), S(4), S(6)),
    E("BGRA", MODE(RGBA), 32, raw_bytes_4_4, S(2), S(1), S(0), S(3)),
    E("BGRA;16L", MODE(RGBA), 64, raw_bytes_8_4, S(5), S(3), S(1), S(7)),
    E("BGRA;16B", MODE(RGBA), 64, raw_bytes_8_4, S(4), S(2), S(0), S(6)),
    E("BGAR", MODE(RGBA), 32, raw_bytes_4_4, S(3), S(1), S(0), S(2)),
    E("ARGB", MODE(RGBA), 32, raw_bytes_4_4, S(1), S(2), S(3), S(0)),
    E("ABGR", MODE(RGBA), 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),
    E("LA;16B", MODE(RGBA), 32, raw_bytes_4_4, S(0), S(0), S(0), S(2)),
    E("RGBa", MODE(RGBA), 32, UNPREMULTIPLIED, S(0), S(1), S(2), S(3)),
    E("RGBaX", MODE(RGBA), 40, UNPREMULTIPLIED, S(0), S(1), S(2), S(3)),
    E("RGBaXX", MODE(RGBA), 48, UNPREMULTIPLIED, S(0), S(1), S(2), S(3)),
    E("BGRa", MODE(RGBA), 32, UNPREMULTIPLIED, S(2), S(1), S(0), S(3)),
    LITTLE("RGBa;16", MODE(RGBA), 64, UNPREMULTIPLIED, S(1), S(3), S(5), S(7)),
    E("RGBa;16B", MODE(RGBA), 64, UNPREMULTIPLIED, S(0), S(2), S(4), S(6)),
    E("YCCA;P", MODE(RGBA), 32, unpack_photo_ycca, 0),
    E("RGBa", MODE(RGBa), 32, raw_copy_4, 0),
    E("BGRa", MODE(RGBa), 32, raw_bytes_4_4, S(2), S(1), S(0), S(3)),
    E("aRGB", MODE(RGBa), 32, raw_bytes_4_4, S(1), S(2), S(3), S(0)),
    E("aBGR", MODE(RGBa), 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),

    /* Other colour spaces. */
    E("CMYK", MODE(CMYK), 32, raw_copy_4, 0),
    E("CMYKX", MODE(CMYK), 40, raw_bytes_5_4, S(0), S(1), S(2), S(3)),
    E("CMYKXX", MODE(CMYK), 48, raw_bytes_6_4, S(0), S(1), S(2), S(3)),
    E("CMYK;I", MODE(CMYK), 32, raw_bytes_4_4, INV(0), INV(1), INV(2), INV(3)),
    LINES("CMYK;L", MODE(CMYK), 32, S(0), S(1), S(2), S(3)),
    LITTLE("CMYK;16", MODE(CMYK), 64, raw_bytes_8_4, S(1), S(3), S(5), S(7)),
    E("CMYK;16B", MODE(CMYK), 64, raw_bytes_8_4, S(0), S(2), S(4), S(6)),
    BAND("C", MODE(CMYK), 0),
    BAND("M", MODE(CMYK), 1),
    BAND("Y", MODE(CMYK), 2),
    BAND("K", MODE(CMYK), 3),
    BAND_INV("C;I", MODE(CMYK), 0),
    BAND_INV("M;I", MODE(CMYK), 1),
    BAND_INV("Y;I", MODE(CMYK), 2),
    BAND_INV("K;I", MODE(CMYK), 3),
    E("YCbCr", MODE(YCbCr), 24, raw_bytes_3_4, S(0), S(1), S(2), FF),
    LINES("YCbCr;L", MODE(YCbCr), 24, S(0), S(1), S(2), FF),
    E("YCbCrX", MODE(YCbCr), 32, raw_copy_4, 0),
    E("YCbCrK", MODE(YCbCr), 32, raw_copy_4, 0),
    E("LAB", MODE(LAB), 24, raw_bytes_3_4, S(0), SIGN(1), SIGN(2), FF),
    BAND("L", MODE(LAB), 0),
    BAND("A", MODE(LAB), 1),
    BAND("B", MODE(LAB), 2),
    E("HSV", MODE(HSV), 24, raw_bytes_3_4, S(0), S(1), S(2), FF),
    BAND("H", MODE(HSV), 0),
    BAND("S", MODE(HSV), 1),
    BAND("V", MODE(HSV), 2),
};

#define COUNT (sizeof(table) / sizeof(table[0]))

const ImgRawMode *img_find_unpacker(const ImgMode *mode, const char *rawmode) {
    for (size_t i = 0; i < COUNT; i++) {
        if (table[i].modes >> mode->id & 1 && strcmp(table[i].name, rawmode) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

const ImgRawMode *img_unpacker_at(size_t index) {
    return index < COUNT ? &table[index] : NULL;
}
