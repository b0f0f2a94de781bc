/* Factories of the zip codec (PNG image data).
 *
 * zip_decoder(mode, rawmode, interlaced=0)
 * zip_encoder(mode, rawmode, optimize=False, compress_level=-1, compress_type=-1, dictionary=b"")
 */
#include "codecs.h"

#include "codec/zip.h"

#ifdef HAVE_LIBZ

PyObject *new_zip_decoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int interlaced = 0;
    const ImgMode *mode;
    const ImgRawMode *raw;
    if (!PyArg_ParseTuple(args, "ss|i:zip_decoder", &mode_name, &raw_name, &interlaced) ||
        !find_decoder_modes(mode_name, raw_name, &mode, &raw)) {
        return NULL;
    }
    return wrap_decoder(module, img_zip_decoder(mode, raw, interlaced != 0));
}

PyObject *new_zip_encoder(PyObject *module, PyObject *args) {
    const char *mode_name, *raw_name;
    int optimize = 0;
    Py_buffer dictionary = {0};
    ImgZipOptions options = {.level = -1, .strategy = -1};
    if (!PyArg_ParseTuple(
            args, "ss|piiy*:zip_encoder", &mode_name, &raw_name, &optimize, &options.level,
            &options.strategy, &dictionary)) {
        return NULL;
    }
    options.optimize = optimize != 0;
    options.dictionary = dictionary.buf;
    options.dictionary_size = (size_t)dictionary.len;
    const ImgMode *mode;
    const ImgRawMode *raw;
    PyObject *encoder = NULL;
    if (find_encoder_modes(mode_name, raw_name, &mode, &raw)) {
        encoder = wrap_encoder(module, img_zip_encoder(mode, raw, &options));
    }
    PyBuffer_Release(&dictionary);
    return encoder;
}

#endif
