/* A Python file as the stream of a codec. */
#ifndef BINDING_PYSTREAM_H
#define BINDING_PYSTREAM_H

#include "codecs.h"

typedef struct {
    ImgStream base;
    PyObject *file; /* borrowed from the codec object */
} PyStream;

/* The stream, or NULL if the codec uses none or has no file. Its functions take the GIL; once one
 * has failed, the exception is set and the others do nothing. */
ImgStream *open_pystream(PyStream *stream, const ImgCodec *codec, PyObject *file);

#endif
