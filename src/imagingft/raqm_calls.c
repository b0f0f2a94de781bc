/* Finds libraqm at run time, if it was not linked. */
#include "raqm_calls.h"

#if defined(HAVE_RAQM) && defined(RAQM_AT_RUN_TIME)

#include <ft2build.h>
#include FT_FREETYPE_H

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* The name that stands for the binary interface of raqm.h. */
#define LIBRARY "libraqm.so.0"

/* The name in the library (what follows # is not expanded), and the member for it. */
#define RAQM_CALL_NAME(name) {"raqm_" #name, offsetof(RaqmCalls, name)},

RaqmCalls raqm_calls;
static bool found;
static pthread_once_t searched = PTHREAD_ONCE_INIT;

/* libraqm calls FreeType with faces of ours, so both must use the same copy of FreeType: the layout
 * of a face's private part is a matter of the version. In a wheel that brings its own they do not.
 */
static bool shares_freetype(void *library) {
    void *theirs = dlsym(library, "FT_Load_Glyph");
    FT_Error (*ours)(FT_Face, FT_UInt, FT_Int32) = FT_Load_Glyph;
    return theirs && memcmp(&theirs, &ours, sizeof(theirs)) == 0;
}

static bool find_calls(void *library, RaqmCalls *calls) {
    static const struct {
        const char *name;
        size_t offset;
    } names[] = {RAQM_CALLS(RAQM_CALL_NAME)};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        void *call = dlsym(library, names[i].name);
        if (!call) {
            return false;
        }
        /* POSIX: a function's address in a void *; C has no conversion between the two. */
        memcpy((char *)calls + names[i].offset, &call, sizeof(call));
    }
    return true;
}

static void search(void) {
    RaqmCalls calls;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        return;
    }
    if (!shares_freetype(library) || !find_calls(library, &calls)) {
        dlclose(library);
        return;
    }
    raqm_calls = calls;
    found = true;
}

bool raqm_is_there(void) {
    pthread_once(&searched, search);
    return found;
}

#else

bool raqm_is_there(void) {
#ifdef HAVE_RAQM
    return true;
#else
    return false;
#endif
}

#endif
