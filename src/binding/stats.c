/* Binding of the group "stats"; see groups.h. */
#include "binding.h"

/* {low, high} from a tuple of two; false (and no exception) if the object is no such thing. What I
 * images get must be ints of 32 bits, what F images get real numbers. */
static bool parse_extrema(PyObject *object, ImgType type, double extrema[2]) {
    if (!object || !PyTuple_Check(object) || PyTuple_GET_SIZE(object) != 2) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        PyObject *item = PyTuple_GET_ITEM(object, i);
        bool fits = true;
        if (type == IMG_F32) {
            extrema[i] = PyFloat_AsDouble(item);
        } else {
            const long long value = PyLong_AsLongLong(item);
            extrema[i] = (double)value;
            fits = value >= INT32_MIN && value <= INT32_MAX;
        }
        if (PyErr_Occurred()) {
            PyErr_Clear();
            fits = false;
        }
        if (!fits) {
            return false;
        }
    }
    return true;
}

/* The arguments ([extrema[, mask]]) and the histogram. */
static bool histogram_of(PyObject *self, PyObject *args, ImgHistogram *out) {
    PyObject *given = NULL, *mask = NULL;
    if (!PyArg_ParseTuple(args, "|OO!", &given, state_of_core(self)->core_type, &mask)) {
        return false;
    }
    const ImgImage *image = image_of(self);
    const ImgImage *chosen = mask ? image_of(mask) : NULL;
    const ImgType type = image->mode->type;
    double extrema[2];
    const bool usable = (type == IMG_I32 || type == IMG_F32) && parse_extrema(given, type, extrema);
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_histogram(image, chosen, usable ? extrema : NULL, out, &err));
    if (!done) {
        raise_error(&err);
    }
    return done;
}

