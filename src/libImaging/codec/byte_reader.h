/* Bytes that are taken one after the other and never beyond the end: for decoders of formats whose
 * lengths come from the file. */
#ifndef IMAGING_CODEC_BYTE_READER_H
#define IMAGING_CODEC_BYTE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *at, *end;
} ByteReader;

static inline ByteReader byte_reader(const uint8_t *data, size_t size) {
    return (ByteReader){data, data + size};
}

static inline size_t bytes_left(const ByteReader *r) {
    return (size_t)(r->end - r->at);
}

/* The next `count` bytes, or NULL if there are fewer (then none is taken). */
static inline const uint8_t *take_bytes(ByteReader *r, size_t count) {
    if (bytes_left(r) < count) {
        return NULL;
    }
    const uint8_t *bytes = r->at;
    r->at += count;
    return bytes;
}

static inline bool take_u8(ByteReader *r, unsigned *value) {
    const uint8_t *b = take_bytes(r, 1);
    if (b) {
        *value = b[0];
    }
    return b != NULL;
}

static inline uint32_t load_u16le(const uint8_t *b) {
    return b[0] | (uint32_t)b[1] << 8;
}

static inline uint32_t load_u32le(const uint8_t *b) {
    return load_u16le(b) | load_u16le(b + 2) << 16;
}

static inline uint32_t load_u32be(const uint8_t *b) {
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline bool take_u16le(ByteReader *r, unsigned *value) {
    const uint8_t *b = take_bytes(r, 2);
    if (b) {
        *value = load_u16le(b);
    }
    return b != NULL;
}

#endif
