/* Layouts that are not made again. All functions but wish_of want the font's lock to be held. */
#include "ft.h"

#include <stdlib.h>

static bool append(Wish *wish, const void *from, size_t size) {
    if (size > RECENT_WISH_BYTES - wish->size) {
        return false;
    }
    if (size) {
        memcpy(wish->bytes + wish->size, from, size);
    }
    wish->size += size;
    return true;
}

/* A byte tells whether there is a word; the word ends with its NUL. */
static bool append_word(Wish *wish, const char *word) {
    const uint8_t there = word != NULL;
    return append(wish, &there, 1) && (!word || append(wish, word, strlen(word) + 1));
}

void wish_of(const Request *request, Wish *wish) {
    const uint8_t kind = request->characters != NULL;
    const void *text = kind ? (const void *)request->characters : request->bytes;
    wish->size = 0;
    if (request->length > RECENT_TEXT || request->features || !append(wish, &kind, 1) ||
        !append_word(wish, request->direction) || !append_word(wish, request->language) ||
        !append(wish, text, request->length * (kind ? sizeof(Py_UCS4) : 1))) {
        wish->size = 0;
    }
}

static void clear(RecentLayout *slot) {
    free(slot->wish);
    free(slot->glyphs);
    *slot = (RecentLayout){0};
}

void forget_layouts(RecentLayouts *recent) {
    for (int i = 0; i < RECENT_LAYOUTS; i++) {
        clear(&recent->slots[i]);
    }
}

static void *duplicate(const void *from, size_t size) {
    void *copy = malloc(size ? size : 1);
    if (copy && size) {
        memcpy(copy, from, size);
    }
    return copy;
}

bool recall_layout(const RecentLayouts *recent, const Wish *wish, Layout *layout) {
    for (int i = 0; wish->size && i < RECENT_LAYOUTS; i++) {
        const RecentLayout *slot = &recent->slots[i];
        if (slot->wish && slot->size == wish->size &&
            !memcmp(slot->wish, wish->bytes, wish->size)) {
            layout->glyphs = duplicate(slot->glyphs, slot->count * sizeof(Glyph));
            layout->count = layout->glyphs ? slot->count : 0;
            return layout->glyphs != NULL;
        }
    }
    return false;
}

void note_layout(RecentLayouts *recent, const Wish *wish, const Layout *layout) {
    if (!wish->size || layout->count > RECENT_GLYPHS) {
        return;
    }
    RecentLayout *slot = &recent->slots[recent->next];
    clear(slot);
    slot->wish = duplicate(wish->bytes, wish->size);
    slot->glyphs = duplicate(layout->glyphs, layout->count * sizeof(Glyph));
    if (!slot->wish || !slot->glyphs) {
        clear(slot);
        return;
    }
    slot->size = wish->size;
    slot->count = layout->count;
    recent->next = (recent->next + 1) % RECENT_LAYOUTS;
}
