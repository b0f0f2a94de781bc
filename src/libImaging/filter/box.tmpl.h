/* SIMD versions of the kernels in box.c and unsharp.c. */

#define VECTORS (BOX_LANES / SIMD_BYTES) /* in an element */
#define LANES (SIMD_BYTES / 16)

#define vlanes SIMD_NAME(box_load_lanes)
#define vstore_lanes SIMD_NAME(box_store_lanes)
#define top_bytes SIMD_NAME(box_top_bytes)
#define dot_add SIMD_NAME(box_dot_add)

/* 16 bytes of each of LANES rows that are `apart` row pointers apart. */
SIMD_INLINE vi vlanes(const uint8_t *const *rows, int apart, ptrdiff_t at) {
#define ROW(i) _mm_loadu_si128((const __m128i *)(rows[(i) * apart] + at))
#if SIMD_LEVEL == 1
    (void)apart;
    return ROW(0);
#elif SIMD_LEVEL == 2
    return _mm256_inserti128_si256(_mm256_castsi128_si256(ROW(0)), ROW(1), 1);
#else
    vi v = _mm512_castsi128_si512(ROW(0));
    v = _mm512_inserti32x4(v, ROW(1), 1);
    v = _mm512_inserti32x4(v, ROW(2), 2);
    return _mm512_inserti32x4(v, ROW(3), 3);
#endif
#undef ROW
}

SIMD_INLINE void vstore_lanes(uint8_t *const *rows, int apart, ptrdiff_t at, vi v) {
#define ROW(i) (__m128i *)(rows[(i) * apart] + at)
#if SIMD_LEVEL == 1
    (void)apart;
    _mm_storeu_si128(ROW(0), v);
#elif SIMD_LEVEL == 2
    _mm_storeu_si128(ROW(0), _mm256_castsi256_si128(v));
    _mm_storeu_si128(ROW(1), _mm256_extracti128_si256(v, 1));
#else
    _mm_storeu_si128(ROW(0), _mm512_castsi512_si128(v));
    _mm_storeu_si128(ROW(1), _mm512_extracti32x4_epi32(v, 1));
    _mm_storeu_si128(ROW(2), _mm512_extracti32x4_epi32(v, 2));
    _mm_storeu_si128(ROW(3), _mm512_extracti32x4_epi32(v, 3));
#endif
#undef ROW
}

/* acc + a0 * b0 + a1 * b1 in each 32-bit element. */
SIMD_INLINE vi dot_add(vi acc, vi a, vi b) {
#if SIMD_LEVEL == 3
    return _mm512_dpwssd_epi32(acc, a, b);
#else
    return v_add_i32(acc, v_madd_i16(a, b));
#endif
}

/* The highest byte of each 32-bit element, in the order that unpacking in lanes undoes. */
SIMD_INLINE vi top_bytes(const vi s[4]) {
#if SIMD_LEVEL == 3
    /* Bytes 3, 7, 11, 15 of a lane of the first source, then of the second, twice: the first two
     * vectors fill the lower half of each lane, the others the upper. */
    const vi first = v_set_i32(0x0f0b0703);
    const vi lane = _mm512_set_epi32(48, 48, 48, 48, 32, 32, 32, 32, 16, 16, 16, 16, 0, 0, 0, 0);
    const vi source = _mm512_set4_epi32(64, 0, 64, 0);
    const vi every = v_set_i32(0x01010101);
    const vi index = v_add_i8(first, v_mullo_i32(v_or(lane, source), every));
    const vi low = _mm512_permutex2var_epi8(s[0], index, s[1]);
    const vi high = _mm512_permutex2var_epi8(s[2], index, s[3]);
    return _mm512_mask_blend_epi64(0xaa, low, high);
#else
    const vi a = v_packs_i32_i16(v_shr_u32(s[0], 24), v_shr_u32(s[1], 24));
    const vi b = v_packs_i32_i16(v_shr_u32(s[2], 24), v_shr_u32(s[3], 24));
    return v_packs_i16_u8(a, b);
#endif
}

/* The value v = A * ww + E * fw + 2^23 whose highest byte is the result is itself carried along the
 * line: from x to x + 1 it changes by d1 * c1 + d2 * c2, modulo 2^32, where
 *     d1 = p[x+r+1] - p[x-r],    c1 = ww - fw,
 *     d2 = p[x+r+2] - p[x-r-1],  c2 = fw.
 * |c| <= 2^24 is split as high * 2^15 + low, 0 <= low < 2^15, -2^9 <= high <= 2^9, so that two
 * 16-bit multiply-adds of (d1, d2), |d| <= 255, give both products exactly. */
typedef struct {
    vi value[4];    /* elements of each lane: 0 to 3, 4 to 7, 8 to 11, 12 to 15 */
    vi next, prior; /* p[x+r+1], p[x-r-1] */
} SIMD_NAME(BoxState);
#define BoxState SIMD_NAME(BoxState)

