/* PNG filters: the portable references of the kernels. */
#include "codec/png_filter.h"

#include "simd/kernels.h"

/* Restoring. The first pixel of a row has zeros to its left. */

void png_restore_sub_scalar(uint8_t *row, size_t bytes, size_t bpp) {
    for (size_t i = bpp; i < bytes; i++) {
        row[i] = (uint8_t)(row[i] + row[i - bpp]);
    }
}

void png_restore_up_scalar(uint8_t *row, const uint8_t *above, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        row[i] = (uint8_t)(row[i] + above[i]);
    }
}

void png_restore_average_scalar(uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    size_t first = bpp < bytes ? bpp : bytes;
    for (size_t i = 0; i < first; i++) {
        row[i] = (uint8_t)(row[i] + above[i] / 2);
    }
    for (size_t i = first; i < bytes; i++) {
        row[i] = (uint8_t)(row[i] + (row[i - bpp] + above[i]) / 2);
    }
}

void png_restore_paeth_scalar(uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    size_t first = bpp < bytes ? bpp : bytes;
    for (size_t i = 0; i < first; i++) {
        row[i] = (uint8_t)(row[i] + above[i]); /* paeth(0, b, 0) = b */
    }
    for (size_t i = first; i < bytes; i++) {
        row[i] = (uint8_t)(row[i] + png_paeth(row[i - bpp], above[i], above[i - bpp]));
    }
}

bool png_restore_row(
    unsigned filter, uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    switch (filter) {
    case PNG_NONE:
        return true;
    case PNG_SUB:
        img_kernels->png_restore_sub(row, bytes, bpp);
        return true;
    case PNG_UP:
        img_kernels->png_restore_up(row, above, bytes);
        return true;
    case PNG_AVERAGE:
        img_kernels->png_restore_average(row, above, bytes, bpp);
        return true;
    case PNG_PAETH:
        img_kernels->png_restore_paeth(row, above, bytes, bpp);
        return true;
    default:
        return false;
    }
}

/* Filtering. Each returns the sum of the absolute values of the filtered bytes, taken as signed:
 * the smaller it is, the better the row usually compresses. */

static inline unsigned magnitude(uint8_t v) {
    return v < 128 ? v : 256u - v;
}

static inline uint8_t left_of(const uint8_t *row, size_t i, size_t bpp) {
    return i < bpp ? 0 : row[i - bpp];
}

uint64_t png_filter_none_scalar(const uint8_t *row, size_t bytes) {
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
        sum += magnitude(row[i]);
    }
    return sum;
}

uint64_t png_filter_sub_scalar(uint8_t *out, const uint8_t *row, size_t bytes, size_t bpp) {
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(row[i] - left_of(row, i, bpp));
        sum += magnitude(out[i]);
    }
    return sum;
}

uint64_t
png_filter_up_scalar(uint8_t *out, const uint8_t *row, const uint8_t *above, size_t bytes) {
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(row[i] - above[i]);
        sum += magnitude(out[i]);
    }
    return sum;
}

uint64_t png_filter_average_scalar(
    uint8_t *out, const uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(row[i] - (left_of(row, i, bpp) + above[i]) / 2);
        sum += magnitude(out[i]);
    }
    return sum;
}

uint64_t png_filter_paeth_scalar(
    uint8_t *out, const uint8_t *row, const uint8_t *above, size_t bytes, size_t bpp) {
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
        uint8_t guess = png_paeth(left_of(row, i, bpp), above[i], left_of(above, i, bpp));
        out[i] = (uint8_t)(row[i] - guess);
        sum += magnitude(out[i]);
    }
    return sum;
}

#define SIMD_TEMPLATE "codec/png_restore.tmpl.h"
#define SIMD_LAST 2
#include "simd/instantiate.h"

#define SIMD_TEMPLATE "codec/png_filter.tmpl.h"
#include "simd/instantiate.h"
