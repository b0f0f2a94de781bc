/* The direct pairs of modes: which kernels, with which rules, make one of the other. */
#include "pixel/convert.h"
#include "pixel/rows.h"

typedef void (*RowKernel)(uint8_t *out, const uint8_t *in, size_t n, const uint32_t *rule);

/* A kernel, by its place in the table of the level in use, and its rule; see kernels.def. */
typedef struct {
    uint16_t slot; /* 0: no step (that is where ImgKernels keeps its level) */
    uint32_t rule[3];
} Step;

/* One step, or two with 4-byte pixels or less in between. */
typedef struct {
    Step first, second;
} Route;

/* clang-format off */
#define STEP(name, ...) {offsetof(ImgKernels, conv_##name), {__VA_ARGS__}}
#define PLAIN(name) STEP(name, 0, 0, 0)

/* Rules: factor of byte 0, bytes kept, bytes flipped. Bits 24 to 31 are byte 3. */
#define OPAQUE 0xff000000u
#define TO_GREY 0x00010101u, 0, OPAQUE       /* v v v 255 */
#define TO_CMYK 0x01000000u, 0, OPAQUE       /* 0 0 0 255-v */
#define TO_YCBCR 0x00000001u, 0, 0xff808000u /* v 128 128 255 */
#define TO_HSV 0x00010000u, 0, OPAQUE        /* 0 0 v 255 */
#define TO_I (IMG_BIG_ENDIAN ? 0x01000000u : 1u), 0, 0
#define KEEP_ALPHA(factor) factor, OPAQUE, 0
#define MAKE_OPAQUE 0, 0x00ffffffu, OPAQUE
#define COMPLEMENT 0, 0x00ffffffu, 0x00ffffffu
#define ADD_ALPHA 0, 0, OPAQUE /* alpha is made 255 */
#define LITTLE 0, 0, 0
#define BIG 1, 0, 0
#define NATIVE IMG_BIG_ENDIAN, 0, 0

#define ONE(...) {__VA_ARGS__, {0, {0}}}
#define TWO(...) {__VA_ARGS__}
/* clang-format on */

/* All that starts from grey; SOURCE(step) says how to get there. */
#define FROM_GREY(SOURCE)                                                                          \
    [IMG_MODE_I] = SOURCE(STEP(spread, TO_I)), [IMG_MODE_F] = SOURCE(PLAIN(l_f32)),                \
    [IMG_MODE_LA] = SOURCE(STEP(spread, TO_GREY)), [IMG_MODE_RGB] = SOURCE(STEP(spread, TO_GREY)), \
    [IMG_MODE_RGBA] = SOURCE(STEP(spread, TO_GREY)),                                               \
    [IMG_MODE_RGBX] = SOURCE(STEP(spread, TO_GREY)),                                               \
    [IMG_MODE_CMYK] = SOURCE(STEP(spread, TO_CMYK)),                                               \
    [IMG_MODE_YCbCr] = SOURCE(STEP(spread, TO_YCBCR)),                                             \
    [IMG_MODE_HSV] = SOURCE(STEP(spread, TO_HSV))

/* To the four kinds of 16-bit grey. */
#define TO_I16(ROUTE, name)                                                                        \
    [IMG_MODE_I16] = ROUTE(STEP(name, LITTLE)), [IMG_MODE_I16L] = ROUTE(STEP(name, LITTLE)),       \
    [IMG_MODE_I16B] = ROUTE(STEP(name, BIG)), [IMG_MODE_I16N] = ROUTE(STEP(name, NATIVE))

#define FROM_I16(...)                                                                              \
    [IMG_MODE_I] = ONE(STEP(i16_i32, __VA_ARGS__)), [IMG_MODE_L] = ONE(STEP(i16_l, __VA_ARGS__)),  \
    [IMG_MODE_F] = TWO(STEP(i16_i32, __VA_ARGS__), PLAIN(i32_f32))

/* What RGB, RGBA and RGBX have in common. */
#define FROM_COLOUR                                                                                \
    [IMG_MODE_1] = ONE(PLAIN(rgb_1)), [IMG_MODE_L] = ONE(PLAIN(rgb_l)),                            \
    [IMG_MODE_I] = ONE(STEP(rgb_word, TO_I)), [IMG_MODE_F] = ONE(PLAIN(rgb_f32)),                  \
    [IMG_MODE_CMYK] = ONE(STEP(swizzle, COMPLEMENT)), [IMG_MODE_YCbCr] = ONE(PLAIN(rgb_ycbcr)),    \
    [IMG_MODE_HSV] = ONE(PLAIN(rgb_hsv))

#define AFTER_BOOL(...) TWO(PLAIN(truth), __VA_ARGS__)
#define AFTER_LUMA(...) TWO(PLAIN(rgb_l), __VA_ARGS__)
#define AFTER_CLIP(...) TWO(PLAIN(i32_l), __VA_ARGS__)
#define OPAQUE_COLOUR ONE(STEP(swizzle, MAKE_OPAQUE))

