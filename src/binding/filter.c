/* Binding of the group "filter"; see groups.h. */
#include "binding.h"

PyMethodDef core_filter_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_filter_functions[] = {
    {NULL, NULL, 0, NULL},
};
