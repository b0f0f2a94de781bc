/* What PIL._imaging says of its libraries, and the texts of codec states. */
#include "binding.h"
#include "codec/tiff.h"
#include "quant/quantize.h"

#ifdef HAVE_LIBJPEG
#include <stdio.h> /* which jpeglib.h needs but does not include */
#include <jpeglib.h>
#endif
#ifdef HAVE_LIBZ
#include <zlib.h>
#endif

#ifdef HAVE_OPENJPEG
#include "codec/jpeg2k.h"
#endif

#define TEXT_OF(macro) TEXT(macro)
#define TEXT(words) #words

#if defined(HAVE_LIBJPEG) && defined(LIBJPEG_TURBO_VERSION)
#define TURBO 1
#else
#define TURBO 0
#endif

/* MozJPEG is libjpeg-turbo with more parameters, which its header announces so. */
#if TURBO && defined(JPEG_C_PARAM_SUPPORTED)
#define MOZJPEG 1
#else
#define MOZJPEG 0
#endif

#if defined(HAVE_LIBZ) && defined(ZLIBNG_VERSION)
#define ZLIBNG 1
#else
#define ZLIBNG 0
#endif

#ifdef HAVE_XCB
#define XCB 1
#else
#define XCB 0
#endif

static int add_bool(PyObject *module, const char *name, bool value) {
    return PyModule_AddObjectRef(module, name, value ? Py_True : Py_False);
}

/* Programs ask for these before they use what belongs to them; the functions of libraries that
 * are not built in are absent. */
static int add_flags(PyObject *module) {
    if (add_bool(module, "HAVE_LIBJPEGTURBO", TURBO) < 0 ||
        add_bool(module, "HAVE_MOZJPEG", MOZJPEG) < 0 ||
        add_bool(module, "HAVE_ZLIBNG", ZLIBNG) < 0 ||
        add_bool(module, "HAVE_LIBIMAGEQUANT", img_imagequant_version() != 0) < 0 ||
        add_bool(module, "HAVE_XCB", XCB) < 0) {
        return -1;
    }
    return 0;
}

static int add_jpeg(PyObject *module) {
#ifdef HAVE_LIBJPEG
    /* The version of the interface, 62 for 6b and libjpeg-turbo, 80 for 8d. */
    char version[16];
    PyOS_snprintf(version, sizeof(version), "%d.%d", JPEG_LIB_VERSION / 10, JPEG_LIB_VERSION % 10);
    if (PyModule_AddStringConstant(module, "jpeglib_version", version) < 0) {
        return -1;
    }
#endif
#if TURBO
    return PyModule_AddStringConstant(
        module, "libjpeg_turbo_version", TEXT_OF(LIBJPEG_TURBO_VERSION));
#else
    (void)module;
    return 0;
#endif
}

static int add_zlib(PyObject *module) {
#ifdef HAVE_LIBZ
    static const struct {
        const char *name;
        int value;
    } strategies[] = {
        {"DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
        {"FILTERED", Z_FILTERED},
        {"HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
        {"RLE", Z_RLE},
        {"FIXED", Z_FIXED},
    };
    for (size_t i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++) {
        if (PyModule_AddIntConstant(module, strategies[i].name, strategies[i].value) < 0) {
            return -1;
        }
    }
    if (PyModule_AddStringConstant(module, "zlib_version", zlibVersion()) < 0) {
        return -1;
    }
#endif
#if ZLIBNG
    return PyModule_AddStringConstant(module, "zlib_ng_version", ZLIBNG_VERSION);
#else
    (void)module;
    return 0;
#endif
}

static int add_libtiff(PyObject *module) {
#ifdef HAVE_LIBTIFF
    return PyModule_AddStringConstant(module, "libtiff_version", img_tiff_version());
#else
    (void)module;
    return 0;
#endif
}

static int add_jpeg2k(PyObject *module) {
#ifdef HAVE_OPENJPEG
    return PyModule_AddStringConstant(module, "jp2klib_version", img_jpeg2k_version());
#else
    (void)module;
    return 0;
#endif
}

static int add_imagequant(PyObject *module) {
    const int version = img_imagequant_version();
    if (version == 0) {
        return 0;
    }
    char text[32];
    snprintf(text, sizeof(text), "%d.%d.%d", version / 10000, version / 100 % 100, version % 100);
    return PyModule_AddStringConstant(module, "imagequant_version", text);
}

int add_versions(PyObject *module) {
    return add_libtiff(module) < 0 || add_imagequant(module) < 0 || add_flags(module) < 0 ||
                   add_jpeg(module) < 0 || add_zlib(module) < 0 || add_jpeg2k(module) < 0
               ? -1
               : 0;
}

static PyObject *module_getcodecstatus(PyObject *module, PyObject *args) {
    (void)module;
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {-1, "buffer overrun"},
        {-2, "broken data stream"},
        {-3, "unrecognized data stream contents"},
        {-8, "codec configuration error"},
        {-9, "out of memory"},
    };
    int status;
    if (!PyArg_ParseTuple(args, "i:getcodecstatus", &status)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].status == status) {
            return PyUnicode_FromString(texts[i].text);
        }
    }
    Py_RETURN_NONE;
}

PyMethodDef core_versions_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_versions_functions[] = {
    {"getcodecstatus", module_getcodecstatus, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
