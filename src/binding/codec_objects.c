/* The types ImagingDecoder and ImagingEncoder: Python's side of codec/codec.h.
 *
 * Codecs work without the GIL. A flag tells that a codec is at work, so that a second thread gets
 * an exception and not a broken state.
 */
#include "codecs.h"
#include "codec/raw.h"
#include "pystream.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct {
    PyObject_HEAD ImgCodec *codec;
    PyObject *fd; /* given by setfd; owned */
    atomic_flag busy;
} CodecObject;

static ImgCodec *codec_of(PyObject *self) {
    return ((CodecObject *)self)->codec;
}

static PyObject *wrap_codec(PyTypeObject *type, ImgCodec *codec) {
    if (!codec) {
        return PyErr_NoMemory();
    }
    CodecObject *self = PyObject_GC_New(CodecObject, type);
    if (!self) {
        img_codec_free(codec);
        return NULL;
    }
    self->codec = codec;
    self->fd = NULL;
    atomic_flag_clear(&self->busy);
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

PyObject *wrap_decoder(PyObject *module, ImgCodec *codec) {
    return wrap_codec(state_of_module(module)->decoder_type, codec);
}

PyObject *wrap_encoder(PyObject *module, ImgCodec *codec) {
    return wrap_codec(state_of_module(module)->encoder_type, codec);
}

static int codec_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((CodecObject *)self)->fd);
    return 0;
}

static int codec_clear(PyObject *self) {
    Py_CLEAR(((CodecObject *)self)->fd);
    return 0;
}

static void codec_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    codec_clear(self);
    img_codec_free(codec_of(self));
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

/* Claims the codec for this call, or raises. */
static bool claim(PyObject *self) {
    if (atomic_flag_test_and_set(&((CodecObject *)self)->busy)) {
        PyErr_SetString(PyExc_RuntimeError, "codec is in use by another thread");
        return false;
    }
    return true;
}

static void unclaim(PyObject *self) {
    atomic_flag_clear(&((CodecObject *)self)->busy);
}

/* Claims the codec for work on its image. */
static bool claim_for_work(PyObject *self) {
    if (!claim(self)) {
        return false;
    }
    if (!codec_of(self)->image) {
        unclaim(self);
        PyErr_SetString(PyExc_ValueError, "codec has no image");
        return false;
    }
    return true;
}

/* --- setimage --- */

typedef struct {
    int x0, y0, x1, y1;
} Extents;

static bool parse_extents(PyObject *object, const ImgImage *image, Extents *e) {
    if (object == Py_None) {
        *e = (Extents){0, 0, image->width, image->height};
        return true;
    }
    if (PyTuple_Check(object) && PyTuple_GET_SIZE(object) == 4 &&
        PyArg_ParseTuple(object, "iiii", &e->x0, &e->y0, &e->x1, &e->y1)) {
        return true;
    }
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "invalid extents");
    return false;
}

static bool check_extents(const Extents *e, const ImgImage *image, PyObject *exception) {
    if (e->x0 < 0 || e->y0 < 0 || e->x1 <= e->x0 || e->y1 <= e->y0 || e->x1 > image->width ||
        e->y1 > image->height) {
        PyErr_SetString(exception, "tile cannot extend outside image");
        return false;
    }
    return true;
}

/* The core image of the arguments, of a mode whose pixels the codec can handle. */
static ImgImage *
parse_image(PyObject *self, PyObject *args, const char *format, PyObject **extents) {
    ModuleState *state = (ModuleState *)PyType_GetModuleState(Py_TYPE(self));
    PyObject *core;
    if (!PyArg_ParseTuple(args, format, &core, extents)) {
        return NULL;
    }
    if (!Py_IS_TYPE(core, state->core_type)) {
        PyErr_SetString(PyExc_SystemError, "argument 1 must be ImagingCore");
        return NULL;
    }
    ImgImage *image = image_of(core);
    if (image->mode->pixel_size != codec_of(self)->mode->pixel_size) {
        PyErr_SetString(PyExc_ValueError, "image has wrong mode");
        return NULL;
    }
    return image;
}

