/* Colours given from Python: "ink". */
#include "ink.h"

#include <string.h>

/* Real numbers for F. */
static bool real_ink(PyObject *color, uint8_t ink[4]) {
    const double value = PyFloat_AsDouble(color);
    if (value == -1.0 && PyErr_Occurred()) {
        return false;
    }
    const float stored = (float)value;
    memcpy(ink, &stored, sizeof(stored));
    return true;
}

static bool type_error(const char *message) {
    PyErr_SetString(PyExc_TypeError, message);
    return false;
}

/* An int for one of the one-band modes, of which u8 clips and the wider ones wrap. */
static bool single_ink(const ImgMode *mode, int64_t value, uint8_t ink[4]) {
    const uint64_t bits = (uint64_t)value;
    if (mode->type == IMG_U8) {
        ink[0] = clip_to_u8(value);
    } else if (mode->type == IMG_U16) {
        store_u16(mode, ink, bits & 255, (bits >> 8) & 255);
    } else {
        const uint32_t stored = (uint32_t)bits;
        memcpy(ink, &stored, sizeof(stored));
    }
    return true;
}

/* An element of a tuple. The first may be any 64-bit int, the others must be C ints. */
static bool tuple_element(PyObject *tuple, Py_ssize_t i, uint8_t *out) {
    PyObject *number = PyNumber_Index(PyTuple_GET_ITEM(tuple, i));
    if (!number) {
        return false;
    }
    const long long value = PyLong_AsLongLong(number);
    Py_DECREF(number);
    if (value == -1 && PyErr_Occurred()) {
        return false;
    }
    if (i > 0 && (value < INT_MIN || value > INT_MAX)) {
        PyErr_SetString(PyExc_OverflowError, "color component does not fit a C int");
        return false;
    }
    *out = clip_to_u8(value);
    return true;
}

/* (v, a) for 2-band modes, where v is copied into the two unused bytes; three or four components
 * for the others, where a missing fourth is 255. */
static bool tuple_ink(const ImgMode *mode, PyObject *tuple, uint8_t ink[4]) {
    const Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    uint8_t component[4] = {0, 0, 0, 255};
    if (mode->bands == 2) {
        component[1] = 255;
        if (count != 1 && count != 2) {
            return type_error("color must be int, or tuple of one or two elements");
        }
    } else if (count != 3 && count != 4) {
        return type_error("color must be int, or tuple of one, three or four elements");
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!tuple_element(tuple, i, &component[i])) {
            return false;
        }
    }
    if (mode->bands == 2) {
        memset(ink, component[0], 3);
        ink[3] = component[1];
    } else {
        memcpy(ink, component, 4);
    }
    return true;
}

bool parse_ink(const ImgMode *mode, PyObject *color, uint8_t ink[4]) {
    memset(ink, 0, 4);
    /* (n,) means n. A tuple within it is taken by 2-band modes alone. */
    const bool wrapped = PyTuple_Check(color) && PyTuple_GET_SIZE(color) == 1;
    PyObject *value = wrapped ? PyTuple_GET_ITEM(color, 0) : color;
    if (mode->type == IMG_F32) {
        return real_ink(value, ink);
    }
    if (PyLong_Check(value)) {
        const long long number = PyLong_AsLongLong(value);
        if (number == -1 && PyErr_Occurred()) {
            return false;
        }
        if (mode->bands == 1) {
            return single_ink(mode, number, ink);
        }
        /* The components from the lowest byte up, whatever the machine. */
        for (int i = 0; i < 4; i++) {
            ink[i] = (uint8_t)((uint64_t)number >> (8 * i));
        }
        return true;
    }
    if (mode->bands == 1) {
        return type_error("color must be int or single-element tuple");
    }
    if (PyTuple_Check(value) && (mode->bands == 2 || !wrapped)) {
        return tuple_ink(mode, value, ink);
    }
    return type_error(
        !wrapped           ? "color must be int or tuple"
        : mode->bands == 2 ? "color must be int, or tuple of one or two elements"
                           : "color must be int, or tuple of one, three or four elements");
}
