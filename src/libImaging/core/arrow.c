/* Images as Arrow arrays: export and import. */
#include "Imaging.h"
#include "core/arrow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES "C"       /* uint8 */
#define WORDS "I"       /* uint32 */
#define FOURFOLD "+w:4" /* lists of four */

/* The type of the samples of a one-band mode. I;16 is signed here, as in Pillow. */
static const char *sample_format(const ImgMode *mode) {
    switch (mode->type) {
    case IMG_U16:
        return "s";
    case IMG_I32:
        return "i";
    case IMG_F32:
        return "f";
    default:
        return BYTES;
    }
}

static bool check_contiguous(const ImgImage *image, ImgError *err) {
    if (!img_is_contiguous(image)) {
        img_fail(err, IMG_ERR_VALUE, "the rows of the image are not contiguous in memory");
        return false;
    }
    return true;
}

static char *append(char *to, const void *bytes, size_t count) {
    memcpy(to, bytes, count);
    return to + count;
}

/* One key and its value: the numbers of pairs and the lengths as int32, texts without a 0. */
static char *encode_metadata(const ImgMode *mode) {
    static const char key[] = "image";
    char json[64];
    int length;
    const char *const *band = mode->layout;
    if (mode->bands == 1) {
        length = snprintf(json, sizeof(json), "{\"bands\": [\"%s\"]}", band[0]);
    } else {
        length = snprintf(
            json, sizeof(json), "{\"bands\": [\"%s\", \"%s\", \"%s\", \"%s\"]}", band[0], band[1],
            band[2], band[3]);
    }
    const int32_t pairs = 1, key_length = sizeof(key) - 1, value_length = length;
    char *metadata = malloc(3 * sizeof(int32_t) + (size_t)key_length + (size_t)value_length);
    if (metadata) {
        char *to = append(metadata, &pairs, sizeof(pairs));
        to = append(to, &key_length, sizeof(key_length));
        to = append(to, key, (size_t)key_length);
        to = append(to, &value_length, sizeof(value_length));
        append(to, json, (size_t)value_length);
    }
    return metadata;
}

/* What a structure owns stands in its private data. A consumer may have moved a child away, which
 * then has no release function any more; its memory stays the parent's. */
typedef struct {
    struct ArrowSchema child, *children[1];
    char *metadata;
} SchemaOwner;

static void release_schema(struct ArrowSchema *schema) {
    SchemaOwner *owner = schema->private_data;
    if (schema->n_children && owner->child.release) {
        owner->child.release(&owner->child);
    }
    free(owner->metadata);
    free(owner);
    schema->release = NULL;
}

static bool
make_schema(const char *format, const char *name, const ImgMode *bands, struct ArrowSchema *out) {
    SchemaOwner *owner = calloc(1, sizeof(*owner));
    if (!owner || (bands && !(owner->metadata = encode_metadata(bands)))) {
        free(owner);
        return false;
    }
    *out = (struct ArrowSchema){
        .format = format,
        .name = name,
        .metadata = owner->metadata,
        .release = release_schema,
        .private_data = owner,
    };
    return true;
}

bool img_arrow_schema(const ImgImage *image, struct ArrowSchema *out, ImgError *err) {
    const ImgMode *mode = image->mode;
    if (!check_contiguous(image, err)) {
        return false;
    }
    if (mode->bands == 1) {
        return make_schema(sample_format(mode), mode->layout[0], mode, out) || img_fail_memory(err);
    }
    if (!make_schema(FOURFOLD, "", NULL, out)) {
        return img_fail_memory(err) != NULL;
    }
    SchemaOwner *owner = out->private_data;
    if (!make_schema(BYTES, mode->name, mode, &owner->child)) {
        release_schema(out);
        return img_fail_memory(err) != NULL;
    }
    owner->children[0] = &owner->child;
    out->children = owner->children;
    out->n_children = 1;
    return true;
}

typedef struct {
    struct ArrowArray child, *children[1];
    const void *buffers[2]; /* validity (none: no pixel is null) and data */
    ImgImage *image;        /* of the array that has the data */
} ArrayOwner;

static void release_array(struct ArrowArray *array) {
    ArrayOwner *owner = array->private_data;
    if (array->n_children && owner->child.release) {
        owner->child.release(&owner->child);
    }
    img_unref(owner->image);
    free(owner);
    array->release = NULL;
}

/* An array of `length` elements; with the image's pixels if `image` is given. */
static bool make_array(int64_t length, ImgImage *image, struct ArrowArray *out) {
    static const uint8_t nothing[64];
    ArrayOwner *owner = calloc(1, sizeof(*owner));
    if (!owner) {
        return false;
    }
    if (image) {
        owner->image = img_ref(image);
        owner->buffers[1] = length ? (const void *)image->rows[0] : nothing;
    }
    *out = (struct ArrowArray){
        .length = length,
        .n_buffers = image ? 2 : 1,
        .buffers = owner->buffers,
        .release = release_array,
        .private_data = owner,
    };
    return true;
}

