/* What the files of PIL._webp share: WebP images by way of libwebp.
 *
 * The module gets pixels through the capsules of the core's images and reads only their public
 * fields, so it links nothing of libImaging.
 */
#ifndef WEBP_MODULE_H
#define WEBP_MODULE_H

#include "capsule.h"

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

typedef struct {
    PyTypeObject *decoder_type;
    PyTypeObject *encoder_type;
} WebPState;

static inline WebPState *webp_state(PyObject *module) {
    return (WebPState *)PyModule_GetState(module);
}

/* Settings of one picture, as Python gives them. */
typedef struct {
    int lossless, method, exact;
    float quality, alpha_quality;
} PictureSettings;

/* False: ValueError, libwebp does not accept these. */
bool configure(WebPConfig *config, const PictureSettings *settings);

/* Fills a picture with the pixels as ARGB, so that libwebp decides itself when to leave RGB. False:
 * an exception; the picture needs no WebPPictureFree then. */
bool import_picture(WebPPicture *picture, const ImgImage *image);

/* Metadata in the order in which they are added to a file; an empty one is left out. */
typedef struct {
    const char *icc, *exif, *xmp;
    Py_ssize_t icc_size, exif_size, xmp_size;
} Metadata;

/* The file with its metadata, or NULL with an exception. Takes `data` over. */
PyObject *file_with_metadata(WebPData *data, const Metadata *metadata);

PyObject *new_anim_decoder(PyObject *module, PyObject *args);
PyObject *new_anim_encoder(PyObject *module, PyObject *args);
PyObject *encode_still(PyObject *module, PyObject *args);
int add_decoder_type(PyObject *module);
int add_encoder_type(PyObject *module);

#endif
