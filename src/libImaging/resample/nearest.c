/* Nearest neighbour. */
#include "resample/internal.h"

#include <stdlib.h>
#include <string.h>

/* The source index of each output sample along one axis, or -1 for none. Positions of 16-bit
 * images are computed directly, those of all others by repeated addition, rounding errors
 * included: the two may differ by one. */
static void source_indices(int *index, int n_out, int n_in, float b0, float b1, bool direct) {
    const double step = (double)(b1 - b0) / n_out;
    double at = (double)b0 + step * 0.5;
    for (int i = 0; i < n_out; i++) {
        const double p = direct ? step * (i + 0.5) + (double)b0 : at;
        index[i] = p >= 0.0 && p < n_in ? (int)p : -1;
        at += step;
    }
}

/* Pixels of borrowed memory need not be aligned. */
typedef uint8_t any_u8;
typedef uint16_t any_u16 __attribute__((aligned(1), may_alias));
typedef uint32_t any_u32 __attribute__((aligned(1), may_alias));

#define GATHER(TYPE)                                                                               \
    static void gather_##TYPE(void *to, const void *from, const int *index, int n) {               \
        TYPE *out = to;                                                                            \
        const TYPE *in = from;                                                                     \
        for (int i = 0; i < n; i++) {                                                              \
            out[i] = index[i] >= 0 ? in[index[i]] : 0;                                             \
        }                                                                                          \
    }                                                                                              \
    static void gather_all_##TYPE(void *to, const void *from, const int *index, int n) {           \
        TYPE *out = to;                                                                            \
        const TYPE *in = from;                                                                     \
        for (int i = 0; i < n; i++) {                                                              \
            out[i] = in[index[i]];                                                                 \
        }                                                                                          \
    }
GATHER(any_u8)
GATHER(any_u16)
GATHER(any_u32)

typedef void (*Gather)(void *, const void *, const int *, int);

static Gather choose_gather(int pixel_size, const int *index, int n) {
    bool all = true;
    for (int i = 0; i < n; i++) {
        all &= index[i] >= 0;
    }
    switch (pixel_size) {
    case 1:
        return all ? gather_all_any_u8 : gather_any_u8;
    case 2:
        return all ? gather_all_any_u16 : gather_any_u16;
    default:
        return all ? gather_all_any_u32 : gather_any_u32;
    }
}

ImgImage *
resample_nearest(const ImgImage *image, int width, int height, const float box[4], ImgError *err) {
    ImgImage *result = img_new_dirty(image->mode, width, height, err);
    if (!result || !img_copy_palette(result, image, err)) {
        img_unref(result);
        return NULL;
    }
    int *columns = malloc(((size_t)width + (size_t)height) * sizeof(int));
    if (!columns) {
        img_unref(result);
        return img_fail_memory(err);
    }
    int *lines = columns + width;
    const bool direct = image->mode->type == IMG_U16;
    source_indices(columns, width, image->width, box[0], box[2], direct);
    source_indices(lines, height, image->height, box[1], box[3], direct);
    const Gather gather = choose_gather(image->mode->pixel_size, columns, width);
    for (int y = 0; y < height; y++) {
        if (lines[y] < 0) {
            memset(result->rows[y], 0, result->row_bytes);
        } else if (y > 0 && lines[y] == lines[y - 1]) {
            memcpy(result->rows[y], result->rows[y - 1], result->row_bytes);
        } else {
            gather(result->rows[y], image->rows[lines[y]], columns, width);
        }
    }
    free(columns);
    return result;
}
