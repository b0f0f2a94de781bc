/* AvifEncoder: frames to a file. */
#include "avif_module.h"

enum { ICC, EXIF, XMP, METADATA };

typedef struct {
    PyObject_HEAD avifEncoder *encoder;
    uint32_t width, height;
    avifPixelFormat subsampling;
    avifRange range;
    bool premultiplied;
    int orientation;
    Py_buffer metadata[METADATA];
    atomic_flag busy;
} EncoderObject;

/* What Python says about an encoder, in its order. */
typedef struct {
    int width, height;
    const char *subsampling;
    int quality, speed, max_threads;
    const char *codec, *range;
    int tile_rows, tile_columns, premultiplied, auto_tiling, orientation;
    PyObject *advanced;
} Settings;

static void encoder_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    EncoderObject *e = (EncoderObject *)self;
    if (e->encoder) {
        avifEncoderDestroy(e->encoder);
    }
    for (int i = 0; i < METADATA; i++) {
        PyBuffer_Release(&e->metadata[i]);
    }
    PyObject_Free(self);
    Py_DECREF(type);
}

/* A name's place in a list that NULL ends, or -1 with ValueError. */
static int find_name(const char *const *names, const char *name, const char *complaint) {
    for (int i = 0; names[i]; i++) {
        if (!strcmp(names[i], name)) {
            return i;
        }
    }
    PyErr_Format(PyExc_ValueError, complaint, name);
    return -1;
}

static bool read_choices(EncoderObject *self, const Settings *s) {
    static const char *const samplings[] = {"4:4:4", "4:2:2", "4:2:0", "4:0:0", NULL};
    static const avifPixelFormat formats[] = {
        AVIF_PIXEL_FORMAT_YUV444, AVIF_PIXEL_FORMAT_YUV422, AVIF_PIXEL_FORMAT_YUV420,
        AVIF_PIXEL_FORMAT_YUV400};
    static const char *const ranges[] = {"limited", "full", NULL};
    int sampling = find_name(samplings, s->subsampling, "Invalid subsampling: %s");
    int range = sampling < 0 ? -1 : find_name(ranges, s->range, "Invalid range");
    if (range < 0) {
        return false;
    }
    if (s->width <= 0 || s->height <= 0) {
        PyErr_SetString(PyExc_ValueError, "invalid canvas dimensions");
        return false;
    }
    self->width = (uint32_t)s->width;
    self->height = (uint32_t)s->height;
    self->subsampling = formats[sampling];
    self->range = range ? AVIF_RANGE_FULL : AVIF_RANGE_LIMITED;
    self->premultiplied = s->premultiplied;
    self->orientation = s->orientation;
    return true;
}

static avifResult set_option(avifEncoder *encoder, const char *key, const char *value) {
    return RESULT_OF(avifEncoderSetCodecSpecificOption(encoder, key, value));
}

static int clamped(int value, int max) {
    return value < 0 ? 0 : value > max ? max : value;
}

/* Version 1 has qualities, 0 (worst) to 100 (lossless). Before it there are quantizers, 63 to 0;
 * the formula is that of version 1. */
static avifResult set_quality(avifEncoder *encoder, int quality, bool aom) {
#if AVIF_VERSION >= 1000000
    (void)aom;
    encoder->quality = quality;
    return AVIF_RESULT_OK;
#else
    int quantizer = ((100 - clamped(quality, 100)) * AVIF_QUANTIZER_WORST_QUALITY + 50) / 100;
    encoder->minQuantizer = encoder->maxQuantizer = quantizer;
    encoder->minQuantizerAlpha = encoder->maxQuantizerAlpha = quantizer;
    if (!aom || quantizer == AVIF_QUANTIZER_LOSSLESS) {
        return AVIF_RESULT_OK;
    }
    /* What version 1 does with aom: the quantizer is the level of constant quality, and any may be
     * used on the way. */
    encoder->minQuantizer = encoder->minQuantizerAlpha = AVIF_QUANTIZER_BEST_QUALITY;
    encoder->maxQuantizer = encoder->maxQuantizerAlpha = AVIF_QUANTIZER_WORST_QUALITY;
    char level[16];
    PyOS_snprintf(level, sizeof(level), "%d", quantizer);
    avifResult result = set_option(encoder, "end-usage", "q");
    return result == AVIF_RESULT_OK ? set_option(encoder, "cq-level", level) : result;
#endif
}

