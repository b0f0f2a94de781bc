/* Plans of the horizontal convolution of bytes.
 *
 * The plan of a strip holds, for each group of outputs that a vector makes at once, where its taps
 * start and the weights in the order in which the vector meets them:
 *
 *  - gathered: each 128-bit lane belongs to one output and takes 16 bytes of its taps at a time:
 *    4 pixels of 4 bytes, whose bytes are then sorted by band, or 16 one-byte pixels, whose sums
 * are added up at the end.
 *  - window (AVX-512): each 32-bit element belongs to one output byte and takes 4 taps at a time
 *    out of a window of 64 bytes that contains the taps of all 16 of them; a byte permutation
 *    brings them there. For scales up to 4.
 *  - spread (AVX-512): the vector belongs to one output and takes 16 pixels of 4 bytes at a time;
 *    a byte permutation sorts them by band, one in each lane. For many taps.
 *
 * If all taps of each output weigh the same (a box filter), `equal` plans hold one byte a tap, 1 or
 * 0, in place of its weight, and in front of the group a vector of the weights: the sums of the
 * pixels are multiplied once.
 *
 * Taps that would reach beyond the readable part of a row are moved to the left; the weights in
 * front of the first tap are then 0, as are those behind the last. */

#define LANES (SIMD_BYTES / 16)
#define VECTORS 3 /* of weights, per chunk */
/* Chunks of an `equal` plan: two bytes of each are added in 16 bits, and 64 * 510 < 2^15. */
#define EQUAL_CHUNKS 64
/* From how many taps on one output at a time is preferred to one in each lane: the sums across the
 * lanes at its end must be paid for by loads that need no gathering. */
#define SPREAD_TAPS 24

static inline PlanShape SIMD_NAME(shape)(PlanKind kind, int pixel_size, bool equal) {
    const int vectors = equal ? 1 : VECTORS;
    switch (kind) {
    case WINDOW:
        return (PlanShape){kind, pixel_size, 16 / pixel_size, 4, SIMD_BYTES, equal, vectors};
    case SPREAD:
        return (PlanShape){kind, pixel_size, 1, 16, 16, equal, vectors};
    default:
        return (PlanShape){kind, pixel_size, LANES, 16 / pixel_size, SIMD_BYTES, equal, vectors};
    }
}

/* Writes one weight to where lane `lane` of the chunk meets tap `j`. */
static inline void SIMD_NAME(place)(uint8_t *chunk, int lane, int j, PlanShape s, int32_t q) {
    const int repeats = s.kind == SPREAD ? 1 : s.pixel_size; /* a weight serves all bands */
    uint8_t *to = chunk + lane * (s.plane / s.per_group) + j;
    if (s.equal) {
        for (int b = 0; b < repeats; b++, to += 4) {
            to[0] = q != 0;
        }
        return;
    }
#if SIMD_LEVEL == 3
    const Digits d = split_bytes(q);
    for (int b = 0; b < repeats; b++, to += 4) {
        to[0] = (uint8_t)d.high;
        to[s.plane] = (uint8_t)d.middle;
        to[2 * s.plane] = (uint8_t)d.low;
    }
#else
    const Halves h = split_halves(q);
    uint8_t *high = chunk + 16 * lane;
    int16_t *low = (int16_t *)(chunk + SIMD_BYTES) + 8 * lane;
    if (s.pixel_size == 1) {
        high[j] = (uint8_t)h.high;
        low[(j >> 3) * (SIMD_BYTES / 2) + (j & 7)] = h.low;
        return;
    }
    for (int b = 0; b < 4; b++) {
        high[8 * (j >> 1) + 2 * b + (j & 1)] = (uint8_t)h.high;
        low[(j >> 1) * (SIMD_BYTES / 2) + 2 * b + (j & 1)] = h.low;
    }
#endif
}

