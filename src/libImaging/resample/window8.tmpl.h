/* Horizontal convolution of bytes through windows (AVX-512); a part of horizontal8.tmpl.h. */

typedef struct {
    size_t step; /* bytes from one chunk's taps to the next's */
    vi keep;
    bool pairs, equal;
    int pixel_size;
} SIMD_NAME(Windows);

/* Taps of one chunk out of the window (of 64 bytes) or the windows (of 128). */
SIMD_INLINE vi SIMD_NAME(pick)(const uint8_t *at, vi index) {
    return _mm512_permutexvar_epi8(index, v_load(at));
}

/* Two chunks at a time; the number of chunks is even. */
SIMD_INLINE void SIMD_NAME(pair_totals)(
    vi *total, const uint8_t *const *in, const PlanGroup *g, const uint8_t *weights, size_t step,
    bool equal) {
    const vi index[2] = {v_load(weights), v_load(weights + SIMD_BYTES)};
    const vi factor = v_load(weights + 2 * SIMD_BYTES);
    weights += (2 + equal) * SIMD_BYTES;
    SIMD_NAME(Sum) sum[RESAMPLE_ROWS_8];
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        SIMD_NAME(sum_start)(&sum[r], equal ? v_zero() : v_set_i32(HALF));
    }
    size_t at = (size_t)g->start[0];
    for (int c = 0; c < g->chunks; c += 2, at += 2 * step) {
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            const vi a = v_load(in[r] + at), b = v_load(in[r] + at + SIMD_BYTES);
            for (int i = 0; i < 2; i++) {
                const vi p = _mm512_permutex2var_epi8(a, index[i], b);
                if (equal) {
                    sum[r].low = v_dot_u8(sum[r].low, p, v_load(weights + i * SIMD_BYTES));
                } else {
                    const uint8_t *w = weights + i * VECTORS * SIMD_BYTES;
                    sum[r].high = v_dot_u8(sum[r].high, p, v_load(w));
                    sum[r].middle = v_dot_u8(sum[r].middle, p, v_load(w + SIMD_BYTES));
                    sum[r].low = v_dot_u8(sum[r].low, p, v_load(w + 2 * SIMD_BYTES));
                }
            }
        }
        weights += (size_t)2 * (equal ? 1 : VECTORS) * SIMD_BYTES;
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = equal ? v_add_i32(v_mullo_i32(sum[r].low, factor), v_set_i32(HALF))
                         : SIMD_NAME(sum_total)(&sum[r]);
    }
}

/* One chunk at a time. */
SIMD_INLINE void SIMD_NAME(window_totals)(
    vi *total, const uint8_t *const *in, const PlanGroup *g, const uint8_t *weights, size_t step,
    bool equal) {
    const vi index = v_load(weights), factor = v_load(weights + SIMD_BYTES);
    weights += (1 + equal) * SIMD_BYTES;
    SIMD_NAME(Sum) sum[RESAMPLE_ROWS_8];
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        SIMD_NAME(sum_start)(&sum[r], equal ? v_zero() : v_set_i32(HALF));
    }
    size_t at = (size_t)g->start[0];
    for (int c = 0; c < g->chunks; c++, at += step) {
        vi w[VECTORS];
        w[0] = v_load(weights);
        w[1] = equal ? w[0] : v_load(weights + SIMD_BYTES);
        w[2] = equal ? w[0] : v_load(weights + 2 * SIMD_BYTES);
        weights += (size_t)(equal ? 1 : VECTORS) * SIMD_BYTES;
        for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
            const vi p = SIMD_NAME(pick)(in[r] + at, index);
            if (equal) {
                sum[r].low = v_dot_u8(sum[r].low, p, w[0]);
            } else {
                SIMD_NAME(sum_add)(&sum[r], p, w, true);
            }
        }
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        total[r] = equal ? v_add_i32(v_mullo_i32(sum[r].low, factor), v_set_i32(HALF))
                         : SIMD_NAME(sum_total)(&sum[r]);
    }
}

