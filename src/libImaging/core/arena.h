/* The arena: blocks of rows for images, with the settings and statistics that Image.core shows.
 * There is one per process; every function may be called from any thread. */
#ifndef IMAGING_CORE_ARENA_H
#define IMAGING_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/errors.h"
#include "core/pages.h"

typedef struct {
    int64_t new_count;          /* images set up, of any storage */
    int64_t allocated_blocks;   /* blocks newly allocated */
    int64_t reused_blocks;      /* blocks taken from the cache */
    int64_t reallocated_blocks; /* those of them that had to be replaced by one of another size */
    int64_t freed_blocks;       /* blocks given back to the system (or to core/pages.c) */
    int blocks_cached;          /* blocks in the cache now */
} ImgArenaStats;

ImgArenaStats img_arena_stats(void);
void img_arena_reset_stats(void); /* all but blocks_cached */
void img_arena_count_image(void);

/* What a new image goes by: a consistent copy of the settings. */
typedef struct {
    int alignment;  /* of rows: a power of two, 1 to 128 */
    int block_size; /* bytes: a multiple of 4096 */
    int blocks_max; /* blocks kept in the cache */
    bool one_block; /* all images in one contiguous block, outside the arena */
} ImgArenaSettings;

ImgArenaSettings img_arena_settings(void);

/* Setters refuse what the comments above exclude: false, with *err set. */
bool img_arena_set_alignment(int alignment, ImgError *err);
bool img_arena_set_block_size(int bytes, ImgError *err);
bool img_arena_set_blocks_max(int count, ImgError *err); /* frees the cache's surplus */
void img_arena_set_one_block(bool on);

/* Frees cached blocks until at most `keep` are left, and what core/pages.c keeps. */
void img_arena_clear_cache(int keep);

/* A block of `bytes` from the cache or new; start is NULL if there is no memory. */
ImgPages img_arena_take(size_t bytes, bool clear);
/* Back to the cache, or freed if that is full. */
void img_arena_give(ImgPages block);

#endif
