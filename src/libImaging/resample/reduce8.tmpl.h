/* The SIMD levels of reduce_8_row.
 *
 * Bytes are added in pairs (pmaddubsw with ones) or eights (psadbw), rows on top of each other, and
 * the sums of a block meet in one element at the end. Where a block is not as long as the vector
 * instructions like it, each 128-bit lane loads at its own place. */

#include "simd/order.tmpl.h"

#define LANES (SIMD_BYTES / 16)

/* Means of up to so many bytes can be had with a factor of 16 bits, floor(2^(16 + k) / n) with
 * k = floor(log2(n)): (s * factor) >> (16 + k) is what mean_factor gives, for every n and every
 * s <= 255 * n + n / 2 (all were tried; 208 is the first n where one differs). */
#define SHORT_FACTORS 207

/* What all means of a call share. */
typedef struct {
    int shift;   /* log2 of the number of pixels, rounded down */
    bool shifts; /* it is a power of two: the factor is 2^24 / n exactly, and the mean a shift */
    bool short_factor;
    vi half16, half32, factor, factor16;
} SIMD_NAME(Mean);

static inline SIMD_NAME(Mean) SIMD_NAME(mean_of)(int fx, int fy) {
    const uint32_t n = (uint32_t)fx * (uint32_t)fy;
    SIMD_NAME(Mean) m;
    m.shift = 31 - __builtin_clz(n);
    m.shifts = (n & (n - 1)) == 0;
    m.short_factor = n <= SHORT_FACTORS;
    m.half16 = v_set_i16(n / 2);
    m.half32 = v_set_i32(n / 2);
    m.factor = v_set_i32(mean_factor(n));
    m.factor16 = v_set_i16((short)((65536u << m.shift) / n));
    return m;
}

SIMD_INLINE vi SIMD_NAME(mean32)(vi sum, const SIMD_NAME(Mean) * m) {
    return v_shr_u32(v_mullo_i32(v_add_i32(sum, m->half32), m->factor), 24);
}

/* Sums of at most 256 bytes (255 * 256 + 128 < 2^16) in 16 bits. */
SIMD_INLINE vi SIMD_NAME(mean16)(vi sum, const SIMD_NAME(Mean) * m) {
    const __m128i shift = _mm_cvtsi32_si128(m->shift);
    if (m->shifts) {
        return VOP(srl_epi16)(v_add_i16(sum, m->half16), shift);
    }
    if (m->short_factor) {
        const vi high = v_mulhi_u16(v_add_i16(sum, m->half16), m->factor16);
        return VOP(srl_epi16)(high, shift);
    }
    return v_packs_i32_u16(
        SIMD_NAME(mean32)(v_unpacklo_i16(sum, v_zero()), m),
        SIMD_NAME(mean32)(v_unpackhi_i16(sum, v_zero()), m));
}

/* 16 bytes into each lane, `stride` apart. */
SIMD_INLINE vi SIMD_NAME(load_lanes)(const uint8_t *p, size_t stride) {
    const __m128i *const a = (const __m128i *)p;
#if SIMD_LEVEL == 1
    (void)stride;
    return _mm_loadu_si128(a);
#else
    const __m256i lo = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128(a)), _mm_loadu_si128((const __m128i *)(p + stride)),
        1);
#if SIMD_LEVEL == 2
    return lo;
#else
    const __m256i hi = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(p + 2 * stride))),
        _mm_loadu_si128((const __m128i *)(p + 3 * stride)), 1);
    return _mm512_inserti64x4(_mm512_castsi256_si512(lo), hi, 1);
#endif
#endif
}

/* Asks for rows to come, if they follow these at the same distance. */
SIMD_INLINE void
SIMD_NAME(reduce_ahead)(const uint8_t *const *rows, int fy, size_t at, size_t bytes) {
    const uintptr_t ahead = fy > 1 ? (uintptr_t)fy * ((uintptr_t)rows[1] - (uintptr_t)rows[0]) : 0;
    for (int y = 0; y < fy; y++) {
        for (size_t i = (at + 63) / 64 * 64; i < at + bytes; i += 64) {
            _mm_prefetch((const char *)((uintptr_t)rows[y] + ahead + i), _MM_HINT_T1);
        }
    }
}

/* --- 4-byte pixels --- */

/* The bytes of 4 pixels as pairs of the same band: pixels 0 and 1, then 2 and 3; the pixels from n
 * on are left out. */
SIMD_INLINE vi SIMD_NAME(pair_order)(int n) {
    uint8_t order[16];
    for (int i = 0; i < 16; i++) {
        const int pixel = (i >> 3) * 2 + (i & 1), band = (i & 7) >> 1;
        order[i] = pixel < n ? (uint8_t)(4 * pixel + band) : 0x80;
    }
    return v_lanes(_mm_loadu_si128((const __m128i *)order));
}

