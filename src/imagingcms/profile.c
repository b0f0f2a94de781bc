/* The profile object and what it tells of itself. */
#include "cms.h"

static cmsHPROFILE handle_of(PyObject *self) {
    return ((ProfileObject *)self)->handle;
}

/* Tags travel to the getters as their closure. */
#define TAG(signature) ((void *)(uintptr_t)(signature))

/* The value of a tag in the form in which Little CMS keeps it, or NULL. */
static void *read_tag(PyObject *self, cmsTagSignature tag) {
    return cmsIsTag(handle_of(self), tag) ? cmsReadTag(handle_of(self), tag) : NULL;
}

static void *tag_in(PyObject *self, void *closure) {
    return read_tag(self, (cmsTagSignature)(uintptr_t)closure);
}

/* --- Values --- */

static PyObject *signature_text(cmsUInt32Number signature) {
    char text[4];
    for (int i = 0; i < 4; i++) {
        text[i] = (char)(signature >> (24 - 8 * i) & 0xff);
    }
    return PyUnicode_DecodeASCII(text, sizeof text, NULL);
}

static PyObject *xyz_tuple(const cmsCIEXYZ *xyz) {
    return Py_BuildValue("(ddd)", xyz->X, xyz->Y, xyz->Z);
}

/* xyY of a colour; Little CMS divides by the sum, so black gives NaN as it does there. */
static PyObject *xyy_tuple(const cmsCIEXYZ *xyz) {
    cmsCIExyY xyy;
    cmsXYZ2xyY(&xyy, xyz);
    return Py_BuildValue("(ddd)", xyy.x, xyy.y, xyy.Y);
}

/* ((X, Y, Z), (x, y, Y)), or None for no colour. */
static PyObject *xyz_pair(const cmsCIEXYZ *xyz) {
    if (!xyz) {
        Py_RETURN_NONE;
    }
    return Py_BuildValue("(NN)", xyz_tuple(xyz), xyy_tuple(xyz));
}

/* --- Texts and signatures in tags --- */

static PyObject *get_text(PyObject *self, void *closure) {
    const cmsMLU *texts = tag_in(self, closure);
    cmsUInt32Number size = texts ? cmsMLUgetWide(texts, "en", cmsNoCountry, NULL, 0) : 0;
    if (!size) {
        Py_RETURN_NONE;
    }
    /* One more character than asked for, which stays zero. */
    wchar_t *buffer = PyMem_Calloc(size / sizeof(wchar_t) + 1, sizeof(wchar_t));
    if (!buffer) {
        return PyErr_NoMemory();
    }
    cmsMLUgetWide(texts, "en", cmsNoCountry, buffer, size);
    PyObject *result = PyUnicode_FromWideChar(buffer, -1);
    PyMem_Free(buffer);
    return result;
}

static PyObject *get_tag_signature(PyObject *self, void *closure) {
    const cmsSignature *signature = tag_in(self, closure);
    if (!signature) {
        Py_RETURN_NONE;
    }
    return signature_text(*signature);
}

/* --- The header --- */

typedef enum { MANUFACTURER, MODEL, DEVICE_CLASS, CONNECTION_SPACE, COLOR_SPACE } HeaderField;

static PyObject *get_header_signature(PyObject *self, void *closure) {
    cmsHPROFILE handle = handle_of(self);
    switch ((HeaderField)(uintptr_t)closure) {
    case MANUFACTURER:
        return signature_text(cmsGetHeaderManufacturer(handle));
    case MODEL:
        return signature_text(cmsGetHeaderModel(handle));
    case DEVICE_CLASS:
        return signature_text(cmsGetDeviceClass(handle));
    case CONNECTION_SPACE:
        return signature_text(cmsGetPCS(handle));
    case COLOR_SPACE:
        break;
    }
    return signature_text(cmsGetColorSpace(handle));
}

static PyObject *get_rendering_intent(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLong(cmsGetHeaderRenderingIntent(handle_of(self)));
}

static PyObject *get_version(PyObject *self, void *Py_UNUSED(closure)) {
    return PyFloat_FromDouble(cmsGetProfileVersion(handle_of(self)));
}

static PyObject *get_icc_version(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLong(cmsGetEncodedICCversion(handle_of(self)));
}

static PyObject *get_attributes(PyObject *self, void *Py_UNUSED(closure)) {
    cmsUInt64Number attributes;
    cmsGetHeaderAttributes(handle_of(self), &attributes);
    return PyLong_FromUnsignedLongLong(attributes);
}

