/* Variable fonts: named instances and axes. */
#include "ft.h"

#include <stdlib.h>

/* FreeType loads the string of every name record that is looked at. Records may overlap, so that a
 * small file can ask for gigabytes; the names of real fonts take some KiB. */
enum { MOST_NAME_BYTES = 16 << 20 };

/* What a font tells of its variations; taken with the lock, turned into objects without it, since
 * making objects may run any Python code. */
typedef struct {
    FT_MM_Var *master;
    FT_SfntName *names; /* their strings live as long as the face */
    FT_UInt count;
} Variations;

static FT_Error take_names(FT_Face face, Variations *found) {
    const FT_UInt count = FT_Get_Sfnt_Name_Count(face);
    size_t bytes = 0;
    found->names = calloc((size_t)count + 1, sizeof(FT_SfntName));
    if (!found->names) {
        return FT_Err_Out_Of_Memory;
    }
    for (FT_UInt i = 0; i < count; i++) {
        FT_SfntName *name = &found->names[found->count];
        if (FT_Get_Sfnt_Name(face, i, name)) {
            continue;
        }
        found->count++;
        bytes += name->string_len;
        if (bytes > MOST_NAME_BYTES) {
            return FT_Err_Invalid_Table;
        }
    }
    return 0;
}

static void drop_variations(FontObject *font, Variations *found) {
    if (found->master) {
        FT_Done_MM_Var(font->library, found->master);
    }
    free(found->names);
}

static bool take_variations(FontObject *font, Variations *found) {
    FT_Error code;
    *found = (Variations){0};
    enter_font(font);
    let_go(font);
    code = FT_Get_MM_Var(font->face, &found->master);
    if (!code) {
        code = take_names(font->face, found);
    }
    leave_font(font);
    if (code) {
        drop_variations(font, found);
        raise_freetype(code);
    }
    return !code;
}

/* A dict: ids to the bytes of the first record with this id. */
static PyObject *names_by_id(const Variations *found) {
    PyObject *names = PyDict_New();
    for (FT_UInt i = 0; names && i < found->count; i++) {
        const FT_SfntName *from = &found->names[i];
        PyObject *id = PyLong_FromLong(from->name_id);
        PyObject *name = PyBytes_FromStringAndSize((const char *)from->string, from->string_len);
        if (!id || !name || !PyDict_SetDefault(names, id, name)) {
            Py_CLEAR(names);
        }
        Py_XDECREF(id);
        Py_XDECREF(name);
    }
    return names;
}

/* The name of this id (borrowed); NULL if there is none, or with an exception. */
static PyObject *name_of(PyObject *names, FT_UInt id) {
    PyObject *number = PyLong_FromUnsignedLong(id);
    PyObject *name = number ? PyDict_GetItemWithError(names, number) : NULL;
    Py_XDECREF(number);
    return name;
}

static bool add_style(PyObject *list, PyObject *names, const FT_MM_Var *master, FT_UInt i) {
    PyObject *name = name_of(names, master->namedstyle[i].strid);
    return name ? PyList_Append(list, name) == 0 : !PyErr_Occurred();
}

static bool add_axis(PyObject *list, PyObject *names, const FT_MM_Var *master, FT_UInt i) {
    const FT_Var_Axis *axis = &master->axis[i];
    PyObject *name = name_of(names, axis->strid);
    PyObject *result = PyErr_Occurred()
                           ? NULL
                           : Py_BuildValue(
                                 "{s:l,s:l,s:l}", "minimum", axis->minimum / 65536, "default",
                                 axis->def / 65536, "maximum", axis->maximum / 65536);
    const bool fine = result && (!name || PyDict_SetItemString(result, "name", name) == 0) &&
                      PyList_Append(list, result) == 0;
    Py_XDECREF(result);
    return fine;
}

typedef bool (*Adder)(PyObject *list, PyObject *names, const FT_MM_Var *master, FT_UInt i);

static PyObject *list_of(PyObject *self, Adder add, bool axes) {
    Variations found;
    if (!take_variations((FontObject *)self, &found)) {
        return NULL;
    }
    const FT_UInt count = axes ? found.master->num_axis : found.master->num_namedstyles;
    PyObject *names = names_by_id(&found);
    PyObject *list = names ? PyList_New(0) : NULL;
    for (FT_UInt i = 0; list && i < count; i++) {
        if (!add(list, names, found.master, i)) {
            Py_CLEAR(list);
        }
    }
    Py_XDECREF(names);
    drop_variations((FontObject *)self, &found);
    return list;
}

PyObject *font_getvarnames(PyObject *self, PyObject *Py_UNUSED(args)) {
    return list_of(self, add_style, false);
}

PyObject *font_getvaraxes(PyObject *self, PyObject *Py_UNUSED(args)) {
    return list_of(self, add_axis, true);
}

static PyObject *finish(FT_Error code) {
    if (code) {
        return raise_freetype(code);
    }
    Py_RETURN_NONE;
}

/* Other shapes, other advances. */
static void forget_all(FontObject *font) {
    forget_glyphs(&font->known);
    forget_layouts(&font->recent);
}

PyObject *font_setvarname(PyObject *self, PyObject *args) {
    FontObject *font = (FontObject *)self;
    int index;
    FT_Error code;
    if (!PyArg_ParseTuple(args, "i:setvarname", &index)) {
        return NULL;
    }
    enter_font(font);
    let_go(font);
    code = FT_Set_Named_Instance(font->face, (FT_UInt)index);
    forget_all(font);
    leave_font(font);
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
    const Py_ssize_t count = items ? PyTuple_GET_SIZE(items) : 0;
    FT_Fixed *values = items ? PyMem_Calloc((size_t)count + 1, sizeof(FT_Fixed)) : NULL;
    bool fine = values != NULL;
    if (items && !fine) {
        PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; fine && i < count; i++) {
        fine = coordinate(PyTuple_GET_ITEM(items, i), &values[i]);
    }
    FT_Error code = 0;
    if (fine) {
        /* No font has more axes than this; FreeType ignores what there is too much of. */
        const FT_UInt used = count < UINT16_MAX ? (FT_UInt)count : UINT16_MAX;
        enter_font(font);
        let_go(font);
        code = FT_Set_Var_Design_Coordinates(font->face, used, values);
        forget_all(font);
        leave_font(font);
    }
    PyMem_Free(values);
    Py_XDECREF(items);
    return fine ? finish(code) : NULL;
}
