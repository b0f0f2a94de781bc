/* The filters of PNG rows (PNG specification, section 9): names, and undoing one row. */
#ifndef IMAGING_CODEC_PNG_FILTER_H
#define IMAGING_CODEC_PNG_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    PNG_NONE = 0,
    PNG_SUB = 1,
    PNG_UP = 2,
    PNG_AVERAGE = 3,
    PNG_PAETH = 4,
    PNG_FILTER_COUNT
} PngFilter;

/* Turns the filtered bytes of a row into the pixels, in place. `above` is the row before, already
 * restored, or zeros; bpp the bytes of a pixel, at least 1. False if there is no such filter. */
bool png_restore_row(unsigned filter, uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp);

/* The prediction of the Paeth filter: of left, above and above left the one nearest to
 * left + above - corner; ties in this order. */
static inline uint8_t png_paeth(int left, int above, int corner) {
    int to_left = above - corner, to_above = left - corner, to_corner = to_left + to_above;
    to_left = to_left < 0 ? -to_left : to_left;
    to_above = to_above < 0 ? -to_above : to_above;
    to_corner = to_corner < 0 ? -to_corner : to_corner;
    int nearest = to_above <= to_corner ? above : corner;
    int distance = to_above <= to_corner ? to_above : to_corner;
    return (uint8_t)(to_left <= distance ? left : nearest);
}

#endif
