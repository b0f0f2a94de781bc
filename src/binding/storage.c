/* Binding of creation, arena settings, copies. */
#include "binding.h"
#include "core/arena.h"
#include "ink.h"

static PyObject *new_image(PyObject *module, PyObject *args, bool block) {
    const char *name;
    int width, height;
    if (!PyArg_ParseTuple(args, "s(ii)", &name, &width, &height)) {
        return NULL;
    }
    const ImgMode *mode = find_sized_mode(name, width, height);
    if (!mode) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(
        image =
            block ? img_new_block(mode, width, height, &err) : img_new(mode, width, height, &err));
    return wrap_image(state_of_module(module), image, &err);
}

static PyObject *module_new(PyObject *module, PyObject *args) {
    return new_image(module, args, false);
}

static PyObject *module_new_block(PyObject *module, PyObject *args) {
    return new_image(module, args, true);
}

static PyObject *module_fill(PyObject *module, PyObject *args) {
    const char *name;
    int width = 256, height = 256;
    PyObject *color = NULL;
    if (!PyArg_ParseTuple(args, "s|(ii)O:fill", &name, &width, &height, &color)) {
        return NULL;
    }
    const ImgMode *mode = find_sized_mode(name, width, height);
    uint8_t ink[4] = {0, 0, 0, 0};
    if (!mode) {
        return NULL;
    }
    /* The size is judged before the color. */
    if (color && width <= IMG_MAX_WIDTH && !parse_ink(mode, color, ink)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_fill(mode, width, height, ink, &err));
    return wrap_image(state_of_module(module), image, &err);
}

typedef ImgImage *(*Gradient)(const ImgMode *mode, ImgError *err);

static PyObject *gradient(PyObject *module, PyObject *args, Gradient make) {
    const char *name;
    if (!PyArg_ParseTuple(args, "s", &name)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    const ImgMode *mode = img_mode_find(name);
    ImgImage *image = mode ? make(mode, &err) : img_fail_mode(&err);
    return wrap_image(state_of_module(module), image, &err);
}

static PyObject *module_linear_gradient(PyObject *module, PyObject *args) {
    return gradient(module, args, img_linear_gradient);
}

static PyObject *module_radial_gradient(PyObject *module, PyObject *args) {
    return gradient(module, args, img_radial_gradient);
}

/* Takes any arguments and ignores them, as Pillow does. */
static PyObject *core_copy(PyObject *self, PyObject *ignored) {
    (void)ignored;
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_copy(image_of(self), &err));
    return wrap_image(state_of_core(self), image, &err);
}

static PyObject *core_crop(PyObject *self, PyObject *args) {
    int x0, y0, x1, y1;
    if (!PyArg_ParseTuple(args, "(iiii):crop", &x0, &y0, &x1, &y1)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_crop(image_of(self), x0, y0, x1, y1, &err));
    return wrap_image(state_of_core(self), image, &err);
}

static PyObject *core_expand(PyObject *self, PyObject *args) {
    int margin;
    if (!PyArg_ParseTuple(args, "i:expand", &margin)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(image = img_expand(image_of(self), margin, &err));
    return wrap_image(state_of_core(self), image, &err);
}

static PyObject *core_isblock(PyObject *self, PyObject *ignored) {
    (void)ignored;
    return PyBool_FromLong(image_of(self)->one_block);
}

static PyObject *module_get_stats(PyObject *module, PyObject *ignored) {
    (void)module, (void)ignored;
    const ImgArenaStats stats = img_arena_stats();
    return Py_BuildValue(
        "{sLsLsLsLsLsi}", "new_count", (long long)stats.new_count, "allocated_blocks",
        (long long)stats.allocated_blocks, "reused_blocks", (long long)stats.reused_blocks,
        "reallocated_blocks", (long long)stats.reallocated_blocks, "freed_blocks",
        (long long)stats.freed_blocks, "blocks_cached", stats.blocks_cached);
}

static PyObject *module_reset_stats(PyObject *module, PyObject *ignored) {
    (void)module, (void)ignored;
    img_arena_reset_stats();
    Py_RETURN_NONE;
}

/* The function get_NAME of an int setting. */
#define GETTER(name, value)                                                                        \
    static PyObject *module_get_##name(PyObject *module, PyObject *ignored) {                      \
        (void)module, (void)ignored;                                                               \
        return PyLong_FromLong(value);                                                             \
    }

/* The function set_NAME, which may refuse. */
#define SETTER(name)                                                                               \
    static PyObject *module_set_##name(PyObject *module, PyObject *args) {                         \
        (void)module;                                                                              \
        int value;                                                                                 \
        ImgError err = {IMG_OK, NULL};                                                             \
        if (!PyArg_ParseTuple(args, "i:set_" #name, &value)) {                                     \
            return NULL;                                                                           \
        }                                                                                          \
        if (!img_arena_set_##name(value, &err)) {                                                  \
            return raise_error(&err);                                                              \
        }                                                                                          \
        Py_RETURN_NONE;                                                                            \
    }

GETTER(alignment, img_arena_settings().alignment)
SETTER(alignment)
GETTER(block_size, img_arena_settings().block_size)
SETTER(block_size)
GETTER(blocks_max, img_arena_settings().blocks_max)
SETTER(blocks_max)
GETTER(use_block_allocator, img_arena_settings().one_block)

static PyObject *module_set_use_block_allocator(PyObject *module, PyObject *args) {
    (void)module;
    int on;
    if (!PyArg_ParseTuple(args, "i:set_use_block_allocator", &on)) {
        return NULL;
    }
    img_arena_set_one_block(on != 0);
    Py_RETURN_NONE;
}

static PyObject *module_clear_cache(PyObject *module, PyObject *args) {
    (void)module;
    int keep = 0;
    if (!PyArg_ParseTuple(args, "|i:clear_cache", &keep)) {
        return NULL;
    }
    if (keep < 0) {
        PyErr_SetString(PyExc_ValueError, "the number of blocks to keep must not be negative");
        return NULL;
    }
    img_arena_clear_cache(keep);
    Py_RETURN_NONE;
}

PyMethodDef core_storage_methods[] = {
    {"copy", core_copy, METH_VARARGS, NULL},
    {"crop", core_crop, METH_VARARGS, NULL},
    {"expand", core_expand, METH_VARARGS, NULL},
    {"isblock", core_isblock, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_storage_functions[] = {
    {"new", module_new, METH_VARARGS, NULL},
    {"new_block", module_new_block, METH_VARARGS, NULL},
    {"fill", module_fill, METH_VARARGS, NULL},
    {"linear_gradient", module_linear_gradient, METH_VARARGS, NULL},
    {"radial_gradient", module_radial_gradient, METH_VARARGS, NULL},
    {"get_stats", module_get_stats, METH_NOARGS, NULL},
    {"reset_stats", module_reset_stats, METH_NOARGS, NULL},
    {"get_alignment", module_get_alignment, METH_NOARGS, NULL},
    {"set_alignment", module_set_alignment, METH_VARARGS, NULL},
    {"get_block_size", module_get_block_size, METH_NOARGS, NULL},
    {"set_block_size", module_set_block_size, METH_VARARGS, NULL},
    {"get_blocks_max", module_get_blocks_max, METH_NOARGS, NULL},
    {"set_blocks_max", module_set_blocks_max, METH_VARARGS, NULL},
    {"get_use_block_allocator", module_get_use_block_allocator, METH_VARARGS, NULL},
    {"set_use_block_allocator", module_set_use_block_allocator, METH_VARARGS, NULL},
    {"clear_cache", module_clear_cache, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
