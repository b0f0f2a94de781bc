/* SIMD versions of blend, alpha composition and inversion; see simd/instantiate.h. */

/* blend_row of SIMD_BYTES bytes. Unpacking within lanes and packing again keeps the order. The
 * conversion gives INT32_MIN for nan and for what is too small, which packs to 0; v_min_f32 keeps a
 * nan in its second argument. */
SIMD_INLINE vi SIMD_NAME(blend_quarter)(vi a, vi difference, vf alpha) {
    const vf product = v_mul_f32(alpha, v_i32_to_f32(difference));
    return v_f32_to_i32(v_min_f32(v_set_f32(255.0f), v_add_f32(v_i32_to_f32(a), product)));
}

SIMD_INLINE vi SIMD_NAME(blend_half)(vi a, vi b, vf alpha) {
    const vi d = v_sub_i16(b, a);
    /* A 16-bit number in the upper half of 32 bits, shifted down, is sign-extended. */
    const vi low = SIMD_NAME(blend_quarter)(
        v_unpacklo_i16(a, v_zero()), v_shr_i32(v_unpacklo_i16(d, d), 16), alpha);
    const vi high = SIMD_NAME(blend_quarter)(
        v_unpackhi_i16(a, v_zero()), v_shr_i32(v_unpackhi_i16(d, d), 16), alpha);
    return v_packs_i32_i16(low, high);
}

SIMD_INLINE vi SIMD_NAME(blend)(vi a, vi b, vf alpha) {
    const vi low =
        SIMD_NAME(blend_half)(v_unpacklo_i8(a, v_zero()), v_unpacklo_i8(b, v_zero()), alpha);
    const vi high =
        SIMD_NAME(blend_half)(v_unpackhi_i8(a, v_zero()), v_unpackhi_i8(b, v_zero()), alpha);
    return v_packs_i16_u8(low, high);
}

void SIMD_NAME(blend_row)(
    uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes, float alpha) {
    const vf factor = v_set_f32(alpha);
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        v_store(out + i, SIMD_NAME(blend)(v_load(a + i), v_load(b + i), factor));
    }
    if (i < bytes) {
        const size_t n = bytes - i;
        v_store_part(
            out + i, SIMD_NAME(blend)(v_load_part(a + i, n), v_load_part(b + i, n), factor), n);
    }
}

/* Of four vectors of weighted sums, the four colour bytes (the alpha byte is meaningless). */
SIMD_INLINE vi SIMD_NAME(composite_sum)(vi colours, vi parts) {
    const vi t = v_add_i32(v_madd_i16(colours, parts), v_set_i32(128 * 128));
    return v_shr_u32(v_add_i32(t, v_shr_u32(t, 8)), 15);
}

/* The part of `over`, floor(alpha * 255 * 255 * 128 / whole), exactly.
 *
 * alpha * 255 * 255 < 2^24, so the dividend is exact as float32, and so is the divisor. The float32
 * quotient is the true one, correctly rounded, and rounding is monotone: truncated, it is the floor
 * or, if it was rounded up to an integer, the floor + 1. The remainder, which is below 2^31 in
 * magnitude, tells by its sign. (Tests/kernels/test_compose.py tries all pairs of alphas.) */
SIMD_INLINE vi SIMD_NAME(composite_part)(vi alpha, vi whole) {
    const vf dividend = v_mul_f32(v_i32_to_f32(alpha), v_set_f32(255 * 255 * 128));
    const vi quotient = v_f32_to_i32(v_div_f32(dividend, v_i32_to_f32(whole)));
    const vi rest = v_sub_i32(v_f32_to_i32(dividend), v_mullo_i32(quotient, whole));
    return v_add_i32(quotient, v_shr_i32(rest, 31));
}

SIMD_INLINE vi SIMD_NAME(composite)(vi under, vi over) {
    const vi alpha = v_shr_u32(over, 24);
    const vi behind = v_mullo_i16(v_shr_u32(under, 24), v_sub_i32(v_set_i32(255), alpha));
    const vi whole = v_add_i32(v_sub_i32(v_shl_i32(alpha, 8), alpha), behind);
    const vi part = SIMD_NAME(composite_part)(alpha, whole);
    /* (part of over, part of under) as 16-bit pairs, for sums of byte pairs (over, under). */
    const vi parts = v_or(part, v_shl_i32(v_sub_i32(v_set_i32(255 * 128), part), 16));
    const vi low = v_unpacklo_i8(over, under), high = v_unpackhi_i8(over, under);
    const vi p0 =
        SIMD_NAME(composite_sum)(v_unpacklo_i8(low, v_zero()), v_shuffle_i32(parts, 0x00));
    const vi p1 =
        SIMD_NAME(composite_sum)(v_unpackhi_i8(low, v_zero()), v_shuffle_i32(parts, 0x55));
    const vi p2 =
        SIMD_NAME(composite_sum)(v_unpacklo_i8(high, v_zero()), v_shuffle_i32(parts, 0xaa));
    const vi p3 =
        SIMD_NAME(composite_sum)(v_unpackhi_i8(high, v_zero()), v_shuffle_i32(parts, 0xff));
    const vi colours = v_packs_i16_u8(v_packs_i32_i16(p0, p1), v_packs_i32_i16(p2, p3));
    const vi u = v_add_i32(whole, v_set_i32(128));
    const vi out_alpha = v_shr_u32(v_add_i32(u, v_shr_u32(u, 8)), 8);
    const vi out = v_or(v_and(colours, v_set_i32(0x00ffffff)), v_shl_i32(out_alpha, 24));
    return v_select(v_cmpeq_i32(alpha, v_zero()), under, out);
}

void SIMD_NAME(alpha_composite_row)(
    uint8_t *out, const uint8_t *under, const uint8_t *over, size_t pixels) {
    const size_t bytes = 4 * pixels;
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        v_store(out + i, SIMD_NAME(composite)(v_load(under + i), v_load(over + i)));
    }
    if (i < bytes) {
        const size_t n = bytes - i;
        v_store_part(
            out + i, SIMD_NAME(composite)(v_load_part(under + i, n), v_load_part(over + i, n)), n);
    }
}

void SIMD_NAME(invert_row)(uint8_t *out, const uint8_t *in, size_t bytes) {
    const vi ones = v_set_u8(255);
    size_t i = 0;
    for (; i + SIMD_BYTES <= bytes; i += SIMD_BYTES) {
        v_store(out + i, v_xor(v_load(in + i), ones));
    }
    for (; i < bytes; i++) {
        out[i] = (uint8_t)~in[i];
    }
}
