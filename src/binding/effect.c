/* Binding of the group "effect"; see groups.h. */
#include "effect/effect.h"

#include "binding.h"

static PyObject *module_mandelbrot(PyObject *module, PyObject *args) {
    int width = 512, height = 512, quality = 100;
    double extent[4] = {-3, -2.5, 2, 2.5};
    if (!PyArg_ParseTuple(
            args, "|(ii)(dddd)i:effect_mandelbrot", &width, &height, &extent[0], &extent[1],
            &extent[2], &extent[3], &quality)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_mandelbrot(width, height, extent, quality, &err));
    return wrap_image(state_of_module(module), image, &err);
}

static PyObject *module_noise(PyObject *module, PyObject *args) {
    int width, height;
    float sigma = 128;
    if (!PyArg_ParseTuple(args, "(ii)|f:effect_noise", &width, &height, &sigma)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_noise(width, height, sigma, &err));
    return wrap_image(state_of_module(module), image, &err);
}

PyMethodDef core_effect_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_effect_functions[] = {
    {"effect_mandelbrot", module_mandelbrot, METH_VARARGS, NULL},
    {"effect_noise", module_noise, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
