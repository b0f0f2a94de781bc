/* libraqm: linked, or with the build flag raqm=runtime looked for when the module is imported. */
#ifndef IMAGINGFT_RAQM_CALLS_H
#define IMAGINGFT_RAQM_CALLS_H

#include <stdbool.h>

#ifdef HAVE_RAQM
#include <raqm.h>
#endif

#if defined(HAVE_RAQM) && defined(RAQM_AT_RUN_TIME)

#define RAQM_CALLS(X)                                                                              \
    X(add_font_feature)                                                                            \
    X(create)                                                                                      \
    X(destroy)                                                                                     \
    X(get_glyphs)                                                                                  \
    X(layout)                                                                                      \
    X(set_freetype_face)                                                                           \
    X(set_language)                                                                                \
    X(set_par_direction)                                                                           \
    X(set_text)                                                                                    \
    X(set_text_utf8)                                                                               \
    X(version_string)

#define RAQM_CALL_MEMBER(name) __typeof__(raqm_##name) *name;

typedef struct {
    RAQM_CALLS(RAQM_CALL_MEMBER)
} RaqmCalls;

/* Filled once by raqm_is_there(), and only read after that. */
extern RaqmCalls raqm_calls;

#define raqm_add_font_feature raqm_calls.add_font_feature
#define raqm_create raqm_calls.create
#define raqm_destroy raqm_calls.destroy
#define raqm_get_glyphs raqm_calls.get_glyphs
#define raqm_layout raqm_calls.layout
#define raqm_set_freetype_face raqm_calls.set_freetype_face
#define raqm_set_language raqm_calls.set_language
#define raqm_set_par_direction raqm_calls.set_par_direction
#define raqm_set_text raqm_calls.set_text
#define raqm_set_text_utf8 raqm_calls.set_text_utf8
#define raqm_version_string raqm_calls.version_string

#endif

/* Whether text can be laid out by libraqm. The answer never changes; any thread may ask. */
bool raqm_is_there(void);

#endif
