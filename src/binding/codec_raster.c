/* Factories of the decoders of raster formats.
 *
 * sgi_rle_decoder(mode, rawmode, ystep=1, bpc=1)
 * sun_rle_decoder(mode, rawmode)
 * pcd_decoder("RGB")                              all arguments are ignored
 * fli_decoder(mode)                               a mode of one byte a pixel
 */
#include "codecs.h"

#include "codec/raster.h"

PyObject *new_sgi_rle_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int ystep = 1, bytes_per_sample = 1;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(
            args, "ss|ii:sgi_rle_decoder", &mode_name, &raw_name, &ystep, &bytes_per_sample) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    if (bytes_per_sample != 1 && bytes_per_sample != 2) {
        PyErr_SetString(PyExc_ValueError, "bad number of bytes per channel");
        return NULL;
    }
    return wrap_decoder(module, img_sgi_rle_decoder(mode, raw, ystep < 0, bytes_per_sample));
}

PyObject *new_sun_rle_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(args, "ss:sun_rle_decoder", &mode_name, &raw_name) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, img_sun_rle_decoder(mode, raw));
}

PyObject *new_pcd_decoder(PyObject *module, PyObject *args) {
    (void)args;
    const ImgMode *mode = img_mode(IMG_MODE_RGB);
    return wrap_decoder(module, img_pcd_decoder(mode, img_find_unpacker(mode, "YCC;P")));
}

PyObject *new_fli_decoder(PyObject *module, PyObject *args) {
    const char *name = "P";
    if (!PyArg_ParseTuple(args, "|s:fli_decoder", &name)) {
        return NULL;
    }
    const ImgMode *mode = img_mode_find(name);
    if (!mode || mode->pixel_size != 1) {
        PyErr_SetString(PyExc_ValueError, "bad image mode");
        return NULL;
    }
    return wrap_decoder(module, img_fli_decoder(mode));
}
