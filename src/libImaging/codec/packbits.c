/* PackBits: a count byte, then literal bytes or one repeated byte. */
#include "codec/row_buffer.h"
#include "codec/simple.h"

/* Puts bytes of one packet in the row; what does not fit is dropped. */
static void put_packet(RowDecoder *self, const uint8_t *from, size_t count, bool repeated) {
    size_t room = self->size - self->filled, n = count < room ? count : room;
    if (repeated) {
        memset(self->bytes + self->filled, *from, n);
    } else {
        memcpy(self->bytes + self->filled, from, n);
    }
    self->filled += n;
}

static ptrdiff_t packbits_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    RowDecoder *self = (RowDecoder *)codec;
    size_t at = 0;
    if (!row_ready(self)) {
        return -1;
    }
    while (at < size) {
        unsigned control = data[at];
        if (control == 128) {
            at++;
            continue;
        }
        bool repeated = control > 128;
        size_t count = repeated ? 257 - control : control + 1;
        size_t packet = repeated ? 2 : 1 + count;
        if (size - at < packet) {
            break;
        }
        put_packet(self, data + at + 1, count, repeated);
        at += packet;
        if (self->filled == self->size && !row_flush(self)) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)at;
}

ImgCodec *img_packbits_decoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {
        "packbits", sizeof(RowDecoder), packbits_decode, NULL, row_release};
    return img_codec_new(&type, mode, raw);
}
