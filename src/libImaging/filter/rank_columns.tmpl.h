/* Sorted windows, for the templates of rank and mode filters: WINDOW_SORT(S, SORT, MERGE) defines
 * rank_columnsS, which sorts the columns of a chunk of S rows, and rank_mergeS, which merges the S
 * columns that the windows at SIMD_BYTES places cover. */
#define RANK_CHUNK 1024 /* bytes of output between two fillings of the sorted columns */

#define CE(a, b)                                                                                   \
    {                                                                                              \
        const vi less = v_min_u8(w[a], w[b]);                                                      \
        w[b] = v_max_u8(w[a], w[b]);                                                               \
        w[a] = less;                                                                               \
    }

#define WINDOW_SORT(S, SORT, MERGE)                                                                \
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
    }
