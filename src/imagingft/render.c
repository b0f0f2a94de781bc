/* From laid-out glyphs to pixels. */
#include "ft.h"

#include <math.h>

/* How the pixels of one string are made. */
typedef struct {
    FT_Int32 flags;
    bool color, filled;
    float stroke;
    uint8_t ink[3];
    int64_t x, y; /* the first pen position, 1/64 pixel, y upwards */
} Style;

/* a * b / 255, rounded as Pillow rounds it. */
static inline unsigned scale(unsigned a, unsigned b) {
    unsigned t = a * b + 128;
    return (t + (t >> 8)) >> 8;
}

static inline uint8_t cover(unsigned below, unsigned v) {
    unsigned sum = v + scale(below, 255 - v);
    return (uint8_t)(sum > 255 ? 255 : sum);
}

static inline void put_grey(uint8_t *to, unsigned v) {
    *to = *to ? cover(*to, v) : (uint8_t)v;
}

static inline void put_color(uint8_t *to, const uint8_t color[3], unsigned v) {
    if (!to[3]) {
        memcpy(to, color, 3);
        to[3] = (uint8_t)v;
        return;
    }
    for (int i = 0; i < 3; i++) {
        unsigned t = to[i] * (255 - v) + color[i] * v + 128;
        to[i] = (uint8_t)(((t >> 8) + t) >> 8);
    }
    to[3] = cover(to[3], v);
}

/* One pixel of a premultiplied BGRA bitmap. */
static inline void put_bgra(uint8_t *to, const uint8_t *from) {
    unsigned v = from[3];
    uint8_t color[3];
    for (int i = 0; v && i < 3; i++) {
        unsigned c = 255u * from[2 - i] / v;
        color[i] = (uint8_t)(c > 255 ? 255 : c);
    }
    if (v) {
        put_color(to, color, v);
    }
}

/* What a bitmap's values are multiplied with; 0 for a bitmap that cannot be shown. */
static unsigned factor_of(const FT_Bitmap *bitmap, bool color) {
    switch (bitmap->pixel_mode) {
    case FT_PIXEL_MODE_MONO:
        return 255;
    case FT_PIXEL_MODE_GRAY2:
        return 85;
    case FT_PIXEL_MODE_GRAY4:
        return 17;
    case FT_PIXEL_MODE_GRAY:
        return 1;
    case FT_PIXEL_MODE_BGRA:
        return color;
    default:
        return 0;
    }
}

/* Merges a bitmap with 8 bits or BGRA a pixel; its upper left corner is at (x, y). */
static void merge(
    ImgImage *image, const FT_Bitmap *bitmap, int64_t x, int64_t y, unsigned factor,
    const Style *style) {
    int64_t first = x < 0 ? -x : 0, last = bitmap->width;
    int64_t top = y < 0 ? -y : 0, bottom = bitmap->rows;
    last = last > image->width - x ? image->width - x : last;
    bottom = bottom > image->height - y ? image->height - y : bottom;
    bool bgra = bitmap->pixel_mode == FT_PIXEL_MODE_BGRA;
    for (int64_t row = top; row < bottom; row++) {
        const uint8_t *from = bitmap->buffer + row * bitmap->pitch;
        uint8_t *to = image->rows[y + row];
        for (int64_t column = first; column < last; column++) {
            if (bgra) {
                put_bgra(to + 4 * (x + column), from + 4 * column);
                continue;
            }
            unsigned v = from[column] * factor & 0xff;
            if (v && style->color) {
                put_color(to + 4 * (x + column), style->ink, v);
            } else if (v) {
                put_grey(to + x + column, v);
            }
        }
    }
}

static bool place(
    FT_Library library, ImgImage *image, const FT_Bitmap *bitmap, int64_t x, int64_t y,
    const Style *style, Failure *failure) {
    unsigned factor = factor_of(bitmap, style->color);
    if (!bitmap->buffer) {
        return true;
    }
    if (!factor) {
        *failure = (Failure){.type = PyExc_OSError, .message = "unsupported bitmap pixel mode"};
        return false;
    }
    if (factor == 1) {
        merge(image, bitmap, x, y, 1, style);
        return true;
    }
    FT_Bitmap bytes;
    FT_Bitmap_Init(&bytes);
    failure->code = FT_Bitmap_Convert(library, bitmap, &bytes, 1);
    if (!failure->code) {
        merge(image, &bytes, x, y, factor, style);
    }
    FT_Bitmap_Done(library, &bytes);
    return !failure->code;
}

