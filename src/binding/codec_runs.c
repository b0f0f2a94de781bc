/* Factories of the run lengths of TGA, PCX and QOI.
 *
 * tga_rle_decoder(mode, rawmode, ystep=1, depth=8)
 * tga_rle_encoder(mode, rawmode, ystep=1)
 * pcx_decoder(mode, rawmode, stride)
 * pcx_encoder(mode, rawmode, ystep=1)             rows are written from the top down always
 * qoi_decoder(mode), qoi_encoder(mode)            "RGB" or "RGBA"
 */
#include "codecs.h"

#include "codec/qoi.h"
#include "codec/runs.h"

PyObject *new_tga_rle_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int ystep = 1, depth = 8;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(args, "ss|ii:tga_rle_decoder", &mode_name, &raw_name, &ystep, &depth) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, img_tga_rle_decoder(mode, raw, ystep < 0, depth));
}

PyObject *new_pcx_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int stride;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(args, "ssi:pcx_decoder", &mode_name, &raw_name, &stride) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, img_pcx_decoder(mode, raw, stride));
}

typedef struct {
    const ImgMode *mode;
    const ImgRawMode *raw;
    int ystep;
} EncoderArguments;

static bool parse_encoder(PyObject *args, const char *format, EncoderArguments *a) {
    const char *mode_name, *raw_name;
    a->ystep = 1;
    return PyArg_ParseTuple(args, format, &mode_name, &raw_name, &a->ystep) &&
           find_encoder_modes(mode_name, raw_name, &a->mode, &a->raw);
}

PyObject *new_tga_rle_encoder(PyObject *module, PyObject *args) {
    EncoderArguments a;
    return parse_encoder(args, "ss|i:tga_rle_encoder", &a)
               ? wrap_encoder(module, img_tga_rle_encoder(a.mode, a.raw, a.ystep < 0))
               : NULL;
}

PyObject *new_pcx_encoder(PyObject *module, PyObject *args) {
    EncoderArguments a;
    return parse_encoder(args, "ss|i:pcx_encoder", &a)
               ? wrap_encoder(module, img_pcx_encoder(a.mode, a.raw))
               : NULL;
}

typedef bool (*FindModes)(const char *, const char *, const ImgMode **, const ImgRawMode **);

/* The modes of QOI, whose raw mode follows from the image's. */
static bool parse_qoi(
    PyObject *args, const char *format, const char *raw_of_rgb, FindModes find,
    const ImgMode **mode, const ImgRawMode **raw) {
    const char *name;
    return PyArg_ParseTuple(args, format, &name) &&
           find(name, strcmp(name, "RGB") == 0 ? raw_of_rgb : "RGBA", mode, raw);
}

PyObject *new_qoi_decoder(PyObject *module, PyObject *args) {
    const ImgMode *mode;
    const ImgRawMode *raw;
    return parse_qoi(args, "s:qoi_decoder", "RGB", find_decoder_modes, &mode, &raw)
               ? wrap_decoder(module, img_qoi_decoder(mode, raw))
               : NULL;
}

PyObject *new_qoi_encoder(PyObject *module, PyObject *args) {
    const ImgMode *mode;
    const ImgRawMode *raw;
    return parse_qoi(args, "s:qoi_encoder", "RGBX", find_encoder_modes, &mode, &raw)
               ? wrap_encoder(module, img_qoi_encoder(mode, raw))
               : NULL;
}
