/* SIMD version of unsharp_row. */

/* |d| * percent / 100 for 16-bit |d| <= 255, rounded down, at most 255. All fits 16 bits:
 * 255 * 255 + 255 * 99 / 100. x / 100 = x / 4 / 25, and (y * 5243) >> 17 is y / 25 for y < 2^14:
 * 5243 * 25 = 2^17 + 3, so the product is above the quotient by y * 3 / (25 * 2^17) < 1 / 25. */
#define gain SIMD_NAME(unsharp_gain)
SIMD_INLINE vi gain(vi d, vi whole, vi part) {
    const vi hundredths = v_mullo_i16(d, part);
    const vi quotient = v_shr_u16(v_mulhi_u16(v_shr_u16(hundredths, 2), v_set_i16(5243)), 1);
    const vi sum = v_add_i16(v_mullo_i16(d, whole), quotient);
    return v_sub_i16(sum, v_subs_u16(sum, v_set_i16(255)));
}

#define sharpen_vector SIMD_NAME(unsharp_vector)
SIMD_INLINE vi sharpen_vector(vi in, vi blurred, const ImgSharpen *sharpen) {
    const vi whole = v_set_i16(sharpen->whole), part = v_set_i16(sharpen->part);
    const int threshold = sharpen->threshold < 255 ? sharpen->threshold : 255;
    const vi below = v_subs_u8(blurred, in);
    const vi d = v_or(v_subs_u8(in, blurred), below);
    const vi low = gain(v_unpacklo_i8(d, v_zero()), whole, part);
    const vi high = gain(v_unpackhi_i8(d, v_zero()), whole, part);
    vi q = v_packs_i16_u8(low, high);
    if (threshold >= 0) {
        q = v_andnot(v_cmpeq_u8(v_subs_u8(d, v_set_u8(threshold)), v_zero()), q);
    }
    const vi above = v_cmpeq_u8(below, v_zero()); /* in >= blurred */
    const vi more = v_adds_u8(in, q), less = v_subs_u8(in, q);
    return sharpen->percent >= 0 ? v_select(above, more, less) : v_select(above, less, more);
}

void SIMD_NAME(unsharp_row)(
    uint8_t *out, const uint8_t *in, const uint8_t *blurred, int n, const ImgSharpen *sharpen) {
    if (!sharpen->small) {
        unsharp_row_scalar(out, in, blurred, n, sharpen);
        return;
    }
    int i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        v_store(out + i, sharpen_vector(v_load(in + i), v_load(blurred + i), sharpen));
    }
    if (i < n) {
        const size_t rest = (size_t)(n - i);
        const vi a = v_load_part(in + i, rest), b = v_load_part(blurred + i, rest);
        v_store_part(out + i, sharpen_vector(a, b, sharpen), rest);
    }
}

#undef gain
#undef sharpen_vector
