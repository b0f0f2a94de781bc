/* Binding of the group "transform"; see groups.h. */
#include "geometry/transform.h"

#include "binding.h"

/* The coefficients of a transform: any sequence of exactly `count` numbers. */
static bool parse_coefficients(PyObject *data, Py_ssize_t count, double *k) {
    PyObject *items = PySequence_Fast(data, "argument must be a sequence");
    if (!items) {
        return false;
    }
    bool good = PySequence_Fast_GET_SIZE(items) == count;
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "wrong number of matrix entries");
    }
    for (Py_ssize_t i = 0; good && i < count; i++) {
        k[i] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(items, i));
        good = !(k[i] == -1.0 && PyErr_Occurred());
    }
    Py_DECREF(items);
    return good;
}

static PyObject *core_transform(PyObject *self, PyObject *args) {
    PyObject *source, *data;
    int box[4], method, filter = 0, fill = 1;
    if (!PyArg_ParseTuple(
            args, "(iiii)O!iO|ii:transform", &box[0], &box[1], &box[2], &box[3],
            state_of_core(self)->core_type, &source, &method, &data, &filter, &fill)) {
        return NULL;
    }
    if (method != IMG_AFFINE && method != IMG_PERSPECTIVE && method != IMG_QUAD) {
        PyErr_SetString(PyExc_ValueError, "wrong number of matrix entries");
        return NULL;
    }
    double k[8] = {0};
    if (!parse_coefficients(data, method == IMG_AFFINE ? 6 : 8, k)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(
        done = img_transform(
            image_of(self), image_of(source), box, (ImgTransform)method, k, filter, fill != 0,
            &err));
    if (!done) {
        return raise_error(&err);
    }
    Py_RETURN_NONE;
}

PyMethodDef core_transform_methods[] = {
    {"transform", core_transform, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_transform_functions[] = {
    {NULL, NULL, 0, NULL},
};
