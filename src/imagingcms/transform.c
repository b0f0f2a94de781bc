/* Transforms between two profiles, and their application to images. */
#include "cms.h"

/* Bytes of Lab as the encoding of version 2 has them, one pad byte after. */
#define FORMAT_LAB (COLORSPACE_SH(PT_LabV2) | CHANNELS_SH(3) | BYTES_SH(1) | EXTRA_SH(1))

/* How Little CMS is told of a mode's rows. The formats never take more bytes a pixel than the
 * mode's storage has; all modes that are not listed are greys of one byte. */
static const struct {
    const char *mode;
    cmsUInt32Number format;
} formats[] = {
    {"RGB", TYPE_RGBA_8},   {"RGBA", TYPE_RGBA_8},   {"RGBX", TYPE_RGBA_8},
    {"CMYK", TYPE_CMYK_8},  {"LAB", FORMAT_LAB},     {"YCbCr", TYPE_YCbCr_8},
    {"I;16", TYPE_GRAY_16}, {"I;16L", TYPE_GRAY_16}, {"I;16B", TYPE_GRAY_16_SE},
};

static cmsUInt32Number format_of(const char *mode) {
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (!strcmp(mode, formats[i].mode)) {
            return formats[i].format;
        }
    }
    return TYPE_GRAY_8;
}

static void set_mode(char *field, const char *mode) {
    /* No image has a mode with a name that does not fit, so a cut one never matches either. */
    size_t length = strnlen(mode, sizeof(((TransformObject *)NULL)->mode_in) - 1);
    memcpy(field, mode, length);
    field[length] = 0;
}

static PyObject *wrap_transform(
    CmsState *state, cmsHTRANSFORM handle, const char *in, const char *out, const char *failure) {
    if (!handle) {
        PyErr_SetString(PyExc_ValueError, failure);
        return NULL;
    }
    TransformObject *self = PyObject_New(TransformObject, state->transform_type);
    if (!self) {
        cmsDeleteTransform(handle);
        return NULL;
    }
    self->handle = handle;
    set_mode(self->mode_in, in);
    set_mode(self->mode_out, out);
    return (PyObject *)self;
}

static cmsHPROFILE handle_of(PyObject *profile) {
    return ((ProfileObject *)profile)->handle;
}

/* buildTransform(in, out, mode_in, mode_out, intent=0, flags=0) */
PyObject *build_transform(PyObject *module, PyObject *args) {
    CmsState *state = cms_state(module);
    PyObject *in, *out;
    const char *mode_in, *mode_out;
    int intent = 0, flags = 0;
    cmsHTRANSFORM handle;
    if (!PyArg_ParseTuple(
            args, "O!O!ss|ii:buildTransform", state->profile_type, &in, state->profile_type, &out,
            &mode_in, &mode_out, &intent, &flags)) {
        return NULL;
    }
    WITHOUT_GIL(
        handle = cmsCreateTransform(
            handle_of(in), format_of(mode_in), handle_of(out), format_of(mode_out),
            (cmsUInt32Number)intent, (cmsUInt32Number)flags));
    return wrap_transform(state, handle, mode_in, mode_out, "cannot build transform");
}

/* buildProofTransform(in, out, proof, mode_in, mode_out, intent=0, proof_intent=0, flags=0) */
PyObject *build_proof_transform(PyObject *module, PyObject *args) {
    CmsState *state = cms_state(module);
    PyObject *in, *out, *proof;
    const char *mode_in, *mode_out;
    int intent = 0, proof_intent = 0, flags = 0;
    cmsHTRANSFORM handle;
    if (!PyArg_ParseTuple(
            args, "O!O!O!ss|iii:buildProofTransform", state->profile_type, &in, state->profile_type,
            &out, state->profile_type, &proof, &mode_in, &mode_out, &intent, &proof_intent,
            &flags)) {
        return NULL;
    }
    WITHOUT_GIL(
        handle = cmsCreateProofingTransform(
            handle_of(in), format_of(mode_in), handle_of(out), format_of(mode_out),
            handle_of(proof), (cmsUInt32Number)intent, (cmsUInt32Number)proof_intent,
            (cmsUInt32Number)flags));
    return wrap_transform(state, handle, mode_in, mode_out, "cannot build proof transform");
}

/* The byte after the three of colour goes along unchanged. */
static void copy_extra(ImgImage *out, const ImgImage *in) {
    for (int y = 0; y < in->height; y++) {
        const uint8_t *from = in->rows[y];
        uint8_t *to = out->rows[y];
        for (int x = 0; x < in->width; x++) {
            to[4 * (size_t)x + 3] = from[4 * (size_t)x + 3];
        }
    }
}

static void transform_pixels(const TransformObject *self, ImgImage *out, const ImgImage *in) {
    for (int y = 0; y < in->height; y++) {
        cmsDoTransform(self->handle, in->rows[y], out->rows[y], (cmsUInt32Number)in->width);
    }
    if (in != out && T_EXTRA(format_of(self->mode_in)) && T_EXTRA(format_of(self->mode_out))) {
        copy_extra(out, in);
    }
}

/* apply(capsule_in, capsule_out): 0, or -1 if the output is too small, which is left alone then. */
static PyObject *transform_apply(PyObject *object, PyObject *args) {
    TransformObject *self = (TransformObject *)object;
    PyObject *capsule_in, *capsule_out;
    if (!PyArg_ParseTuple(args, "OO:apply", &capsule_in, &capsule_out)) {
        return NULL;
    }
    const ImgImage *in = capsule_image(capsule_in);
    ImgImage *out = in ? capsule_image(capsule_out) : NULL;
    if (!out) {
        return NULL;
    }
    if (strcmp(in->mode->name, self->mode_in) || strcmp(out->mode->name, self->mode_out)) {
        PyErr_SetString(PyExc_ValueError, "mode mismatch");
        return NULL;
    }
    if (out->readonly) {
        PyErr_SetString(PyExc_ValueError, "image is readonly");
        return NULL;
    }
    if (in->width > out->width || in->height > out->height) {
        return PyLong_FromLong(-1);
    }
    WITHOUT_GIL(transform_pixels(self, out, in));
    return PyLong_FromLong(0);
}

static void transform_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    cmsDeleteTransform(((TransformObject *)self)->handle);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyMethodDef transform_methods[] = {
    {"apply", transform_apply, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_transform_type(PyObject *module, CmsState *state) {
    return add_plain_type(
               module, &state->transform_type, "PIL.ImageCms.core.CmsTransform",
               sizeof(TransformObject), transform_dealloc, transform_methods) < 0
               ? -1
               : PyModule_AddType(module, state->transform_type);
}
