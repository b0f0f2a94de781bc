/* Kodak PhotoCD, base resolution: luma of two rows, then their common chroma. */
#include "codec/byte_reader.h"
#include "codec/raster.h"
#include "codec/row_buffer.h"

/* Stores one row: luma, and for each two pixels a pair of chroma samples. */
static bool
put_row(RowDecoder *self, const uint8_t *luma, const uint8_t *chroma1, const uint8_t *chroma2) {
    for (int x = 0; x < self->base.width; x++) {
        uint8_t *triple = self->bytes + 3 * (size_t)x;
        triple[0] = luma[x];
        triple[1] = chroma1[x / 2];
        triple[2] = chroma2[x / 2];
    }
    return row_flush(self);
}

static ptrdiff_t pcd_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    RowDecoder *self = (RowDecoder *)codec;
    if (!row_ready(self)) {
        return -1;
    }
    /* The chroma of an odd last column would stand behind the rows. */
    size_t width = (size_t)codec->width, half = width / 2, chroma = (width + 1) / 2;
    ByteReader in = byte_reader(data, size);
    while (bytes_left(&in) >= 2 * width + half + chroma) {
        const uint8_t *rows = take_bytes(&in, 3 * width);
        const uint8_t *chroma1 = rows + 2 * width, *chroma2 = chroma1 + half;
        if (!put_row(self, rows, chroma1, chroma2) ||
            !put_row(self, rows + width, chroma1, chroma2)) {
            return img_codec_finish(codec, IMG_CODEC_MORE);
        }
    }
    return (ptrdiff_t)(size - bytes_left(&in));
}

ImgCodec *img_pcd_decoder(const ImgMode *mode, const ImgRawMode *raw) {
    static const ImgCodecType type = {"pcd", sizeof(RowDecoder), pcd_decode, NULL, row_release};
    return img_codec_new(&type, mode, raw);
}
