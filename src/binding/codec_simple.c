/* Factories of the small codecs.
 *
 * packbits_decoder(mode, rawmode)
 * hex_decoder(mode, rawmode)
 * hex_encoder(mode), eps_encoder(mode)            further arguments are ignored
 * xbm_decoder("1"), xbm_encoder("1")              all arguments are ignored
 * bit_decoder("F", bits=8, pad=8, fill=0, sign=0, ystep=1)
 */
#include "codecs.h"

#include "codec/simple.h"

typedef ImgCodec *(*NewDecoder)(const ImgMode *mode, const ImgRawMode *raw);

static PyObject *
decoder_of_modes(PyObject *module, PyObject *args, const char *format, NewDecoder make) {
    const char *mode_name, *raw_name;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(args, format, &mode_name, &raw_name) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, make(mode, raw));
}

PyObject *new_packbits_decoder(PyObject *module, PyObject *args) {
    return decoder_of_modes(module, args, "ss:packbits_decoder", img_packbits_decoder);
}

PyObject *new_hex_decoder(PyObject *module, PyObject *args) {
    return decoder_of_modes(module, args, "ss:hex_decoder", img_hex_decoder);
}

/* The mode is the first argument, if it is one. */
PyObject *new_hex_encoder(PyObject *module, PyObject *args) {
    const char *name = NULL;
    if (PyTuple_GET_SIZE(args) > 0 && PyUnicode_Check(PyTuple_GET_ITEM(args, 0))) {
        name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(args, 0));
    }
    const ImgMode *mode = name ? img_mode_find(name) : NULL;
    if (!mode) {
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "unrecognized image mode");
    }
    return wrap_encoder(module, img_hex_encoder(mode));
}

PyObject *new_xbm_decoder(PyObject *module, PyObject *args) {
    (void)args;
    const ImgMode *mode = img_mode(IMG_MODE_1);
    return wrap_decoder(module, img_xbm_decoder(mode, img_find_unpacker(mode, "1;R")));
}

PyObject *new_xbm_encoder(PyObject *module, PyObject *args) {
    (void)args;
    const ImgMode *mode = img_mode(IMG_MODE_1);
    return wrap_encoder(module, img_xbm_encoder(mode, img_find_packer(mode, "1;R")));
}

PyObject *new_bit_decoder(PyObject *module, PyObject *args) {
    const char *mode_name;
    ImgBitOptions o = {.bits = 8, .pad = 8, .ystep = 1};
    int is_signed = 0;
    if (!PyArg_ParseTuple(
            args, "s|iiiii:bit_decoder", &mode_name, &o.bits, &o.pad, &o.fill, &is_signed,
            &o.ystep)) {
        return NULL;
    }
    if (strcmp(mode_name, "F") != 0) {
        PyErr_SetString(PyExc_ValueError, "bad image mode");
        return NULL;
    }
    o.is_signed = is_signed != 0;
    return wrap_decoder(module, img_bit_decoder(img_mode(IMG_MODE_F), &o));
}
