/* The module PIL._webp. */
#include "webp.h"

static PyMethodDef functions[] = {
    {"WebPAnimDecoder", new_anim_decoder, METH_VARARGS, NULL},
    {"WebPAnimEncoder", new_anim_encoder, METH_VARARGS, NULL},
    {"WebPEncode", encode_still, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int webp_exec(PyObject *module) {
    int v = WebPGetDecoderVersion();
    char text[16];
    PyOS_snprintf(text, sizeof(text), "%d.%d.%d", v >> 16 & 255, v >> 8 & 255, v & 255);
    return add_decoder_type(module) < 0 || add_encoder_type(module) < 0
               ? -1
               : PyModule_AddStringConstant(module, "webpdecoder_version", text);
}

static int webp_traverse(PyObject *module, visitproc visit, void *arg) {
    WebPState *state = webp_state(module);
    Py_VISIT(state->decoder_type);
    Py_VISIT(state->encoder_type);
    return 0;
}

static int webp_clear(PyObject *module) {
    WebPState *state = webp_state(module);
    Py_CLEAR(state->decoder_type);
    Py_CLEAR(state->encoder_type);
    return 0;
}

static void webp_free(void *module) {
    webp_clear((PyObject *)module);
}

static PyModuleDef_Slot webp_slots[] = {
    {Py_mod_exec, webp_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef webp_module = {
    PyModuleDef_HEAD_INIT,  .m_name = "PIL._webp", .m_size = sizeof(WebPState),
    .m_methods = functions, .m_slots = webp_slots, .m_traverse = webp_traverse,
    .m_clear = webp_clear,  .m_free = webp_free,
};

PyMODINIT_FUNC PyInit__webp(void) {
    return PyModuleDef_Init(&webp_module);
}
