/* Codecs: what turns a stream of bytes into the pixels of a rectangle, and back.
 *
 * A codec is a state (a struct that begins with ImgCodec, allocated by img_codec_new) and a type
 * with the functions on it. The owner sets the image once, then calls decode or encode until the
 * status says that it is finished. Neither function may be called by two threads at once.
 */
#ifndef IMAGING_CODEC_CODEC_H
#define IMAGING_CODEC_CODEC_H

#include "Imaging.h"
#include "codec/stream.h"
#include "pixel/rawmode.h"

/* Negative: failure; the numbers are known to users of PIL.Image.core. */
typedef enum {
    IMG_CODEC_MORE = 0, /* decoders: wants more data, or is finished well; encoders: call again */
    IMG_CODEC_END = 1,  /* encoders: all is written */
    IMG_CODEC_OVERRUN = -1,
    IMG_CODEC_BROKEN = -2,
    IMG_CODEC_UNKNOWN = -3,
    IMG_CODEC_CONFIG = -8,
    IMG_CODEC_MEMORY = -9
} ImgCodecStatus;

typedef struct ImgCodec ImgCodec;

typedef struct {
    const char *name;
    size_t size; /* of the state */
    /* Decodes from `data`; returns how many bytes were consumed (the caller gives the rest again,
     * with more behind it), or -1 when finished or failed (see codec->status). */
    ptrdiff_t (*decode)(ImgCodec *codec, const uint8_t *data, size_t size);
    /* Writes up to `size` bytes and returns how many (-1 with some failures); sets the status. */
    ptrdiff_t (*encode)(ImgCodec *codec, uint8_t *data, size_t size);
    /* Frees what the state owns; may be NULL, is called once. */
    void (*release)(ImgCodec *codec);
} ImgCodecType;

struct ImgCodec {
    const ImgCodecType *type;
    const ImgMode *mode;   /* of the pixels; the image set later has pixels of this size */
    const ImgRawMode *raw; /* may be NULL for codecs that need none */
    ImgCodecStatus status;
    bool upside_down; /* rows come from the bottom up */
    /* Once the image is set: the rectangle, which lies in the image and is not empty. */
    ImgImage *image;
    int x, y, width, height;
    bool uses_stream;  /* it works on a stream by itself: decode gets no data, encode no room */
    ImgStream *stream; /* set while it does so, else NULL */
    int row;           /* rows done */
    bool began;        /* decode or encode was called */
    bool released;
};

/* A zeroed state of type->size bytes, or NULL. */
ImgCodec *img_codec_new(const ImgCodecType *type, const ImgMode *mode, const ImgRawMode *raw);
/* Frees what decoding needs, but not the state itself. Later calls do nothing. */
void img_codec_release(ImgCodec *codec);
void img_codec_free(ImgCodec *codec);

/* Sets the image, of which a reference is kept. The rectangle must lie in the image; the image's
 * pixels must have the size of the codec's mode. */
void img_codec_set_image(ImgCodec *codec, ImgImage *image, int x, int y, int width, int height);

/* Memory of the first pixel of row `row` (0 to height - 1, in the order of the stream). */
static inline uint8_t *img_codec_row(const ImgCodec *codec, int row) {
    int y = codec->upside_down ? codec->height - 1 - row : row;
    return codec->image->rows[codec->y + y] + (size_t)codec->x * codec->mode->pixel_size;
}

/* Ends decoding: sets the status and returns -1, so that decoders can `return` it. */
static inline ptrdiff_t img_codec_finish(ImgCodec *codec, ImgCodecStatus status) {
    codec->status = status;
    return -1;
}

/* Bytes of a packed row of the rectangle. */
static inline size_t img_codec_row_bytes(const ImgCodec *codec) {
    return img_raw_row_bytes(codec->raw, codec->width);
}

#endif
