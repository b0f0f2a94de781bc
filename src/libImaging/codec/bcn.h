/* Block compression of textures (BC1 to BC7 in Direct3D's numbering; DXT1 is 1, DXT3 2, DXT5 3):
 * blocks of 4x4 texels in 8 or 16 bytes, from left to right and from top to bottom. */
#ifndef IMAGING_CODEC_BCN_H
#define IMAGING_CODEC_BCN_H

#include "codec/codec.h"

/* What a decoder exists for: the mode that scheme `number` is decoded to. False: no such scheme. */
bool img_bcn_mode(int number, ImgModeId *mode);

/* NULL if memory is short. `is_signed` matters to 5 and 6. Blocks that stick out of the rectangle
 * are cut off. */
ImgCodec *img_bcn_decoder(int number, bool is_signed);

/* Whether scheme `number` can be written from images of a mode: 1, 2, 3 of L, LA, RGB, RGBA, and
 * 5 of those with at least two channels. */
bool img_bcn_can_encode(int number, const ImgMode *mode);
ImgCodec *img_bcn_encoder(int number, const ImgMode *mode);

#endif
