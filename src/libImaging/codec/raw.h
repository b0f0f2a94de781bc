/* Uncompressed pixels. */
#ifndef IMAGING_CODEC_RAW_H
#define IMAGING_CODEC_RAW_H

#include "codec/codec.h"

/* stride: distance of rows in the stream in bytes, 0 if they follow each other; a stride below the
 * packed row's bytes fails with IMG_CODEC_CONFIG when decoding or encoding begins. ystep < 0: rows
 * from the bottom up. NULL: out of memory. */
ImgCodec *img_raw_decoder(const ImgMode *mode, const ImgRawMode *raw, int stride, int ystep);
ImgCodec *img_raw_encoder(const ImgMode *mode, const ImgRawMode *raw, int stride, int ystep);

/* How many bytes a raw encoder will write, in pieces of at most `piece` bytes. 0 if that cannot be
 * told: it is another one, has begun or will fail. */
size_t img_raw_encoded_size(const ImgCodec *codec, size_t piece);

#endif
