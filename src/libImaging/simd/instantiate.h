/* Compiles a kernel template once per SIMD level.
 *
 * At the end of a source file, below the portable references:
 *
 *     #define SIMD_TEMPLATE "filter/box.tmpl.h"
 *     #include "simd/instantiate.h"
 *
 * The template is written against the names of simd/vector.h and defines its kernels as
 * `void SIMD_NAME(box_rows)(...)`, which become box_rows_sse41, box_rows_avx2, box_rows_avx512.
 * Static helpers in it are named with SIMD_NAME too. It may test SIMD_LEVEL (1, 2, 3) and
 * SIMD_BYTES (16, 32, 64). A template that some level does not want can be limited by defining
 * SIMD_FIRST (default 1) and SIMD_LAST (default 3) before the inclusion.
 *
 * The pragmas replace compiler flags, so that any build system can compile these files.
 */
#include "simd/cpu.h"

#ifndef SIMD_FIRST
#define SIMD_FIRST 1
#endif
#ifndef SIMD_LAST
#define SIMD_LAST 3
#endif

#if IMG_COMPILED_LEVEL >= 1
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#include "simd/vector.h"
#endif

#if IMG_COMPILED_LEVEL >= 1 && SIMD_FIRST <= 1 && SIMD_LAST >= 1
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("sse4.1,ssse3"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("sse4.1,ssse3")
#endif
#define SIMD_LEVEL 1
#define SIMD_BYTES 16
#define SIMD_SUFFIX sse41
#define SIMD_PREFIX _mm_
#define SIMD_SI si128
#include "simd/vector_sse41.h"
#include SIMD_TEMPLATE
#include "simd/forget.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#if IMG_COMPILED_LEVEL >= 2 && SIMD_FIRST <= 2 && SIMD_LAST >= 2
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#define SIMD_LEVEL 2
#define SIMD_BYTES 32
#define SIMD_SUFFIX avx2
#define SIMD_PREFIX _mm256_
#define SIMD_SI si256
#include "simd/vector_avx2.h"
#include SIMD_TEMPLATE
#include "simd/forget.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#if IMG_COMPILED_LEVEL >= 3 && SIMD_FIRST <= 3 && SIMD_LAST >= 3
#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni,avx512vpopcntdq"))),      \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni,avx512vpopcntdq")
#endif
#define SIMD_LEVEL 3
#define SIMD_BYTES 64
#define SIMD_SUFFIX avx512
#define SIMD_PREFIX _mm512_
#define SIMD_SI si512
#include "simd/vector_avx512.h"
#include SIMD_TEMPLATE
#include "simd/forget.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#undef SIMD_TEMPLATE
#undef SIMD_FIRST
#undef SIMD_LAST
