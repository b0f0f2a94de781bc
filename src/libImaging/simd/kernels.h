/* The table of kernels.
 *
 * A kernel is a function on rows without allocation or error paths. Each folder lists its kernels
 * in kernels.def; NAME_scalar, in portable C, defines the result, and NAME_sse41, NAME_avx2 and
 * NAME_avx512 must give the same bytes. Operations call img_kernels->NAME(...).
 */
#ifndef IMAGING_SIMD_KERNELS_H
#define IMAGING_SIMD_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd/cpu.h"

/* Parameter blocks of kernels; filter/box.h, conv.h and lut3d.h. */
struct ImgBoxPass;
struct ImgSharpen;
struct ImgConv;
struct ImgExactConv;
struct ImgLut3d;

#define KERNEL(ret, name, args, sse41, avx2, avx512)                                               \
    ret name##_scalar args;                                                                        \
    ret name##_sse41 args;                                                                         \
    ret name##_avx2 args;                                                                          \
    ret name##_avx512 args;
#include "simd/all_kernels.h"
#undef KERNEL

typedef struct {
    ImgLevel level;
#define KERNEL(ret, name, args, sse41, avx2, avx512) ret(*name) args;
#include "simd/all_kernels.h"
#undef KERNEL
} ImgKernels;

/* The table in use. Points to the scalar table until img_simd_init. */
extern const ImgKernels *img_kernels;

/* Chooses the best compiled level that the processor has and that is <= cap. Call it before any
 * thread works on images; calls after the first change nothing. Returns the level chosen. */
ImgLevel img_simd_init(ImgLevel cap);

/* The table of one level (for tests), or NULL if it is not compiled or the processor lacks it. */
const ImgKernels *img_kernels_at(ImgLevel level);

#endif
