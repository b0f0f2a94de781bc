/* Binding of the group "codecs": the factories NAME_decoder(mode, ...) and NAME_encoder(mode, ...).
 *
 * raw_decoder, raw_encoder   (mode, rawmode, stride=0, ystep=1)
 */
#include "codecs.h"

#include "codec/raw.h"

typedef const ImgRawMode *(*FindRaw)(const ImgMode *mode, const char *name);

static bool find_modes(
    const char *mode_name, const char *raw_name, FindRaw find, const ImgMode **mode,
    const ImgRawMode **raw) {
    *mode = find_mode(mode_name);
    if (!*mode) {
        return false;
    }
    *raw = find(*mode, raw_name ? raw_name : mode_name);
    if (!*raw) {
        PyErr_SetString(PyExc_ValueError, "unrecognized raw mode");
        return false;
    }
    return true;
}

bool find_decoder_modes(
    const char *mode_name, const char *raw_name, const ImgMode **mode, const ImgRawMode **raw) {
    return find_modes(mode_name, raw_name, img_find_unpacker, mode, raw);
}

bool find_encoder_modes(
    const char *mode_name, const char *raw_name, const ImgMode **mode, const ImgRawMode **raw) {
    return find_modes(mode_name, raw_name, img_find_packer, mode, raw);
}

typedef struct {
    const char *mode, *raw;
    int stride, ystep;
} RawArguments;

static bool parse_raw(PyObject *args, const char *format, RawArguments *a) {
    *a = (RawArguments){NULL, NULL, 0, 1};
    return PyArg_ParseTuple(args, format, &a->mode, &a->raw, &a->stride, &a->ystep);
}

static PyObject *new_raw_decoder(PyObject *module, PyObject *args) {
    RawArguments a;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!parse_raw(args, "ss|ii:raw_decoder", &a) ||
        !find_decoder_modes(a.mode, a.raw, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, img_raw_decoder(mode, raw, a.stride, a.ystep));
}

static PyObject *new_raw_encoder(PyObject *module, PyObject *args) {
    RawArguments a;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!parse_raw(args, "ss|ii:raw_encoder", &a) ||
        !find_encoder_modes(a.mode, a.raw, &mode, &raw)) {
        return NULL;
    }
    return wrap_encoder(module, img_raw_encoder(mode, raw, a.stride, a.ystep));
}

PyMethodDef core_codecs_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_codecs_functions[] = {
    {"raw_decoder", new_raw_decoder, METH_VARARGS, NULL},
    {"raw_encoder", new_raw_encoder, METH_VARARGS, NULL},
#ifdef HAVE_LIBZ
    {"zip_decoder", new_zip_decoder, METH_VARARGS, NULL},
    {"zip_encoder", new_zip_encoder, METH_VARARGS, NULL},
#endif
    {NULL, NULL, 0, NULL},
};
