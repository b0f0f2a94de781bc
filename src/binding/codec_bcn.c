/* Factories of block compression.
 *
 * bcn_decoder(mode, number, variant="")  number 1 to 7; the variants "BC5S" and "BC6HS" are signed
 * bcn_encoder(mode, number)              number 1, 2, 3 or 5
 */
#include "codecs.h"

#include <string.h>

#include "codec/bcn.h"

PyObject *new_bcn_decoder(PyObject *module, PyObject *args) {
    const char *name, *variant = "";
    int number;
    ImgModeId id;
    if (!PyArg_ParseTuple(args, "si|s:bcn_decoder", &name, &number, &variant)) {
        return NULL;
    }
    if (!img_bcn_mode(number, &id)) {
        PyErr_SetString(PyExc_ValueError, "block compression type unknown");
        return NULL;
    }
    if (img_mode_find(name) != img_mode(id)) {
        PyErr_SetString(PyExc_ValueError, "bad image mode");
        return NULL;
    }
    bool is_signed = strcmp(variant, "BC5S") == 0 || strcmp(variant, "BC6HS") == 0;
    return wrap_decoder(module, img_bcn_decoder(number, is_signed));
}

PyObject *new_bcn_encoder(PyObject *module, PyObject *args) {
    const char *name;
    int number;
    if (!PyArg_ParseTuple(args, "si:bcn_encoder", &name, &number)) {
        return NULL;
    }
    const ImgMode *mode = img_mode_find(name);
    if (!mode || !img_bcn_can_encode(number, mode)) {
        PyErr_SetString(
            PyExc_ValueError, mode ? "mode cannot be block compressed so" : "bad image mode");
        return NULL;
    }
    return wrap_encoder(module, img_bcn_encoder(number, mode));
}
