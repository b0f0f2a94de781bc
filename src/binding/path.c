/* The path object of ImagePath; binding of the group "path". */
#include "coords.h"

#include <math.h>
#include <string.h>

static PathObject *path_of(PyObject *self) {
    return (PathObject *)self;
}

/* Takes the coordinates over. */
static PyObject *wrap_path(PyTypeObject *type, Coords *coords) {
    double *xy = keep_coords(coords);
    PathObject *path = xy ? PyObject_New(PathObject, type) : NULL;
    if (!path) {
        PyMem_RawFree(xy);
        return NULL;
    }
    path->xy = xy;
    path->count = coords->count;
    path->mapping = 0;
    return (PyObject *)path;
}

static PyObject *module_path(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    PyObject *data;
    if (!PyArg_ParseTuple(args, "O:path", &data)) {
        return NULL;
    }
    Coords coords = {.xy = NULL};
    if (!PyLong_Check(data)) {
        return parse_coords(state, data, &coords) ? wrap_path(state->path_type, &coords) : NULL;
    }
    /* That many points at the origin. */
    const Py_ssize_t count = PyLong_AsSsize_t(data);
    if (count == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (count >= 0 && (size_t)count <= PY_SSIZE_T_MAX / (2 * sizeof(double))) {
        coords.xy = PyMem_RawCalloc(count ? (size_t)count : 1, 2 * sizeof(double));
    }
    if (!coords.xy) {
        return PyErr_NoMemory();
    }
    coords.count = count;
    return wrap_path(state->path_type, &coords);
}

static void path_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyMem_RawFree(path_of(self)->xy);
    PyObject_Free(self);
    Py_DECREF(type);
}

static Py_ssize_t path_length(PyObject *self) {
    return path_of(self)->count;
}

/* --- Items --- */

static PyObject *path_item(PyObject *self, Py_ssize_t i) {
    double x = 0, y = 0;
    bool found = false;
    LOCK_OBJECT(self);
    const PathObject *path = path_of(self);
    if (i >= 0 && i < path->count) {
        x = path->xy[2 * i];
        y = path->xy[2 * i + 1];
        found = true;
    }
    UNLOCK_OBJECT();
    if (!found) {
        PyErr_SetString(PyExc_IndexError, "path index out of range");
        return NULL;
    }
    return Py_BuildValue("dd", x, y);
}

static int path_set_item(PyObject *self, Py_ssize_t i, PyObject *value) {
    double x, y;
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "cannot delete items of a path");
        return -1;
    }
    if (i < 0 || i >= path_length(self)) {
        PyErr_SetString(PyExc_IndexError, "path assignment index out of range");
        return -1;
    }
    if (!PyTuple_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "a point must be a tuple of two numbers");
        return -1;
    }
    if (!PyArg_ParseTuple(value, "dd", &x, &y)) {
        return -1;
    }
    LOCK_OBJECT(self);
    path_of(self)->xy[2 * i] = x;
    path_of(self)->xy[2 * i + 1] = y;
    UNLOCK_OBJECT();
    return 0;
}

static PyObject *path_slice(PyObject *self, PyObject *slice) {
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0) {
        return NULL;
    }
    Coords all = {.xy = NULL};
    Coords part = {.xy = NULL};
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    if (!parse_coords(state, self, &all)) {
        return NULL;
    }
    const Py_ssize_t count = PySlice_AdjustIndices(all.count, &start, &stop, step);
    if (count > 0 && step != 1) {
        free_coords(&all);
        PyErr_SetString(PyExc_TypeError, "slice steps not supported");
        return NULL;
    }
    part.xy = PyMem_RawMalloc(count > 0 ? (size_t)count * 2 * sizeof(double) : 1);
    if (!part.xy) {
        free_coords(&all);
        return PyErr_NoMemory();
    }
    if (count > 0) {
        memcpy(part.xy, all.xy + 2 * start, (size_t)count * 2 * sizeof(double));
    }
    part.count = count;
    free_coords(&all);
    return wrap_path(Py_TYPE(self), &part);
}

static PyObject *path_subscript(PyObject *self, PyObject *key) {
    if (PyIndex_Check(key)) {
        Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) {
            return NULL;
        }
        return path_item(self, i < 0 ? i + path_length(self) : i);
    }
    if (PySlice_Check(key)) {
        return path_slice(self, key);
    }
    return PyErr_Format(
        PyExc_TypeError, "Path indices must be integers, not %.200s", Py_TYPE(key)->tp_name);
}

/* --- Methods --- */

static PyObject *path_compact(PyObject *self, PyObject *args) {
    double distance = 2.0;
    if (!PyArg_ParseTuple(args, "|d:compact", &distance)) {
        return NULL;
    }
    PathObject *path = path_of(self);
    Py_ssize_t removed = -1;
    LOCK_OBJECT(self);
    if (!path->mapping) {
        double *xy = path->xy;
        Py_ssize_t kept = 0;
        for (Py_ssize_t i = 0; i < path->count; i++) {
            const double *last = xy + 2 * (kept - 1), *next = xy + 2 * i;
            if (kept == 0 || fabs(next[0] - last[0]) + fabs(next[1] - last[1]) >= distance) {
                xy[2 * kept] = next[0];
                xy[2 * kept + 1] = next[1];
                kept++;
            }
        }
        removed = path->count - kept;
        path->count = kept;
    }
    UNLOCK_OBJECT();
    if (removed < 0) {
        PyErr_SetString(PyExc_ValueError, "Path compacted during mapping");
        return NULL;
    }
    return PyLong_FromSsize_t(removed);
}

