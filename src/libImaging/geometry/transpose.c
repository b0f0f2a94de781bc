/* Mirrors, quarter turns and shifts.
 *
 * The four operations that exchange rows and columns are one: transposition, reading the rows of
 * the source from either end, and writing the rows of the result from either end. */
#include "geometry/transpose.h"

#include "core/stream.h"
#include "simd/kernels.h"

typedef struct {
    bool transposed; /* columns become rows */
    bool mirror_in;  /* if transposed, rows are read from the last; else pixels are */
    bool mirror_out; /* rows are written from the last */
} Movement;

static const Movement movements[IMG_TRANSPOSE_COUNT] = {
    [IMG_FLIP_LEFT_RIGHT] = {false, true, false}, [IMG_FLIP_TOP_BOTTOM] = {false, false, true},
    [IMG_ROTATE_90] = {true, false, true},        [IMG_ROTATE_180] = {false, true, true},
    [IMG_ROTATE_270] = {true, true, false},       [IMG_TRANSPOSE] = {true, false, false},
    [IMG_TRANSVERSE] = {true, true, true},
};

typedef void (*ReverseKernel)(uint8_t *out, const uint8_t *in, size_t pixels);
typedef void (*TransposeKernel)(
    uint8_t *const *out, ptrdiff_t out_step, size_t out_x, uint8_t *const *in, ptrdiff_t in_step,
    size_t in_x, size_t rows, size_t cols);

static ReverseKernel reverse_kernel(size_t pixel_size) {
    switch (pixel_size) {
    case 1:
        return img_kernels->reverse1_row;
    case 2:
        return img_kernels->reverse2_row;
    default:
        return img_kernels->reverse4_row;
    }
}

static TransposeKernel transpose_kernel(size_t pixel_size) {
    switch (pixel_size) {
    case 1:
        return img_kernels->transpose1_block;
    case 2:
        return img_kernels->transpose2_block;
    default:
        return img_kernels->transpose4_block;
    }
}

static void move_rows(ImgImage *out, const ImgImage *in, Movement how) {
    const ReverseKernel reverse = reverse_kernel(in->mode->pixel_size);
    const ImgCopyRow copy = img_row_copier(out);
    for (int y = 0; y < in->height && in->row_bytes > 0; y++) {
        uint8_t *to = out->rows[how.mirror_out ? in->height - 1 - y : y];
        if (how.mirror_in) {
            reverse(to, in->rows[y], (size_t)in->width);
        } else {
            copy(to, in->rows[y], in->row_bytes);
        }
    }
    img_rows_copied(out);
}

/* Blocks of the source: as many rows as give 64 bytes (a cache line) of each row of the result, and
 * columns for long runs along them, few enough that the lines of the result written (16 KiB) stay
 * in L1 while the kernel fills them. */
enum { BLOCK_BYTES = 64, BLOCK_COLUMNS = 256 };

static void exchange(ImgImage *out, const ImgImage *in, Movement how) {
    const TransposeKernel kernel = transpose_kernel(in->mode->pixel_size);
    const size_t width = (size_t)in->width, height = (size_t)in->height;
    const size_t block = BLOCK_BYTES / in->mode->pixel_size;
    const ptrdiff_t in_step = how.mirror_in ? -1 : 1, out_step = how.mirror_out ? -1 : 1;
    uint8_t *const *first_in = in->rows + (how.mirror_in ? height - 1 : 0);
    uint8_t *const *first_out = out->rows + (how.mirror_out ? width - 1 : 0);
    for (size_t y = 0; y < height; y += block) {
        const size_t rows = height - y < block ? height - y : block;
        for (size_t x = 0; x < width; x += BLOCK_COLUMNS) {
            const size_t cols = width - x < BLOCK_COLUMNS ? width - x : BLOCK_COLUMNS;
            kernel(
                first_out + (ptrdiff_t)x * out_step, out_step, y, first_in + (ptrdiff_t)y * in_step,
                in_step, x, rows, cols);
        }
    }
}

ImgImage *img_transpose(const ImgImage *image, int operation, ImgError *err) {
    if (operation < 0 || operation >= IMG_TRANSPOSE_COUNT) {
        return img_fail(err, IMG_ERR_VALUE, "No such transpose operation");
    }
    const Movement how = movements[operation];
    const int width = how.transposed ? image->height : image->width;
    const int height = how.transposed ? image->width : image->height;
    ImgImage *out = img_new_dirty(image->mode, width, height, err);
    if (!out || !img_copy_palette(out, image, err)) {
        img_unref(out);
        return NULL;
    }
    if (width == 0 || height == 0) {
        return out;
    }
    if (how.transposed) {
        exchange(out, image, how);
    } else {
        move_rows(out, image, how);
    }
    return out;
}

/* `shift` modulo `size`, not negative; size > 0. */
static int wrap(int shift, int size) {
    const int rest = shift % size;
    return rest < 0 ? rest + size : rest;
}

ImgImage *img_offset(const ImgImage *image, int dx, int dy, ImgError *err) {
    if (image->width == 0 || image->height == 0) {
        return img_copy(image, err);
    }
    ImgImage *out = img_new_dirty(image->mode, image->width, image->height, err);
    if (!out || !img_copy_palette(out, image, err)) {
        img_unref(out);
        return NULL;
    }
    const size_t right = (size_t)wrap(dx, image->width) * image->mode->pixel_size;
    const size_t left = image->row_bytes - right;
    const int down = wrap(dy, image->height);
    const ImgCopyRow copy = img_row_copier(out);
    for (int y = 0; y < image->height; y++) {
        const int to_y = y < image->height - down ? y + down : y - (image->height - down);
        copy(out->rows[to_y] + right, image->rows[y], left);
        copy(out->rows[to_y], image->rows[y] + left, right);
    }
    img_rows_copied(out);
    return out;
}
