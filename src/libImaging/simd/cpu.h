/* Which SIMD level this processor and its operating system offer. */
#ifndef IMAGING_SIMD_CPU_H
#define IMAGING_SIMD_CPU_H

#if defined(__x86_64__) || defined(_M_X64)
#define IMG_X86 1
#else
#define IMG_X86 0
#endif

typedef enum {
    IMG_SCALAR = 0,
    IMG_SSE41 = 1,  /* SSE4.1 and what lies below (SSSE3) */
    IMG_AVX2 = 2,   /* AVX2 */
    IMG_AVX512 = 3, /* F, BW, VL, DQ with VBMI, VNNI, VPOPCNTDQ: Ice Lake, Zen 4, later. The first
                       AVX-512 servers, which lack the last three and lower their clock for 512-bit
                       code, are served better by the AVX2 kernels. */
    IMG_LEVEL_COUNT
} ImgLevel;

/* The highest level that the build compiles (flag simd=...). */
#ifndef IMG_SIMD_MAX
#define IMG_SIMD_MAX 3
#endif
#if IMG_X86
#define IMG_COMPILED_LEVEL IMG_SIMD_MAX
#else
#define IMG_COMPILED_LEVEL 0
#endif

ImgLevel img_cpu_level(void);

/* "scalar", "sse4.1", "avx2", "avx512". */
const char *img_level_name(ImgLevel level);

/* The level of this name, or -1. */
int img_level_find(const char *name);

#endif
