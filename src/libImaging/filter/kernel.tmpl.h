/* SIMD versions of conv3_row and conv5_row. */

#define FLOATS (SIMD_BYTES / 4)
#define to_floats SIMD_NAME(conv_to_floats)
#define narrow SIMD_NAME(conv_narrow)
#define rows_of SIMD_NAME(conv_rows_of)
#define conv_block SIMD_NAME(conv_block)
#define conv_any SIMD_NAME(conv_any)

SIMD_INLINE vf to_floats(const uint8_t *p) {
    return v_i32_to_f32(v_widen_u8_i32(v_load_quarter(p)));
}

/* Four vectors of int32, 0 to 255, to bytes in the same order. */
SIMD_INLINE vi narrow(const vi a[4]) {
    const vi mixed = v_packs_i16_u8(v_packs_i32_i16(a[0], a[1]), v_packs_i32_i16(a[2], a[3]));
    /* Packing works by lanes: lane l now holds part l of a[0], a[1], a[2], a[3]. */
#if SIMD_LEVEL == 3
    const vi order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
    return _mm512_permutexvar_epi32(order, mixed);
#elif SIMD_LEVEL == 2
    return _mm256_permutevar8x32_epi32(mixed, _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0));
#else
    return mixed;
#endif
}

/* R[i] of kernel row i < rows at `in`. */
SIMD_INLINE void
rows_of(vf sum[5], const uint8_t *in, const vf weight[25], int rows, int size, int step) {
    vf p[5];
    for (int j = 0; j < size; j++) {
        p[j] = to_floats(in + (j - size / 2) * step);
    }
    for (int i = 0; i < rows; i++) {
        sum[i] = v_mul_f32(p[0], weight[i * size]);
        for (int j = 1; j < size; j++) {
            sum[i] = v_add_f32(sum[i], v_mul_f32(p[j], weight[i * size + j]));
        }
    }
}

/* SIMD_BYTES samples; the rows of `sums` are `stride` apart. */
SIMD_INLINE vi conv_block(
    const uint8_t *in, float *sums, size_t stride, const vf weight[25], vf start, int size,
    int step, bool symmetric) {
    vi result[4];
    for (int part = 0; part < 4; part++) {
        const uint8_t *from = in + part * FLOATS;
        float *at = sums + part * FLOATS;
        vf sum[5];
        rows_of(sum, from, weight, symmetric ? size / 2 + 1 : size, size, step);
        for (int i = 0; i < size / 2 && symmetric; i++) {
            sum[size - 1 - i] = sum[i];
        }
        vf s = v_add_f32(v_load_f32(at + (size - 2) * stride), sum[size - 1]);
        /* The maximum is its second operand if the first is NaN. */
        s = v_min_f32(v_max_f32(s, v_set_f32(0.0f)), v_set_f32(255.0f));
        result[part] = v_f32_to_i32(s);
        for (int k = size - 2; k > 0; k--) {
            v_store_f32(at + k * stride, v_add_f32(v_load_f32(at + (k - 1) * stride), sum[k]));
        }
        v_store_f32(at, v_add_f32(start, sum[0]));
    }
    return narrow(result);
}

SIMD_INLINE void conv_any(
    uint8_t *out, const uint8_t *in, float *sums, int n, const ImgConv *conv, int size, int step,
    bool symmetric) {
    const size_t stride = CONV_STRIDE(n);
    const vf start = v_set_f32(conv->start);
    vf weight[25];
    for (int i = 0; i < size * size; i++) {
        weight[i] = v_set_f32(conv->weight[i]);
    }
    int32_t pixel;
    memcpy(&pixel, conv->keep, sizeof(pixel));
    const vi keep = v_set_i32(step == 4 ? pixel : -1);
    int x = 0;
    for (; x + SIMD_BYTES <= n; x += SIMD_BYTES) {
        const vi v = conv_block(in + x, sums + x, stride, weight, start, size, step, symmetric);
        v_store(out + x, v_and(v, keep));
    }
    if (x < n) {
        /* The rest, with what lies beside it, from a buffer that can be read beyond its end. */
        const int margin = size / 2 * step;
        uint8_t buffer[SIMD_BYTES + 16] = {0};
        memcpy(buffer, in + x - margin, (size_t)(n - x + 2 * margin));
        const vi v =
            conv_block(buffer + margin, sums + x, stride, weight, start, size, step, symmetric);
        v_store_part(out + x, v_and(v, keep), (size_t)(n - x));
    }
}

#define CONV_ROW(name, size)                                                                       \
    void SIMD_NAME(name)(                                                                          \
        uint8_t * out, const uint8_t *in, float *sums, int n, const ImgConv *conv) {               \
        if (conv->step == 1) {                                                                     \
            if (conv->symmetric) {                                                                 \
                conv_any(out, in, sums, n, conv, size, 1, true);                                   \
            } else {                                                                               \
                conv_any(out, in, sums, n, conv, size, 1, false);                                  \
            }                                                                                      \
        } else if (conv->symmetric) {                                                              \
            conv_any(out, in, sums, n, conv, size, 4, true);                                       \
        } else {                                                                                   \
            conv_any(out, in, sums, n, conv, size, 4, false);                                      \
        }                                                                                          \
    }

CONV_ROW(conv3_row, 3)
CONV_ROW(conv5_row, 5)

#undef CONV_ROW
#undef conv_any
#undef conv_block
#undef rows_of
#undef narrow
#undef to_floats
#undef FLOATS
