/* Binding of the group "morph": ImageMorph's operations on capsules of images. */
#include "filter/morph.h"

#include "binding.h"

/* The image of a capsule, if it is 8-bit with one band; else NULL with an exception. */
static ImgImage *plain_image(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, CAPSULE_NAME)) {
        PyErr_SetString(PyExc_TypeError, "must be a capsule of an image");
        return NULL;
    }
    ImgImage *image = (ImgImage *)PyCapsule_GetPointer(capsule, CAPSULE_NAME);
    if (image->mode->type != IMG_U8 || image->mode->bands != 1) {
        PyErr_SetString(PyExc_RuntimeError, "Unsupported image type");
        return NULL;
    }
    return image;
}

static const uint8_t *check_table(const char *table, Py_ssize_t length) {
    if (length < MORPH_TABLE_SIZE) {
        PyErr_SetString(PyExc_RuntimeError, "The morphology LUT has the wrong size");
        return NULL;
    }
    return (const uint8_t *)table;
}

static PyObject *morph_apply(PyObject *module, PyObject *args) {
    (void)module;
    const char *bytes;
    Py_ssize_t length;
    PyObject *in_capsule, *out_capsule;
    if (!PyArg_ParseTuple(args, "y#OO:apply", &bytes, &length, &in_capsule, &out_capsule)) {
        return NULL;
    }
    const uint8_t *table = check_table(bytes, length);
    const ImgImage *in = table ? plain_image(in_capsule) : NULL;
    ImgImage *out = in ? plain_image(out_capsule) : NULL;
    if (!out) {
        return NULL;
    }
    if (!img_same_size(in, out)) {
        PyErr_SetString(PyExc_ValueError, "images do not match");
        return NULL;
    }
    long changed;
    WITHOUT_GIL(changed = img_morph_apply(out, in, table));
    return PyLong_FromLong(changed);
}

static int append_place(PyObject *list, int x, int y) {
    PyObject *place = PyTuple_New(2);
    for (int i = 0; place && i < 2; i++) {
        PyObject *number = PyLong_FromLong(i ? y : x);
        if (number) {
            PyTuple_SET_ITEM(place, i, number);
        } else {
            Py_CLEAR(place);
        }
    }
    const int failed = place ? PyList_Append(list, place) : -1;
    Py_XDECREF(place);
    return failed;
}

static PyObject *morph_match(PyObject *module, PyObject *args) {
    (void)module;
    const char *bytes;
    Py_ssize_t length;
    PyObject *capsule;
    if (!PyArg_ParseTuple(args, "y#O:match", &bytes, &length, &capsule)) {
        return NULL;
    }
    const uint8_t *table = check_table(bytes, length);
    const ImgImage *image = table ? plain_image(capsule) : NULL;
    PyObject *list = image ? PyList_New(0) : NULL;
    const int width = list ? image->width : 0, height = list ? image->height : 0;
    for (int y = 1; list && y < height - 1 && width >= 3; y++) {
        const uint8_t *const rows[3] = {image->rows[y - 1], image->rows[y], image->rows[y + 1]};
        int index = img_morph_before(rows);
        for (int x = 1; list && x < width - 1; x++) {
            index = img_morph_next(index, rows, x);
            if (table[index] && append_place(list, x, y) < 0) {
                Py_CLEAR(list);
            }
        }
    }
    return list;
}

static PyObject *morph_get_on_pixels(PyObject *module, PyObject *capsule) {
    (void)module;
    const ImgImage *image = plain_image(capsule);
    PyObject *list = image ? PyList_New(0) : NULL;
    for (int y = 0; list && y < image->height; y++) {
        for (int x = 0; list && x < image->width; x++) {
            if (image->rows[y][x] && append_place(list, x, y) < 0) {
                Py_CLEAR(list);
            }
        }
    }
    return list;
}

PyMethodDef core_morph_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_morph_functions[] = {
    {"morph_apply", morph_apply, METH_VARARGS, NULL},
    {"morph_match", morph_match, METH_VARARGS, NULL},
    {"morph_get_on_pixels", morph_get_on_pixels, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
