/* The module PIL._imagingft: opening fonts, and what they tell of themselves. */
#include "ft.h"

#include FT_ERRORS_H

#include "raqm_calls.h"

static FtState *ft_state(PyObject *module) {
    return (FtState *)PyModule_GetState(module);
}

/* --- Errors and locks --- */

/* FreeType's own texts, which it may be built without. */
static const char *error_text(FT_Error code) {
#undef FTERRORS_H_
#define FT_ERRORDEF(name, value, text)                                                             \
    case value:                                                                                    \
        return text;
#define FT_ERROR_START_LIST switch (FT_ERROR_BASE(code)) {
#define FT_ERROR_END_LIST }
#include FT_ERRORS_H
    return "unknown freetype error";
}

PyObject *raise_freetype(FT_Error code) {
    PyErr_SetString(PyExc_OSError, error_text(code));
    return NULL;
}

PyObject *raise_failure(const Failure *failure) {
    if (failure->type) {
        if (failure->detail) {
            return PyErr_Format(failure->type, failure->message, failure->detail);
        }
        PyErr_SetString(failure->type, failure->message);
        return NULL;
    }
    return failure->code ? raise_freetype(failure->code) : NULL;
}

void enter_font(FontObject *font) {
    PyThreadState *waiting = NULL;
    if (!PyThread_acquire_lock(font->lock, NOWAIT_LOCK)) {
        waiting = PyEval_SaveThread();
        PyThread_acquire_lock(font->lock, WAIT_LOCK);
    }
    font->waiting = waiting;
}

void let_go(FontObject *font) {
    if (!font->waiting) {
        font->waiting = PyEval_SaveThread();
    }
}

void leave_font(FontObject *font) {
    PyThreadState *waiting = font->waiting;
    PyThread_release_lock(font->lock);
    if (waiting) {
        PyEval_RestoreThread(waiting);
    }
}

/* --- Opening --- */

typedef struct {
    const char *path;
    const char *bytes;
    Py_ssize_t size;
    float pixels;
    long index;
    const char *encoding;
    Py_ssize_t encoding_length;
} Source;

static FT_Error open_face(FontObject *font, const Source *source) {
    if (!source->size) {
        return FT_New_Face(font->library, source->path, source->index, &font->face);
    }
    font->data = malloc((size_t)source->size);
    if (!font->data) {
        return FT_Err_Out_Of_Memory;
    }
    memcpy(font->data, source->bytes, (size_t)source->size);
    return FT_New_Memory_Face(
        font->library, font->data, (FT_Long)source->size, source->index, &font->face);
}

static FT_Error set_size(FontObject *font, float pixels) {
    float wanted = pixels * 64;
    if (!(wanted > -2147483648.0f && wanted < 2147483648.0f)) {
        /* The same FreeType says of the smallest number, which a cast of these gives. */
        return FT_Err_Invalid_Argument;
    }
    FT_Size_RequestRec request = {
        FT_SIZE_REQUEST_TYPE_NOMINAL, (FT_Long)wanted, (FT_Long)wanted, 0, 0};
    return FT_Request_Size(font->face, &request);
}

static FT_Error open_font(FontObject *font, const Source *source) {
    FT_Error code = FT_Init_FreeType(&font->library);
    if (!code) {
        code = open_face(font, source);
    }
    if (!code) {
        code = set_size(font, source->pixels);
    }
    if (!code && source->encoding_length == 4) {
        const unsigned char *e = (const unsigned char *)source->encoding;
        FT_ULong tag = FT_MAKE_TAG(e[0], e[1], e[2], e[3]);
        code = FT_Select_Charmap(font->face, (FT_Encoding)tag);
    }
    return code;
}

/* getfont(filename, size, index=0, encoding="", font_bytes=b"", layout_engine=0) */
static PyObject *getfont(PyObject *module, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"filename",   "size",          "index", "encoding",
                            "font_bytes", "layout_engine", NULL};
    PyObject *path = NULL;
    Source source = {.encoding = ""};
    int engine = 0;
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "O&f|ls#y#i:getfont", names, PyUnicode_FSConverter, &path, &source.pixels,
            &source.index, &source.encoding, &source.encoding_length, &source.bytes, &source.size,
            &engine)) {
        Py_XDECREF(path);
        return NULL;
    }
    source.path = PyBytes_AS_STRING(path);
    FtState *state = ft_state(module);
    FontObject *font = PyObject_New(FontObject, state->font_type);
    if (font) {
        font->library = NULL;
        font->face = NULL;
        font->data = NULL;
        font->raqm = engine == 1 && raqm_is_there();
        font->kernels = state->kernels;
        font->known = (KnownGlyphs){0};
        font->recent = (RecentLayouts){0};
        font->waiting = NULL;
        font->stroker = NULL;
        font->stroked = NULL;
        font->spare = NULL;
        FT_Bitmap_Init(&font->scratch);
        font->lock = PyThread_allocate_lock();
        if (!font->lock) {
            PyErr_NoMemory();
            Py_CLEAR(font);
        }
    }
    if (font) {
        FT_Error code;
        WITHOUT_GIL(code = open_font(font, &source));
        if (code) {
            raise_freetype(code);
            Py_CLEAR(font);
        }
    }
    Py_DECREF(path);
    return (PyObject *)font;
}