/* fx = 2. Returns the outputs made. */
static int SIMD_NAME(pixels_by_2)(
    uint8_t *out, const uint8_t *const *rows, int fy, int outputs, uint32_t keep) {
    enum { STEP = SIMD_BYTES / 4 };
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(2, fy);
    const vi order = SIMD_NAME(pair_order)(4), ones = v_set_u8(1), kept = v_set_i32(keep);
    int x = 0;
    for (; x + STEP <= outputs; x += STEP) {
        vi a = v_zero(), b = v_zero();
        for (int y = 0; y < fy; y++) {
            const uint8_t *p = rows[y] + (size_t)x * 8;
            const vi pa = v_shuffle_u8(v_load(p), order);
            const vi pb = v_shuffle_u8(v_load(p + SIMD_BYTES), order);
            a = v_add_i16(a, v_maddubs(pa, ones));
            b = v_add_i16(b, v_maddubs(pb, ones));
        }
        SIMD_NAME(reduce_ahead)(rows, fy, (size_t)x * 8, STEP * 8);
        const vi mean = v_packs_i16_u8(SIMD_NAME(mean16)(a, &m), SIMD_NAME(mean16)(b, &m));
        v_store(out + (size_t)x * 4, v_and(SIMD_NAME(order_pack2)(mean), kept));
    }
    return x;
}

/* The sums of LANES blocks in 16 bits: in each lane the four bands twice, still to be added. */
SIMD_INLINE vi
SIMD_NAME(pixel_sums)(const uint8_t *const *rows, size_t at, int fx, int fy, vi order, vi last) {
    const vi ones = v_set_u8(1);
    const size_t stride = (size_t)fx * 4;
    vi sum = v_zero();
    for (int y = 0; y < fy; y++) {
        const uint8_t *p = rows[y] + at;
        int left = fx;
        for (; left > 4; left -= 4, p += 16) {
            const vi px = v_shuffle_u8(SIMD_NAME(load_lanes)(p, stride), order);
            sum = v_add_i16(sum, v_maddubs(px, ones));
        }
        const vi px = fx == 4 ? v_load(p) : SIMD_NAME(load_lanes)(p, stride);
        sum = v_add_i16(sum, v_maddubs(v_shuffle_u8(px, last), ones));
    }
    return sum;
}

/* Loads of 4 pixels may reach up to 3 beyond a block: so many blocks must follow it. */
static inline int SIMD_NAME(spare_blocks)(int fx) {
    const int beyond = (4 - fx % 4) % 4;
    return (beyond + fx - 1) / fx;
}

#if SIMD_LEVEL == 3
/* fx = 3 or 4, fx * fy <= 128, so that sums stay below 2^15: four blocks' pixels of a row come from
 * 48 or 64 neighbouring bytes, each 32-bit element sums one band of one block. */
SIMD_INLINE int SIMD_NAME(pixels_by_3_or_4)(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, uint32_t keep) {
    uint8_t order[64];
    for (int i = 0; i < 64; i++) { /* block i / 16, band i / 4 % 4, pixel i % 4 */
        order[i] = (uint8_t)(((i >> 4) * fx + (i & 3)) * 4 + ((i >> 2) & 3));
    }
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(fx, fy);
    const vi index = v_load(order), kept = v_set_i32(keep);
    const vi ones = v_set_i32(fx == 4 ? 0x01010101 : 0x00010101);
    const int end = fx == 4 ? outputs : outputs - 2; /* 64 bytes for every 48 */
    int x = 0;
    for (; x + 16 <= end; x += 16) {
        vi sum[4];
        for (int i = 0; i < 4; i++) {
            const size_t at = (size_t)(x + 4 * i) * fx * 4;
            sum[i] = v_zero();
            for (int y = 0; y < fy; y++) {
                const vi p = _mm512_permutexvar_epi8(index, v_load(rows[y] + at));
                sum[i] = v_dot_u8(sum[i], p, ones);
            }
        }
        SIMD_NAME(reduce_ahead)(rows, fy, (size_t)x * fx * 4, 64 * fx);
        const vi a = SIMD_NAME(mean16)(v_packs_i32_i16(sum[0], sum[1]), &m);
        const vi b = SIMD_NAME(mean16)(v_packs_i32_i16(sum[2], sum[3]), &m);
        const vi mean = SIMD_NAME(order_pack4)(v_packs_i16_u8(a, b));
        v_store(out + (size_t)x * 4, v_and(mean, kept));
    }
    return x;
}
#endif

