/* Life of codec states. */
#include "codec/codec.h"

#include <stdlib.h>

ImgCodec *img_codec_new(const ImgCodecType *type, const ImgMode *mode, const ImgRawMode *raw) {
    ImgCodec *codec = calloc(1, type->size);
    if (codec) {
        codec->type = type;
        codec->mode = mode;
        codec->raw = raw;
    }
    return codec;
}

void img_codec_set_image(ImgCodec *codec, ImgImage *image, int x, int y, int width, int height) {
    ImgImage *old = codec->image;
    codec->image = img_ref(image);
    img_unref(old);
    codec->x = x;
    codec->y = y;
    codec->width = width;
    codec->height = height;
    codec->row = 0;
}

void img_codec_release(ImgCodec *codec) {
    if (!codec->released) {
        codec->released = true;
        if (codec->type->release) {
            codec->type->release(codec);
        }
    }
}

void img_codec_free(ImgCodec *codec) {
    if (codec) {
        img_codec_release(codec);
        img_unref(codec->image);
        free(codec);
    }
}
