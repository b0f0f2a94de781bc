#include "core/stream.h"

#include <string.h>

#include "simd/kernels.h"

void stream_copy_scalar(uint8_t *out, const uint8_t *in, size_t n) {
    memcpy(out, in, n);
}

void stream_end_scalar(void) {
}

ImgCopyRow img_row_copier(const ImgImage *out) {
    return img_streams(out) ? img_kernels->stream_copy : stream_copy_scalar;
}

void img_rows_copied(const ImgImage *out) {
    if (img_streams(out)) {
        img_kernels->stream_end();
    }
}

#define SIMD_FIRST 2
#define SIMD_TEMPLATE "core/stream.tmpl.h"
#include "simd/instantiate.h"
