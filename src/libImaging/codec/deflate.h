/* Compressing a zlib stream in pieces with libdeflate.
 *
 * libdeflate compresses whole buffers. So that nobody has to hold all data in one, they are cut
 * into pieces, and the streams of the pieces joined to one: the last block of each, which says that
 * it is the last, is told otherwise, and an empty stored block fills up to the next byte, as zlib's
 * Z_SYNC_FLUSH does. What is lost is that no match reaches into the piece before.
 */
#ifndef IMAGING_CODEC_DEFLATE_H
#define IMAGING_CODEC_DEFLATE_H

#ifdef HAVE_LIBDEFLATE

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ImgDeflate ImgDeflate;

/* level: libdeflate's, 1 to 12. piece: bytes compressed at a time, fewer than 2^31.
 * noisy: expect the filtered rows of a photograph. Their few matches are hardly worth their codes,
 * and a search for them spoils the literals' code: zlib's strategy of runs and frequencies alone
 * gives 4 % less than libdeflate's level 4 at the same speed, and needs little memory. Where
 * matches promise something, both are tried.
 * NULL: out of memory. */
ImgDeflate *img_deflate_new(int level, bool noisy, size_t piece);
void img_deflate_free(ImgDeflate *self); /* NULL is fine */

/* Adds up to `size` bytes to the present piece; returns how many it had room for. */
size_t img_deflate_add(ImgDeflate *self, const uint8_t *data, size_t size);

/* Compresses the present piece; `last` ends the stream. All output must have been taken. False:
 * out of memory. */
bool img_deflate_compress(ImgDeflate *self, bool last);

/* Copies the next bytes of the output, at most `size`; returns how many. */
size_t img_deflate_take(ImgDeflate *self, uint8_t *out, size_t size);
/* How many are left. */
size_t img_deflate_left(const ImgDeflate *self);

#endif
#endif
