/* Binding of the group "codecs"; see groups.h. */
#include "binding.h"

PyMethodDef core_codecs_methods[] = {
    {NULL, NULL, 0, NULL},
};

PyMethodDef module_codecs_functions[] = {
    {NULL, NULL, 0, NULL},
};

int add_codec_types(PyObject *module, ModuleState *state) {
    (void)module;
    (void)state;
    return 0;
}
