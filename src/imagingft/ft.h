/* What the files of PIL._imagingft share: fonts by FreeType, layout by libraqm.
 *
 * Every font has a FreeType library of its own, so fonts never wait for each other. The work on one
 * font holds its lock and never calls Python. It lets go of the GIL when it turns out that there is
 * something to do: text of known glyphs is measured in less time than threads need to take turns.
 */
#ifndef IMAGINGFT_FT_H
#define IMAGINGFT_FT_H

#include "binding.h"
#include "simd/kernels.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_BITMAP_H
#include FT_COLOR_H
#include FT_GLYPH_H
#include FT_MULTIPLE_MASTERS_H
#include FT_SFNT_NAMES_H
#include FT_STROKER_H

#include "glyphs.h"
#include "recent.h"

typedef struct {
    PyTypeObject *font_type;
    const ImgKernels *kernels; /* of PIL._imaging, which is never unloaded */
} FtState;

typedef struct {
    PyObject_HEAD FT_Library library;
    FT_Face face;
    void *data; /* the file, of fonts from memory */
    bool raqm;
    const ImgKernels *kernels;
    PyThread_type_lock lock;
    PyThreadState *waiting; /* of the thread that holds the lock, if it let go of the GIL */
    KnownGlyphs known;
    RecentLayouts recent;
    FT_Stroker stroker; /* NULL until one is needed */
    FT_Bitmap scratch;  /* the last glyph, as far as it is not in the face's slot or known */
    FT_Glyph stroked;
    uint8_t *spare;
} FontObject;

/* What went wrong without the GIL. Nothing set: the exception is raised already. */
typedef struct {
    FT_Error code;  /* of FreeType, or 0 */
    PyObject *type; /* a built-in exception, or NULL */
    const char *message;
    const char *detail; /* for a %s in the message, or NULL */
} Failure;

/* A laid-out glyph; all numbers in 1/64 pixel. */
typedef struct Glyph {
    FT_UInt index;
    int64_t x_offset, y_offset, x_advance, y_advance;
} Glyph;

/* What is asked for, in C's terms. The pointers belong to the arguments of the call. */
typedef struct {
    Py_UCS4 *characters; /* of a str (owned), or NULL */
    char *bytes;         /* of bytes (owned), or NULL; followed by 4 zeros */
    size_t length;
    const char *direction, *language;
    PyObject *features; /* any object, or NULL */
    bool mono, color, vertical;
    uint32_t ink; /* that colour glyphs depend on */
} Request;

typedef struct {
    Glyph *glyphs;
    size_t count;
} Layout;

typedef struct {
    int64_t width, height;
    int64_t x_offset, y_offset; /* of the box's upper left corner from the anchor, downwards */
} Box;

/* A 26.6 value in whole pixels, halves up. */
static inline int64_t whole(int64_t value) {
    return (value + 32) >> 6;
}

/* False with an exception. request_clear may be called in any case. */
bool request_fill(
    Request *request, PyObject *text, const char *mode, const char *direction, PyObject *features,
    const char *language);
void request_clear(Request *request);

FT_Int32 load_flags(const Request *request);

/* These hold the font's lock; false with *failure. */
bool lay_out(FontObject *font, const Request *request, Layout *layout, Failure *failure);
bool measure(
    FontObject *font, const Request *request, const Layout *layout, FT_Int32 flags,
    const char *anchor, Box *box, Failure *failure);

void wish_of(const Request *request, Wish *wish);
bool recall_layout(const RecentLayouts *recent, const Wish *wish, Layout *layout);
void note_layout(RecentLayouts *recent, const Wish *wish, const Layout *layout);

/* One glyph; these need the lock to be held. The first three return FreeType's code. */
FT_Error glyph_advance(FontObject *font, const GlyphKey *key, FT_Pos *advance);
FT_Error glyph_box(FontObject *font, const GlyphKey *key, FT_BBox *box);
/* Left and top of the pixels of the glyph; the key is one without a stroke. */
FT_Error glyph_origin(FontObject *font, const GlyphKey *key, FT_Vector *origin);
/* The picture is valid until the next call for this font; drop_scratch after the last one. */
bool glyph_picture(
    FontObject *font, const GlyphKey *key, bool color, Picture *picture, Failure *failure);
void drop_scratch(FontObject *font);
GlyphKey glyph_key(FontObject *font, const Request *request, FT_Int32 flags, FT_UInt index);

/* Work that keeps the GIL: known glyphs up to this number, and images up to this size, which take
 * some microseconds. */
enum { BRIEF_GLYPHS = 512, BRIEF_BYTES = 1 << 16 };

/* Between these the thread owns the font. let_go releases the GIL, unless that is done already. */
void enter_font(FontObject *font);
void let_go(FontObject *font);
void leave_font(FontObject *font);

/* Sets the exception; returns NULL. */
PyObject *raise_failure(const Failure *failure);
PyObject *raise_freetype(FT_Error code);

PyObject *font_render(PyObject *self, PyObject *args);
PyObject *font_getvarnames(PyObject *self, PyObject *args);
PyObject *font_getvaraxes(PyObject *self, PyObject *args);
PyObject *font_setvarname(PyObject *self, PyObject *args);
PyObject *font_setvaraxes(PyObject *self, PyObject *args);

#endif
