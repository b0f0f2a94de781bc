/* Binding of the group "geometry"; see groups.h. */
#include "binding.h"

PyMethodDef core_geometry_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_geometry_functions[] = {
    {NULL, NULL, 0, NULL},
};
