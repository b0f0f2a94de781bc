/* TIFF through libtiff: decoding of whole pages, and encoding with tags. */
#ifndef IMAGING_CODEC_TIFF_H
#define IMAGING_CODEC_TIFF_H

#include "codec/codec.h"

#ifdef HAVE_LIBTIFF

/* Decodes the page whose directory is at this position. The source is the descriptor, or, if that
 * is 0, what decode is given, which must be the whole file. The rectangle must be as large as the
 * page. */
ImgCodec *img_tiff_decoder(const ImgMode *mode, const ImgRawMode *raw, int fd, uint32_t directory);

/* Writes a file to a descriptor (a copy of which is kept), or, if that is 0, to encode's memory.
 * NULL: out of memory, or libtiff cannot write there. */
ImgCodec *img_tiff_encoder(const ImgMode *mode, const ImgRawMode *raw, int fd);

/* The value of a tag: `count` items of the C type that `type`, one of libtiff's types, asks for, or
 * one item that is no array. Types 1, 2 and 7 are bytes; 3 and 8 have 16 bits; 4, 9 and 13 have 32;
 * 16 has 64; 6 has 8; fractions are double as one item, float in arrays, like 11; 12 is double. */
typedef struct {
    uint32_t tag;
    int type;
    bool array;
    size_t count;
    const void *items; /* aligned for its type */
} ImgTiffTag;

typedef enum {
    IMG_TIFF_SET,
    IMG_TIFF_SKIPPED,  /* cannot be registered */
    IMG_TIFF_MISMATCH, /* not what libtiff knows the tag to be */
    IMG_TIFF_REJECTED
} ImgTiffResult;

/* The type that libtiff knows the tag to have, or 0. */
int img_tiff_type(const ImgCodec *encoder, uint32_t tag);

/* Bytes of an item of a type, in arrays or alone; 0 for unknown types. */
size_t img_tiff_item_size(int type, bool array);

/* Sets a tag, before encoding begins. */
ImgTiffResult img_tiff_set(ImgCodec *encoder, const ImgTiffTag *tag);

const char *img_tiff_version(void);

#endif
#endif
