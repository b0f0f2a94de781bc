/* Binding of the group "bands"; see groups.h. */
#include "binding.h"

PyMethodDef core_bands_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_bands_functions[] = {
    {NULL, NULL, 0, NULL},
};
