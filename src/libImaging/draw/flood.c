/* Flood fill by spans: a run of open pixels is filled at once, and the rows above and below it are
 * searched for runs that touch it. */
#include "draw/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int x, y;
} Place;

/* The rule, brought down to what compares fastest for the mode. */
typedef enum { SAME_BITS, OTHER_BITS, NEAR_BYTES, NUMBERS } Test;

typedef struct {
    ImgImage *image;
    const ImgFloodRule *rule;
    uint8_t ink[4];
    Test test;
    uint32_t used;    /* the bits of a pixel that its value has */
    uint32_t bits[2]; /* background, or barriers */
    int limit;        /* greatest distance of NEAR_BYTES */
    uint8_t *seen;    /* a byte for each pixel: filled by this flood */
    Place *stack;
    size_t count, room;
} Flood;

static inline uint32_t load_bits(const uint8_t *pixel, int size) {
    uint32_t bits = 0;
    memcpy(&bits, pixel, (size_t)size);
    return bits;
}

static double band_value(const ImgMode *mode, const uint8_t *pixel, int band) {
    int32_t integer;
    float real;
    switch (mode->type) {
    case IMG_U16:
        return mode->id == IMG_MODE_I16B ? pixel[0] * 256 + pixel[1] : pixel[1] * 256 + pixel[0];
    case IMG_I32:
        memcpy(&integer, pixel, sizeof(integer));
        return integer;
    case IMG_F32:
        memcpy(&real, pixel, sizeof(real));
        return (double)real;
    default:
        return pixel[mode->band_offset[band]];
    }
}

static bool open_by_numbers(const Flood *flood, const uint8_t *pixel) {
    const ImgMode *mode = flood->image->mode;
    const ImgFloodRule *rule = flood->rule;
    if (!rule->bordered) {
        double distance = 0;
        for (int i = 0; i < mode->bands; i++) {
            distance += fabs(band_value(mode, pixel, i) - rule->background[i]);
        }
        return distance <= rule->threshold;
    }
    for (int k = 0; k < rule->barriers; k++) {
        bool equal = true;
        for (int i = 0; i < mode->bands; i++) {
            equal = equal && band_value(mode, pixel, i) == rule->barrier[k][i];
        }
        if (equal) {
            return false;
        }
    }
    return true;
}

static bool open_by_bytes(const Flood *flood, const uint8_t *pixel) {
    const ImgMode *mode = flood->image->mode;
    int distance = 0;
    for (int i = 0; i < mode->bands; i++) {
        distance += abs(pixel[mode->band_offset[i]] - (int)flood->rule->background[i]);
    }
    return distance <= flood->limit;
}

static inline bool is_open(const Flood *flood, int64_t x, int64_t y) {
    const ImgImage *image = flood->image;
    if (flood->seen[(size_t)y * (size_t)image->width + (size_t)x]) {
        return false;
    }
    const int size = image->mode->pixel_size;
    const uint8_t *pixel = image->rows[y] + (size_t)x * (size_t)size;
    switch (flood->test) {
    case SAME_BITS:
        return (load_bits(pixel, size) & flood->used) == flood->bits[0];
    case OTHER_BITS: {
        const uint32_t bits = load_bits(pixel, size) & flood->used;
        return bits != flood->bits[0] && bits != flood->bits[1];
    }
    case NEAR_BYTES:
        return open_by_bytes(flood, pixel);
    default:
        return open_by_numbers(flood, pixel);
    }
}

/* The bits of a pixel with these band values; false if a pixel cannot have them. */
static bool bits_of(const ImgMode *mode, const double *values, uint32_t *bits) {
    uint8_t pixel[4] = {0};
    for (int i = 0; i < mode->bands; i++) {
        const double v = values[i];
        if (!(v >= 0 && v <= 255) || v != floor(v)) {
            return false;
        }
        pixel[mode->band_offset[i]] = (uint8_t)v;
    }
    *bits = load_bits(pixel, 4);
    return true;
}

