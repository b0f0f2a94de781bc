/* Small codecs: packets of bytes, numbers of any width, hexadecimal text. */
#ifndef IMAGING_CODEC_SIMPLE_H
#define IMAGING_CODEC_SIMPLE_H

#include "codec/codec.h"

/* All return NULL if memory is short. */

/* PackBits: per row packets of literal or repeated bytes. Never fails. */
ImgCodec *img_packbits_decoder(const ImgMode *mode, const ImgRawMode *raw);

/* Numbers of 1 to 31 bits to float32; other widths fail with IMG_CODEC_CONFIG. */
typedef struct {
    int bits;
    int pad;  /* > 0: each row begins with a new byte */
    int fill; /* bit 0: bytes fill the accumulator from the low end; bit 1: numbers leave it there
               */
    bool is_signed;
    int ystep;
} ImgBitOptions;
ImgCodec *img_bit_decoder(const ImgMode *mode, const ImgBitOptions *options);

/* Two digits a byte; pairs that are not digits are passed over. */
ImgCodec *img_hex_decoder(const ImgMode *mode, const ImgRawMode *raw);
/* Image memory as it is (RGB without its fourth byte), 39 bytes a line. Any mode. */
ImgCodec *img_hex_encoder(const ImgMode *mode);

/* "0xHH," with the leftmost pixel in the lowest bit; mode 1. */
ImgCodec *img_xbm_decoder(const ImgMode *mode, const ImgRawMode *raw);
ImgCodec *img_xbm_encoder(const ImgMode *mode, const ImgRawMode *raw);

#endif
