/* A file that a codec reads or writes by itself, at any position. The owner of the codec implements
 * it; all functions may be called from any thread that works on the codec, and only then. */
#ifndef IMAGING_CODEC_STREAM_H
#define IMAGING_CODEC_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ImgStream ImgStream;

struct ImgStream {
    /* Reads up to `size` bytes; returns how many, 0 at the end, -1 for failure. */
    ptrdiff_t (*read)(ImgStream *stream, void *data, size_t size);
    /* Writes all; false: failure. */
    bool (*write)(ImgStream *stream, const void *data, size_t size);
    /* Goes to a position from the start. */
    bool (*seek)(ImgStream *stream, int64_t position);
    /* Goes on by `distance` and returns where that is, or -1. */
    int64_t (*skip)(ImgStream *stream, int64_t distance);
};

#endif
