/* Plans of the horizontal convolution of bytes.
 *
 * The plan of a strip holds, for each group of outputs that a vector makes at once, where its taps
 * start and the weights in the order in which the vector meets them:
 *
 *  - gathered: each 128-bit lane belongs to one output and takes 16 bytes of its taps at a time:
 *    4 pixels of 4 bytes, whose bytes are then sorted by band, or 16 one-byte pixels, whose sums
 *    are added up at the end.
 *  - window (AVX-512): each 32-bit element belongs to one output byte and takes 4 taps at a time
 *    out of a window of 64 bytes that contains the taps of all 16 of them; a byte permutation
 *    brings them there. For scales up to 4.
 *  - pairs (AVX-512): the same with windows of 128 bytes, out of which each element takes 4 taps
 *    and then the next 4. For scales up to 8.
 *  - spread (from AVX2 on): the vector belongs to one output and takes as many pixels of 4 bytes as
 *    fit at a time. At AVX-512 a byte permutation sorts them by band, one in each lane; at AVX2
 *    the lanes are those of a gathered plan, but for the same output. For many taps.
 *
 * If all taps of each output weigh the same (a box filter), `equal` plans hold one byte a tap, 1 or
 * 0, in place of its weight, and in front of the group a vector of the weights: the sums of the
 * pixels are multiplied once.
 *
 * Groups whose taps lie alike and weigh alike share their weights, so that the plan of a simple
 * ratio is small.
 *
 * Taps that would reach beyond the readable part of a row are moved to the left; the weights in
 * front of the first tap are then 0, as are those behind the last. */

#define LANES (SIMD_BYTES / 16)
#define VECTORS 3 /* of weights, per chunk */
/* Chunks of an `equal` plan: two bytes of each are added in 16 bits, and 64 * 510 < 2^15. */
#define EQUAL_CHUNKS 64
/* From how many taps on one output at a time is preferred to one in each lane: the sums across the
 * lanes at its end must be paid for by loads that need no gathering. */
#define SPREAD_TAPS (SIMD_LEVEL == 3 ? 24 : 40)
/* Groups that are looked at for weights to share: the period of most ratios that have one. */
#define SHARE_BACK 16

static inline PlanShape SIMD_NAME(shape)(PlanKind kind, int pixel_size, bool equal) {
    const int per_lane = 16 / pixel_size, vectors = equal ? 1 : VECTORS;
    PlanShape s = {kind, pixel_size, LANES, per_lane, SIMD_BYTES, 0, 1, equal, vectors};
    switch (kind) {
    case WINDOW:
    case PAIRS:
        s.per_group = per_lane;
        s.per_chunk = 4;
        s.indices = kind == PAIRS ? 2 : 1;
        break;
    case SPREAD:
        s.per_group = 1;
        s.per_chunk = s.align = SIMD_BYTES / 4;
        s.plane = SIMD_LEVEL == 3 ? 16 : SIMD_BYTES;
        break;
    default:
        break;
    }
    return s;
}

/* Writes one weight to where lane `lane` of the chunk meets tap `j`. */
static inline void SIMD_NAME(place)(uint8_t *chunk, int lane, int j, PlanShape s, int32_t q) {
#if SIMD_LEVEL < 3
    if (s.kind == SPREAD) {
        lane = j >> 2;
        j &= 3;
    }
#endif
#if SIMD_LEVEL == 3
    const int per_output = s.plane / s.per_group;
    const int repeats = s.kind == SPREAD ? 1 : s.pixel_size; /* a weight serves all bands */
#else
    const int per_output = 16, repeats = s.pixel_size;
#endif
    uint8_t *to = chunk + lane * per_output + j;
    if (s.equal) {
        for (int b = 0; b < repeats; b++, to += 4) {
            to[0] = q != 0;
        }
        return;
    }
#if SIMD_LEVEL == 3
    const Digits d = split_bytes(q);
    for (int b = 0; b < repeats; b++, to += 4) {
        if (d.high) { /* it may be left out */
            to[0] = (uint8_t)d.high;
        }
        to[s.plane] = (uint8_t)d.middle;
        to[2 * s.plane] = (uint8_t)d.low;
    }
#else
    const Halves h = split_halves(q);
    uint8_t *high = chunk + 16 * lane;
    int16_t *low = (int16_t *)(chunk + SIMD_BYTES) + 8 * lane;
    if (s.pixel_size == 1) {
        if (h.high) {
            high[j] = (uint8_t)h.high;
        }
        low[(j >> 3) * (SIMD_BYTES / 2) + (j & 7)] = h.low;
        return;
    }
    for (int b = 0; b < 4; b++) {
        if (h.high) {
            high[8 * (j >> 1) + 2 * b + (j & 1)] = (uint8_t)h.high;
        }
        low[(j >> 1) * (SIMD_BYTES / 2) + 2 * b + (j & 1)] = h.low;
    }
#endif
}

