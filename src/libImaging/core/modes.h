/* The table of image modes. */
#ifndef IMAGING_CORE_MODES_H
#define IMAGING_CORE_MODES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    IMG_MODE_1,
    IMG_MODE_L,
    IMG_MODE_LA,
    IMG_MODE_La,
    IMG_MODE_P,
    IMG_MODE_PA,
    IMG_MODE_RGB,
    IMG_MODE_RGBA,
    IMG_MODE_RGBa,
    IMG_MODE_RGBX,
    IMG_MODE_CMYK,
    IMG_MODE_YCbCr,
    IMG_MODE_HSV,
    IMG_MODE_LAB,
    IMG_MODE_I,
    IMG_MODE_F,
    IMG_MODE_I16,
    IMG_MODE_I16L,
    IMG_MODE_I16B,
    IMG_MODE_I16N,
    IMG_MODE_COUNT
} ImgModeId;

/* What one stored sample is. */
typedef enum { IMG_U8, IMG_U16, IMG_I32, IMG_F32 } ImgType;

typedef struct {
    ImgModeId id;
    const char *name;
    ImgType type;
    uint8_t bands;          /* 1 to 4 */
    uint8_t pixel_size;     /* bytes of memory per pixel: 1, 2 or 4 */
    uint8_t band_offset[4]; /* byte of band i in the pixel: 2-band modes use bytes 0 and 3 */
    bool alpha;             /* the last band is alpha (straight or premultiplied) */
    bool paletted;          /* P, PA: images of this mode carry a palette */
    const char *layout[4];  /* name of each memory byte for Arrow metadata; [0] alone if 1 band */
} ImgMode;

/* The mode with this id; never NULL. */
const ImgMode *img_mode(ImgModeId id);

/* The mode of this name, or NULL. */
const ImgMode *img_mode_find(const char *name);

#endif
