/* Binding of the group "chops"; see groups.h. */
#include "compose/chops.h"

#include "binding.h"

static PyObject *chop(PyObject *self, PyObject *other, ImgChop op) {
    ModuleState *state = state_of_core(self);
    ImgImage *b = core_image(state, other);
    if (!b) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(out = img_chop(op, image_of(self), b, &err));
    return wrap_image(state, out, &err);
}

/* X(name, operation) */
#define CHOPS(X)                                                                                   \
    X(lighter, CHOP_LIGHTER)                                                                       \
    X(darker, CHOP_DARKER)                                                                         \
    X(difference, CHOP_DIFFERENCE)                                                                 \
    X(multiply, CHOP_MULTIPLY)                                                                     \
    X(screen, CHOP_SCREEN)                                                                         \
    X(add_modulo, CHOP_ADD_MODULO)                                                                 \
    X(subtract_modulo, CHOP_SUBTRACT_MODULO)                                                       \
    X(soft_light, CHOP_SOFT_LIGHT)                                                                 \
    X(hard_light, CHOP_HARD_LIGHT)                                                                 \
    X(overlay, CHOP_OVERLAY)                                                                       \
    X(and, CHOP_AND)                                                                               \
    X(or, CHOP_OR)                                                                                 \
    X(xor, CHOP_XOR)

#define METHOD(name, operation)                                                                    \
    static PyObject *core_chop_##name(PyObject *self, PyObject *other) {                           \
        return chop(self, other, operation);                                                       \
    }
CHOPS(METHOD)
#undef METHOD

static PyObject *chop_scaled(PyObject *self, PyObject *args, bool subtract) {
    ModuleState *state = state_of_core(self);
    PyObject *other;
    float scale = 1.0f;
    int offset = 0;
    if (!PyArg_ParseTuple(args, "O!|fi", state->core_type, &other, &scale, &offset)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *out;
    WITHOUT_GIL(
        out = img_chop_scaled(image_of(self), image_of(other), subtract, scale, offset, &err));
    return wrap_image(state, out, &err);
}

static PyObject *core_chop_add(PyObject *self, PyObject *args) {
    return chop_scaled(self, args, false);
}

static PyObject *core_chop_subtract(PyObject *self, PyObject *args) {
    return chop_scaled(self, args, true);
}

PyMethodDef core_chops_methods[] = {
#define ENTRY(name, operation) {"chop_" #name, core_chop_##name, METH_O, NULL},
    CHOPS(ENTRY)
#undef ENTRY
        {"chop_add", core_chop_add, METH_VARARGS, NULL},
    {"chop_subtract", core_chop_subtract, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_chops_functions[] = {
    {NULL, NULL, 0, NULL},
};
