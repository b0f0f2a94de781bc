/* Histograms without a store for each value (AVX-512 with VPOPCNTDQ); see simd/instantiate.h.
 *
 * A table takes one store a value, and there is one store a cycle. But in a tile of an image the
 * values of a band lie close together. So the tile's bytes are turned into bit planes, 512 bits to
 * a vector, and for each value v between the least and the greatest one a few logical operations
 * leave the bits of the pixels that are v, to be counted. That takes about 5 cycles a value of the
 * range for 1024 pixels, besides 0.2 cycles a pixel for the planes. */

#include "simd/part.tmpl.h"

enum { TILE_ROWS = 16, TILE_WIDTH = 64 };

/* With more than so many eights of values, of 32, tables are faster. */
enum { NARROW = 26 };

/* Finding out that a range is wide takes time too: tables count the first such tile, then 3 at
 * once, then this many. */
enum { MOST_MISSED = 7 };

/* Below so many pixels, clearing and adding up the sums takes longer than tiles save. */
enum { TILES_PAY = 32768 };

/* How often the values were counted, in 8 parts. */
typedef uint64_t SIMD_NAME(Sums)[256][8];

/* The bits of `mask` in b's bytes change places with those `shift` higher in a's. */
SIMD_INLINE void SIMD_NAME(swap_bits)(vi *a, vi *b, int shift, vi mask) {
    enum { CHOOSE = 0xca }; /* by the first: the second or the third */
    const vi high = _mm512_srli_epi16(*a, (unsigned)shift);
    const vi low = _mm512_slli_epi16(*b, (unsigned)shift);
    *a = _mm512_ternarylogic_epi64(mask, *a, low, CHOOSE);
    *b = _mm512_ternarylogic_epi64(mask, high, *b, CHOOSE);
}

/* Eight vectors of bytes become the planes 0 to 7: a transposition of 8 x 8 bits, whatever the
 * order of the pixels. */
SIMD_INLINE void SIMD_NAME(planes)(vi v[8]) {
    for (int i = 0; i < 4; i++) {
        SIMD_NAME(swap_bits)(&v[i], &v[i + 4], 4, v_set_u8(0x0f));
    }
    for (int i = 0; i < 8; i += i % 4 == 1 ? 3 : 1) {
        SIMD_NAME(swap_bits)(&v[i], &v[i + 2], 2, v_set_u8(0x33));
    }
    for (int i = 0; i < 8; i += 2) {
        SIMD_NAME(swap_bits)(&v[i], &v[i + 1], 1, v_set_u8(0x55));
    }
}