static PyObject *core_histogram(PyObject *self, PyObject *args) {
    ImgHistogram histogram;
    if (!histogram_of(self, args, &histogram)) {
        return NULL;
    }
    const int bins = 256 * histogram.bands;
    PyObject *list = PyList_New(bins);
    for (int i = 0; list && i < bins; i++) {
        PyObject *count = PyLong_FromUnsignedLongLong(histogram.count[i]);
        if (count) {
            PyList_SET_ITEM(list, i, count);
        } else {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *core_entropy(PyObject *self, PyObject *args) {
    ImgHistogram histogram;
    if (!histogram_of(self, args, &histogram)) {
        return NULL;
    }
    return PyFloat_FromDouble(img_entropy(&histogram));
}

static PyObject *extrema_object(const ImgExtrema *extrema, ImgType type) {
    if (extrema->empty) {
        Py_RETURN_NONE;
    }
    if (type == IMG_F32) {
        return Py_BuildValue("dd", extrema->low, extrema->high);
    }
    return Py_BuildValue("ii", (int)extrema->low, (int)extrema->high);
}

static PyObject *core_getextrema(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    ImgExtrema extrema;
    bool done;
    WITHOUT_GIL(done = img_extrema(image_of(self), &extrema, &err));
    return done ? extrema_object(&extrema, image_of(self)->mode->type) : raise_error(&err);
}

/* A tuple with an item for each band. */
static PyObject *core_band_extrema(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    ImgExtrema extrema[4];
    int bands;
    WITHOUT_GIL(bands = img_band_extrema(image_of(self), extrema, &err));
    if (!bands) {
        return raise_error(&err);
    }
    PyObject *all = PyTuple_New(bands);
    for (int b = 0; all && b < bands; b++) {
        PyObject *one = extrema_object(&extrema[b], image_of(self)->mode->type);
        if (one) {
            PyTuple_SET_ITEM(all, b, one);
        } else {
            Py_CLEAR(all);
        }
    }
    return all;
}

static PyObject *core_sum_of_grey(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    uint64_t sum;
    bool done;
    WITHOUT_GIL(done = img_sum_of_grey(image_of(self), &sum, &err));
    return done ? PyLong_FromUnsignedLongLong(sum) : raise_error(&err);
}

static PyObject *core_getbbox(PyObject *self, PyObject *args) {
    int alpha_only = 1, box[4];
    if (!PyArg_ParseTuple(args, "|i:getbbox", &alpha_only)) {
        return NULL;
    }
    bool found;
    WITHOUT_GIL(found = img_bbox(image_of(self), alpha_only != 0, box));
    if (!found) {
        Py_RETURN_NONE;
    }
    return Py_BuildValue("iiii", box[0], box[1], box[2], box[3]);
}

static PyObject *core_getprojection(PyObject *self, PyObject *ignored) {
    (void)ignored;
    const ImgImage *image = image_of(self);
    PyObject *columns = PyBytes_FromStringAndSize(NULL, image->width);
    PyObject *rows = PyBytes_FromStringAndSize(NULL, image->height);
    if (!columns || !rows) {
        Py_XDECREF(columns);
        Py_XDECREF(rows);
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    uint8_t *out_x = (uint8_t *)PyBytes_AS_STRING(columns);
    uint8_t *out_y = (uint8_t *)PyBytes_AS_STRING(rows);
    bool done;
    WITHOUT_GIL(done = img_projection(image, out_x, out_y, &err));
    if (!done) {
        Py_DECREF(columns);
        Py_DECREF(rows);
        return raise_error(&err);
    }
    return Py_BuildValue("NN", columns, rows);
}

/* A 4-byte pixel as getpixel gives it. */
static PyObject *pixel_value(const ImgMode *mode, uint32_t pixel) {
    uint8_t bytes[4];
    memcpy(bytes, &pixel, 4);
    if (mode->type == IMG_I32) {
        return PyLong_FromLong((int32_t)pixel);
    }
    if (mode->type == IMG_F32) {
        float value;
        memcpy(&value, &pixel, 4);
        return PyFloat_FromDouble(value);
    }
    PyObject *tuple = PyTuple_New(mode->bands);
    for (int i = 0; tuple && i < mode->bands; i++) {
        PyObject *item = PyLong_FromLong(bytes[mode->band_offset[i]]);
        if (item) {
            PyTuple_SET_ITEM(tuple, i, item);
        } else {
            Py_CLEAR(tuple);
        }
    }
    return tuple;
}

static PyObject *list_of_colors(const ImgMode *mode, const ImgColors *colors) {
    PyObject *list = PyList_New((Py_ssize_t)colors->used);
    for (size_t i = 0; list && i < colors->used; i++) {
        PyObject *value = pixel_value(mode, colors->colors[i].pixel);
        PyObject *item =
            value ? Py_BuildValue("KN", (unsigned long long)colors->colors[i].count, value) : NULL;
        if (item) {
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
        } else {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *core_getcolors(PyObject *self, PyObject *args) {
    int most;
    if (!PyArg_ParseTuple(args, "i:getcolors", &most)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgColors colors;
    bool done;
    WITHOUT_GIL(done = img_colors(image_of(self), most, &colors, &err));
    if (!done) {
        return raise_error(&err);
    }
    PyObject *result;
    if (colors.used == SIZE_MAX) {
        result = Py_NewRef(Py_None);
    } else {
        result = list_of_colors(image_of(self)->mode, &colors);
    }
    img_colors_free(&colors);
    return result;
}

PyMethodDef core_stats_methods[] = {
    {"histogram", core_histogram, METH_VARARGS, NULL},
    {"entropy", core_entropy, METH_VARARGS, NULL},
    {"getextrema", core_getextrema, METH_NOARGS, NULL},
    {"band_extrema", core_band_extrema, METH_NOARGS, NULL},
    {"sum_of_grey", core_sum_of_grey, METH_NOARGS, NULL},
    {"getbbox", core_getbbox, METH_VARARGS, NULL},
    {"getprojection", core_getprojection, METH_NOARGS, NULL},
    {"getcolors", core_getcolors, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_stats_functions[] = {
    {NULL, NULL, 0, NULL},
};
