#include "Imaging.h"

#include <string.h>

#define ONE(ID, NAME, TYPE, SIZE, LAYOUT, PALETTED)                                                \
    [ID] = {ID, NAME, TYPE, 1, SIZE, {0, 0, 0, 0}, false, PALETTED, {LAYOUT, NULL, NULL, NULL}}
#define TWO(ID, NAME, B0, B3, PALETTED)                                                            \
    [ID] = {ID, NAME, IMG_U8, 2, 4, {0, 3, 0, 0}, true, PALETTED, {B0, "X", "X", B3}}
#define MANY(ID, NAME, BANDS, ALPHA, B0, B1, B2, B3)                                               \
    [ID] = {ID, NAME, IMG_U8, BANDS, 4, {0, 1, 2, 3}, ALPHA, false, {B0, B1, B2, B3}}

static const ImgMode modes[IMG_MODE_COUNT] = {
    ONE(IMG_MODE_1, "1", IMG_U8, 1, "1", false),
    ONE(IMG_MODE_L, "L", IMG_U8, 1, "L", false),
    ONE(IMG_MODE_P, "P", IMG_U8, 1, "P", true),
    ONE(IMG_MODE_I, "I", IMG_I32, 4, "I", false),
    ONE(IMG_MODE_F, "F", IMG_F32, 4, "F", false),
    ONE(IMG_MODE_I16, "I;16", IMG_U16, 2, "I", false),
    ONE(IMG_MODE_I16L, "I;16L", IMG_U16, 2, "I", false),
    ONE(IMG_MODE_I16B, "I;16B", IMG_U16, 2, "I", false),
    ONE(IMG_MODE_I16N, "I;16N", IMG_U16, 2, "I", false),
    TWO(IMG_MODE_LA, "LA", "L", "A", false),
    TWO(IMG_MODE_La, "La", "L", "a", false),
    TWO(IMG_MODE_PA, "PA", "P", "A", true),
    MANY(IMG_MODE_RGB, "RGB", 3, false, "R", "G", "B", "X"),
    MANY(IMG_MODE_RGBA, "RGBA", 4, true, "R", "G", "B", "A"),
    MANY(IMG_MODE_RGBa, "RGBa", 4, true, "R", "G", "B", "a"),
    MANY(IMG_MODE_RGBX, "RGBX", 4, false, "R", "G", "B", "X"),
    MANY(IMG_MODE_CMYK, "CMYK", 4, false, "C", "M", "Y", "K"),
    MANY(IMG_MODE_YCbCr, "YCbCr", 3, false, "Y", "Cb", "Cr", "X"),
    MANY(IMG_MODE_HSV, "HSV", 3, false, "H", "S", "V", "X"),
    MANY(IMG_MODE_LAB, "LAB", 3, false, "L", "a", "b", "X"),
};

const ImgMode *img_mode(ImgModeId id) {
    return &modes[id];
}

const ImgMode *img_mode_find(const char *name) {
    for (int i = 0; i < IMG_MODE_COUNT; i++) {
        if (strcmp(modes[i].name, name) == 0) {
            return &modes[i];
        }
    }
    return NULL;
}
