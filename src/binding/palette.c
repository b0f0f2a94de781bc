/* Binding of the group "palette"; see groups.h. */
#include "binding.h"

PyMethodDef core_palette_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_palette_functions[] = {
    {NULL, NULL, 0, NULL},
};
