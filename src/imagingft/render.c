/* From laid-out glyphs to pixels. */
#include "ft.h"

#include <math.h>

/* How the pixels of one string are made. */
typedef struct {
    FT_Int32 flags;
    bool color;
    Stroke stroke;
    int64_t radius;
    int64_t x, y; /* the first pen position, 1/64 pixel, y upwards */
} Style;

/* --- Composition ---
 *
 * Coverage v over coverage t gives v + t * (255 - v) / 255, rounded, which never exceeds 255.
 * Colours mix by v, but a pixel that is transparent takes the glyph's colour. Kernels of paste do
 * both. */

enum { TILE = 64 }; /* pixels */

static void cover_colors(
    const ImgKernels *kernels, uint8_t *to, const uint8_t *coverage, const uint8_t *colors,
    size_t step, size_t pixels) {
    uint8_t spread[4 * TILE];
    while (pixels) {
        const size_t n = pixels < TILE ? pixels : TILE;
        kernels->spread4_row(spread, coverage, n);
        kernels->mask_mix_clear(to, colors, spread, 4 * n);
        to += 4 * n;
        coverage += n;
        colors += step * n;
        pixels -= n;
    }
}

/* Puts a picture into the image; its upper left corner is at (x, y), maybe outside. */
static void merge(
    const ImgKernels *kernels, ImgImage *image, const Picture *p, int64_t x, int64_t y,
    const uint8_t *ink) {
    const int64_t first = x < 0 ? -x : 0, top = y < 0 ? -y : 0;
    int64_t last = p->colors ? p->width : p->span, bottom = p->rows;
    last = last > image->width - x ? image->width - x : last;
    bottom = bottom > image->height - y ? image->height - y : bottom;
    if (!p->pixels || last <= first) {
        return;
    }
    const size_t n = (size_t)(last - first);
    for (int64_t row = top; row < bottom; row++) {
        const uint8_t *coverage = p->pixels + row * p->pitch + first;
        uint8_t *to = image->rows[y + row];
        if (!ink) {
            kernels->mask_premix(to + (x + first), coverage, coverage, n);
        } else if (p->colors) {
            const uint8_t *colors = p->colors + 4 * (row * p->width + first);
            cover_colors(kernels, to + 4 * (x + first), coverage, colors, 4, n);
        } else {
            cover_colors(kernels, to + 4 * (x + first), coverage, ink, 0, n);
        }
    }
}

/* --- Strings of glyphs --- */

static bool draw_glyphs(
    FontObject *font, const Request *request, ImgImage *image, const Layout *layout,
    const Style *style, Failure *failure) {
    uint8_t ink[4 * TILE];
    int64_t x = style->x, y = style->y;
    for (int i = 0; i < 4 * TILE; i++) {
        ink[i] = i % 4 == 3 ? 255 : (uint8_t)(request->ink >> 8 * (i % 4));
    }
    for (size_t i = 0; i < layout->count; i++) {
        const Glyph *g = &layout->glyphs[i];
        GlyphKey key = glyph_key(font, request, style->flags, g->index);
        Picture picture;
        key.stroke = style->stroke;
        key.radius = style->radius;
        if (!glyph_picture(font, &key, style->color, &picture, failure)) {
            return false;
        }
        merge(
            font->kernels, image, &picture, whole(x + g->x_offset) + picture.left,
            -(whole(y + g->y_offset) + picture.top), style->color ? ink : NULL);
        x += g->x_advance;
        y += g->y_advance;
    }
    return true;
}

/* How far the unstroked bitmaps reach to the left of the pen's start, and above it. */
static FT_Error find_origin(
    FontObject *font, const Request *request, const Layout *layout, FT_Int32 flags, int64_t *left,
    int64_t *top) {
    int64_t x = 0, y = 0;
    *left = *top = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const Glyph *g = &layout->glyphs[i];
        GlyphKey key = glyph_key(font, request, flags, g->index);
        FT_Vector origin;
        FT_Error code = glyph_origin(font, &key, &origin);
        if (code) {
            return code;
        }
        int64_t from = origin.x + whole(x + g->x_offset);
        int64_t up = origin.y + whole(y + g->y_offset);
        *left = from < *left ? from : *left;
        *top = up > *top ? up : *top;
        x += g->x_advance;
        y += g->y_advance;
    }
    return 0;
}

typedef struct {
    const char *anchor;
    PyObject *fill;
    float stroke, x_start, y_start;
    int filled;
} Wishes;

