/* Factories of GIF's codecs.
 *
 * gif_decoder(mode, bits=8, interlace=0, transparency=-1)   modes L, P
 * gif_encoder(mode, bits=8, interlace=0)                    modes 1, L, P
 */
#include "codecs.h"

#include "codec/gif.h"

/* A mode of one byte a pixel out of `allowed`, or NULL with ValueError. */
static const ImgMode *find_byte_mode(const char *name, const char *allowed) {
    const ImgMode *mode =
        strlen(name) == 1 && strchr(allowed, name[0]) ? img_mode_find(name) : NULL;
    if (!mode) {
        PyErr_SetString(PyExc_ValueError, "bad image mode");
    }
    return mode;
}

PyObject *new_gif_decoder(PyObject *module, PyObject *args) {
    const char *name;
    int bits = 8, interlace = 0, transparency = -1;
    if (!PyArg_ParseTuple(args, "s|iii:gif_decoder", &name, &bits, &interlace, &transparency)) {
        return NULL;
    }
    const ImgMode *mode = find_byte_mode(name, "LP");
    return mode ? wrap_decoder(module, img_gif_decoder(mode, bits, interlace != 0, transparency))
                : NULL;
}

PyObject *new_gif_encoder(PyObject *module, PyObject *args) {
    const char *name, *raw_name = NULL;
    int bits = 8, interlace = 0;
    if (!PyArg_ParseTuple(args, "s|sii:gif_encoder", &name, &raw_name, &bits, &interlace)) {
        return NULL;
    }
    const ImgMode *mode = find_byte_mode(name, "1LP");
    return mode ? wrap_encoder(module, img_gif_encoder(mode, interlace != 0)) : NULL;
}