/* Options for the codec itself: None or a tuple of pairs of strings. */
static bool set_advanced(avifEncoder *encoder, PyObject *advanced) {
    Py_ssize_t count = advanced == Py_None ? 0 : PyTuple_Check(advanced) ? Py_SIZE(advanced) : -1;
    bool good = count >= 0;
    for (Py_ssize_t i = 0; i < count && good; i++) {
        PyObject *pair = PyTuple_GET_ITEM(advanced, i);
        good = PyTuple_Check(pair) && Py_SIZE(pair) == 2 &&
               PyUnicode_Check(PyTuple_GET_ITEM(pair, 0)) &&
               PyUnicode_Check(PyTuple_GET_ITEM(pair, 1));
        const char *key = good ? PyUnicode_AsUTF8(PyTuple_GET_ITEM(pair, 0)) : NULL;
        const char *value = key ? PyUnicode_AsUTF8(PyTuple_GET_ITEM(pair, 1)) : NULL;
        if (good && !value) {
            return false;
        }
        if (good && set_option(encoder, key, value) != AVIF_RESULT_OK) {
            PyErr_NoMemory();
            return false;
        }
    }
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "Invalid advanced codec options");
    }
    return good;
}

static bool set_up(avifEncoder *encoder, const Settings *s) {
    const int max_aom_threads = 64; /* of libaom; more are an error */
    const int max_tiles_log2 = 6, timescale = 1000;
    encoder->codecChoice = avifCodecChoiceFromName(s->codec);
    const char *name = avifCodecName(encoder->codecChoice, AVIF_CODEC_FLAG_CAN_ENCODE);
    bool aom = name && !strcmp(name, "aom");
    encoder->maxThreads =
        aom && s->max_threads > max_aom_threads ? max_aom_threads : s->max_threads;
    encoder->speed = clamped(s->speed, AVIF_SPEED_FASTEST);
    encoder->timescale = timescale;
    encoder->autoTiling = s->auto_tiling ? AVIF_TRUE : AVIF_FALSE;
    if (!s->auto_tiling) {
        encoder->tileRowsLog2 = clamped(s->tile_rows, max_tiles_log2);
        encoder->tileColsLog2 = clamped(s->tile_columns, max_tiles_log2);
    }
    if (set_quality(encoder, s->quality, aom) != AVIF_RESULT_OK) {
        PyErr_NoMemory();
        return false;
    }
    return set_advanced(encoder, s->advanced);
}

