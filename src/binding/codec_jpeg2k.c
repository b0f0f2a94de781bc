/* Factories of the JPEG 2000 codec.
 *
 * jpeg2k_decoder(mode, kind, reduce=0, layers=0, fd=-1, length=-1)
 * jpeg2k_encoder(mode, kind, offset=None, tile_offset=None, tile_size=None, quality_mode="rates",
 *     quality_layers=None, resolutions=0, block_size=None, precinct_size=None, irreversible=False,
 *     progression="LRCP", cinema_mode="no", mct=0, signed=False, fd=-1, comment=None, plt=False)
 *
 * The kind is "j2k" (a raw codestream) or "jp2". Both codecs work on the file given by setfd; the
 * descriptor among the arguments is Pillow's and not used.
 */
#include "codecs.h"

#ifdef HAVE_OPENJPEG

#include <string.h>

#include "codec/jpeg2k.h"

static bool parse_kind(const char *name, ImgJpeg2kKind *kind) {
    const bool file = strcmp(name, "jp2") == 0;
    if (!file && strcmp(name, "j2k") != 0 && strcmp(name, "jpt") != 0) {
        PyErr_SetString(PyExc_ValueError, "unknown codec format");
        return false;
    }
    *kind = file ? IMG_JPEG2K_FILE : IMG_JPEG2K_STREAM;
    return true;
}

PyObject *new_jpeg2k_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *kind_name;
    int reduce = 0, layers = 0, fd = -1;
    Py_ssize_t length = -1;
    ImgJpeg2kKind kind;
    if (!PyArg_ParseTuple(
            args, "ss|iiin:jpeg2k_decoder", &mode_name, &kind_name, &reduce, &layers, &fd,
            &length) ||
        !parse_kind(kind_name, &kind)) {
        return NULL;
    }
    const ImgMode *mode = find_mode(mode_name);
    return mode ? wrap_decoder(module, img_jpeg2k_decoder(mode, kind, reduce, layers, length))
                : NULL;
}

typedef struct {
    const char *mode, *kind, *quality_mode, *progression, *cinema;
    PyObject *offset, *tile_offset, *tile_size, *layers, *block_size, *precinct_size;
    int irreversible, is_signed, fd, plt;
    Py_buffer comment;
} Arguments;

/* Anything but a pair counts as not given. False: its members are no ints. */
static bool parse_pair(PyObject *object, int *pair) {
    return !object || !PyTuple_Check(object) || PyTuple_GET_SIZE(object) != 2 ||
           PyArg_ParseTuple(object, "ii", &pair[0], &pair[1]);
}

/* Negative numbers count as 0. */
static bool parse_position(PyObject *object, int *pair) {
    if (!parse_pair(object, pair)) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        pair[i] = pair[i] < 0 ? 0 : pair[i];
    }
    return true;
}

static bool parse_layers(PyObject *layers, ImgJpeg2kOptions *o) {
    if (!layers || layers == Py_None || (!PyTuple_Check(layers) && !PyList_Check(layers))) {
        return true;
    }
    PyObject *values = PySequence_Tuple(layers); /* a list could change meanwhile */
    if (!values) {
        return false;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(values);
    count = count > IMG_JPEG2K_LAYERS ? IMG_JPEG2K_LAYERS : count;
    o->layer_count = (int)count;
    for (Py_ssize_t i = 0; i < count; i++) {
        o->layers[i] = (float)PyFloat_AsDouble(PyTuple_GET_ITEM(values, i));
    }
    Py_DECREF(values);
    return !PyErr_Occurred();
}

static bool parse_cinema(const char *name, ImgCinema *cinema) {
    static const struct {
        const char *name;
        ImgCinema cinema;
    } modes[] = {
        {"no", IMG_CINEMA_NONE},
        {"cinema2k-24", IMG_CINEMA_2K_24},
        {"cinema2k-48", IMG_CINEMA_2K_48},
        {"cinema4k-24", IMG_CINEMA_4K_24},
    };
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (strcmp(modes[i].name, name) == 0) {
            *cinema = modes[i].cinema;
            return true;
        }
    }
    PyErr_SetString(PyExc_ValueError, "unknown cinema mode");
    return false;
}

/* The tile at the upper left must have pixels. */
static bool check_tiles(const ImgJpeg2kOptions *o) {
    if (o->tile_size[0] <= 0 || o->tile_size[1] <= 0) {
        return true;
    }
    for (int i = 0; i < 2; i++) {
        if ((int64_t)o->tile_offset[i] <= (int64_t)o->offset[i] - o->tile_size[i]) {
            PyErr_SetString(
                PyExc_ValueError,
                "JPEG 2000 tile offset too small; top left tile must intersect image area");
            return false;
        }
    }
    if (o->tile_offset[0] > o->offset[0] || o->tile_offset[1] > o->offset[1]) {
        PyErr_SetString(PyExc_ValueError, "JPEG 2000 tile offset too large to cover image area");
        return false;
    }
    return true;
}

static bool interpret(const Arguments *a, ImgJpeg2kOptions *o) {
    o->progression = img_jpeg2k_progression(a->progression);
    if (o->progression < 0) {
        PyErr_SetString(PyExc_ValueError, "unknown progression");
        return false;
    }
    o->decibels = strcmp(a->quality_mode, "dB") == 0;
    o->irreversible = a->irreversible;
    o->is_signed = a->is_signed;
    o->packet_lengths = a->plt;
    return parse_kind(a->kind, &o->kind) && parse_cinema(a->cinema, &o->cinema) &&
           parse_position(a->offset, o->offset) && parse_position(a->tile_offset, o->tile_offset) &&
           parse_position(a->tile_size, o->tile_size) && parse_layers(a->layers, o) &&
           parse_pair(a->block_size, o->block_size) &&
           parse_pair(a->precinct_size, o->precinct_size) && check_tiles(o);
}

/* A segment's length has 16 bits, which count 4 bytes more than the comment. */
#define LONGEST_COMMENT 65531

static bool copy_comment(const Py_buffer *comment, ImgJpeg2kOptions *o) {
    if (comment->len > LONGEST_COMMENT) {
        PyErr_SetString(PyExc_ValueError, "JPEG 2000 comment is too long");
        return false;
    }
    if (!comment->buf || comment->len == 0) {
        return true;
    }
    o->comment = malloc((size_t)comment->len + 1);
    if (!o->comment) {
        PyErr_NoMemory();
        return false;
    }
    memcpy(o->comment, comment->buf, (size_t)comment->len);
    o->comment[comment->len] = 0;
    return true;
}

PyObject *new_jpeg2k_encoder(PyObject *module, PyObject *args) {
    Arguments a = {.quality_mode = "rates", .progression = "LRCP", .cinema = "no"};
    ImgJpeg2kOptions o = {.kind = IMG_JPEG2K_STREAM};
    if (!PyArg_ParseTuple(
            args, "ss|OOOsOiOOpssiiiz*p:jpeg2k_encoder", &a.mode, &a.kind, &a.offset,
            &a.tile_offset, &a.tile_size, &a.quality_mode, &a.layers, &o.resolutions, &a.block_size,
            &a.precinct_size, &a.irreversible, &a.progression, &a.cinema, &o.multi_component,
            &a.is_signed, &a.fd, &a.comment, &a.plt)) {
        return NULL;
    }
    const ImgMode *mode = find_mode(a.mode);
    bool good = mode && interpret(&a, &o) && copy_comment(&a.comment, &o);
    PyBuffer_Release(&a.comment);
    return good ? wrap_encoder(module, img_jpeg2k_encoder(mode, &o)) : NULL;
}

#endif
