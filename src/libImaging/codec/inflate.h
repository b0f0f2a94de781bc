/* Inflating zlib streams (RFC 1950, 1951) that come in pieces and are read in pieces.
 *
 * It exists because PNG needs two things at once that no library we use has: the speed of
 * libdeflate, which wants the whole stream and the whole result in memory (twice what the picture
 * itself takes), and the small memory of zlib, which takes four times as long. What damaged streams
 * give is zlib's behaviour: the same bytes in front of the same error.
 */
#ifndef IMAGING_CODEC_INFLATE_H
#define IMAGING_CODEC_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ImgInflate ImgInflate;

typedef enum {
    IMG_INFLATE_MORE,  /* nothing is known to be wrong, and the stream goes on */
    IMG_INFLATE_END,   /* the stream ended well just behind the bytes read */
    IMG_INFLATE_BROKEN /* the stream is damaged just behind the bytes read */
} ImgInflateStatus;

/* NULL: out of memory. About 80 KiB, whatever the stream. */
ImgInflate *img_inflate_new(void);
void img_inflate_free(ImgInflate *self); /* NULL is fine */

/* The next piece of the stream. It must stay where it is while img_inflate_read is called, and
 * the piece before must have been used up: a read got less than it asked for. */
void img_inflate_feed(ImgInflate *self, const uint8_t *data, size_t size);

/* Copies the next `wanted` bytes to `out`, or as many as there are; returns how many. The status
 * is that of what follows them, as far as zlib, asked for the same bytes, would have looked:
 * damage that leaves no doubt without another byte of output is told with the last byte. */
size_t img_inflate_read(ImgInflate *self, uint8_t *out, size_t wanted, ImgInflateStatus *status);

/* Where the blocks of a deflate stream end and the last one begins, in bits. */
typedef struct {
    size_t last_begins, end;
} ImgBlocks;

/* How much longer than the inflated bytes `scratch` must be. */
#define IMG_INFLATE_SLACK 512

/* Looks through a complete stream of blocks (RFC 1951, no zlib header), which is inflated into
 * `scratch`. False: it is damaged, longer than the room, or there is no memory. */
bool img_inflate_scan(
    const uint8_t *blocks, size_t size, uint8_t *scratch, size_t room, ImgBlocks *found);

#endif
