/* Binding of the group "exchange"; see groups.h. */
#include "binding.h"

PyMethodDef core_exchange_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_exchange_functions[] = {
    {NULL, NULL, 0, NULL},
};
