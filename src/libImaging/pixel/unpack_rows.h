/* Row functions of unpacking that are not byte permutations (unpack_rows.c, unpack_numbers.c). */
#ifndef IMAGING_PIXEL_UNPACK_ROWS_H
#define IMAGING_PIXEL_UNPACK_ROWS_H

#include "pixel/raw_rows.h"

#define ROW(name) void name(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);

ROW(unpack_bits)      /* bits to 0 and 255; source: invert, low bit first */
ROW(unpack_samples)   /* samples of `bits` (1, 2, 4); source: factor, xor, bits reversed first */
ROW(unpack_bitplanes) /* P;2L, P;4L: `planes` bit planes, the lowest bit first */
ROW(unpack_12)        /* two pixels in three bytes to 16 bits */
ROW(unpack_reversed)  /* bytes with their bits reversed to 1- or 2-byte pixels */
ROW(unpack_reversed3) /* the same for three bands, and a fourth byte 255 */
ROW(unpack_planes)    /* byte planes; source: plane of each byte of the pixel, as a permutation */
ROW(unpack_band)      /* writes one byte of 4: source: its place, xor, offset in the sample */
ROW(unpack_fields)    /* 16-bit pixels; source: width of each field from the low bit (0: none),
                         order of the fields 1: reversed, and 1: last field inverted */
ROW(unpack_unpremultiplied) /* permutation, then divided by alpha; source: the permutation */
ROW(unpack_cmyk_to_rgb)
ROW(unpack_photo_ycc)
ROW(unpack_photo_ycca)

/* Numbers to i32. */
ROW(unpack_i8_i32)
ROW(unpack_i16le_i32)
ROW(unpack_i16be_i32)
/* Numbers to float32. */
ROW(unpack_u8_f32)
ROW(unpack_i8_f32)
ROW(unpack_u16le_f32)
ROW(unpack_i16le_f32)
ROW(unpack_u16be_f32)
ROW(unpack_i16be_f32)
ROW(unpack_u32le_f32)
ROW(unpack_i32le_f32)
ROW(unpack_u32be_f32)
ROW(unpack_i32be_f32)
ROW(unpack_f64le_f32)
ROW(unpack_f64be_f32)

#undef ROW

#endif
