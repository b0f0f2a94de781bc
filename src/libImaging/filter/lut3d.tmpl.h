/* SIMD version of lut3d_row, in two passes over a chunk of pixels: where they lie first, so that
 * the loads of the second pass wait for nothing. 64-byte vectors would have to be put together from
 * pieces; measured (Zen 4), they gain nothing over those of 32 bytes, which are loaded whole. */
#include "simd/order.tmpl.h"

#define CHUNK 128
#define GROUP (SIMD_BYTES / 4) /* pixels of 4 bytes in a vector */
#define QUAD (SIMD_BYTES / 8)  /* pixels of 4 words in a vector */
#define ENDS (32 / SIMD_BYTES) /* vectors that the ends of a cell along the third axis take */
#define places SIMD_NAME(lut3d_places)
#define locate SIMD_NAME(lut3d_locate)
#define mix_words SIMD_NAME(lut3d_mix)
#define along_first SIMD_NAME(lut3d_along_first)
#define along_second SIMD_NAME(lut3d_along_second)
#define along_third SIMD_NAME(lut3d_along_third)
#define pixels SIMD_NAME(lut3d_pixels)

typedef struct {
    uint32_t entry[CHUNK];     /* of the cell: its offset in bytes */
    uint32_t first[CHUNK];     /* 15-bit fraction along the first axis, in both halves */
    uint16_t other[CHUNK * 2]; /* along the second axis, of GROUP pixels, then along the third */
} places;

SIMD_INLINE void locate(places *to, int i, const uint8_t *in, const ImgLut3d *lut) {
    const vi source = v_load(in), byte = v_set_i32(0xff);
    vi t[3], at = v_zero();
    for (int k = 0; k < 3; k++) {
        const vi value = v_and(v_shr_u32(source, 8 * k), byte);
        const vi position = v_mullo_i32(value, v_set_i32(lut->scale[k]));
        const vi stride = v_set_i32(lut->stride[k] * LUT3D_ENTRY);
        at = v_add_i32(at, v_mullo_i32(v_shr_u32(position, FRACTION), stride));
        t[k] = v_and(v_shr_u32(position, FRACTION - 15), v_set_i32(0x7fff));
    }
    v_store(to->entry + i, at);
    v_store(to->first + i, v_or(t[0], v_shl_i32(t[0], 16)));
    v_store(to->other + 2 * i, SIMD_NAME(order_pack2)(v_packs_i32_i16(t[1], t[2])));
}

/* (p * (32768 - t) + q * t) >> 15 of words.
 *
 * Narrow tables: = p + ((q - p) * t >> 15), and the upper half of the product of 2 * (q - p), which
 * fits an int16, and t is that quotient. Results stay between p and q, so the condition holds for
 * the next step too.
 * Others: the weights are negated, t - 32768 and -t, since 32768 is no int16; |p| and |q| up to
 * 2^15 with weights that sum to 2^15 stay within 2^30. */
SIMD_INLINE vi mix_words(vi p, vi q, vi t, bool narrow) {
    if (narrow) {
        const vi d = v_sub_i16(q, p);
        return v_add_i16(p, v_mulhi_i16(v_add_i16(d, d), t));
    }
    const vi u = v_xor(t, v_set_i16(-32768)), v = v_sub_i16(v_zero(), t);
    const vi low = v_madd_i16(v_unpacklo_i16(p, q), v_unpacklo_i16(u, v));
    const vi high = v_madd_i16(v_unpackhi_i16(p, q), v_unpackhi_i16(u, v));
    return v_packs_i32_i16(
        v_shr_i32(v_sub_i32(v_zero(), low), 15), v_shr_i32(v_sub_i32(v_zero(), high), 15));
}

/* One pixel: in each 128-bit lane both ends along the second axis, a lane for each end along the
 * third. `up` is the distance of those. */
SIMD_INLINE void
along_first(vi ends[ENDS], const uint8_t *entry, size_t up, uint32_t fraction, bool narrow) {
    const vi t = v_set_i32(fraction);
#if SIMD_LEVEL == 1
    for (int e = 0; e < ENDS; e++, entry += up) {
        ends[e] = mix_words(v_load(entry), v_load(entry + LUT3D_ENTRY), t, narrow);
    }
#else
    const vi near = v_load(entry), far = v_load(entry + up);
    const vi p = _mm256_permute2x128_si256(near, far, 0x20);
    const vi q = _mm256_permute2x128_si256(near, far, 0x31);
    ends[0] = mix_words(p, q, t, narrow);
#endif
}

