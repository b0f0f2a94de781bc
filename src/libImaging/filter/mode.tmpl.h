/* SIMD version of mode_row: the windows are sorted, and equal values, now neighbours, counted. */
#include "filter/rank_columns.tmpl.h"

WINDOW_SORT(3, RANK3_SORT, RANK3_MERGE)
WINDOW_SORT(5, RANK5_SORT, RANK5_MERGE)

/* One more value in ascending order: `run` counts how often it occurred so far. Only a longer run
 * than the best replaces it, so that the lowest of equally frequent values stays. */
#define MODE_STEP(next)                                                                            \
    {                                                                                              \
        const vi v = next;                                                                         \
        run = v_add_i8(v_and(run, v_cmpeq_u8(v, last)), one);                                      \
        last = v;                                                                                  \
        const vi longer = v_subs_u8(run, most);                                                    \
        value = v_select(v_cmpeq_u8(longer, v_zero()), value, v);                                  \
        most = v_max_u8(most, run);                                                                \
    }

#define MODE_ROW(S, wires)                                                                         \
    static void SIMD_NAME(mode_row##S)(uint8_t * out, const uint8_t *const *rows, int n) {         \
        uint8_t columns[S][RANK_CHUNK + 128];                                                      \
        const vi one = v_set_u8(1);                                                                \
        for (int x = 0; x < n; x += RANK_CHUNK) {                                                  \
            const int part = n - x < RANK_CHUNK ? n - x : RANK_CHUNK;                              \
            SIMD_NAME(rank_columns##S)(columns, rows, x, part + S - 1);                            \
            const uint8_t *centre = rows[S / 2] + x + S / 2;                                       \
            for (int i = 0; i < part; i += SIMD_BYTES) {                                           \
                const int rest = part - i;                                                         \
                vi w[S * S];                                                                       \
                SIMD_NAME(rank_merge##S)(w, columns, i, 1);                                        \
                vi last = w[wires[0]], value = last, run = v_zero(), most = run;                   \
                for (int a = 0; a < S; a++) {                                                      \
                    for (int b = 0; b < S; b++) {                                                  \
                        MODE_STEP(w[wires[a * S + b]])                                             \
                    }                                                                              \
                }                                                                                  \
                const vi kept = rest >= SIMD_BYTES ? v_load(centre + i)                            \
                                                   : v_load_part(centre + i, (size_t)rest);        \
                const vi enough = v_subs_u8(most, v_set_u8(ENOUGH - 1));                           \
                const vi result = v_select(v_cmpeq_u8(enough, v_zero()), kept, value);             \
                if (rest >= SIMD_BYTES) {                                                          \
                    v_store(out + x + i, result);                                                  \
                } else {                                                                           \
                    v_store_part(out + x + i, result, (size_t)rest);                               \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

MODE_ROW(3, rank3_wire)
MODE_ROW(5, rank5_wire)

void SIMD_NAME(mode_row)(uint8_t *out, const uint8_t *const *rows, int n, int size) {
    if (size == 3) {
        SIMD_NAME(mode_row3)(out, rows, n);
    } else {
        SIMD_NAME(mode_row5)(out, rows, n);
    }
}

#undef MODE_ROW
#undef MODE_STEP
#include "filter/rank_forget.h"
