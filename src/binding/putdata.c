/* putdata: pixels from a Python sequence. */
#include "access.h"
#include "ink.h"

#include <string.h>

typedef struct {
    double scale, offset;
    bool identity; /* nothing changes, but for -0.0, which becomes 0.0 */
} Linear;

static double apply(const Linear *linear, double item) {
    return item * linear->scale + linear->offset;
}

/* u8 saturates (nan counts as large). */
static uint8_t real_to_u8(double x) {
    return x <= 0.0 ? 0 : x < 256.0 ? (uint8_t)x : 255;
}

static void store_real(const ImgMode *mode, uint8_t *out, double x) {
    switch (mode->type) {
    case IMG_U8:
        out[0] = real_to_u8(x);
        break;
    case IMG_U16: {
        /* The two bytes are clipped apart, as if each were a pixel. C's % keeps the sign. */
        const int32_t whole = truncate_to_i32(x);
        store_u16(mode, out, clip_to_u8(whole % 256), clip_to_u8(whole >> 8));
        break;
    }
    case IMG_I32: {
        const int32_t whole = truncate_to_i32(x);
        memcpy(out, &whole, sizeof(whole));
        break;
    }
    case IMG_F32: {
        const float real = (float)x;
        memcpy(out, &real, sizeof(real));
        break;
    }
    }
}

/* An item of a one-band image. */
static bool real_item(PyObject *item, double *out) {
    if (PyLong_CheckExact(item)) {
        /* Almost all are small ints, which doubles hold exactly. */
        int overflow;
        const long value = PyLong_AsLongAndOverflow(item, &overflow);
        if (!overflow && value >= INT_MIN && value <= INT_MAX) {
            *out = (double)value;
            return true;
        }
    }
    if (PySequence_Check(item)) {
        PyErr_SetString(PyExc_TypeError, "sequence must be flattened");
        return false;
    }
    *out = PyFloat_AsDouble(item);
    return *out != -1.0 || !PyErr_Occurred();
}

static bool store_item(const ImgMode *mode, uint8_t *out, PyObject *item, const Linear *linear) {
    if (mode->bands > 1) {
        uint8_t ink[4];
        if (!parse_ink(mode, item, ink)) {
            return false;
        }
        memcpy(out, ink, sizeof(ink));
        return true;
    }
    double value;
    if (!real_item(item, &value)) {
        return false;
    }
    store_real(mode, out, apply(linear, value));
    return true;
}

/* Bytes go to the first `width` bytes of each row: pixels of the u8 modes, half pixels of I;16. */
static void
store_bytes(ImgImage *image, const uint8_t *in, Py_ssize_t count, const Linear *linear) {
    for (int y = 0; count > 0; y++) {
        const Py_ssize_t run = count < image->width ? count : image->width;
        uint8_t *out = image->rows[y];
        if (linear->identity) {
            memcpy(out, in, (size_t)run);
        } else {
            for (Py_ssize_t x = 0; x < run; x++) {
                out[x] = clip_to_u8(truncate_to_i32(apply(linear, in[x])));
            }
        }
        in += run;
        count -= run;
    }
}

/* Item i of a list or tuple (new reference). Converting an item may run Python code that shortens
 * the list, so that its length cannot be relied on. */
static PyObject *item_at(PyObject *fast, Py_ssize_t i) {
#if PY_VERSION_HEX >= 0x030D0000
    if (PyList_Check(fast)) {
        return PyList_GetItemRef(fast, i);
    }
#endif
    PyObject *item = PyList_Check(fast) ? PyList_GetItem(fast, i) : PyTuple_GetItem(fast, i);
    return Py_XNewRef(item);
}

static bool store_items(ImgImage *image, PyObject *fast, Py_ssize_t count, const Linear *linear) {
    const ImgMode *mode = image->mode;
    int x = 0, y = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = item_at(fast, i);
        if (!item) {
            return false;
        }
        uint8_t *out = image->rows[y] + (size_t)x * mode->pixel_size;
        const bool stored = store_item(mode, out, item, linear);
        Py_DECREF(item);
        if (!stored) {
            return false;
        }
        if (++x == image->width) {
            x = 0;
            y++;
        }
    }
    return true;
}

PyObject *core_putdata(PyObject *self, PyObject *args) {
    PyObject *data;
    Linear linear = {1.0, 0.0, true};
    if (!PyArg_ParseTuple(args, "O|dd:putdata", &data, &linear.scale, &linear.offset)) {
        return NULL;
    }
    linear.identity = linear.scale == 1.0 && linear.offset == 0.0;
    if (!PySequence_Check(data)) {
        PyErr_SetString(PyExc_TypeError, "argument must be a sequence");
        return NULL;
    }
    ImgImage *image = image_of(self);
    const Py_ssize_t room = (Py_ssize_t)image->width * image->height;
    Py_ssize_t count = PySequence_Size(data);
    if (count < 0) {
        return NULL;
    }
    if (count > room) {
        PyErr_SetString(PyExc_TypeError, "too many data entries");
        return NULL;
    }
    if (PyBytes_Check(data) && (image->mode->type == IMG_U8 || image->mode->type == IMG_U16) &&
        image->mode->bands == 1) {
        /* Not __len__, which a subclass may have overridden. */
        count = PyBytes_GET_SIZE(data) < count ? PyBytes_GET_SIZE(data) : count;
        store_bytes(image, (const uint8_t *)PyBytes_AS_STRING(data), count, &linear);
        Py_RETURN_NONE;
    }
    PyObject *fast = PySequence_Fast(data, "argument must be a sequence");
    if (!fast) {
        return NULL;
    }
    /* What iterating gave may be shorter or longer than the length that the object claims. */
    const Py_ssize_t found = PySequence_Fast_GET_SIZE(fast);
    const bool stored = store_items(image, fast, found < count ? found : count, &linear);
    Py_DECREF(fast);
    if (!stored) {
        return NULL;
    }
    Py_RETURN_NONE;
}
