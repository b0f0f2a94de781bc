/* Codecs that read or write Python files by themselves. */
#include "pystream.h"

#include <limits.h>

/* The thread state keeps the exception until the codec returns. */
#define WITH_GIL(body)                                                                             \
    do {                                                                                           \
        PyGILState_STATE gil = PyGILState_Ensure();                                                \
        if (!PyErr_Occurred()) {                                                                   \
            body                                                                                   \
        }                                                                                          \
        PyGILState_Release(gil);                                                                   \
    } while (0)

static PyObject *file_of(ImgStream *stream) {
    return ((PyStream *)stream)->file;
}

/* Copies what read() returned; it must not be more than was asked for. */
static ptrdiff_t copy_read(PyObject *got, void *data, size_t size) {
    Py_buffer view;
    if (!got || PyObject_GetBuffer(got, &view, PyBUF_SIMPLE) < 0) {
        return -1;
    }
    ptrdiff_t n = -1;
    if ((size_t)view.len <= size) {
        memcpy(data, view.buf, (size_t)view.len);
        n = view.len;
    } else {
        PyErr_SetString(PyExc_OSError, "read() returned more than it was asked for");
    }
    PyBuffer_Release(&view);
    return n;
}

static ptrdiff_t read_file(ImgStream *stream, void *data, size_t size) {
    ptrdiff_t n = -1;
    WITH_GIL({
        PyObject *got = PyObject_CallMethod(file_of(stream), "read", "n", (Py_ssize_t)size);
        n = copy_read(got, data, size);
        Py_XDECREF(got);
    });
    return n;
}

static bool write_file(ImgStream *stream, const void *data, size_t size) {
    bool good = false;
    WITH_GIL({
        PyObject *result =
            PyObject_CallMethod(file_of(stream), "write", "y#", data, (Py_ssize_t)size);
        good = result != NULL;
        Py_XDECREF(result);
    });
    return good;
}

static bool seek_file(ImgStream *stream, int64_t position) {
    bool good = false;
    WITH_GIL({
        PyObject *result =
            PyObject_CallMethod(file_of(stream), "seek", "Li", (long long)position, 0);
        good = result != NULL;
        Py_XDECREF(result);
    });
    return good;
}

static int64_t skip_file(ImgStream *stream, int64_t distance) {
    int64_t position = -1;
    WITH_GIL({
        PyObject *result =
            PyObject_CallMethod(file_of(stream), "seek", "Li", (long long)distance, 1);
        PyObject *told = result ? PyObject_CallMethod(file_of(stream), "tell", NULL) : NULL;
        if (told) {
            position = PyLong_AsLongLong(told);
        }
        Py_XDECREF(told);
        Py_XDECREF(result);
    });
    return position;
}

ImgStream *open_pystream(PyStream *stream, const ImgCodec *codec, PyObject *file) {
    if (!codec->uses_stream || !file) {
        return NULL;
    }
    *stream = (PyStream){{read_file, write_file, seek_file, skip_file}, file};
    return &stream->base;
}
