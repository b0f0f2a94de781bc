/* The arena; see arena.h. */
#include "core/arena.h"
#include "core/lock.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct {
    ImgLock lock;
    ImgArenaSettings settings;
    ImgArenaStats stats;
    ImgPages *cache; /* stats.blocks_cached of settings.blocks_max; last in, first out */
} arena = {.lock = IMG_LOCK_INIT, .settings = {1, 16 << 20, 0, false}};

IMG_LOCK_OVER_FORK(&arena.lock, (void)0)

ImgArenaStats img_arena_stats(void) {
    img_lock(&arena.lock);
    const ImgArenaStats stats = arena.stats;
    img_unlock(&arena.lock);
    return stats;
}

void img_arena_reset_stats(void) {
    img_lock(&arena.lock);
    arena.stats = (ImgArenaStats){.blocks_cached = arena.stats.blocks_cached};
    img_unlock(&arena.lock);
}

void img_arena_count_image(void) {
    img_lock(&arena.lock);
    arena.stats.new_count++;
    img_unlock(&arena.lock);
}

ImgArenaSettings img_arena_settings(void) {
    img_lock(&arena.lock);
    const ImgArenaSettings settings = arena.settings;
    img_unlock(&arena.lock);
    return settings;
}

static bool refuse(ImgError *err, const char *message) {
    img_fail(err, IMG_ERR_VALUE, message);
    return false;
}

bool img_arena_set_alignment(int alignment, ImgError *err) {
    if (alignment < 1 || alignment > 128) {
        return refuse(err, "alignment should be from 1 to 128");
    }
    if (alignment & (alignment - 1)) {
        return refuse(err, "alignment should be power of two");
    }
    img_lock(&arena.lock);
    arena.settings.alignment = alignment;
    img_unlock(&arena.lock);
    return true;
}

bool img_arena_set_block_size(int bytes, ImgError *err) {
    if (bytes <= 0) {
        return refuse(err, "block_size should be greater than 0");
    }
    if (bytes % 4096) {
        return refuse(err, "block_size should be multiple of 4096");
    }
    img_lock(&arena.lock);
    arena.settings.block_size = bytes;
    img_unlock(&arena.lock);
    return true;
}

void img_arena_set_one_block(bool on) {
    img_lock(&arena.lock);
    arena.settings.one_block = on;
    img_unlock(&arena.lock);
}

static void shrink_cache(int keep) {
    for (;;) {
        ImgPages block;
        img_lock(&arena.lock);
        const bool surplus = arena.stats.blocks_cached > keep;
        if (surplus) {
            block = arena.cache[--arena.stats.blocks_cached];
            arena.stats.freed_blocks++;
        }
        img_unlock(&arena.lock);
        if (!surplus) {
            return;
        }
        img_pages_give(block);
    }
}

bool img_arena_set_blocks_max(int count, ImgError *err) {
    if (count < 0) {
        return refuse(err, "blocks_max should be greater than 0");
    }
#if SIZE_MAX <= UINT32_MAX
    if ((size_t)count > SIZE_MAX / sizeof(*arena.cache)) {
        return refuse(err, "blocks_max is too large");
    }
#endif
    for (;;) {
        /* First nothing more may be cached, then the surplus goes. Another thread may raise the
         * bound meanwhile and free images. */
        img_lock(&arena.lock);
        const int before = arena.settings.blocks_max;
        arena.settings.blocks_max = count < before ? count : before;
        img_unlock(&arena.lock);
        shrink_cache(count);
        img_lock(&arena.lock);
        const bool fits = arena.stats.blocks_cached <= count;
        ImgPages *cache = NULL;
        if (fits) {
            cache = realloc(arena.cache, ((size_t)count + 1) * sizeof(*cache));
        }
        if (cache) {
            arena.cache = cache;
            arena.settings.blocks_max = count;
        }
        img_unlock(&arena.lock);
        if (fits) {
            return cache || img_fail_memory(err);
        }
    }
}

void img_arena_clear_cache(int keep) {
    shrink_cache(keep);
    img_pages_release_kept();
}

/* A cached block for another size. It serves as it is unless that would waste more than half. */
static ImgPages resized(ImgPages block, size_t bytes, bool clear) {
    if (block.asked >= bytes && block.asked / 2 <= bytes) {
        if (clear) {
            memset(block.start, 0, bytes);
        }
        return block;
    }
    const void *before = block.start;
    img_pages_give(block);
    block = img_pages_take(bytes, clear);
    if (block.start && block.start != before) {
        img_lock(&arena.lock);
        arena.stats.reallocated_blocks++;
        img_unlock(&arena.lock);
    }
    return block;
}

ImgPages img_arena_take(size_t bytes, bool clear) {
    ImgPages block;
    img_lock(&arena.lock);
    const bool cached = arena.stats.blocks_cached > 0;
    if (cached) {
        block = arena.cache[--arena.stats.blocks_cached];
        arena.stats.reused_blocks++;
    }
    img_unlock(&arena.lock);
    if (cached) {
        return resized(block, bytes, clear);
    }
    block = img_pages_take(bytes, clear);
    if (block.start) {
        img_lock(&arena.lock);
        arena.stats.allocated_blocks++;
        img_unlock(&arena.lock);
    }
    return block;
}

void img_arena_give(ImgPages block) {
    const ImgArenaSettings settings = img_arena_settings();
    if (settings.blocks_max > 0 && block.asked > (size_t)settings.block_size) {
        block = img_pages_shrink(block, (size_t)settings.block_size);
    }
    img_lock(&arena.lock);
    const bool cached = arena.stats.blocks_cached < arena.settings.blocks_max;
    if (cached) {
        arena.cache[arena.stats.blocks_cached++] = block;
    } else {
        arena.stats.freed_blocks++;
    }
    img_unlock(&arena.lock);
    if (!cached) {
        img_pages_give(block);
    }
}
