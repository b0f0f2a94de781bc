/* Large pieces of memory; see pages.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* MAP_ANONYMOUS, MADV_HUGEPAGE, MADV_FREE */
#endif
#include "core/pages.h"
#include "core/lock.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer every piece comes from malloc, so that it sees each overrun and each use
 * after free. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEPING 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEPING 0
#endif
#endif
#ifndef KEEPING
#ifdef _WIN32
#define KEEPING 0
#else
#define KEEPING 1
#endif
#endif

#define MIB ((size_t)1 << 20)

static ImgPages take_small(size_t asked, bool clear) {
    const size_t size = asked ? asked : 1;
    return (ImgPages){clear ? calloc(size, 1) : malloc(size), asked, 0};
}

#if KEEPING
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE (2 * MIB)
/* Measured on images of varying sizes: below, malloc's own reuse is as fast, since it cuts free
 * memory into any size. Above, it gives memory back to the system that is wanted again at once:
 * it keeps twice the size of the largest piece freed, and three images come and go in most sums. */
#define LARGE HUGE_PAGE
/* More pieces than this are not kept: searching them must stay cheap. */
#define KEPT_MAX 64
/* A larger piece is never warm. It is the most that glibc's malloc keeps resident too (its largest
 * dynamic threshold). */
#define WARM_MAX (32 * MIB)

static struct {
    ImgLock lock;
    ImgPages kept[KEPT_MAX]; /* the oldest first */
    void *warm;              /* start of the kept piece that the system may not take yet, or NULL */
    int count;
    size_t kept_bytes;
    size_t mapped;    /* bytes in use and kept, as mapped */
    size_t requested; /* of those in use, what was asked for */
    size_t peak;      /* the most that `requested` has been */
} pool = {.lock = IMG_LOCK_INIT};

/* Sizes are rounded, so that images of nearly the same size can follow each other in the same
 * memory: to whole huge pages if that wastes at most 1/32, else to 1/32 of the size or a page. */
static size_t rounded(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t unit = HUGE_PAGE;
    while (unit > page && (-bytes & (unit - 1)) > bytes / 32) {
        unit /= 2;
    }
    return (bytes + unit - 1) & ~(unit - 1);
}

/* On huge pages from the first byte on, as far as the `asked` bytes fill them: what is behind would
 * else be memory in use that nobody asked for. */
