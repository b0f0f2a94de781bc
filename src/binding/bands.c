/* Binding of the group "bands"; see groups.h. */
#include "binding.h"

static PyObject *none_or_error(bool done, const ImgError *err) {
    if (!done) {
        return raise_error(err);
    }
    Py_RETURN_NONE;
}

static PyObject *core_getband(PyObject *self, PyObject *args) {
    int band;
    if (!PyArg_ParseTuple(args, "i:getband", &band)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_getband(image_of(self), band, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *core_split(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    ImgImage *bands[4];
    const int count = image_of(self)->mode->bands;
    bool done;
    WITHOUT_GIL(done = img_split(image_of(self), bands, &err));
    if (!done) {
        return raise_error(&err);
    }
    PyObject *tuple = PyTuple_New(count);
    for (int i = 0; i < count; i++) {
        if (!tuple) {
            img_unref(bands[i]);
            continue;
        }
        PyObject *core = wrap_image(state_of_core(self), bands[i], &err);
        if (core) {
            PyTuple_SET_ITEM(tuple, i, core);
        } else {
            Py_CLEAR(tuple);
        }
    }
    return tuple;
}

static PyObject *core_putband(PyObject *self, PyObject *args) {
    PyObject *source;
    int band;
    if (!PyArg_ParseTuple(args, "O!i:putband", state_of_core(self)->core_type, &source, &band)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_putband(image_of(self), image_of(source), band, &err));
    return none_or_error(done, &err);
}

static PyObject *core_fillband(PyObject *self, PyObject *args) {
    int band, value;
    if (!PyArg_ParseTuple(args, "ii:fillband", &band, &value)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_fillband(image_of(self), band, value, &err));
    return none_or_error(done, &err);
}

static PyObject *core_setalpha(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_setalpha(image_of(self), &err));
    return none_or_error(done, &err);
}

static PyObject *module_merge(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    const char *name;
    PyObject *cores[4] = {NULL, NULL, NULL, NULL};
    if (!PyArg_ParseTuple(
            args, "sO!|O!O!O!:merge", &name, state->core_type, &cores[0], state->core_type,
            &cores[1], state->core_type, &cores[2], state->core_type, &cores[3])) {
        return NULL;
    }
    const ImgMode *mode = find_mode(name);
    if (!mode) {
        return NULL;
    }
    const ImgImage *bands[4];
    int count = 0;
    while (count < 4 && cores[count]) {
        bands[count] = image_of(cores[count]);
        count++;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_merge(mode, bands, count, &err));
    return wrap_image(state, out, &err);
}

/* Reads `entries` numbers: float if as_float, else int32_t (wider ones lose their high bits). The
 * items are held by a tuple of our own, since converting them may run Python code. */
static bool read_table(PyObject *items, Py_ssize_t entries, bool as_float, void *table) {
    for (Py_ssize_t i = 0; i < entries; i++) {
        PyObject *item = PyTuple_GET_ITEM(items, i);
        if (as_float) {
            const double value = PyFloat_AsDouble(item);
            ((float *)table)[i] = (float)value;
        } else {
            const long long value = PyLong_AsLongLong(item);
            ((int32_t *)table)[i] = (int32_t)(uint32_t)value;
        }
        if (PyErr_Occurred()) {
            return false;
        }
    }
    return true;
}

/* The table as an array that the caller frees with PyMem_Free, or NULL with an exception. */
static void *table_from(PyObject *sequence, size_t entries, bool as_float) {
    if (!PySequence_Check(sequence)) {
        PyErr_SetString(PyExc_TypeError, "argument must be a sequence");
        return NULL;
    }
    const Py_ssize_t length = PySequence_Size(sequence);
    if (length < 0) {
        return NULL;
    }
    PyObject *items = (size_t)length == entries ? PySequence_Tuple(sequence) : NULL;
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (!items || (size_t)PyTuple_GET_SIZE(items) != entries) {
        Py_XDECREF(items);
        PyErr_SetString(PyExc_ValueError, "wrong number of lut entries");
        return NULL;
    }
    void *table = PyMem_Malloc(entries * 4);
    if (!table) {
        PyErr_NoMemory();
    } else if (!read_table(items, (Py_ssize_t)entries, as_float, table)) {
        PyMem_Free(table);
        table = NULL;
    }
    Py_DECREF(items);
    return table;
}

static PyObject *core_point(PyObject *self, PyObject *args) {
    PyObject *sequence;
    const char *name;
    if (!PyArg_ParseTuple(args, "Oz:point", &sequence, &name)) {
        return NULL;
    }
    const ImgImage *image = image_of(self);
    /* An unknown name counts as none. */
    const ImgMode *mode = name ? img_mode_find(name) : NULL;
    const bool as_float = mode && mode->type == IMG_F32;
    void *table = table_from(sequence, img_point_entries(image, mode), as_float);
    if (!table) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_point(image, mode, table, &err));
    PyMem_Free(table);
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *core_point_transform(PyObject *self, PyObject *args) {
    double scale = 1.0, offset = 0.0;
    if (!PyArg_ParseTuple(args, "|dd:point_transform", &scale, &offset)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_point_transform(image_of(self), scale, offset, &err));
    return wrap_image(state_of_core(self), out, &err);
}

PyMethodDef core_bands_methods[] = {
    {"getband", core_getband, METH_VARARGS, NULL},
    {"split", core_split, METH_NOARGS, NULL},
    {"putband", core_putband, METH_VARARGS, NULL},
    {"fillband", core_fillband, METH_VARARGS, NULL},
    {"setalpha", core_setalpha, METH_NOARGS, NULL},
    {"point", core_point, METH_VARARGS, NULL},
    {"point_transform", core_point_transform, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_bands_functions[] = {
    {"merge", module_merge, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
