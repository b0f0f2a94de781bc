/* Point operations: every sample through a table, or through a linear function. */
#ifndef IMAGING_PIXEL_POINT_H
#define IMAGING_PIXEL_POINT_H

#include "core/image.h"

/* How many entries img_point expects for a result of `mode` (NULL: the mode of the image). */
size_t img_point_entries(const ImgImage *image, const ImgMode *mode);

/* Looks every sample up. `table` holds img_point_entries() numbers: float if `mode` is F, else
 * int32_t, clipped to 0..255 where the result has 8 bits.
 *
 *   8-bit, mode NULL       one table of 256 per band
 *   1, L, P to 1, L, P     256
 *   1, L, P to many bands  one table of 256 per band of the result
 *   1, L, P to I or F      256, stored as they are
 *   I to L                 65536, samples clipped to that range first
 *   8-bit, many bands, to its own mode by name: see `shuffled_tables` in point.c
 *
 * The image's palette goes with the result. */
ImgImage *img_point(const ImgImage *image, const ImgMode *mode, const void *table, ImgError *err);

/* Byte k of each pixel through table k of those given, 256 entries each; one, or four for pixels of
 * four bytes. Rows that lie one behind the other go to the kernel at once, which has tables to
 * prepare. Both images have the same size and pixel size. */
void img_look_up(ImgImage *out, const ImgImage *in, const uint8_t *tables);

/* sample * scale + offset in double, for I (truncated; out of range INT32_MIN), F (rounded) and
 * I;16 (truncated, low 16 bits). */
ImgImage *img_point_transform(const ImgImage *image, double scale, double offset, ImgError *err);

#endif