/* Any fx, fx * fy <= 256. */
SIMD_INLINE int SIMD_NAME(pixels_by)(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, uint32_t keep) {
    enum { STEP = 4 * LANES };
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(fx, fy);
    const vi order = SIMD_NAME(pair_order)(4), last = SIMD_NAME(pair_order)((fx - 1) % 4 + 1);
    const vi kept = v_set_i32(keep);
    const int end = outputs - SIMD_NAME(spare_blocks)(fx);
    int x = 0;
    for (; x + STEP <= end; x += STEP) {
        vi s[4];
        for (int i = 0; i < 4; i++) {
            const size_t at = (size_t)(x + i * LANES) * fx * 4;
            s[i] = SIMD_NAME(pixel_sums)(rows, at, fx, fy, order, last);
        }
        SIMD_NAME(reduce_ahead)(rows, fy, (size_t)x * fx * 4, (size_t)STEP * fx * 4);
        const vi a = v_add_i16(v_unpacklo_i64(s[0], s[1]), v_unpackhi_i64(s[0], s[1]));
        const vi b = v_add_i16(v_unpacklo_i64(s[2], s[3]), v_unpackhi_i64(s[2], s[3]));
        const vi mean = v_packs_i16_u8(SIMD_NAME(mean16)(a, &m), SIMD_NAME(mean16)(b, &m));
        v_store(out + (size_t)x * 4, v_and(SIMD_NAME(order_pack4)(mean), kept));
    }
    return x;
}

/* Larger blocks, fx <= 256: 16-bit sums of a row (at most 64 * 510), 32-bit sums of the rows. */
static int SIMD_NAME(pixels_by_many)(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, uint32_t keep) {
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(fx, fy);
    const vi order = SIMD_NAME(pair_order)(4), last = SIMD_NAME(pair_order)((fx - 1) % 4 + 1);
    const vi zero = v_zero();
    const int end = outputs - SIMD_NAME(spare_blocks)(fx);
    int x = 0;
    for (; x + LANES <= end; x += LANES) {
        vi sum = zero;
        for (int y = 0; y < fy; y++) {
            const vi s = SIMD_NAME(pixel_sums)(rows + y, (size_t)x * fx * 4, fx, 1, order, last);
            sum = v_add_i32(sum, v_add_i32(v_unpacklo_i16(s, zero), v_unpackhi_i16(s, zero)));
        }
        vi mean = SIMD_NAME(mean32)(sum, &m);
        mean = v_packs_i32_i16(mean, mean);
        mean = SIMD_NAME(order_pack4)(v_packs_i16_u8(mean, mean));
        uint8_t bytes[SIMD_BYTES];
        v_store(bytes, v_and(mean, v_set_i32(keep)));
        memcpy(out + (size_t)x * 4, bytes, 4 * LANES);
    }
    return x;
}

/* --- 1-byte pixels --- */

static int SIMD_NAME(bytes_by_2)(uint8_t *out, const uint8_t *const *rows, int fy, int outputs) {
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(2, fy);
    const vi ones = v_set_u8(1);
    int x = 0;
    for (; x + SIMD_BYTES <= outputs; x += SIMD_BYTES) {
        vi a = v_zero(), b = v_zero();
        for (int y = 0; y < fy; y++) {
            const uint8_t *p = rows[y] + (size_t)x * 2;
            a = v_add_i16(a, v_maddubs(v_load(p), ones));
            b = v_add_i16(b, v_maddubs(v_load(p + SIMD_BYTES), ones));
        }
        const vi mean = v_packs_i16_u8(SIMD_NAME(mean16)(a, &m), SIMD_NAME(mean16)(b, &m));
        v_store(out + x, SIMD_NAME(order_pack2)(mean));
    }
    return x;
}

/* fx = 3 and 4: each 32-bit element is a block of a row. fy <= 64, so that sums of two bytes stay
 * below 2^15. */
SIMD_INLINE int
SIMD_NAME(bytes_by_3_or_4)(uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs) {
    enum { STEP = SIMD_BYTES, PER_LOAD = SIMD_BYTES / 4 };
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(fx, fy);
    const vi ones = v_set_u8(1), ones16 = v_set_i16(1);
    const vi triples =
        v_lanes(_mm_setr_epi8(0, 1, 2, -128, 3, 4, 5, -128, 6, 7, 8, -128, 9, 10, 11, -128));
    const int end = fx == 4 ? outputs : outputs - 2; /* 16 bytes for every 12 */
    int x = 0;
    for (; x + STEP <= end; x += STEP) {
        vi s[4];
        for (int i = 0; i < 4; i++) {
            vi sum = v_zero();
            for (int y = 0; y < fy; y++) {
                const uint8_t *p = rows[y] + (size_t)(x + i * PER_LOAD) * fx;
                const vi px =
                    fx == 4 ? v_load(p) : v_shuffle_u8(SIMD_NAME(load_lanes)(p, 12), triples);
                sum = v_add_i16(sum, v_maddubs(px, ones));
            }
            s[i] = SIMD_NAME(mean32)(v_madd_i16(sum, ones16), &m);
        }
        const vi mean = v_packs_i16_u8(v_packs_i32_i16(s[0], s[1]), v_packs_i32_i16(s[2], s[3]));
        v_store(out + x, SIMD_NAME(order_pack4)(mean));
    }
    return x;
}

