/* Memory shared with others: buffers and the Arrow C data interface. */
#include "binding.h"
#include "core/arrow.h"

/* The exporter of a mapped buffer lives as long as the image. The last reference may go in a
 * thread without the GIL. */
static void release_buffer(void *owner) {
    PyGILState_STATE state = PyGILState_Ensure();
    PyBuffer_Release(owner);
    PyMem_Free(owner);
    PyGILState_Release(state);
}

typedef struct {
    const char *mode;
    int width, height, stride, ystep;
    Py_ssize_t offset;
} Mapping;

/* Bytes from one row to the next, if the buffer holds all rows in full; else -1 with an
 * exception. */
static Py_ssize_t check_mapping(const Mapping *map, Py_ssize_t length) {
    /* Judged by name, since the mode is looked up only after the size: mode 1 counts as 4. */
    const bool one = strcmp(map->mode, "L") == 0 || strcmp(map->mode, "P") == 0;
    const bool two = strncmp(map->mode, "I;16", 4) == 0;
    if (map->width < 0 || map->height < 0) {
        PyErr_SetString(PyExc_ValueError, "bad image size");
        return -1;
    }
    if (map->width > IMG_MAX_WIDTH) {
        PyErr_NoMemory();
        return -1;
    }
    if (map->offset < 0) {
        PyErr_SetString(PyExc_ValueError, "the offset must not be negative");
        return -1;
    }
    const Py_ssize_t row = (Py_ssize_t)map->width * (one ? 1 : two ? 2 : 4);
    const Py_ssize_t stride = map->stride > row ? map->stride : row;
    Py_ssize_t end;
    if (__builtin_mul_overflow(stride, (Py_ssize_t)map->height, &end) ||
        __builtin_add_overflow(end, map->offset, &end)) {
        PyErr_SetString(PyExc_MemoryError, "integer overflow in the size of the mapping");
        return -1;
    }
    if (end > length) {
        PyErr_SetString(PyExc_ValueError, "buffer is not large enough");
        return -1;
    }
    return stride;
}

/* On success the image owns the view. */
static ImgImage *map_image(const Mapping *map, Py_buffer *view, ImgError *err) {
    const Py_ssize_t stride = check_mapping(map, view->len);
    const ImgMode *mode = stride >= 0 ? find_mode(map->mode) : NULL;
    if (!mode) {
        return NULL;
    }
    uint8_t *first = (uint8_t *)view->buf + map->offset;
    if (map->ystep <= 0 && map->height > 0) {
        first += stride * (map->height - 1);
    }
    return img_new_borrowed(
        mode, map->width, map->height, first, map->ystep > 0 ? stride : -stride, view->readonly,
        release_buffer, view, err);
}

static PyObject *module_map_buffer(PyObject *module, PyObject *args) {
    PyObject *target;
    const char *codec;
    Mapping map;
    if (!PyArg_ParseTuple(
            args, "O(ii)sn(sii):map_buffer", &target, &map.width, &map.height, &codec, &map.offset,
            &map.mode, &map.stride, &map.ystep)) {
        return NULL;
    }
    Py_buffer *view = PyMem_Malloc(sizeof(*view));
    if (!view) {
        return PyErr_NoMemory();
    }
    if (PyObject_GetBuffer(target, view, PyBUF_SIMPLE) < 0) {
        PyMem_Free(view);
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image = map_image(&map, view, &err);
    if (image) {
        return wrap_image(state_of_module(module), image, &err);
    }
    PyBuffer_Release(view);
    PyMem_Free(view);
    return PyErr_Occurred() ? NULL : raise_error(&err);
}

#define SCHEMA_NAME "arrow_schema"
#define ARRAY_NAME "arrow_array"

static void free_schema(PyObject *capsule) {
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, SCHEMA_NAME);
    if (schema->release) {
        schema->release(schema);
    }
    PyMem_Free(schema);
}

static void free_array(PyObject *capsule) {
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, ARRAY_NAME);
    if (array->release) {
        array->release(array);
    }
    PyMem_Free(array);
}

static PyObject *core_arrow_schema(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    struct ArrowSchema *schema = PyMem_Calloc(1, sizeof(*schema));
    if (!schema) {
        return PyErr_NoMemory();
    }
    if (!img_arrow_schema(image_of(self), schema, &err)) {
        PyMem_Free(schema);
        return raise_error(&err);
    }
    PyObject *capsule = PyCapsule_New(schema, SCHEMA_NAME, free_schema);
    if (!capsule) {
        schema->release(schema);
        PyMem_Free(schema);
    }
    return capsule;
}

static PyObject *core_arrow_array(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    struct ArrowArray *array = PyMem_Calloc(1, sizeof(*array));
    if (!array) {
        return PyErr_NoMemory();
    }
    if (!img_arrow_array(image_of(self), array, &err)) {
        PyMem_Free(array);
        return raise_error(&err);
    }
    PyObject *capsule = PyCapsule_New(array, ARRAY_NAME, free_array);
    if (!capsule) {
        array->release(array);
        PyMem_Free(array);
    }
    return capsule;
}

static PyObject *module_new_arrow(PyObject *module, PyObject *args) {
    const char *name;
    int width, height;
    PyObject *schema_capsule, *array_capsule;
    if (!PyArg_ParseTuple(
            args, "s(ii)OO:new_arrow", &name, &width, &height, &schema_capsule, &array_capsule)) {
        return NULL;
    }
    const struct ArrowSchema *schema = PyCapsule_GetPointer(schema_capsule, SCHEMA_NAME);
    if (!schema) {
        return NULL;
    }
    struct ArrowArray *array = PyCapsule_GetPointer(array_capsule, ARRAY_NAME);
    const ImgMode *mode = array ? find_sized_mode(name, width, height) : NULL;
    if (!mode) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    LOCK_OBJECT(array_capsule);
    image = img_from_arrow(mode, width, height, schema, array, &err);
    UNLOCK_OBJECT();
    return wrap_image(state_of_module(module), image, &err);
}

PyMethodDef core_exchange_methods[] = {
    {"__arrow_c_schema__", core_arrow_schema, METH_VARARGS, NULL},
    {"__arrow_c_array__", core_arrow_array, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_exchange_functions[] = {
    {"map_buffer", module_map_buffer, METH_VARARGS, NULL},
    {"new_arrow", module_new_arrow, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
