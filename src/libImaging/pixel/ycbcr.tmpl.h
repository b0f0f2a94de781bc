/* RGB to YCbCr and back on 16-bit elements. Bytes 0 and 2 of a pixel are one pair of elements,
 * bytes 1 and 3 another; the whole parts of the weights multiply the bytes as they lie. */
#include "pixel/rows.tmpl.h"

/* A pair of elements summed into 32 bits, and its six binary places dropped. */
SIMD_INLINE vi SIMD_NAME(sum_pair)(vi pairs) {
    return v_shr_i32(v_madd_i16(pairs, v_set_i16(1)), 6);
}

void SIMD_NAME(conv_rgb_ycbcr)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi even = v_set_i32(0x00ff00ff), ones = v_set_u8(1), middle = v_set_i32(128);
    const vi alpha = v_set_i32(0xff000000);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi rb = v_and(w, even), g = v_shr_u16(w, 8);
        const vi some = v_min_u8(w, ones); /* 1 where not 0: the negative weights add it */
        vi y = v_maddubs(w, v_set_quad(W_Y_R, W_Y_G, W_Y_B, 0));
        y = v_add_i16(y, v_mulhrs_i16(rb, v_set_pair(F_Y_R, F_Y_B)));
        y = v_add_i16(y, v_mulhrs_i16(g, v_set_pair(F_Y_G, 0)));
        vi cb = v_maddubs(w, v_set_quad(W_CB_R, W_CB_G, W_HALF, 0));
        cb = v_add_i16(cb, v_maddubs(some, v_set_quad(1, 1, 0, 0)));
        cb = v_add_i16(cb, v_mulhrs_i16(rb, v_set_pair(F_CB_R, 0)));
        cb = v_add_i16(cb, v_mulhrs_i16(g, v_set_pair(F_CB_G, 0)));
        vi cr = v_maddubs(w, v_set_quad(W_HALF, W_CR_G, W_CR_B, 0));
        cr = v_add_i16(cr, v_maddubs(some, v_set_quad(0, 1, 1, 0)));
        cr = v_add_i16(cr, v_mulhrs_i16(rb, v_set_pair(0, F_CR_B)));
        cr = v_add_i16(cr, v_mulhrs_i16(g, v_set_pair(F_CR_G, 0)));
        cb = v_add_i32(SIMD_NAME(sum_pair)(cb), middle);
        cr = v_add_i32(SIMD_NAME(sum_pair)(cr), middle);
        const vi colour = v_or(v_shl_i32(cb, 8), v_shl_i32(cr, 16));
        v_store(out + 4 * i, v_or(v_or(SIMD_NAME(sum_pair)(y), colour), v_and(w, alpha)));
    }
    conv_rgb_ycbcr_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_ycbcr_rgb)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi alpha = v_set_i32(0xff000000), top = v_set_i16(255);
    const vi chroma = v_pixel_shuffle(1, Z, 2, Z), luma = v_pixel_shuffle(0, Z, 0, Z);
    const vi swap = v_pixel_shuffle(2, 1, 0, Z);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi y = v_shuffle_u8(w, luma);
        const vi c = v_sub_i16(v_shuffle_u8(w, chroma), v_set_i16(128)); /* Cb, Cr */
        vi br = v_mullo_i16(c, v_set_pair(W_B_CB, W_R_CR));
        br = v_add_i16(br, v_mulhrs_i16(c, v_set_pair(F_B_CB, F_R_CR)));
        br = v_add_i16(br, v_shr_u16(c, 15)); /* 1 where negative */
        br = v_add_i16(y, v_shr_i16(br, 6));
        br = v_max_i16(v_min_i16(br, top), v_zero());
        vi g = v_mullo_i16(c, v_set_pair(W_G_CB, W_G_CR));
        g = v_add_i16(g, v_mulhrs_i16(c, v_set_pair(F_G_CB, F_G_CR)));
        g = v_sub_i16(g, v_cmpgt_i16(c, v_zero())); /* plus 1 where positive */
        /* The high half only has the sign, which clipping clears. */
        g = v_add_i32(v_and(y, v_set_i32(0xff)), SIMD_NAME(sum_pair)(g));
        g = v_max_i16(v_min_i16(g, top), v_zero());
        const vi bgr = v_or(br, v_shl_i32(g, 8));
        v_store(out + 4 * i, v_or(v_shuffle_u8(bgr, swap), v_and(w, alpha)));
    }
    conv_ycbcr_rgb_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}
