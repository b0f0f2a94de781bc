/* The cells of a box in rows of 8 along blue: two vectors of 16 bytes, or one of 32. */

#define VECTORS (32 / SIMD_BYTES)

void SIMD_NAME(nearest_candidate)(int32_t *least, const int32_t *axes, int index) {
    vi blue[VECTORS];
    for (int k = 0; k < VECTORS; k++) {
        const vi b = v_load(axes + 16 + 4 * k);
        blue[k] = v_add_i32(v_shl_i32(b, 8), v_set_i32(index));
    }
    for (int rg = 0; rg < 64; rg++, least += 8) {
        const vi so_far = v_set_i32((axes[rg >> 3] + axes[8 + (rg & 7)]) * 256);
        for (int k = 0; k < VECTORS; k++) {
            int32_t *cells = least + 4 * k;
            v_store(cells, v_min_i32(v_load(cells), v_add_i32(blue[k], so_far)));
        }
    }
}

#undef VECTORS