/* Bytes of the weights of the first `chunks` chunks. */
static inline size_t SIMD_NAME(weight_bytes)(const PlanGroup *g, int chunks, PlanShape s) {
    int wide = chunks < g->wide_to ? chunks : g->wide_to;
    wide = wide > g->wide_from ? wide - g->wide_from : 0;
    const int parts = s.equal ? chunks : chunks * (VECTORS - 1) + wide;
    return (size_t)parts * s.plane;
}

/* Where the high part of a chunk is, or would be: a narrow chunk's first part is its second. */
static inline uint8_t *
SIMD_NAME(chunk_weights)(uint8_t *weights, const PlanGroup *g, int chunk, PlanShape s) {
    const bool narrow = !s.equal && (chunk < g->wide_from || chunk >= g->wide_to);
    return weights + SIMD_NAME(weight_bytes)(g, chunk, s) - (narrow ? s.plane : 0);
}

/* The weights of one group, moved so that lane i starts at pixel start[i]. */
SIMD_INLINE void SIMD_NAME(place_group)(
    uint8_t *weights, const TapTable *t, int from, const PlanGroup *g, const int *start,
    PlanShape s) {
    for (int i = 0; i < g->outputs; i++) {
        const int32_t *q = t->fixed + (size_t)(from + i) * t->max_taps;
        const int shift = t->first[from + i] - t->origin - start[i];
        int c = shift / s.per_chunk, j = shift % s.per_chunk;
        uint8_t *chunk = SIMD_NAME(chunk_weights)(weights, g, c, s);
        for (int k = 0; k < t->count[from + i]; k++) {
            SIMD_NAME(place)(chunk, i, j, s, q[k]);
            if (++j == s.per_chunk) {
                j = 0;
                chunk = SIMD_NAME(chunk_weights)(weights, g, ++c, s);
            }
        }
    }
}

/* The same, with the shape a constant. */
static void SIMD_NAME(place_shaped)(
    uint8_t *weights, const TapTable *t, int from, const PlanGroup *g, const int *start,
    PlanShape s) {
#define PLACE(KIND, SIZE)                                                                          \
    if (s.equal) {                                                                                 \
        SIMD_NAME(place_group)(weights, t, from, g, start, SIMD_NAME(shape)(KIND, SIZE, true));    \
    } else {                                                                                       \
        SIMD_NAME(place_group)(weights, t, from, g, start, SIMD_NAME(shape)(KIND, SIZE, false));   \
    }
    if (s.kind == SPREAD) {
        PLACE(SPREAD, 4)
    } else if (s.kind != GATHERED && s.pixel_size == 4) {
        PLACE(WINDOW, 4)
    } else if (s.kind != GATHERED) {
        PLACE(WINDOW, 1)
    } else if (s.pixel_size == 4) {
        PLACE(GATHERED, 4)
    } else {
        PLACE(GATHERED, 1)
    }
#undef PLACE
}

/* The first pixels of a group's outputs (of the last, for lanes in excess) and the number of its
 * chunks; 0 if they do not fit. */
static int SIMD_NAME(group_starts)(
    const TapTable *t, int from, int n, const PlanShape *s, size_t readable, int *start) {
    int taps = 1;
    for (int i = 0; i < 16; i++) {
        const int output = from + (i < n ? i : n - 1);
        const int first = t->first[output] - t->origin;
        start[i] = first & -s->align;
        const int end = first - start[i] + t->count[output];
        taps = end > taps ? end : taps;
    }
    int chunks = (taps + s->per_chunk - 1) / s->per_chunk;
    if (s->kind == PAIRS) {
        chunks += chunks & 1;
    }
    const int64_t latest = (int64_t)readable - (int64_t)chunks * s->per_chunk;
    for (int i = 0; i < 16; i++) {
        start[i] = start[i] <= latest ? start[i] : (int)latest;
    }
    return latest < 0 ? 0 : chunks;
}

