/* Single glyphs: their numbers and pixels, from FreeType or from memory. */
#include "ft.h"

#include <stdlib.h>

enum { ADVANCE = 1, BOX = 2, ORIGIN = 4, PICTURE = 8 };

struct KnownGlyph {
    GlyphKey key;
    unsigned known; /* of the above; 0: a free slot */
    FT_Pos advance;
    FT_BBox box;
    FT_Vector origin;
    Picture picture; /* its pixels are owned */
};

/* --- The table --- */

static bool same_key(const GlyphKey *a, const GlyphKey *b) {
    return a->index == b->index && a->flags == b->flags && a->ink == b->ink &&
           a->radius == b->radius && a->stroke == b->stroke;
}

/* Sums of products with odd constants: neighbours in index, which texts have, do not collide. */
static size_t hash(const GlyphKey *key) {
    uint64_t h = key->index * UINT64_C(0x9E3779B97F4A7C15);
    h ^= (uint32_t)key->flags * UINT64_C(0xC2B2AE3D27D4EB4F);
    h += key->ink * UINT64_C(0x165667B19E3779F9);
    h ^= ((uint64_t)key->radius << 2 | key->stroke) * UINT64_C(0x27D4EB2F165667C5);
    return (size_t)(h >> 32);
}

/* The slot of the key, or the free one where it belongs. There is always a free one. */
static KnownGlyph *slot_of(const KnownGlyphs *known, const GlyphKey *key) {
    size_t i = hash(key) & (known->room - 1);
    while (known->slots[i].known && !same_key(&known->slots[i].key, key)) {
        i = (i + 1) & (known->room - 1);
    }
    return &known->slots[i];
}

void forget_glyphs(KnownGlyphs *known) {
    for (size_t i = 0; i < known->room; i++) {
        free((void *)known->slots[i].picture.pixels);
    }
    free(known->slots);
    *known = (KnownGlyphs){0};
}

/* At most half of the slots are used. */
static bool grow(KnownGlyphs *known) {
    KnownGlyphs larger = {.room = known->room ? 2 * known->room : 64, .used = known->used};
    larger.slots = calloc(larger.room, sizeof(KnownGlyph));
    if (!larger.slots) {
        return false;
    }
    for (size_t i = 0; i < known->room; i++) {
        if (known->slots[i].known) {
            *slot_of(&larger, &known->slots[i].key) = known->slots[i];
        }
    }
    larger.bytes = known->bytes + (larger.room - known->room) * sizeof(KnownGlyph);
    free(known->slots);
    *known = larger;
    return true;
}

static const KnownGlyph *find(const KnownGlyphs *known, const GlyphKey *key, unsigned what) {
    const KnownGlyph *found = known->room ? slot_of(known, key) : NULL;
    return found && found->known & what ? found : NULL;
}

/* A place for more of what is known of a glyph, `bytes` of pixels among it. NULL without memory:
 * then it is not remembered. */
static KnownGlyph *remember(KnownGlyphs *known, const GlyphKey *key, size_t bytes) {
    if (known->bytes + bytes > KNOWN_BYTES) {
        forget_glyphs(known);
    }
    KnownGlyph *slot = known->room ? slot_of(known, key) : NULL;
    if (!slot || !slot->known) {
        if (2 * (known->used + 1) > known->room && !grow(known)) {
            return NULL;
        }
        slot = slot_of(known, key);
        slot->key = *key;
        known->used++;
    }
    known->bytes += bytes;
    return slot;
}

/* --- Numbers --- */

GlyphKey glyph_key(FontObject *font, const Request *request, FT_Int32 flags, FT_UInt index) {
    bool tinted = request->color && FT_HAS_COLOR(font->face);
    return (GlyphKey){.index = index, .flags = flags, .ink = tinted ? request->ink : 0};
}

FT_Error glyph_advance(FontObject *font, const GlyphKey *key, FT_Pos *advance) {
    const KnownGlyph *found = find(&font->known, key, ADVANCE);
    if (found) {
        *advance = found->advance;
        return 0;
    }
    let_go(font);
    FT_Error code = FT_Load_Glyph(font->face, key->index, key->flags);
    if (code) {
        return code;
    }
    *advance = font->face->glyph->metrics.horiAdvance;
    KnownGlyph *slot = remember(&font->known, key, 0);
    if (slot) {
        slot->known |= ADVANCE;
        slot->advance = *advance;
    }
    return 0;
}

