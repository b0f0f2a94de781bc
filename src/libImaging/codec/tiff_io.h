/* Files for libtiff: memory or a descriptor. */
#ifndef IMAGING_CODEC_TIFF_IO_H
#define IMAGING_CODEC_TIFF_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef HAVE_LIBTIFF
#include <tiffio.h>

typedef struct {
    int fd; /* own copy, or -1: memory */
    bool writable;
    const uint8_t *data; /* `size` bytes to be read */
    uint8_t **segments;  /* or, if writable, `size` bytes in pieces of one size, NULL if given */
    size_t size, segment_count, segment_room, given;
    uint64_t position;
} ImgTiffFile;

/* Opens what was filled in: for reading `data` of `size` bytes, or for writing memory that starts
 * empty; if fd is not 0, a copy of it instead. NULL: failure, nothing is left to be freed. */
TIFF *img_tiff_open(ImgTiffFile *file, int fd, bool write);

/* Closes (which may still write) what img_tiff_open opened, but keeps memory that was written. */
void img_tiff_close(ImgTiffFile *file, TIFF *tiff);

/* The next bytes, up to `size`, of memory that was written. What is given is freed. */
size_t img_tiff_give(ImgTiffFile *file, uint8_t *out, size_t size);
void img_tiff_free(ImgTiffFile *file);

#endif
#endif
