/* Factories of the TIFF codec, which is libtiff's.
 *
 * libtiff_decoder(mode, rawmode, fd, directory)   fd 0: decode gets the whole file
 * libtiff_encoder(mode, rawmode, fd, filename, tags, types)
 *     tags: a list of pairs of tag and value: int, float, bytes, or a tuple of ints or floats;
 *     types: a dictionary with the TIFF types of some of them
 */
#include "codecs.h"

#include "codec/tiff.h"

#ifdef HAVE_LIBTIFF

#include <tiff.h>

PyObject *new_libtiff_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int fd;
    unsigned directory;
    PyObject *position;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(args, "ssiO:libtiff_decoder", &mode_name, &raw_name, &fd, &position)) {
        return NULL;
    }
    size_t value = PyLong_AsSize_t(position);
    if (value == (size_t)-1 && PyErr_Occurred()) {
        return NULL;
    }
    if (value > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "directory is beyond 4 GiB");
        return NULL;
    }
    directory = (unsigned)value;
    if (!find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, img_tiff_decoder(mode, raw, fd, directory));
}

/* --- tags --- */

/* The type of a value whose type is not given. */
static int guess_type(PyObject *value) {
    bool array = PyTuple_Check(value);
    if (array) {
        value = PyTuple_GET_ITEM(value, 0);
    }
    if (PyLong_Check(value)) {
        return TIFF_LONG;
    }
    if (PyFloat_Check(value)) {
        return array ? TIFF_FLOAT : TIFF_DOUBLE;
    }
    return PyBytes_Check(value) ? TIFF_ASCII : 0;
}