/* Where the chunks are that have weights beyond SMALL_WEIGHT. */
static void SIMD_NAME(find_wide)(
    PlanGroup *g, const TapTable *t, int from, const int *start, const PlanShape *s) {
    g->wide_from = 0;
    g->wide_to = g->chunks;
    if (s->kind != SPREAD || s->equal) { /* few taps, hence large weights nearly everywhere */
        return;
    }
    int low = INT32_MAX, high = -1;
    for (int i = 0; i < g->outputs; i++) {
        const int32_t *q = t->fixed + (size_t)(from + i) * t->max_taps;
        const int shift = t->first[from + i] - t->origin - start[i];
        int a = 0, b = t->count[from + i] - 1;
        while (a <= b && q[a] <= SMALL_WEIGHT && q[a] >= -SMALL_WEIGHT) {
            a++;
        }
        while (b >= a && q[b] <= SMALL_WEIGHT && q[b] >= -SMALL_WEIGHT) {
            b--;
        }
        if (a <= b) {
            low = a + shift < low ? a + shift : low;
            high = b + shift > high ? b + shift : high;
        }
    }
    g->wide_from = high < 0 ? 0 : low / s->per_chunk;
    g->wide_to = high < 0 ? 0 : high / s->per_chunk + 1;
}

/* Where the window of a group starts, in bytes; or -1 if there is none. */
static int64_t
SIMD_NAME(window_start)(const int *start, int chunks, const PlanShape *s, size_t readable) {
    const int step = 4 * s->pixel_size; /* from chunk to chunk */
    const int window = 64 * s->indices;
    const int last = chunks - s->indices; /* the chunk at which the last window is read */
    const int64_t latest = (int64_t)readable * s->pixel_size - window - (int64_t)last * step;
    const int64_t first = (int64_t)start[0] * s->pixel_size;
    const int64_t base = first < latest ? first : latest;
    if (base < 0 || ((int64_t)start[15] + 4 * s->indices) * s->pixel_size - base > window) {
        return -1;
    }
    return base;
}

/* For each of the 64 bytes of a chunk, the byte of the window that belongs there; of the chunk of a
 * pair that begins at tap `tap`. */
static void
SIMD_NAME(place_indices)(uint8_t *index, const int *start, int64_t base, int pixel_size, int tap) {
    for (int i = 0; i < 16 / pixel_size; i++) {
        const int64_t first = ((int64_t)start[i] + tap) * pixel_size - base;
        for (int b = 0; b < pixel_size; b++) {
            for (int j = 0; j < 4; j++) {
                *index++ = (uint8_t)(first + j * pixel_size + b);
            }
        }
    }
}

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

/* Everything about a group but its weights. False if it cannot be. */
static bool SIMD_NAME(make_group)(
    PlanGroup *group, const TapTable *t, int from, int n, const PlanShape *s, size_t readable,
    int *start) {
    *group = (PlanGroup){.outputs = n};
    group->chunks = SIMD_NAME(group_starts)(t, from, n, s, readable, start);
    if (group->chunks == 0) {
        return false;
    }
    SIMD_NAME(find_wide)(group, t, from, start, s);
    for (int i = 0; i < LANES; i++) {
        group->start[i] = start[i] * s->pixel_size;
    }
    if (s->indices) {
        const int64_t base = SIMD_NAME(window_start)(start, group->chunks, s, readable);
        group->start[0] = (int32_t)base;
        return base >= 0;
    }
    return true;
}

/* A group as others are compared to it. */
typedef struct {
    PlanGroup group;
    int from;
    int start[16];
} SIMD_NAME(Made);

/* Whether two groups meet the same weights in the same places. */
static bool SIMD_NAME(alike)(
    const SIMD_NAME(Made) * a, const SIMD_NAME(Made) * b, const TapTable *t, const PlanShape *s) {
    if (a->group.chunks != b->group.chunks || a->group.outputs != b->group.outputs) {
        return false;
    }
    for (int i = 0; i < a->group.outputs; i++) {
        const int x = a->from + i, y = b->from + i;
        const int to_window = (a->start[i] - b->start[i]) * s->pixel_size;
        if (t->count[x] != t->count[y] || t->first[x] - t->first[y] != a->start[i] - b->start[i] ||
            (s->indices && to_window != a->group.start[0] - b->group.start[0]) ||
            memcmp(
                t->fixed + (size_t)x * t->max_taps, t->fixed + (size_t)y * t->max_taps,
                (size_t)t->count[x] * sizeof(*t->fixed)) != 0) {
            return false;
        }
    }
    return true;
}

