/* PNG image data: rows with filters, compressed as a zlib stream. */
#ifndef IMAGING_CODEC_ZIP_H
#define IMAGING_CODEC_ZIP_H

#include "codec/codec.h"

#ifdef HAVE_LIBZ

/* interlaced: the rows are those of Adam7's seven passes.
 * Data may come in pieces of any size. */
ImgCodec *img_zip_decoder(const ImgMode *mode, const ImgRawMode *raw, bool interlaced);

typedef struct {
    bool optimize;             /* best compression; the level does not matter */
    int level;                 /* 0 to 9, or -1 for the default (6) */
    int strategy;              /* a zlib strategy, 0 to 4, or -1: chosen by the filters used */
    const uint8_t *dictionary; /* preset dictionary; copied */
    size_t dictionary_size;
} ImgZipOptions;

/* Values out of range fail with IMG_CODEC_CONFIG when encoding begins. NULL: out of memory. */
ImgCodec *img_zip_encoder(const ImgMode *mode, const ImgRawMode *raw, const ImgZipOptions *options);

const char *img_zlib_version(void);

#endif
#endif
