/* WebPAnimEncoder: frames to an animated file. */
#include "webp.h"

typedef struct {
    PyObject_HEAD WebPAnimEncoder *encoder;
    atomic_flag busy;
} EncoderObject;

static void encoder_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    WebPAnimEncoderDelete(((EncoderObject *)self)->encoder);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyObject *new_anim_encoder(PyObject *module, PyObject *args) {
    int width, height;
    unsigned int background;
    WebPAnimEncoderOptions o;
    if (!WebPAnimEncoderOptionsInit(&o)) {
        PyErr_SetString(PyExc_RuntimeError, "failed to initialize encoder options");
        return NULL;
    }
    if (!PyArg_ParseTuple(
            args, "(ii)Iiiiiii", &width, &height, &background, &o.anim_params.loop_count,
            &o.minimize_size, &o.kmin, &o.kmax, &o.allow_mixed, &o.verbose)) {
        return NULL;
    }
    o.anim_params.bgcolor = background;
    if (width <= 0 || height <= 0) {
        PyErr_SetString(PyExc_ValueError, "invalid canvas dimensions");
        return NULL;
    }
    WebPAnimEncoder *encoder;
    WITHOUT_GIL(encoder = WebPAnimEncoderNew(width, height, &o));
    if (!encoder) {
        PyErr_SetString(PyExc_RuntimeError, "could not create encoder object");
        return NULL;
    }
    EncoderObject *self = PyObject_New(EncoderObject, webp_state(module)->encoder_type);
    if (!self) {
        WebPAnimEncoderDelete(encoder);
        return NULL;
    }
    self->encoder = encoder;
    atomic_flag_clear(&self->busy);
    return (PyObject *)self;
}

static PyObject *raise_library_error(WebPAnimEncoder *encoder) {
    PyErr_SetString(PyExc_RuntimeError, WebPAnimEncoderGetError(encoder));
    return NULL;
}

/* add(None, time, ...): the end of the last frame. One that lies before its start, which libwebp
 * refuses, leaves the end unset, as in Pillow: assembling then estimates it. */
static PyObject *add_end(EncoderObject *self, int timestamp) {
    if (!claim(&self->busy)) {
        return NULL;
    }
    WITHOUT_GIL((void)WebPAnimEncoderAdd(self->encoder, NULL, timestamp, NULL));
    unclaim(&self->busy);
    Py_RETURN_NONE;
}

static PyObject *
add_picture(EncoderObject *self, WebPPicture *picture, int timestamp, const WebPConfig *config) {
    if (!claim(&self->busy)) {
        WebPPictureFree(picture);
        return NULL;
    }
    bool good;
    WITHOUT_GIL({
        good = WebPAnimEncoderAdd(self->encoder, picture, timestamp, config);
        WebPPictureFree(picture);
    });
    PyObject *result = good ? Py_NewRef(Py_None) : raise_library_error(self->encoder);
    unclaim(&self->busy);
    return result;
}

static PyObject *encoder_add(PyObject *self, PyObject *args) {
    PyObject *capsule;
    int timestamp;
    PictureSettings settings = {.exact = 0};
    if (!PyArg_ParseTuple(
            args, "Oiiffi", &capsule, &timestamp, &settings.lossless, &settings.quality,
            &settings.alpha_quality, &settings.method)) {
        return NULL;
    }
    if (capsule == Py_None) {
        return add_end((EncoderObject *)self, timestamp);
    }
    WebPConfig config;
    WebPPicture picture;
    const ImgImage *image = capsule_image(capsule);
    if (!image || !configure(&config, &settings) || !import_picture(&picture, image)) {
        return NULL;
    }
    return add_picture((EncoderObject *)self, &picture, timestamp, &config);
}

static PyObject *encoder_assemble(PyObject *self, PyObject *args) {
    EncoderObject *e = (EncoderObject *)self;
    Metadata meta;
    if (!PyArg_ParseTuple(
            args, "s#s#s#", &meta.icc, &meta.icc_size, &meta.exif, &meta.exif_size, &meta.xmp,
            &meta.xmp_size)) {
        return NULL;
    }
    if (!claim(&e->busy)) {
        return NULL;
    }
    WebPData data;
    WebPDataInit(&data);
    bool good;
    WITHOUT_GIL(good = WebPAnimEncoderAssemble(e->encoder, &data));
    if (!good) {
        raise_library_error(e->encoder);
    }
    unclaim(&e->busy);
    return good ? file_with_metadata(&data, &meta) : NULL;
}

static PyMethodDef encoder_methods[] = {
    {"add", encoder_add, METH_VARARGS, NULL},
    {"assemble", encoder_assemble, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_encoder_type(PyObject *module) {
    return add_plain_type(
        module, &webp_state(module)->encoder_type, "PIL._webp.WebPAnimEncoder",
        sizeof(EncoderObject), encoder_dealloc, encoder_methods);
}
