/* SIMD version of median3_rows: sorted columns stay in registers, where the neighbours to the right
 * are shifted in. */

#define column SIMD_NAME(median3_column)
#define columns_at SIMD_NAME(median3_columns_at)
#define middle SIMD_NAME(median3_middle)
#define shifted SIMD_NAME(median3_shifted)
#define median SIMD_NAME(median3_median)
#define pass SIMD_NAME(median3_pass)

typedef struct {
    vi low, mid, high;
} column;

/* The columns of the two rows of output, at byte x of the `have` that the rows have. */
SIMD_INLINE void columns_at(column to[2], const uint8_t *const *rows, int x, int have) {
    vi v[4];
    for (int i = 0; i < 4; i++) {
        v[i] = x + SIMD_BYTES <= have ? v_load(rows[i] + x)
               : x < have             ? v_load_part(rows[i] + x, (size_t)(have - x))
                                      : v_zero();
    }
    const vi low = v_min_u8(v[1], v[2]), high = v_max_u8(v[1], v[2]);
    for (int i = 0; i < 2; i++) {
        const vi above = v_max_u8(v[3 * i], low);
        to[i].low = v_min_u8(v[3 * i], low);
        to[i].mid = v_min_u8(above, high);
        to[i].high = v_max_u8(above, high);
    }
}

SIMD_INLINE vi middle(vi a, vi b, vi c) {
    return v_max_u8(v_min_u8(a, b), v_min_u8(v_max_u8(a, b), c));
}

/* a, followed by b, from byte 1 * step and 2 * step on. */
SIMD_INLINE void shifted(vi to[2], vi a, vi b, int step) {
#if SIMD_LEVEL == 3
    if (step == 4) {
        to[0] = _mm512_alignr_epi32(b, a, 1);
        to[1] = _mm512_alignr_epi32(b, a, 2);
        return;
    }
    const vi next = _mm512_alignr_epi64(b, a, 2);
#elif SIMD_LEVEL == 2
    const vi next = _mm256_permute2x128_si256(a, b, 0x21);
#else
    const vi next = b;
#endif
    to[0] = step == 4 ? v_alignr(next, a, 4) : v_alignr(next, a, 1);
    to[1] = step == 4 ? v_alignr(next, a, 8) : v_alignr(next, a, 2);
}

SIMD_INLINE vi median(const column *here, const column *next, int step) {
    vi low[2], mid[2], high[2];
    shifted(low, here->low, next->low, step);
    shifted(mid, here->mid, next->mid, step);
    shifted(high, here->high, next->high, step);
    return middle(
        v_max_u8(v_max_u8(here->low, low[0]), low[1]), middle(here->mid, mid[0], mid[1]),
        v_min_u8(v_min_u8(here->high, high[0]), high[1]));
}

SIMD_INLINE void
pass(uint8_t *const out[2], const uint8_t *const *rows, int n, int step, uint32_t keep) {
    const int have = n + 2 * step;
    const vi kept = v_set_i32(keep);
    column here[2], next[2];
    columns_at(here, rows, 0, have);
    for (int x = 0; x < n; x += SIMD_BYTES) {
        columns_at(next, rows, x + SIMD_BYTES, have);
        for (int i = 0; i < 2; i++) {
            const vi found = v_and(median(&here[i], &next[i], step), kept);
            if (n - x >= SIMD_BYTES) {
                v_store(out[i] + x, found);
            } else {
                v_store_part(out[i] + x, found, (size_t)(n - x));
            }
            here[i] = next[i];
        }
    }
}

void SIMD_NAME(median3_rows)(
    uint8_t *out0, uint8_t *out1, const uint8_t *const *rows, int n, int step, uint32_t keep) {
    uint8_t *const out[2] = {out0, out1};
    const uint8_t *const four[4] = {rows[0], rows[1], rows[2], rows[3]};
    if (step == 4) {
        pass(out, four, n, 4, keep);
    } else {
        pass(out, four, n, 1, keep);
    }
}

#undef column
#undef columns_at
#undef middle
#undef shifted
#undef median
#undef pass