static FT_Error find_box(FT_Face face, const GlyphKey *key, FT_BBox *box) {
    FT_Glyph glyph;
    FT_Error code = FT_Load_Glyph(face, key->index, key->flags);
    if (!code) {
        code = FT_Get_Glyph(face->glyph, &glyph);
    }
    if (!code) {
        FT_Glyph_Get_CBox(glyph, FT_GLYPH_BBOX_PIXELS, box);
        FT_Done_Glyph(glyph);
    }
    return code;
}

FT_Error glyph_box(FontObject *font, const GlyphKey *key, FT_BBox *box) {
    const KnownGlyph *found = find(&font->known, key, BOX);
    if (found) {
        *box = found->box;
        return 0;
    }
    let_go(font);
    FT_Error code = find_box(font->face, key, box);
    KnownGlyph *slot = code ? NULL : remember(&font->known, key, 0);
    if (slot) {
        slot->known |= BOX;
        slot->box = *box;
    }
    return code;
}

FT_Error glyph_origin(FontObject *font, const GlyphKey *key, FT_Vector *origin) {
    const KnownGlyph *found = find(&font->known, key, ORIGIN);
    if (found) {
        *origin = found->origin;
        return 0;
    }
    let_go(font);
    FT_Error code = FT_Load_Glyph(font->face, key->index, key->flags | FT_LOAD_RENDER);
    if (code) {
        return code;
    }
    *origin = (FT_Vector){font->face->glyph->bitmap_left, font->face->glyph->bitmap_top};
    KnownGlyph *slot = remember(&font->known, key, 0);
    if (slot) {
        slot->known |= ORIGIN;
        slot->origin = *origin;
    }
    return 0;
}

/* --- Pixels --- */

void drop_scratch(FontObject *font) {
    FT_Bitmap_Done(font->library, &font->scratch);
    FT_Done_Glyph(font->stroked);
    free(font->spare);
    font->stroked = NULL;
    font->spare = NULL;
}

static bool fail(Failure *failure, PyObject *type, const char *message) {
    *failure = (Failure){.type = type, .message = message};
    return false;
}

/* A bitmap of fewer than 8 bits, with 8 bits, in the font's scratch. */
static FT_Error widen(FontObject *font, const FT_Bitmap *bitmap, unsigned factor) {
    FT_Error code = FT_Bitmap_Convert(font->library, bitmap, &font->scratch, 1);
    for (unsigned row = 0; !code && row < font->scratch.rows; row++) {
        uint8_t *pixels = font->scratch.buffer + (ptrdiff_t)row * font->scratch.pitch;
        for (unsigned x = 0; x < font->scratch.width; x++) {
            pixels[x] = (uint8_t)(pixels[x] * factor);
        }
    }
    return code;
}

/* Premultiplied BGRA as RGBA with A 255, and its alpha. */
static void take_apart(const uint8_t *from, uint8_t *colors, uint8_t *alphas, unsigned pixels) {
    for (unsigned i = 0; i < pixels; i++, from += 4, colors += 4) {
        const unsigned alpha = from[3];
        alphas[i] = (uint8_t)alpha;
        for (int k = 0; k < 3; k++) {
            const unsigned c = alpha ? 255u * from[2 - k] / alpha : 0;
            colors[k] = (uint8_t)(c > 255 ? 255 : c);
        }
        colors[3] = 255;
    }
}

/* In the font's spare memory: all colours, then all alphas. */
static bool view_colors(FontObject *font, const FT_Bitmap *b, Picture *picture, Failure *failure) {
    const size_t count = (size_t)b->width * b->rows; /* two numbers of 32 bits */
    font->spare = count <= SIZE_MAX / 5 ? malloc(5 * count + 1) : NULL;
    if (!font->spare) {
        return fail(failure, PyExc_MemoryError, "out of memory");
    }
    uint8_t *colors = font->spare, *alphas = colors + 4 * count;
    for (size_t y = 0; y < b->rows; y++) {
        const uint8_t *row = b->buffer + (ptrdiff_t)y * b->pitch;
        take_apart(row, colors + 4 * y * b->width, alphas + y * b->width, b->width);
    }
    picture->colors = colors;
    picture->pixels = alphas;
    picture->pitch = b->width;
    return true;
}

