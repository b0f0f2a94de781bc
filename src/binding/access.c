/* Single pixels: getpixel, putpixel and the PixelAccess object. */
#include "access.h"
#include "ink.h"

#include <string.h>

PyObject *pixel_value(const ImgMode *mode, const uint8_t *memory) {
    int32_t integer;
    float real;
    switch (mode->type) {
    case IMG_U16: {
        const bool big = mode->id == IMG_MODE_I16B;
        return PyLong_FromLong(memory[big ? 1 : 0] | memory[big ? 0 : 1] << 8);
    }
    case IMG_I32:
        memcpy(&integer, memory, sizeof(integer));
        return PyLong_FromLong(integer);
    case IMG_F32:
        memcpy(&real, memory, sizeof(real));
        return PyFloat_FromDouble(real);
    case IMG_U8:
        break;
    }
    if (mode->bands == 1) {
        return PyLong_FromLong(memory[0]);
    }
    PyObject *tuple = PyTuple_New(mode->bands);
    for (int band = 0; tuple && band < mode->bands; band++) {
        PyObject *number = PyLong_FromLong(memory[mode->band_offset[band]]);
        if (!number) {
            Py_DECREF(tuple);
            return NULL;
        }
        PyTuple_SET_ITEM(tuple, band, number);
    }
    return tuple;
}

uint8_t *pixel_address(const ImgImage *image, int x, int y) {
    /* Adding a size to a negative coordinate cannot overflow. */
    x += x < 0 ? image->width : 0;
    y += y < 0 ? image->height : 0;
    if (x < 0 || x >= image->width || y < 0 || y >= image->height) {
        PyErr_SetString(PyExc_IndexError, "image index out of range");
        return NULL;
    }
    return image->rows[y] + (size_t)x * image->mode->pixel_size;
}

static bool wrap_coordinate(PyObject *integer, int *out) {
    const long long value = PyLong_AsLongLong(integer);
    if (value == -1 && PyErr_Occurred()) {
        return false;
    }
    const uint32_t low = (uint32_t)(unsigned long long)value;
    memcpy(out, &low, sizeof(low));
    return true;
}

/* One coordinate: an int modulo 2^32, a float without its fraction, or what has __int__ (but not
 * only __index__). */
static bool parse_coordinate(PyObject *object, int *out) {
    if (PyLong_Check(object)) {
        return wrap_coordinate(object, out);
    }
    if (PyFloat_Check(object)) {
        *out = truncate_to_i32(PyFloat_AS_DOUBLE(object));
        return true;
    }
    const PyNumberMethods *methods = Py_TYPE(object)->tp_as_number;
    if (!methods || !methods->nb_int) {
        PyErr_SetString(PyExc_TypeError, "an integer is required");
        return false;
    }
    PyObject *number = PyNumber_Long(object);
    const bool wrapped = number && wrap_coordinate(number, out);
    Py_XDECREF(number);
    return wrapped;
}

static bool parse_position(PyObject *position, int *x, int *y) {
    if (!PyTuple_Check(position) || PyTuple_GET_SIZE(position) != 2) {
        PyErr_SetString(PyExc_TypeError, "argument must be sequence of length 2");
        return false;
    }
    return parse_coordinate(PyTuple_GET_ITEM(position, 0), x) &&
           parse_coordinate(PyTuple_GET_ITEM(position, 1), y);
}

static PyObject *read_pixel(const ImgImage *image, PyObject *position) {
    int x, y;
    if (!parse_position(position, &x, &y)) {
        return NULL;
    }
    const uint8_t *memory = pixel_address(image, x, y);
    return memory ? pixel_value(image->mode, memory) : NULL;
}

static bool write_pixel(ImgImage *image, int x, int y, PyObject *color) {
    uint8_t *memory = pixel_address(image, x, y);
    uint8_t ink[4];
    if (!memory || !parse_ink(image->mode, color, ink)) {
        return false;
    }
    memcpy(memory, ink, image->mode->pixel_size);
    return true;
}

static PyObject *core_getpixel(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    if (count != 1) {
        PyErr_SetString(PyExc_TypeError, "argument 1 must be sequence of length 2");
        return NULL;
    }
    return read_pixel(image_of(self), args[0]);
}

static PyObject *core_putpixel(PyObject *self, PyObject *args) {
    int x, y;
    PyObject *color;
    if (!PyArg_ParseTuple(args, "(ii)O:putpixel", &x, &y, &color)) {
        return NULL;
    }
    if (!write_pixel(image_of(self), x, y, color)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* The object that Image.load() returns. It keeps the core image alive. */
typedef struct {
    PyObject_HEAD PyObject *core;
    int readonly;
} AccessObject;

static PyObject *core_pixel_access(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    if (count > 1) {
        return PyErr_Format(
            PyExc_TypeError, "pixel_access() takes at most 1 argument (%zd given)", count);
    }
    const long readonly = count ? PyLong_AsLong(args[0]) : 0;
    if (readonly == -1 && PyErr_Occurred()) {
        return NULL;
    }
    AccessObject *access = PyObject_New(AccessObject, state_of_core(self)->access_type);
    if (access) {
        access->core = Py_NewRef(self);
        access->readonly = readonly != 0;
    }
    return (PyObject *)access;
}

static void access_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_DECREF(((AccessObject *)self)->core);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *access_get(PyObject *self, PyObject *position) {
    return read_pixel(image_of(((AccessObject *)self)->core), position);
}

static int access_set(PyObject *self, PyObject *position, PyObject *color) {
    AccessObject *access = (AccessObject *)self;
    ImgImage *image = image_of(access->core);
    int x, y;
    if (access->readonly) {
        PyErr_SetString(PyExc_ValueError, "image is readonly");
        return -1;
    }
    if (!parse_position(position, &x, &y)) {
        return -1;
    }
    if (!color) { /* del px[x, y] */
        return pixel_address(image, x, y) ? 0 : -1;
    }
    return write_pixel(image, x, y, color) ? 0 : -1;
}

static PyType_Slot access_slots[] = {
    {Py_tp_dealloc, access_dealloc},
    {Py_mp_subscript, access_get},
    {Py_mp_ass_subscript, access_set},
    {0, NULL},
};

static PyType_Spec access_spec = {
    .name = "PIL._imaging.PixelAccess",
    .basicsize = sizeof(AccessObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = access_slots,
};

int add_access_type(PyObject *module, ModuleState *state) {
    state->access_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &access_spec, NULL);
    return state->access_type ? 0 : -1;
}

PyMethodDef core_access_methods[] = {
    {"getpixel", (PyCFunction)(void (*)(void))core_getpixel, METH_FASTCALL, NULL},
    {"putpixel", core_putpixel, METH_VARARGS, NULL},
    {"pixel_access", (PyCFunction)(void (*)(void))core_pixel_access, METH_FASTCALL, NULL},
    {"putdata", core_putdata, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_access_functions[] = {
    {NULL, NULL, 0, NULL},
};
