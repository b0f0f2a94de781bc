/* The draw object of ImageDraw; binding of the group "draw". */
#include "draw/draw.h"

#include "coords.h"
#include "ink.h"

/* Draws into the image of `core`. */
typedef struct {
    PyObject_HEAD PyObject *core;
    int blend;
} DrawObject;

static ModuleState *state_of_draw(PyObject *self) {
    return (ModuleState *)PyType_GetModuleState(Py_TYPE(self));
}

static ImgImage *target_of(PyObject *self) {
    return image_of(((DrawObject *)self)->core);
}

static PyObject *module_draw(PyObject *module, PyObject *args) {
    ModuleState *state = state_of_module(module);
    PyObject *core;
    int blend = 0;
    if (!PyArg_ParseTuple(args, "O!|i:draw", state->core_type, &core, &blend)) {
        return NULL;
    }
    DrawObject *self = PyObject_New(DrawObject, state->draw_type);
    if (self) {
        self->core = Py_NewRef(core);
        self->blend = blend;
    }
    return (PyObject *)self;
}

static void draw_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_DECREF(((DrawObject *)self)->core);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* --- Inks: the bytes of a pixel, the lowest first, as a signed number --- */

static PyObject *draw_ink(PyObject *self, PyObject *args) {
    PyObject *color;
    if (!PyArg_ParseTuple(args, "O:draw_ink", &color)) {
        return NULL;
    }
    const ImgMode *mode = target_of(self)->mode;
    uint8_t ink[4];
    /* 16-bit inks are little-endian, whatever the image. */
    if (!parse_ink(mode->type == IMG_U16 ? img_mode(IMG_MODE_I16) : mode, color, ink)) {
        return NULL;
    }
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++) {
        bits |= (uint32_t)ink[i] << (8 * i);
    }
    return PyLong_FromLong((int32_t)bits);
}

static void ink_bytes(int ink, uint8_t bytes[4]) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)((uint32_t)ink >> (8 * i));
    }
}

/* A pen for this call. */
static bool make_pen(PyObject *self, int ink, const ImgImage *mask, ImgPen *pen) {
    ImgError err = {IMG_OK, NULL};
    uint8_t bytes[4];
    ink_bytes(ink, bytes);
    if (!img_pen(pen, target_of(self), bytes, ((DrawObject *)self)->blend != 0, mask, &err)) {
        raise_error(&err);
        return false;
    }
    return true;
}

static PyObject *none_or_error(bool done, const ImgError *err) {
    if (!done) {
        return raise_error(err);
    }
    Py_RETURN_NONE;
}

/* --- Shapes of points --- */

static PyObject *draw_points(PyObject *self, PyObject *args) {
    PyObject *data;
    int ink;
    ImgPen pen;
    Coords coords;
    if (!PyArg_ParseTuple(args, "Oi:draw_points", &data, &ink) ||
        !make_pen(self, ink, NULL, &pen) || !parse_coords(state_of_draw(self), data, &coords)) {
        return NULL;
    }
    WITHOUT_GIL(img_draw_points(&pen, coords.xy, (size_t)coords.count));
    free_coords(&coords);
    Py_RETURN_NONE;
}

static PyObject *draw_lines(PyObject *self, PyObject *args) {
    PyObject *data;
    int ink, width = 0;
    ImgPen pen;
    Coords coords;
    if (!PyArg_ParseTuple(args, "Oi|i:draw_lines", &data, &ink, &width) ||
        !make_pen(self, ink, NULL, &pen) || !parse_coords(state_of_draw(self), data, &coords)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_draw_lines(&pen, coords.xy, (size_t)coords.count, width, &err));
    free_coords(&coords);
    return none_or_error(done, &err);
}

