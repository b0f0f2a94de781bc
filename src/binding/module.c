/* The module PIL._imaging: creation and constants. */
#include "binding.h"
#include "groups.h"
#include "simd/kernels.h"

#define DECLARE(group) extern PyMethodDef module_##group##_functions[];
BINDING_GROUPS(DECLARE)
#undef DECLARE

/* The cap on the SIMD level that the environment variable PIL_SIMD asks for. A level that the
 * processor lacks, or an unknown name, gets a warning and the best level there is. */
static int choose_level(ImgLevel *chosen) {
    ImgLevel cap = IMG_AVX512;
    const char *wanted = getenv("PIL_SIMD");
    int asked = -1;
    if (wanted && *wanted) {
        asked = img_level_find(wanted);
        if (asked >= 0) {
            cap = (ImgLevel)asked;
        } else if (
            PyErr_WarnFormat(
                PyExc_RuntimeWarning, 1,
                "PIL_SIMD=%s is not one of scalar, sse4.1, avx2, avx512; it is ignored",
                wanted) < 0) {
            return -1;
        }
    }
    *chosen = img_simd_init(cap);
    if (asked > (int)*chosen &&
        PyErr_WarnFormat(
            PyExc_RuntimeWarning, 1, "PIL_SIMD=%s is not available here; using %s", wanted,
            img_level_name(*chosen)) < 0) {
        return -1;
    }
    return 0;
}

static int add_levels(PyObject *module, ImgLevel chosen) {
    PyObject *levels = PyTuple_New(IMG_COMPILED_LEVEL);
    if (!levels) {
        return -1;
    }
    for (int i = 0; i < IMG_COMPILED_LEVEL; i++) {
        PyObject *name = PyUnicode_FromString(img_level_name((ImgLevel)(i + 1)));
        if (!name) {
            Py_DECREF(levels);
            return -1;
        }
        PyTuple_SET_ITEM(levels, i, name);
    }
    if (PyModule_AddObjectRef(module, "simd_levels", levels) < 0) {
        Py_DECREF(levels);
        return -1;
    }
    Py_DECREF(levels);
    return PyModule_AddStringConstant(module, "simd_level", img_level_name(chosen));
}

/* The table is constant once the level is chosen. */
static int add_kernels(PyObject *module) {
    PyObject *capsule = PyCapsule_New((void *)img_kernels, KERNELS_CAPSULE, NULL);
    const int result = capsule ? PyModule_AddObjectRef(module, "_kernels", capsule) : -1;
    Py_XDECREF(capsule);
    return result;
}

static int module_exec(PyObject *module) {
    static PyMethodDef *const functions[] = {
#define LIST(group) module_##group##_functions,
        BINDING_GROUPS(LIST)
#undef LIST
    };
    ModuleState *state = state_of_module(module);
    ImgLevel level;
    if (choose_level(&level) < 0 || add_levels(module, level) < 0 || add_kernels(module) < 0 ||
        add_core_type(module, state) < 0 || add_access_type(module, state) < 0 ||
        add_codec_types(module, state) < 0 || add_draw_type(module, state) < 0 ||
        add_outline_type(module, state) < 0 || add_path_type(module, state) < 0 ||
        add_font_type(module, state) < 0 || add_versions(module) < 0 ||
        PyModule_AddStringConstant(module, "PILLOW_VERSION", PILLOW_VERSION) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (PyModule_AddFunctions(module, functions[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
    ModuleState *state = state_of_module(module);
    Py_VISIT(state->core_type);
    Py_VISIT(state->access_type);
    Py_VISIT(state->decoder_type);
    Py_VISIT(state->encoder_type);
    Py_VISIT(state->draw_type);
    Py_VISIT(state->outline_type);
    Py_VISIT(state->path_type);
    Py_VISIT(state->font_type);
    return 0;
}

static int module_clear(PyObject *module) {
    ModuleState *state = state_of_module(module);
    Py_CLEAR(state->core_type);
    Py_CLEAR(state->access_type);
    Py_CLEAR(state->decoder_type);
    Py_CLEAR(state->encoder_type);
    Py_CLEAR(state->draw_type);
    Py_CLEAR(state->outline_type);
    Py_CLEAR(state->path_type);
    Py_CLEAR(state->font_type);
    return 0;
}

static void module_free(void *module) {
    module_clear((PyObject *)module);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

struct PyModuleDef imaging_module = {
    PyModuleDef_HEAD_INIT,   .m_name = "PIL._imaging",      .m_size = sizeof(ModuleState),
    .m_slots = module_slots, .m_traverse = module_traverse, .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__imaging(void) {
    return PyModuleDef_Init(&imaging_module);
}
