/* Binding of the group "access"; see groups.h. */
#include "binding.h"

PyMethodDef core_access_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_access_functions[] = {
    {NULL, NULL, 0, NULL},
};

int add_access_type(PyObject *module, ModuleState *state) {
    (void)module;
    (void)state;
    return 0;
}