static PyObject *path_getbbox(PyObject *self, PyObject *ignored) {
    (void)ignored;
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    LOCK_OBJECT(self);
    const PathObject *path = path_of(self);
    for (Py_ssize_t i = 0; i < path->count; i++) {
        const double x = path->xy[2 * i], y = path->xy[2 * i + 1];
        x0 = i == 0 || x < x0 ? x : x0;
        y0 = i == 0 || y < y0 ? y : y0;
        x1 = i == 0 || x > x1 ? x : x1;
        y1 = i == 0 || y > y1 ? y : y1;
    }
    UNLOCK_OBJECT();
    return Py_BuildValue("dddd", x0, y0, x1, y1);
}

static PyObject *path_map(PyObject *self, PyObject *args) {
    PyObject *function;
    if (!PyArg_ParseTuple(args, "O:map", &function)) {
        return NULL;
    }
    PathObject *path = path_of(self);
    LOCK_OBJECT(self);
    path->mapping++;
    UNLOCK_OBJECT();
    bool good = true;
    for (Py_ssize_t i = 0; good && i < path->count; i++) {
        PyObject *point = path_item(self, i);
        PyObject *mapped = point ? PyObject_CallObject(function, point) : NULL;
        good = mapped && path_set_item(self, i, mapped) == 0;
        Py_XDECREF(point);
        Py_XDECREF(mapped);
    }
    LOCK_OBJECT(self);
    path->mapping--;
    UNLOCK_OBJECT();
    if (!good) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *path_tolist(PyObject *self, PyObject *args) {
    int flat = 0;
    if (!PyArg_ParseTuple(args, "|i:tolist", &flat)) {
        return NULL;
    }
    Coords all;
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    if (!parse_coords(state, self, &all)) {
        return NULL;
    }
    const Py_ssize_t length = flat ? 2 * all.count : all.count;
    PyObject *list = PyList_New(length);
    for (Py_ssize_t i = 0; list && i < length; i++) {
        PyObject *item = flat ? PyFloat_FromDouble(all.xy[i])
                              : Py_BuildValue("dd", all.xy[2 * i], all.xy[2 * i + 1]);
        if (!item) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, item);
    }
    free_coords(&all);
    return list;
}

static void transform_points(PathObject *path, const double k[6], double wrap) {
    const bool straight = k[1] == 0 && k[3] == 0;
    for (Py_ssize_t i = 0; i < path->count; i++) {
        double *point = path->xy + 2 * i;
        const double x = point[0], y = point[1];
        point[0] = straight ? k[0] * x + k[2] : k[0] * x + k[1] * y + k[2];
        point[1] = straight ? k[4] * y + k[5] : k[3] * x + k[4] * y + k[5];
        if (wrap != 0) {
            point[0] = fmod(point[0], wrap);
        }
    }
}

static PyObject *path_transform(PyObject *self, PyObject *args) {
    double k[6], wrap = 0;
    if (!PyArg_ParseTuple(
            args, "(dddddd)|d:transform", &k[0], &k[1], &k[2], &k[3], &k[4], &k[5], &wrap)) {
        return NULL;
    }
    LOCK_OBJECT(self);
    transform_points(path_of(self), k, wrap);
    UNLOCK_OBJECT();
    Py_RETURN_NONE;
}

static PyObject *path_id(PyObject *self, void *closure) {
    (void)closure;
    return PyLong_FromVoidPtr(path_of(self)->xy);
}

static PyMethodDef path_methods[] = {
    {"compact", path_compact, METH_VARARGS, NULL},
    {"getbbox", path_getbbox, METH_NOARGS, NULL},
    {"map", path_map, METH_VARARGS, NULL},
    {"tolist", path_tolist, METH_VARARGS, NULL},
    {"transform", path_transform, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef path_getset[] = {
    {"id", path_id, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot path_slots[] = {
    {Py_tp_dealloc, path_dealloc},
    {Py_tp_methods, path_methods},
    {Py_tp_getset, path_getset},
    {Py_sq_length, path_length},
    {Py_sq_item, path_item},
    {Py_sq_ass_item, path_set_item},
    {Py_mp_length, path_length},
    {Py_mp_subscript, path_subscript},
    {0, NULL},
};

static PyType_Spec path_spec = {
    .name = "PIL._imaging.Path",
    .basicsize = sizeof(PathObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = path_slots,
};

int add_path_type(PyObject *module, ModuleState *state) {
    state->path_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &path_spec, NULL);
    return state->path_type ? 0 : -1;
}

PyMethodDef core_path_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_path_functions[] = {
    {"path", module_path, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