/* The least byte of 64. */
SIMD_INLINE int SIMD_NAME(least)(vi v) {
    const __m256i half =
        _mm256_min_epu8(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    const __m128i lane =
        _mm_min_epu8(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    const __m128i words =
        _mm_min_epu8(lane, _mm_srli_epi16(lane, 8)); /* the high byte is no more */
    return _mm_cvtsi128_si32(_mm_minpos_epu16(words)) & 255;
}

/* Where the three bits of k, from the highest, are a, b and c. */
#define WHERE(k, a, b, c) _mm512_ternarylogic_epi64(a, b, c, 1 << (k))

SIMD_INLINE void SIMD_NAME(by_low_bits)(vi found[8], const vi planes[8]) {
    const vi a = planes[2], b = planes[1], c = planes[0];
    found[0] = WHERE(0, a, b, c);
    found[1] = WHERE(1, a, b, c);
    found[2] = WHERE(2, a, b, c);
    found[3] = WHERE(3, a, b, c);
    found[4] = WHERE(4, a, b, c);
    found[5] = WHERE(5, a, b, c);
    found[6] = WHERE(6, a, b, c);
    found[7] = WHERE(7, a, b, c);
}
#undef WHERE

/* Counts the values 8 * first to 8 * last + 7, all there are, in two vectors of each plane. */
SIMD_INLINE void
SIMD_NAME(count_planes)(SIMD_NAME(Sums) sums, const vi planes[16], int first, int last) {
    enum { OR_DIFFERS = 0xf6 }; /* first | (second ^ third) */
    vi low[2][8];
    SIMD_NAME(by_low_bits)(low[0], planes);
    SIMD_NAME(by_low_bits)(low[1], planes + 8);
    for (int eight = first; eight <= last; eight++) {
        vi others[2] = {v_zero(), v_zero()};
        for (int k = 0; k < 5; k++) {
            const vi bit = _mm512_set1_epi64(-(eight >> k & 1));
            for (int j = 0; j < 2; j++) {
                others[j] =
                    _mm512_ternarylogic_epi64(others[j], planes[8 * j + 3 + k], bit, OR_DIFFERS);
            }
        }
        for (int k = 0; k < 8; k++) {
            uint64_t *sum = sums[8 * eight + k];
            const vi one = _mm512_popcnt_epi64(_mm512_andnot_si512(others[0], low[0][k]));
            const vi two = _mm512_popcnt_epi64(_mm512_andnot_si512(others[1], low[1][k]));
            v_store(sum, _mm512_add_epi64(v_load(sum), _mm512_add_epi64(one, two)));
        }
    }
}

typedef struct {
    int first, last;
} SIMD_NAME(Range);

/* The eights of values that occur. */
SIMD_INLINE SIMD_NAME(Range) SIMD_NAME(range)(const vi tile[TILE_ROWS]) {
    vi low = tile[0], high = tile[0];
    for (int y = 1; y < TILE_ROWS; y++) {
        low = v_min_u8(low, tile[y]);
        high = v_max_u8(high, tile[y]);
    }
    const int least = SIMD_NAME(least)(low);
    const int greatest = 255 - SIMD_NAME(least)(v_xor(high, v_set_u8(255)));
    return (SIMD_NAME(Range)){least >> 3, greatest >> 3};
}

static void
SIMD_NAME(count_band)(SIMD_NAME(Sums) sums, vi tile[TILE_ROWS], SIMD_NAME(Range) range) {
    SIMD_NAME(planes)(tile);
    SIMD_NAME(planes)(tile + 8);
    SIMD_NAME(count_planes)(sums, tile, range.first, range.last);
}

SIMD_INLINE void
SIMD_NAME(load_tile)(vi tile[4][TILE_ROWS], const uint8_t *const *rows, size_t x, int bands) {
    for (int y = 0; y < TILE_ROWS; y++) {
        if (bands == 1) {
            tile[0][y] = v_load(rows[y] + x);
        } else {
            vi band[4];
            SIMD_NAME(part)(band, rows[y] + 4 * x);
            for (int b = 0; b < 4; b++) {
                tile[b][y] = band[b];
            }
        }
    }
}

/* Counts a tile whose bands have narrow ranges; false: counts nothing. */
static bool
SIMD_NAME(count_tile)(SIMD_NAME(Sums) * sums, const uint8_t *const *rows, size_t x, int bands) {
    vi tile[4][TILE_ROWS];
    SIMD_NAME(Range) range[4];
    int eights = 0;
    SIMD_NAME(load_tile)(tile, rows, x, bands);
    for (size_t b = 0; b < 4; b++) {
        if (img_byte_counts(bands, b)) {
            range[b] = SIMD_NAME(range)(tile[b]);
            eights += range[b].last - range[b].first + 1;
        }
    }
    if (eights > NARROW * bands) {
        return false;
    }
    for (size_t b = 0; b < 4; b++) {
        if (img_byte_counts(bands, b)) {
            SIMD_NAME(count_band)(sums[b], tile[b], range[b]);
        }
    }
    return true;
}

/* Some columns of TILE_ROWS rows. */
static void SIMD_NAME(count_part)(
    ImgTables tables, const uint8_t *const *rows, size_t x, size_t width, int bands) {
    for (size_t y = 0; y < TILE_ROWS; y++) {
        img_count_row(tables, rows[y] + (bands > 1 ? 4 * x : x), width, bands);
    }
}

static void SIMD_NAME(add_sums)(uint32_t *counts, SIMD_NAME(Sums) * sums, int bands) {
    for (size_t b = 0; b < (bands == 1 ? 1 : 4); b++) {
        for (size_t v = 0; v < 256 && img_byte_counts(bands, b); v++) {
            counts[256 * b + v] += (uint32_t)_mm512_reduce_add_epi64(v_load(sums[b][v]));
        }
    }
}

void SIMD_NAME(count_rows)(
    uint32_t *counts, const uint8_t *const *rows, size_t height, size_t pixels, int bands) {
    const size_t pixel_bytes = bands > 1 ? 4 : 1;
    size_t y = 0;
    if (pixels < TILE_WIDTH || height < TILE_ROWS || height < TILES_PAY / pixels) {
        count_rows_scalar(counts, rows, height, pixels, bands);
        return;
    }
    _Alignas(64) SIMD_NAME(Sums) sums[4];
    ImgTables tables; /* tiles of a wide range, and what tiles leave over */
    memset(sums, 0, sizeof(sums));
    memset(tables, 0, sizeof(tables));
    size_t missed = 0;
    for (; y + TILE_ROWS <= height; y += TILE_ROWS) {
        for (size_t x = 0, n; x < pixels; x += n) {
            n = TILE_WIDTH;
            if (x + n <= pixels && SIMD_NAME(count_tile)(sums, rows + y, x, bands)) {
                missed = 0;
                continue;
            }
            missed = missed < MOST_MISSED ? 2 * missed + 1 : missed;
            n = pixels - x < missed * TILE_WIDTH ? pixels - x : missed * TILE_WIDTH;
            SIMD_NAME(count_part)(tables, rows + y, x, n, bands);
        }
    }
    for (; y < height; y++) {
        img_count_row(tables, rows[y], pixels, bands);
    }
    img_add_tables(counts, tables, pixel_bytes);
    SIMD_NAME(add_sums)(counts, sums, bands);
}