static void set_image(ImgCodec *codec, ImgImage *image, const Extents *e) {
    img_codec_set_image(codec, image, e->x0, e->y0, e->x1 - e->x0, e->y1 - e->y0);
}

static PyObject *decoder_setimage(PyObject *self, PyObject *args) {
    PyObject *extents = Py_None;
    ImgImage *image = parse_image(self, args, "OO:setimage", &extents);
    Extents e;
    if (!image || !parse_extents(extents, image, &e) ||
        !check_extents(&e, image, PyExc_ValueError) || !claim(self)) {
        return NULL;
    }
    const char *problem = codec_of(self)->image ? "decoder already has an image"
                          : image->readonly     ? "image is readonly"
                                                : NULL;
    if (!problem) {
        set_image(codec_of(self), image, &e);
    }
    unclaim(self);
    if (problem) {
        PyErr_SetString(PyExc_ValueError, problem);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *encoder_setimage(PyObject *self, PyObject *args) {
    PyObject *extents = Py_None;
    ImgImage *image = parse_image(self, args, "OO:setimage", &extents);
    Extents e;
    if (!image) {
        return NULL;
    }
    if (image->width == 0 || image->height == 0) {
        PyErr_SetString(PyExc_ValueError, "cannot write empty image");
        return NULL;
    }
    if (!parse_extents(extents, image, &e) || !check_extents(&e, image, PyExc_SystemError) ||
        !claim(self)) {
        return NULL;
    }
    /* Its buffers have the size of the image before. */
    bool too_late = codec_of(self)->began && codec_of(self)->type->release;
    if (!too_late) {
        set_image(codec_of(self), image, &e);
    }
    unclaim(self);
    if (too_late) {
        PyErr_SetString(PyExc_ValueError, "encoder has begun with another image");
        return NULL;
    }
    Py_RETURN_NONE;
}

/* --- work --- */

static PyObject *decoder_decode(PyObject *self, PyObject *args) {
    Py_buffer buffer;
    if (!PyArg_ParseTuple(args, "y*:decode", &buffer)) {
        return NULL;
    }
    if (!claim_for_work(self)) {
        PyBuffer_Release(&buffer);
        return NULL;
    }
    ImgCodec *codec = codec_of(self);
    ptrdiff_t consumed;
    if (codec->released) {
        consumed = img_codec_finish(codec, IMG_CODEC_CONFIG);
    } else {
        PyStream stream;
        codec->began = true;
        codec->stream = open_pystream(&stream, codec, ((CodecObject *)self)->fd);
        WITHOUT_GIL(consumed = codec->type->decode(codec, buffer.buf, (size_t)buffer.len));
        codec->stream = NULL;
    }
    int status = codec->status;
    unclaim(self);
    PyBuffer_Release(&buffer);
    if (PyErr_Occurred()) { /* of the file that the codec reads itself */
        return NULL;
    }
    return Py_BuildValue("ni", (Py_ssize_t)consumed, status);
}

static ptrdiff_t encode_some(ImgCodec *codec, uint8_t *data, size_t size) {
    if (codec->released) {
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    codec->began = true;
    return codec->type->encode(codec, data, size);
}

static bool parse_bufsize(Py_ssize_t size) {
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "buffer size cannot be negative");
        return false;
    }
    return true;
}

static PyObject *encoder_encode(PyObject *self, PyObject *args) {
    Py_ssize_t size = 16384;
    if (!PyArg_ParseTuple(args, "|n:encode", &size) || !parse_bufsize(size)) {
        return NULL;
    }
    PyObject *buffer = PyBytes_FromStringAndSize(NULL, size);
    if (!buffer || !claim_for_work(self)) {
        Py_XDECREF(buffer);
        return NULL;
    }
    ImgCodec *codec = codec_of(self);
    ptrdiff_t written;
    uint8_t *data = (uint8_t *)PyBytes_AS_STRING(buffer);
    WITHOUT_GIL(written = encode_some(codec, data, (size_t)size));
    int status = codec->status;
    unclaim(self);
    if (_PyBytes_Resize(&buffer, written > 0 ? (Py_ssize_t)written : 0) < 0) {
        return NULL;
    }
    return Py_BuildValue("niN", (Py_ssize_t)written, status, buffer);
}

/* Writes all; returns 0 or errno. */
static int write_all(int fd, const uint8_t *data, size_t size) {
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n >= 0) {
            data += n;
            size -= (size_t)n;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

static int encode_all_to(ImgCodec *codec, int fd, uint8_t *buffer, size_t size) {
    int failure = 0;
    do {
        ptrdiff_t n = encode_some(codec, buffer, size);
        if (n > 0) {
            failure = write_all(fd, buffer, (size_t)n);
        }
    } while (codec->status == IMG_CODEC_MORE && !failure);
    return failure;
}

static PyObject *encoder_encode_to_file(PyObject *self, PyObject *args) {
    int fd;
    Py_ssize_t size = 16384;
    if (!PyArg_ParseTuple(args, "i|n:encode_to_file", &fd, &size) || !parse_bufsize(size)) {
        return NULL;
    }
    uint8_t *buffer = PyMem_RawMalloc((size_t)size);
    if (!buffer) {
        return PyErr_NoMemory();
    }
    if (!claim_for_work(self)) {
        PyMem_RawFree(buffer);
        return NULL;
    }
    ImgCodec *codec = codec_of(self);
    int failure;
    WITHOUT_GIL(failure = encode_all_to(codec, fd, buffer, (size_t)size));
    int status = codec->status;
    unclaim(self);
    PyMem_RawFree(buffer);
    if (failure) {
        errno = failure;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return PyLong_FromLong(status);
}

/* For codecs that write the file given by setfd themselves. */
static PyObject *encoder_encode_to_pyfd(PyObject *self, PyObject *ignored) {
    (void)ignored;
    if (!codec_of(self)->uses_stream) {
        return Py_BuildValue("ii", 0, IMG_CODEC_CONFIG);
    }
    if (!claim_for_work(self)) {
        return NULL;
    }
    ImgCodec *codec = codec_of(self);
    PyStream stream;
    codec->stream = open_pystream(&stream, codec, ((CodecObject *)self)->fd);
    ptrdiff_t written;
    WITHOUT_GIL(written = encode_some(codec, NULL, 0));
    codec->stream = NULL;
    int status = codec->status;
    unclaim(self);
    if (PyErr_Occurred()) {
        return NULL;
    }
    return Py_BuildValue("ni", (Py_ssize_t)written, status);
}

/* How many bytes will come of encoding in pieces of a size; 0 if that is not known. */
static PyObject *encoder_encoded_size(PyObject *self, PyObject *piece) {
    const Py_ssize_t size = PyLong_AsSsize_t(piece);
    if ((size == -1 && PyErr_Occurred()) || !parse_bufsize(size) || !claim_for_work(self)) {
        return NULL;
    }
    const size_t total = img_raw_encoded_size(codec_of(self), (size_t)size);
    unclaim(self);
    return PyLong_FromSize_t(total);
}

/* A new bytes object of `before` and, after it, at most `size` bytes of encoded ones. */
static PyObject *encoder_encode_after(PyObject *self, PyObject *args) {
    Py_buffer before;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y*n:encode_after", &before, &size)) {
        return NULL;
    }
    PyObject *whole = NULL;
    if (parse_bufsize(size) && size > PY_SSIZE_T_MAX - before.len) {
        PyErr_NoMemory();
    } else if (!PyErr_Occurred()) {
        whole = PyBytes_FromStringAndSize(NULL, before.len + size);
    }
    if (!whole || !claim_for_work(self)) {
        PyBuffer_Release(&before);
        Py_XDECREF(whole);
        return NULL;
    }
    ImgCodec *codec = codec_of(self);
    ptrdiff_t written;
    uint8_t *data = (uint8_t *)PyBytes_AS_STRING(whole);
    memcpy(data, before.buf, (size_t)before.len);
    WITHOUT_GIL(written = encode_some(codec, data + before.len, (size_t)size));
    const int status = codec->status;
    unclaim(self);
    const Py_ssize_t kept = before.len + (written > 0 ? (Py_ssize_t)written : 0);
    PyBuffer_Release(&before);
    if (kept < PyBytes_GET_SIZE(whole) && _PyBytes_Resize(&whole, kept) < 0) {
        return NULL;
    }
    return Py_BuildValue("iN", status, whole);
}

static PyObject *codec_cleanup(PyObject *self, PyObject *ignored) {
    (void)ignored;
    if (!claim(self)) {
        return NULL;
    }
    img_codec_release(codec_of(self));
    unclaim(self);
    Py_RETURN_NONE;
}

static PyObject *codec_setfd(PyObject *self, PyObject *fd) {
    if (!claim(self)) {
        return NULL;
    }
    PyObject *old = ((CodecObject *)self)->fd;
    ((CodecObject *)self)->fd = Py_NewRef(fd);
    unclaim(self);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *get_uses_fd(PyObject *self, void *closure) {
    (void)closure;
    return PyBool_FromLong(codec_of(self)->uses_stream);
}

/* --- types --- */

static PyMethodDef decoder_methods[] = {
    {"setimage", decoder_setimage, METH_VARARGS, NULL},
    {"decode", decoder_decode, METH_VARARGS, NULL},
    {"cleanup", codec_cleanup, METH_NOARGS, NULL},
    {"setfd", codec_setfd, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef encoder_methods[] = {
    {"setimage", encoder_setimage, METH_VARARGS, NULL},
    {"encode", encoder_encode, METH_VARARGS, NULL},
    {"encode_to_file", encoder_encode_to_file, METH_VARARGS, NULL},
    {"encode_to_pyfd", encoder_encode_to_pyfd, METH_NOARGS, NULL},
    {"encoded_size", encoder_encoded_size, METH_O, NULL},
    {"encode_after", encoder_encode_after, METH_VARARGS, NULL},
    {"cleanup", codec_cleanup, METH_NOARGS, NULL},
    {"setfd", codec_setfd, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef decoder_getset[] = {
    {"pulls_fd", get_uses_fd, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyGetSetDef encoder_getset[] = {
    {"pushes_fd", get_uses_fd, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

#define CODEC_SLOTS(kind)                                                                          \
    static PyType_Slot kind##_slots[] = {                                                          \
        {Py_tp_dealloc, codec_dealloc}, {Py_tp_traverse, codec_traverse},                          \
        {Py_tp_clear, codec_clear},     {Py_tp_methods, kind##_methods},                           \
        {Py_tp_getset, kind##_getset},  {0, NULL},                                                 \
    };
CODEC_SLOTS(decoder)
CODEC_SLOTS(encoder)

#define CODEC_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION)

static PyType_Spec decoder_spec = {
    .name = "PIL._imaging.ImagingDecoder",
    .basicsize = sizeof(CodecObject),
    .flags = CODEC_FLAGS,
    .slots = decoder_slots,
};

static PyType_Spec encoder_spec = {
    .name = "PIL._imaging.ImagingEncoder",
    .basicsize = sizeof(CodecObject),
    .flags = CODEC_FLAGS,
    .slots = encoder_slots,
};

int add_codec_types(PyObject *module, ModuleState *state) {
    state->decoder_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &decoder_spec, NULL);
    state->encoder_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &encoder_spec, NULL);
    if (!state->decoder_type || !state->encoder_type) {
        return -1;
    }
    return PyModule_AddType(module, state->decoder_type) < 0
               ? -1
               : PyModule_AddType(module, state->encoder_type);
}
