/* Colours through a three-dimensional table, with trilinear interpolation. */
#include "filter/lut3d.h"
#include "Imaging.h"
#include "simd/kernels.h"

#include <string.h>

#define FRACTION 18  /* bits of position below a cell; the upper 15 of them weigh the corners */
#define VALUE_BITS 6 /* results carry these below a byte: 255 is stored as 16320 */
#define VALUES (LUT3D_ENTRY / 2)

static inline int mix(int p, int q, int t) {
    return (int16_t)((p * (32768 - t) + q * t) >> 15);
}

void lut3d_row_scalar(uint8_t *out, const uint8_t *in, int n, const ImgLut3d *lut) {
    for (int x = 0; x < n; x++, in += 4, out += 4) {
        int t[3];
        size_t at = 0;
        for (int k = 0; k < 3; k++) {
            const uint32_t position = in[k] * lut->scale[k];
            at += (size_t)(position >> FRACTION) * lut->stride[k];
            t[k] = (int)((position & ((1u << FRACTION) - 1)) >> (FRACTION - 15));
        }
        const int16_t *entry = lut->table + at * VALUES;
        const size_t dx = VALUES, dy = VALUES / 2, dz = (size_t)lut->stride[2] * VALUES;
        const uint8_t last = in[3];
        for (int c = 0; c < lut->channels; c++) {
            const int16_t *p = entry + c;
            const int near_row = mix(p[0], p[dx], t[0]);
            const int far_row = mix(p[dy], p[dy + dx], t[0]);
            const int near_up = mix(p[dz], p[dz + dx], t[0]);
            const int far_up = mix(p[dz + dy], p[dz + dy + dx], t[0]);
            const int v = mix(mix(near_row, far_row, t[1]), mix(near_up, far_up, t[1]), t[2]);
            const int byte = (v + (1 << (VALUE_BITS - 1))) >> VALUE_BITS;
            out[c] = (uint8_t)(byte < 0 ? 0 : byte > 255 ? 255 : byte);
        }
        if (lut->channels == 3) {
            out[3] = last;
        }
    }
}

/* 0 to 1 become 0 to 255 with VALUE_BITS of fraction, in single precision, rounded half away from
 * zero; what exceeds an int16 saturates. NaN becomes 0. */
static int16_t prepare(float value) {
    const float unit = 255 << VALUE_BITS;
    if (value >= 32766.5f / unit) {
        return INT16_MAX;
    }
    if (value <= -32767.5f / unit) {
        return INT16_MIN;
    }
    const float scaled = value * unit;
    if (!(value == value)) {
        return 0;
    }
    return (int16_t)(value < 0 ? (double)scaled - 0.5 : (double)scaled + 0.5);
}

static const char *check_table(int channels, const int size[3]) {
    if (channels < 1 || channels > 4) {
        return "table_channels should be from 1 to 4";
    }
    for (int k = 0; k < 3; k++) {
        if (size[k] < 2 || size[k] > 65) {
            return "Table size in any dimension should be from 2 to 65";
        }
    }
    return NULL;
}

bool img_lut3d_check(int channels, const int size[3], ImgError *err) {
    const char *message = check_table(channels, size);
    return message ? img_fail(err, IMG_ERR_VALUE, message) != NULL : true;
}

static bool modes_fit(const ImgMode *from, const ImgMode *to, int channels) {
    return from->type == IMG_U8 && from->bands >= 3 && to->type == IMG_U8 &&
           to->bands >= channels && (to->bands <= channels || from->bands >= to->bands);
}

/* Makes the table in the memory of its values, LUT3D_ENTRY bytes for each entry: forwards the four
 * int16 of each, backwards what follows them. */
static void prepare_table(ImgLut3d *lut, float *values, const int size[3]) {
    uint8_t *table = (uint8_t *)values;
    const size_t count = (size_t)size[0] * size[1] * size[2]; /* at most 65^3 */
    const size_t next = (size_t)size[0] * LUT3D_ENTRY, half = LUT3D_ENTRY / 2;
    int low = INT16_MAX, high = INT16_MIN;
    for (size_t i = 0; i < count; i++) {
        float given[4];
        int16_t entry[4] = {0, 0, 0, 0};
        memcpy(given, values + i * lut->channels, sizeof(*given) * lut->channels);
        for (int c = 0; c < lut->channels; c++) {
            entry[c] = prepare(given[c]);
            low = entry[c] < low ? entry[c] : low;
            high = entry[c] > high ? entry[c] : high;
        }
        memcpy(table + i * half, entry, half);
    }
    for (size_t i = count; i-- > 0;) {
        uint8_t *to = table + i * LUT3D_ENTRY;
        memmove(to, table + i * half, half);
        /* The last row of the second axis has none behind it, and begins no cell. */
        memcpy(to + half, i + size[0] < count ? to + next : to, half);
    }
    lut->table = (const int16_t *)(const void *)table;
    lut->narrow = high - low < 1 << 14;
}

ImgImage *img_color_lut_3d(
    const ImgImage *image, const ImgMode *mode, int channels, const int size[3], float *values,
    ImgError *err) {
    if (!img_lut3d_check(channels, size, err)) {
        return NULL;
    }
    if (channels < 3) {
        return img_fail(err, IMG_ERR_VALUE, "table_channels should be 3 or 4");
    }
    if (!modes_fit(image->mode, mode, channels)) {
        return img_fail_mode(err);
    }
    ImgImage *out = img_new_dirty(mode, image->width, image->height, err);
    if (!out) {
        return NULL;
    }
    ImgLut3d lut = {.channels = channels};
    prepare_table(&lut, values, size);
    uint32_t stride = 1;
    for (int k = 0; k < 3; k++) {
        /* 255 times this is less than (size - 1) << FRACTION: the next cell always exists. */
        lut.scale[k] = (uint32_t)((size[k] - 1) / 255.0 * (1 << FRACTION));
        lut.stride[k] = stride;
        stride *= (uint32_t)size[k];
    }
    for (int y = 0; y < image->height; y++) {
        img_kernels->lut3d_row(out->rows[y], image->rows[y], image->width, &lut);
    }
    return out;
}

#define SIMD_LAST 2
#define SIMD_TEMPLATE "filter/lut3d.tmpl.h"
#include "simd/instantiate.h"
