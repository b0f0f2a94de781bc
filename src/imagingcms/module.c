/* The module PIL._imagingcms: opening, making and writing profiles. */
#include "cms.h"

/* A profile may say that its chromatic adaptation matrix is shorter than the nine numbers that
 * everybody reads from it, past the tag's memory. Little CMS 2.14 refuses such a tag, and all is
 * well; where it does not, the profile is refused. */
static bool adaptation_is_whole(cmsHPROFILE handle) {
    if (!cmsIsTag(handle, cmsSigChromaticAdaptationTag)) {
        return true;
    }
    /* Signature of the type, four reserved bytes, nine 16.16 numbers. */
    return cmsReadRawTag(handle, cmsSigChromaticAdaptationTag, NULL, 0) >= 8 + 9 * 4 ||
           !cmsReadTag(handle, cmsSigChromaticAdaptationTag);
}

static PyObject *open_checked(PyObject *module, cmsHPROFILE handle, const char *complaint) {
    if (handle && !adaptation_is_whole(handle)) {
        cmsCloseProfile(handle);
        handle = NULL;
    }
    if (!handle) {
        PyErr_SetString(PyExc_OSError, complaint);
        return NULL;
    }
    return wrap_profile(cms_state(module), handle);
}

/* profile_open(name) */
static PyObject *profile_open(PyObject *module, PyObject *args) {
    const char *name;
    cmsHPROFILE handle;
    if (!PyArg_ParseTuple(args, "s:profile_open", &name)) {
        return NULL;
    }
    WITHOUT_GIL(handle = cmsOpenProfileFromFile(name, "r"));
    return open_checked(module, handle, "cannot open profile file");
}

/* profile_frombytes(data): the bytes are copied. */
static PyObject *profile_frombytes(PyObject *module, PyObject *args) {
    const char *data;
    Py_ssize_t size;
    cmsHPROFILE handle = NULL;
    if (!PyArg_ParseTuple(args, "y#:profile_frombytes", &data, &size)) {
        return NULL;
    }
    if ((size_t)size <= UINT32_MAX) {
        WITHOUT_GIL(handle = cmsOpenProfileFromMem(data, (cmsUInt32Number)size));
    }
    return open_checked(module, handle, "cannot open profile from string");
}

/* profile_tobytes(profile): the profile as a file. Little CMS is asked for the size first. */
static PyObject *profile_tobytes(PyObject *module, PyObject *args) {
    PyObject *profile, *bytes = NULL;
    if (!PyArg_ParseTuple(args, "O!:profile_tobytes", cms_state(module)->profile_type, &profile)) {
        return NULL;
    }
    cmsHPROFILE handle = ((ProfileObject *)profile)->handle;
    cmsUInt32Number size = 0;
    bool fine = false;
    LOCK_OBJECT(profile);
    if (cmsSaveProfileToMem(handle, NULL, &size)) {
        bytes = PyBytes_FromStringAndSize(NULL, size);
        fine = bytes && cmsSaveProfileToMem(handle, PyBytes_AS_STRING(bytes), &size);
    }
    UNLOCK_OBJECT();
    if (!fine) {
        Py_CLEAR(bytes);
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_OSError, "cannot write profile");
        }
    }
    return bytes;
}

static cmsHPROFILE create_lab(double temperature) {
    cmsCIExyY white;
    if (!(temperature > 0)) { /* NaN, too */
        return cmsCreateLab2Profile(NULL);
    }
    if (!cmsWhitePointFromTemp(&white, temperature)) {
        PyErr_SetString(
            PyExc_ValueError, "ERROR: Could not calculate white point from color temperature "
                              "provided, must be float in degrees Kelvin");
        return NULL;
    }
    return cmsCreateLab2Profile(&white);
}

/* createProfile(name, temperature=0.0): temperature in kelvin, of LAB's white point. */
static PyObject *create_profile(PyObject *module, PyObject *args) {
    const char *name;
    double temperature = 0;
    cmsHPROFILE handle = NULL;
    if (!PyArg_ParseTuple(args, "s|d:createProfile", &name, &temperature)) {
        return NULL;
    }
    if (!strcmp(name, "LAB")) {
        handle = create_lab(temperature);
    } else if (!strcmp(name, "XYZ")) {
        handle = cmsCreateXYZProfile();
    } else if (!strcmp(name, "sRGB")) {
        handle = cmsCreate_sRGBProfile();
    }
    if (!handle) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, "failed to create requested color space");
        }
        return NULL;
    }
    return wrap_profile(cms_state(module), handle);
}

static PyMethodDef functions[] = {
    {"profile_open", profile_open, METH_VARARGS, NULL},
    {"profile_frombytes", profile_frombytes, METH_VARARGS, NULL},
    {"profile_tobytes", profile_tobytes, METH_VARARGS, NULL},
    {"createProfile", create_profile, METH_VARARGS, NULL},
    {"buildTransform", build_transform, METH_VARARGS, NULL},
    {"buildProofTransform", build_proof_transform, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* The library's version at run time, "2.14" or "2.14.1". */
static int add_version(PyObject *module) {
    int version = cmsGetEncodedCMMversion();
    int major = version / 1000, minor = version % 1000 / 10, patch = version % 10;
    PyObject *text = patch ? PyUnicode_FromFormat("%d.%d.%d", major, minor, patch)
                           : PyUnicode_FromFormat("%d.%d", major, minor);
    int result = text ? PyModule_AddObjectRef(module, "littlecms_version", text) : -1;
    Py_XDECREF(text);
    return result;
}

static int cms_exec(PyObject *module) {
    CmsState *state = cms_state(module);
    PyObject *datetime = PyImport_ImportModule("datetime");
    if (!datetime) {
        return -1;
    }
    state->datetime = PyObject_GetAttrString(datetime, "datetime");
    Py_DECREF(datetime);
    if (!state->datetime || add_profile_type(module, state) < 0 ||
        add_transform_type(module, state) < 0) {
        return -1;
    }
    return add_version(module);
}

static int cms_traverse(PyObject *module, visitproc visit, void *arg) {
    CmsState *state = cms_state(module);
    Py_VISIT(state->profile_type);
    Py_VISIT(state->transform_type);
    Py_VISIT(state->datetime);
    return 0;
}

static int cms_clear(PyObject *module) {
    CmsState *state = cms_state(module);
    Py_CLEAR(state->profile_type);
    Py_CLEAR(state->transform_type);
    Py_CLEAR(state->datetime);
    return 0;
}

static void cms_free(void *module) {
    cms_clear((PyObject *)module);
}

static PyModuleDef_Slot cms_slots[] = {
    {Py_mod_exec, cms_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef cms_module = {
    PyModuleDef_HEAD_INIT,  .m_name = "PIL._imagingcms", .m_size = sizeof(CmsState),
    .m_methods = functions, .m_slots = cms_slots,        .m_traverse = cms_traverse,
    .m_clear = cms_clear,   .m_free = cms_free,
};

PyMODINIT_FUNC PyInit__imagingcms(void) {
    return PyModuleDef_Init(&cms_module);
}
