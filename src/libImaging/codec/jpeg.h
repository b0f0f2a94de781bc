/* JPEG through libjpeg-turbo. */
#ifndef IMAGING_CODEC_JPEG_H
#define IMAGING_CODEC_JPEG_H

#include "codec/codec.h"

#ifdef HAVE_LIBJPEG

/* file_colours: overrides libjpeg's guess of the file's colour space ("L", "RGB", "CMYK", "YCbCr",
 * "YCbCrK"; others change nothing). scale: decodes at 1/scale of the size, 1 to 8. fast: coarser
 * chroma and DCT. max_scans: a progressive file with more is broken; each may cost a pass over the
 * whole image for a few bytes of file, and encoders make about ten.
 *
 * The raw mode says what is asked of libjpeg: "L", "YCbCr" and "CMYK;I" these colour spaces,
 * "RGB" and "RGBX" 4-byte pixels, which go straight into the image, others the
 * file's own colours without conversion.
 */
ImgCodec *img_jpeg_decoder(
    const ImgMode *mode, const ImgRawMode *raw, const char *file_colours, int scale, bool fast,
    int max_scans);

#define IMG_JPEG_TABLES 4 /* quantisation tables at most */

typedef enum { IMG_JPEG_ALL = 0, IMG_JPEG_TABLES_ONLY = 1, IMG_JPEG_IMAGE_ONLY = 2 } ImgJpegStream;

typedef struct {
    const uint8_t *data;
    size_t size;
} ImgBytes;

typedef struct {
    int quality; /* 1 to 100, clamped; -1: the library's default, and tables are not scaled */
    bool progressive, optimize, keep_rgb;
    int smooth; /* 0 to 100 */
    ImgJpegStream stream;
    int dpi_x, dpi_y; /* both > 0: written */
    int subsampling;  /* 0: 4:4:4, 1: 4:2:2, 2: 4:2:0, others: default */
    int restart_blocks, restart_rows;
    int table_count;                     /* 0: standard tables */
    unsigned table[IMG_JPEG_TABLES][64]; /* in natural order */
    /* Copied by the encoder. extra: markers, verbatim. */
    ImgBytes comment, extra, exif;
} ImgJpegOptions;

/* Raw mode "RGBX" goes straight from image memory. NULL: out of memory. */
ImgCodec *
img_jpeg_encoder(const ImgMode *mode, const ImgRawMode *raw, const ImgJpegOptions *options);

#endif
#endif
