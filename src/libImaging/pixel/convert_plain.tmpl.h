/* Moves, spreads, clips and tests; see convert_plain.c for what they do. */
#include "pixel/rows.tmpl.h"

void SIMD_NAME(conv_spread)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi factor = v_set_i32(rule[0]), flip = v_set_i32(rule[2]);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi v = v_widen_u8_i32(v_load_quarter(in + i));
        v_store(out + 4 * i, v_xor(v_mullo_i32(v, factor), flip));
    }
    conv_spread_scalar(out + 4 * i, in + i, n - i, rule);
}

void SIMD_NAME(conv_swizzle)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi factor = v_set_i32(rule[0]), keep = v_set_i32(rule[1]), flip = v_set_i32(rule[2]);
    const vi low = v_set_i32(0xff);
    size_t i = 0;
    if (rule[0] == 0) {
        for (; i + PIXELS <= n; i += PIXELS) {
            v_store(out + 4 * i, v_xor(v_and(v_load(in + 4 * i), keep), flip));
        }
    }
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi w = v_load(in + 4 * i);
        const vi v = v_or(v_mullo_i32(v_and(w, low), factor), v_and(w, keep));
        v_store(out + 4 * i, v_xor(v, flip));
    }
    conv_swizzle_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_first)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi low = v_set_i32(0xff);
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 4 * i;
        const vi a = v_and(v_load(p), low), b = v_and(v_load(p + SIMD_BYTES), low);
        const vi c = v_and(v_load(p + 2 * SIMD_BYTES), low);
        const vi d = v_and(v_load(p + 3 * SIMD_BYTES), low);
        v_store(out + i, SIMD_NAME(narrow4)(a, b, c, d));
    }
    conv_first_scalar(out + i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_truth)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi ones = v_set_u8(255);
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        v_store(out + i, v_xor(v_cmpeq_u8(v_load(in + i), v_zero()), ones));
    }
    conv_truth_scalar(out + i, in + i, n - i, rule);
}

void SIMD_NAME(conv_threshold)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi middle = v_set_u8(128);
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const vi v = v_load(in + i);
        v_store(out + i, v_cmpeq_u8(v_max_u8(v, middle), v));
    }
    conv_threshold_scalar(out + i, in + i, n - i, rule);
}

void SIMD_NAME(conv_l_i16)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi factor = v_set_i16(rule[0] ? 256 : 1);
    size_t i = 0;
    for (; i + SIMD_BYTES / 2 <= n; i += SIMD_BYTES / 2) {
        v_store(out + 2 * i, v_mullo_i16(v_widen_u8_i16(v_load_half(in + i)), factor));
    }
    conv_l_i16_scalar(out + 2 * i, in + i, n - i, rule);
}

void SIMD_NAME(conv_l_f32)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        v_store_f32(out + 4 * i, v_i32_to_f32(v_widen_u8_i32(v_load_quarter(in + i))));
    }
    conv_l_f32_scalar(out + 4 * i, in + i, n - i, rule);
}

void SIMD_NAME(conv_i32_l)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 4 * i;
        v_store(
            out + i, SIMD_NAME(narrow4)(
                         v_load(p), v_load(p + SIMD_BYTES), v_load(p + 2 * SIMD_BYTES),
                         v_load(p + 3 * SIMD_BYTES)));
    }
    conv_i32_l_scalar(out + i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_i32_f32)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        v_store_f32(out + 4 * i, v_i32_to_f32(v_load(in + 4 * i)));
    }
    conv_i32_f32_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}

/* Exchanges the bytes of 16-bit elements, or leaves them. */
SIMD_INLINE vi SIMD_NAME(byte_order16)(uint32_t swap) {
    return swap ? v_pixel_shuffle(1, 0, 3, 2) : v_pixel_shuffle(0, 1, 2, 3);
}

void SIMD_NAME(conv_i32_i16)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi order = SIMD_NAME(byte_order16)(rule[0]);
    size_t i = 0;
    for (; i + SIMD_BYTES / 2 <= n; i += SIMD_BYTES / 2) {
        const uint8_t *p = in + 4 * i;
        const vi v = v_packs_i32_u16(v_load(p), v_load(p + SIMD_BYTES));
        v_store(out + 2 * i, v_shuffle_u8(SIMD_NAME(order_pack2)(v), order));
    }
    conv_i32_i16_scalar(out + 2 * i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_i16_l)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi order = SIMD_NAME(byte_order16)(rule[0]), top = v_set_i16(255);
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 2 * i;
        vi a = v_shuffle_u8(v_load(p), order), b = v_shuffle_u8(v_load(p + SIMD_BYTES), order);
        a = v_sub_i16(a, v_subs_u16(a, top)); /* the smaller of a and 255, unsigned */
        b = v_sub_i16(b, v_subs_u16(b, top));
        v_store(out + i, SIMD_NAME(order_pack2)(v_packs_i16_u8(a, b)));
    }
    conv_i16_l_scalar(out + i, in + 2 * i, n - i, rule);
}

void SIMD_NAME(conv_i16_i32)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    const vi order = rule[0] ? v_pixel_shuffle(1, 0, Z, Z) : v_pixel_shuffle(0, 1, Z, Z);
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        const vi v = v_widen_u16_i32(v_load_half(in + 2 * i));
        v_store(out + 4 * i, v_shuffle_u8(v, order));
    }
    conv_i16_i32_scalar(out + 4 * i, in + 2 * i, n - i, rule);
}

/* v_max_f32 gives its second operand, 0, where the first is nan. */
SIMD_INLINE vi SIMD_NAME(clip_f32)(const uint8_t *p) {
    const vf v = v_max_f32(v_load_f32(p), v_set_f32(0.0f));
    return v_f32_to_i32(v_min_f32(v, v_set_f32(255.0f)));
}

void SIMD_NAME(conv_f32_l)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        const uint8_t *p = in + 4 * i;
        const vi a = SIMD_NAME(clip_f32)(p), b = SIMD_NAME(clip_f32)(p + SIMD_BYTES);
        const vi c = SIMD_NAME(clip_f32)(p + 2 * SIMD_BYTES);
        const vi d = SIMD_NAME(clip_f32)(p + 3 * SIMD_BYTES);
        v_store(out + i, SIMD_NAME(narrow4)(a, b, c, d));
    }
    conv_f32_l_scalar(out + i, in + 4 * i, n - i, rule);
}

void SIMD_NAME(conv_f32_i32)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule) {
    size_t i = 0;
    for (; i + PIXELS <= n; i += PIXELS) {
        v_store(out + 4 * i, v_f32_to_i32(v_load_f32(in + 4 * i)));
    }
    conv_f32_i32_scalar(out + 4 * i, in + 4 * i, n - i, rule);
}
