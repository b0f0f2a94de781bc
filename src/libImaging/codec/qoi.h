/* QOI, "The Quite OK Image Format" (qoiformat.org, version 1.0), without its header. */
#ifndef IMAGING_CODEC_QOI_H
#define IMAGING_CODEC_QOI_H

#include "codec/codec.h"

/* All return NULL if memory is short. */

/* Pixels of 3 or 4 bytes. Runs may cross the ends of rows; what exceeds the image is dropped. */
ImgCodec *img_qoi_decoder(const ImgMode *mode, const ImgRawMode *raw);
/* Pixels of 4 bytes, of which alpha is taken for 255 in a mode without. */
ImgCodec *img_qoi_encoder(const ImgMode *mode, const ImgRawMode *raw);

/* First bytes of operations: QOI_RGB and QOI_RGBA are told first, then the highest two bits. */
enum {
    QOI_INDEX = 0x00,
    QOI_DIFF = 0x40,
    QOI_LUMA = 0x80,
    QOI_RUN = 0xc0,
    QOI_RGB = 0xfe,
    QOI_RGBA = 0xff,
    QOI_LONGEST_RUN = 62,
    QOI_SLOTS = 64,
};

/* Pixels are numbers with red in the lowest byte; this is the one before the first. */
#define QOI_FIRST 0xff000000u

/* Where a pixel is kept among those seen before. */
static inline unsigned qoi_slot(uint32_t p) {
    return ((p & 255) * 3 + (p >> 8 & 255) * 5 + (p >> 16 & 255) * 7 + (p >> 24) * 11) % QOI_SLOTS;
}

#endif
