/* Binding of the group "filter"; see groups.h. */
#include "binding.h"

/* Copies a one-dimensional buffer of floats of any width. 1: done; 0: `object` is no such buffer;
 * -1: it is, with another number of items, or an exception occurred. */
static int read_floats(PyObject *object, float *values, Py_ssize_t wanted, const char *wrong) {
    Py_buffer view;
    if (!PyObject_CheckBuffer(object)) {
        return 0;
    }
    if (PyObject_GetBuffer(object, &view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) {
        PyErr_Clear(); /* not contiguous: it may still do as a sequence */
        return 0;
    }
    const char format = view.format && strlen(view.format) == 1 ? view.format[0] : 0;
    const Py_ssize_t width = format == 'e' ? 2 : format == 'f' ? 4 : format == 'd' ? 8 : 0;
    int done = 0;
    if (width > 0 && view.ndim == 1 && view.itemsize == width) {
        done = view.len / width == wanted ? 1 : -1;
        if (done < 0) {
            PyErr_SetString(PyExc_ValueError, wrong);
        }
    }
    for (Py_ssize_t i = 0; i < wanted && done == 1; i++) {
        const char *item = (const char *)view.buf + i * width;
        double wide;
        if (format == 'e') {
            wide = PyFloat_Unpack2(item, PY_LITTLE_ENDIAN);
            values[i] = (float)wide;
        } else if (format == 'f') {
            memcpy(&values[i], item, sizeof(float));
        } else {
            memcpy(&wide, item, sizeof(wide));
            values[i] = (float)wide;
        }
    }
    PyBuffer_Release(&view);
    return done;
}

/* Copies the items of a sequence, one by one. 0, or -1 with an exception. */
static int read_items(PyObject *object, float *values, Py_ssize_t wanted) {
    for (Py_ssize_t i = 0; i < wanted; i++) {
        PyObject *item = PySequence_GetItem(object, i);
        const double value = item ? PyFloat_AsDouble(item) : -1.0;
        Py_XDECREF(item);
        if (value == -1.0 && PyErr_Occurred()) {
            return -1;
        }
        values[i] = (float)value;
    }
    return 0;
}

/* The numbers of `object`, a sequence of exactly `wanted` of them (else ValueError `wrong`), as
 * single precision values in memory with room for `room` (>= wanted) of them, which the caller
 * frees with PyMem_Free. */
static float *float_list(PyObject *object, Py_ssize_t wanted, Py_ssize_t room, const char *wrong) {
    if (!PySequence_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "argument must be a sequence");
        return NULL;
    }
    const Py_ssize_t size = PySequence_Size(object);
    if (size != wanted) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, wrong);
        }
        return NULL;
    }
    float *values = PyMem_New(float, room ? room : 1);
    if (!values) {
        PyErr_NoMemory();
        return NULL;
    }
    const int copied = read_floats(object, values, wanted, wrong);
    if (copied < 0 || (copied == 0 && read_items(object, values, wanted) < 0)) {
        PyMem_Free(values);
        return NULL;
    }
    return values;
}

static PyObject *filter(PyObject *self, PyObject *args) {
    int width, height;
    float scale, offset;
    PyObject *kernel;
    if (!PyArg_ParseTuple(args, "(ii)ffO", &width, &height, &scale, &offset, &kernel)) {
        return NULL;
    }
    const Py_ssize_t wanted = (Py_ssize_t)width * height;
    float *weights = float_list(kernel, wanted, wanted, "bad kernel size");
    if (!weights) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(
        out = img_filter_kernel(image_of(self), width, height, weights, scale, offset, &err));
    PyMem_Free(weights);
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *box_blur(PyObject *self, PyObject *args) {
    float rx, ry;
    int passes = 1;
    if (!PyArg_ParseTuple(args, "(ff)|i", &rx, &ry, &passes)) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(out = img_box_blur(image_of(self), rx, ry, passes, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *gaussian_blur(PyObject *self, PyObject *args) {
    float sx, sy;
    int passes = 3;
    if (!PyArg_ParseTuple(args, "(ff)|i", &sx, &sy, &passes)) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(out = img_gaussian_blur(image_of(self), sx, sy, passes, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *unsharp_mask(PyObject *self, PyObject *args) {
    float sigma;
    int percent, threshold;
    if (!PyArg_ParseTuple(args, "fii", &sigma, &percent, &threshold)) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(out = img_unsharp_mask(image_of(self), sigma, percent, threshold, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *rank_with(PyObject *self, PyObject *args, bool replicate) {
    int size, rank;
    if (!PyArg_ParseTuple(args, "ii", &size, &rank)) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(out = img_rank_filter(image_of(self), size, rank, replicate, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *rankfilter(PyObject *self, PyObject *args) {
    return rank_with(self, args, false);
}

/* Not in Pillow: expand and rankfilter in one, for all bands at once. */
static PyObject *rank_replicated(PyObject *self, PyObject *args) {
    return rank_with(self, args, true);
}

static PyObject *modefilter(PyObject *self, PyObject *args) {
    int size;
    if (!PyArg_ParseTuple(args, "i", &size)) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(out = img_mode_filter(image_of(self), size, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *color_lut_3d(PyObject *self, PyObject *args) {
    const char *mode_name;
    int filter_id, channels, size[3];
    PyObject *table;
    const int linear = 2; /* Resampling.BILINEAR */
    if (!PyArg_ParseTuple(
            args, "sii(iii)O:color_lut_3d", &mode_name, &filter_id, &channels, &size[0], &size[1],
            &size[2], &table)) {
        return NULL;
    }
    ImgError err;
    if (filter_id != linear) {
        PyErr_SetString(PyExc_ValueError, "Only LINEAR filter is supported.");
        return NULL;
    }
    if (!img_lut3d_check(channels, size, &err)) {
        return raise_error(&err);
    }
    const Py_ssize_t entries = (Py_ssize_t)size[0] * size[1] * size[2];
    float *values = float_list(
        table, entries * channels, entries * 4,
        "The table should have table_channels * size1D * size2D * size3D float items.");
    const ImgMode *mode = values ? find_mode(mode_name) : NULL;
    if (!mode) {
        PyMem_Free(values);
        return NULL;
    }
    ImgImage *out;
    WITHOUT_GIL(out = img_color_lut_3d(image_of(self), mode, channels, size, values, &err));
    PyMem_Free(values);
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *effect_spread(PyObject *self, PyObject *args) {
    int distance;
    if (!PyArg_ParseTuple(args, "i", &distance)) {
        return NULL;
    }
    ImgError err;
    ImgImage *out;
    WITHOUT_GIL(out = img_effect_spread(image_of(self), distance, &err));
    return wrap_image(state_of_core(self), out, &err);
}

PyMethodDef core_filter_methods[] = {
    {"filter", filter, METH_VARARGS, NULL},
    {"box_blur", box_blur, METH_VARARGS, NULL},
    {"gaussian_blur", gaussian_blur, METH_VARARGS, NULL},
    {"unsharp_mask", unsharp_mask, METH_VARARGS, NULL},
    {"rankfilter", rankfilter, METH_VARARGS, NULL},
    {"rank_replicated", rank_replicated, METH_VARARGS, NULL},
    {"modefilter", modefilter, METH_VARARGS, NULL},
    {"color_lut_3d", color_lut_3d, METH_VARARGS, NULL},
    {"effect_spread", effect_spread, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_filter_functions[] = {
    {NULL, NULL, 0, NULL},
};
