/* Single pixels, for the files of PIL._imaging. */
#ifndef BINDING_ACCESS_H
#define BINDING_ACCESS_H

#include "binding.h"

/* The pixel that lies at `memory` in an image of `mode`, as getpixel returns it. */
PyObject *pixel_value(const ImgMode *mode, const uint8_t *memory);

/* Where the pixel at (x, y) lies; negative coordinates count from the right and the bottom.
 * NULL with IndexError outside the image. */
uint8_t *pixel_address(const ImgImage *image, int x, int y);

PyObject *core_putdata(PyObject *self, PyObject *args);

#endif
