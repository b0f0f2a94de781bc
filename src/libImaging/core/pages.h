/* Raw memory below the arena: large pieces straight from the system, on huge pages, and kept for
 * a while when freed, because fresh memory costs more than most operations on it.
 *
 * Small requests go to malloc. A large piece is mapped on its own, aligned to the huge page; when
 * freed it stays mapped, the latest ones up to a bound, and serves the next request of about its
 * size. Three rules keep that from costing anybody memory:
 *  - What is mapped, in use or kept, never exceeds the most that was in use at one time: before
 *    more is mapped, kept pieces go. So the peak is that of a program that keeps nothing.
 *  - At most IMG_KEEP_BYTES are kept.
 *  - Kept pieces, all but the one freed last, are handed to the system as free for the taking
 *    (MADV_FREE): under memory pressure it takes their pages without swapping.
 * What a program pays is that its resident memory between operations may stay at that peak, up
 * to the bound; Image.core.clear_cache() gives it back.
 */
#ifndef IMAGING_CORE_PAGES_H
#define IMAGING_CORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Room for one 24 megapixel photograph of 4-byte pixels (96 MB) and the blocks of a second,
 * smaller one. */
#define IMG_KEEP_BYTES ((size_t)128 << 20)

typedef struct {
    void *start;
    size_t asked; /* bytes that may be used */
    size_t bytes; /* bytes mapped; 0 if the piece is from malloc */
} ImgPages;

/* start is NULL if there is no memory. With clear, all bytes asked for are 0; otherwise they are
 * whatever the memory held, maybe pixels of a former image. */
ImgPages img_pages_take(size_t bytes, bool clear);
void img_pages_give(ImgPages pages);

/* Makes a piece smaller, in place unless malloc moves it. */
ImgPages img_pages_shrink(ImgPages pages, size_t bytes);

/* Returns all kept memory to the system. */
void img_pages_release_kept(void);

/* For tests: bytes in large pieces that are in use, and that are kept. */
void img_pages_levels(size_t *used, size_t *kept);

#endif