bool img_arrow_array(ImgImage *image, struct ArrowArray *out, ImgError *err) {
    const int64_t pixels = (int64_t)image->width * image->height;
    if (!check_contiguous(image, err)) {
        return false;
    }
    if (image->mode->bands == 1) {
        return make_array(pixels, image, out) || img_fail_memory(err);
    }
    if (!make_array(pixels, NULL, out)) {
        return img_fail_memory(err) != NULL;
    }
    ArrayOwner *owner = out->private_data;
    if (!make_array(4 * pixels, image, &owner->child)) {
        release_array(out);
        return img_fail_memory(err) != NULL;
    }
    owner->children[0] = &owner->child;
    out->children = owner->children;
    out->n_children = 1;
    return true;
}

static bool has_format(const struct ArrowSchema *schema, const char *format) {
    return schema->format && strcmp(schema->format, format) == 0;
}

/* The array that holds the data, and the bytes of its elements; NULL if the schema is none that
 * fits the mode, or a length is wrong. Looks one child deep only. */
static const struct ArrowArray *find_data(
    const ImgMode *mode, int64_t pixels, const struct ArrowSchema *schema,
    const struct ArrowArray *array, int *element) {
    if (mode->bands == 1) {
        *element = mode->pixel_size;
        return has_format(schema, sample_format(mode)) && array->length == pixels ? array : NULL;
    }
    if (has_format(schema, WORDS)) {
        *element = 4;
        return array->length == pixels ? array : NULL;
    }
    *element = 1;
    if (has_format(schema, BYTES)) {
        const bool flat = schema->n_children == 0 && array->n_children == 0;
        return flat && array->length == 4 * pixels ? array : NULL;
    }
    if (!has_format(schema, FOURFOLD) || array->length != pixels || schema->n_children != 1 ||
        !schema->children || !schema->children[0] || !has_format(schema->children[0], BYTES) ||
        array->n_children != 1 || !array->children || !array->children[0]) {
        return NULL;
    }
    const struct ArrowArray *child = array->children[0];
    return child->length == 4 * pixels ? child : NULL;
}

/* Where the first pixel is, or NULL. Null bitmaps are ignored: every pixel is one. */
static const uint8_t *data_start(const struct ArrowArray *data, int element) {
    int64_t bytes;
    if (data->n_buffers != 2 || !data->buffers || data->offset < 0 ||
        __builtin_add_overflow(data->offset, data->length, &bytes) ||
        __builtin_mul_overflow(bytes, (int64_t)element, &bytes) || bytes > PTRDIFF_MAX) {
        return NULL;
    }
    const uint8_t *start = data->buffers[1];
    if (!start) {
        /* A producer may leave out the buffer of an empty array. */
        static const uint8_t nothing;
        return bytes == 0 ? &nothing : NULL;
    }
    return start + data->offset * element;
}

static void release_moved(void *moved) {
    struct ArrowArray *array = moved;
    if (array->release) {
        array->release(array);
    }
    free(array);
}

ImgImage *img_from_arrow(
    const ImgMode *mode, int width, int height, const struct ArrowSchema *schema,
    struct ArrowArray *array, ImgError *err) {
    if (width < 0 || height < 0) {
        return img_fail(err, IMG_ERR_VALUE, "bad image size");
    }
    if (width > IMG_MAX_WIDTH) {
        return img_fail_memory(err);
    }
    if (!schema->release || !array->release) {
        return img_fail(err, IMG_ERR_VALUE, "the Arrow data are released already");
    }
    int element;
    const int64_t pixels = (int64_t)width * height;
    const struct ArrowArray *data = find_data(mode, pixels, schema, array, &element);
    const uint8_t *start = data ? data_start(data, element) : NULL;
    if (!start) {
        return img_fail(err, IMG_ERR_VALUE, "Arrow type or length does not fit mode and size");
    }
    struct ArrowArray *moved = malloc(sizeof(*moved));
    if (!moved) {
        return img_fail_memory(err);
    }
    *moved = *array;
    /* The image is read-only, so dropping the const is safe. */
    ImgImage *image = img_new_borrowed(
        mode, width, height, (uint8_t *)(uintptr_t)start, (ptrdiff_t)width * mode->pixel_size, true,
        release_moved, moved, err);
    if (!image) {
        free(moved);
        return NULL;
    }
    array->release = NULL;
    return image;
}
