#include "filter/morph.h"

#include <string.h>

int img_morph_index(const ImgImage *image, int x, int y) {
    int index = 0;
    for (int row = 0; row < 3; row++) {
        const uint8_t *p = image->rows[y - 1 + row] + x - 1;
        const int bits = (p[0] & 1) | (p[1] & 1) << 1 | (p[2] & 1) << 2;
        index |= bits << (3 * row);
    }
    return index;
}

/* The nine bits of the next pixel are those of this one, each row moved by one, and a new column.
 */
static long apply_row(uint8_t *out, const uint8_t *const rows[3], int width, const uint8_t *table) {
    long changed = 0;
    int index = 0;
    for (int k = 0; k < 2; k++) {
        for (int row = 0; row < 3; row++) {
            index |= (rows[row][k] & 1) << (3 * row + 1 + k);
        }
    }
    for (int x = 1; x < width - 1; x++) {
        index = (index >> 1) & 0333; /* octal: drops what moved into the next row's bits */
        for (int row = 0; row < 3; row++) {
            index |= (rows[row][x + 1] & 1) << (3 * row + 2);
        }
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
