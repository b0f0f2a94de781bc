/* From text to glyphs: one glyph a character, or libraqm. Boxes and anchors of laid-out text. */
#include "ft.h"

#include "raqm_calls.h"

/* --- The request --- */

static bool take_text(Request *request, PyObject *text) {
    if (PyUnicode_Check(text)) {
        request->length = (size_t)PyUnicode_GET_LENGTH(text);
        request->characters = PyUnicode_AsUCS4Copy(text);
        return request->characters != NULL;
    }
    if (PyBytes_Check(text)) {
        request->length = (size_t)PyBytes_GET_SIZE(text);
        /* FriBiDi reads sequences of UTF-8 to the end that their first bytes promise. */
        request->bytes = PyMem_Calloc(request->length + 4, 1);
        if (!request->bytes) {
            PyErr_NoMemory();
            return false;
        }
        memcpy(request->bytes, PyBytes_AS_STRING(text), request->length);
        return true;
    }
    PyErr_SetString(PyExc_TypeError, "expected string or bytes");
    return false;
}

bool request_fill(
    Request *request, PyObject *text, const char *mode, const char *direction, PyObject *features,
    const char *language) {
    *request = (Request){
        .direction = direction,
        .language = language,
        .features = features == Py_None ? NULL : features,
        .mono = mode && !strcmp(mode, "1"),
        .color = mode && !strcmp(mode, "RGBA"),
        .vertical = direction && !strcmp(direction, "ttb"),
    };
    return take_text(request, text);
}

void request_clear(Request *request) {
    PyMem_Free(request->characters);
    PyMem_Free(request->bytes);
    request->characters = NULL;
    request->bytes = NULL;
}

FT_Int32 load_flags(const Request *request) {
    return FT_LOAD_DEFAULT | (request->mono ? FT_LOAD_TARGET_MONO : 0) |
           (request->color ? FT_LOAD_COLOR : 0);
}

static bool fail(Failure *failure, PyObject *type, const char *message) {
    *failure = (Failure){.type = type, .message = message};
    return false;
}

static bool fail_code(Failure *failure, FT_Error code) {
    *failure = (Failure){.code = code};
    return false;
}

static bool fail_anchor(Failure *failure, const char *anchor) {
    *failure = (Failure){
        .type = PyExc_ValueError, .message = "bad anchor specified: %s", .detail = anchor};
    return false;
}

static bool make_glyphs(Layout *layout, size_t count, Failure *failure) {
    layout->glyphs = count <= SIZE_MAX / sizeof(Glyph) ? malloc(count * sizeof(Glyph)) : NULL;
    layout->count = 0;
    return layout->glyphs || fail(failure, PyExc_MemoryError, "out of memory");
}

/* --- Basic layout --- */

/* Bytes are signed characters: those from 128 on are no code points, and show the first glyph. */
static FT_ULong character(const Request *request, size_t i) {
    return request->characters ? request->characters[i] : (FT_ULong)(signed char)request->bytes[i];
}

static bool
lay_out_basic(FontObject *font, const Request *request, Layout *layout, Failure *failure) {
    FT_Face face = font->face;
    if (request->features || request->direction || request->language) {
        return fail(
            failure, PyExc_KeyError,
            "setting text direction, language or font features is not supported without libraqm");
    }
    if (!request->length) {
        return true;
    }
    if (!make_glyphs(layout, request->length, failure)) {
        return false;
    }
    FT_UInt previous = 0;
    for (size_t i = 0; i < request->length; i++) {
        Glyph *glyph = &layout->glyphs[i];
        FT_UInt index = FT_Get_Char_Index(face, character(request, i));
        GlyphKey key = glyph_key(font, request, load_flags(request), index);
        FT_Pos advance;
        FT_Error code = glyph_advance(font, &key, &advance);
        if (code) {
            return fail_code(failure, code);
        }
        *glyph = (Glyph){.index = index, .x_advance = advance};
        FT_Vector kern;
        if (FT_HAS_KERNING(face) && previous && index &&
            !FT_Get_Kerning(face, previous, index, FT_KERNING_DEFAULT, &kern)) {
            /* Pixels added to 64ths of pixels: Pillow's arithmetic. */
            glyph[-1].x_advance += whole(kern.x);
        }
        previous = index;
        layout->count++;
    }
    return true;
}

/* --- Layout by libraqm --- */

#ifdef HAVE_RAQM

static bool set_text(raqm_t *rq, const Request *request) {
    return request->characters ? raqm_set_text(rq, request->characters, request->length)
                               : raqm_set_text_utf8(rq, request->bytes, request->length);
}

