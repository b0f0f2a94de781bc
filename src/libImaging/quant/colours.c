#include "quant/colours.h"

#include <stdlib.h>
#include <string.h>

/* Knuth's multiplicative hash; the high bits are the good ones. */
static inline size_t first_slot(const NumberSet *set, uint32_t value) {
    return (size_t)((value * 0x9e3779b97f4a7c15u) >> 40) & set->mask;
}

bool number_set_init(NumberSet *set, size_t expected) {
    size_t slots = 64;
    expected = expected < 32768 ? expected : 32768;
    while (slots < 2 * expected) {
        slots *= 2;
    }
    set->mask = slots - 1;
    set->count = 0;
    set->room = slots / 2;
    set->slot = calloc(slots, sizeof(*set->slot));
    set->value = malloc(set->room * sizeof(*set->value));
    if (!set->slot || !set->value) {
        number_set_free(set);
        return false;
    }
    return true;
}

void number_set_free(NumberSet *set) {
    free(set->slot);
    free(set->value);
    set->slot = NULL;
    set->value = NULL;
}

/* Four times the slots, so that growing stays rare. At most 2^24 colours: sizes do not overflow. */
static bool number_set_grow(NumberSet *set) {
    const size_t slots = 4 * (set->mask + 1);
    uint32_t *slot = calloc(slots, sizeof(*slot));
    uint32_t *value = realloc(set->value, slots / 2 * sizeof(*value));
    set->value = value ? value : set->value;
    if (!slot || !value) {
        free(slot);
        return false;
    }
    free(set->slot);
    set->slot = slot;
    set->mask = slots - 1;
    set->room = slots / 2;
    for (size_t i = 0; i < set->count; i++) {
        size_t s = first_slot(set, value[i]);
        while (slot[s]) {
            s = (s + 1) & set->mask;
        }
        slot[s] = (uint32_t)i + 1;
    }
    return true;
}

size_t number_set_add(NumberSet *set, uint32_t value) {
    size_t s = first_slot(set, value);
    while (set->slot[s]) {
        const size_t number = set->slot[s] - 1;
        if (set->value[number] == value) {
            return number;
        }
        s = (s + 1) & set->mask;
    }
    if (set->count == set->room) {
        return number_set_grow(set) ? number_set_add(set, value) : SIZE_MAX;
    }
    set->value[set->count++] = value;
    set->slot[s] = (uint32_t)set->count;
    return set->count - 1;
}

bool quant_colours_find(QuantColours *colours) {
    NumberSet set;
    if (!number_set_init(&set, colours->pixels)) {
        return false;
    }
    uint32_t last = 0;
    size_t number = SIZE_MAX;
    for (size_t i = 0; i < colours->pixels; i++) {
        const uint32_t colour = colours->id[i];
        if (colour != last || number == SIZE_MAX) {
            number = number_set_add(&set, colour);
            if (number == SIZE_MAX) {
                number_set_free(&set);
                return false;
            }
            last = colour;
        }
        colours->id[i] = (uint32_t)number;
    }
    colours->count = set.count;
    colours->colour = set.value;
    free(set.slot);
    colours->uses = calloc(set.count, sizeof(*colours->uses));
    colours->index = calloc(set.count, 1);
    if (!colours->uses || !colours->index) {
        return false;
    }
    for (size_t i = 0; i < colours->pixels; i++) {
        colours->uses[colours->id[i]]++;
    }
    return true;
}

void quant_colours_free(QuantColours *colours) {
    free(colours->id);
    free(colours->colour);
    free(colours->uses);
    free(colours->index);
}

uint32_t sums_mean(const ColourSums *sums) {
    uint32_t mean = 0;
    for (int k = 0; k < 3 && sums->uses; k++) {
        const double m = 0.5 + (double)sums->sum[k] / (double)sums->uses;
        mean |= ((uint32_t)m & 255) << (8 * k);
    }
    return mean;
}
