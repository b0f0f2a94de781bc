/* AvifDecoder: the frames of a file, in any order. */
#include "avif_module.h"

typedef struct {
    PyObject_HEAD avifDecoder *decoder;
    const FrameMode *mode;
    uint32_t width, height; /* what the container says; every frame must have this size */
    Py_buffer data;         /* bytes that the decoder reads from */
    atomic_flag busy;
} DecoderObject;

static void decoder_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    DecoderObject *d = (DecoderObject *)self;
    if (d->decoder) {
        avifDecoderDestroy(d->decoder);
    }
    PyBuffer_Release(&d->data);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* Reads everything but the frames themselves. */
static avifResult open_file(avifDecoder *decoder, const Py_buffer *data) {
    avifResult result = avifDecoderSetIOMemory(decoder, data->buf, (size_t)data->len);
    return result == AVIF_RESULT_OK ? avifDecoderParse(decoder) : result;
}

PyObject *new_decoder(PyObject *module, PyObject *args) {
    Py_buffer data;
    const char *codec;
    int max_threads;
    if (!PyArg_ParseTuple(args, "y*si", &data, &codec, &max_threads)) {
        return NULL;
    }
    DecoderObject *self = PyObject_New(DecoderObject, avif_state(module)->decoder_type);
    if (!self) {
        PyBuffer_Release(&data);
        return NULL;
    }
    self->data = data;
    atomic_flag_clear(&self->busy);
    avifDecoder *decoder = self->decoder = avifDecoderCreate();
    if (!decoder) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    decoder->codecChoice = avifCodecChoiceFromName(codec);
    decoder->maxThreads = max_threads;
    /* Files of libheif before 1.12 have no pixi property, and some of Apple's have a clean aperture
     * between pixels. */
    decoder->strictFlags &= ~(avifStrictFlags)(AVIF_STRICT_PIXI_REQUIRED | AVIF_STRICT_CLAP_VALID);
    avifResult result;
    WITHOUT_GIL(result = open_file(decoder, &self->data));
    if (result != AVIF_RESULT_OK) {
        Py_DECREF(self);
        return raise_result(result, "decode image");
    }
    self->width = decoder->image->width;
    self->height = decoder->image->height;
    self->mode =
        frame_mode(decoder->image->yuvFormat == AVIF_PIXEL_FORMAT_YUV400, decoder->alphaPresent);
    return (PyObject *)self;
}

static PyObject *bytes_or_none(const avifRWData *data) {
    return data->size ? PyBytes_FromStringAndSize((const char *)data->data, (Py_ssize_t)data->size)
                      : Py_NewRef(Py_None);
}

/* get_info(): (size, frames, mode, icc, exif, orientation, xmp). */
static PyObject *decoder_get_info(PyObject *self, PyObject *ignored) {
    (void)ignored;
    DecoderObject *d = (DecoderObject *)self;
    if (!claim(&d->busy)) {
        return NULL;
    }
    const avifImage *image = d->decoder->image;
    PyObject *result = Py_BuildValue(
        "((II)isNNiN)", d->width, d->height, d->decoder->imageCount, d->mode->name,
        bytes_or_none(&image->icc), bytes_or_none(&image->exif), orientation_of(image),
        bytes_or_none(&image->xmp));
    unclaim(&d->busy);
    return result;
}

/* Decodes a frame and describes its pixels, for which there is no memory yet. */
static avifResult decode(DecoderObject *d, uint32_t index, avifRGBImage *rgb) {
    avifResult result = avifDecoderNthImage(d->decoder, index);
    if (result != AVIF_RESULT_OK) {
        return result;
    }
    const avifImage *image = d->decoder->image;
    if (image->width != d->width || image->height != d->height) {
        return AVIF_RESULT_ISPE_SIZE_MISMATCH;
    }
    avifRGBImageSetDefaults(rgb, image);
    rgb->depth = 8;
    rgb->format = d->mode->format;
#if AVIF_VERSION >= 1000000
    rgb->maxThreads = d->decoder->maxThreads;
#endif
    return AVIF_RESULT_OK;
}

/* libavif's rows count their bytes in 32 bits. */
static bool set_row_bytes(avifRGBImage *rgb, size_t row_bytes) {
    rgb->rowBytes = (uint32_t)row_bytes;
    return row_bytes == rgb->rowBytes;
}

static PyObject *raise_frame(avifResult result, uint32_t index) {
    char what[40];
    PyOS_snprintf(what, sizeof(what), "decode frame %u", (unsigned)index);
    return raise_result(result, what);
}

static PyObject *timing(PyObject *pixels, const avifDecoder *decoder) {
    const avifImageTiming *t = &decoder->imageTiming;
    return Py_BuildValue(
        "NKKK", pixels, (unsigned long long)t->timescale, (unsigned long long)t->ptsInTimescales,
        (unsigned long long)t->durationInTimescales);
}

/* get_frame(index): (pixels, timescale, start, duration). */
static PyObject *decoder_get_frame(PyObject *self, PyObject *args) {
    DecoderObject *d = (DecoderObject *)self;
    unsigned int index;
    if (!PyArg_ParseTuple(args, "I", &index) || !claim(&d->busy)) {
        return NULL;
    }
    avifRGBImage rgb;
    avifResult result;
    PyObject *pixels = NULL, *frame = NULL;
    WITHOUT_GIL(result = decode(d, index, &rgb));
    size_t row_bytes = (size_t)d->width * d->mode->channels;
    if (result == AVIF_RESULT_OK && d->height <= (size_t)PY_SSIZE_T_MAX / (row_bytes | 1) &&
        set_row_bytes(&rgb, row_bytes)) {
        pixels = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(row_bytes * d->height));
    } else if (result == AVIF_RESULT_OK) {
        PyErr_NoMemory();
    }
    if (pixels) {
        rgb.pixels = (uint8_t *)PyBytes_AS_STRING(pixels);
        WITHOUT_GIL(result = avifImageYUVToRGB(d->decoder->image, &rgb));
        if (result == AVIF_RESULT_OK) {
            frame = timing(pixels, d->decoder);
        } else {
            Py_DECREF(pixels);
        }
    }
    unclaim(&d->busy);
    return result == AVIF_RESULT_OK ? frame : raise_frame(result, index);
}

