/* WebPAnimDecoder: the frames of a file, each as the whole canvas. */
#include "webp.h"

/* A still picture is decoded straight into the image. libwebp's animation decoder, which composes
 * frames on canvases of its own, takes twice as long for that; it is made when it is needed. */
typedef struct {
    PyObject_HEAD WebPDemuxer *demuxer;
    WebPAnimDecoder *decoder; /* NULL: not made yet, of a still picture */
    WebPAnimInfo info;
    bool alpha;
    bool still, taken; /* the only frame was read */
    PyObject *data;    /* bytes that are read from */
    atomic_flag busy;
} DecoderObject;

static void decoder_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    DecoderObject *d = (DecoderObject *)self;
    WebPAnimDecoderDelete(d->decoder);
    WebPDemuxDelete(d->demuxer);
    Py_XDECREF(d->data);
    PyObject_Free(self);
    Py_DECREF(type);
}

static WebPData file_data(const DecoderObject *d) {
    return (WebPData){
        (const uint8_t *)PyBytes_AS_STRING(d->data), (size_t)PyBytes_GET_SIZE(d->data)};
}

/* Makes the animation decoder, if there is none. */
static bool make_decoder(DecoderObject *d) {
    const WebPData file = file_data(d);
    WebPAnimDecoderOptions options;
    if (!d->decoder && WebPAnimDecoderOptionsInit(&options)) {
        options.color_mode = MODE_RGBA;
        d->decoder = WebPAnimDecoderNew(&file, &options);
    }
    return d->decoder != NULL;
}

/* False: the file is damaged. */
static bool open_file(DecoderObject *d) {
    const WebPData file = file_data(d);
    WebPBitstreamFeatures features;
    if (WebPGetFeatures(file.bytes, file.size, &features) != VP8_STATUS_OK) {
        return false;
    }
    d->demuxer = WebPDemux(&file);
    if (!d->demuxer) {
        return false;
    }
    d->info.canvas_width = WebPDemuxGetI(d->demuxer, WEBP_FF_CANVAS_WIDTH);
    d->info.canvas_height = WebPDemuxGetI(d->demuxer, WEBP_FF_CANVAS_HEIGHT);
    d->info.loop_count = WebPDemuxGetI(d->demuxer, WEBP_FF_LOOP_COUNT);
    d->info.bgcolor = WebPDemuxGetI(d->demuxer, WEBP_FF_BACKGROUND_COLOR);
    d->info.frame_count = WebPDemuxGetI(d->demuxer, WEBP_FF_FRAME_COUNT);
    d->alpha = features.has_alpha;
    d->still = !features.has_animation && d->info.frame_count == 1;
    return d->still || make_decoder(d);
}

PyObject *new_anim_decoder(PyObject *module, PyObject *args) {
    PyObject *data;
    if (!PyArg_ParseTuple(args, "S", &data)) {
        return NULL;
    }
    DecoderObject *self = PyObject_New(DecoderObject, webp_state(module)->decoder_type);
    if (!self) {
        return NULL;
    }
    self->demuxer = NULL;
    self->decoder = NULL;
    self->still = self->taken = false;
    self->data = Py_NewRef(data);
    atomic_flag_clear(&self->busy);
    bool good;
    WITHOUT_GIL(good = open_file(self));
    if (!good) {
        Py_DECREF(self);
        PyErr_SetString(PyExc_OSError, "could not create decoder object");
        return NULL;
    }
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
    if (WebPDemuxGetChunk(d->demuxer, name, 1, &found)) {
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

/* The next frame as a canvas of the animation decoder. */
static bool next_canvas(DecoderObject *d, uint8_t **canvas, int *timestamp) {
    if ((d->still && d->taken) || !make_decoder(d) ||
        !WebPAnimDecoderGetNext(d->decoder, canvas, timestamp)) {
        return false;
    }
    d->taken = true;
    return true;
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
    WITHOUT_GIL(good = next_canvas(d, &canvas, &timestamp));
    PyObject *result = NULL;
    if (good) {
        /* The canvas exists in memory, so its size is a Py_ssize_t. */
        size_t size = (size_t)d->info.canvas_width * d->info.canvas_height * 4;
        result = Py_BuildValue("y#i", (char *)canvas, (Py_ssize_t)size, timestamp);
    }
    unclaim(&d->busy);
    return good ? result : raise_no_frame();
}

/* Decodes the picture into the image, which lies in one piece. */
static bool read_still(DecoderObject *d, const ImgImage *image, int *timestamp) {
    WebPIterator frame;
    WebPDecoderConfig config;
    if (d->taken || !WebPInitDecoderConfig(&config) || !WebPDemuxGetFrame(d->demuxer, 1, &frame)) {
        return false;
    }
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = image->rows[0];
    config.output.u.RGBA.stride = (int)image->row_bytes; /* of at most 2^14 pixels */
    config.output.u.RGBA.size = image->row_bytes * (size_t)image->height;
    d->taken = frame.width == image->width && frame.height == image->height &&
               WebPDecode(frame.fragment.bytes, frame.fragment.size, &config) == VP8_STATUS_OK;
    *timestamp = frame.duration;
    WebPDemuxReleaseIterator(&frame);
    return d->taken;
}

/* Decodes a frame, and if there is an image, into its rows. */
static bool read_frame(DecoderObject *d, const ImgImage *image, int *timestamp) {
    if (d->still && image && img_is_contiguous(image)) {
        return read_still(d, image, timestamp);
    }
    uint8_t *canvas;
    if (!next_canvas(d, &canvas, timestamp)) {
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
    if (d->decoder) {
        WebPAnimDecoderReset(d->decoder);
    }
    d->taken = false;
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

int add_decoder_type(PyObject *module) {
    return add_plain_type(
        module, &webp_state(module)->decoder_type, "PIL._webp.WebPAnimDecoder",
        sizeof(DecoderObject), decoder_dealloc, decoder_methods);
}
