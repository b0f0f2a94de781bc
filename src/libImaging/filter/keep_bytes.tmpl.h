/* A plain loop, which the compiler vectorises for each level. */
void SIMD_NAME(keep_bytes_row)(uint8_t *out, const uint8_t *in, size_t n, uint32_t keep) {
    for (size_t i = 0; i + 4 <= n; i += 4) {
        uint32_t pixel;
        memcpy(&pixel, in + i, 4);
        pixel &= keep;
        memcpy(out + i, &pixel, 4);
    }
}
