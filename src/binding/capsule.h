/* For the modules that read pixels through the capsules of the core's images: they use the public
 * fields of images and link nothing of libImaging. */
#ifndef CAPSULE_H
#define CAPSULE_H

#include "binding.h"

#include <stdatomic.h>

/* The image of a capsule, or NULL with TypeError. */
static inline ImgImage *capsule_image(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, CAPSULE_NAME)) {
        PyErr_SetString(PyExc_TypeError, "Expected '" CAPSULE_NAME "' Capsule");
        return NULL;
    }
    return (ImgImage *)PyCapsule_GetPointer(capsule, CAPSULE_NAME);
}

/* Brackets around the use of an object's library state, which must not be shared by threads. The
 * first raises RuntimeError if another thread is at work. */
static inline bool claim(atomic_flag *busy) {
    if (atomic_flag_test_and_set(busy)) {
        PyErr_SetString(PyExc_RuntimeError, "object is in use by another thread");
        return false;
    }
    return true;
}

static inline void unclaim(atomic_flag *busy) {
    atomic_flag_clear(busy);
}

#endif
