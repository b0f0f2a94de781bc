/* The module PIL._imagingtk: two commands for a Tcl interpreter that copy pixels between images
 * and Tk photos.
 *
 *   PyImagingPhoto destPhoto srcImage
 *   PyImagingPhotoGet srcPhoto destImage
 *
 * An image is named by the repr of its capsule, which the caller has to keep alive.
 */
#include "binding.h"
#include "tk.h"

#include <errno.h>
#include <string.h>

/* Filled once, when the module is imported; a command may outlive the module's state. */
static TkFunctions tk;

static int fail(Tcl_Interp *interp, const char *text) {
    tk.append_result(interp, text, (char *)NULL);
    return TCL_ERROR;
}

/* The image named by `<capsule object "Pillow Imaging" at 0xADDRESS>`; NULL if it is none. */
static ImgImage *named_image(const char *name) {
    static const char prefix[] = "<capsule object \"" CAPSULE_NAME "\" at 0x";
    static const char digits[] = "0123456789abcdefABCDEF";
    const size_t length = sizeof(prefix) - 1;
    if (strncmp(name, prefix, length) != 0) {
        return NULL;
    }
    /* Checked here, because strtoull takes blanks and signs. */
    const size_t count = strspn(name + length, digits);
    if (count == 0 || strcmp(name + length + count, ">") != 0) {
        return NULL;
    }
    errno = 0;
    unsigned long long address = strtoull(name + length, NULL, 16);
    if (errno || !address || address > UINTPTR_MAX) {
        return NULL;
    }
    PyObject *capsule = (PyObject *)(uintptr_t)address;
    /* tkinter lets the GIL go while Tcl runs. */
    PyGILState_STATE state = PyGILState_Ensure();
    ImgImage *image = NULL;
    if (PyCapsule_IsValid(capsule, CAPSULE_NAME)) {
        image = PyCapsule_GetPointer(capsule, CAPSULE_NAME);
    }
    PyGILState_Release(state);
    return image;
}

static bool describe_pixels(Tk_PhotoImageBlock *block, ImgModeId mode) {
    memset(block->offset, 0, sizeof(block->offset));
    switch (mode) {
    case IMG_MODE_1:
    case IMG_MODE_L:
        block->pixelSize = 1;
        return true;
    case IMG_MODE_RGBA:
        block->offset[3] = 3;
        /* fall through */
    case IMG_MODE_RGB:
    case IMG_MODE_RGBX:
    case IMG_MODE_RGBa:
        block->pixelSize = 4;
        block->offset[1] = 1;
        block->offset[2] = 2;
        return true;
    default:
        return false;
    }
}

static int photo_put(void *data, Tcl_Interp *interp, int argc, const char **argv) {
    (void)data;
    if (argc != 3) {
        return fail(interp, "usage: PyImagingPhoto destPhoto srcImage");
    }
    Tk_PhotoHandle photo = tk.find_photo(interp, argv[1]);
    if (!photo) {
        return fail(interp, "destination photo must exist");
    }
    const ImgImage *image = named_image(argv[2]);
    if (!image) {
        return fail(interp, "bad name");
    }
    if (!image->one_block) {
        return fail(interp, "bad display memory");
    }
    Tk_PhotoImageBlock block = {.width = image->width, .height = image->height};
    if (!describe_pixels(&block, image->mode->id)) {
        return fail(interp, "Bad mode");
    }
    if (image->width == 0 || image->height == 0) {
        return TCL_OK;
    }
    block.pixelPtr = image->rows[0];
    /* One block has no gaps, and rows are at most 2 GB: see IMG_MAX_WIDTH. */
    block.pitch = (int)image->row_bytes;
    return tk.put_block(
        interp, photo, &block, 0, 0, block.width, block.height, TK_PHOTO_COMPOSITE_SET);
}

/* Copies what both have. Photos always have four bytes a pixel. */
static void copy_block(const ImgImage *image, const Tk_PhotoImageBlock *block) {
    const int width = image->width < block->width ? image->width : block->width;
    const int height = image->height < block->height ? image->height : block->height;
    for (int y = 0; y < height; y++) {
        const uint8_t *in = block->pixelPtr + (size_t)y * (size_t)block->pitch;
        uint8_t *out = image->rows[y];
        for (int x = 0; x < width; x++, in += block->pixelSize, out += 4) {
            for (int i = 0; i < 4; i++) {
                out[i] = in[block->offset[i]];
            }
        }
    }
}

static int photo_get(void *data, Tcl_Interp *interp, int argc, const char **argv) {
    (void)data;
    if (argc != 3) {
        return fail(interp, "usage: PyImagingPhotoGet srcPhoto destImage");
    }
    Tk_PhotoHandle photo = tk.find_photo(interp, argv[1]);
    if (!photo) {
        return fail(interp, "source photo must exist");
    }
    const ImgImage *image = named_image(argv[2]);
    if (!image) {
        return fail(interp, "bad name");
    }
    if (image->mode->pixel_size != 4 || image->readonly) {
        return fail(interp, "Bad mode");
    }
    Tk_PhotoImageBlock block = {0};
    if (!tk.get_image(photo, &block)) {
        return fail(interp, "photo cannot be read");
    }
    copy_block(image, &block);
    return TCL_OK;
}

/* tkinit(address): adds the commands to the interpreter at this address. */
static PyObject *tkinit(PyObject *module, PyObject *argument) {
    (void)module;
    if (!PyLong_Check(argument)) {
        PyErr_SetString(PyExc_TypeError, "an integer is required");
        return NULL;
    }
    Tcl_Interp *interp = PyLong_AsVoidPtr(argument);
    if (!interp) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ValueError, "not the address of an interpreter");
        }
        return NULL;
    }
    tk.create_command(interp, "PyImagingPhoto", photo_put, NULL, NULL);
    tk.create_command(interp, "PyImagingPhotoGet", photo_get, NULL, NULL);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"tkinit", tkinit, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int tk_exec(PyObject *module) {
    (void)module;
    PyObject *finder = PyImport_ImportModule("PIL._tkinter_finder");
    PyObject *path = finder ? PyObject_GetAttrString(finder, "TKINTER_LIB") : NULL;
    PyObject *encoded = NULL;
    const char *name = NULL, *problem = NULL;
    int result = -1;
    if (!path || (path != Py_None && !PyUnicode_FSConverter(path, &encoded))) {
        goto done;
    }
    if (encoded) {
        name = PyBytes_AS_STRING(encoded);
    }
    if (find_tk(&tk, name, &problem)) {
        result = 0;
    } else {
        PyErr_SetString(PyExc_RuntimeError, problem ? problem : "Tcl/Tk was not found");
    }
done:
    Py_XDECREF(encoded);
    Py_XDECREF(path);
    Py_XDECREF(finder);
    return result;
}

static PyModuleDef_Slot tk_slots[] = {
    {Py_mod_exec, tk_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef tk_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "PIL._imagingtk",
    .m_methods = functions,
    .m_slots = tk_slots,
};

PyMODINIT_FUNC PyInit__imagingtk(void) {
    return PyModuleDef_Init(&tk_module);
}
