/* Binding of ImageMath's element-wise arithmetic; PIL/_imagingmath.py gives it Pillow's names. */
#include "binding.h"
#include "math/elementwise.h"

/* Binary operations are numbered from here, so that no number serves both unop and binop. */
#define FIRST_BINARY 64

static ImgImage *capsule_image(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, CAPSULE_NAME)) {
        PyErr_SetString(PyExc_TypeError, "must be a capsule of an image");
        return NULL;
    }
    return (ImgImage *)PyCapsule_GetPointer(capsule, CAPSULE_NAME);
}

/* Where the result goes: into the image of the capsule `target`, or, if that is None, into a new
 * one like `a`, of which every pixel will be written. A new reference to what is to be returned:
 * the core of a new image, else None; NULL with an exception. */
static PyObject *
open_target(PyObject *module, PyObject *target, const ImgImage *a, ImgImage **image) {
    if (target != Py_None) {
        *image = capsule_image(target);
        return *image ? Py_NewRef(Py_None) : NULL;
    }
    ImgError err = {IMG_OK, NULL};
    *image = img_new_dirty(a->mode, a->width, a->height, &err);
    return wrap_image(state_of_module(module), *image, &err);
}

static PyObject *close_target(PyObject *result, bool done, const ImgError *err) {
    if (!done) {
        Py_DECREF(result);
        return raise_error(err);
    }
    return result;
}

static PyObject *math_unop(PyObject *module, PyObject *args) {
    int op;
    PyObject *capsules[2];
    if (!PyArg_ParseTuple(args, "iOO:unop", &op, &capsules[0], &capsules[1])) {
        return NULL;
    }
    ImgImage *a = capsule_image(capsules[1]);
    if (!a) {
        return NULL;
    }
    if (op < 0 || op >= MATH_UNARY_COUNT) {
        PyErr_SetString(PyExc_TypeError, "not a unary operation");
        return NULL;
    }
    ImgImage *out;
    PyObject *result = open_target(module, capsules[0], a, &out);
    if (!result) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_math_unary((MathUnary)op, out, a, &err));
    return close_target(result, done, &err);
}

static PyObject *math_binop(PyObject *module, PyObject *args) {
    int op;
    PyObject *capsules[3];
    if (!PyArg_ParseTuple(args, "iOOO:binop", &op, &capsules[0], &capsules[1], &capsules[2])) {
        return NULL;
    }
    const ImgImage *a = capsule_image(capsules[1]);
    const ImgImage *b = a ? capsule_image(capsules[2]) : NULL;
    if (!b) {
        return NULL;
    }
    op -= FIRST_BINARY;
    if (op < 0 || op >= MATH_BINARY_COUNT) {
        PyErr_SetString(PyExc_TypeError, "not a binary operation");
        return NULL;
    }
    ImgImage *out;
    PyObject *result = open_target(module, capsules[0], a, &out);
    if (!result) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_math_binary((MathBinary)op, out, a, b, &err));
    return close_target(result, done, &err);
}

/* A dict of all operations: name with its mode ("add_F") -> number for unop or binop. */
static PyObject *math_operations(PyObject *module, PyObject *ignored) {
    (void)module;
    (void)ignored;
    static const struct {
        const char *name;
        int number;
        bool present;
    } operations[] = {
#define UNARY(name, i, f) {#name "_I", MATH_##name, i}, {#name "_F", MATH_##name, f},
#define BINARY(name, i, f)                                                                         \
    {#name "_I", FIRST_BINARY + MATH_##name, i}, {#name "_F", FIRST_BINARY + MATH_##name, f},
        MATH_UNARY_OPS(UNARY) MATH_BINARY_OPS(BINARY)
#undef UNARY
#undef BINARY
    };
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict && i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (!operations[i].present) {
            continue;
        }
        PyObject *number = PyLong_FromLong(operations[i].number);
        if (!number || PyDict_SetItemString(dict, operations[i].name, number) < 0) {
            Py_CLEAR(dict);
        }
        Py_XDECREF(number);
    }
    return dict;
}

PyMethodDef core_math_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_math_functions[] = {
    {"math_unop", math_unop, METH_VARARGS, NULL},
    {"math_binop", math_binop, METH_VARARGS, NULL},
    {"math_operations", math_operations, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
