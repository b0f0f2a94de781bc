/* Run lengths of TGA and PCX, both ways. All return NULL if memory is short. */
#ifndef IMAGING_CODEC_RUNS_H
#define IMAGING_CODEC_RUNS_H

#include "codec/codec.h"

/* TGA: packets of up to 128 pixels of depth / 8 bytes. Literal packets may cross the ends of rows,
 * runs may not (IMG_CODEC_OVERRUN). Pixels that do not fill a row evenly: IMG_CODEC_CONFIG. */
ImgCodec *
img_tga_rle_decoder(const ImgMode *mode, const ImgRawMode *raw, bool upside_down, int depth);
ImgCodec *img_tga_rle_encoder(const ImgMode *mode, const ImgRawMode *raw, bool upside_down);

/* PCX: runs of up to 63 bytes in rows of `stride` bytes (0: packed), which hold one plane after the
 * other. What exceeds a row is dropped, and the status then is IMG_CODEC_OVERRUN. */
ImgCodec *img_pcx_decoder(const ImgMode *mode, const ImgRawMode *raw, int stride);
ImgCodec *img_pcx_encoder(const ImgMode *mode, const ImgRawMode *raw);

#endif
