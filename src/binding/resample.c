/* Binding of the group "resample": resize, reduce; see groups.h. */
#include "binding.h"

/* resize((width, height), filter=NEAREST, box=(0, 0, *size), premultiply=False) */
static PyObject *core_resize(PyObject *self, PyObject *args) {
    ImgImage *image = image_of(self);
    int width, height, filter = IMG_NEAREST, premultiply = 0;
    float box[4] = {0, 0, (float)image->width, (float)image->height};
    if (!PyArg_ParseTuple(
            args, "(ii)|i(ffff)p:resize", &width, &height, &filter, &box[0], &box[1], &box[2],
            &box[3], &premultiply)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *result;
    WITHOUT_GIL(result = img_resize(image, width, height, filter, box, premultiply, &err));
    return wrap_image(state_of_core(self), result, &err);
}

/* reduce((x_factor, y_factor), box=(0, 0, *size), premultiply=False) */
static PyObject *core_reduce(PyObject *self, PyObject *args) {
    ImgImage *image = image_of(self);
    int fx, fy, premultiply = 0;
    int box[4] = {0, 0, image->width, image->height};
    if (!PyArg_ParseTuple(
            args, "(ii)|(iiii)p:reduce", &fx, &fy, &box[0], &box[1], &box[2], &box[3],
            &premultiply)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *result;
    WITHOUT_GIL(result = img_reduce(image, fx, fy, box, premultiply, &err));
    return wrap_image(state_of_core(self), result, &err);
}

PyMethodDef core_resample_methods[] = {
    {"resize", core_resize, METH_VARARGS, NULL},
    {"reduce", core_reduce, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_resample_functions[] = {
    {NULL, NULL, 0, NULL},
};
