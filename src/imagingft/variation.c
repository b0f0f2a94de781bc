/* Variable fonts: named instances and axes. */
#include "ft.h"

/* The bytes of the first name record with this id, None if there is none. */
static PyObject *name_of(FT_Face face, FT_UInt id) {
    FT_UInt count = FT_Get_Sfnt_Name_Count(face);
    for (FT_UInt i = 0; i < count; i++) {
        FT_SfntName name;
        if (FT_Get_Sfnt_Name(face, i, &name) || name.name_id != id) {
            continue;
        }
        return PyBytes_FromStringAndSize((const char *)name.string, name.string_len);
    }
    Py_RETURN_NONE;
}

static FT_MM_Var *variations(FontObject *font) {
    FT_MM_Var *master = NULL;
    FT_Error code = FT_Get_MM_Var(font->face, &master);
    if (code) {
        raise_freetype(code);
        return NULL;
    }
    return master;
}

static PyObject *collect_names(FontObject *font, const FT_MM_Var *master) {
    PyObject *names = PyList_New(0);
    for (FT_UInt i = 0; names && i < master->num_namedstyles; i++) {
        PyObject *name = name_of(font->face, master->namedstyle[i].strid);
        if (!name || (name != Py_None && PyList_Append(names, name) < 0)) {
            Py_CLEAR(names);
        }
        Py_XDECREF(name);
    }
    return names;
}

static PyObject *axis_of(FontObject *font, const FT_Var_Axis *axis) {
    PyObject *name = name_of(font->face, axis->strid);
    if (!name) {
        return NULL;
    }
    PyObject *result = Py_BuildValue(
        "{s:l,s:l,s:l}", "minimum", axis->minimum / 65536, "default", axis->def / 65536, "maximum",
        axis->maximum / 65536);
    if (result && name != Py_None && PyDict_SetItemString(result, "name", name) < 0) {
        Py_CLEAR(result);
    }
    Py_DECREF(name);
    return result;
}

static PyObject *collect_axes(FontObject *font, const FT_MM_Var *master) {
    PyObject *axes = PyList_New(0);
    for (FT_UInt i = 0; axes && i < master->num_axis; i++) {
        PyObject *axis = axis_of(font, &master->axis[i]);
        if (!axis || PyList_Append(axes, axis) < 0) {
            Py_CLEAR(axes);
        }
        Py_XDECREF(axis);
    }
    return axes;
}

static PyObject *
locked(PyObject *self, PyObject *(*collect)(FontObject *font, const FT_MM_Var *master)) {
    FontObject *font = (FontObject *)self;
    PyObject *result = NULL;
    lock_font_with_gil(font);
    FT_MM_Var *master = variations(font);
    if (master) {
        result = collect(font, master);
        FT_Done_MM_Var(font->library, master);
    }
    unlock_font(font);
    return result;
}

PyObject *font_getvarnames(PyObject *self, PyObject *Py_UNUSED(args)) {
    return locked(self, collect_names);
}

PyObject *font_getvaraxes(PyObject *self, PyObject *Py_UNUSED(args)) {
    return locked(self, collect_axes);
}

static PyObject *finish(FT_Error code) {
    if (code) {
        return raise_freetype(code);
    }
    Py_RETURN_NONE;
}

PyObject *font_setvarname(PyObject *self, PyObject *args) {
    FontObject *font = (FontObject *)self;
    int index;
    if (!PyArg_ParseTuple(args, "i:setvarname", &index)) {
        return NULL;
    }
    lock_font_with_gil(font);
    FT_Error code = FT_Set_Named_Instance(font->face, (FT_UInt)index);
    forget_glyphs(&font->known);
    unlock_font(font);
    return finish(code);
}

/* Design coordinates are cut to integers: Pillow's arithmetic. */
static bool coordinate(PyObject *item, FT_Fixed *result) {
    double value;
    if (!PyNumber_Check(item)) {
        PyErr_SetString(PyExc_TypeError, "list must contain numbers");
        return false;
    }
    value = PyFloat_AsDouble(item);
    if (value == -1 && PyErr_Occurred()) {
        return false;
    }
    if (PyLong_Check(item)) {
        value = (float)value;
    }
    if (!(value > -32769 && value < 32768)) {
        value = value > 0 ? 32767 : -32768; /* what 16.16 holds */
    }
    *result = (FT_Fixed)value * 65536;
    return true;
}

PyObject *font_setvaraxes(PyObject *self, PyObject *args) {
    FontObject *font = (FontObject *)self;
    PyObject *axes;
    if (!PyArg_ParseTuple(args, "O:setvaraxes", &axes)) {
        return NULL;
    }
    if (!PyList_Check(axes)) {
        PyErr_SetString(PyExc_TypeError, "argument must be a list");
        return NULL;
    }
    PyObject *items = PyList_AsTuple(axes);
    Py_ssize_t count = items ? PyTuple_GET_SIZE(items) : 0;
    FT_Fixed *values = items ? PyMem_Calloc((size_t)count + 1, sizeof(FT_Fixed)) : NULL;
    bool fine = values && count <= UINT16_MAX;
    if (items && !fine) {
        PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; fine && i < count; i++) {
        fine = coordinate(PyTuple_GET_ITEM(items, i), &values[i]);
    }
    FT_Error code = 0;
    if (fine) {
        lock_font_with_gil(font);
        code = FT_Set_Var_Design_Coordinates(font->face, (FT_UInt)count, values);
        forget_glyphs(&font->known);
        unlock_font(font);
    }
    PyMem_Free(values);
    Py_XDECREF(items);
    return fine ? finish(code) : NULL;
}
