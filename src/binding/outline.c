/* The outline object of ImageDraw; binding of the group "outline". */
#include "coords.h"
#include "draw/draw.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    PyObject_HEAD ImgOutline outline;
} OutlineObject;

static ImgOutline *outline_of(PyObject *self) {
    return &((OutlineObject *)self)->outline;
}

static PyObject *module_outline(PyObject *module, PyObject *args) {
    if (!PyArg_ParseTuple(args, ":outline")) {
        return NULL;
    }
    OutlineObject *self = PyObject_New(OutlineObject, state_of_module(module)->outline_type);
    if (self) {
        memset(&self->outline, 0, sizeof(self->outline));
    }
    return (PyObject *)self;
}

static void outline_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    img_outline_clear(outline_of(self));
    PyObject_Free(self);
    Py_DECREF(type);
}

bool copy_segments(PyObject *self, ImgSegment **segments, size_t *count) {
    bool good = true;
    *segments = NULL;
    LOCK_OBJECT(self);
    const ImgOutline *outline = outline_of(self);
    *count = outline->count;
    if (outline->count > 0) {
        *segments = PyMem_RawMalloc(outline->count * sizeof(**segments));
        good = *segments != NULL;
    }
    if (*segments) {
        memcpy(*segments, outline->segments, outline->count * sizeof(**segments));
    }
    UNLOCK_OBJECT();
    if (!good) {
        PyErr_NoMemory();
    }
    return good;
}

static PyObject *none_or_error(bool done, const ImgError *err) {
    if (!done) {
        return raise_error(err);
    }
    Py_RETURN_NONE;
}

static PyObject *outline_move(PyObject *self, PyObject *args) {
    float x, y;
    if (!PyArg_ParseTuple(args, "ff:move", &x, &y)) {
        return NULL;
    }
    LOCK_OBJECT(self);
    img_outline_move(outline_of(self), x, y);
    UNLOCK_OBJECT();
    Py_RETURN_NONE;
}

static PyObject *outline_line(PyObject *self, PyObject *args) {
    float x, y;
    if (!PyArg_ParseTuple(args, "ff:line", &x, &y)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    LOCK_OBJECT(self);
    done = img_outline_line(outline_of(self), x, y, &err);
    UNLOCK_OBJECT();
    return none_or_error(done, &err);
}

static PyObject *outline_curve(PyObject *self, PyObject *args) {
    float k[6];
    if (!PyArg_ParseTuple(args, "ffffff:curve", &k[0], &k[1], &k[2], &k[3], &k[4], &k[5])) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    LOCK_OBJECT(self);
    done = img_outline_curve(outline_of(self), k, &err);
    UNLOCK_OBJECT();
    return none_or_error(done, &err);
}

static PyObject *outline_close(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    bool done;
    LOCK_OBJECT(self);
    done = img_outline_close(outline_of(self), &err);
    UNLOCK_OBJECT();
    return none_or_error(done, &err);
}

/* Pillow's transform loses all segments, whatever the matrix; nothing else changes. */
static PyObject *outline_transform(PyObject *self, PyObject *args) {
    double k[6];
    if (!PyArg_ParseTuple(args, "(dddddd):transform", &k[0], &k[1], &k[2], &k[3], &k[4], &k[5])) {
        return NULL;
    }
    LOCK_OBJECT(self);
    img_outline_clear(outline_of(self));
    UNLOCK_OBJECT();
    Py_RETURN_NONE;
}

static PyMethodDef outline_methods[] = {
    {"move", outline_move, METH_VARARGS, NULL},
    {"line", outline_line, METH_VARARGS, NULL},
    {"curve", outline_curve, METH_VARARGS, NULL},
    {"close", outline_close, METH_NOARGS, NULL},
    {"transform", outline_transform, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_outline_type(PyObject *module, ModuleState *state) {
    return add_plain_type(
        module, &state->outline_type, "PIL._imaging.Outline", sizeof(OutlineObject),
        outline_dealloc, outline_methods);
}

PyMethodDef core_outline_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_outline_functions[] = {
    {"outline", module_outline, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
