/* Binding of the group "convert"; see groups.h. */
#include "binding.h"

PyMethodDef core_convert_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_convert_functions[] = {
    {NULL, NULL, 0, NULL},
};