#define widen4 SIMD_NAME(box_widen4)
SIMD_INLINE void widen4(vi out[4], vi bytes) {
    const vi low = v_unpacklo_i8(bytes, v_zero()), high = v_unpackhi_i8(bytes, v_zero());
    out[0] = v_unpacklo_i16(low, v_zero());
    out[1] = v_unpackhi_i16(low, v_zero());
    out[2] = v_unpacklo_i16(high, v_zero());
    out[3] = v_unpackhi_i16(high, v_zero());
}

/* The state at x = 0. */
static void
SIMD_NAME(box_start)(BoxState *state, const uint8_t *in, int count, const ImgBoxPass *pass) {
    const int64_t r = pass->r, last = count - 1, inside = r < last ? r : last;
    const vi first = v_load(in), end = v_load(in + last * BOX_LANES);
    vi sum[4], part[4];
    widen4(sum, first);
    widen4(part, end);
    for (int k = 0; k < 4; k++) {
        sum[k] = v_mullo_i32(sum[k], v_set_i32((uint32_t)(r + 1)));
        sum[k] = v_add_i32(sum[k], v_mullo_i32(part[k], v_set_i32((uint32_t)(r - inside))));
    }
    for (int64_t x = 1; x <= inside; x++) {
        widen4(part, v_load(in + x * BOX_LANES));
        for (int k = 0; k < 4; k++) {
            sum[k] = v_add_i32(sum[k], part[k]);
        }
    }
    state->prior = first;
    state->next = v_load(in + (r + 1 < last ? r + 1 : last) * BOX_LANES);
    vi before[4], after[4];
    widen4(before, state->prior);
    widen4(after, state->next);
    for (int k = 0; k < 4; k++) {
        const vi ends = v_add_i32(before[k], after[k]);
        const vi whole = v_mullo_i32(sum[k], v_set_i32(pass->ww));
        const vi edge = v_mullo_i32(ends, v_set_i32(pass->fw));
        state->value[k] = v_add_i32(v_add_i32(whole, edge), v_set_i32(1 << 23));
    }
}

/* Results from `x` on, up to `end`. */
static void SIMD_NAME(box_advance)(
    BoxState *state, uint8_t *out, const uint8_t *in, int64_t x, int64_t end, int64_t last,
    const ImgBoxPass *pass) {
    const int64_t r = pass->r;
    const int32_t c1 = (int32_t)(pass->ww - pass->fw), c2 = (int32_t)pass->fw;
    const vi low = v_set_i32((c1 & 0x7fff) | ((c2 & 0x7fff) << 16));
    const vi high = v_set_i32(((uint32_t)(c1 >> 15) & 0xffff) | ((uint32_t)(c2 >> 15) << 16));
    const vi minus = v_set_i16(0xff01); /* bytes 1, -1 */
    vi v0 = state->value[0], v1 = state->value[1], v2 = state->value[2], v3 = state->value[3];
    vi next = state->next, prior = state->prior;
    for (; x < end; x++) {
        const vi s[4] = {v0, v1, v2, v3};
        v_store(out + x * BOX_LANES, top_bytes(s));
        const vi in2 = v_load(in + (x + r + 2 < last ? x + r + 2 : last) * BOX_LANES);
        const vi out1 = v_load(in + (x - r > 0 ? x - r : 0) * BOX_LANES);
        const vi al = v_maddubs(v_unpacklo_i8(next, out1), minus);
        const vi ah = v_maddubs(v_unpackhi_i8(next, out1), minus);
        const vi bl = v_maddubs(v_unpacklo_i8(in2, prior), minus);
        const vi bh = v_maddubs(v_unpackhi_i8(in2, prior), minus);
        const vi d0 = v_unpacklo_i16(al, bl), d1 = v_unpackhi_i16(al, bl);
        const vi d2 = v_unpacklo_i16(ah, bh), d3 = v_unpackhi_i16(ah, bh);
        v0 = v_add_i32(dot_add(v0, d0, low), v_shl_i32(v_madd_i16(d0, high), 15));
        v1 = v_add_i32(dot_add(v1, d1, low), v_shl_i32(v_madd_i16(d1, high), 15));
        v2 = v_add_i32(dot_add(v2, d2, low), v_shl_i32(v_madd_i16(d2, high), 15));
        v3 = v_add_i32(dot_add(v3, d3, low), v_shl_i32(v_madd_i16(d3, high), 15));
        next = in2;
        prior = out1;
    }
    state->value[0] = v0;
    state->value[1] = v1;
    state->value[2] = v2;
    state->value[3] = v3;
    state->next = next;
    state->prior = prior;
}

