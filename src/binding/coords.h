/* Coordinate lists given from Python. */
#ifndef BINDING_COORDS_H
#define BINDING_COORDS_H

#include "binding.h"
#include "draw/draw.h"

enum { FEW_POINTS = 8 };

/* `count` points, x and y in turn. Must not be moved. */
typedef struct {
    double *xy; /* `few`, or PyMem_RawMalloc */
    Py_ssize_t count;
    double few[2 * FEW_POINTS];
} Coords;

/* Flattens what draws and paths take as coordinates. False with an exception set. */
bool parse_coords(ModuleState *state, PyObject *data, Coords *coords);

void free_coords(Coords *coords);

/* The numbers, for PyMem_RawFree, in place of free_coords; NULL with MemoryError set. */
double *keep_coords(Coords *coords);

/* The path object. Its memory stays until it goes; `count` only shrinks. */
typedef struct {
    PyObject_HEAD double *xy;
    Py_ssize_t count;
    int mapping; /* map() calls that are running */
} PathObject;

/* A copy of the segments of an outline object, for PyMem_RawFree; NULL if there are none. False
 * with MemoryError set. */
bool copy_segments(PyObject *outline, ImgSegment **segments, size_t *count);

#endif
