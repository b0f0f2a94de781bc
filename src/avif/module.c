/* The module PIL._avif. */
#include "avif_module.h"

const FrameMode *frame_mode(bool grey, bool alpha) {
    static const FrameMode rgb = {"RGB", AVIF_RGB_FORMAT_RGB, 3};
    static const FrameMode rgba = {"RGBA", AVIF_RGB_FORMAT_RGBA, 4};
#if HAVE_GREY_PIXELS
    static const FrameMode l = {"L", AVIF_RGB_FORMAT_GRAY, 1};
    if (grey && !alpha) {
        return &l;
    }
#else
    (void)grey;
#endif
    return alpha ? &rgba : &rgb;
}

const FrameMode *frame_mode_named(const char *name) {
    return frame_mode(!strcmp(name, "L"), !strcmp(name, "RGBA"));
}

PyObject *raise_result(avifResult result, const char *what) {
    PyObject *kind;
    switch (result) {
    case AVIF_RESULT_INVALID_EXIF_PAYLOAD:
    case AVIF_RESULT_INVALID_CODEC_SPECIFIC_OPTION:
        kind = PyExc_ValueError;
        break;
    case AVIF_RESULT_INVALID_FTYP:
    case AVIF_RESULT_BMFF_PARSE_FAILED:
    case AVIF_RESULT_TRUNCATED_DATA:
    case AVIF_RESULT_NO_CONTENT:
        kind = PyExc_SyntaxError;
        break;
    default:
        kind = PyExc_RuntimeError;
    }
    PyErr_Format(kind, "Failed to %s: %s", what, avifResultToString(result));
    return NULL;
}

/* Quarter turns against the clock come first, mirroring after them. Axis 0 exchanges top and
 * bottom, 1 left and right; -1 stands for no mirroring. Written are the first rows of each. */
static const struct {
    uint8_t orientation, turns;
    int8_t axis;
} orientations[] = {
    {1, 0, -1}, {2, 0, 1},  {3, 2, -1}, {4, 0, 0}, {5, 1, 0}, {6, 3, -1},
    {7, 3, 0},  {8, 1, -1}, {7, 1, 1},  {2, 2, 0}, {4, 2, 1}, {5, 3, 1},
};
#define ORIENTATIONS (sizeof(orientations) / sizeof(orientations[0]))

int orientation_of(const avifImage *image) {
    int turns = image->transformFlags & AVIF_TRANSFORM_IROT ? image->irot.angle & 3 : 0;
    int axis = image->transformFlags & AVIF_TRANSFORM_IMIR ? image->imir.MIRROR_AXIS & 1 : -1;
    for (size_t i = 0; i < ORIENTATIONS; i++) {
        if (orientations[i].turns == turns && orientations[i].axis == axis) {
            return orientations[i].orientation;
        }
    }
    return 1; /* not reached: the table has all twelve */
}

void set_orientation(avifImage *image, int orientation) {
    image->transformFlags &= ~(avifTransformFlags)(AVIF_TRANSFORM_IROT | AVIF_TRANSFORM_IMIR);
    for (size_t i = 0; i < ORIENTATIONS; i++) {
        if (orientations[i].orientation == orientation) {
            if (orientations[i].turns) {
                image->transformFlags |= AVIF_TRANSFORM_IROT;
                image->irot.angle = orientations[i].turns;
            }
            if (orientations[i].axis >= 0) {
                image->transformFlags |= AVIF_TRANSFORM_IMIR;
                image->imir.MIRROR_AXIS = (uint8_t)orientations[i].axis;
            }
            return;
        }
    }
}

static PyObject *codec_available(PyObject *args, avifCodecFlags wanted) {
    const char *name;
    if (!PyArg_ParseTuple(args, "s", &name)) {
        return NULL;
    }
    avifCodecChoice choice = avifCodecChoiceFromName(name);
    return PyBool_FromLong(choice != AVIF_CODEC_CHOICE_AUTO && avifCodecName(choice, wanted));
}

static PyObject *decoder_codec_available(PyObject *module, PyObject *args) {
    (void)module;
    return codec_available(args, AVIF_CODEC_FLAG_CAN_DECODE);
}

static PyObject *encoder_codec_available(PyObject *module, PyObject *args) {
    (void)module;
    return codec_available(args, AVIF_CODEC_FLAG_CAN_ENCODE);
}

static PyObject *codec_versions(PyObject *module, PyObject *ignored) {
    (void)module, (void)ignored;
    char text[256]; /* the size that libavif asks for */
    avifCodecVersions(text);
    return PyUnicode_FromString(text);
}

static PyMethodDef functions[] = {
    {"AvifDecoder", new_decoder, METH_VARARGS, NULL},
    {"AvifEncoder", new_encoder, METH_VARARGS, NULL},
    {"decoder_codec_available", decoder_codec_available, METH_VARARGS, NULL},
    {"encoder_codec_available", encoder_codec_available, METH_VARARGS, NULL},
    {"codec_versions", codec_versions, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* FRAME_MODES: the modes in which AvifEncoder.add takes pixels. */
static int add_modes(PyObject *module) {
    PyObject *modes = HAVE_GREY_PIXELS ? Py_BuildValue("sss", "L", "RGB", "RGBA")
                                       : Py_BuildValue("ss", "RGB", "RGBA");
    int result = modes ? PyModule_AddObjectRef(module, "FRAME_MODES", modes) : -1;
    Py_XDECREF(modes);
    return result;
}

static int avif_exec(PyObject *module) {
    return add_decoder_type(module) < 0 || add_encoder_type(module) < 0 || add_modes(module) < 0
               ? -1
               : PyModule_AddStringConstant(module, "libavif_version", avifVersion());
}

static int avif_traverse(PyObject *module, visitproc visit, void *arg) {
    AvifState *state = avif_state(module);
    Py_VISIT(state->decoder_type);
    Py_VISIT(state->encoder_type);
    return 0;
}

static int avif_clear(PyObject *module) {
    AvifState *state = avif_state(module);
    Py_CLEAR(state->decoder_type);
    Py_CLEAR(state->encoder_type);
    return 0;
}

static void avif_free(void *module) {
    avif_clear((PyObject *)module);
}

static PyModuleDef_Slot avif_slots[] = {
    {Py_mod_exec, avif_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef avif_module = {
    PyModuleDef_HEAD_INIT,  .m_name = "PIL._avif", .m_size = sizeof(AvifState),
    .m_methods = functions, .m_slots = avif_slots, .m_traverse = avif_traverse,
    .m_clear = avif_clear,  .m_free = avif_free,
};

PyMODINIT_FUNC PyInit__avif(void) {
    return PyModuleDef_Init(&avif_module);
}