static PyObject *draw_polygon(PyObject *self, PyObject *args) {
    ModuleState *state = state_of_draw(self);
    PyObject *data, *mask = NULL;
    int ink, fill = 0, width = 0;
    ImgPen pen;
    Coords coords;
    if (!PyArg_ParseTuple(
            args, "Oi|iiO!:draw_polygon", &data, &ink, &fill, &width, state->core_type, &mask) ||
        !make_pen(self, ink, mask ? image_of(mask) : NULL, &pen) ||
        !parse_coords(state, data, &coords)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(
        done = img_draw_polygon(&pen, coords.xy, (size_t)coords.count, fill != 0, width, &err));
    free_coords(&coords);
    return none_or_error(done, &err);
}

static PyObject *draw_outline(PyObject *self, PyObject *args) {
    PyObject *outline;
    int ink, fill = 0; /* an outline is filled in either case */
    ImgPen pen;
    ImgSegment *segments;
    size_t count;
    if (!PyArg_ParseTuple(
            args, "O!i|i:draw_outline", state_of_draw(self)->outline_type, &outline, &ink, &fill) ||
        !make_pen(self, ink, NULL, &pen) || !copy_segments(outline, &segments, &count)) {
        return NULL;
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_draw_segments(&pen, segments, count, &err));
    PyMem_RawFree(segments);
    return none_or_error(done, &err);
}

/* --- Shapes in a box --- */

/* Exactly two points, the second not above or left of the first. */
static bool parse_box(PyObject *self, PyObject *data, int box[4]) {
    Coords coords;
    if (!parse_coords(state_of_draw(self), data, &coords)) {
        return false;
    }
    bool good = false;
    if (coords.count != 2) {
        PyErr_SetString(PyExc_TypeError, "coordinate list must contain exactly 2 coordinates");
    } else if (coords.xy[2] < coords.xy[0]) {
        PyErr_SetString(PyExc_ValueError, "x1 must be greater than or equal to x0");
    } else if (coords.xy[3] < coords.xy[1]) {
        PyErr_SetString(PyExc_ValueError, "y1 must be greater than or equal to y0");
    } else {
        good = true;
        for (int i = 0; i < 4; i++) {
            box[i] = img_truncate(coords.xy[i]);
        }
    }
    free_coords(&coords);
    return good;
}

typedef void (*BoxShape)(const ImgPen *pen, const int box[4], bool fill, int width);

static PyObject *draw_box(PyObject *self, PyObject *args, const char *format, BoxShape shape) {
    PyObject *data;
    int ink, fill = 0, width = 0, box[4];
    ImgPen pen;
    if (!PyArg_ParseTuple(args, format, &data, &ink, &fill, &width) ||
        !make_pen(self, ink, NULL, &pen) || !parse_box(self, data, box)) {
        return NULL;
    }
    WITHOUT_GIL(shape(&pen, box, fill != 0, width));
    Py_RETURN_NONE;
}

static PyObject *draw_rectangle(PyObject *self, PyObject *args) {
    return draw_box(self, args, "Oi|ii:draw_rectangle", img_draw_rectangle);
}

static PyObject *draw_ellipse(PyObject *self, PyObject *args) {
    return draw_box(self, args, "Oi|ii:draw_ellipse", img_draw_ellipse);
}

static PyObject *draw_arc(PyObject *self, PyObject *args) {
    PyObject *data;
    float start, end;
    int ink, width = 0, box[4];
    ImgPen pen;
    if (!PyArg_ParseTuple(args, "Offi|i:draw_arc", &data, &start, &end, &ink, &width) ||
        !make_pen(self, ink, NULL, &pen) || !parse_box(self, data, box)) {
        return NULL;
    }
    WITHOUT_GIL(img_draw_arc(&pen, box, start, end, width));
    Py_RETURN_NONE;
}

typedef void (*Sector)(
    const ImgPen *pen, const int box[4], float start, float end, bool fill, int width);

static PyObject *draw_sector(PyObject *self, PyObject *args, const char *format, Sector sector) {
    PyObject *data;
    float start, end;
    int ink, fill, width = 0, box[4];
    ImgPen pen;
    if (!PyArg_ParseTuple(args, format, &data, &start, &end, &ink, &fill, &width) ||
        !make_pen(self, ink, NULL, &pen) || !parse_box(self, data, box)) {
        return NULL;
    }
    WITHOUT_GIL(sector(&pen, box, start, end, fill != 0, width));
    Py_RETURN_NONE;
}

static PyObject *draw_chord(PyObject *self, PyObject *args) {
    return draw_sector(self, args, "Offii|i:draw_chord", img_draw_chord);
}

static PyObject *draw_pieslice(PyObject *self, PyObject *args) {
    return draw_sector(self, args, "Offii|i:draw_pieslice", img_draw_pieslice);
}

/* --- Bitmaps: a paste of the ink, which never blends by its own alpha --- */

static PyObject *draw_bitmap(PyObject *self, PyObject *args) {
    ModuleState *state = state_of_draw(self);
    PyObject *data, *bitmap;
    int ink;
    Coords coords;
    if (!PyArg_ParseTuple(args, "OO!i:draw_bitmap", &data, state->core_type, &bitmap, &ink) ||
        !parse_coords(state, data, &coords)) {
        return NULL;
    }
    if (coords.count != 1) {
        free_coords(&coords);
        PyErr_SetString(PyExc_TypeError, "coordinate list must contain exactly 1 coordinate");
        return NULL;
    }
    const ImgImage *mask = image_of(bitmap);
    const int64_t x = img_truncate(coords.xy[0]), y = img_truncate(coords.xy[1]);
    free_coords(&coords);
    const int64_t right = x + mask->width, bottom = y + mask->height;
    if (right > INT_MAX || bottom > INT_MAX) {
        Py_RETURN_NONE; /* far outside of any image */
    }
    const int box[4] = {(int)x, (int)y, (int)right, (int)bottom};
    uint8_t bytes[4];
    ink_bytes(ink, bytes);
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_paste_ink(target_of(self), bytes, box, mask, &err));
    return none_or_error(done, &err);
}

