/* How libImaging reports failure: a kind, which the binding maps to an exception type, and a
 * constant message. */
#ifndef IMAGING_CORE_ERRORS_H
#define IMAGING_CORE_ERRORS_H

typedef enum {
    IMG_OK = 0,
    IMG_ERR_VALUE,
    IMG_ERR_TYPE,
    IMG_ERR_INDEX,
    IMG_ERR_MEMORY,
    IMG_ERR_SYSTEM,
} ImgErrorKind;

typedef struct {
    ImgErrorKind kind;
    const char *message; /* static storage; never NULL once kind is set */
} ImgError;

/* Each sets *err and returns NULL, so that `return img_fail(...)` serves functions returning a
 * pointer, and `return img_fail(...) != NULL` those returning bool. */
void *img_fail(ImgError *err, ImgErrorKind kind, const char *message);
void *img_fail_mode(ImgError *err);     /* "image has wrong mode" */
void *img_fail_mismatch(ImgError *err); /* "images do not match" */
void *img_fail_memory(ImgError *err);

#endif
