/* Streaming stores need aligned addresses; the ends are copied as usual. */
void SIMD_NAME(stream_copy)(uint8_t *out, const uint8_t *in, size_t n) {
    const size_t head = -(uintptr_t)out & (SIMD_BYTES - 1);
    if (n < head + SIMD_BYTES) {
        memcpy(out, in, n);
        return;
    }
    memcpy(out, in, head);
    size_t i = head;
    for (; i + SIMD_BYTES <= n; i += SIMD_BYTES) {
        VOP_SI(stream_)((vi *)(void *)(out + i), v_load(in + i));
    }
    memcpy(out + i, in + i, n - i);
}

void SIMD_NAME(stream_end)(void) {
    _mm_sfence();
}
