/* Binding of the group "compose"; see groups.h. */
#include "binding.h"

PyMethodDef core_compose_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_compose_functions[] = {
    {NULL, NULL, 0, NULL},
};