static FT_Error
stroke_glyph(FontObject *font, FT_Stroker stroker, const Style *style, FT_Glyph *glyph) {
    FT_Error code = FT_Get_Glyph(font->face->glyph, glyph);
    if (code) {
        return code;
    }
    code = style->filled ? FT_Glyph_StrokeBorder(glyph, stroker, 0, 1)
                         : FT_Glyph_Stroke(glyph, stroker, 1);
    FT_Vector origin = {0, 0};
    if (!code) {
        code = FT_Glyph_To_Bitmap(glyph, FT_RENDER_MODE_NORMAL, &origin, 1);
    }
    if (code) {
        FT_Done_Glyph(*glyph);
    }
    return code;
}

static bool draw_glyph(
    FontObject *font, FT_Stroker stroker, ImgImage *image, const Glyph *g, int64_t x, int64_t y,
    const Style *style, Failure *failure) {
    FT_GlyphSlot slot = font->face->glyph;
    failure->code =
        FT_Load_Glyph(font->face, g->index, style->flags | (stroker ? 0 : FT_LOAD_RENDER));
    if (failure->code) {
        return false;
    }
    slot = font->face->glyph;
    if (!stroker) {
        return place(
            font->library, image, &slot->bitmap, x + slot->bitmap_left, -(y + slot->bitmap_top),
            style, failure);
    }
    FT_Glyph glyph;
    failure->code = stroke_glyph(font, stroker, style, &glyph);
    if (failure->code) {
        return false;
    }
    FT_BitmapGlyph drawn = (FT_BitmapGlyph)glyph;
    bool fine = place(
        font->library, image, &drawn->bitmap, x + drawn->left, -(y + drawn->top), style, failure);
    FT_Done_Glyph(glyph);
    return fine;
}

static bool draw_glyphs(
    FontObject *font, ImgImage *image, const Layout *layout, const Style *style, Failure *failure) {
    FT_Stroker stroker = NULL;
    int64_t x = style->x, y = style->y;
    if (style->stroke != 0) {
        failure->code = FT_Stroker_New(font->library, &stroker);
        if (failure->code) {
            return false;
        }
        FT_Stroker_Set(
            stroker, (FT_Fixed)roundf(style->stroke * 64), FT_STROKER_LINECAP_ROUND,
            FT_STROKER_LINEJOIN_ROUND, 0);
    }
    bool fine = true;
    for (size_t i = 0; fine && i < layout->count; i++) {
        const Glyph *g = &layout->glyphs[i];
        fine = draw_glyph(
            font, stroker, image, g, whole(x + g->x_offset), whole(y + g->y_offset), style,
            failure);
        x += g->x_advance;
        y += g->y_advance;
    }
    FT_Stroker_Done(stroker);
    return fine;
}

/* How far the unstroked bitmaps reach to the left of the pen's start, and above it. */
static FT_Error
find_origin(FontObject *font, const Layout *layout, FT_Int32 flags, int64_t *left, int64_t *top) {
    int64_t x = 0, y = 0;
    *left = *top = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const Glyph *g = &layout->glyphs[i];
        FT_Error code = FT_Load_Glyph(font->face, g->index, flags | FT_LOAD_RENDER);
        if (code) {
            return code;
        }
        FT_GlyphSlot slot = font->face->glyph;
        int64_t from = slot->bitmap_left + whole(x + g->x_offset);
        int64_t up = slot->bitmap_top + whole(y + g->y_offset);
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
    int64_t ink;
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
    Style style = {
        .flags = flags, .color = request->color, .filled = w->filled, .stroke = w->stroke};
    for (int i = 0; i < 3; i++) {
        style.ink[i] = (uint8_t)((uint64_t)w->ink >> 8 * i);
    }
    bool fine = false;
    Py_BEGIN_ALLOW_THREADS lock_font(font);
    int64_t left, top;
    if (request->color) {
        FT_Color color = {style.ink[2], style.ink[1], style.ink[0], 255};
        FT_Palette_Set_Foreground_Color(font->face, color);
    }
    failure->code = find_origin(font, layout, flags, &left, &top);
    if (!failure->code) {
        style.x = (int64_t)roundf(((float)-left + w->stroke + w->x_start) * 64);
        style.y = (int64_t)roundf(((float)-top - w->stroke - w->y_start) * 64);
        fine = draw_glyphs(font, image, layout, &style, failure);
    }
    unlock_font(font);
    Py_END_ALLOW_THREADS return fine;
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
    w.ink = ink;
    if (!(fabsf(w.stroke) < FAR && fabsf(w.x_start) < FAR && fabsf(w.y_start) < FAR)) {
        PyErr_SetString(PyExc_OverflowError, "stroke width or start is too large");
        return NULL;
    }
    if (request_fill(&request, text, mode, direction, features, language)) {
        result = render((FontObject *)self, &request, &w, &layout);
    }
    free(layout.glyphs);
    request_clear(&request);
    return result;
}
