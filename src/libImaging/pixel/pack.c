/* Packing: row functions that are not byte permutations, and the table of packers. */
#include "pixel/rawmode.h"

#include <string.h>

#include "pixel/raw_rows.h"
#include "simd/kernels.h"

#define ROW(name)                                                                                  \
    static void name(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels)

void bytes_to_bits_scalar(uint8_t *out, const uint8_t *in, int pixels, int invert, int low_first) {
    unsigned flip = invert ? 1 : 0;
    for (int x = 0; x < pixels; x += 8) {
        unsigned byte = 0;
        for (int i = 0; i < 8 && x + i < pixels; i++) {
            byte |= ((in[x + i] != 0) ^ flip) << (low_first ? i : 7 - i);
        }
        *out++ = (uint8_t)byte;
    }
}

/* source: invert, low bit first. */
ROW(pack_bits) {
    img_kernels->bytes_to_bits(out, in, pixels, raw->source[0], raw->source[1]);
}

/* The low `bits` (2, 4) bits of each byte. */
ROW(pack_samples) {
    int bits = raw->bits, per_byte = 8 / bits;
    unsigned mask = (1u << bits) - 1;
    for (int x = 0; x < pixels; x += per_byte) {
        unsigned byte = 0;
        for (int i = 0; i < per_byte && x + i < pixels; i++) {
            byte |= (in[x + i] & mask) << (8 - bits * (i + 1));
        }
        *out++ = (uint8_t)byte;
    }
}

/* source[0] bands as planes; band i is byte source[1 + i] of the pixel. */
ROW(pack_planes) {
    for (int k = 0; k < raw->source[0]; k++) {
        img_kernels->getband_row(out, in, (size_t)pixels, (size_t)raw->source[1 + k]);
        out += pixels;
    }
}

/* BGR times alpha. */
ROW(pack_premultiplied) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 4, out += 4) {
        out[0] = raw_mul(in[2], in[3]);
        out[1] = raw_mul(in[1], in[3]);
        out[2] = raw_mul(in[0], in[3]);
        out[3] = in[3];
    }
}

ROW(pack_cmyk_to_rgb) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 4, out += 3) {
        unsigned rest = 255u - in[3];
        for (int k = 0; k < 3; k++) {
            out[k] = raw_uncmyk(in[k], rest);
        }
    }
}

/* i32 clipped to 16 bits, big-endian. */
ROW(pack_clipped_16) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 4, out += 2) {
        int32_t v;
        memcpy(&v, in, sizeof(v));
        v = v < 0 ? 0 : v > 65535 ? 65535 : v;
        out[0] = (uint8_t)(v >> 8);
        out[1] = (uint8_t)v;
    }
}

/* source[0]: the place of the byte in 16 bits; the other one is 0. */
ROW(pack_byte_as_16) {
    for (int x = 0; x < pixels; x++, out += 2) {
        out[raw->source[0]] = in[x];
        out[1 - raw->source[0]] = 0;
    }
}