/* The weights of one group, moved so that lane i starts at pixel start[i]. */
SIMD_INLINE void SIMD_NAME(place_group)(
    uint8_t *weights, const TapTable *t, int from, int n, const int *start, PlanShape s) {
    for (int i = 0; i < n; i++) {
        const int32_t *q = t->fixed + (size_t)(from + i) * t->max_taps;
        const int shift = t->first[from + i] - t->origin - start[i];
        uint8_t *chunk = weights + (size_t)(shift / s.per_chunk) * s.vectors * s.plane;
        int j = shift % s.per_chunk;
        for (int k = 0; k < t->count[from + i]; k++) {
            SIMD_NAME(place)(chunk, i, j, s, q[k]);
            if (++j == s.per_chunk) {
                j = 0;
                chunk += s.vectors * s.plane;
            }
        }
    }
}

/* The same, with the shape a constant. */
static void SIMD_NAME(place_shaped)(
    uint8_t *weights, const TapTable *t, int from, int n, const int *start, PlanShape s) {
#define PLACE(KIND, SIZE)                                                                          \
    if (s.equal) {                                                                                 \
        SIMD_NAME(place_group)(weights, t, from, n, start, SIMD_NAME(shape)(KIND, SIZE, true));    \
    } else {                                                                                       \
        SIMD_NAME(place_group)(weights, t, from, n, start, SIMD_NAME(shape)(KIND, SIZE, false));   \
    }
#if SIMD_LEVEL == 3
    if (s.kind == SPREAD) {
        PLACE(SPREAD, 4)
    } else if (s.kind == WINDOW && s.pixel_size == 4) {
        PLACE(WINDOW, 4)
    } else if (s.kind == WINDOW) {
        PLACE(WINDOW, 1)
    } else
#endif
        if (s.pixel_size == 4) {
        PLACE(GATHERED, 4)
    } else {
        PLACE(GATHERED, 1)
    }
#undef PLACE
}

/* The first pixels of a group's outputs (of the last, for lanes in excess) and the number of its
 * chunks; 0 if they do not fit. */
static int SIMD_NAME(group_starts)(
    const TapTable *t, int from, int n, int per_chunk, size_t readable, int *start) {
    int taps = 1;
    for (int i = 0; i < n; i++) {
        taps = t->count[from + i] > taps ? t->count[from + i] : taps;
    }
    const int chunks = (taps + per_chunk - 1) / per_chunk;
    const int64_t latest = (int64_t)readable - (int64_t)chunks * per_chunk;
    if (latest < 0) {
        return 0;
    }
    for (int i = 0; i < 16; i++) {
        const int first = t->first[from + (i < n ? i : n - 1)] - t->origin;
        start[i] = first <= latest ? first : (int)latest;
    }
    return chunks;
}

#if SIMD_LEVEL == 3
/* Where the window of a group starts, in bytes; or -1 if there is none. */
static int64_t
SIMD_NAME(window_start)(const int *start, int chunks, int pixel_size, size_t readable) {
    const int step = 4 * pixel_size;
    const int64_t latest = (int64_t)readable * pixel_size - 64 - (int64_t)(chunks - 1) * step;
    const int64_t first = (int64_t)start[0] * pixel_size;
    const int64_t base = first < latest ? first : latest;
    if (base < 0 || ((int64_t)start[15] + 4) * pixel_size - base > 64) {
        return -1;
    }
    return base;
}

/* For each of the 64 bytes of a chunk, the byte of the window that belongs there. */
static void
SIMD_NAME(place_indices)(uint8_t *index, const int *start, int64_t base, int pixel_size) {
    for (int i = 0; i < 16 / pixel_size; i++) {
        const int64_t first = (int64_t)start[i] * pixel_size - base;
        for (int b = 0; b < pixel_size; b++) {
            for (int j = 0; j < 4; j++) {
                *index++ = (uint8_t)(first + j * pixel_size + b);
            }
        }
    }
}
#endif

/* The weight of all taps of each output, repeated in the elements that belong to it. */
static void
SIMD_NAME(place_factors)(uint8_t *to, const TapTable *t, int from, int n, const PlanShape *s) {
    enum { ELEMENTS = SIMD_BYTES / 4 };
    int32_t factor[ELEMENTS];
    for (int e = 0; e < ELEMENTS; e++) {
        const int i = e / (ELEMENTS / s->per_group);
        factor[e] = i < n ? common_weight(t, from + i) : 0;
    }
    memcpy(to, factor, sizeof(factor));
}

