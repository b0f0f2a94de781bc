#include "simd/cpu.h"

#include <stdint.h>
#include <string.h>

static const char *const level_names[IMG_LEVEL_COUNT] = {"scalar", "sse4.1", "avx2", "avx512"};

const char *img_level_name(ImgLevel level) {
    return level_names[level];
}

int img_level_find(const char *name) {
    for (int i = 0; i < IMG_LEVEL_COUNT; i++) {
        if (strcmp(level_names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

#if IMG_X86
#include <cpuid.h>

/* XCR0, the register states that the operating system saves: bits 1 and 2 are SSE and AVX,
 * bits 5 to 7 the AVX-512 masks and upper halves. Needs OSXSAVE. */
static uint64_t read_xcr0(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

static int all(uint32_t reg, uint32_t bits) {
    return (reg & bits) == bits;
}

ImgLevel img_cpu_level(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !all(c, bit_SSSE3 | bit_SSE4_1)) {
        return IMG_SCALAR;
    }
    if (!all(c, bit_OSXSAVE | bit_AVX)) {
        return IMG_SSE41;
    }
    const uint64_t xcr0 = read_xcr0();
    if ((xcr0 & 0x06) != 0x06 || !__get_cpuid_count(7, 0, &a, &b, &c, &d) || !all(b, bit_AVX2)) {
        return IMG_SSE41;
    }
    if ((xcr0 & 0xe6) != 0xe6 ||
        !all(b, bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL) ||
        !all(c, bit_AVX512VBMI | bit_AVX512VNNI | bit_AVX512VPOPCNTDQ)) {
        return IMG_AVX2;
    }
    return IMG_AVX512;
}
#else
ImgLevel img_cpu_level(void) {
    return IMG_SCALAR;
}
#endif