/* Any fx: LANES outputs at a time, 16 bytes of each. */
static int
SIMD_NAME(bytes_by_many)(uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs) {
    const SIMD_NAME(Mean) m = SIMD_NAME(mean_of)(fx, fy);
    uint8_t mask[16];
    memset(mask, 0, sizeof(mask));
    memset(mask, 255, (size_t)((fx - 1) % 16 + 1));
    const vi last = v_lanes(_mm_loadu_si128((const __m128i *)mask));
    const vi zero = v_zero();
    int x = 0;
    for (; (x + LANES) * (int64_t)fx + 15 <= outputs * (int64_t)fx; x += LANES) {
        vi sum = zero;
        for (int y = 0; y < fy; y++) {
            const uint8_t *p = rows[y] + (size_t)x * fx;
            int left = fx;
            for (; left > 16; left -= 16, p += 16) {
                sum = v_add_i32(sum, v_sad_u8(SIMD_NAME(load_lanes)(p, fx), zero));
            }
            const vi px = v_and(SIMD_NAME(load_lanes)(p, fx), last);
            sum = v_add_i32(sum, v_sad_u8(px, zero));
        }
        const vi mean = SIMD_NAME(mean32)(v_add_i32(sum, v_unpackhi_i64(sum, sum)), &m);
        uint8_t bytes[SIMD_BYTES];
        v_store(bytes, mean);
        for (int i = 0; i < LANES; i++) {
            out[x + i] = bytes[16 * i];
        }
    }
    return x;
}

/* --- Choice --- */

static int SIMD_NAME(reduce_pixels)(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, uint32_t keep) {
    if (fx > 256) {
        return 0;
    }
    if (fy > 256 / fx) {
        return SIMD_NAME(pixels_by_many)(out, rows, fx, fy, outputs, keep);
    }
#define BY(fx, fy) SIMD_NAME(pixels_by)(out, rows, fx, fy, outputs, keep)
#if SIMD_LEVEL == 3
    if (fx == 3 && fy == 3) {
        return SIMD_NAME(pixels_by_3_or_4)(out, rows, 3, 3, outputs, keep);
    }
    if (fx == 4 && fy == 4) {
        return SIMD_NAME(pixels_by_3_or_4)(out, rows, 4, 4, outputs, keep);
    }
    if ((fx == 3 || fx == 4) && fy <= 32) {
        return SIMD_NAME(pixels_by_3_or_4)(out, rows, fx, fy, outputs, keep);
    }
#endif
    if (fx == fy) { /* the compiler unrolls these */
        switch (fx) {
        case 2:
            return SIMD_NAME(pixels_by_2)(out, rows, 2, outputs, keep);
        case 3:
            return BY(3, 3);
        case 4:
            return BY(4, 4);
        case 8:
            return BY(8, 8);
        }
    }
    return fx == 2 ? SIMD_NAME(pixels_by_2)(out, rows, fy, outputs, keep) : BY(fx, fy);
#undef BY
}

static int
SIMD_NAME(reduce_bytes)(uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs) {
    if (fx == 2 && fy <= 128) {
        return SIMD_NAME(bytes_by_2)(out, rows, fy, outputs);
    }
    if (fx == 3 && fy <= 64) {
        return SIMD_NAME(bytes_by_3_or_4)(out, rows, 3, fy, outputs);
    }
    if (fx == 4 && fy <= 64) {
        return SIMD_NAME(bytes_by_3_or_4)(out, rows, 4, fy, outputs);
    }
    return SIMD_NAME(bytes_by_many)(out, rows, fx, fy, outputs);
}

void SIMD_NAME(reduce_8_row)(
    uint8_t *out, const uint8_t *const *rows, int fx, int fy, int outputs, int pixel_size,
    uint32_t keep) {
    const int done = pixel_size == 4 ? SIMD_NAME(reduce_pixels)(out, rows, fx, fy, outputs, keep)
                                     : SIMD_NAME(reduce_bytes)(out, rows, fx, fy, outputs);
    reduce_8_from(out, rows, fx, fy, done, outputs, pixel_size, keep);
}

#undef LANES
