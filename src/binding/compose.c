/* Binding of the group "compose"; see groups.h. */
#include "binding.h"

#include "ink.h"

static PyObject *none_or_error(bool done, const ImgError *err) {
    if (!done) {
        return raise_error(err);
    }
    Py_RETURN_NONE;
}

static PyObject *core_paste(PyObject *self, PyObject *args) {
    PyTypeObject *core_type = state_of_core(self)->core_type;
    PyObject *source, *mask_core = NULL;
    int box[4];
    if (!PyArg_ParseTuple(
            args, "O(iiii)|O!:paste", &source, &box[0], &box[1], &box[2], &box[3], core_type,
            &mask_core)) {
        return NULL;
    }
    ImgImage *image = image_of(self);
    const ImgImage *mask = mask_core ? image_of(mask_core) : NULL;
    ImgError err = {IMG_OK, NULL};
    bool done;
    if (Py_IS_TYPE(source, core_type)) {
        WITHOUT_GIL(done = img_paste(image, image_of(source), box, mask, &err));
        return none_or_error(done, &err);
    }
    /* 16-bit colours are pasted low byte first, whatever the order of the mode. */
    const ImgMode *ink_mode = image->mode->type == IMG_U16 ? img_mode(IMG_MODE_I16) : image->mode;
    uint8_t ink[4];
    if (!parse_ink(ink_mode, source, ink)) {
        return NULL;
    }
    WITHOUT_GIL(done = img_paste_ink(image, ink, box, mask, &err));
    return none_or_error(done, &err);
}

static PyObject *core_chop_invert(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_invert(image_of(self), &err));
    return wrap_image(state_of_core(self), out, &err);
}

static PyObject *module_blend(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    PyObject *a, *b;
    double alpha = 0.5;
    if (!PyArg_ParseTuple(
            args, "O!O!|d:blend", state->core_type, &a, state->core_type, &b, &alpha)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_blend(image_of(a), image_of(b), (float)alpha, &err));
    return wrap_image(state, out, &err);
}

/* blend_from(base, image, alpha): blend() with a base that is one pixel for all of them, or grey.
 */
static PyObject *module_blend_from(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    PyObject *base_core, *core;
    double alpha;
    if (!PyArg_ParseTuple(
            args, "O!O!d:blend_from", state->core_type, &base_core, state->core_type, &core,
            &alpha)) {
        return NULL;
    }
    const ImgImage *base = image_of(base_core), *image = image_of(core);
    const bool even = base->mode == image->mode && base->width == 1 && base->height == 1;
    uint8_t colour[4] = {0};
    if (even) {
        memcpy(colour, base->rows[0], base->row_bytes);
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(
        out = even ? img_blend_colour(colour, image, (float)alpha, &err)
                   : img_blend_grey(base, image, (float)alpha, &err));
    return wrap_image(state, out, &err);
}

static PyObject *module_alpha_composite(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    PyObject *under, *over;
    if (!PyArg_ParseTuple(
            args, "O!O!:alpha_composite", state->core_type, &under, state->core_type, &over)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_alpha_composite(image_of(under), image_of(over), &err));
    return wrap_image(state, out, &err);
}

PyMethodDef core_compose_methods[] = {
    {"paste", core_paste, METH_VARARGS, NULL},
    {"chop_invert", core_chop_invert, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_compose_functions[] = {
    {"blend", module_blend, METH_VARARGS, NULL},
    {"blend_from", module_blend_from, METH_VARARGS, NULL},
    {"alpha_composite", module_alpha_composite, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