static PyObject *get_header_flags(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLong(cmsGetHeaderFlags(handle_of(self)));
}

static PyObject *get_profile_id(PyObject *self, void *Py_UNUSED(closure)) {
    cmsUInt8Number id[16];
    cmsGetHeaderProfileID(handle_of(self), id);
    return PyBytes_FromStringAndSize((const char *)id, sizeof id);
}

/* A date that the calendar lacks is the ValueError of datetime. */
static PyObject *get_creation_date(PyObject *self, void *Py_UNUSED(closure)) {
    struct tm date;
    CmsState *state = PyType_GetModuleState(Py_TYPE(self));
    if (!cmsGetHeaderCreationDateTime(handle_of(self), &date)) {
        Py_RETURN_NONE;
    }
    return PyObject_CallFunction(
        state->datetime, "iiiiii", 1900 + date.tm_year, 1 + date.tm_mon, date.tm_mday, date.tm_hour,
        date.tm_min, date.tm_sec);
}

static PyObject *get_is_matrix_shaper(PyObject *self, void *Py_UNUSED(closure)) {
    return PyBool_FromLong(cmsIsMatrixShaper(handle_of(self)));
}

/* --- Colours --- */

static PyObject *get_color(PyObject *self, void *closure) {
    return xyz_pair(tag_in(self, closure));
}

static PyObject *get_colorant(PyObject *self, void *closure) {
    if (!cmsIsMatrixShaper(handle_of(self))) {
        Py_RETURN_NONE;
    }
    return get_color(self, closure);
}