static void font_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    FontObject *font = (FontObject *)self;
    forget_glyphs(&font->known);
    forget_layouts(&font->recent);
    if (font->stroker) {
        FT_Stroker_Done(font->stroker);
    }
    if (font->face) {
        FT_Done_Face(font->face);
    }
    if (font->library) {
        FT_Done_FreeType(font->library);
    }
    if (font->lock) {
        PyThread_free_lock(font->lock);
    }
    free(font->data);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* --- Measuring --- */

static PyObject *font_getlength(PyObject *self, PyObject *args) {
    Request request;
    Layout layout = {0};
    Failure failure = {0};
    PyObject *text, *features = Py_None, *result = NULL;
    const char *mode = NULL, *direction = NULL, *language = NULL;
    if (!PyArg_ParseTuple(
            args, "O|zzOz:getlength", &text, &mode, &direction, &features, &language)) {
        return NULL;
    }
    if (request_fill(&request, text, mode, direction, features, language)) {
        if (lay_out((FontObject *)self, &request, &layout, &failure)) {
            int64_t length = 0;
            for (size_t i = 0; i < layout.count; i++) {
                length +=
                    request.vertical ? -layout.glyphs[i].y_advance : layout.glyphs[i].x_advance;
            }
            result = PyLong_FromLongLong(length);
        } else {
            raise_failure(&failure);
        }
    }
    free(layout.glyphs);
    request_clear(&request);
    return result;
}

static PyObject *font_getsize(PyObject *self, PyObject *args) {
    FontObject *font = (FontObject *)self;
    Request request;
    Layout layout = {0};
    Failure failure = {0};
    Box box;
    PyObject *text, *features = Py_None, *result = NULL;
    const char *mode = NULL, *direction = NULL, *language = NULL, *anchor = NULL;
    if (!PyArg_ParseTuple(
            args, "O|zzOzz:getsize", &text, &mode, &direction, &features, &language, &anchor)) {
        return NULL;
    }
    if (request_fill(&request, text, mode, direction, features, language)) {
        if (lay_out(font, &request, &layout, &failure) &&
            measure(font, &request, &layout, load_flags(&request), anchor, &box, &failure)) {
            result = Py_BuildValue(
                "(LL)(LL)", (long long)box.width, (long long)box.height, (long long)box.x_offset,
                (long long)box.y_offset);
        } else {
            raise_failure(&failure);
        }
    }
    free(layout.glyphs);
    request_clear(&request);
    return result;
}

/* --- Attributes --- */

typedef enum { ASCENT, DESCENT, HEIGHT, X_PPEM, Y_PPEM, GLYPHS } Number;

/* Variations change these numbers and replace the names: they are read with the lock. */
static PyObject *get_number(PyObject *self, void *closure) {
    FontObject *font = (FontObject *)self;
    FT_Long glyphs;
    FT_Size_Metrics m;
    enter_font(font);
    m = font->face->size->metrics;
    glyphs = font->face->num_glyphs;
    leave_font(font);
    switch ((Number)(uintptr_t)closure) {
    case ASCENT:
        return PyLong_FromLongLong(whole(m.ascender));
    case DESCENT:
        return PyLong_FromLongLong(-whole(m.descender));
    case HEIGHT:
        return PyLong_FromLongLong(whole(m.height));
    case X_PPEM:
        return PyLong_FromLong(m.x_ppem);
    case Y_PPEM:
        return PyLong_FromLong(m.y_ppem);
    case GLYPHS:
        break;
    }
    return PyLong_FromLong(glyphs);
}

/* Family or style. */
static PyObject *get_name(PyObject *self, void *style) {
    FontObject *font = (FontObject *)self;
    char *copy = NULL;
    bool there;
    enter_font(font);
    const char *name = style ? font->face->style_name : font->face->family_name;
    there = name != NULL;
    if (there) {
        copy = malloc(strlen(name) + 1);
        if (copy) {
            strcpy(copy, name);
        }
    }
    leave_font(font);
    if (!there) {
        Py_RETURN_NONE;
    }
    if (!copy) {
        return PyErr_NoMemory();
    }
    PyObject *result = PyUnicode_FromString(copy);
    free(copy);
    return result;
}

