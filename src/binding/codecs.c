/* Binding of the group "codecs": the factories NAME_decoder(mode, ...) and NAME_encoder(mode, ...).
 *
 * raw_decoder, raw_encoder   (mode, rawmode, stride=0, ystep=1)
 * zip_decoder, zip_encoder   codec_zip.c
 * jpeg_decoder, jpeg_encoder codec_jpeg.c
 * gif_decoder, gif_encoder   codec_gif.c
 * libtiff_decoder, _encoder  codec_tiff.c
 * jpeg2k_decoder, jpeg2k_encoder  codec_jpeg2k.c
 * bit, packbits, hex, xbm    codec_simple.c
 * sgi_rle, sun_rle, pcd, fli codec_raster.c
 * tga_rle, pcx, qoi         codec_runs.c
 * bcn_decoder, bcn_encoder   codec_bcn.c
 */
#include "codecs.h"

#include "codec/raw.h"

bool find_decoder_modes(
    const char *mode_name, const char *raw_name, const ImgMode **mode, const ImgRawMode **raw) {
    *mode = img_mode_find(mode_name);
    *raw = *mode ? img_find_unpacker(*mode, raw_name) : NULL;
    if (!*raw) {
        PyErr_SetString(PyExc_ValueError, "unknown raw mode for given image mode");
    }
    return *raw != NULL;
}

bool find_encoder_modes(
    const char *mode_name, const char *raw_name, const ImgMode **mode, const ImgRawMode **raw) {
    *mode = img_mode_find(mode_name);
    *raw = *mode ? img_find_packer(*mode, raw_name) : NULL;
    if (!*raw) {
        PyErr_Format(PyExc_ValueError, "No packer found from %s to %s", mode_name, raw_name);
    }
    return *raw != NULL;
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
    {"bit_decoder", new_bit_decoder, METH_VARARGS, NULL},
    {"packbits_decoder", new_packbits_decoder, METH_VARARGS, NULL},
    {"hex_decoder", new_hex_decoder, METH_VARARGS, NULL},
    {"hex_encoder", new_hex_encoder, METH_VARARGS, NULL},
    {"eps_encoder", new_hex_encoder, METH_VARARGS, NULL},
    {"xbm_decoder", new_xbm_decoder, METH_VARARGS, NULL},
    {"xbm_encoder", new_xbm_encoder, METH_VARARGS, NULL},
    {"gif_decoder", new_gif_decoder, METH_VARARGS, NULL},
    {"gif_encoder", new_gif_encoder, METH_VARARGS, NULL},
    {"sgi_rle_decoder", new_sgi_rle_decoder, METH_VARARGS, NULL},
    {"sun_rle_decoder", new_sun_rle_decoder, METH_VARARGS, NULL},
    {"pcd_decoder", new_pcd_decoder, METH_VARARGS, NULL},
    {"fli_decoder", new_fli_decoder, METH_VARARGS, NULL},
    {"tga_rle_decoder", new_tga_rle_decoder, METH_VARARGS, NULL},
    {"tga_rle_encoder", new_tga_rle_encoder, METH_VARARGS, NULL},
    {"pcx_decoder", new_pcx_decoder, METH_VARARGS, NULL},
    {"pcx_encoder", new_pcx_encoder, METH_VARARGS, NULL},
    {"qoi_decoder", new_qoi_decoder, METH_VARARGS, NULL},
    {"qoi_encoder", new_qoi_encoder, METH_VARARGS, NULL},
    {"bcn_decoder", new_bcn_decoder, METH_VARARGS, NULL},
    {"bcn_encoder", new_bcn_encoder, METH_VARARGS, NULL},
#ifdef HAVE_LIBZ
    {"zip_decoder", new_zip_decoder, METH_VARARGS, NULL},
    {"zip_encoder", new_zip_encoder, METH_VARARGS, NULL},
#endif
#ifdef HAVE_LIBJPEG
    {"jpeg_decoder", new_jpeg_decoder, METH_VARARGS, NULL},
    {"jpeg_encoder", new_jpeg_encoder, METH_VARARGS, NULL},
#endif
#ifdef HAVE_LIBTIFF
    {"libtiff_decoder", new_libtiff_decoder, METH_VARARGS, NULL},
    {"libtiff_encoder", new_libtiff_encoder, METH_VARARGS, NULL},
#endif
#ifdef HAVE_OPENJPEG
    {"jpeg2k_decoder", new_jpeg2k_decoder, METH_VARARGS, NULL},
    {"jpeg2k_encoder", new_jpeg2k_encoder, METH_VARARGS, NULL},
#endif
    {NULL, NULL, 0, NULL},
};
