/* Binding of the group "stats"; see groups.h. */
#include "binding.h"

PyMethodDef core_stats_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_stats_functions[] = {
    {NULL, NULL, 0, NULL},
};
