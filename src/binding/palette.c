/* Binding of the group "palette"; see groups.h. */
#include "binding.h"
#include "core/palette.h"

static bool takes_palette(const ImgMode *mode) {
    return mode->paletted || mode->id == IMG_MODE_L || mode->id == IMG_MODE_LA;
}

static PyObject *core_putpalette(PyObject *self, PyObject *args) {
    const char *name, *rawmode, *data;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "ssy#:putpalette", &name, &rawmode, &data, &length)) {
        return NULL;
    }
    ImgImage *image = image_of(self);
    const ImgMode *mode = takes_palette(image->mode) ? img_mode_find(name) : NULL;
    if (!mode) {
        PyErr_SetString(PyExc_ValueError, "unrecognized image mode");
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    LOCK_OBJECT(self);
    done = img_put_palette(
        image, mode, img_find_unpacker(mode, rawmode), (const uint8_t *)data, (size_t)length, &err);
    UNLOCK_OBJECT();
    if (!done) {
        return raise_error(&err);
    }
    Py_RETURN_NONE;
}

static PyObject *core_getpalette(PyObject *self, PyObject *args) {
    const char *name = "RGB", *rawmode = NULL;
    if (!PyArg_ParseTuple(args, "|ss:getpalette", &name, &rawmode)) {
        return NULL;
    }
    const ImgMode *mode = img_mode_find(name);
    const ImgRawMode *raw = mode ? img_find_packer(mode, rawmode ? rawmode : name) : NULL;
    ImgError err = {IMG_OK, NULL};
    uint8_t bytes[IMG_PALETTE_BYTES];
    int length;
    LOCK_OBJECT(self);
    length = img_get_palette(image_of(self), raw, bytes, &err);
    UNLOCK_OBJECT();
    return length < 0 ? raise_error(&err) : PyBytes_FromStringAndSize((const char *)bytes, length);
}

static PyObject *core_getpalettemode(PyObject *self, PyObject *ignored) {
    (void)ignored;
    const ImgPalette *palette = image_of(self)->palette;
    if (!palette) {
        PyErr_SetString(PyExc_ValueError, "image has no palette");
        return NULL;
    }
    return PyUnicode_FromString(palette->mode->name);
}

static PyObject *put_alphas(PyObject *self, size_t first, const uint8_t *alphas, size_t count) {
    ImgError err = {IMG_OK, NULL};
    bool done;
    LOCK_OBJECT(self);
    done = img_put_palette_alpha(image_of(self), first, count, alphas, &err);
    UNLOCK_OBJECT();
    if (!done) {
        return raise_error(&err);
    }
    Py_RETURN_NONE;
}

static PyObject *core_putpalettealpha(PyObject *self, PyObject *args) {
    int index, alpha = 0;
    if (!PyArg_ParseTuple(args, "i|i:putpalettealpha", &index, &alpha)) {
        return NULL;
    }
    const uint8_t stored = (uint8_t)alpha;
    /* A negative index becomes a large one, which is refused. */
    return put_alphas(self, (size_t)index, &stored, 1);
}

static PyObject *core_putpalettealphas(PyObject *self, PyObject *args) {
    const char *alphas;
    Py_ssize_t count;
    if (!PyArg_ParseTuple(args, "y#:putpalettealphas", &alphas, &count)) {
        return NULL;
    }
    return put_alphas(self, 0, (const uint8_t *)alphas, (size_t)count);
}

PyMethodDef core_palette_methods[] = {
    {"putpalette", core_putpalette, METH_VARARGS, NULL},
    {"getpalette", core_getpalette, METH_VARARGS, NULL},
    {"getpalettemode", core_getpalettemode, METH_NOARGS, NULL},
    {"putpalettealpha", core_putpalettealpha, METH_VARARGS, NULL},
    {"putpalettealphas", core_putpalettealphas, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_palette_functions[] = {
    {NULL, NULL, 0, NULL},
};
