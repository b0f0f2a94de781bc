/* Sun raster run lengths: 0x80 n v is n + 1 times v, 0x80 0 is a single 0x80, the rest is literal.
 */
#include "codec/byte_reader.h"
#include "codec/raster.h"
#include "codec/row_buffer.h"

enum { ESCAPE = 0x80 };

static bool put_run(RowDecoder *self, uint8_t value, unsigned count) {
    while (count-- > 0) {
        if (!row_put(self, value)) {
            return false;
        }
    }
    return true;
}

static ptrdiff_t sun_rle_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    RowDecoder *self = (RowDecoder *)codec;
    if (!row_ready(self)) {
        return -1;
    }
    ByteReader in = byte_reader(data, size);
    while (bytes_left(&in) > 0) {
        const uint8_t *packet = in.at;
        size_t length = 1;
        unsigned count = 1;
        uint8_t value = packet[0];
        if (value == ESCAPE) {
            length = bytes_left(&in) < 2 || packet[1] != 0 ? 3 : 2;
        }
        if (!take_bytes(&in, length)) {
            break;
        }
        if (length == 3) {
            count = packet[1] + 1u;
            value = packet[2];
        }
        if (!put_run(self, value, count)) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)(size - bytes_left(&in));
}

ImgCodec *img_sun_rle_decoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {
        "sun_rle", sizeof(RowDecoder), sun_rle_decode, NULL, row_release};
    return img_codec_new(&type, mode, raw);
}
