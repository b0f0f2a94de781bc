/* Binding of the group "convert"; see groups.h. */
#include "binding.h"

/* Raises *err, with the names of the modes where the message is about a pair of them. */
static PyObject *raise_pair_error(const ImgError *err, const char *from, const char *to) {
    if (err->message == img_no_conversion) {
        return PyErr_Format(PyExc_ValueError, "conversion from %s to %s not supported", from, to);
    }
    if (err->message == img_no_transparent) {
        return PyErr_Format(
            PyExc_ValueError, "conversion from %s to %s not supported in convert_transparent", from,
            to);
    }
    return raise_error(err);
}

static PyObject *wrap_pair(PyObject *self, ImgImage *result, const ImgError *err, const char *to) {
    if (!result) {
        return raise_pair_error(err, image_of(self)->mode->name, to);
    }
    return wrap_image(state_of_core(self), result, err);
}

/* The palette of a core image given as argument; NULL with ValueError if there is none. */
static const ImgPalette *palette_argument(ModuleState *state, PyObject *object) {
    if (!Py_IS_TYPE(object, state->core_type)) {
        PyErr_SetString(PyExc_ValueError, "palette argument must be image with mode 'P'");
        return NULL;
    }
    const ImgPalette *palette = image_of(object)->palette;
    if (!palette) {
        PyErr_SetString(PyExc_ValueError, "null palette");
    }
    return palette;
}

/* The target mode: an unknown name means the mode of the image's palette. */
static const ImgMode *target_mode(const ImgImage *image, const char *name, ImgError *err) {
    const ImgMode *mode = img_mode_find(name);
    if (!mode && image->palette) {
        return image->palette->mode;
    }
    return mode ? mode : img_fail_mode(err);
}

/* convert(mode, dither=0, palette_image): any dither but 0 is Floyd-Steinberg. */
static PyObject *core_convert(PyObject *self, PyObject *args) {
    const char *name;
    int dither = 0;
    PyObject *palette_image = NULL;
    if (!PyArg_ParseTuple(args, "s|iO:convert", &name, &dither, &palette_image)) {
        return NULL;
    }
    /* A copy, since others may change that image's palette once the GIL is released. */
    ImgPalette palette;
    ImgImage *keeper = NULL;
    if (palette_image) {
        const ImgPalette *given = palette_argument(state_of_core(self), palette_image);
        if (!given) {
            return NULL;
        }
        palette = *given;
        keeper = image_of(palette_image);
    }
    const ImgImage *image = image_of(self);
    ImgError err = {IMG_OK, NULL};
    const ImgMode *to = target_mode(image, name, &err);
    if (!to) {
        return raise_error(&err);
    }
    ImgImage *result;
    WITHOUT_GIL(
        result =
            img_convert(image, to, dither != 0, palette_image ? &palette : NULL, keeper, &err));
    return wrap_pair(self, result, &err, to->name);
}

/* convert_into(image): the same into an image that is there already. */
static PyObject *core_convert_into(PyObject *self, PyObject *args) {
    PyObject *target;
    if (!PyArg_ParseTuple(args, "O:convert_into", &target)) {
        return NULL;
    }
    ImgImage *out = core_image(state_of_core(self), target);
    if (!out) {
        return NULL;
    }
    if (out->readonly) {
        PyErr_SetString(PyExc_ValueError, "image is readonly");
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_convert_into(out, image_of(self), &err));
    if (!done) {
        return raise_pair_error(&err, image_of(self)->mode->name, out->mode->name);
    }
    Py_RETURN_NONE;
}

/* 4 or 12 floats from a sequence of that length. The rest is zero. */
static int matrix_argument(PyObject *object, float matrix[12]) {
    const Py_ssize_t length = PyObject_Size(object);
    if (length < 0) {
        return -1;
    }
    if (length != 4 && length != 12) {
        PyErr_SetString(PyExc_TypeError, "matrix must be tuple of length 4 or 12");
        return -1;
    }
    PyObject *items = PySequence_Check(object) ? PySequence_Tuple(object) : NULL;
    if (!items) {
        if (!PyErr_Occurred()) {
            PyErr_Format(
                PyExc_TypeError, "matrix must be a sequence, not %.200s", Py_TYPE(object)->tp_name);
        }
        return -1;
    }
    int failed = PyTuple_GET_SIZE(items) != length;
    if (failed) {
        PyErr_SetString(PyExc_TypeError, "matrix must be tuple of length 4 or 12");
    }
    for (Py_ssize_t i = 0; i < 12 && !failed; i++) {
        const double value = i < length ? PyFloat_AsDouble(PyTuple_GET_ITEM(items, i)) : 0.0;
        failed = value == -1.0 && PyErr_Occurred();
        matrix[i] = (float)value;
    }
    Py_DECREF(items);
    return failed ? -1 : 0;
}

/* convert_matrix(mode, matrix) */
static PyObject *core_convert_matrix(PyObject *self, PyObject *args) {
    const char *name;
    PyObject *object;
    float matrix[12];
    if (!PyArg_ParseTuple(args, "sO:convert_matrix", &name, &object) ||
        matrix_argument(object, matrix) < 0) {
        return NULL;
    }
    const ImgMode *to = img_mode_find(name);
    ImgError err = {IMG_OK, NULL};
    ImgImage *result;
    WITHOUT_GIL(result = img_convert_matrix(image_of(self), to, matrix, &err));
    return wrap_image(state_of_core(self), result, &err);
}

/* convert_transparent(mode, colour): an int, or a sequence of three. */
static PyObject *core_convert_transparent(PyObject *self, PyObject *args) {
    const char *name;
    PyObject *object;
    if (!PyArg_ParseTuple(args, "sO:convert_transparent", &name, &object)) {
        return NULL;
    }
    int colour[3] = {0, 0, 0};
    if (PySequence_Check(object)) {
        if (!PyArg_ParseTuple(
                args, "s(iii):convert_transparent", &name, &colour[0], &colour[1], &colour[2])) {
            return NULL;
        }
    } else if (!PyArg_ParseTuple(args, "si:convert_transparent", &name, &colour[0])) {
        return NULL;
    }
    const ImgMode *to = img_mode_find(name);
    ImgError err = {IMG_OK, NULL};
    ImgImage *result;
    WITHOUT_GIL(result = img_convert_transparent(image_of(self), to, colour, &err));
    return wrap_pair(self, result, &err, to ? to->name : "");
}

PyMethodDef core_convert_methods[] = {
    {"convert", core_convert, METH_VARARGS, NULL},
    {"convert_into", core_convert_into, METH_VARARGS, NULL},
    {"convert_matrix", core_convert_matrix, METH_VARARGS, NULL},
    {"convert_transparent", core_convert_transparent, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_convert_functions[] = {
    {NULL, NULL, 0, NULL},
};