static void *map_pages(size_t bytes, size_t asked) {
    const int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
    uint8_t *start = mmap(NULL, bytes + HUGE_PAGE, protection, flags, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    /* Cut off what lies before the first huge page and behind the last byte. */
    const size_t head = -(uintptr_t)start & (HUGE_PAGE - 1);
    if (head) {
        munmap(start, head);
    }
    munmap(start + head + bytes, HUGE_PAGE - head);
    start += head;
#ifdef MADV_HUGEPAGE
    madvise(start, asked & ~(HUGE_PAGE - 1), MADV_HUGEPAGE); /* advice: it may be refused */
#endif
    return start;
}

static ImgPages kept_remove(int i) {
    const ImgPages pages = pool.kept[i];
    pool.warm = pages.start == pool.warm ? NULL : pool.warm;
    pool.count--;
    pool.kept_bytes -= pages.bytes;
    memmove(&pool.kept[i], &pool.kept[i + 1], (size_t)(pool.count - i) * sizeof(pages));
    return pages;
}

/* The smallest kept piece that is large enough, the newest of equals, but none that would waste
 * more than a quarter of what is asked for. */
static int kept_find(size_t bytes) {
    int best = -1;
    for (int i = pool.count - 1; i >= 0; i--) {
        const size_t have = pool.kept[i].bytes;
        if (have >= bytes && have - bytes <= bytes / 4 &&
            (best < 0 || have < pool.kept[best].bytes)) {
            best = i;
        }
    }
    return best;
}

/* The bounds that hold while something is added. */
typedef struct {
    size_t mapped, kept;
    int count;
} Bounds;

/* Moves the oldest kept pieces to `out` (room for KEPT_MAX) until the bounds hold. */
static int kept_evict(Bounds bounds, ImgPages *out) {
    int evicted = 0;
    while (pool.count > 0 && (pool.mapped > bounds.mapped || pool.kept_bytes > bounds.kept ||
                              pool.count > bounds.count)) {
        out[evicted] = kept_remove(0);
        pool.mapped -= out[evicted++].bytes;
    }
    return evicted;
}

static void unmap_all(const ImgPages *pages, int count) {
    for (int i = 0; i < count; i++) {
        munmap(pages[i].start, pages[i].bytes);
    }
}

static const Bounds keep_nothing = {SIZE_MAX, 0, 0};

void img_pages_release_kept(void) {
    ImgPages evicted[KEPT_MAX];
    img_lock(&pool.lock);
    const int count = kept_evict(keep_nothing, evicted);
    img_unlock(&pool.lock);
    unmap_all(evicted, count);
}

void img_pages_levels(size_t *used, size_t *kept) {
    img_lock(&pool.lock);
    *used = pool.mapped - pool.kept_bytes;
    *kept = pool.kept_bytes;
    img_unlock(&pool.lock);
}

/* A forked child has no use for the parent's kept memory: to write it would copy it first. */
static void forget_kept(void) {
    ImgPages evicted[KEPT_MAX];
    unmap_all(evicted, kept_evict(keep_nothing, evicted));
}

IMG_LOCK_OVER_FORK(&pool.lock, forget_kept())

static void count_use(size_t asked) {
    pool.requested += asked;
    pool.peak = pool.requested > pool.peak ? pool.requested : pool.peak;
}

/* From the kept pieces, or start NULL. */
static ImgPages take_kept(size_t asked) {
    ImgPages pages = {NULL, asked, 0};
    img_lock(&pool.lock);
    const int found = kept_find(asked);
    if (found >= 0) {
        pages = kept_remove(found);
        pages.asked = asked;
        count_use(asked);
    }
    img_unlock(&pool.lock);
    return pages;
}

/* Fresh memory. What is kept must make room first, by the rule that the sum never exceeds the
 * most that was ever in use. */
static ImgPages take_fresh(size_t asked) {
    ImgPages evicted[KEPT_MAX], pages = {NULL, asked, rounded(asked)};
    img_lock(&pool.lock);
    const size_t wanted = pool.requested + asked;
    const size_t peak = wanted > pool.peak ? wanted : pool.peak;
    const Bounds bounds = {peak > pages.bytes ? peak - pages.bytes : 0, SIZE_MAX, KEPT_MAX};
    const int evictions = kept_evict(bounds, evicted);
    img_unlock(&pool.lock);
    unmap_all(evicted, evictions);
    pages.start = map_pages(pages.bytes, asked);
    if (!pages.start) {
        img_pages_release_kept();
        pages.start = map_pages(pages.bytes, asked);
    }
    if (!pages.start) {
        /* The number of mappings is limited; malloc's heap is not. */
        return take_small(asked, true);
    }
    img_lock(&pool.lock);
    pool.mapped += pages.bytes;
    count_use(asked);
    img_unlock(&pool.lock);
    return pages;
}

static ImgPages take_large(size_t asked, bool clear) {
    ImgPages pages = take_kept(asked);
    if (!pages.start) {
        return take_fresh(asked);
    }
    if (clear) {
        memset(pages.start, 0, asked);
    }
    return pages;
}

/* From now on the system may take the memory; what is in it is lost then. */
static void let_go(ImgPages pages) {
#ifdef MADV_FREE
    madvise(pages.start, pages.bytes, MADV_FREE); /* advice: it may be refused */
#else
    (void)pages;
#endif
}

/* A loop frees and wants the same piece over and over. To let it go each time costs half of what a
 * plain conversion does, and fresh pages if the system takes them; so the latest piece stays warm
 * until the next one comes, if it is still there then. Under the lock, as nobody may take the piece
 * in between. */
static void keep_warm(ImgPages pages) {
    for (int i = pool.count - 1; i >= 0 && pool.warm; i--) {
        if (pool.kept[i].start == pool.warm) {
            let_go(pool.kept[i]);
            pool.warm = NULL;
        }
    }
    pool.warm = pages.start;
}

static void give_large(ImgPages pages) {
    ImgPages evicted[KEPT_MAX];
    int evictions = 0;
    const bool keep = pages.bytes <= IMG_KEEP_BYTES, warm = pages.bytes <= WARM_MAX;
    if (keep && !warm) {
        let_go(pages);
    }
    img_lock(&pool.lock);
    pool.requested -= pages.asked;
    if (keep) {
        const Bounds bounds = {SIZE_MAX, IMG_KEEP_BYTES - pages.bytes, KEPT_MAX - 1};
        evictions = kept_evict(bounds, evicted);
        if (warm) {
            keep_warm(pages);
        }
        pool.kept[pool.count++] = pages;
        pool.kept_bytes += pages.bytes;
    } else {
        pool.mapped -= pages.bytes;
    }
    img_unlock(&pool.lock);
    unmap_all(evicted, evictions);
    if (!keep) {
        unmap_all(&pages, 1);
    }
}

static ImgPages shrink_large(ImgPages pages, size_t bytes) {
    const size_t wanted = rounded(bytes);
    const size_t surplus = wanted < pages.bytes ? pages.bytes - wanted : 0;
    if (surplus) {
        munmap((uint8_t *)pages.start + wanted, surplus);
    }
    img_lock(&pool.lock);
    pool.requested -= pages.asked - bytes;
    pool.mapped -= surplus;
    img_unlock(&pool.lock);
    return (ImgPages){pages.start, bytes, pages.bytes - surplus};
}

#else
#define LARGE SIZE_MAX /* none is */

static ImgPages take_large(size_t asked, bool clear) {
    return take_small(asked, clear);
}

static void give_large(ImgPages pages) {
    (void)pages;
}

static ImgPages shrink_large(ImgPages pages, size_t bytes) {
    (void)bytes;
    return pages;
}

void img_pages_release_kept(void) {
}

void img_pages_levels(size_t *used, size_t *kept) {
    *used = *kept = 0;
}
#endif

ImgPages img_pages_take(size_t bytes, bool clear) {
    /* Beyond this the rounding could overflow, and no system has that much. */
    if (bytes > SIZE_MAX / 4) {
        return (ImgPages){NULL, 0, 0};
    }
    return bytes >= LARGE ? take_large(bytes, clear) : take_small(bytes, clear);
}

void img_pages_give(ImgPages pages) {
    if (pages.bytes) {
        give_large(pages);
    } else {
        free(pages.start);
    }
}

ImgPages img_pages_shrink(ImgPages pages, size_t bytes) {
    if (bytes >= pages.asked) {
        return pages;
    }
    if (pages.bytes) {
        return shrink_large(pages, bytes);
    }
    void *moved = realloc(pages.start, bytes ? bytes : 1);
    return (ImgPages){moved ? moved : pages.start, bytes, 0};
}
