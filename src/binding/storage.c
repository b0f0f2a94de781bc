/* Binding of creation, arena settings, copies. */
#include "binding.h"

static PyObject *module_new(PyObject *module, PyObject *args) {
    const char *name;
    int width, height;
    if (!PyArg_ParseTuple(args, "s(ii):new", &name, &width, &height)) {
        return NULL;
    }
    const ImgMode *mode = find_mode(name);
    if (!mode) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_new(mode, width, height, &err));
    return wrap_image(state_of_module(module), image, &err);
}

static PyObject *core_copy(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_copy(image_of(self), &err));
    return wrap_image(state_of_core(self), image, &err);
}

PyMethodDef core_storage_methods[] = {
    {"copy", core_copy, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_storage_functions[] = {
    {"new", module_new, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
