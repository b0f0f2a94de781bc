/* Pixels to libwebp, and single pictures to files. */
#include "webp.h"

bool configure(WebPConfig *config, const PictureSettings *settings) {
    bool good = WebPConfigInit(config);
    if (good) {
        config->lossless = settings->lossless;
        config->quality = settings->quality;
        config->alpha_quality = (int)settings->alpha_quality;
        config->method = settings->method;
        config->exact = settings->exact;
        good = WebPValidateConfig(config);
    }
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "invalid configuration");
    }
    return good;
}

/* Pixels in memory are R, G, B, A; libwebp wants the number 0xAARRGGBB. `opaque` is or-ed in. */
static void fill_row(uint32_t *out, const uint8_t *in, int width, uint32_t opaque) {
    for (int x = 0; x < width; x++, in += 4) {
        out[x] = opaque | (uint32_t)in[3] << 24 | (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 |
                 (uint32_t)in[2];
    }
}

static void fill_picture(WebPPicture *picture, const ImgImage *image, uint32_t opaque) {
    for (int y = 0; y < picture->height; y++) {
        fill_row(
            picture->argb + (size_t)y * (size_t)picture->argb_stride, image->rows[y],
            picture->width, opaque);
    }
}

bool import_picture(WebPPicture *picture, const ImgImage *image) {
    const ImgModeId mode = image->mode->id;
    if (mode != IMG_MODE_RGB && mode != IMG_MODE_RGBX && mode != IMG_MODE_RGBA) {
        PyErr_SetString(PyExc_ValueError, "unsupported image mode");
        return false;
    }
    if (!WebPPictureInit(picture)) {
        PyErr_SetString(PyExc_RuntimeError, "could not initialise picture");
        return false;
    }
    picture->width = image->width;
    picture->height = image->height;
    picture->use_argb = 1;
    bool allocated;
    WITHOUT_GIL({
        allocated = WebPPictureAlloc(picture);
        if (allocated) {
            fill_picture(picture, image, mode == IMG_MODE_RGBA ? 0 : 0xFF000000u);
        }
    });
    if (!allocated) {
        PyErr_SetString(PyExc_MemoryError, "can't allocate picture frame");
    }
    return allocated;
}

static PyObject *raise_encoding_error(WebPEncodingError error) {
    const char *more = error == VP8_ENC_ERROR_BAD_DIMENSION
                           ? ": Image size exceeds WebP limit of 16383 pixels"
                           : "";
    PyErr_Format(PyExc_ValueError, "encoding error %d%s", (int)error, more);
    return NULL;
}

PyObject *encode_still(PyObject *module, PyObject *args) {
    (void)module;
    PyObject *capsule;
    PictureSettings settings;
    Metadata meta;
    if (!PyArg_ParseTuple(
            args, "Oiffs#iis#s#", &capsule, &settings.lossless, &settings.quality,
            &settings.alpha_quality, &meta.icc, &meta.icc_size, &settings.method, &settings.exact,
            &meta.exif, &meta.exif_size, &meta.xmp, &meta.xmp_size)) {
        return NULL;
    }
    WebPConfig config;
    WebPPicture picture;
    const ImgImage *image = capsule_image(capsule);
    if (!image || !configure(&config, &settings) || !import_picture(&picture, image)) {
        return NULL;
    }
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    bool done;
    WITHOUT_GIL({
        done = WebPEncode(&config, &picture);
        WebPPictureFree(&picture);
    });
    if (!done) {
        WebPMemoryWriterClear(&writer);
        return raise_encoding_error(picture.error_code);
    }
    /* Both are freed by the library's allocator, so that the memory can change hands. */
    WebPData data = {writer.mem, writer.size};
    return file_with_metadata(&data, &meta);
}
