/* Finding Tcl and Tk in the running program. */
#include "tk.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t place;
} symbols[] = {
    {"Tcl_CreateCommand", offsetof(TkFunctions, create_command)},
    {"Tcl_AppendResult", offsetof(TkFunctions, append_result)},
    {"Tk_FindPhoto", offsetof(TkFunctions, find_photo)},
    {"Tk_PhotoPutBlock", offsetof(TkFunctions, put_block)},
    {"Tk_PhotoGetImage", offsetof(TkFunctions, get_image)},
};

/* All functions from one library, or none. */
static bool look_in(void *library, TkFunctions *tk) {
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol) {
            return false;
        }
        /* ISO C has no cast from an object pointer to a function pointer; POSIX promises that they
         * are represented alike. */
        memcpy((char *)tk + symbols[i].place, &symbol, sizeof(symbol));
    }
    return true;
}

bool find_tk(TkFunctions *tk, const char *tkinter, const char **problem) {
    void *program = dlopen(NULL, RTLD_LAZY);
    bool found = program && look_in(program, tk);
    if (program) {
        dlclose(program); /* counts references; the program stays */
    }
    if (found) {
        return true;
    }
    if (!tkinter) {
        *problem = "this program has no Tcl/Tk, and tkinter is in no file";
        return false;
    }
    /* Symbols of a library that Python loads are invisible from elsewhere, but looked up through
     * its handle those of its dependencies are found, too. The handle stays open for good: the
     * commands keep the functions. */
    void *library = dlopen(tkinter, RTLD_LAZY);
    if (!library) {
        *problem = dlerror();
        return false;
    }
    if (!look_in(library, tk)) {
        dlclose(library);
        *problem = "the library of tkinter lacks functions of Tcl/Tk";
        return false;
    }
    return true;
}
