/* SIMD versions of the kernels in rank.c. */

#include "filter/rank_columns.tmpl.h"

/* The median has its own copy of the merge, from which the compiler drops the exchanges that do
 * not reach it. */
#define RANK_KERNEL(S, SORT, MERGE, MEDIAN, wires)                                                 \
    WINDOW_SORT(S, SORT, MERGE)                                                                    \
    void SIMD_NAME(rank##S##_row)(                                                                 \
        uint8_t * out, const uint8_t *const *rows, int n, int step, int rank) {                    \
        uint8_t columns[S][RANK_CHUNK + 128];                                                      \
        const int wire = wires[rank];                                                              \
        for (int x = 0; x < n; x += RANK_CHUNK) {                                                  \
            const int part = n - x < RANK_CHUNK ? n - x : RANK_CHUNK;                              \
            SIMD_NAME(rank_columns##S)(columns, rows, x, part + (S - 1) * step);                   \
            for (int i = 0; i < part; i += SIMD_BYTES) {                                           \
                vi w[S * S], found;                                                                \
                if (wire == MEDIAN) {                                                              \
                    SIMD_NAME(rank_merge##S)(w, columns, i, step);                                 \
                    found = w[MEDIAN];                                                             \
                } else {                                                                           \
                    vi all[S * S];                                                                 \
                    SIMD_NAME(rank_merge##S)(w, columns, i, step);                                 \
                    for (int c = 0; c < S; c++) {                                                  \
                        for (int k = 0; k < S; k++) {                                              \
                            all[c * S + k] = w[c * S + k];                                         \
                        }                                                                          \
                    }                                                                              \
                    found = all[wire];                                                             \
                }                                                                                  \
                if (part - i >= SIMD_BYTES) {                                                      \
                    v_store(out + x + i, found);                                                   \
                } else {                                                                           \
                    v_store_part(out + x + i, found, (size_t)(part - i));                          \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

RANK_KERNEL(3, RANK3_SORT, RANK3_MERGE, RANK3_MEDIAN, rank3_wire)
RANK_KERNEL(5, RANK5_SORT, RANK5_MERGE, RANK5_MEDIAN, rank5_wire)

void SIMD_NAME(extreme_rows)(
    uint8_t *out, const uint8_t *const *rows, int count, int n, bool highest) {
    int x = 0;
    for (; x + SIMD_BYTES <= n; x += SIMD_BYTES) {
        vi best = v_load(rows[0] + x);
        for (int i = 1; i < count; i++) {
            const vi v = v_load(rows[i] + x);
            best = highest ? v_max_u8(best, v) : v_min_u8(best, v);
        }
        v_store(out + x, best);
    }
    if (x < n) {
        const size_t rest = (size_t)(n - x);
        vi best = v_load_part(rows[0] + x, rest);
        for (int i = 1; i < count; i++) {
            const vi v = v_load_part(rows[i] + x, rest);
            best = highest ? v_max_u8(best, v) : v_min_u8(best, v);
        }
        v_store_part(out + x, best, rest);
    }
}

#undef RANK_KERNEL
#include "filter/rank_forget.h"
