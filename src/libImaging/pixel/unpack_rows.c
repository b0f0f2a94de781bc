/* Unpacking of what is not a permutation of bytes. */
#include "pixel/unpack_rows.h"

#include <string.h>

#include "simd/kernels.h"

#define ROW(name) void name(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels)

void bits_to_bytes_scalar(uint8_t *out, const uint8_t *in, int pixels, int invert, int low_first) {
    /* Of a word with the byte in all its bytes, each keeps the bit of its pixel. What is not 0 is
     * at most 0x80, so that adding 0x7f sets the highest bit and carries nothing into the next
     * byte. */
    const uint64_t place = low_first ? 0x8040201008040201u : 0x0102040810204080u;
    const uint64_t all = 0x0101010101010101u, flip = invert ? UINT64_MAX : 0;
    for (int x = 0; x < pixels; x += 8) {
        uint64_t word = (in[x >> 3] * all & place) + 0x7f * all;
        word &= 0x80 * all;
        word = (word | (word - (word >> 7))) ^ flip;
        memcpy(out + x, &word, (size_t)(pixels - x < 8 ? pixels - x : 8));
    }
}

ROW(unpack_bits) {
    img_kernels->bits_to_bytes(out, in, pixels, raw->source[0], raw->source[1]);
}

ROW(unpack_samples) {
    int bits = raw->bits, per_byte = 8 / bits;
    unsigned mask = (1u << bits) - 1;
    unsigned factor = (uint8_t)raw->source[0], flip = (uint8_t)raw->source[1];
    for (int x = 0; x < pixels; x += per_byte) {
        uint8_t byte = *in++;
        if (raw->source[2]) {
            byte = reverse_bits(byte);
        }
        int end = pixels - x < per_byte ? pixels - x : per_byte;
        for (int i = 0; i < end; i++) {
            unsigned v = byte >> (8 - bits * (i + 1)) & mask;
            out[x + i] = (uint8_t)(v * factor ^ flip);
        }
    }
}

ROW(unpack_bitplanes) {
    size_t plane_bytes = ((size_t)pixels + 7) / 8;
    for (int x = 0; x < pixels; x++) {
        unsigned value = 0;
        for (int k = 0; k < raw->planes; k++) {
            unsigned byte = in[(size_t)k * plane_bytes + (size_t)(x >> 3)];
            value |= (byte >> (7 - (x & 7)) & 1) << k;
        }
        out[x] = (uint8_t)value;
    }
}

static void store_u16(uint8_t *out, unsigned v) {
    out[0] = (uint8_t)v;
    out[1] = (uint8_t)(v >> 8);
}

ROW(unpack_12) {
    (void)raw;
    int x = 0;
    for (; x + 1 < pixels; x += 2, in += 3, out += 4) {
        store_u16(out, (unsigned)in[0] << 4 | in[1] >> 4);
        store_u16(out + 2, (unsigned)(in[1] & 15) << 8 | in[2]);
    }
    if (x < pixels) {
        store_u16(out, (unsigned)in[0] << 4 | in[1] >> 4);
    }
}

ROW(unpack_reversed) {
    size_t bytes = (size_t)pixels * (raw->bits / 8);
    for (size_t i = 0; i < bytes; i++) {
        out[i] = reverse_bits(in[i]);
    }
}

ROW(unpack_reversed3) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 3, out += 4) {
        for (int k = 0; k < 3; k++) {
            out[k] = reverse_bits(in[k]);
        }
        out[3] = 255;
    }
}

ROW(unpack_planes) {
    enum { PIECE = 512 };
    uint8_t constant[PIECE]; /* the byte that is no plane: the last one, if any */
    memset(constant, raw->source[7], sizeof(constant));
    for (int x = 0; x < pixels; x += PIECE) {
        const uint8_t *from[4];
        for (int k = 0; k < 4; k++) {
            int plane = raw->source[2 * k];
            from[k] = plane < 0 ? constant : in + (size_t)plane * (size_t)pixels + x;
        }
        size_t count = (size_t)(pixels - x < PIECE ? pixels - x : PIECE);
        img_kernels->merge4_row(out + 4 * (size_t)x, from[0], from[1], from[2], from[3], count);
    }
}

ROW(unpack_band) {
    size_t step = raw->bits / 8;
    uint8_t flip = (uint8_t)raw->source[1];
    if (step == 1 && flip == 0) {
        img_kernels->putband_row(out, in, (size_t)pixels, (size_t)raw->source[0]);
        return;
    }
    in += raw->source[2];
    out += raw->source[0];
    for (size_t x = 0; x < (size_t)pixels; x++) {
        out[4 * x] = in[step * x] ^ flip;
    }
}

ROW(unpack_fields) {
    const int8_t *width = raw->source;
    for (int x = 0; x < pixels; x++, in += 2, out += 4) {
        unsigned rest = in[0] | (unsigned)in[1] << 8;
        uint8_t field[4] = {0, 0, 0, 255};
        for (int k = 0; k < 4 && width[k]; k++) {
            unsigned top = (1u << width[k]) - 1;
            field[k] = (uint8_t)((rest & top) * 255 / top);
            rest >>= width[k];
        }
        bool reversed = raw->source[4];
        out[0] = field[reversed ? 2 : 0];
        out[1] = field[1];
        out[2] = field[reversed ? 0 : 2];
        out[3] = field[3] ^ (uint8_t)raw->source[5];
    }
}

ROW(unpack_unpremultiplied) {
    int step = raw->bits / 8;
    const int8_t *source = raw->source;
    for (int x = 0; x < pixels; x++, in += step, out += 4) {
        unsigned a = in[source[6]];
        for (int k = 0; k < 3; k++) {
            unsigned v = a ? 255u * in[source[2 * k]] / a : 0;
            out[k] = (uint8_t)(v > 255 ? 255 : v);
        }
        out[3] = (uint8_t)a;
    }
}

ROW(unpack_cmyk_to_rgb) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 4, out += 4) {
        unsigned rest = 255u - in[3];
        for (int k = 0; k < 3; k++) {
            out[k] = raw_uncmyk(in[k], rest);
        }
        out[3] = 255;
    }
}

static uint8_t clip(int v) {
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* Kodak's PhotoYCC: luma 1.3584 times, chroma centred on 156 and 137. */
static void photo_ycc_pixel(uint8_t *out, int y, int c1, int c2) {
    int luma = (int)(1.3584 * y + 0.5);
    int blue = (int)(2.2179 * (c1 - 156) + 0.5), red = (int)(1.8215 * (c2 - 137) + 0.5);
    int green_blue = (int)(-0.194 * 2.2179 * (c1 - 156) + 0.5);
    int green_red = (int)(-0.509 * 1.8215 * (c2 - 137) + 0.5);
    out[0] = clip(luma + red);
    out[1] = clip(luma + green_red + green_blue);
    out[2] = clip(luma + blue);
}

ROW(unpack_photo_ycc) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 3, out += 4) {
        photo_ycc_pixel(out, in[0], in[1], in[2]);
        out[3] = 255;
    }
}

ROW(unpack_photo_ycca) {
    (void)raw;
    for (int x = 0; x < pixels; x++, in += 4, out += 4) {
        uint8_t straight[3];
        for (int k = 0; k < 3; k++) {
            straight[k] = (uint8_t)(in[3] ? 255u * in[k] / in[3] : 0);
        }
        uint8_t alpha = in[3];
        photo_ycc_pixel(out, straight[0], straight[1], straight[2]);
        out[3] = alpha;
    }
}
