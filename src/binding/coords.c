/* Coordinate lists: what every `xy` of the drawing methods, and the path object, is made from. */
#include "coords.h"

#include <string.h>

void free_coords(Coords *coords) {
    if (coords->xy != coords->few) {
        PyMem_RawFree(coords->xy);
    }
    coords->xy = NULL;
    coords->count = 0;
}

/* Room for that many numbers, or MemoryError. */
static bool make_room(Coords *coords, Py_ssize_t numbers) {
    if (numbers >= 0 && numbers <= 2 * FEW_POINTS) {
        coords->xy = coords->few;
    } else if (numbers > 0 && (size_t)numbers <= PY_SSIZE_T_MAX / sizeof(double)) {
        coords->xy = PyMem_RawMalloc((size_t)numbers * sizeof(double));
    }
    if (!coords->xy) {
        PyErr_NoMemory();
    }
    return coords->xy != NULL;
}

double *keep_coords(Coords *coords) {
    if (coords->xy != coords->few) {
        return coords->xy;
    }
    double *kept = PyMem_RawMalloc(sizeof(coords->few));
    if (kept) {
        memcpy(kept, coords->few, sizeof(coords->few));
    } else {
        PyErr_NoMemory();
    }
    return kept;
}

static bool copy_path(PyObject *source, Coords *coords) {
    PathObject *path = (PathObject *)source;
    bool good = false;
    LOCK_OBJECT(source);
    if (make_room(coords, 2 * path->count)) {
        memcpy(coords->xy, path->xy, 2 * (size_t)path->count * sizeof(double));
        coords->count = path->count;
        good = true;
    }
    UNLOCK_OBJECT();
    return good;
}

/* Pairs of native floats, whatever the type of the buffer's items. */
static bool copy_buffer(PyObject *data, Coords *coords) {
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) {
        return false;
    }
    coords->count = view.len / (Py_ssize_t)(2 * sizeof(float));
    const bool good = make_room(coords, 2 * coords->count);
    const char *bytes = view.buf;
    for (Py_ssize_t i = 0; good && i < 2 * coords->count; i++) {
        float value;
        memcpy(&value, bytes + (size_t)i * sizeof(value), sizeof(value));
        coords->xy[i] = (double)value;
    }
    PyBuffer_Release(&view);
    return good;
}

static bool value_error(const char *message) {
    PyErr_SetString(PyExc_ValueError, message);
    return false;
}

/* A number outside tuples: ints are rounded to single precision. False, without an exception, if
 * it is none. */
static bool read_number(PyObject *item, double *out, bool *failed) {
    *failed = false;
    if (PyFloat_Check(item)) {
        *out = PyFloat_AS_DOUBLE(item);
        return true;
    }
    if (PyLong_Check(item)) {
        const long long value = PyLong_AsLongLong(item);
        *failed = value == -1 && PyErr_Occurred();
        *out = (double)(float)value;
        return !*failed;
    }
    if (!PyNumber_Check(item)) {
        return false;
    }
    *out = PyFloat_AsDouble(item);
    *failed = *out == -1.0 && PyErr_Occurred();
    return !*failed;
}

/* PyFloat_AsDouble, which makes a float object of an int on its way. */
static double as_double(PyObject *number) {
    return PyLong_CheckExact(number) ? PyLong_AsDouble(number) : PyFloat_AsDouble(number);
}

/* A tuple (x, y): both as they are. */
static bool read_tuple(PyObject *pair, double out[2]) {
    bool good = PyTuple_GET_SIZE(pair) == 2;
    for (int i = 0; good && i < 2; i++) {
        out[i] = as_double(PyTuple_GET_ITEM(pair, i));
        good = !(out[i] == -1.0 && PyErr_Occurred());
    }
    if (good) {
        return true;
    }
    PyErr_Clear();
    return value_error("incorrect coordinate type");
}

static bool read_list(PyObject *pair, double out[2]) {
    if (PyList_GET_SIZE(pair) != 2) {
        return value_error("coordinate list must contain exactly 2 coordinates");
    }
    for (int i = 0; i < 2; i++) {
        bool failed;
        PyObject *item = PySequence_GetItem(pair, i);
        if (!item) {
            return false;
        }
        const bool good = read_number(item, &out[i], &failed);
        Py_DECREF(item);
        if (!good) {
            return failed ? false : value_error("coordinate list must contain numbers");
        }
    }
    return true;
}

/* How many numbers an item gave: 1 or 2; 0 with an exception. */
static int read_item(PyObject *item, double out[2]) {
    bool failed;
    if (PyTuple_Check(item)) {
        return read_tuple(item, out) ? 2 : 0;
    }
    if (PyList_Check(item)) {
        return read_list(item, out) ? 2 : 0;
    }
    if (read_number(item, out, &failed)) {
        return 1;
    }
    if (!failed) {
        value_error("incorrect coordinate type");
    }
    return 0;
}

/* A new reference, or NULL with an exception. */
static PyObject *item_of(PyObject *data, Py_ssize_t i) {
    return PyTuple_CheckExact(data) ? Py_NewRef(PyTuple_GET_ITEM(data, i))
                                    : PySequence_GetItem(data, i);
}

static bool copy_sequence(PyObject *data, Coords *coords) {
    const Py_ssize_t length = PySequence_Size(data);
    if (length < 0) {
        return false;
    }
    if (length > PY_SSIZE_T_MAX / 2) {
        PyErr_NoMemory();
        return false;
    }
    Py_ssize_t made = 0;
    bool good = make_room(coords, 2 * length);
    for (Py_ssize_t i = 0; good && i < length; i++) {
        PyObject *item = item_of(data, i);
        if (!item) {
            good = PyErr_ExceptionMatches(PyExc_IndexError);
            if (good) { /* shorter than it said */
                PyErr_Clear();
            }
            break;
        }
        const int count = read_item(item, coords->xy + made);
        Py_DECREF(item);
        made += count;
        good = count > 0;
    }
    if (good && made % 2) {
        good = value_error("wrong number of coordinates");
    }
    if (!good) {
        free_coords(coords);
        return false;
    }
    coords->count = made / 2;
    return true;
}

bool parse_coords(ModuleState *state, PyObject *data, Coords *coords) {
    coords->xy = NULL;
    coords->count = 0;
    if (Py_IS_TYPE(data, state->path_type)) {
        return copy_path(data, coords);
    }
    if (PyObject_CheckBuffer(data)) {
        return copy_buffer(data, coords);
    }
    if (!PySequence_Check(data)) {
        PyErr_SetString(PyExc_TypeError, "argument must be sequence");
        return false;
    }
    return copy_sequence(data, coords);
}
