/* Images as Arrow arrays, without copying: the Arrow C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html). */
#ifndef IMAGING_CORE_ARROW_H
#define IMAGING_CORE_ARROW_H

#include "core/image.h"

/* The two structures of the interface, as its specification gives them. */
struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

/* The type of an image: numbers for one-band modes, lists of four bytes for all others. The names
 * of the bands are metadata, {"bands": ["R", "G", "B", "X"]} under the key "image". */
bool img_arrow_schema(const ImgImage *image, struct ArrowSchema *out, ImgError *err);

/* The pixels, which live until the array (and its child) is released. The rows must follow each
 * other without gaps. */
bool img_arrow_array(ImgImage *image, struct ArrowArray *out, ImgError *err);

/* A read-only image over the pixels of an array, which is moved from `array` on success: width *
 * height pixels as numbers of the mode's type; or, for modes of 4 bytes, as uint32, as lists of
 * four bytes, or as bytes alone. The two structures may be anything (but of this type). */
ImgImage *img_from_arrow(
    const ImgMode *mode, int width, int height, const struct ArrowSchema *schema,
    struct ArrowArray *array, ImgError *err);

#endif
