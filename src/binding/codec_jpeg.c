/* Factories of the JPEG codec.
 *
 * jpeg_decoder(mode, rawmode, file_colours, scale=1, fast=0, max_scans=1000)
 * jpeg_encoder(mode, rawmode, quality=0, progressive=False, smooth=0, optimize=False,
 *     keep_rgb=False, streamtype=0, (dpi_x, dpi_y)=(0, 0), subsampling=-1, restart_blocks=0,
 *     restart_rows=0, qtables=None, comment=None, extra=None, exif=None)
 */
#include "codecs.h"

#include "codec/jpeg.h"

#ifdef HAVE_LIBJPEG

PyObject *new_jpeg_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name, *file_colours;
    int scale = 1, fast = 0, max_scans = 1000;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(
            args, "ssz|iii:jpeg_decoder", &mode_name, &raw_name, &file_colours, &scale, &fast,
            &max_scans) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(
        module, img_jpeg_decoder(mode, raw, file_colours, scale, fast != 0, max_scans));
}

/* One table: a sequence of 64 ints of 16 bits. */
static bool parse_table(PyObject *object, unsigned *table) {
    PyObject *values = PySequence_Fast(object, "Invalid quantization table");
    if (!values) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ValueError, "Invalid quantization table");
        return false;
    }
    bool good = PySequence_Fast_GET_SIZE(values) == 64;
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "Invalid quantization table");
    }
    for (Py_ssize_t i = 0; good && i < 64; i++) {
        long v = PyLong_AsLong(PySequence_Fast_GET_ITEM(values, i));
        good = !(v == -1 && PyErr_Occurred());
        if (good && (v < 0 || v > 65535)) {
            PyErr_SetString(PyExc_OverflowError, "quantization value must fit 16 bits");
            good = false;
        }
        table[i] = good ? (unsigned)v : 0;
    }
    Py_DECREF(values);
    return good;
}

static bool parse_tables(PyObject *object, ImgJpegOptions *options) {
    if (!object || object == Py_None) {
        return true;
    }
    PyObject *tables = PySequence_Fast(object, "Invalid quantization tables");
    if (!tables) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ValueError, "Invalid quantization tables");
        return false;
    }
    Py_ssize_t count = PySequence_Fast_GET_SIZE(tables);
    bool good = count > 0 && count <= IMG_JPEG_TABLES;
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "Not a valid number of quantization tables");
    }
    for (Py_ssize_t i = 0; good && i < count; i++) {
        good = parse_table(PySequence_Fast_GET_ITEM(tables, i), options->table[i]);
    }
    options->table_count = (int)count;
    Py_DECREF(tables);
    return good;
}

/* A marker's contents, which must fit one segment. */
static bool parse_marker(const Py_buffer *buffer, const char *too_long, ImgBytes *bytes) {
    if (buffer->len > 65533) {
        PyErr_SetString(PyExc_ValueError, too_long);
        return false;
    }
    *bytes = (ImgBytes){buffer->buf, (size_t)buffer->len};
    return true;
}

typedef struct {
    const char *mode, *raw;
    PyObject *tables;
    Py_buffer comment, extra, exif;
    ImgJpegOptions options;
} EncoderArguments;

static bool parse_encoder(PyObject *args, EncoderArguments *a) {
    ImgJpegOptions *o = &a->options;
    *o = (ImgJpegOptions){.subsampling = -1};
    int progressive = 0, optimize = 0, keep_rgb = 0, stream = 0;
    if (!PyArg_ParseTuple(
            args, "ss|ipippi(ii)iiiOz*z*z*:jpeg_encoder", &a->mode, &a->raw, &o->quality,
            &progressive, &o->smooth, &optimize, &keep_rgb, &stream, &o->dpi_x, &o->dpi_y,
            &o->subsampling, &o->restart_blocks, &o->restart_rows, &a->tables, &a->comment,
            &a->extra, &a->exif)) {
        return false;
    }
    o->progressive = progressive != 0;
    o->optimize = optimize != 0;
    o->keep_rgb = keep_rgb != 0;
    o->stream = stream == 1 || stream == 2 ? (ImgJpegStream)stream : IMG_JPEG_ALL;
    o->extra = (ImgBytes){a->extra.buf, (size_t)a->extra.len};
    return parse_tables(a->tables, o) &&
           parse_marker(&a->comment, "Comment is too long", &o->comment) &&
           parse_marker(&a->exif, "EXIF data is too long", &o->exif);
}

PyObject *new_jpeg_encoder(PyObject *module, PyObject *args) {
    EncoderArguments a = {0};
    PyObject *encoder = NULL;
    if (parse_encoder(args, &a)) {
        const ImgMode *mode;
        const ImgRawMode *raw;
        const char *raw_name = strcmp(a.raw, "RGB") == 0 ? "RGBX" : a.raw;
        if (find_encoder_modes(a.mode, raw_name, &mode, &raw)) {
            encoder = wrap_encoder(module, img_jpeg_encoder(mode, raw, &a.options));
        }
    }
    PyBuffer_Release(&a.comment);
    PyBuffer_Release(&a.extra);
    PyBuffer_Release(&a.exif);
    return encoder;
}

#endif