/* Writes a group's weights. */
static void SIMD_NAME(place_weights)(
    uint8_t *to, const SIMD_NAME(Made) * made, const TapTable *t, const PlanShape *s) {
    const PlanGroup *g = &made->group;
    for (int i = 0; i < s->indices; i++, to += SIMD_BYTES) {
        SIMD_NAME(place_indices)(to, made->start, g->start[0], s->pixel_size, 4 * i);
    }
    if (s->equal) {
        SIMD_NAME(place_factors)(to, t, made->from, g->outputs, s);
        to += SIMD_BYTES;
    }
    memset(to, 0, SIMD_NAME(weight_bytes)(g, g->chunks, *s));
    SIMD_NAME(place_shaped)(to, t, made->from, g, made->start, *s);
}

/* Lays the plan out, and writes it if `to` is not NULL. Returns its size, 0 if it cannot be. */
static size_t
SIMD_NAME(lay_out)(const TapTable *t, int outputs, PlanShape s, size_t readable, uint8_t *to) {
    const int groups = (outputs + s.per_group - 1) / s.per_group;
    const size_t front = (size_t)(s.indices + s.equal) * SIMD_BYTES;
    size_t end = round_up_64(sizeof(PlanHead) + (size_t)groups * sizeof(PlanGroup));
    SIMD_NAME(Made) recent[SHARE_BACK];
    int distinct = 0;
    for (int g = 0; g < groups; g++) {
        SIMD_NAME(Made) *made = &recent[distinct % SHARE_BACK], now;
        now.from = g * s.per_group;
        const int n = outputs - now.from < s.per_group ? outputs - now.from : s.per_group;
        if (!SIMD_NAME(make_group)(&now.group, t, now.from, n, &s, readable, now.start)) {
            return 0;
        }
        const SIMD_NAME(Made) *twin = NULL;
        for (int i = 0; i < distinct && i < SHARE_BACK && !twin; i++) {
            twin = SIMD_NAME(alike)(&now, &recent[i], t, &s) ? &recent[i] : NULL;
        }
        now.group.weights = twin ? twin->group.weights : end;
        if (!twin) {
            if (to) {
                SIMD_NAME(place_weights)(to + end, &now, t, &s);
            }
            end += round_up_64(front + SIMD_NAME(weight_bytes)(&now.group, now.group.chunks, s));
            *made = now;
            distinct++;
        }
        if (to) {
            memcpy(
                to + sizeof(PlanHead) + (size_t)g * sizeof(PlanGroup), &now.group,
                sizeof(now.group));
        }
    }
    if (to) {
        const PlanHead plan = {groups, s.pixel_size, (int32_t)s.kind, s.equal};
        memcpy(to, &plan, sizeof(plan));
    }
    return end;
}

size_t SIMD_NAME(resample_h8_plan)(
    const int *first, const int *count, const int32_t *fixed, int max_taps, int outputs,
    int pixel_size, int origin, size_t readable, void *plan) {
    const TapTable t = {first, count, fixed, max_taps, origin};
    const bool equal = max_taps <= EQUAL_CHUNKS * 16 / pixel_size && weights_are_equal(&t, outputs);
    /* The first kind that fits. */
    PlanShape choice[4];
    int choices = 0;
#if SIMD_LEVEL == 3
    choice[choices++] = SIMD_NAME(shape)(WINDOW, pixel_size, equal);
    choice[choices++] = SIMD_NAME(shape)(PAIRS, pixel_size, equal);
#endif
    if (SIMD_LEVEL > 1 && pixel_size == 4 && max_taps >= SPREAD_TAPS) {
        choice[choices++] = SIMD_NAME(shape)(SPREAD, pixel_size, equal);
    }
    choice[choices++] = SIMD_NAME(shape)(GATHERED, pixel_size, equal);
    for (int i = 0; i < choices; i++) {
        const size_t size = SIMD_NAME(lay_out)(&t, outputs, choice[i], readable, NULL);
        if (size) {
            if (plan) {
                SIMD_NAME(lay_out)(&t, outputs, choice[i], readable, plan);
            }
            return size;
        }
    }
    return 0;
}
