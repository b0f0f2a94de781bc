/* WebPAnimDecoder: the frames of a file, each as the whole canvas. */
#include "webp.h"

typedef struct {
    PyObject_HEAD WebPAnimDecoder *decoder;
    WebPAnimInfo info;
    bool alpha;
    PyObject *data; /* bytes that the decoder reads from */
    atomic_flag busy;
} DecoderObject;

static void decoder_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    DecoderObject *d = (DecoderObject *)self;
    WebPAnimDecoderDelete(d->decoder);
    Py_XDECREF(d->data);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* NULL: the file is damaged. *alpha: the file says that it has transparency. */
static WebPAnimDecoder *open_decoder(PyObject *data, WebPAnimInfo *info, bool *alpha) {
    WebPData file = {(const uint8_t *)PyBytes_AS_STRING(data), (size_t)PyBytes_GET_SIZE(data)};
    WebPBitstreamFeatures features;
    WebPAnimDecoderOptions options;
    if (WebPGetFeatures(file.bytes, file.size, &features) != VP8_STATUS_OK ||
        !WebPAnimDecoderOptionsInit(&options)) {
        return NULL;
    }
    *alpha = features.has_alpha;
    options.color_mode = MODE_RGBA;
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&file, &options);
    if (decoder && !WebPAnimDecoderGetInfo(decoder, info)) {
        WebPAnimDecoderDelete(decoder);
        return NULL;
    }
    return decoder;
}

PyObject *new_anim_decoder(PyObject *module, PyObject *args) {
    PyObject *data;
    if (!PyArg_ParseTuple(args, "S", &data)) {
        return NULL;
    }
    WebPAnimInfo info;
    bool alpha;
    WebPAnimDecoder *decoder;
    WITHOUT_GIL(decoder = open_decoder(data, &info, &alpha));
    if (!decoder) {
        PyErr_SetString(PyExc_OSError, "could not create decoder object");
        return NULL;
    }
    DecoderObject *self = PyObject_New(DecoderObject, webp_state(module)->decoder_type);
    if (!self) {
        WebPAnimDecoderDelete(decoder);
        return NULL;
    }
    self->decoder = decoder;
    self->info = info;
    self->alpha = alpha;
    self->data = Py_NewRef(data);
    atomic_flag_clear(&self->busy);
    return (PyObject *)self;
}

static PyObject *decoder_get_info(PyObject *self, PyObject *ignored) {
    (void)ignored;
    const DecoderObject *d = (DecoderObject *)self;
    const WebPAnimInfo *i = &d->info;
    return Py_BuildValue(
        "((II)IIIs)", i->canvas_width, i->canvas_height, i->loop_count, i->bgcolor, i->frame_count,
        d->alpha ? "RGBA" : "RGBX");
}

static PyObject *decoder_get_chunk(PyObject *self, PyObject *args) {
    DecoderObject *d = (DecoderObject *)self;
    const char *name;
    if (!PyArg_ParseTuple(args, "s:get_chunk", &name)) {
        return NULL;
    }
    /* libwebp compares four characters, whatever the length. */
    if (strlen(name) < 4) {
        Py_RETURN_NONE;
    }
    if (!claim(&d->busy)) {
        return NULL;
    }
    PyObject *result = NULL;
    WebPChunkIterator found;
    if (WebPDemuxGetChunk(WebPAnimDecoderGetDemuxer(d->decoder), name, 1, &found)) {
        result = PyBytes_FromStringAndSize(
            (const char *)found.chunk.bytes, (Py_ssize_t)found.chunk.size);
        WebPDemuxReleaseChunkIterator(&found);
    } else {
        result = Py_NewRef(Py_None);
    }
    unclaim(&d->busy);
    return result;
}

static PyObject *raise_no_frame(void) {
    PyErr_SetString(PyExc_OSError, "failed to read next frame");
    return NULL;
}

static PyObject *decoder_get_next(PyObject *self, PyObject *ignored) {
    (void)ignored;
    DecoderObject *d = (DecoderObject *)self;
    if (!claim(&d->busy)) {
        return NULL;
    }
    uint8_t *canvas;
    int timestamp;
    bool good;
    WITHOUT_GIL(good = WebPAnimDecoderGetNext(d->decoder, &canvas, &timestamp));
    PyObject *result = NULL;
    if (good) {
        /* The canvas exists in memory, so its size is a Py_ssize_t. */
        size_t size = (size_t)d->info.canvas_width * d->info.canvas_height * 4;
        result = Py_BuildValue("y#i", (char *)canvas, (Py_ssize_t)size, timestamp);
    }
    unclaim(&d->busy);
    return good ? result : raise_no_frame();
}

/* Decodes a frame, and if there is an image, into its rows. */
static bool read_frame(DecoderObject *d, const ImgImage *image, int *timestamp) {
    uint8_t *canvas;
    if (!WebPAnimDecoderGetNext(d->decoder, &canvas, timestamp)) {
        return false;
    }
    for (int y = 0; image && y < image->height; y++) {
        memcpy(image->rows[y], canvas + (size_t)y * image->row_bytes, image->row_bytes);
    }
    return true;
}

/* read_next(capsule or None): like get_next, but into an image of the canvas's size; returns the
 * time alone. */
static PyObject *decoder_read_next(PyObject *self, PyObject *capsule) {
    DecoderObject *d = (DecoderObject *)self;
    const ImgImage *image = NULL;
    if (capsule != Py_None) {
        image = capsule_image(capsule);
        if (!image) {
            return NULL;
        }
        if (image->readonly || image->mode->pixel_size != 4 ||
            (uint32_t)image->width != d->info.canvas_width ||
            (uint32_t)image->height != d->info.canvas_height) {
            PyErr_SetString(PyExc_ValueError, "image does not fit the canvas");
            return NULL;
        }
    }
    if (!claim(&d->busy)) {
        return NULL;
    }
    int timestamp;
    bool good;
    WITHOUT_GIL(good = read_frame(d, image, &timestamp));
    unclaim(&d->busy);
    return good ? PyLong_FromLong(timestamp) : raise_no_frame();
}

static PyObject *decoder_reset(PyObject *self, PyObject *ignored) {
    (void)ignored;
    DecoderObject *d = (DecoderObject *)self;
    if (!claim(&d->busy)) {
        return NULL;
    }
    WebPAnimDecoderReset(d->decoder);
    unclaim(&d->busy);
    Py_RETURN_NONE;
}

static PyMethodDef decoder_methods[] = {
    {"get_info", decoder_get_info, METH_NOARGS, NULL},
    {"get_chunk", decoder_get_chunk, METH_VARARGS, NULL},
    {"get_next", decoder_get_next, METH_NOARGS, NULL},
    {"read_next", decoder_read_next, METH_O, NULL},
    {"reset", decoder_reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot decoder_slots[] = {
    {Py_tp_dealloc, decoder_dealloc},
    {Py_tp_methods, decoder_methods},
    {0, NULL},
};

static PyType_Spec decoder_spec = {
    .name = "PIL._webp.WebPAnimDecoder",
    .basicsize = sizeof(DecoderObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = decoder_slots,
};

int add_decoder_type(PyObject *module) {
    WebPState *state = webp_state(module);
    state->decoder_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &decoder_spec, NULL);
    return state->decoder_type ? 0 : -1;
}