PyObject *new_encoder(PyObject *module, PyObject *args) {
    Settings s;
    EncoderObject *self = PyObject_New(EncoderObject, avif_state(module)->encoder_type);
    if (!self) {
        return NULL;
    }
    self->encoder = NULL;
    memset(self->metadata, 0, sizeof(self->metadata));
    atomic_flag_clear(&self->busy);
    if (!PyArg_ParseTuple(
            args, "(ii)siiissiippy*y*iy*O", &s.width, &s.height, &s.subsampling, &s.quality,
            &s.speed, &s.max_threads, &s.codec, &s.range, &s.tile_rows, &s.tile_columns,
            &s.premultiplied, &s.auto_tiling, &self->metadata[ICC], &self->metadata[EXIF],
            &s.orientation, &self->metadata[XMP], &s.advanced)) {
        /* What was taken before the failure was given back by the parser. */
        memset(self->metadata, 0, sizeof(self->metadata));
        Py_DECREF(self);
        return NULL;
    }
    if (!read_choices(self, &s)) {
        Py_DECREF(self);
        return NULL;
    }
    self->encoder = avifEncoderCreate();
    if (!self->encoder) {
        PyErr_NoMemory();
    }
    if (!self->encoder || !set_up(self->encoder, &s)) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

/* The picture that frames are encoded from, without its planes. */
static avifResult describe(const EncoderObject *e, avifImage *image) {
    const Py_buffer *m = e->metadata;
    avifResult result = AVIF_RESULT_OK;
    image->yuvRange = e->range;
    image->alphaPremultiplied = e->premultiplied ? AVIF_TRUE : AVIF_FALSE;
    image->colorPrimaries = AVIF_COLOR_PRIMARIES_BT709;
    image->transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_SRGB;
    image->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
    if (m[ICC].len) {
        result = RESULT_OF(avifImageSetProfileICC(image, m[ICC].buf, (size_t)m[ICC].len));
        image->colorPrimaries = AVIF_COLOR_PRIMARIES_UNSPECIFIED;
        image->transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_UNSPECIFIED;
    }
    if (m[EXIF].len && result == AVIF_RESULT_OK) {
        result = RESULT_OF(avifImageSetMetadataExif(image, m[EXIF].buf, (size_t)m[EXIF].len));
    }
    if (m[XMP].len && result == AVIF_RESULT_OK) {
        result = RESULT_OF(avifImageSetMetadataXMP(image, m[XMP].buf, (size_t)m[XMP].len));
    }
    /* Only now: libavif takes an orientation out of Exif data. */
    if (e->orientation > 1) {
        set_orientation(image, e->orientation);
    }
    return result;
}

typedef struct {
    const FrameMode *mode;
    const Py_buffer *pixels;
    unsigned long long duration;
    int single;
} Frame;

static avifResult convert(const EncoderObject *e, avifImage *image, const Frame *frame) {
    avifRGBImage rgb;
    avifRGBImageSetDefaults(&rgb, image);
    rgb.depth = 8;
    rgb.format = frame->mode->format;
    rgb.pixels = frame->pixels->buf; /* only read */
    rgb.rowBytes = e->width * frame->mode->channels;
    return avifImageRGBToYUV(image, &rgb);
}

static avifResult add_frame(const EncoderObject *e, const Frame *frame) {
    avifImage *image = avifImageCreate(e->width, e->height, 8, e->subsampling);
    if (!image) {
        return AVIF_RESULT_OUT_OF_MEMORY;
    }
    avifResult result = describe(e, image);
    if (result == AVIF_RESULT_OK) {
        result = convert(e, image, frame);
    }
    if (result == AVIF_RESULT_OK) {
        avifAddImageFlags flags =
            frame->single ? AVIF_ADD_IMAGE_FLAG_SINGLE : AVIF_ADD_IMAGE_FLAG_NONE;
        result = avifEncoderAddImage(e->encoder, image, frame->duration, flags);
    }
    avifImageDestroy(image);
    return result;
}

static bool
check_frame(const EncoderObject *e, unsigned int width, unsigned int height, const Frame *frame) {
    if (width != e->width || height != e->height) {
        PyErr_Format(
            PyExc_ValueError, "Image sequence dimensions mismatch, %ux%u != %ux%u",
            (unsigned)e->width, (unsigned)e->height, width, height);
        return false;
    }
    /* Sizes are ints: no product of the two and 4 leaves 64 bits. */
    uint64_t expected = (uint64_t)e->width * frame->mode->channels * e->height;
    if ((uint64_t)frame->pixels->len != expected ||
        (uint64_t)e->width * frame->mode->channels > UINT32_MAX) {
        PyErr_Format(
            PyExc_RuntimeError, "rgb data has incorrect size: %zd for %ux%u pixels",
            frame->pixels->len, width, height);
        return false;
    }
    return true;
}

/* add(pixels, duration in ms, size, mode, whether it is the only one). */
static PyObject *encoder_add(PyObject *self, PyObject *args) {
    EncoderObject *e = (EncoderObject *)self;
    Py_buffer pixels;
    unsigned int width, height;
    const char *mode;
    Frame frame = {.pixels = &pixels};
    if (!PyArg_ParseTuple(
            args, "y*K(II)sp", &pixels, &frame.duration, &width, &height, &mode, &frame.single)) {
        return NULL;
    }
    frame.mode = frame_mode_named(mode);
    if (!check_frame(e, width, height, &frame) || !claim(&e->busy)) {
        PyBuffer_Release(&pixels);
        return NULL;
    }
    avifResult result;
    WITHOUT_GIL(result = add_frame(e, &frame));
    unclaim(&e->busy);
    PyBuffer_Release(&pixels);
    return result == AVIF_RESULT_OK ? Py_NewRef(Py_None) : raise_result(result, "encode image");
}

static PyObject *encoder_finish(PyObject *self, PyObject *ignored) {
    (void)ignored;
    EncoderObject *e = (EncoderObject *)self;
    if (!claim(&e->busy)) {
        return NULL;
    }
    avifRWData file = AVIF_DATA_EMPTY;
    avifResult result;
    WITHOUT_GIL(result = avifEncoderFinish(e->encoder, &file));
    PyObject *bytes =
        result == AVIF_RESULT_OK
            ? PyBytes_FromStringAndSize((const char *)file.data, (Py_ssize_t)file.size)
            : raise_result(result, "finish encoding");
    avifRWDataFree(&file);
    unclaim(&e->busy);
    return bytes;
}

static PyMethodDef encoder_methods[] = {
    {"add", encoder_add, METH_VARARGS, NULL},
    {"finish", encoder_finish, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_encoder_type(PyObject *module) {
    return add_plain_type(
        module, &avif_state(module)->encoder_type, "PIL._avif.AvifEncoder", sizeof(EncoderObject),
        encoder_dealloc, encoder_methods);
}
