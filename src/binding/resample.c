/* Binding of the group "resample"; see groups.h. */
#include "binding.h"

PyMethodDef core_resample_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_resample_functions[] = {
    {NULL, NULL, 0, NULL},
};