static bool view_bitmap(
    FontObject *font, const FT_Bitmap *bitmap, bool color, Picture *picture, Failure *failure) {
    unsigned factor = 1;
    if (!bitmap->buffer) {
        return true;
    }
    picture->width = picture->span = bitmap->width;
    picture->rows = bitmap->rows;
    switch (bitmap->pixel_mode) {
    case FT_PIXEL_MODE_MONO:
        factor = 255;
        break;
    case FT_PIXEL_MODE_GRAY2:
        factor = 85;
        break;
    case FT_PIXEL_MODE_GRAY4:
        factor = 17;
        break;
    case FT_PIXEL_MODE_GRAY:
        break;
    case FT_PIXEL_MODE_BGRA:
        if (color) {
            return view_colors(font, bitmap, picture, failure);
        }
        /* fall through */
    default:
        return fail(failure, PyExc_OSError, "unsupported bitmap pixel mode");
    }
    if (factor > 1) {
        failure->code = widen(font, bitmap, factor);
        bitmap = &font->scratch;
    }
    picture->pixels = bitmap->buffer;
    picture->pitch = bitmap->pitch;
    return !failure->code;
}

static FT_Error stroke_glyph(FontObject *font, const GlyphKey *key) {
    FT_Error code = font->stroker ? 0 : FT_Stroker_New(font->library, &font->stroker);
    if (!code) {
        code = FT_Get_Glyph(font->face->glyph, &font->stroked);
    }
    if (code) {
        return code;
    }
    FT_Stroker_Set(
        font->stroker, key->radius, FT_STROKER_LINECAP_ROUND, FT_STROKER_LINEJOIN_ROUND, 0);
    code = key->stroke == BORDER ? FT_Glyph_StrokeBorder(&font->stroked, font->stroker, 0, 1)
                                 : FT_Glyph_Stroke(&font->stroked, font->stroker, 1);
    FT_Vector origin = {0, 0};
    return code ? code : FT_Glyph_To_Bitmap(&font->stroked, FT_RENDER_MODE_NORMAL, &origin, 1);
}

static bool make_picture(
    FontObject *font, const GlyphKey *key, bool color, Picture *picture, Failure *failure) {
    const FT_Int32 render = key->stroke == UNSTROKED ? FT_LOAD_RENDER : 0;
    *picture = (Picture){0};
    failure->code = FT_Load_Glyph(font->face, key->index, key->flags | render);
    if (failure->code) {
        return false;
    }
    const FT_GlyphSlot slot = font->face->glyph;
    if (key->stroke == UNSTROKED) {
        picture->left = slot->bitmap_left;
        picture->top = slot->bitmap_top;
        return view_bitmap(font, &slot->bitmap, color, picture, failure);
    }
    failure->code = stroke_glyph(font, key);
    if (failure->code) {
        return false;
    }
    const FT_BitmapGlyph drawn = (FT_BitmapGlyph)font->stroked;
    picture->left = drawn->left;
    picture->top = drawn->top;
    return view_bitmap(font, &drawn->bitmap, color, picture, failure);
}

/* Copies the picture, if it is small and there is memory. */
static void keep_picture(KnownGlyphs *known, const GlyphKey *key, const Picture *picture) {
    const size_t width = picture->pixels ? picture->width : 0;
    const size_t pitch = (width + ROW_BYTES - 1) / ROW_BYTES * ROW_BYTES;
    const size_t row = pitch + (picture->colors ? 4 * width : 0);
    if (row > KNOWN_GLYPH_BYTES || row * picture->rows > KNOWN_GLYPH_BYTES) {
        return;
    }
    const size_t bytes = row * picture->rows, coverage = pitch * picture->rows;
    uint8_t *copy = bytes ? calloc(bytes, 1) : NULL;
    KnownGlyph *slot = bytes && !copy ? NULL : remember(known, key, bytes);
    if (!slot) {
        free(copy);
        return;
    }
    for (size_t y = 0; bytes && y < picture->rows; y++) {
        memcpy(copy + y * pitch, picture->pixels + (ptrdiff_t)y * picture->pitch, width);
    }
    if (picture->colors) {
        memcpy(copy + coverage, picture->colors, 4 * width * picture->rows);
    }
    slot->picture = *picture;
    slot->picture.pixels = copy;
    slot->picture.colors = picture->colors ? copy + coverage : NULL;
    slot->picture.pitch = (ptrdiff_t)pitch;
    slot->picture.span = (unsigned)pitch;
    slot->known |= PICTURE;
    if (key->stroke == UNSTROKED) {
        slot->known |= ORIGIN;
        slot->origin = (FT_Vector){picture->left, picture->top};
    }
}

bool glyph_picture(
    FontObject *font, const GlyphKey *key, bool color, Picture *picture, Failure *failure) {
    const KnownGlyph *found = find(&font->known, key, PICTURE);
    if (found) {
        *picture = found->picture;
        return true;
    }
    let_go(font);
    drop_scratch(font);
    if (!make_picture(font, key, color, picture, failure)) {
        return false;
    }
    keep_picture(&font->known, key, picture);
    return true;
}
