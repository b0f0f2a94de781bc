/* Products and quotients of colour and alpha.
 *
 * The division by 255 of t = a * b is ((u * 257) >> 16) with u = t + 128: that is the same number
 * as (u + (u >> 8)) >> 8, and one instruction on 16-bit elements. Bytes 0 and 2 of a pixel are done
 * in one vector, bytes 1 and 3 in another. */
#include "pixel/rows.tmpl.h"

SIMD_INLINE vi SIMD_NAME(mul255)(vi a, vi b) {
    const vi u = v_add_i16(v_mullo_i16(a, b), v_set_i16(128));
    return v_mulhi_u16(u, v_set_i16(257));
}

/* Alpha is multiplied by 255, which leaves it as it is. */
SIMD_INLINE vi SIMD_NAME(premultiplied)(vi w) {
    const vi a = v_shuffle_u8(w, v_pixel_shuffle(3, Z, 3, Z));
    const vi rb = SIMD_NAME(mul255)(v_and(w, v_set_i32(0x00ff00ff)), a);
    const vi first = v_shuffle_u8(w, v_pixel_shuffle(3, Z, Z, Z));
    const vi ga = SIMD_NAME(mul255)(v_shr_u16(w, 8), v_or(first, v_set_i32(0x00ff0000)));
    return v_or(rb, v_shl_i16(ga, 8));
}

void SIMD_NAME(conv_premultiply)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        v_store(out + 4 * i, SIMD_NAME(premultiplied)(v_load(in + 4 * i)));
    }
    conv_premultiply_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_premultiply_la)(
    uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi thrice = v_pixel_shuffle(0, 0, 0, Z);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi a = v_shr_u32(w, 24);
        const vi v = SIMD_NAME(mul255)(v_and(w, v_set_i32(0xff)), a);
        v_store(out + 4 * i, v_or(v_shuffle_u8(v, thrice), v_shl_i32(a, 24)));
    }
    conv_premultiply_la_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

/* What floor(255 v / a) for v <= a is bits 16 to 23 of the product of v with; see premultiply.c.
 * The alpha of `w` is in its highest byte. */
SIMD_INLINE vi SIMD_NAME(reciprocal)(vi w) {
    const vf q = v_div_f32(v_set_f32(TOP_65536), v_i32_to_f32(v_shr_u32(w, 24)));
#if SIMD_LEVEL == 3
    /* Rounded up: 1 more than the integer part, unless there is no other. */
    return _mm512_cvt_roundps_epi32(q, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC);
#else
    return v_add_i32(v_f32_to_i32(q), v_set_i32(1));
#endif
}

/* Bytes 0, 1 and 2 of a pixel from bits 16 to 23 of three products below 2^24, the alpha of `w`,
 * and the colour of `w` where that is 0. */
SIMD_INLINE vi SIMD_NAME(quotients)(vi red, vi green, vi blue, vi w) {
    const vi alpha = v_set_i32(0xff000000);
#if SIMD_LEVEL == 3
    /* Byte 2 of red and of green (from 64 on). */
    const vi third = _mm512_add_epi8(
        v_set_i32(0x00004202),
        _mm512_mullo_epi32(
            _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
            v_set_i32(0x0404)));
    const vi low = _mm512_permutex2var_epi8(red, third, green);
    /* 0xd8: bit by bit, the third ? the second : the first. */
    const vi high = _mm512_ternarylogic_epi32(blue, w, alpha, 0xd8);
    const vi joined = _mm512_mask_mov_epi16(low, 0xaaaaaaaa, high);
    return _mm512_mask_mov_epi32(joined, _mm512_testn_epi32_mask(w, alpha), w);
#else
    const vi r = v_shr_u32(red, 16), g = v_and(v_shr_u32(green, 8), v_set_i32(0xff00));
    const vi own = v_and(w, alpha), b = v_and(blue, v_set_i32(0xff0000));
    const vi joined = v_or(v_or(r, g), v_or(b, own));
    return v_select(v_cmpeq_i32(own, v_zero()), w, joined);
#endif
}

void SIMD_NAME(conv_unpremultiply)(
    uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi spread = v_pixel_shuffle(3, 3, 3, 3), low = v_set_i32(0xff);
    const vi second = v_pixel_shuffle(1, Z, Z, Z), third = v_pixel_shuffle(2, Z, Z, Z);
    const vi opaque = v_set_i32(rule[2]);
    const bool force = rule[2] != 0; /* compilers make two loops */
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        /* No colour above alpha: what would exceed 255 gives 255. */
        const vi c = v_min_u8(w, v_shuffle_u8(w, spread)), r = SIMD_NAME(reciprocal)(w);
        const vi red = v_mullo_i32(v_and(c, low), r);
        const vi green = v_mullo_i32(v_shuffle_u8(c, second), r);
        const vi blue = v_mullo_i32(v_shuffle_u8(c, third), r);
        const vi rgb = SIMD_NAME(quotients)(red, green, blue, w);
        v_store(out + 4 * i, force ? v_or(rgb, opaque) : rgb);
    }
    conv_unpremultiply_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_unpremultiply_la)(
    uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi thrice = v_pixel_shuffle(0, 0, 0, 3), low = v_set_i32(0xff);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_shuffle_u8(v_load(in + 4 * i), thrice);
        const vi v = v_and(v_min_u8(w, v_shr_u32(w, 24)), low);
        const vi grey = v_mullo_i32(v, SIMD_NAME(reciprocal)(w));
        v_store(out + 4 * i, SIMD_NAME(quotients)(grey, grey, grey, w));
    }
    conv_unpremultiply_la_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_cmyk_rgb)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi ones = v_set_u8(255), even = v_set_i32(0x00ff00ff), opaque = v_set_i32(0xff000000);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi white = v_shuffle_u8(v_xor(w, ones), v_pixel_shuffle(3, Z, 3, Z));
        const vi rb = v_sub_i16(white, SIMD_NAME(mul255)(v_and(w, even), white));
        const vi g = v_sub_i16(white, SIMD_NAME(mul255)(v_shr_u16(w, 8), white));
        v_store(out + 4 * i, v_or(v_or(rb, v_shl_i16(g, 8)), opaque));
    }
    conv_cmyk_rgb_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}
