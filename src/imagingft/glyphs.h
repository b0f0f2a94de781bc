/* What FreeType tells of single glyphs, and their pixels, remembered by the font.
 *
 * The numbers and pixels of a glyph depend on nothing but the face, its size and variation, and the
 * key below; so text that was drawn once is composed of glyphs that are there already. All
 * functions want the font's lock to be held.
 */
#ifndef IMAGINGFT_GLYPHS_H
#define IMAGINGFT_GLYPHS_H

#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A font remembers this many bytes at most: a page of Latin text at 24 pixels takes 60 KiB, 2,000
 * Chinese characters, or 20 emoji of 136 x 128 pixels take all. Then everything is forgotten. */
enum { KNOWN_BYTES = 2 << 20 };

/* Rows of coverage that are remembered end in zeros up to a multiple of this many bytes. Zeros
 * change nothing, so that rows, which are short, can be worked on in whole vectors. */
enum { ROW_BYTES = 32 };

/* Larger glyphs are not remembered: few of them would fit. */
enum { KNOWN_GLYPH_BYTES = KNOWN_BYTES / 8 };

typedef enum { UNSTROKED, RING, BORDER } Stroke;

typedef struct {
    FT_UInt index;
    FT_Int32 flags; /* of FT_Load_Glyph */
    uint32_t ink;   /* the foreground of colour glyphs, 0 elsewhere */
    int64_t radius; /* of the stroke, 26.6 */
    Stroke stroke;
} GlyphKey;

/* A glyph's pixels. Nothing to draw: pixels is NULL. */
typedef struct {
    const uint8_t *pixels; /* coverage, a byte each, from the upper left corner */
    const uint8_t *colors; /* RGBA with A 255, rows without gaps; NULL: those of the ink */
    ptrdiff_t pitch;       /* of the coverage */
    unsigned width, rows;
    unsigned span; /* bytes in a row of coverage, of which those beyond the width are 0 */
    int left, top; /* of the upper left corner from the origin, y upwards */
} Picture;

typedef struct KnownGlyph KnownGlyph;

typedef struct {
    KnownGlyph *slots; /* open addressing, a power of two */
    size_t room, used;
    size_t bytes; /* of slots and pixels */
} KnownGlyphs;

void forget_glyphs(KnownGlyphs *known);

#endif
