/* Conversion to modes with alpha, where one colour becomes transparent. */
#include "core/image.h"
#include "pixel/convert.h"
#include "pixel/rows.h"

const char img_no_transparent[] = "conversion not supported in convert_transparent";

#define OPAQUE 0xff000000u

/* What becomes of pixels of the colour. `compared` are the bytes of the source pixel that are
 * compared, `kept` those of the converted pixel, or of the colour, that stay. */
typedef struct {
    ImgModeId from, to;
    bool by_source;    /* the test looks at the source, else at the converted pixel */
    bool take_colour;  /* matching pixels take the colour's bytes */
    uint32_t compared; /* bytes that must be equal */
    uint32_t kept;     /* bytes of a matching pixel that are not cleared */
} TransparentPair;

#define COLOUR 0x00ffffffu
#define ALL 0xffffffffu
#define FROM_GREY(from)                                                                            \
    {from, IMG_MODE_RGBA, false, false, 0xff, COLOUR}, {                                           \
        from, IMG_MODE_LA, false, false, 0xff, COLOUR                                              \
    }

static const TransparentPair pairs[] = {
    {IMG_MODE_RGB, IMG_MODE_RGBA, true, true, COLOUR, COLOUR},
    {IMG_MODE_RGB, IMG_MODE_RGBa, true, true, COLOUR, 0},
    {IMG_MODE_RGB, IMG_MODE_LA, true, true, ALL, COLOUR},
    {IMG_MODE_RGB, IMG_MODE_La, true, true, ALL, 0},
    FROM_GREY(IMG_MODE_1),
    FROM_GREY(IMG_MODE_L),
    FROM_GREY(IMG_MODE_I),
    FROM_GREY(IMG_MODE_I16),
};

static const TransparentPair *find_pair(ImgModeId from, ImgModeId to) {
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i].from == from && pairs[i].to == to) {
            return &pairs[i];
        }
    }
    return NULL;
}

/* `tested` and `out` are 4-byte pixels and may be the same. */
static void clear_matching(
    uint8_t *out, const uint8_t *tested, size_t n, const TransparentPair *pair, uint32_t colour) {
    const uint32_t wanted = colour & pair->compared;
    const uint32_t kept = pair->kept;
    const uint32_t own = pair->take_colour ? 0 : kept, given = pair->take_colour ? kept : 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t w = load_word(out + 4 * i);
        const uint32_t t = load_word(tested + 4 * i) & pair->compared;
        store_word(out + 4 * i, t == wanted ? (w & own) | (colour & given) : w);
    }
}

ImgImage *img_convert_transparent(
    const ImgImage *image, const ImgMode *to, const int colour[3], ImgError *err) {
    const TransparentPair *pair = to ? find_pair(image->mode->id, to->id) : NULL;
    if (!pair) {
        return img_fail(err, IMG_ERR_VALUE, img_no_transparent);
    }
    ImgImage *result = img_new_dirty(to, image->width, image->height, err);
    if (!result) {
        return NULL;
    }
    const uint32_t word = (uint32_t)(colour[0] & 255) | (uint32_t)(colour[1] & 255) << 8 |
                          (uint32_t)(colour[2] & 255) << 16 | OPAQUE;
    /* I;16 reaches RGB only, which has the same bytes as the RGBA or LA that is wanted. */
    const ImgModeId through = image->mode->id == IMG_MODE_RGB ? to->id : IMG_MODE_RGB;
    for (int y = 0; y < image->height; y++) {
        img_route_row(
            image->mode->id, through, result->rows[y], image->rows[y], (size_t)image->width);
        clear_matching(
            result->rows[y], pair->by_source ? image->rows[y] : result->rows[y],
            (size_t)image->width, pair, word);
    }
    return result;
}
