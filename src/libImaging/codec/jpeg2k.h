/* JPEG 2000 by way of OpenJPEG: raw codestreams and JP2 files. */
#ifndef IMAGING_CODEC_JPEG2K_H
#define IMAGING_CODEC_JPEG2K_H

#include "codec/codec.h"

/* How many quality layers a file can have here. */
#define IMG_JPEG2K_LAYERS 100

typedef enum { IMG_JPEG2K_STREAM, IMG_JPEG2K_FILE } ImgJpeg2kKind;

typedef enum { IMG_CINEMA_NONE, IMG_CINEMA_2K_24, IMG_CINEMA_2K_48, IMG_CINEMA_4K_24 } ImgCinema;

/* Pairs are (x, y); what a pair of zeros means is up to the library. */
typedef struct {
    ImgJpeg2kKind kind;
    int offset[2], tile_offset[2], tile_size[2];
    bool decibels; /* the layers are signal-to-noise ratios, not compression rates */
    int layer_count;
    float layers[IMG_JPEG2K_LAYERS];
    int resolutions; /* 0: as many as suit the size */
    int block_size[2], precinct_size[2];
    bool irreversible;
    int progression; /* OPJ_PROG_ORDER */
    ImgCinema cinema;
    int multi_component; /* for three components: which transform */
    bool is_signed;
    bool packet_lengths;
    char *comment; /* NUL-terminated, from malloc, taken over; or NULL */
} ImgJpeg2kOptions;

/* reduce: how often the size is halved; layers: how many to decode, 0 for all; length: of the file
 * in bytes, negative if unknown. NULL: out of memory. */
ImgCodec *
img_jpeg2k_decoder(const ImgMode *mode, ImgJpeg2kKind kind, int reduce, int layers, int64_t length);

/* NULL: out of memory; then the comment was freed, too. */
ImgCodec *img_jpeg2k_encoder(const ImgMode *mode, const ImgJpeg2kOptions *options);

/* The library's progression order of this name, or -1. */
int img_jpeg2k_progression(const char *name);

const char *img_jpeg2k_version(void);

#endif
