/* What the files of PIL._avif share: AVIF images by way of libavif, from version 0.11 on.
 *
 * What versions do differently is settled here; the rest of the module reads like libavif 1.
 */
#ifndef AVIF_MODULE_H
#define AVIF_MODULE_H

#include "capsule.h"

#include <avif/avif.h>

/* From 1.0 on, functions that can run out of memory tell so. */
#if AVIF_VERSION >= 1000000
#define RESULT_OF(call) (call)
#define MIRROR_AXIS axis
#else
#define RESULT_OF(call) ((call), AVIF_RESULT_OK)
#define MIRROR_AXIS mode
#endif

/* Pixels of one channel, decoded and encoded without colour. */
#if AVIF_VERSION >= 1030000
#define HAVE_GREY_PIXELS 1
#else
#define HAVE_GREY_PIXELS 0
#endif

typedef struct {
    PyTypeObject *decoder_type;
    PyTypeObject *encoder_type;
} AvifState;

static inline AvifState *avif_state(PyObject *module) {
    return (AvifState *)PyModule_GetState(module);
}

/* The modes of frames, and how libavif calls their pixels. */
typedef struct {
    const char *name;
    avifRGBFormat format;
    uint32_t channels;
} FrameMode;

/* Grey where libavif knows it, or else colour. The result is valid for ever. */
const FrameMode *frame_mode(bool grey, bool alpha);

/* The same for a name; any but L and RGBA is RGB. */
const FrameMode *frame_mode_named(const char *name);

/* Raises what libavif's result stands for: "Failed to WHAT: reason". Returns NULL. */
PyObject *raise_result(avifResult result, const char *what);

/* Exif orientations, 1 to 8, and the two properties of the file that express them. */
int orientation_of(const avifImage *image);
void set_orientation(avifImage *image, int orientation);

PyObject *new_decoder(PyObject *module, PyObject *args);
PyObject *new_encoder(PyObject *module, PyObject *args);
int add_decoder_type(PyObject *module);
int add_encoder_type(PyObject *module);

#endif
