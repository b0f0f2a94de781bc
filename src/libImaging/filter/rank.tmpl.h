/* SIMD versions of the kernels in rank.c. */

#define RANK_CHUNK 1024 /* bytes of output between two fillings of the sorted columns */

#define CE(a, b)                                                                                   \
    {                                                                                              \
        const vi less = v_min_u8(w[a], w[b]);                                                      \
        w[b] = v_max_u8(w[a], w[b]);                                                               \
        w[a] = less;                                                                               \
    }

/* Row kernel for windows of size S: sorts the columns of a chunk, S bytes at a time down the rows,
 * then merges, for each output, the S columns that its window covers. The median has its own copy,
 * from which the compiler drops the exchanges that do not reach it. */
#define RANK_KERNEL(S, SORT, MERGE, MEDIAN, wires)                                                 \
    SIMD_INLINE void SIMD_NAME(rank_columns##S)(                                                   \
        uint8_t columns[S][RANK_CHUNK + 128], const uint8_t *const *rows, int x, int n) {          \
        for (int i = 0; i < n; i += SIMD_BYTES) {                                                  \
            vi w[S];                                                                               \
            for (int k = 0; k < S; k++) {                                                          \
                const uint8_t *from = rows[k] + x + i;                                             \
                w[k] = n - i >= SIMD_BYTES ? v_load(from) : v_load_part(from, (size_t)(n - i));    \
            }                                                                                      \
            SORT(CE)                                                                               \
            for (int k = 0; k < S; k++) {                                                          \
                v_store(columns[k] + i, w[k]);                                                     \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    SIMD_INLINE void SIMD_NAME(rank_merge##S)(                                                     \
        vi w[S * S], uint8_t columns[S][RANK_CHUNK + 128], int x, int step) {                      \
        for (int c = 0; c < S; c++) {                                                              \
            for (int k = 0; k < S; k++) {                                                          \
                w[c * S + k] = v_load(columns[k] + x + c * step);                                  \
            }                                                                                      \
        }                                                                                          \
        MERGE(CE)                                                                                  \
    }                                                                                              \
    void SIMD_NAME(rank##S##_row)(                                                                 \
        uint8_t *out, const uint8_t *const *rows, int n, int step, int rank) {                     \
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
                    for (int k = 0; k < S * S; k++) {                                              \
                        all[k] = w[k];                                                             \
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
#undef CE
#undef RANK_CHUNK