static void choose_test(Flood *flood) {
    const ImgMode *mode = flood->image->mode;
    const ImgFloodRule *rule = flood->rule;
    flood->test = NUMBERS;
    if (mode->type != IMG_U8) {
        return;
    }
    uint8_t used[4] = {0};
    for (int i = 0; i < mode->bands; i++) {
        used[mode->band_offset[i]] = 255;
    }
    flood->used = load_bits(used, 4);
    if (rule->bordered) {
        if (rule->barriers > 0 && bits_of(mode, rule->barrier[0], &flood->bits[0]) &&
            bits_of(mode, rule->barrier[rule->barriers - 1], &flood->bits[1])) {
            flood->test = OTHER_BITS;
        }
        return;
    }
    if (!bits_of(mode, rule->background, &flood->bits[0]) || !(rule->threshold >= 0)) {
        return;
    }
    /* Sums of bytes are whole and at most 4 * 255. */
    flood->limit = rule->threshold < 1020 ? (int)rule->threshold : 1020;
    flood->test = flood->limit == 0 ? SAME_BITS : NEAR_BYTES;
}

static bool push(Flood *flood, int64_t x, int64_t y) {
    if (flood->count == flood->room) {
        const size_t room = flood->room ? 2 * flood->room : 256;
        Place *grown =
            room <= SIZE_MAX / sizeof(*grown) ? realloc(flood->stack, room * sizeof(*grown)) : NULL;
        if (!grown) {
            return false;
        }
        flood->stack = grown;
        flood->room = room;
    }
    flood->stack[flood->count++] = (Place){(int)x, (int)y};
    return true;
}

/* Puts one place of each open run within the columns on the stack. */
static bool push_runs(Flood *flood, int64_t from, int64_t to, int64_t y) {
    if (y < 0 || y >= flood->image->height) {
        return true;
    }
    bool inside = false;
    for (int64_t x = from; x <= to; x++) {
        const bool open = is_open(flood, x, y);
        if (open && !inside && !push(flood, x, y)) {
            return false;
        }
        inside = open;
    }
    return true;
}

static bool fill_run(Flood *flood, Place place) {
    if (!is_open(flood, place.x, place.y)) {
        return true; /* filled since it was pushed */
    }
    const ImgImage *image = flood->image;
    int64_t from = place.x, to = place.x;
    while (from > 0 && is_open(flood, from - 1, place.y)) {
        from--;
    }
    while (to + 1 < image->width && is_open(flood, to + 1, place.y)) {
        to++;
    }
    const size_t count = (size_t)(to - from + 1), size = image->mode->pixel_size;
    memset(flood->seen + (size_t)place.y * (size_t)image->width + (size_t)from, 1, count);
    for (size_t i = 0; i < count; i++) {
        memcpy(image->rows[place.y] + ((size_t)from + i) * size, flood->ink, size);
    }
    return push_runs(flood, from, to, (int64_t)place.y - 1) &&
           push_runs(flood, from, to, (int64_t)place.y + 1);
}

static bool start_at(Flood *flood, int64_t x, int64_t y) {
    if (x < 0 || y < 0 || x >= flood->image->width || y >= flood->image->height) {
        return true;
    }
    return push(flood, x, y);
}

bool img_flood(
    ImgImage *image, int64_t x, int64_t y, const uint8_t ink[4], const ImgFloodRule *rule,
    ImgError *err) {
    Flood flood = {.image = image, .rule = rule};
    const size_t width = (size_t)image->width, height = (size_t)image->height;
    if (width == 0 || height == 0) {
        return true;
    }
    memcpy(flood.ink, ink, 4);
    choose_test(&flood);
    flood.seen = width <= SIZE_MAX / height ? calloc(height, width) : NULL;
    if (!flood.seen) {
        return img_fail_memory(err) != NULL;
    }
    if (x >= 0 && y >= 0 && x < image->width && y < image->height) {
        flood.seen[(size_t)y * width + (size_t)x] = 1;
    }
    bool good = start_at(&flood, x - 1, y) && start_at(&flood, x + 1, y) &&
                start_at(&flood, x, y - 1) && start_at(&flood, x, y + 1);
    while (good && flood.count > 0) {
        good = fill_run(&flood, flood.stack[--flood.count]);
    }
    free(flood.stack);
    free(flood.seen);
    return good || img_fail_memory(err) != NULL;
}
