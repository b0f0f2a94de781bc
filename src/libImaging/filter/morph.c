#include "filter/morph.h"

#include <string.h>

static long apply_row(uint8_t *out, const uint8_t *const rows[3], int width, const uint8_t *table) {
    long changed = 0;
    int index = img_morph_before(rows);
    for (int x = 1; x < width - 1; x++) {
        index = img_morph_next(index, rows, x);
        out[x] = table[index] & 1 ? 255 : 0;
        changed += (out[x] ^ rows[1][x]) & 1;
    }
    return changed;
}

long img_morph_apply(ImgImage *out, const ImgImage *image, const uint8_t table[MORPH_TABLE_SIZE]) {
    const int width = image->width, height = image->height;
    long changed = 0;
    for (int y = 0; y < height; y++) {
        memset(out->rows[y], 0, out->row_bytes);
        if (y > 0 && y < height - 1 && width >= 3) {
            const uint8_t *const rows[3] = {image->rows[y - 1], image->rows[y], image->rows[y + 1]};
            changed += apply_row(out->rows[y], rows, width, table);
        }
    }
    return changed;
}
