/* Binding of the group "quant"; see groups.h. */
#include "binding.h"

/* quantize(colors=256, method=0, kmeans=0) */
static PyObject *core_quantize(PyObject *self, PyObject *args) {
    int colours = 256, method = 0, kmeans = 0;
    if (!PyArg_ParseTuple(args, "|iii:quantize", &colours, &method, &kmeans)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *result;
    WITHOUT_GIL(result = img_quantize(image_of(self), colours, method, kmeans, &err));
    return wrap_image(state_of_core(self), result, &err);
}

PyMethodDef core_quant_methods[] = {
    {"quantize", core_quantize, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_quant_functions[] = {
    {NULL, NULL, 0, NULL},
};
