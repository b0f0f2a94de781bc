/* Binding of the group "filter"; see groups.h. */
#include "binding.h"

/* The numbers of `object`, a sequence of exactly `wanted` of them, as single precision values in
 * memory that the caller frees with PyMem_Free. */
static float *float_list(PyObject *object, Py_ssize_t wanted) {
    if (!PySequence_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "argument must be a sequence");
        return NULL;
    }
    const Py_ssize_t size = PySequence_Size(object);
    if (size < 0) {
        return NULL;
    }
    if (size != wanted) {
        PyErr_SetString(PyExc_ValueError, "bad kernel size");
        return NULL;
    }
    float *values = PyMem_New(float, size ? size : 1);
    if (!values) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        PyObject *item = PySequence_GetItem(object, i);
        const double value = item ? PyFloat_AsDouble(item) : -1.0;
        Py_XDECREF(item);
        if (value == -1.0 && PyErr_Occurred()) {
            PyMem_Free(values);
            return NULL;
        }
        values[i] = (float)value;
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
    float *weights = float_list(kernel, (Py_ssize_t)width * height);
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

PyMethodDef core_filter_methods[] = {
    {"filter", filter, METH_VARARGS, NULL},
    {"box_blur", box_blur, METH_VARARGS, NULL},
    {"gaussian_blur", gaussian_blur, METH_VARARGS, NULL},
    {"unsharp_mask", unsharp_mask, METH_VARARGS, NULL},
    {"rankfilter", rankfilter, METH_VARARGS, NULL},
    {"rank_replicated", rank_replicated, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_filter_functions[] = {
    {NULL, NULL, 0, NULL},
};
