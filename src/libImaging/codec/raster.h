/* Decoders of raster formats of workstations and consoles. All return NULL if memory is short. */
#ifndef IMAGING_CODEC_RASTER_H
#define IMAGING_CODEC_RASTER_H

#include "codec/codec.h"

/* SGI run lengths. Wants everything behind the file's header of 512 bytes in one call: tables of
 * offsets and lengths, one entry per channel and row, then the rows in any order. */
ImgCodec *img_sgi_rle_decoder(
    const ImgMode *mode, const ImgRawMode *raw, bool upside_down, int bytes_per_sample);

/* Sun raster run lengths; runs may cross the ends of rows. Never fails. */
ImgCodec *img_sun_rle_decoder(const ImgMode *mode, const ImgRawMode *raw);

/* Kodak PhotoCD: two rows of luma, then the two chroma rows of both, of half the width. */
ImgCodec *img_pcd_decoder(const ImgMode *mode, const ImgRawMode *raw);

/* One frame of an Autodesk animation, on the pixels of the frame before; 8-bit modes. */
ImgCodec *img_fli_decoder(const ImgMode *mode);

#endif
