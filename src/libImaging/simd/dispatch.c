/* The one place where kernels are chosen. */
#include "simd/kernels.h"

/* Expands to name_LEVEL if the flag is 1, else to the next lower level's choice. */
#define CHOOSE_0(name, suffix, lower) lower
#define CHOOSE_1(name, suffix, lower) name##suffix
#define AT_SCALAR(name, s, a, z) name##_scalar
#define AT_SSE41(name, s, a, z) CHOOSE_##s(name, _sse41, AT_SCALAR(name, s, a, z))
#define AT_AVX2(name, s, a, z) CHOOSE_##a(name, _avx2, AT_SSE41(name, s, a, z))
#define AT_AVX512(name, s, a, z) CHOOSE_##z(name, _avx512, AT_AVX2(name, s, a, z))

static const ImgKernels scalar_table = {
    IMG_SCALAR,
#define KERNEL(ret, name, args, s, a, z) AT_SCALAR(name, s, a, z),
#include "simd/all_kernels.h"
#undef KERNEL
};

#if IMG_COMPILED_LEVEL >= 1
static const ImgKernels sse41_table = {
    IMG_SSE41,
#define KERNEL(ret, name, args, s, a, z) AT_SSE41(name, s, a, z),
#include "simd/all_kernels.h"
#undef KERNEL
};
#endif

#if IMG_COMPILED_LEVEL >= 2
static const ImgKernels avx2_table = {
    IMG_AVX2,
#define KERNEL(ret, name, args, s, a, z) AT_AVX2(name, s, a, z),
#include "simd/all_kernels.h"
#undef KERNEL
};
#endif

#if IMG_COMPILED_LEVEL >= 3
static const ImgKernels avx512_table = {
    IMG_AVX512,
#define KERNEL(ret, name, args, s, a, z) AT_AVX512(name, s, a, z),
#include "simd/all_kernels.h"
#undef KERNEL
};
#endif

static const ImgKernels *const tables[IMG_COMPILED_LEVEL + 1] = {
    &scalar_table,
#if IMG_COMPILED_LEVEL >= 1
    &sse41_table,
#endif
#if IMG_COMPILED_LEVEL >= 2
    &avx2_table,
#endif
#if IMG_COMPILED_LEVEL >= 3
    &avx512_table,
#endif
};

const ImgKernels *img_kernels = &scalar_table;

const ImgKernels *img_kernels_at(ImgLevel level) {
    if ((int)level < 0 || (int)level > IMG_COMPILED_LEVEL || level > img_cpu_level()) {
        return NULL;
    }
    return tables[level];
}

ImgLevel img_simd_init(ImgLevel cap) {
    static bool chosen = false;
    if (!chosen) {
        ImgLevel level = img_cpu_level();
        level = level < IMG_COMPILED_LEVEL ? level : (ImgLevel)IMG_COMPILED_LEVEL;
        level = level < cap ? level : cap;
        img_kernels = tables[level];
        chosen = true;
    }
    return img_kernels->level;
}