static bool set_direction(raqm_t *rq, const Request *request, Failure *failure) {
    static const struct {
        const char *name;
        raqm_direction_t value;
    } directions[] = {
        {"rtl", RAQM_DIRECTION_RTL}, {"ltr", RAQM_DIRECTION_LTR}, {"ttb", RAQM_DIRECTION_TTB}};
    raqm_direction_t direction = RAQM_DIRECTION_DEFAULT;
    if (request->direction) {
        size_t i = 0;
        while (i < 3 && strcmp(request->direction, directions[i].name)) {
            i++;
        }
        if (i == 3) {
            return fail(
                failure, PyExc_ValueError, "direction must be either 'rtl', 'ltr' or 'ttb'");
        }
        direction = directions[i].value;
    }
    return raqm_set_par_direction(rq, direction) ||
           fail(failure, PyExc_ValueError, "raqm_set_par_direction() failed");
}

static bool set_feature(raqm_t *rq, PyObject *item, Failure *failure) {
    Py_ssize_t size;
    if (!PyUnicode_Check(item)) {
        return fail(failure, PyExc_TypeError, "expected a string");
    }
    const char *name = PyUnicode_AsUTF8AndSize(item, &size);
    if (!name) {
        PyErr_Clear(); /* a lone surrogate: no feature has such a name */
    }
    return (name && size <= INT32_MAX && raqm_add_font_feature(rq, name, (int)size)) ||
           fail(failure, PyExc_ValueError, "raqm_add_font_feature() failed");
}

static bool set_features(raqm_t *rq, const Request *request, Failure *failure) {
    if (!request->features) {
        return true;
    }
    if (!PySequence_Check(request->features)) {
        return fail(failure, PyExc_TypeError, "expected a sequence");
    }
    PyObject *items = PySequence_Tuple(request->features);
    bool fine = items != NULL;
    if (!fine) {
        fail(failure, NULL, NULL); /* the exception is there already */
    }
    for (Py_ssize_t i = 0; fine && i < PyTuple_GET_SIZE(items); i++) {
        fine = set_feature(rq, PyTuple_GET_ITEM(items, i), failure);
    }
    Py_XDECREF(items);
    return fine;
}

static bool shape(FontObject *font, raqm_t *rq, Layout *layout, Failure *failure) {
    size_t count = 0;
    if (!raqm_set_freetype_face(rq, font->face)) {
        return fail(failure, PyExc_RuntimeError, "raqm_set_freetype_face() failed.");
    }
    if (!raqm_layout(rq)) {
        return fail(failure, PyExc_RuntimeError, "raqm_layout() failed.");
    }
    const raqm_glyph_t *found = raqm_get_glyphs(rq, &count);
    if (!found) {
        return fail(failure, PyExc_ValueError, "raqm_get_glyphs() failed.");
    }
    if (!count) {
        return true;
    }
    if (!make_glyphs(layout, count, failure)) {
        return false;
    }
    for (; layout->count < count; layout->count++) {
        const raqm_glyph_t *from = &found[layout->count];
        layout->glyphs[layout->count] =
            (Glyph){from->index, from->x_offset, from->y_offset, from->x_advance, from->y_advance};
    }
    return true;
}

static bool shape_new(
    FontObject *font, const Request *request, const Wish *wish, Layout *layout, Failure *failure) {
    bool fine;
    raqm_t *rq = raqm_create();
    if (!rq) {
        return fail(failure, PyExc_ValueError, "raqm_create() failed.");
    }
    if (!set_text(rq, request)) {
        fail(failure, PyExc_ValueError, "raqm_set_text() failed");
    } else if (request->language && !raqm_set_language(rq, request->language, 0, request->length)) {
        fail(failure, PyExc_ValueError, "raqm_set_language() failed");
    } else if (set_direction(rq, request, failure) && set_features(rq, request, failure)) {
        enter_font(font);
        let_go(font);
        fine = shape(font, rq, layout, failure);
        raqm_destroy(rq); /* counts down the references of the face, which needs the lock */
        if (fine) {
            note_layout(&font->recent, wish, layout);
        }
        leave_font(font);
        return fine;
    }
    raqm_destroy(rq);
    return false;
}

static bool
lay_out_raqm(FontObject *font, const Request *request, Layout *layout, Failure *failure) {
    Wish wish;
    bool known;
    if (!request->length) {
        return true;
    }
    wish_of(request, &wish);
    enter_font(font);
    known = recall_layout(&font->recent, &wish, layout);
    leave_font(font);
    return known || shape_new(font, request, &wish, layout, failure);
}

