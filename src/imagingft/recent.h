/* The layouts that libraqm made last: text is often measured before it is drawn. */
#ifndef IMAGINGFT_RECENT_H
#define IMAGINGFT_RECENT_H

#include <stddef.h>
#include <stdint.h>

/* Only short texts are kept, so that a font keeps some 300 KiB of layouts at most. */
enum { RECENT_LAYOUTS = 16, RECENT_TEXT = 256, RECENT_GLYPHS = 512, RECENT_WISH_BYTES = 1152 };

/* What a layout depends on, besides the face: the text, direction and language in one. */
typedef struct {
    size_t size; /* 0: not one to be kept */
    uint8_t bytes[RECENT_WISH_BYTES];
} Wish;

typedef struct {
    uint8_t *wish; /* owned; NULL: nothing here */
    size_t size, count;
    struct Glyph *glyphs; /* owned */
} RecentLayout;

typedef struct {
    RecentLayout slots[RECENT_LAYOUTS];
    unsigned next; /* to be overwritten */
} RecentLayouts;

void forget_layouts(RecentLayouts *recent);

#endif
