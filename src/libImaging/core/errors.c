#include "Imaging.h"

void *img_fail(ImgError *err, ImgErrorKind kind, const char *message) {
    err->kind = kind;
    err->message = message;
    return NULL;
}

void *img_fail_mode(ImgError *err) {
    return img_fail(err, IMG_ERR_VALUE, "image has wrong mode");
}

void *img_fail_mismatch(ImgError *err) {
    return img_fail(err, IMG_ERR_VALUE, "images do not match");
}

void *img_fail_memory(ImgError *err) {
    return img_fail(err, IMG_ERR_MEMORY, "out of memory");
}