#endif

bool lay_out(FontObject *font, const Request *request, Layout *layout, Failure *failure) {
    bool fine;
    *layout = (Layout){0};
#ifdef HAVE_RAQM
    if (font->raqm) {
        return lay_out_raqm(font, request, layout, failure);
    }
#endif
    enter_font(font);
    if (request->length > BRIEF_GLYPHS) {
        let_go(font);
    }
    fine = lay_out_basic(font, request, layout, failure);
    leave_font(font);
    return fine;
}

/* --- Boxes --- */

typedef struct {
    int64_t x_min, x_max, y_min, y_max;
    int64_t pen; /* along the line, in 1/64 pixel */
} Extent;

static void lower(int64_t *bound, int64_t value) {
    *bound = value < *bound ? value : *bound;
}

static void raise_to(int64_t *bound, int64_t value) {
    *bound = value > *bound ? value : *bound;
}

static FT_Error find_extent(
    FontObject *font, const Request *request, const Layout *layout, FT_Int32 flags, Extent *e) {
    const bool vertical = request->vertical;
    *e = (Extent){0};
    for (size_t i = 0; i < layout->count; i++) {
        const Glyph *g = &layout->glyphs[i];
        int64_t x = whole(g->x_offset + (vertical ? 0 : e->pen));
        int64_t y = whole(g->y_offset + (vertical ? e->pen : 0));
        if (vertical) {
            e->pen += g->y_advance;
            lower(&e->y_min, whole(e->pen));
        } else {
            e->pen += g->x_advance;
            raise_to(&e->x_max, whole(e->pen));
        }
        FT_BBox box;
        GlyphKey key = glyph_key(font, request, flags, g->index);
        FT_Error code = glyph_box(font, &key, &box);
        if (code) {
            return code;
        }
        lower(&e->x_min, box.xMin + x);
        raise_to(&e->x_max, box.xMax + x);
        lower(&e->y_min, box.yMin + y);
        raise_to(&e->y_max, box.yMax + y);
    }
    return 0;
}

typedef struct {
    char letter;
    int64_t value;
} Anchor;

static bool pick(const Anchor *anchors, size_t count, char letter, int64_t *value) {
    for (size_t i = 0; i < count; i++) {
        if (anchors[i].letter == letter) {
            *value = anchors[i].value;
            return true;
        }
    }
    return false;
}

#define PICK(anchors, letter, value)                                                               \
    pick(anchors, sizeof(anchors) / sizeof((anchors)[0]), letter, value)

static bool find_anchor(
    const FT_Size_Metrics *m, bool vertical, const Extent *e, const char *anchor, int64_t *x,
    int64_t *y) {
    if (vertical) {
        const Anchor across[] = {
            {'l', e->x_min}, {'m', (e->x_min + e->x_max) / 2}, {'r', e->x_max}, {'s', 0}};
        const Anchor along[] = {{'t', 0}, {'m', whole(e->pen / 2)}, {'b', whole(e->pen)}};
        return PICK(across, anchor[0], x) && PICK(along, anchor[1], y);
    }
    const int64_t up = m->ascender, down = m->descender;
    const Anchor along[] = {{'l', 0}, {'m', whole(e->pen / 2)}, {'r', whole(e->pen)}};
    const Anchor across[] = {{'a', whole(up)}, {'t', e->y_max}, {'m', whole((up + down) / 2)},
                             {'s', 0},         {'b', e->y_min}, {'d', whole(down)}};
    return PICK(along, anchor[0], x) && PICK(across, anchor[1], y);
}

bool measure(
    FontObject *font, const Request *request, const Layout *layout, FT_Int32 flags,
    const char *anchor, Box *box, Failure *failure) {
    Extent e;
    FT_Error code;
    bool good;
    int64_t x = 0, y = 0;
    enter_font(font);
    if (layout->count > BRIEF_GLYPHS) {
        let_go(font);
    }
    code = find_extent(font, request, layout, flags, &e);
    good = !anchor || strlen(anchor) == 2;
    if (!code && good && layout->count) {
        good = find_anchor(
            &font->face->size->metrics, request->vertical, &e,
            anchor ? anchor : (request->vertical ? "lt" : "la"), &x, &y);
    }
    leave_font(font);
    if (code) {
        return fail_code(failure, code);
    }
    if (!good) {
        return fail_anchor(failure, anchor);
    }
    *box = (Box){e.x_max - e.x_min, e.y_max - e.y_min, e.x_min - x, y - e.y_max};
    return true;
}
