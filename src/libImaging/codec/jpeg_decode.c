/* Decoder of JPEG. */
#include "codec/jpeg.h"

#ifdef HAVE_LIBJPEG

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "codec/jpeg_errors.h"

/* Rows asked for in one call. */
#define BATCH 8

typedef enum { READ_HEADER, START, READ_ROWS, FINISH } Phase;

typedef struct {
    ImgCodec base;
    struct jpeg_decompress_struct jpeg;
    JpegErrors errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    size_t skip; /* bytes of a marker still to be skipped, beyond the data at hand */
    bool created, finished;
    Phase phase;
    J_COLOR_SPACE file_colours; /* JCS_UNKNOWN: libjpeg's guess */
    int scale;
    int max_scans;
    bool fast;
    bool direct;  /* libjpeg writes image memory */
    uint8_t *row; /* otherwise: one row of what libjpeg delivers */
} JpegDecoder;

/* --- data source: hands out what the caller gave, and suspends at its end --- */

static JpegDecoder *decoder_of(j_decompress_ptr jpeg) {
    return (JpegDecoder *)jpeg->client_data;
}

static void source_begin_or_end(j_decompress_ptr jpeg) {
    (void)jpeg;
}

static boolean source_fill(j_decompress_ptr jpeg) {
    (void)jpeg;
    return FALSE;
}

static void source_skip(j_decompress_ptr jpeg, long count) {
    if (count <= 0) {
        return;
    }
    struct jpeg_source_mgr *source = jpeg->src;
    size_t n = (size_t)count;
    if (n > source->bytes_in_buffer) {
        decoder_of(jpeg)->skip += n - source->bytes_in_buffer;
        n = source->bytes_in_buffer;
    }
    source->next_input_byte += n;
    source->bytes_in_buffer -= n;
}

static void on_progress(j_common_ptr info) {
    j_decompress_ptr jpeg = (j_decompress_ptr)info;
    if (jpeg->input_scan_number > decoder_of(jpeg)->max_scans) {
        ERREXIT(info, JERR_BAD_PROGRESSION);
    }
}

/* --- phases: each returns false if more data are needed, and may leave by longjmp --- */

static void create(JpegDecoder *self) {
    jpeg_create_decompress(&self->jpeg);
    self->created = true;
    self->jpeg.client_data = self;
    self->source.init_source = source_begin_or_end;
    self->source.fill_input_buffer = source_fill;
    self->source.skip_input_data = source_skip;
    self->source.resync_to_restart = jpeg_resync_to_restart;
    self->source.term_source = source_begin_or_end;
    self->jpeg.src = &self->source;
    self->progress.progress_monitor = on_progress;
    self->jpeg.progress = &self->progress;
}

static bool is_direct(const ImgCodec *codec) {
    return codec->mode->pixel_size == 4 &&
           (strcmp(codec->raw->name, "RGB") == 0 || strcmp(codec->raw->name, "RGBX") == 0);
}

static void choose_output(JpegDecoder *self) {
    const char *raw = self->base.raw->name;
    self->direct = is_direct(&self->base);
    if (self->direct) {
        self->jpeg.out_color_space = JCS_EXT_RGBA; /* "A": the fourth byte is 255 */
    } else if (strcmp(raw, "L") == 0) {
        self->jpeg.out_color_space = JCS_GRAYSCALE;
        self->direct = self->base.mode->pixel_size == 1;
    } else if (strcmp(raw, "YCbCr") == 0) {
        self->jpeg.out_color_space = JCS_YCbCr;
    } else if (strcmp(raw, "CMYK;I") == 0) {
        self->jpeg.out_color_space = JCS_CMYK;
    } else {
        self->jpeg.out_color_space = self->jpeg.jpeg_color_space;
    }
}

/* Size and samples of what libjpeg will deliver against the rectangle and the raw mode. */
static bool output_fits(const JpegDecoder *self) {
    unsigned bits = self->direct ? self->base.mode->pixel_size * 8u : self->base.raw->bits;
    return self->jpeg.output_width <= (JDIMENSION)self->base.width &&
           (unsigned)self->jpeg.output_components * 8 == bits;
}

static bool read_header(JpegDecoder *self) {
    struct jpeg_decompress_struct *jpeg = &self->jpeg;
    int found;
    do { /* the tables may stand in a stream of their own, in front */
        found = jpeg_read_header(jpeg, FALSE);
    } while (found == JPEG_HEADER_TABLES_ONLY);
    if (found != JPEG_HEADER_OK) {
        return false;
    }
    if (self->file_colours != JCS_UNKNOWN) {
        jpeg->jpeg_color_space = self->file_colours;
    }
    choose_output(self);
    if (self->scale > 1) {
        jpeg->scale_num = 1;
        jpeg->scale_denom = (unsigned)self->scale;
    }
    if (self->fast) {
        jpeg->do_fancy_upsampling = FALSE;
        jpeg->dct_method = JDCT_FASTEST;
    }
    jpeg_calc_output_dimensions(jpeg);
    if (!output_fits(self)) {
        ERREXIT(jpeg, JERR_BAD_STATE);
    }
    if (!self->direct) {
        self->row = malloc((size_t)self->base.width * (size_t)jpeg->output_components);
        if (!self->row) {
            ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
        }
    }
    return true;
}

