/* The second half of the unsharp mask: the image against its blurred self. */
#include "filter/box.h"
#include "simd/kernels.h"

void unsharp_row_scalar(
    uint8_t *out, const uint8_t *in, const uint8_t *blurred, int n, const ImgSharpen *sharpen) {
    for (int i = 0; i < n; i++) {
        const int d = in[i] - blurred[i];
        int value = in[i];
        if ((d < 0 ? -d : d) > sharpen->threshold) {
            /* The product wraps around at 32 bits. */
            value += (int32_t)((uint32_t)d * (uint32_t)sharpen->percent) / 100;
        }
        out[i] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

#define SIMD_TEMPLATE "filter/unsharp.tmpl.h"
#include "simd/instantiate.h"
