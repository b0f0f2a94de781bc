/* The pixels of a GIF frame: LZW with codes of growing width, in sub-blocks of up to 255 bytes. */
#ifndef IMAGING_CODEC_GIF_H
#define IMAGING_CODEC_GIF_H

#include "codec/codec.h"

/* Modes L and P. bits: the minimum code size; other than 0 to 12 fails with IMG_CODEC_CONFIG.
 * transparency: pixels of this value are not stored (-1: all are). NULL: out of memory. */
ImgCodec *img_gif_decoder(const ImgMode *mode, int bits, bool interlaced, int transparency);

/* Pixels of one byte. Writes sub-blocks, but not the code size before nor the empty block behind
 * them; code size 8 is what a decoder has to be told. */
ImgCodec *img_gif_encoder(const ImgMode *mode, bool interlaced);

/* The rows of an interlaced frame come in four passes. */
typedef struct {
    int row, pass;
} ImgGifRows;

static inline void img_gif_next_row(ImgGifRows *at, bool interlaced, int height) {
    static const int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    if (!interlaced) {
        at->row++;
        return;
    }
    at->row += step[at->pass];
    while (at->row >= height && at->pass < 3) {
        at->row = first[++at->pass];
    }
}

#endif