/* 0: none can be told; -1: exception. */
static int type_of_tag(const ImgCodec *encoder, uint32_t tag, PyObject *value, PyObject *types) {
    PyObject *key = PyLong_FromUnsignedLong(tag);
    if (!key) {
        return -1;
    }
    PyObject *given = PyDict_GetItemWithError(types, key);
    Py_DECREF(key);
    if (given) {
        long type = PyLong_AsLong(given);
        if (type == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (type >= 1 && type <= 16) {
            return (int)type;
        }
    } else if (PyErr_Occurred()) {
        return -1;
    }
    int declared = img_tiff_type(encoder, tag);
    bool bytes = PyBytes_Check(value);
    bool text = declared == TIFF_ASCII || declared == TIFF_BYTE || declared == TIFF_UNDEFINED;
    return declared && bytes == text ? declared : guess_type(value);
}

static bool store_real(PyObject *item, int type, bool array, uint8_t *out) {
    double value = PyFloat_AsDouble(item);
    if (value == -1 && PyErr_Occurred()) {
        return false;
    }
    float single = (float)value;
    if (img_tiff_item_size(type, array) == sizeof(single)) {
        memcpy(out, &single, sizeof(single));
    } else {
        memcpy(out, &value, sizeof(value));
    }
    return true;
}

/* The lowest bytes of a number. */
static bool store_integer(PyObject *item, int type, bool array, uint8_t *out) {
    PyObject *number = PyNumber_Index(item);
    if (!number) {
        return false;
    }
    unsigned long long wide = PyLong_AsUnsignedLongLongMask(number);
    Py_DECREF(number);
    if (wide == (unsigned long long)-1 && PyErr_Occurred()) {
        return false;
    }
    uint8_t u8 = (uint8_t)wide;
    uint16_t u16 = (uint16_t)wide;
    uint32_t u32 = (uint32_t)wide;
    uint64_t u64 = wide;
    switch (img_tiff_item_size(type, array)) {
    case 1:
        *out = u8;
        break;
    case 2:
        memcpy(out, &u16, sizeof(u16));
        break;
    case 4:
        memcpy(out, &u32, sizeof(u32));
        break;
    default:
        memcpy(out, &u64, sizeof(u64));
    }
    return true;
}

static bool is_real(int type) {
    return type == TIFF_RATIONAL || type == TIFF_SRATIONAL || type == TIFF_FLOAT ||
           type == TIFF_DOUBLE;
}

static bool set_tag(ImgCodec *encoder, const ImgTiffTag *tag) {
    switch (img_tiff_set(encoder, tag)) {
    case IMG_TIFF_SET:
    case IMG_TIFF_SKIPPED:
        return true;
    case IMG_TIFF_MISMATCH:
        PyErr_Format(
            PyExc_ValueError, "Value of tag %u does not match libtiff field definition",
            (unsigned)tag->tag);
        return false;
    default:
        PyErr_SetString(PyExc_RuntimeError, "Error setting from dictionary");
        return false;
    }
}

static bool set_bytes(ImgCodec *encoder, ImgTiffTag *tag, PyObject *value) {
    if (!PyBytes_Check(value)) {
        PyErr_Format(PyExc_ValueError, "Incorrect tag value type for tag %u", (unsigned)tag->tag);
        return false;
    }
    tag->array = tag->type != TIFF_ASCII;
    tag->count = (size_t)PyBytes_GET_SIZE(value);
    tag->items = PyBytes_AS_STRING(value);
    return set_tag(encoder, tag);
}

static bool set_numbers(ImgCodec *encoder, ImgTiffTag *tag, PyObject *value) {
    tag->array = PyTuple_Check(value);
    tag->count = tag->array ? (size_t)PyTuple_GET_SIZE(value) : 1;
    size_t size = img_tiff_item_size(tag->type, tag->array);
    if (size == 0) {
        PyErr_SetString(PyExc_RuntimeError, "Error setting from dictionary");
        return false;
    }
    uint8_t *items = PyMem_Calloc(tag->count, size);
    if (!items) {
        PyErr_NoMemory();
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < tag->count; i++) {
        PyObject *item = tag->array ? PyTuple_GET_ITEM(value, (Py_ssize_t)i) : value;
        good = (is_real(tag->type) ? store_real : store_integer)(
            item, tag->type, tag->array, items + i * size);
    }
    tag->items = items;
    good = good && set_tag(encoder, tag);
    PyMem_Free(items);
    return good;
}

static bool set_item(ImgCodec *encoder, PyObject *item, PyObject *types) {
    unsigned number;
    PyObject *value;
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2) {
        PyErr_SetString(PyExc_ValueError, "Invalid tags list");
        return false;
    }
    if (!PyArg_ParseTuple(item, "IO", &number, &value)) {
        return false;
    }
    if (PyTuple_Check(value) && PyTuple_GET_SIZE(value) == 0) {
        return true;
    }
    ImgTiffTag tag = {.tag = number};
    tag.type = type_of_tag(encoder, number, value, types);
    if (tag.type < 0) {
        return false;
    }
    bool bytes = tag.type == TIFF_BYTE || tag.type == TIFF_UNDEFINED || tag.type == TIFF_ASCII;
    return bytes || number == TIFFTAG_INKNAMES ? set_bytes(encoder, &tag, value)
                                               : set_numbers(encoder, &tag, value);
}

static bool set_all(ImgCodec *encoder, PyObject *tags, PyObject *types) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(tags); i++) {
        PyObject *item = Py_NewRef(PyList_GET_ITEM(tags, i));
        bool good = set_item(encoder, item, types);
        Py_DECREF(item);
        if (!good) {
            return false;
        }
    }
    return true;
}

PyObject *new_libtiff_encoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int fd;
    PyObject *filename, *tags, *types;
    if (!PyArg_ParseTuple(
            args, "ssiOOO:libtiff_encoder", &mode_name, &raw_name, &fd, &filename, &tags, &types)) {
        return NULL;
    }
    if (!PyList_Check(tags) || !PyDict_Check(types)) {
        PyErr_SetString(
            PyExc_ValueError,
            PyList_Check(tags) ? "Invalid types dictionary" : "Invalid tags list");
        return NULL;
    }
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!find_encoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    ImgCodec *encoder = img_tiff_encoder(mode, raw, fd);
    if (!encoder) {
        PyErr_SetString(PyExc_RuntimeError, "Error setting up the TIFF encoder");
        return NULL;
    }
    if (!set_all(encoder, tags, types)) {
        img_codec_free(encoder);
        return NULL;
    }
    return wrap_encoder(module, encoder);
}

#endif