static const Route routes[IMG_MODE_COUNT][IMG_MODE_COUNT] = {
    [IMG_MODE_1] = {[IMG_MODE_L] = ONE(PLAIN(truth)), FROM_GREY(AFTER_BOOL)},
    [IMG_MODE_L] = {[IMG_MODE_1] = ONE(PLAIN(threshold)), FROM_GREY(ONE), TO_I16(ONE, l_i16)},
    [IMG_MODE_LA] =
        {[IMG_MODE_L] = ONE(PLAIN(first)),
         [IMG_MODE_La] = ONE(PLAIN(premultiply_la)),
         [IMG_MODE_RGB] = ONE(STEP(swizzle, KEEP_ALPHA(0x00010101u))),
         [IMG_MODE_RGBA] = ONE(STEP(swizzle, KEEP_ALPHA(0x00010101u))),
         [IMG_MODE_RGBX] = ONE(STEP(swizzle, KEEP_ALPHA(0x00010101u))),
         [IMG_MODE_CMYK] = ONE(STEP(swizzle, TO_CMYK)),
         [IMG_MODE_YCbCr] = ONE(STEP(swizzle, TO_YCBCR)),
         [IMG_MODE_HSV] = ONE(STEP(swizzle, KEEP_ALPHA(0x00010000u)))},
    [IMG_MODE_La] = {[IMG_MODE_LA] = ONE(PLAIN(unpremultiply_la))},
    [IMG_MODE_I] =
        {[IMG_MODE_L] = ONE(PLAIN(i32_l)),
         [IMG_MODE_F] = ONE(PLAIN(i32_f32)),
         [IMG_MODE_RGB] = AFTER_CLIP(STEP(spread, TO_GREY)),
         [IMG_MODE_RGBA] = AFTER_CLIP(STEP(spread, TO_GREY)),
         [IMG_MODE_RGBX] = AFTER_CLIP(STEP(spread, TO_GREY)),
         [IMG_MODE_HSV] = AFTER_CLIP(STEP(spread, TO_HSV)),
         TO_I16(ONE, i32_i16)},
    [IMG_MODE_F] = {[IMG_MODE_L] = ONE(PLAIN(f32_l)), [IMG_MODE_I] = ONE(PLAIN(f32_i32))},
    [IMG_MODE_I16] =
        {FROM_I16(LITTLE), [IMG_MODE_RGB] = TWO(STEP(i16_l, LITTLE), STEP(spread, TO_GREY))},
    [IMG_MODE_I16L] = {FROM_I16(LITTLE)},
    [IMG_MODE_I16B] = {FROM_I16(BIG)},
    [IMG_MODE_I16N] = {FROM_I16(NATIVE)},
    [IMG_MODE_RGB] =
        {FROM_COLOUR, [IMG_MODE_LA] = ONE(STEP(rgb_word, TO_GREY)),
         [IMG_MODE_La] = ONE(STEP(rgb_word, TO_GREY)),
         TO_I16(AFTER_LUMA, l_i16), [IMG_MODE_RGBA] = OPAQUE_COLOUR,
         [IMG_MODE_RGBa] = OPAQUE_COLOUR, [IMG_MODE_RGBX] = OPAQUE_COLOUR},
    [IMG_MODE_RGBA] =
        {FROM_COLOUR, [IMG_MODE_LA] = ONE(STEP(rgb_word, KEEP_ALPHA(0x00010101u))),
         [IMG_MODE_RGB] = OPAQUE_COLOUR, [IMG_MODE_RGBX] = OPAQUE_COLOUR,
         [IMG_MODE_RGBa] = ONE(PLAIN(premultiply))},
    [IMG_MODE_RGBX] =
        {FROM_COLOUR, [IMG_MODE_LA] = ONE(STEP(rgb_word, TO_GREY)), [IMG_MODE_RGB] = OPAQUE_COLOUR},
    [IMG_MODE_RGBa] =
        {[IMG_MODE_RGBA] = ONE(PLAIN(unpremultiply)),
         [IMG_MODE_RGB] = ONE(STEP(unpremultiply, ADD_ALPHA))},
    [IMG_MODE_CMYK] =
        {[IMG_MODE_RGB] = ONE(PLAIN(cmyk_rgb)),
         [IMG_MODE_RGBA] = ONE(PLAIN(cmyk_rgb)),
         [IMG_MODE_RGBX] = ONE(PLAIN(cmyk_rgb)),
         [IMG_MODE_HSV] = TWO(PLAIN(cmyk_rgb), PLAIN(rgb_hsv))},
    [IMG_MODE_YCbCr] =
        {[IMG_MODE_L] = ONE(PLAIN(first)),
         [IMG_MODE_LA] = ONE(STEP(swizzle, TO_GREY)),
         [IMG_MODE_RGB] = ONE(PLAIN(ycbcr_rgb))},
    [IMG_MODE_HSV] = {[IMG_MODE_RGB] = ONE(PLAIN(hsv_rgb))},
};

bool img_has_route(ImgModeId from, ImgModeId to) {
    return routes[from][to].first.slot != 0;
}

static RowKernel kernel_of(const Step *step) {
    RowKernel kernel;
    memcpy(&kernel, (const char *)img_kernels + step->slot, sizeof(kernel));
    return kernel;
}

/* Pixels between two steps: 4 KiB, which stay in the first cache. */
#define BETWEEN 1024

void img_route_row(ImgModeId from, ImgModeId to, uint8_t *out, const uint8_t *in, size_t pixels) {
    const Route *route = &routes[from][to];
    const RowKernel first = kernel_of(&route->first);
    if (!route->second.slot) {
        first(out, in, pixels, route->first.rule);
        return;
    }
    const RowKernel second = kernel_of(&route->second);
    const size_t in_size = img_mode(from)->pixel_size, out_size = img_mode(to)->pixel_size;
    uint8_t between[4 * BETWEEN];
    for (size_t done = 0; done < pixels; done += BETWEEN) {
        const size_t n = pixels - done < BETWEEN ? pixels - done : BETWEEN;
        first(between, in + done * in_size, n, route->first.rule);
        second(out + done * out_size, between, n, route->second.rule);
    }
}