/* Beyond this, floats of stroke and start make no sizes. */
#define FAR 1e9f

static PyObject *make_image(const Wishes *w, const Box *box, ImgImage **image) {
    int64_t width = box->width + (int64_t)ceilf(w->stroke * 2 + w->x_start);
    int64_t height = box->height + (int64_t)ceilf(w->stroke * 2 + w->y_start);
    PyObject *core = PyObject_CallFunction(w->fill, "LL", (long long)width, (long long)height);
    PyObject *capsule = core ? PyObject_GetAttrString(core, "ptr") : NULL;
    *image = capsule ? PyCapsule_GetPointer(capsule, CAPSULE_NAME) : NULL;
    Py_XDECREF(capsule); /* the core object keeps the image */
    if (!*image) {
        Py_CLEAR(core);
    }
    return core;
}

static bool fits(const ImgImage *image, bool color) {
    if (image->readonly || image->mode->pixel_size != (color ? 4 : 1)) {
        PyErr_SetString(PyExc_ValueError, "the image to render to has a wrong mode");
        return false;
    }
    return true;
}

static bool draw(
    FontObject *font, const Request *request, const Layout *layout, const Wishes *w,
    ImgImage *image, FT_Int32 flags, Failure *failure) {
    Style style = {.flags = flags, .color = request->color};
    if (w->stroke != 0) {
        style.stroke = w->filled ? BORDER : RING;
        style.radius = (int64_t)roundf(w->stroke * 64);
    }
    bool fine = false;
    int64_t left, top;
    enter_font(font);
    if (layout->count > BRIEF_GLYPHS || image->height > BRIEF_BYTES / (int)image->row_bytes) {
        let_go(font);
    }
    if (request->color) {
        FT_Color color = {
            (uint8_t)(request->ink >> 16), (uint8_t)(request->ink >> 8), (uint8_t)request->ink,
            255};
        FT_Palette_Set_Foreground_Color(font->face, color);
    }
    failure->code = find_origin(font, request, layout, flags, &left, &top);
    if (!failure->code) {
        style.x = (int64_t)roundf(((float)-left + w->stroke + w->x_start) * 64);
        style.y = (int64_t)roundf(((float)-top - w->stroke - w->y_start) * 64);
        fine = draw_glyphs(font, request, image, layout, &style, failure);
    }
    drop_scratch(font);
    leave_font(font);
    return fine;
}

static PyObject *render(FontObject *font, const Request *request, const Wishes *w, Layout *layout) {
    Failure failure = {0};
    Box box;
    ImgImage *image;
    FT_Int32 flags = load_flags(request) | (w->stroke != 0 ? FT_LOAD_NO_BITMAP : 0);
    if (!lay_out(font, request, layout, &failure) ||
        !measure(font, request, layout, flags, w->anchor, &box, &failure)) {
        return raise_failure(&failure);
    }
    PyObject *core = make_image(w, &box, &image);
    if (!core) {
        return NULL;
    }
    if (layout->count && image->width && image->height) {
        bool fine = fits(image, request->color);
        if (fine && !draw(font, request, layout, w, image, flags, &failure)) {
            raise_failure(&failure);
            fine = false;
        }
        if (!fine) {
            Py_DECREF(core);
            return NULL;
        }
    }
    return Py_BuildValue(
        "N(LL)", core, (long long)roundf((float)box.x_offset - w->stroke),
        (long long)roundf((float)box.y_offset - w->stroke));
}

PyObject *font_render(PyObject *self, PyObject *args) {
    Wishes w = {0};
    Request request;
    Layout layout = {0};
    PyObject *text, *features = Py_None, *result = NULL;
    const char *mode = NULL, *direction = NULL, *language = NULL;
    long long ink = 0;
    if (!PyArg_ParseTuple(
            args, "OO|zzOzfpzL(ff):render", &text, &w.fill, &mode, &direction, &features, &language,
            &w.stroke, &w.filled, &w.anchor, &ink, &w.x_start, &w.y_start)) {
        return NULL;
    }
    if (!(fabsf(w.stroke) < FAR && fabsf(w.x_start) < FAR && fabsf(w.y_start) < FAR)) {
        PyErr_SetString(PyExc_OverflowError, "stroke width or start is too large");
        return NULL;
    }
    if (request_fill(&request, text, mode, direction, features, language)) {
        request.ink = (uint32_t)((uint64_t)ink & 0xffffff);
        result = render((FontObject *)self, &request, &w, &layout);
    }
    free(layout.glyphs);
    request_clear(&request);
    return result;
}
