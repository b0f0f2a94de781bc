/* What the files of PIL._imaging share.
 *
 * Each file binds one group of operations and defines two arrays, ended by an empty entry:
 * core_GROUP_methods (methods of the core image object) and module_GROUP_functions. groups.h lists
 * the groups. Nothing here is global and mutable: types hang on the module's state.
 */
#ifndef BINDING_H
#define BINDING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "Imaging.h"

typedef struct {
    PyTypeObject *core_type;
    PyTypeObject *access_type;
    PyTypeObject *decoder_type;
    PyTypeObject *encoder_type;
    PyTypeObject *draw_type;
    PyTypeObject *outline_type;
    PyTypeObject *path_type;
    PyTypeObject *font_type;
} ModuleState;

/* The core image object, type name "ImagingCore". `image` never changes and is never NULL. */
typedef struct {
    PyObject_HEAD ImgImage *image;
} CoreObject;

/* Name of the capsules that hold an ImgImage. */
#define CAPSULE_NAME "Pillow Imaging"

/* Name of the capsule by which other extension modules of this build get img_kernels. */
#define KERNELS_CAPSULE "PIL._imaging._kernels"

extern struct PyModuleDef imaging_module;

/* The state, from the module object or from a core object (whose type cannot be subclassed). */
static inline ModuleState *state_of_module(PyObject *module) {
    return (ModuleState *)PyModule_GetState(module);
}

static inline ModuleState *state_of_core(PyObject *self) {
    return (ModuleState *)PyType_GetModuleState(Py_TYPE(self));
}

static inline ImgImage *image_of(PyObject *self) {
    return ((CoreObject *)self)->image;
}

/* Sets the exception that *err describes; returns NULL. */
PyObject *raise_error(const ImgError *err);

/* A core object that takes over the reference to `image`. If image is NULL, raises *err. */
PyObject *wrap_image(ModuleState *state, ImgImage *image, const ImgError *err);

/* The image of a core object (borrowed), or NULL with TypeError set. */
ImgImage *core_image(ModuleState *state, PyObject *object);

/* The mode of this name, or NULL with ValueError "unrecognized image mode". */
const ImgMode *find_mode(const char *name);

/* The same for a new image: a negative size is ValueError first. */
const ImgMode *find_sized_mode(const char *name, int width, int height);

/* Brackets around what changes mode or palette of an existing core object in place; between them
 * no return. With the GIL they cost nothing. Storing the mode comes last (img_change_mode). */
#ifdef Py_BEGIN_CRITICAL_SECTION
#define LOCK_OBJECT(object) Py_BEGIN_CRITICAL_SECTION(object)
#define UNLOCK_OBJECT() Py_END_CRITICAL_SECTION()
#else
#define LOCK_OBJECT(object) {
#define UNLOCK_OBJECT() }
#endif

/* Runs one expression of libImaging without the GIL. */
#define WITHOUT_GIL(statement)                                                                     \
    do {                                                                                           \
        Py_BEGIN_ALLOW_THREADS statement;                                                          \
        Py_END_ALLOW_THREADS                                                                       \
    } while (0)

/* Makes a type of objects that only functions make, and that have nothing but methods. Returns 0,
 * or -1 with an exception. */
static inline int add_plain_type(
    PyObject *module, PyTypeObject **type, const char *name, size_t size, destructor dealloc,
    PyMethodDef *methods) {
    PyType_Slot slots[] = {{Py_tp_dealloc, dealloc}, {Py_tp_methods, methods}, {0, NULL}};
    PyType_Spec spec = {
        .name = name,
        .basicsize = (int)size,
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
        .slots = slots,
    };
    *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    return *type ? 0 : -1;
}

/* Creation of types, at module execution. Each returns 0, or -1 with an exception. */
int add_core_type(PyObject *module, ModuleState *state);
int add_access_type(PyObject *module, ModuleState *state);
int add_codec_types(PyObject *module, ModuleState *state);
int add_draw_type(PyObject *module, ModuleState *state);
int add_outline_type(PyObject *module, ModuleState *state);
int add_path_type(PyObject *module, ModuleState *state);
int add_font_type(PyObject *module, ModuleState *state);

/* Constants that tell of the libraries built in. */
int add_versions(PyObject *module);

#endif