/* XYZ of pure red, green and blue; false if they cannot be found. */
static bool find_primaries(cmsHPROFILE handle, cmsCIEXYZ found[3]) {
    const cmsFloat64Number pure[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    cmsHPROFILE xyz = cmsCreateXYZProfile();
    cmsHTRANSFORM transform = NULL;
    if (xyz) {
        transform = cmsCreateTransform(
            handle, TYPE_RGB_DBL, xyz, TYPE_XYZ_DBL, INTENT_RELATIVE_COLORIMETRIC,
            cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE);
        cmsCloseProfile(xyz);
    }
    if (!transform) {
        return false;
    }
    cmsDoTransform(transform, pure, found, 3);
    cmsDeleteTransform(transform);
    return true;
}

static PyObject *get_primary(PyObject *self, void *closure) {
    cmsCIEXYZ primaries[3];
    cmsHPROFILE handle = handle_of(self);
    bool fine;
    if (!cmsIsMatrixShaper(handle)) {
        Py_RETURN_NONE;
    }
    WITHOUT_GIL(fine = find_primaries(handle, primaries));
    return xyz_pair(fine ? &primaries[(uintptr_t)closure] : NULL);
}

static PyObject *get_white_point_temperature(PyObject *self, void *Py_UNUSED(closure)) {
    const cmsCIEXYZ *white = read_tag(self, cmsSigMediaWhitePointTag);
    cmsCIExyY xyy;
    cmsFloat64Number kelvin;
    if (!white || white->X == 0) {
        Py_RETURN_NONE;
    }
    cmsXYZ2xyY(&xyy, white);
    if (!cmsTempFromWhitePoint(&kelvin, &xyy)) {
        Py_RETURN_NONE;
    }
    return PyFloat_FromDouble(kelvin);
}

static PyObject *get_chromatic_adaptation(PyObject *self, void *Py_UNUSED(closure)) {
    /* Nine numbers: shorter ones are refused when a profile is opened. */
    const cmsCIEXYZ *rows = read_tag(self, cmsSigChromaticAdaptationTag);
    if (!rows) {
        Py_RETURN_NONE;
    }
    return Py_BuildValue(
        "((NNN)(NNN))", xyz_tuple(&rows[0]), xyz_tuple(&rows[1]), xyz_tuple(&rows[2]),
        xyy_tuple(&rows[0]), xyy_tuple(&rows[1]), xyy_tuple(&rows[2]));
}

static PyObject *get_chromaticity(PyObject *self, void *Py_UNUSED(closure)) {
    const cmsCIExyYTRIPLE *three = read_tag(self, cmsSigChromaticityTag);
    if (!three) {
        Py_RETURN_NONE;
    }
    return Py_BuildValue(
        "((ddd)(ddd)(ddd))", three->Red.x, three->Red.y, three->Red.Y, three->Green.x,
        three->Green.y, three->Green.Y, three->Blue.x, three->Blue.y, three->Blue.Y);
}

static PyObject *get_colorant_table(PyObject *self, void *closure) {
    const cmsNAMEDCOLORLIST *colors = tag_in(self, closure);
    if (!colors) {
        Py_RETURN_NONE;
    }
    cmsUInt32Number count = cmsNamedColorCount(colors);
    PyObject *names = PyList_New(0);
    for (cmsUInt32Number i = 0; names && i < count; i++) {
        char name[cmsMAX_PATH] = "";
        cmsNamedColorInfo(colors, i, name, NULL, NULL, NULL, NULL);
        PyObject *text = PyUnicode_FromString(name);
        if (!text || PyList_Append(names, text) < 0) {
            Py_CLEAR(names);
        }
        Py_XDECREF(text);
    }
    return names;
}

/* --- Intents --- */

typedef cmsBool (*IntentQuestion)(cmsHPROFILE, cmsUInt32Number intent, cmsUInt32Number direction);

/* {intent: (input, output, proof)} for the four intents of ICC. */
static PyObject *ask_intents(PyObject *self, IntentQuestion question) {
    PyObject *answers = PyDict_New();
    for (cmsUInt32Number intent = 0; answers && intent < 4; intent++) {
        PyObject *key = PyLong_FromUnsignedLong(intent), *row = PyTuple_New(3);
        for (cmsUInt32Number i = 0; row && i < 3; i++) {
            PyTuple_SET_ITEM(row, i, PyBool_FromLong(question(handle_of(self), intent, i)));
        }
        if (!key || !row || PyDict_SetItem(answers, key, row) < 0) {
            Py_CLEAR(answers);
        }
        Py_XDECREF(key);
        Py_XDECREF(row);
    }
    return answers;
}

static PyObject *get_intent_supported(PyObject *self, void *Py_UNUSED(closure)) {
    return ask_intents(self, cmsIsIntentSupported);
}

static PyObject *get_clut(PyObject *self, void *Py_UNUSED(closure)) {
    return ask_intents(self, cmsIsCLUT);
}

/* is_intent_supported(intent, direction) */
static PyObject *is_intent_supported(PyObject *self, PyObject *args) {
    int intent, direction;
    if (!PyArg_ParseTuple(args, "ii:is_intent_supported", &intent, &direction)) {
        return NULL;
    }
    return PyLong_FromLong(
        cmsIsIntentSupported(
            handle_of(self), (cmsUInt32Number)intent, (cmsUInt32Number)direction) != 0);
}

/* --- Conditions of measurement and viewing --- */

static const char *illuminant_name(cmsUInt32Number type) {
    static const char *const names[] = {"unknown", "D50", "D65", "D93", "F2",
                                        "D55",     "A",   "E",   "F8"};
    return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

static PyObject *get_measurement_condition(PyObject *self, void *Py_UNUSED(closure)) {
    const cmsICCMeasurementConditions *c = read_tag(self, cmsSigMeasurementTag);
    if (!c) {
        Py_RETURN_NONE;
    }
    const char *geometry = c->Geometry == 1   ? "45/0, 0/45"
                           : c->Geometry == 2 ? "0d, d/0"
                                              : "unknown";
    return Py_BuildValue(
        "{s:I,s:N,s:s,s:d,s:z}", "observer", c->Observer, "backing", xyz_tuple(&c->Backing), "geo",
        geometry, "flare", c->Flare, "illuminant_type", illuminant_name(c->IlluminantType));
}

static PyObject *get_viewing_condition(PyObject *self, void *Py_UNUSED(closure)) {
    const cmsICCViewingConditions *c = read_tag(self, cmsSigViewingConditionsTag);
    if (!c) {
        Py_RETURN_NONE;
    }
    return Py_BuildValue(
        "{s:N,s:N,s:z}", "illuminant", xyz_tuple(&c->IlluminantXYZ), "surround",
        xyz_tuple(&c->SurroundXYZ), "illuminant_type", illuminant_name(c->IlluminantType));
}

/* --- The type --- */

#define GETTER(name, function, closure) {name, function, NULL, NULL, closure}
#define FIELD(value) ((void *)(uintptr_t)(value))

static PyGetSetDef profile_getters[] = {
    GETTER("copyright", get_text, TAG(cmsSigCopyrightTag)),
    GETTER("target", get_text, TAG(cmsSigCharTargetTag)),
    GETTER("manufacturer", get_text, TAG(cmsSigDeviceMfgDescTag)),
    GETTER("model", get_text, TAG(cmsSigDeviceModelDescTag)),
    GETTER("profile_description", get_text, TAG(cmsSigProfileDescriptionTag)),
    GETTER("screening_description", get_text, TAG(cmsSigScreeningDescTag)),
    GETTER("viewing_condition", get_text, TAG(cmsSigViewingCondDescTag)),
    GETTER("technology", get_tag_signature, TAG(cmsSigTechnologyTag)),
    GETTER("colorimetric_intent", get_tag_signature, TAG(cmsSigColorimetricIntentImageStateTag)),
    GETTER(
        "perceptual_rendering_intent_gamut", get_tag_signature,
        TAG(cmsSigPerceptualRenderingIntentGamutTag)),
    GETTER(
        "saturation_rendering_intent_gamut", get_tag_signature,
        TAG(cmsSigSaturationRenderingIntentGamutTag)),
    GETTER("header_manufacturer", get_header_signature, FIELD(MANUFACTURER)),
    GETTER("header_model", get_header_signature, FIELD(MODEL)),
    GETTER("device_class", get_header_signature, FIELD(DEVICE_CLASS)),
    GETTER("connection_space", get_header_signature, FIELD(CONNECTION_SPACE)),
    GETTER("xcolor_space", get_header_signature, FIELD(COLOR_SPACE)),
    GETTER("rendering_intent", get_rendering_intent, NULL),
    GETTER("version", get_version, NULL),
    GETTER("icc_version", get_icc_version, NULL),
    GETTER("attributes", get_attributes, NULL),
    GETTER("header_flags", get_header_flags, NULL),
    GETTER("profile_id", get_profile_id, NULL),
    GETTER("creation_date", get_creation_date, NULL),
    GETTER("is_matrix_shaper", get_is_matrix_shaper, NULL),
    GETTER("red_colorant", get_colorant, TAG(cmsSigRedColorantTag)),
    GETTER("green_colorant", get_colorant, TAG(cmsSigGreenColorantTag)),
    GETTER("blue_colorant", get_colorant, TAG(cmsSigBlueColorantTag)),
    GETTER("red_primary", get_primary, FIELD(0)),
    GETTER("green_primary", get_primary, FIELD(1)),
    GETTER("blue_primary", get_primary, FIELD(2)),
    GETTER("media_white_point", get_color, TAG(cmsSigMediaWhitePointTag)),
    GETTER("media_black_point", get_color, TAG(cmsSigMediaBlackPointTag)),
    GETTER("luminance", get_color, TAG(cmsSigLuminanceTag)),
    GETTER("media_white_point_temperature", get_white_point_temperature, NULL),
    GETTER("chromatic_adaptation", get_chromatic_adaptation, NULL),
    GETTER("chromaticity", get_chromaticity, NULL),
    GETTER("colorant_table", get_colorant_table, TAG(cmsSigColorantTableTag)),
    GETTER("colorant_table_out", get_colorant_table, TAG(cmsSigColorantTableOutTag)),
    GETTER("intent_supported", get_intent_supported, NULL),
    GETTER("clut", get_clut, NULL),
    GETTER("icc_measurement_condition", get_measurement_condition, NULL),
    GETTER("icc_viewing_condition", get_viewing_condition, NULL),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef profile_methods[] = {
    {"is_intent_supported", is_intent_supported, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static void profile_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    cmsCloseProfile(handle_of(self));
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot profile_slots[] = {
    {Py_tp_dealloc, profile_dealloc},
    {Py_tp_methods, profile_methods},
    {Py_tp_getset, profile_getters},
    {0, NULL},
};

static PyType_Spec profile_spec = {
    .name = "PIL.ImageCms.core.CmsProfile",
    .basicsize = sizeof(ProfileObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = profile_slots,
};

int add_profile_type(PyObject *module, CmsState *state) {
    state->profile_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &profile_spec, NULL);
    return state->profile_type ? PyModule_AddType(module, state->profile_type) : -1;
}

PyObject *wrap_profile(CmsState *state, cmsHPROFILE handle) {
    ProfileObject *self = PyObject_New(ProfileObject, state->profile_type);
    if (!self) {
        cmsCloseProfile(handle);
        return NULL;
    }
    self->handle = handle;
    return (PyObject *)self;
}