/* The vectors of an element take turns of 64 elements, 8 KB of input and output. */
void SIMD_NAME(box_line)(uint8_t *out, const uint8_t *in, int count, const ImgBoxPass *pass) {
    BoxState state[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        SIMD_NAME(box_start)(&state[v], in + v * SIMD_BYTES, count, pass);
    }
    for (int x = 0; x < count; x += 64) {
        const int end = count - x < 64 ? count : x + 64;
        for (int v = 0; v < VECTORS; v++) {
            SIMD_NAME(box_advance)
            (&state[v], out + v * SIMD_BYTES, in + v * SIMD_BYTES, x, end, count - 1, pass);
        }
    }
}

/* Transposes 4 x 4 elements of 32 bits, or 16 x 16 bytes, in each lane. */
#define transpose4 SIMD_NAME(box_transpose4)
SIMD_INLINE void transpose4(vi v[4]) {
    const vi a = v_unpacklo_i32(v[0], v[1]), b = v_unpackhi_i32(v[0], v[1]);
    const vi c = v_unpacklo_i32(v[2], v[3]), d = v_unpackhi_i32(v[2], v[3]);
    v[0] = v_unpacklo_i64(a, c);
    v[1] = v_unpackhi_i64(a, c);
    v[2] = v_unpacklo_i64(b, d);
    v[3] = v_unpackhi_i64(b, d);
}

/* Interleaving the first half with the second, four times over, is the transposition. */
#define transpose16 SIMD_NAME(box_transpose16)
SIMD_INLINE void transpose16(vi v[16]) {
    for (int stage = 0; stage < 4; stage++) {
        vi t[16];
        for (int i = 0; i < 8; i++) {
            t[2 * i] = v_unpacklo_i8(v[i], v[i + 8]);
            t[2 * i + 1] = v_unpackhi_i8(v[i], v[i + 8]);
        }
        for (int i = 0; i < 16; i++) {
            v[i] = t[i];
        }
    }
}

/* In the four kernels below a count that is no multiple of the block is finished by one more block
 * that ends with the line and repeats part of the one before. */

void SIMD_NAME(box_gather_4)(uint8_t *line, const uint8_t *const *rows, int count) {
    if (count < 4) {
        box_gather_4_scalar(line, rows, count);
        return;
    }
    for (int next = 0; next < count; next += 4) {
        const ptrdiff_t x = next < count - 4 ? next : count - 4;
        for (int g = 0; g < VECTORS; g++) {
            vi v[4];
            for (int i = 0; i < 4; i++) {
                v[i] = vlanes(rows + g * 4 * LANES + i, 4, x * 4);
            }
            transpose4(v);
            for (int i = 0; i < 4; i++) {
                v_store(line + (x + i) * BOX_LANES + g * SIMD_BYTES, v[i]);
            }
        }
    }
}

void SIMD_NAME(box_scatter_4)(uint8_t *const *rows, const uint8_t *line, int count) {
    if (count < 4) {
        box_scatter_4_scalar(rows, line, count);
        return;
    }
    for (int next = 0; next < count; next += 4) {
        const ptrdiff_t x = next < count - 4 ? next : count - 4;
        for (int g = 0; g < VECTORS; g++) {
            vi v[4];
            for (int i = 0; i < 4; i++) {
                v[i] = v_load(line + (x + i) * BOX_LANES + g * SIMD_BYTES);
            }
            transpose4(v);
            for (int i = 0; i < 4; i++) {
                vstore_lanes(rows + g * 4 * LANES + i, 4, x * 4, v[i]);
            }
        }
    }
}

void SIMD_NAME(box_gather_1)(uint8_t *line, const uint8_t *const *rows, int count) {
    if (count < 16) {
        box_gather_1_scalar(line, rows, count);
        return;
    }
    for (int next = 0; next < count; next += 16) {
        const ptrdiff_t x = next < count - 16 ? next : count - 16;
        for (int g = 0; g < VECTORS; g++) {
            vi v[16];
            for (int i = 0; i < 16; i++) {
                v[i] = vlanes(rows + g * SIMD_BYTES + i, 16, x);
            }
            transpose16(v);
            for (int i = 0; i < 16; i++) {
                v_store(line + (x + i) * BOX_LANES + g * SIMD_BYTES, v[i]);
            }
        }
    }
}

void SIMD_NAME(box_scatter_1)(uint8_t *const *rows, const uint8_t *line, int count) {
    if (count < 16) {
        box_scatter_1_scalar(rows, line, count);
        return;
    }
    for (int next = 0; next < count; next += 16) {
        const ptrdiff_t x = next < count - 16 ? next : count - 16;
        for (int g = 0; g < VECTORS; g++) {
            vi v[16];
            for (int i = 0; i < 16; i++) {
                v[i] = v_load(line + (x + i) * BOX_LANES + g * SIMD_BYTES);
            }
            transpose16(v);
            for (int i = 0; i < 16; i++) {
                vstore_lanes(rows + g * SIMD_BYTES + i, 16, x, v[i]);
            }
        }
    }
}

#undef transpose4
#undef transpose16
#undef widen4
#undef BoxState
#undef dot_add
#undef top_bytes
#undef vstore_lanes
#undef vlanes
#undef LANES
#undef VECTORS
