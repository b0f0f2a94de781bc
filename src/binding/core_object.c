/* The core image object: type, attributes, sequence protocol, and what all groups use. */
#include "access.h"
#include "binding.h"
#include "groups.h"

#define DECLARE(group) extern PyMethodDef core_##group##_methods[];
BINDING_GROUPS(DECLARE)
#undef DECLARE

PyObject *raise_error(const ImgError *err) {
    switch (err->kind) {
    case IMG_ERR_MEMORY:
        return PyErr_NoMemory();
    case IMG_ERR_TYPE:
        PyErr_SetString(PyExc_TypeError, err->message);
        return NULL;
    case IMG_ERR_INDEX:
        PyErr_SetString(PyExc_IndexError, err->message);
        return NULL;
    case IMG_ERR_VALUE:
        PyErr_SetString(PyExc_ValueError, err->message);
        return NULL;
    default:
        PyErr_SetString(PyExc_SystemError, err->message);
        return NULL;
    }
}

PyObject *wrap_image(ModuleState *state, ImgImage *image, const ImgError *err) {
    if (!image) {
        return raise_error(err);
    }
    CoreObject *self = PyObject_New(CoreObject, state->core_type);
    if (!self) {
        img_unref(image);
        return NULL;
    }
    self->image = image;
    return (PyObject *)self;
}

ImgImage *core_image(ModuleState *state, PyObject *object) {
    if (!Py_IS_TYPE(object, state->core_type)) {
        PyErr_Format(
            PyExc_TypeError, "argument must be ImagingCore, not %.200s", Py_TYPE(object)->tp_name);
        return NULL;
    }
    return image_of(object);
}

const ImgMode *find_mode(const char *name) {
    const ImgMode *mode = img_mode_find(name);
    if (!mode) {
        PyErr_SetString(PyExc_ValueError, "unrecognized image mode");
    }
    return mode;
}

const ImgMode *find_sized_mode(const char *name, int width, int height) {
    if (width < 0 || height < 0) {
        PyErr_SetString(PyExc_ValueError, "bad image size");
        return NULL;
    }
    return find_mode(name);
}

static void core_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    img_unref(image_of(self));
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *get_mode(PyObject *self, void *closure) {
    (void)closure;
    return PyUnicode_FromString(image_of(self)->mode->name);
}

static PyObject *get_size(PyObject *self, void *closure) {
    (void)closure;
    const ImgImage *image = image_of(self);
    return Py_BuildValue("ii", image->width, image->height);
}

static PyObject *get_bands(PyObject *self, void *closure) {
    (void)closure;
    return PyLong_FromLong(image_of(self)->mode->bands);
}

static PyObject *get_readonly(PyObject *self, void *closure) {
    (void)closure;
    return PyLong_FromLong(image_of(self)->readonly);
}

/* The name under which other extension modules expect the image. */

static void release_core(PyObject *capsule) {
    Py_XDECREF((PyObject *)PyCapsule_GetContext(capsule));
}

/* A capsule of the ImgImage; its context is the core object, which it keeps alive. */
static PyObject *get_ptr(PyObject *self, void *closure) {
    (void)closure;
    PyObject *capsule = PyCapsule_New(image_of(self), CAPSULE_NAME, release_core);
    if (capsule && PyCapsule_SetContext(capsule, self) == 0) {
        Py_INCREF(self);
        return capsule;
    }
    Py_XDECREF(capsule);
    return NULL;
}

static PyGetSetDef core_getset[] = {
    {"mode", get_mode, NULL, NULL, NULL},   {"size", get_size, NULL, NULL, NULL},
    {"bands", get_bands, NULL, NULL, NULL}, {"readonly", get_readonly, NULL, NULL, NULL},
    {"ptr", get_ptr, NULL, NULL, NULL},     {NULL, NULL, NULL, NULL, NULL},
};

static Py_ssize_t core_length(PyObject *self) {
    const ImgImage *image = image_of(self);
    return (Py_ssize_t)image->width * image->height;
}

/* Pixel i, row by row. Python has added the length once to a negative index; what is negative
 * still is taken apart with C's division, and the negative parts then count from the end. */
static PyObject *core_item(PyObject *self, Py_ssize_t i) {
    const ImgImage *image = image_of(self);
    /* The lowest index that can be meant: -height rows and one pixel less than a row. */
    if (image->width == 0 || i >= core_length(self) || i <= -core_length(self) - image->width) {
        PyErr_SetString(PyExc_IndexError, "image index out of range");
        return NULL;
    }
    const uint8_t *memory = pixel_address(image, (int)(i % image->width), (int)(i / image->width));
    return memory ? pixel_value(image->mode, memory) : NULL;
}

static PyType_Slot core_slots[] = {
    {Py_tp_dealloc, core_dealloc},
    {Py_tp_getset, core_getset},
    {Py_sq_length, core_length},
    {Py_sq_item, core_item},
    {0, NULL},
};

static PyType_Spec core_spec = {
    .name = "PIL._imaging.ImagingCore",
    .basicsize = sizeof(CoreObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = core_slots,
};

static int add_methods(PyTypeObject *type, PyMethodDef *methods) {
    for (PyMethodDef *m = methods; m->ml_name; m++) {
        PyObject *descriptor = PyDescr_NewMethod(type, m);
        if (!descriptor) {
            return -1;
        }
        int failed = PyObject_SetAttrString((PyObject *)type, m->ml_name, descriptor);
        Py_DECREF(descriptor);
        if (failed < 0) {
            return -1;
        }
    }
    return 0;
}

int add_core_type(PyObject *module, ModuleState *state) {
    static PyMethodDef *const methods[] = {
#define LIST(group) core_##group##_methods,
        BINDING_GROUPS(LIST)
#undef LIST
    };
    state->core_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &core_spec, NULL);
    if (!state->core_type) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (add_methods(state->core_type, methods[i]) < 0) {
            return -1;
        }
    }
    return 0;
}