/* Two pixels, beside each other in each lane. */
SIMD_INLINE void along_second(
    vi ends[ENDS], const places *of, int i, const uint16_t *t, const uint8_t *table, size_t up,
    bool narrow) {
    const __m128i each = _mm_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3);
    vi a[ENDS], b[ENDS];
    uint32_t two;
    memcpy(&two, t, sizeof(two));
    const vi weight = v_shuffle_u8(v_set_i32(two), v_lanes(each));
    along_first(a, table + of->entry[i], up, of->first[i], narrow);
    along_first(b, table + of->entry[i + 1], up, of->first[i + 1], narrow);
    for (int e = 0; e < ENDS; e++) {
        ends[e] = mix_words(v_unpacklo_i64(a[e], b[e]), v_unpackhi_i64(a[e], b[e]), weight, narrow);
    }
}

/* QUAD pixels in order, rounded to bytes, which are words yet. The sum saturates: near INT16_MAX it
 * would wrap, but such values end as 255 all the same. */
SIMD_INLINE vi along_third(
    const places *of, int i, const uint16_t *t1, const uint16_t *t2, const uint8_t *table,
    size_t up, bool narrow) {
    static const uint8_t each[32] = {0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3,
                                     4, 5, 4, 5, 4, 5, 4, 5, 6, 7, 6, 7, 6, 7, 6, 7};
    uint64_t fractions = 0;
    memcpy(&fractions, t2, QUAD * sizeof(*t2));
    const vi t = v_shuffle_u8(VOP(set1_epi64x)((int64_t)fractions), v_load(each));
    vi ends[2];
    along_second(ends, of, i, t1, table, up, narrow);
#if SIMD_LEVEL == 2
    along_second(ends + 1, of, i + 2, t1 + 2, table, up, narrow);
    const vi near = _mm256_permute2x128_si256(ends[0], ends[1], 0x20);
    ends[1] = _mm256_permute2x128_si256(ends[0], ends[1], 0x31);
    ends[0] = near;
#endif
    const vi mixed = mix_words(ends[0], ends[1], t, narrow);
    return v_shr_i16(v_adds_i16(mixed, v_set_i16(1 << (VALUE_BITS - 1))), VALUE_BITS);
}

SIMD_INLINE void pixels(uint8_t *out, const uint8_t *in, int n, const ImgLut3d *lut, bool narrow) {
    const uint8_t *table = (const uint8_t *)lut->table;
    const size_t up = (size_t)lut->stride[2] * LUT3D_ENTRY;
    const vi kept = v_set_i32(lut->channels == 3 ? 0xff000000 : 0);
    places of;
    for (int i = 0; i < n; i += GROUP) {
        locate(&of, i, in + 4 * i, lut);
    }
    for (int i = 0; i < n; i += GROUP) {
        const uint16_t *t1 = of.other + 2 * i, *t2 = t1 + GROUP;
        const vi a = along_third(&of, i, t1, t2, table, up, narrow);
        const vi b = along_third(&of, i + QUAD, t1 + QUAD, t2 + QUAD, table, up, narrow);
        const vi bytes = SIMD_NAME(order_pack2)(v_packs_i16_u8(a, b));
        v_store(out + 4 * i, v_select(kept, v_load(in + 4 * i), bytes));
    }
}

void SIMD_NAME(lut3d_row)(uint8_t *out, const uint8_t *in, int n, const ImgLut3d *given) {
    const ImgLut3d lut = *given; /* a copy that writing pixels cannot change */
    const int whole = n - n % GROUP;
    for (int x = 0; x < whole; x += CHUNK) {
        const int count = whole - x < CHUNK ? whole - x : CHUNK;
        if (lut.narrow) {
            pixels(out + 4 * x, in + 4 * x, count, &lut, true);
        } else {
            pixels(out + 4 * x, in + 4 * x, count, &lut, false);
        }
    }
    lut3d_row_scalar(out + 4 * whole, in + 4 * whole, n - whole, &lut);
}

#undef CHUNK
#undef GROUP
#undef QUAD
#undef ENDS
#undef places
#undef locate
#undef mix_words
#undef along_first
#undef along_second
#undef along_third
#undef pixels