/* Two pixels of three bytes as two of four, whatever the byte order of words. */
static inline uint64_t two_pixels(const uint8_t *in) {
    static const uint8_t parts[3][8] = {
        {255, 255, 255, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 255, 255, 255, 0},
        {0, 0, 0, 255, 0, 0, 0, 255}};
    uint64_t first, second, mask[3];
    memcpy(mask, parts, sizeof(mask));
    memcpy(&first, in, 8);
    memcpy(&second, in - 1, 8); /* the second pixel in its place */
    return (first & mask[0]) | (second & mask[1]) | mask[2];
}

/* Three bytes a pixel to four, two pixels at a time and the first and the last few by bytes, since
 * a word takes a byte before its pixels or one after them. The input may be the end of the output's
 * own row, out + width: pixel x is written up to out + 4x + 3, which is before the next one to be
 * read, out + width + 3x + 3. */
static void spread_row(uint8_t *out, const uint8_t *in, uint32_t width) {
    for (uint32_t x = 0; x < width;) {
        if (x > 0 && width - x >= 3) {
            const uint64_t word = two_pixels(in);
            memcpy(out, &word, 8);
            x += 2, in += 6, out += 8;
            continue;
        }
        const uint8_t pixel[4] = {in[0], in[1], in[2], 255};
        memcpy(out, pixel, 4);
        x++, in += 3, out += 4;
    }
}

/* Converts through memory of its own. */
static avifResult convert_apart(const DecoderObject *d, avifRGBImage *rgb, const ImgImage *image) {
    const uint32_t channels = d->mode->channels;
    size_t row_bytes = (size_t)d->width * channels;
    if (!set_row_bytes(rgb, row_bytes) || d->height > SIZE_MAX / row_bytes) {
        return AVIF_RESULT_OUT_OF_MEMORY;
    }
    rgb->pixels = malloc(row_bytes * d->height);
    if (!rgb->pixels) {
        return AVIF_RESULT_OUT_OF_MEMORY;
    }
    avifResult result = avifImageYUVToRGB(d->decoder->image, rgb);
    for (uint32_t y = 0; result == AVIF_RESULT_OK && y < d->height; y++) {
        const uint8_t *in = rgb->pixels + y * row_bytes;
        if (channels == 3) {
            spread_row(image->rows[y], in, d->width);
        } else {
            memcpy(image->rows[y], in, row_bytes);
        }
    }
    free(rgb->pixels);
    return result;
}

static avifResult read_into(DecoderObject *d, uint32_t index, const ImgImage *image) {
    avifRGBImage rgb;
    avifResult result = decode(d, index, &rgb);
    if (result != AVIF_RESULT_OK) {
        return result;
    }
    if (!img_is_contiguous(image) || !set_row_bytes(&rgb, image->row_bytes)) {
        return convert_apart(d, &rgb, image);
    }
    /* RGB goes to the ends of the rows first. Asking libavif for four channels would be simpler,
     * but it computes those with other functions of libyuv, and to other pixels. */
    const bool spread = d->mode->channels == 3;
    rgb.pixels = image->rows[0] + (spread ? d->width : 0);
    result = avifImageYUVToRGB(d->decoder->image, &rgb);
    for (uint32_t y = 0; spread && result == AVIF_RESULT_OK && y < d->height; y++) {
        spread_row(image->rows[y], image->rows[y] + d->width, d->width);
    }
    return result;
}

/* read_frame(index, capsule): like get_frame, but into an image of the same size and mode; None
 * stands in the place of the pixels. */
static PyObject *decoder_read_frame(PyObject *self, PyObject *args) {
    DecoderObject *d = (DecoderObject *)self;
    unsigned int index;
    PyObject *capsule;
    if (!PyArg_ParseTuple(args, "IO", &index, &capsule)) {
        return NULL;
    }
    const ImgImage *image = capsule_image(capsule);
    if (!image) {
        return NULL;
    }
    if (image->readonly || strcmp(image->mode->name, d->mode->name) != 0 ||
        (uint32_t)image->width != d->width || (uint32_t)image->height != d->height) {
        PyErr_SetString(PyExc_ValueError, "image does not fit the frame");
        return NULL;
    }
    if (!claim(&d->busy)) {
        return NULL;
    }
    avifResult result;
    PyObject *frame = NULL;
    WITHOUT_GIL(result = read_into(d, index, image));
    if (result == AVIF_RESULT_OK) {
        frame = timing(Py_NewRef(Py_None), d->decoder);
    }
    unclaim(&d->busy);
    if (result == AVIF_RESULT_OUT_OF_MEMORY) {
        return PyErr_NoMemory();
    }
    return result == AVIF_RESULT_OK ? frame : raise_frame(result, index);
}

static PyMethodDef decoder_methods[] = {
    {"get_info", decoder_get_info, METH_NOARGS, NULL},
    {"get_frame", decoder_get_frame, METH_VARARGS, NULL},
    {"read_frame", decoder_read_frame, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_decoder_type(PyObject *module) {
    return add_plain_type(
        module, &avif_state(module)->decoder_type, "PIL._avif.AvifDecoder", sizeof(DecoderObject),
        decoder_dealloc, decoder_methods);
}
