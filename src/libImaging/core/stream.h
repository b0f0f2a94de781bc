/* Writing large results past the caches. */
#ifndef IMAGING_CORE_STREAM_H
#define IMAGING_CORE_STREAM_H

#include "core/image.h"

/* From this size on, a result would push everything else out of the second-level cache, and the
 * half of it that is written first out of a share of the third. */
#define IMG_STREAM_BYTES ((size_t)8 << 20)

/* Pieces in which rows are made before they are streamed: with two inputs they fit L1. */
#define IMG_STREAM_PIECE 512

static inline bool img_streams(const ImgImage *out) {
    return out->height > 0 && out->row_bytes >= IMG_STREAM_BYTES / (size_t)out->height;
}

/* What copies rows to `out` best: memcpy's equal or the kernel. img_rows_copied must follow when
 * all are copied. */
typedef void (*ImgCopyRow)(uint8_t *out, const uint8_t *in, size_t n);
ImgCopyRow img_row_copier(const ImgImage *out);
void img_rows_copied(const ImgImage *out);

#endif
