/* OpenJPEG on an ImgStream; for jpeg2k_*.c only. */
#ifndef IMAGING_CODEC_JPEG2K_STREAM_H
#define IMAGING_CODEC_JPEG2K_STREAM_H

#include <openjpeg.h>

#include "codec/jpeg2k.h"

/* A library stream that reads or writes `file`; NULL: out of memory. */
opj_stream_t *jpeg2k_open_stream(ImgStream *file, bool reading, int64_t length);

/* Bytes of a sample in the library's tile buffers: 1, 2 or 4. */
static inline unsigned jpeg2k_sample_bytes(unsigned precision) {
    return precision <= 8 ? 1 : precision <= 16 ? 2 : 4;
}

#endif
