/* Binding of the group "geometry"; see groups.h. */
#include "binding.h"

static PyObject *core_transpose(PyObject *self, PyObject *args) {
    int operation;
    if (!PyArg_ParseTuple(args, "i:transpose", &operation)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_transpose(image_of(self), operation, &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *core_offset(PyObject *self, PyObject *args) {
    int dx, dy;
    if (!PyArg_ParseTuple(args, "ii:offset", &dx, &dy)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_offset(image_of(self), dx, dy, &err));
    return wrap_image(state_of_core(self), out, &err);
}

PyMethodDef core_geometry_methods[] = {
    {"transpose", core_transpose, METH_VARARGS, NULL},
    {"offset", core_offset, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_geometry_functions[] = {
    {NULL, NULL, 0, NULL},
};