#define E(name, modes, bits, row, ...)                                                             \
    {                                                                                              \
        name, modes, bits, 0, false, row, {                                                        \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define LINES(name, modes, bits, ...)                                                              \
    {                                                                                              \
        name, modes, bits, 0, true, pack_planes, {                                                 \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define BAND(name, modes, place) E(name, modes, 8, raw_bytes_4_1, S(place))
#define RGBLIKE (MODE(RGB) | MODE(RGBX) | MODE(RGBA))

static const ImgRawMode table[] = {
    E("1", MODE(1), 1, pack_bits, 0, 0),
    E("1;I", MODE(1), 1, pack_bits, 1, 0),
    E("1;R", MODE(1), 1, pack_bits, 0, 1),
    E("1;IR", MODE(1), 1, pack_bits, 1, 1),
    E("L", MODE(1), 8, raw_nonzero, 0),

    E("L", MODE(L), 8, raw_copy_1, 0),
    E("L;1", MODE(L), 1, pack_bits, 0, 0),
    E("L;2", MODE(L), 2, pack_samples, 0),
    E("L;4", MODE(L), 4, pack_samples, 0),
    E("L;16", MODE(L), 16, pack_byte_as_16, 1),
    E("L;16B", MODE(L), 16, pack_byte_as_16, 0),
    E("P", MODE(P), 8, raw_copy_1, 0),
    E("P;1", MODE(P), 1, pack_bits, 0, 0),
    E("P;2", MODE(P), 2, pack_samples, 0),
    E("P;4", MODE(P), 4, pack_samples, 0),

    E("LA", MODE(LA), 16, raw_bytes_4_2, S(0), S(3)),
    E("La", MODE(La), 16, raw_bytes_4_2, S(0), S(3)),
    E("PA", MODE(PA), 16, raw_bytes_4_2, S(0), S(3)),
    LINES("LA;L", MODE(LA), 16, 2, 0, 3),
    LINES("PA;L", MODE(PA), 16, 2, 0, 3),

    E("RGB", RGBLIKE, 24, raw_bytes_4_3, S(0), S(1), S(2)),
    E("BGR", RGBLIKE, 24, raw_bytes_4_3, S(2), S(1), S(0)),
    E("RGBX", MODE(RGB) | MODE(RGBX), 32, raw_copy_4, 0),
    E("RGBA", MODE(RGB) | MODE(RGBA), 32, raw_copy_4, 0),
    E("XRGB", MODE(RGB), 32, raw_bytes_4_4, ZERO, S(0), S(1), S(2)),
    E("BGRX", MODE(RGB) | MODE(RGBX), 32, raw_bytes_4_4, S(2), S(1), S(0), ZERO),
    E("XBGR", MODE(RGB) | MODE(RGBX), 32, raw_bytes_4_4, ZERO, S(2), S(1), S(0)),
    LINES("RGB;L", MODE(RGB), 24, 3, 0, 1, 2),
    LINES("RGBX;L", MODE(RGBX), 32, 4, 0, 1, 2, 3),
    LINES("RGBA;L", MODE(RGBA), 32, 4, 0, 1, 2, 3),
    BAND("R", RGBLIKE, 0),
    BAND("G", RGBLIKE, 1),
    BAND("B", RGBLIKE, 2),
    BAND("X", MODE(RGBX), 3),
    BAND("A", MODE(RGBA), 3),

    E("BGRA", MODE(RGBA), 32, raw_bytes_4_4, S(2), S(1), S(0), S(3)),
    E("ABGR", MODE(RGBA), 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),
    E("BGRa", MODE(RGBA), 32, pack_premultiplied, 0),
    E("RGBa", MODE(RGBa), 32, raw_copy_4, 0),
    E("BGRa", MODE(RGBa), 32, raw_bytes_4_4, S(2), S(1), S(0), S(3)),
    E("aBGR", MODE(RGBa), 32, raw_bytes_4_4, S(3), S(2), S(1), S(0)),

    E("CMYK", MODE(CMYK), 32, raw_copy_4, 0),
    E("CMYK;I", MODE(CMYK), 32, raw_bytes_4_4, INV(0), INV(1), INV(2), INV(3)),
    LINES("CMYK;L", MODE(CMYK), 32, 4, 0, 1, 2, 3),
    E("RGB", MODE(CMYK), 24, pack_cmyk_to_rgb, 0),
    BAND("C", MODE(CMYK), 0),
    BAND("M", MODE(CMYK), 1),
    BAND("Y", MODE(CMYK), 2),
    BAND("K", MODE(CMYK), 3),

    E("YCbCr", MODE(YCbCr), 24, raw_bytes_4_3, S(0), S(1), S(2)),
    LINES("YCbCr;L", MODE(YCbCr), 24, 3, 0, 1, 2),
    E("YCbCrX", MODE(YCbCr), 32, raw_copy_4, 0),
    E("YCbCrK", MODE(YCbCr), 32, raw_copy_4, 0),
    BAND("Y", MODE(YCbCr), 0),
    BAND("Cb", MODE(YCbCr), 1),
    BAND("Cr", MODE(YCbCr), 2),

    E("LAB", MODE(LAB), 24, raw_bytes_4_3, S(0), SIGN(1), SIGN(2)),
    BAND("L", MODE(LAB), 0),
    BAND("A", MODE(LAB), 1),
    BAND("B", MODE(LAB), 2),
    E("HSV", MODE(HSV), 24, raw_bytes_4_3, S(0), S(1), S(2)),
    BAND("H", MODE(HSV), 0),
    BAND("S", MODE(HSV), 1),
    BAND("V", MODE(HSV), 2),

    E("I", MODE(I), 32, raw_copy_4, 0),
    E("I;32S", MODE(I), 32, raw_copy_4, 0),
    E("I;32NS", MODE(I), 32, raw_copy_4, 0),
    E("I;16B", MODE(I), 16, pack_clipped_16, 0),
    E("F", MODE(F), 32, raw_copy_4, 0),
    E("F;32F", MODE(F), 32, raw_copy_4, 0),
    E("F;32NF", MODE(F), 32, raw_copy_4, 0),

    E("I;16", MODE(I16), 16, raw_copy_2, 0),
    E("I;16N", MODE(I16) | MODE(I16L) | MODE(I16N), 16, raw_copy_2, 0),
    E("I;16B", MODE(I16), 16, raw_bytes_2_2, S(1), S(0)),
    E("I;16L", MODE(I16L), 16, raw_copy_2, 0),
    E("I;16B", MODE(I16B), 16, raw_copy_2, 0),
    E("I;16N", MODE(I16B), 16, raw_bytes_2_2, S(1), S(0)),
};

#define COUNT (sizeof(table) / sizeof(table[0]))

const ImgRawMode *img_find_packer(const ImgMode *mode, const char *rawmode) {
    for (size_t i = 0; i < COUNT; i++) {
        if (table[i].modes >> mode->id & 1 && strcmp(table[i].name, rawmode) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

const ImgRawMode *img_packer_at(size_t index) {
    return index < COUNT ? &table[index] : NULL;
}
