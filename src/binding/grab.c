/* grabscreen_x11: the pixels of an X11 screen, through xcb. */
#include "binding.h"

#ifdef HAVE_XCB

#include <xcb/xcb.h>

/* The only depth whose pixels are bytes of blue, green, red and padding. */
#define DEPTH 24
#define BYTES_PER_PIXEL 4

typedef struct {
    xcb_connection_t *connection;
    xcb_get_image_reply_t *image; /* NULL if something failed */
    unsigned width, height;
    char problem[64]; /* text of the exception then */
} Grab;

static const xcb_screen_t *find_screen(xcb_connection_t *connection, int number) {
    xcb_screen_iterator_t all = xcb_setup_roots_iterator(xcb_get_setup(connection));
    for (; all.rem > 0; xcb_screen_next(&all)) {
        if (number-- == 0) {
            return all.data;
        }
    }
    return NULL;
}

/* Connects and copies the root window; needs no GIL. */
static void grab_root(Grab *grab, const char *display) {
    int number = 0, failure;
    grab->connection = xcb_connect(display, &number);
    failure = xcb_connection_has_error(grab->connection);
    if (failure) {
        PyOS_snprintf(
            grab->problem, sizeof(grab->problem), "X connection failed: error %d", failure);
        return;
    }
    const xcb_screen_t *screen = find_screen(grab->connection, number);
    if (!screen) {
        PyOS_snprintf(grab->problem, sizeof(grab->problem), "X screen not found");
        return;
    }
    if (screen->root_depth != DEPTH) {
        PyOS_snprintf(
            grab->problem, sizeof(grab->problem), "unsupported bit depth: %d", screen->root_depth);
        return;
    }
    grab->width = screen->width_in_pixels;
    grab->height = screen->height_in_pixels;

    xcb_generic_error_t *error = NULL;
    xcb_get_image_cookie_t request = xcb_get_image(
        grab->connection, XCB_IMAGE_FORMAT_Z_PIXMAP, screen->root, 0, 0, screen->width_in_pixels,
        screen->height_in_pixels, (1u << DEPTH) - 1);
    grab->image = xcb_get_image_reply(grab->connection, request, &error);
    if (!grab->image) {
        PyOS_snprintf(
            grab->problem, sizeof(grab->problem), "X get_image failed: error %d",
            error ? error->error_code : xcb_connection_has_error(grab->connection));
    }
    free(error);
}

static PyObject *grab_result(const Grab *grab) {
    if (!grab->image) {
        PyErr_SetString(PyExc_OSError, grab->problem);
        return NULL;
    }
    Py_ssize_t wanted = (Py_ssize_t)grab->width * grab->height * BYTES_PER_PIXEL;
    Py_ssize_t length = xcb_get_image_data_length(grab->image);
    if (grab->image->depth != DEPTH || length < wanted) {
        PyErr_Format(
            PyExc_OSError, "X server sent %zd bytes of depth %d", length, grab->image->depth);
        return NULL;
    }
    return Py_BuildValue(
        "(II)y#", grab->width, grab->height, (const char *)xcb_get_image_data(grab->image), wanted);
}

static PyObject *module_grabscreen_x11(PyObject *module, PyObject *args) {
    (void)module;
    const char *display = NULL;
    if (!PyArg_ParseTuple(args, "|z:grabscreen_x11", &display)) {
        return NULL;
    }
    Grab grab = {0};
    WITHOUT_GIL(grab_root(&grab, display));
    PyObject *result = grab_result(&grab);
    free(grab.image);
    /* Also what xcb_connect returns on failure has to be given back. */
    xcb_disconnect(grab.connection);
    return result;
}

#endif

PyMethodDef core_grab_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_grab_functions[] = {
#ifdef HAVE_XCB
    {"grabscreen_x11", module_grabscreen_x11, METH_VARARGS, NULL},
#endif
    {NULL, NULL, 0, NULL},
};
