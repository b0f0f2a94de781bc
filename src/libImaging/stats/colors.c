/* The distinct pixels of an image.
 *
 * The order of the result is observable, so this is Pillow's hash table to the letter: open
 * addressing, double hashing with steps in GF(2)[x] modulo the table's polynomial. */
#include "stats/stats.h"

#include <stdlib.h>
#include <string.h>

/* Table sizes are the powers of two from 4 on; `tail` completes a primitive polynomial of that
 * degree, so that doubled steps visit every slot. */
static const uint32_t tails[] = {3, 3,  3,  5, 3, 3, 29, 17, 9, 5,  83, 27, 43, 3, 45,
                                 9, 39, 39, 9, 5, 3, 33, 27, 9, 71, 39, 9,  5,  83};
enum { SIZES = sizeof(tails) / sizeof(tails[0]) };

/* Eight bytes, since the table's memory is most of the work for photographs. */
typedef struct {
    uint32_t pixel;
    uint32_t count;
} Slot;

typedef struct {
    uint32_t mask; /* slots - 1 */
    uint32_t tail;
    Slot *slots;
    uint32_t *high; /* upper halves of the counts, or NULL: none can need them */
} Table;

static bool is_free(const Table *table, uint32_t slot) {
    return table->slots[slot].count == 0 && !(table->high && table->high[slot]);
}

static uint32_t slot_of(const Table *table, uint32_t pixel) {
    uint32_t slot = ~pixel & table->mask;
    uint32_t step = (pixel ^ (pixel >> 3)) & table->mask;
    if (!step) {
        step = table->mask;
    }
    while (!is_free(table, slot) && table->slots[slot].pixel != pixel) {
        slot = (slot + step) & table->mask;
        step <<= 1;
        if (step > table->mask) {
            step ^= table->tail;
        }
    }
    return slot;
}

/* False: more than `most`. Runs of one pixel are looked up once. */
static bool count_all(const ImgImage *image, uint32_t most, const Table *table, size_t *used) {
    uint32_t counted_bytes = UINT32_MAX;
    if (image->mode->bands == 3) {
        memset((uint8_t *)&counted_bytes + 3, 0, 1);
    }
    const size_t width = (size_t)image->width;
    *used = 0;
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->rows[y];
        for (size_t x = 0; x < width;) {
            uint32_t pixel, next;
            memcpy(&pixel, row + 4 * x, 4);
            pixel &= counted_bytes;
            size_t end = x + 1;
            for (; end < width; end++) {
                memcpy(&next, row + 4 * end, 4);
                if ((next & counted_bytes) != pixel) {
                    break;
                }
            }
            const uint32_t at = slot_of(table, pixel);
            Slot *slot = &table->slots[at];
            if (is_free(table, at)) {
                if (*used == most) {
                    return false;
                }
                (*used)++;
                slot->pixel = pixel;
            }
            const uint32_t run = (uint32_t)(end - x);
            slot->count += run;
            if (slot->count < run) {
                table->high[at]++;
            }
            x = end;
        }
    }
    return true;
}

static bool list_colors(const Table *table, ImgColors *out, ImgError *err) {
    out->colors = malloc((out->used + 1) * sizeof(*out->colors));
    if (!out->colors) {
        return img_fail_memory(err) != NULL;
    }
    size_t listed = 0;
    for (uint32_t i = 0; listed < out->used; i++) {
        if (!is_free(table, i)) {
            const uint64_t high = table->high ? table->high[i] : 0;
            out->colors[listed].pixel = table->slots[i].pixel;
            out->colors[listed++].count = high << 32 | table->slots[i].count;
        }
    }
    return true;
}

bool img_colors(const ImgImage *image, int most, ImgColors *out, ImgError *err) {
    if (image->mode->pixel_size != 4) {
        return img_fail_mode(err) != NULL;
    }
    memset(out, 0, sizeof(*out));
    out->used = SIZE_MAX;
    if (most < 0) {
        return true;
    }
    int k = 0;
    while (k < SIZES && ((uint32_t)4 << k) <= (uint32_t)most) {
        k++;
    }
    if (k == SIZES) {
        return img_fail_memory(err) != NULL;
    }
    const size_t slots = (size_t)4 << k;
    const bool many = (uint64_t)image->width * (uint64_t)image->height > UINT32_MAX;
    const Table table = {
        (uint32_t)(slots - 1), tails[k], calloc(slots, sizeof(Slot)),
        many ? calloc(slots, sizeof(uint32_t)) : NULL};
    bool done = table.slots && (!many || table.high);
    if (!done) {
        img_fail_memory(err);
    } else if (count_all(image, (uint32_t)most, &table, &out->used)) {
        done = list_colors(&table, out, err);
    } else {
        out->used = SIZE_MAX;
    }
    free(table.slots);
    free(table.high);
    return done;
}

void img_colors_free(ImgColors *colors) {
    free(colors->colors);
    colors->colors = NULL;
}