#define NUMBER(name, which) {name, get_number, NULL, NULL, (void *)(uintptr_t)(which)}

static PyGetSetDef font_getters[] = {
    {"family", get_name, NULL, NULL, NULL},
    {"style", get_name, NULL, NULL, "style"},
    NUMBER("ascent", ASCENT),
    NUMBER("descent", DESCENT),
    NUMBER("height", HEIGHT),
    NUMBER("x_ppem", X_PPEM),
    NUMBER("y_ppem", Y_PPEM),
    NUMBER("glyphs", GLYPHS),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef font_methods[] = {
    {"getlength", font_getlength, METH_VARARGS, NULL},
    {"getsize", font_getsize, METH_VARARGS, NULL},
    {"render", font_render, METH_VARARGS, NULL},
    {"getvarnames", font_getvarnames, METH_NOARGS, NULL},
    {"getvaraxes", font_getvaraxes, METH_NOARGS, NULL},
    {"setvarname", font_setvarname, METH_VARARGS, NULL},
    {"setvaraxes", font_setvaraxes, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot font_slots[] = {
    {Py_tp_dealloc, font_dealloc},
    {Py_tp_methods, font_methods},
    {Py_tp_getset, font_getters},
    {0, NULL},
};

static PyType_Spec font_spec = {
    .name = "PIL._imagingft.Font",
    .basicsize = sizeof(FontObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = font_slots,
};

/* --- The module --- */

static PyMethodDef functions[] = {
    {"getfont", (PyCFunction)(void (*)(void))getfont, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

static int add_freetype_version(PyObject *module) {
    FT_Library library;
    int major, minor, patch;
    FT_Error code = FT_Init_FreeType(&library);
    if (code) {
        raise_freetype(code);
        return -1;
    }
    FT_Library_Version(library, &major, &minor, &patch);
    FT_Done_FreeType(library);
    PyObject *text = PyUnicode_FromFormat("%d.%d.%d", major, minor, patch);
    int result = text ? PyModule_AddObjectRef(module, "freetype2_version", text) : -1;
    Py_XDECREF(text);
    return result;
}

static int add_raqm(PyObject *module) {
    PyObject *there = raqm_is_there() ? Py_True : Py_False;
#ifdef HAVE_RAQM
    if (there == Py_True &&
        (PyModule_AddStringConstant(module, "raqm_version", raqm_version_string()) < 0 ||
         PyModule_AddObjectRef(module, "fribidi_version", Py_None) < 0 ||
         PyModule_AddObjectRef(module, "harfbuzz_version", Py_None) < 0)) {
        return -1;
    }
#endif
    return PyModule_AddObjectRef(module, "HAVE_RAQM", there) < 0 ||
                   PyModule_AddObjectRef(module, "HAVE_FRIBIDI", there) < 0 ||
                   PyModule_AddObjectRef(module, "HAVE_HARFBUZZ", there) < 0
               ? -1
               : 0;
}

static const ImgKernels *find_kernels(void) {
    PyObject *core = PyImport_ImportModule("PIL._imaging");
    PyObject *capsule = core ? PyObject_GetAttrString(core, "_kernels") : NULL;
    const ImgKernels *found = capsule ? PyCapsule_GetPointer(capsule, KERNELS_CAPSULE) : NULL;
    Py_XDECREF(capsule);
    Py_XDECREF(core);
    return found;
}

static int ft_exec(PyObject *module) {
    FtState *state = ft_state(module);
    state->kernels = find_kernels();
    if (!state->kernels) {
        return -1;
    }
    state->font_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &font_spec, NULL);
    if (!state->font_type || add_freetype_version(module) < 0) {
        return -1;
    }
    return add_raqm(module);
}

static int ft_traverse(PyObject *module, visitproc visit, void *arg) {
    Py_VISIT(ft_state(module)->font_type);
    return 0;
}

static int ft_clear(PyObject *module) {
    Py_CLEAR(ft_state(module)->font_type);
    return 0;
}

static void ft_free(void *module) {
    ft_clear((PyObject *)module);
}

static PyModuleDef_Slot ft_slots[] = {
    {Py_mod_exec, ft_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef ft_module = {
    PyModuleDef_HEAD_INIT,  .m_name = "PIL._imagingft", .m_size = sizeof(FtState),
    .m_methods = functions, .m_slots = ft_slots,        .m_traverse = ft_traverse,
    .m_clear = ft_clear,    .m_free = ft_free,
};

PyMODINIT_FUNC PyInit__imagingft(void) {
    return PyModuleDef_Init(&ft_module);
}
