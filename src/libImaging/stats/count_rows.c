/* The kernel of histograms. */
#include "simd/kernels.h"
#include "stats/tables.h"

void count_rows_scalar(
    uint32_t *counts, const uint8_t *const *rows, size_t height, size_t pixels, int bands) {
    ImgTables tables;
    memset(tables, 0, sizeof(tables));
    for (size_t y = 0; y < height; y++) {
        img_count_row(tables, rows[y], pixels, bands);
    }
    img_add_tables(counts, tables, bands > 1 ? 4 : 1);
}

#define SIMD_FIRST 3
#define SIMD_TEMPLATE "stats/count_tiles.tmpl.h"
#include "simd/instantiate.h"
