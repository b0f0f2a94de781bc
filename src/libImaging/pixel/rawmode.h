/* Raw modes: how a row of pixels lies in a file or buffer, and how it becomes image memory.
 *
 * A pair of mode and raw mode is one entry of a table (unpack.c, pack.c): its bits per pixel, the
 * function that converts a row, and the parameters of that function. Most entries share a few
 * general functions and differ in parameters only.
 */
#ifndef IMAGING_PIXEL_RAWMODE_H
#define IMAGING_PIXEL_RAWMODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/modes.h"

typedef struct ImgRawMode ImgRawMode;

/* Converts `pixels` pixels. `in` and `out` must not overlap, but for one case: unpacking may read
 * from the end of the memory that it fills (see codec/png_decode.c). Reads exactly
 * img_raw_row_bytes and writes no byte beyond the row. */
typedef void (*ImgRawRow)(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels);

struct ImgRawMode {
    const char *name;
    uint32_t modes;   /* bit (1 << ImgModeId) for each mode that has this entry */
    uint8_t bits;     /* per pixel in the file, all planes together */
    uint8_t planes;   /* bit planes that follow each other in a row (P;2L, P;4L), else 0 */
    bool interleaved; /* the bands of a row follow each other as planes of bytes (";L") */
    ImgRawRow row;
    /* Parameters of `row`; see the functions. For byte permutations: pairs (index of the byte in
     * the source pixel or -1 for none, value to xor), one pair for each byte of the result. */
    int8_t source[8];
};

/* The entry for this image mode and raw mode name, or NULL. The entry is static. */
const ImgRawMode *img_find_unpacker(const ImgMode *mode, const char *rawmode);
const ImgRawMode *img_find_packer(const ImgMode *mode, const char *rawmode);

/* Entries in order, for listings: NULL past the end. */
const ImgRawMode *img_unpacker_at(size_t index);
const ImgRawMode *img_packer_at(size_t index);

/* Bytes that a row of so many pixels takes in the file. */
static inline size_t img_raw_row_bytes(const ImgRawMode *raw, int pixels) {
    if (raw->planes) {
        return (size_t)raw->planes * (((size_t)pixels + 7) / 8);
    }
    return ((size_t)pixels * raw->bits + 7) / 8;
}

/* File to image memory, and back. */
static inline void
img_unpack_row(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    raw->row(raw, out, in, pixels);
}

static inline void
img_pack_row(const ImgRawMode *raw, uint8_t *out, const uint8_t *in, int pixels) {
    raw->row(raw, out, in, pixels);
}

#endif