/* Four groups of one chunk each, which make 64 bytes of each row. Their weights stay in registers,
 * and the parts are added to one sum, the highest first. */
SIMD_INLINE void SIMD_NAME(window_tile)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, size_t to,
    const uint8_t *plan, vi keep, bool equal) {
    vi index[4], w[4][VECTORS];
    for (int i = 0; i < 4; i++) {
        const uint8_t *p = plan + g[i].weights;
        index[i] = v_load(p);
        for (int k = 0; k < (equal ? 2 : VECTORS); k++) {
            w[i][k] = v_load(p + (size_t)(k + 1) * SIMD_BYTES);
        }
    }
    for (int r = 0; r < RESAMPLE_ROWS_8; r++) {
        vi t[4];
        for (int i = 0; i < 4; i++) {
            const vi p = SIMD_NAME(pick)(in[r] + g[i].start[0], index[i]);
            if (equal) {
                const vi sum = v_dot_u8(v_zero(), p, w[i][1]);
                t[i] = v_add_i32(v_mullo_i32(sum, w[i][0]), v_set_i32(HALF));
            } else {
                vi sum = v_dot_u8(v_set_i32(HALF >> 16), p, w[i][0]);
                sum = v_dot_u8(v_shl_i32(sum, 8), p, w[i][1]);
                t[i] = v_dot_u8(v_shl_i32(sum, 8), p, w[i][2]);
            }
            t[i] = v_shr_i32(t[i], RESAMPLE_BITS);
        }
        const vi bytes = v_packs_i16_u8(v_packs_i32_i16(t[0], t[1]), v_packs_i32_i16(t[2], t[3]));
        v_store(out[r] + to, v_and(SIMD_NAME(order_pack4)(bytes), keep));
    }
}

SIMD_INLINE bool SIMD_NAME(makes_tile)(const PlanGroup *g, int groups) {
    return groups >= 4 && (g[0].chunks | g[1].chunks | g[2].chunks | g[3].chunks) == 1 &&
           g[3].outputs == g[0].outputs;
}

SIMD_INLINE void SIMD_NAME(window_rows)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, int groups,
    const uint8_t *plan, const SIMD_NAME(Windows) * s) {
    size_t to = 0;
    while (groups > 0) {
        int made = 1;
        if (!s->pairs && SIMD_NAME(makes_tile)(g, groups)) {
            SIMD_NAME(window_tile)(out, in, g, to, plan, s->keep, s->equal);
            made = 4;
        } else {
            vi total[RESAMPLE_ROWS_8];
            if (s->pairs) {
                SIMD_NAME(pair_totals)(total, in, g, plan + g->weights, s->step, s->equal);
            } else {
                SIMD_NAME(window_totals)(total, in, g, plan + g->weights, s->step, s->equal);
            }
            const vi bytes = v_and(SIMD_NAME(totals_to_bytes)(total), s->keep);
            SIMD_NAME(store_rows)(out, to, bytes, (size_t)g->outputs * s->pixel_size);
        }
        if (groups > made) {
            SIMD_NAME(look_ahead_to)(in, g, g + made);
        }
        groups -= made;
        g += made;
        to += (size_t)made * 16;
    }
}

static void SIMD_NAME(windows)(
    uint8_t *const *out, const uint8_t *const *in, const PlanGroup *g, const PlanHead *p,
    const uint8_t *plan, vi keep) {
    SIMD_NAME(Windows)
    s = {4 * (size_t)p->pixel_size, keep, p->kind == PAIRS, p->equal, p->pixel_size};
#define ROWS(PAIRS, EQUAL)                                                                         \
    s.pairs = PAIRS;                                                                               \
    s.equal = EQUAL;                                                                               \
    SIMD_NAME(window_rows)(out, in, g, p->groups, plan, &s)
    if (p->kind == PAIRS && p->equal) {
        ROWS(true, true);
    } else if (p->kind == PAIRS) {
        ROWS(true, false);
    } else if (p->equal) {
        ROWS(false, true);
    } else {
        ROWS(false, false);
    }
#undef ROWS
}