/* Rows straight into the image. Returns how many came. */
static int read_direct(JpegDecoder *self) {
    ImgCodec *codec = &self->base;
    JSAMPROW rows[BATCH];
    int left = codec->height - codec->row, count = left < BATCH ? left : BATCH;
    for (int i = 0; i < count; i++) {
        rows[i] = img_codec_row(codec, codec->row + i);
    }
    return (int)jpeg_read_scanlines(&self->jpeg, rows, (JDIMENSION)count);
}

static int read_unpacked(JpegDecoder *self) {
    ImgCodec *codec = &self->base;
    JSAMPROW row = self->row;
    if (jpeg_read_scanlines(&self->jpeg, &row, 1) != 1) {
        return 0;
    }
    img_unpack_row(
        codec->raw, img_codec_row(codec, codec->row), self->row, (int)self->jpeg.output_width);
    return 1;
}

static bool read_rows(JpegDecoder *self) {
    ImgCodec *codec = &self->base;
    while (codec->row < codec->height) {
        int count = self->direct ? read_direct(self) : read_unpacked(self);
        if (count == 0) {
            return false;
        }
        codec->row += count;
    }
    return true;
}

/* True when all is done. */
static bool proceed(JpegDecoder *self) {
    if (self->phase == READ_HEADER) {
        if (!read_header(self)) {
            return false;
        }
        self->phase = START;
    }
    if (self->phase == START) {
        if (!jpeg_start_decompress(&self->jpeg)) {
            return false;
        }
        self->phase = READ_ROWS;
    }
    if (self->phase == READ_ROWS) {
        if (!read_rows(self)) {
            return false;
        }
        self->phase = FINISH;
    }
    /* Looks for the end marker; whether it is there does not matter. */
    jpeg_finish_decompress(&self->jpeg);
    return true;
}

static ptrdiff_t jpeg_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    JpegDecoder *self = (JpegDecoder *)codec;
    if (self->finished) {
        return -1;
    }
    size_t skipped = self->skip < size ? self->skip : size;
    self->skip -= skipped;
    self->source.next_input_byte = data + skipped;
    self->source.bytes_in_buffer = size - skipped;
    /* Nothing local is changed between here and a jump but what is not read after it. */
    if (setjmp(self->errors.escape)) {
        self->finished = true;
        bool memory = self->errors.base.msg_code == JERR_OUT_OF_MEMORY;
        return img_codec_finish(codec, memory ? IMG_CODEC_MEMORY : IMG_CODEC_BROKEN);
    }
    if (!self->created) {
        create(self);
    }
    if (self->skip == 0 && proceed(self)) {
        self->finished = true;
        return img_codec_finish(codec, IMG_CODEC_MORE);
    }
    return (ptrdiff_t)(size - self->source.bytes_in_buffer);
}

static void jpeg_release(ImgCodec *codec) {
    JpegDecoder *self = (JpegDecoder *)codec;
    if (self->created) {
        jpeg_destroy_decompress(&self->jpeg);
        self->created = false;
    }
    free(self->row);
    self->row = NULL;
}

static J_COLOR_SPACE colours_named(const char *name) {
    static const struct {
        const char *name;
        J_COLOR_SPACE space;
    } table[] = {
        {"L", JCS_GRAYSCALE}, {"RGB", JCS_RGB},     {"CMYK", JCS_CMYK},
        {"YCbCr", JCS_YCbCr}, {"YCbCrK", JCS_YCCK},
    };
    for (size_t i = 0; name && i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            return table[i].space;
        }
    }
    return JCS_UNKNOWN;
}

ImgCodec *img_jpeg_decoder(
    const ImgMode *mode, const ImgRawMode *raw, const char *file_colours, int scale, bool fast,
    int max_scans) {
    static const ImgCodecType type = {"jpeg", sizeof(JpegDecoder), jpeg_decode, NULL, jpeg_release};
    JpegDecoder *self = (JpegDecoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->jpeg.err = jpeg_errors_init(&self->errors);
    self->file_colours = colours_named(file_colours);
    self->scale = scale;
    self->fast = fast;
    self->max_scans = max_scans;
    return &self->base;
}

#endif