static PyMethodDef draw_methods[] = {
    {"draw_ink", draw_ink, METH_VARARGS, NULL},
    {"draw_points", draw_points, METH_VARARGS, NULL},
    {"draw_lines", draw_lines, METH_VARARGS, NULL},
    {"draw_polygon", draw_polygon, METH_VARARGS, NULL},
    {"draw_outline", draw_outline, METH_VARARGS, NULL},
    {"draw_rectangle", draw_rectangle, METH_VARARGS, NULL},
    {"draw_ellipse", draw_ellipse, METH_VARARGS, NULL},
    {"draw_arc", draw_arc, METH_VARARGS, NULL},
    {"draw_chord", draw_chord, METH_VARARGS, NULL},
    {"draw_pieslice", draw_pieslice, METH_VARARGS, NULL},
    {"draw_bitmap", draw_bitmap, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot draw_slots[] = {
    {Py_tp_dealloc, draw_dealloc},
    {Py_tp_methods, draw_methods},
    {0, NULL},
};

static PyType_Spec draw_spec = {
    .name = "PIL._imaging.ImagingDraw",
    .basicsize = sizeof(DrawObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = draw_slots,
};

int add_draw_type(PyObject *module, ModuleState *state) {
    state->draw_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &draw_spec, NULL);
    return state->draw_type ? 0 : -1;
}

/* --- Flood fill: floodfill(x, y, value, background, threshold, barriers) --- */

/* The values of the bands of a colour, which the Python layer made into a tuple of floats. */
static bool parse_bands(PyObject *tuple, int bands, double out[4]) {
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != bands) {
        PyErr_SetString(PyExc_TypeError, "a tuple with a number for each band is required");
        return false;
    }
    for (int i = 0; i < bands; i++) {
        out[i] = PyFloat_AsDouble(PyTuple_GET_ITEM(tuple, i));
        if (out[i] == -1.0 && PyErr_Occurred()) {
            return false;
        }
    }
    return true;
}

static bool parse_rule(
    PyObject *background, double threshold, PyObject *barriers, int bands, ImgFloodRule *rule) {
    rule->threshold = threshold;
    rule->bordered = background == Py_None;
    if (!rule->bordered) {
        return parse_bands(background, bands, rule->background);
    }
    const Py_ssize_t count = PyTuple_GET_SIZE(barriers);
    if (count > 2) {
        PyErr_SetString(PyExc_ValueError, "at most two barriers");
        return false;
    }
    for (; rule->barriers < count; rule->barriers++) {
        PyObject *barrier = PyTuple_GET_ITEM(barriers, rule->barriers);
        if (!parse_bands(barrier, bands, rule->barrier[rule->barriers])) {
            return false;
        }
    }
    return true;
}

static PyObject *core_floodfill(PyObject *self, PyObject *args) {
    long long x, y;
    PyObject *value, *background, *barriers;
    double threshold;
    ImgImage *image = image_of(self);
    ImgFloodRule rule = {0};
    uint8_t ink[4];
    if (!PyArg_ParseTuple(
            args, "LLOOdO!:floodfill", &x, &y, &value, &background, &threshold, &PyTuple_Type,
            &barriers) ||
        !parse_rule(background, threshold, barriers, image->mode->bands, &rule) ||
        !parse_ink(image->mode, value, ink)) {
        return NULL;
    }
    if (x < INT_MIN || x > INT_MAX || y < INT_MIN || y > INT_MAX) {
        Py_RETURN_NONE; /* no neighbour is in the image */
    }
    ImgError err = {IMG_OK, NULL};
    bool done;
    WITHOUT_GIL(done = img_flood(image, x, y, ink, &rule, &err));
    return none_or_error(done, &err);
}

PyMethodDef core_draw_methods[] = {
    {"floodfill", core_floodfill, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_draw_functions[] = {
    {"draw", module_draw, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
