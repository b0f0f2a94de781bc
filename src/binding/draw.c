/* The draw object of ImageDraw; binding of the group "draw". */
#include "draw/draw.h"

#include <math.h>

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

static PyObject *draw_ink(PyObject *self, PyObject *color) {
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

/* --- Arguments: a hundred short lines cost little more than their calls --- */

/* What a method takes after its coordinates: two angles or none, then an ink and other ints, of
 * which the last may be left out and are 0; polygons also take a mask. */
typedef struct {
    const char *name;
    bool angled;
    int least, most; /* ints */
    bool masked;
} Signature;

enum { MOST_INTS = 3 };

typedef struct {
    PyObject *data;
    float start, end;
    int ints[MOST_INTS];
    PyObject *mask; /* or NULL */
} Arguments;

static bool take_int(PyObject *argument, int *out) {
    const long value = PyLong_AsLong(argument);
    if (value == -1 && PyErr_Occurred()) {
        return false;
    }
    if (value < INT_MIN || value > INT_MAX) {
        PyErr_SetString(
            PyExc_OverflowError, value < 0 ? "signed integer is less than minimum"
                                           : "signed integer is greater than maximum");
        return false;
    }
    *out = (int)value;
    return true;
}

static bool take_float(PyObject *argument, float *out) {
    const double value = PyFloat_AsDouble(argument);
    *out = (float)value;
    return value != -1.0 || !PyErr_Occurred();
}

static bool take_mask(PyObject *self, PyObject *argument, PyObject **out) {
    if (!Py_IS_TYPE(argument, state_of_draw(self)->core_type)) {
        PyErr_SetString(PyExc_TypeError, "the mask must be an ImagingCore");
        return false;
    }
    *out = argument;
    return true;
}

static bool parse_arguments(
    PyObject *self, const Signature *signature, PyObject *const *args, Py_ssize_t count,
    Arguments *out) {
    const Py_ssize_t before = signature->angled ? 3 : 1;
    const Py_ssize_t ints = before + signature->most;
    if (count < before + signature->least || count > ints + signature->masked) {
        PyErr_Format(
            PyExc_TypeError, "%s() takes %zd to %zd arguments (%zd given)", signature->name,
            before + signature->least, ints + signature->masked, count);
        return false;
    }
    *out = (Arguments){.data = args[0]};
    bool good =
        !signature->angled || (take_float(args[1], &out->start) && take_float(args[2], &out->end));
    for (Py_ssize_t i = before; good && i < count; i++) {
        good = i < ints ? take_int(args[i], &out->ints[i - before])
                        : take_mask(self, args[i], &out->mask);
    }
    return good;
}

/* --- The GIL: kept for what takes about as long as to give it away and get it back --- */

#define BRIEF 4096 /* pixels, at the most */

#define DRAW(pixels, statement)                                                                    \
    do {                                                                                           \
        if ((pixels) <= BRIEF) {                                                                   \
            statement;                                                                             \
        } else {                                                                                   \
            WITHOUT_GIL(statement);                                                                \
        }                                                                                          \
    } while (0)

/* Bounds of the pixels that lines between the points, or the area they enclose, come to. */
static double work_of(const Coords *coords, bool thin, int width) {
    double size[2] = {0, 0};
    for (int axis = 0; axis < 2 && coords->count > 0; axis++) {
        double low = coords->xy[axis], high = low;
        for (Py_ssize_t i = 1; i < coords->count && coords->count <= BRIEF; i++) {
            const double v = coords->xy[2 * i + axis];
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        size[axis] = high - low + fabs((double)width) + 1;
    }
    const double area = thin ? size[0] + size[1] : size[0] * size[1];
    return area * (double)coords->count;
}

/* --- Shapes of points --- */

static PyObject *draw_points(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_points", false, 1, 1, false};
    Arguments a;
    ImgPen pen;
    Coords coords;
    if (!parse_arguments(self, &signature, args, count, &a) ||
        !make_pen(self, a.ints[0], NULL, &pen) ||
        !parse_coords(state_of_draw(self), a.data, &coords)) {
        return NULL;
    }
    DRAW(coords.count, img_draw_points(&pen, coords.xy, (size_t)coords.count));
    free_coords(&coords);
    Py_RETURN_NONE;
}

static PyObject *draw_lines(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_lines", false, 1, 2, false};
    Arguments a;
    ImgPen pen;
    Coords coords;
    if (!parse_arguments(self, &signature, args, count, &a) ||
        !make_pen(self, a.ints[0], NULL, &pen) ||
        !parse_coords(state_of_draw(self), a.data, &coords)) {
        return NULL;
    }
    const int width = a.ints[1];
    ImgError err = {IMG_OK, NULL};
    bool done;
    DRAW(
        work_of(&coords, width == 1, width),
        done = img_draw_lines(&pen, coords.xy, (size_t)coords.count, width, &err));
    free_coords(&coords);
    return none_or_error(done, &err);
}

static PyObject *draw_polygon(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_polygon", false, 1, 3, true};
    Arguments a;
    ImgPen pen;
    Coords coords;
    if (!parse_arguments(self, &signature, args, count, &a) ||
        !make_pen(self, a.ints[0], a.mask ? image_of(a.mask) : NULL, &pen) ||
        !parse_coords(state_of_draw(self), a.data, &coords)) {
        return NULL;
    }
    const bool fill = a.ints[1] != 0;
    const int width = a.ints[2];
    ImgError err = {IMG_OK, NULL};
    bool done;
    DRAW(
        work_of(&coords, false, width),
        done = img_draw_polygon(&pen, coords.xy, (size_t)coords.count, fill, width, &err));
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

static double box_work(const int box[4]) {
    return ((double)box[2] - box[0] + 1) * ((double)box[3] - box[1] + 1);
}

typedef void (*BoxShape)(const ImgPen *pen, const int box[4], bool fill, int width);

static PyObject *draw_box(
    PyObject *self, PyObject *const *args, Py_ssize_t count, const Signature *signature,
    BoxShape shape) {
    Arguments a;
    ImgPen pen;
    int box[4];
    if (!parse_arguments(self, signature, args, count, &a) ||
        !make_pen(self, a.ints[0], NULL, &pen) || !parse_box(self, a.data, box)) {
        return NULL;
    }
    DRAW(box_work(box), shape(&pen, box, a.ints[1] != 0, a.ints[2]));
    Py_RETURN_NONE;
}

static PyObject *draw_rectangle(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_rectangle", false, 1, 3, false};
    return draw_box(self, args, count, &signature, img_draw_rectangle);
}

static PyObject *draw_ellipse(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_ellipse", false, 1, 3, false};
    return draw_box(self, args, count, &signature, img_draw_ellipse);
}

typedef void (*Sector)(
    const ImgPen *pen, const int box[4], float start, float end, bool fill, int width);

static PyObject *draw_sector(
    PyObject *self, PyObject *const *args, Py_ssize_t count, const Signature *signature,
    Sector sector) {
    Arguments a;
    ImgPen pen;
    int box[4];
    if (!parse_arguments(self, signature, args, count, &a) ||
        !make_pen(self, a.ints[0], NULL, &pen) || !parse_box(self, a.data, box)) {
        return NULL;
    }
    DRAW(box_work(box), sector(&pen, box, a.start, a.end, a.ints[1] != 0, a.ints[2]));
    Py_RETURN_NONE;
}

static PyObject *draw_chord(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_chord", true, 2, 3, false};
    return draw_sector(self, args, count, &signature, img_draw_chord);
}

static PyObject *draw_pieslice(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_pieslice", true, 2, 3, false};
    return draw_sector(self, args, count, &signature, img_draw_pieslice);
}

static PyObject *draw_arc(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    static const Signature signature = {"draw_arc", true, 1, 2, false};
    Arguments a;
    ImgPen pen;
    int box[4];
    if (!parse_arguments(self, &signature, args, count, &a) ||
        !make_pen(self, a.ints[0], NULL, &pen) || !parse_box(self, a.data, box)) {
        return NULL;
    }
    DRAW(box_work(box), img_draw_arc(&pen, box, a.start, a.end, a.ints[1]));
    Py_RETURN_NONE;
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

#define FAST(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef draw_methods[] = {
    {"draw_ink", draw_ink, METH_O, NULL},
    FAST(draw_points),
    FAST(draw_lines),
    FAST(draw_polygon),
    {"draw_outline", draw_outline, METH_VARARGS, NULL},
    FAST(draw_rectangle),
    FAST(draw_ellipse),
    FAST(draw_arc),
    FAST(draw_chord),
    FAST(draw_pieslice),
    {"draw_bitmap", draw_bitmap, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_draw_type(PyObject *module, ModuleState *state) {
    return add_plain_type(
        module, &state->draw_type, "PIL._imaging.ImagingDraw", sizeof(DrawObject), draw_dealloc,
        draw_methods);
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
