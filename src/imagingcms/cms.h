/* What the files of PIL._imagingcms share: ICC colour management by Little CMS 2.
 *
 * Little CMS guards the tags of a profile with a mutex of its own, and a transform is constant once
 * built, so both are used without the GIL and from several threads.
 */
#ifndef IMAGINGCMS_CMS_H
#define IMAGINGCMS_CMS_H

#include "capsule.h"

#include <lcms2.h>

typedef struct {
    PyTypeObject *profile_type;
    PyTypeObject *transform_type;
    PyObject *datetime; /* class datetime.datetime */
} CmsState;

typedef struct {
    PyObject_HEAD cmsHPROFILE handle;
} ProfileObject;

typedef struct {
    PyObject_HEAD cmsHTRANSFORM handle;
    char mode_in[8], mode_out[8]; /* names of modes; longer ones exist nowhere */
} TransformObject;

static inline CmsState *cms_state(PyObject *module) {
    return (CmsState *)PyModule_GetState(module);
}

/* A profile object that takes over `handle`, also on failure; NULL with an exception. */
PyObject *wrap_profile(CmsState *state, cmsHPROFILE handle);

int add_profile_type(PyObject *module, CmsState *state);
int add_transform_type(PyObject *module, CmsState *state);

PyObject *build_transform(PyObject *module, PyObject *args);
PyObject *build_proof_transform(PyObject *module, PyObject *args);

#endif