/* Where the chunks of a group start. False if they cannot. */
static bool
SIMD_NAME(place_starts)(PlanGroup *group, const int *start, const PlanShape *s, size_t readable) {
    for (int i = 0; i < LANES; i++) {
        group->start[i] = start[i] * s->pixel_size;
    }
#if SIMD_LEVEL == 3
    if (s->kind == WINDOW) {
        const int64_t base = SIMD_NAME(window_start)(start, group->chunks, s->pixel_size, readable);
        group->start[0] = (int32_t)base;
        return base >= 0;
    }
#endif
    (void)readable;
    return true;
}

/* Lays the plan out, and writes it if `to` is not NULL. Returns its size, 0 if it cannot be. */
static size_t
SIMD_NAME(lay_out)(const TapTable *t, int outputs, PlanShape s, size_t readable, uint8_t *to) {
    const int groups = (outputs + s.per_group - 1) / s.per_group;
    const size_t weights = round_up_64(sizeof(PlanHead) + (size_t)groups * sizeof(PlanGroup));
    size_t at = weights;
    int start[16];
    for (int g = 0; g < groups; g++) {
        const int from = g * s.per_group;
        const int n = outputs - from < s.per_group ? outputs - from : s.per_group;
        const int chunks = SIMD_NAME(group_starts)(t, from, n, s.per_chunk, readable, start);
        PlanGroup group = {.chunks = chunks, .outputs = n};
        if (chunks == 0 || !SIMD_NAME(place_starts)(&group, start, &s, readable)) {
            return 0;
        }
        const size_t bytes = (size_t)chunks * s.vectors * s.plane;
        const size_t front = s.kind == WINDOW || s.equal ? SIMD_BYTES : 0;
        if (to) {
            uint8_t *head = to + sizeof(PlanHead) + (size_t)g * sizeof(group);
            memcpy(head, &group, sizeof(group));
#if SIMD_LEVEL == 3
            if (s.kind == WINDOW) {
                SIMD_NAME(place_indices)(to + at, start, group.start[0], s.pixel_size);
            }
#endif
            if (s.equal) {
                SIMD_NAME(place_factors)(to + at, t, from, n, &s);
            }
            memset(to + at + front, 0, bytes);
            SIMD_NAME(place_shaped)(to + at + front, t, from, n, start, s);
        }
        at += front + bytes;
    }
    if (to) {
        const PlanHead plan = {groups, s.pixel_size, (int32_t)s.kind, s.equal, weights};
        memcpy(to, &plan, sizeof(plan));
    }
    return at;
}

size_t SIMD_NAME(resample_h8_plan)(
    const int *first, const int *count, const int32_t *fixed, int max_taps, int outputs,
    int pixel_size, int origin, size_t readable, void *plan) {
    const TapTable t = {first, count, fixed, max_taps, origin};
    const bool equal = max_taps <= EQUAL_CHUNKS * 16 / pixel_size && weights_are_equal(&t, outputs);
    PlanShape shape = SIMD_NAME(shape)(GATHERED, pixel_size, equal);
    size_t size = 0;
    /* Nothing is written before it is known that a kind fits. */
#if SIMD_LEVEL == 3
    const PlanShape window = SIMD_NAME(shape)(WINDOW, pixel_size, false);
    size = SIMD_NAME(lay_out)(&t, outputs, window, readable, NULL);
    if (size) {
        shape = window;
    } else if (pixel_size == 4 && max_taps >= SPREAD_TAPS) {
        shape = SIMD_NAME(shape)(SPREAD, pixel_size, equal);
    }
#endif
    if (!size) {
        size = SIMD_NAME(lay_out)(&t, outputs, shape, readable, NULL);
    }
    if (size && plan) {
        SIMD_NAME(lay_out)(&t, outputs, shape, readable, plan);
    }
    return size;
}
