/* Bits to bytes and back, 16 pixels and more at once. */

/* The bit of each of eight pixels in the byte that holds them. */
SIMD_INLINE __m128i SIMD_NAME(bit_of_pixel)(int low_first) {
    return _mm_set1_epi64x(low_first ? (long long)0x8040201008040201 : 0x0102040810204080);
}

void SIMD_NAME(bits_to_bytes)(
    uint8_t *out, const uint8_t *in, int pixels, int invert, int low_first) {
    /* All source bytes in every lane; each goes to eight places. */
    uint8_t place[SIMD_BYTES];
    for (int i = 0; i < SIMD_BYTES; i++) {
        place[i] = (uint8_t)(i / 8);
    }
    const vi spread = v_load(place), bit = v_lanes(SIMD_NAME(bit_of_pixel)(low_first));
    const vi flip = v_set_u8(invert ? 255 : 0);
    int x = 0;
    for (; pixels - x >= SIMD_BYTES; x += SIMD_BYTES) {
        uint64_t word = 0;
        memcpy(&word, in, SIMD_BYTES / 8);
        __m128i bytes = _mm_cvtsi64_si128((long long)word);
        vi v = v_shuffle_u8(v_lanes(bytes), spread);
        v = v_xor(v_cmpeq_u8(v_and(v, bit), bit), flip);
        v_store(out, v);
        in += SIMD_BYTES / 8;
        out += SIMD_BYTES;
    }
    bits_to_bytes_scalar(out, in, pixels - x, invert, low_first);
}

#if SIMD_LEVEL == 1
void SIMD_NAME(bytes_to_bits)(
    uint8_t *out, const uint8_t *in, int pixels, int invert, int low_first) {
    const __m128i reverse = _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
    const __m128i zero = _mm_setzero_si128();
    int x = 0;
    for (; pixels - x >= 16; x += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)in);
        v = low_first ? v : _mm_shuffle_epi8(v, reverse);
        unsigned zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, zero));
        uint16_t bits = (uint16_t)(invert ? zeros : ~zeros);
        memcpy(out, &bits, 2);
        in += 16;
        out += 2;
    }
    bytes_to_bits_scalar(out, in, pixels - x, invert, low_first);
}
#endif
