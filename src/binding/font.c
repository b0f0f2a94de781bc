/* The bitmap font object of ImageFont; binding of the group "font". */
#include "draw/bitmap_font.h"

#include "binding.h"

/* Glyphs on the sheet that `core` holds. Never changes. */
typedef struct {
    PyObject_HEAD PyObject *core;
    ImgBitmapFont font;
} FontObject;

static PyObject *module_font(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    PyObject *core;
    const char *table;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "O!y#:font", state->core_type, &core, &table, &size)) {
        return NULL;
    }
    if (size != IMG_FONT_TABLE_BYTES) {
        PyErr_SetString(PyExc_ValueError, "descriptor table has wrong size");
        return NULL;
    }
    FontObject *self = PyObject_New(FontObject, state->font_type);
    if (self) {
        self->core = Py_NewRef(core);
        img_bitmap_font(&self->font, (const uint8_t *)table, image_of(core));
    }
    return (PyObject *)self;
}

static void font_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_DECREF(((FontObject *)self)->core);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* The bytes of a text: Latin-1, up to the first NUL. What is neither str nor bytes counts as empty
 * (so does a bytearray), as with Pillow. */
typedef struct {
    PyObject *bytes; /* owned */
    const uint8_t *start;
    size_t length;
    int width;
} Text;

static bool measure(const ImgBitmapFont *font, Text *text) {
    int over;
    WITHOUT_GIL(over = img_bitmap_font_width(font, text->start, text->length, &text->width));
    if (over) {
        PyErr_SetString(PyExc_OverflowError, over > 0 ? "Width too large" : "Width too small");
    }
    return !over;
}

/* False with an exception; else text->bytes is to be released. */
static bool take_text(PyObject *self, PyObject *object, Text *text) {
    if (PyUnicode_Check(object)) {
        text->bytes = PyUnicode_AsLatin1String(object);
    } else if (PyBytes_Check(object)) {
        text->bytes = Py_NewRef(object);
    } else {
        text->bytes = PyBytes_FromStringAndSize(NULL, 0);
    }
    if (!text->bytes) {
        return false;
    }
    const char *start = PyBytes_AS_STRING(text->bytes);
    const char *end = memchr(start, 0, (size_t)PyBytes_GET_SIZE(text->bytes));
    text->start = (const uint8_t *)start;
    text->length = end ? (size_t)(end - start) : (size_t)PyBytes_GET_SIZE(text->bytes);
    if (!measure(&((FontObject *)self)->font, text)) {
        Py_CLEAR(text->bytes);
        return false;
    }
    return true;
}

static PyObject *font_getsize(PyObject *self, PyObject *args) {
    PyObject *object;
    Text text;
    if (!PyArg_ParseTuple(args, "O:getsize", &object) || !take_text(self, object, &text)) {
        return NULL;
    }
    Py_DECREF(text.bytes);
    return Py_BuildValue("ii", text.width, ((FontObject *)self)->font.height);
}

static PyObject *font_getmask(PyObject *self, PyObject *args) {
    FontObject *font = (FontObject *)self;
    PyObject *object;
    const char *mode = ""; /* has no effect */
    Text text;
    if (!PyArg_ParseTuple(args, "O|s:getmask", &object, &mode) || !take_text(self, object, &text)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    ImgImage *image;
    WITHOUT_GIL(
        image = img_bitmap_font_mask(
            &font->font, image_of(font->core), text.start, text.length, text.width, &err));
    Py_DECREF(text.bytes);
    return wrap_image((ModuleState *)PyType_GetModuleState(Py_TYPE(self)), image, &err);
}

static PyMethodDef font_methods[] = {
    {"getsize", font_getsize, METH_VARARGS, NULL},
    {"getmask", font_getmask, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_font_type(PyObject *module, ModuleState *state) {
    return add_plain_type(
        module, &state->font_type, "PIL._imaging.ImagingFont", sizeof(FontObject), font_dealloc,
        font_methods);
}

PyMethodDef core_font_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_font_functions[] = {
    {"font", module_font, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
