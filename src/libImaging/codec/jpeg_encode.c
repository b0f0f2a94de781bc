/* Encoder of JPEG. */
#include "codec/jpeg.h"

#ifdef HAVE_LIBJPEG

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "codec/jpeg_errors.h"

#define BATCH 8 /* rows given in one call */
/* Bytes that wait before they are given out: few, as they are in memory twice then. */
#define PIECE (16 * 1024)
#define FIRST_OUTPUT (2 * PIECE) /* bytes of the output buffer to begin with */

typedef enum { START, WRITE_ROWS, GIVE_REST } Phase;

typedef struct {
    ImgCodec base;
    ImgJpegOptions options;
    uint8_t *texts; /* the encoder's own copies of comment, extra and exif */
    struct jpeg_compress_struct jpeg;
    JpegErrors errors;
    struct jpeg_destination_mgr destination;
    bool created, finished;
    Phase phase;
    bool direct;  /* libjpeg reads image memory */
    uint8_t *row; /* otherwise: a packed row */
    /* What libjpeg wrote and was not given out yet. It never suspends: the buffer grows, to the
     * whole file in the modes that write all at the end, else to little more than one request. */
    uint8_t *output;
    size_t capacity, given;
} JpegEncoder;

/* --- destination --- */

static JpegEncoder *encoder_of(j_compress_ptr jpeg) {
    return (JpegEncoder *)jpeg->client_data;
}

static size_t written(const JpegEncoder *self) {
    return self->output ? (size_t)(self->destination.next_output_byte - self->output) : 0;
}

/* Room for at least `more` bytes behind those written. */
static void grow(JpegEncoder *self, size_t used, size_t more) {
    size_t capacity = self->capacity ? self->capacity : FIRST_OUTPUT;
    while (capacity - used < more) {
        if (capacity > SIZE_MAX / 2) {
            ERREXIT1(&self->jpeg, JERR_OUT_OF_MEMORY, 0);
        }
        capacity *= 2;
    }
    uint8_t *bigger = realloc(self->output, capacity);
    if (!bigger) {
        ERREXIT1(&self->jpeg, JERR_OUT_OF_MEMORY, 0);
    }
    self->output = bigger;
    self->capacity = capacity;
    self->destination.next_output_byte = bigger + used;
    self->destination.free_in_buffer = capacity - used;
}

static void destination_begin(j_compress_ptr jpeg) {
    JpegEncoder *self = encoder_of(jpeg);
    if (!self->output) {
        grow(self, 0, 1);
    }
}

/* libjpeg calls this when all of the buffer is used, whatever free_in_buffer says. */
static boolean destination_full(j_compress_ptr jpeg) {
    JpegEncoder *self = encoder_of(jpeg);
    grow(self, self->capacity, 1);
    return TRUE;
}

static void destination_end(j_compress_ptr jpeg) {
    (void)jpeg;
}

/* Bytes put among libjpeg's own. One byte must stay free: libjpeg writes before it counts. */
static void write_bytes(JpegEncoder *self, ImgBytes bytes) {
    if (bytes.size >= self->destination.free_in_buffer) {
        grow(self, written(self), bytes.size + 1);
    }
    memcpy(self->destination.next_output_byte, bytes.data, bytes.size);
    self->destination.next_output_byte += bytes.size;
    self->destination.free_in_buffer -= bytes.size;
}

/* --- settings --- */

/* From raw mode to libjpeg's colour space, or JCS_UNKNOWN. */
static J_COLOR_SPACE input_colours(const ImgRawMode *raw) {
    if (strcmp(raw->name, "RGBX") == 0) {
        return JCS_EXT_RGBX;
    }
    if (strcmp(raw->name, "YCbCr") == 0) {
        return JCS_YCbCr;
    }
    return raw->bits == 8    ? JCS_GRAYSCALE
           : raw->bits == 24 ? JCS_RGB
           : raw->bits == 32 ? JCS_CMYK
                             : JCS_UNKNOWN;
}

static void set_tables(JpegEncoder *self) {
    struct jpeg_compress_struct *jpeg = &self->jpeg;
    const ImgJpegOptions *o = &self->options;
    bool scaled = o->quality != -1; /* what is below 1 counts as 1 */
    int scale = scaled ? jpeg_quality_scaling(o->quality) : 100;
    if (o->table_count == 0) {
        if (scaled) {
            jpeg_set_quality(jpeg, o->quality, TRUE);
        }
        return;
    }
    for (int i = 0; i < o->table_count; i++) {
        jpeg_add_quant_table(jpeg, i, o->table[i], scale, scaled);
    }
    if (o->table_count == 1) { /* no component uses it, but a stream of tables alone has it */
        jpeg_add_quant_table(jpeg, 1, o->table[0], scale, scaled);
    }
    for (int i = 0; i < jpeg->num_components; i++) {
        jpeg->comp_info[i].quant_tbl_no = i < o->table_count ? i : o->table_count - 1;
    }
}

/* Sampling factors of the first component; the next two have 1 by 1. */
static bool set_subsampling(JpegEncoder *self) {
    static const int factors[3][2] = {{1, 1}, {2, 1}, {2, 2}};
    struct jpeg_compress_struct *jpeg = &self->jpeg;
    int s = self->options.subsampling;
    if (self->options.keep_rgb && jpeg->jpeg_color_space == JCS_RGB && s != -1 && s != 0) {
        return false;
    }
    if (s < 0 || s > 2) {
        return true;
    }
    for (int i = 0; i < 3; i++) {
        jpeg->comp_info[i].h_samp_factor = i == 0 ? factors[s][0] : 1;
        jpeg->comp_info[i].v_samp_factor = i == 0 ? factors[s][1] : 1;
    }
    return true;
}

static void set_density(JpegEncoder *self) {
    const ImgJpegOptions *o = &self->options;
    if (o->dpi_x > 0 && o->dpi_y > 0) {
        self->jpeg.write_JFIF_header = TRUE;
        self->jpeg.density_unit = 1; /* dots per inch */
        self->jpeg.X_density = (UINT16)o->dpi_x;
        self->jpeg.Y_density = (UINT16)o->dpi_y;
    }
}

static bool configure(JpegEncoder *self) {
    struct jpeg_compress_struct *jpeg = &self->jpeg;
    const ImgJpegOptions *o = &self->options;
    jpeg->image_width = (JDIMENSION)self->base.width;
    jpeg->image_height = (JDIMENSION)self->base.height;
    jpeg->in_color_space = input_colours(self->base.raw);
    jpeg->input_components = self->base.raw->bits / 8;
    if (jpeg->in_color_space == JCS_UNKNOWN) {
        return false;
    }
    self->direct = self->base.raw->bits == self->base.mode->pixel_size * 8 &&
                   jpeg->in_color_space != JCS_CMYK && self->base.mode->id != IMG_MODE_1;
    jpeg_set_defaults(jpeg);
    if (o->keep_rgb && (jpeg->in_color_space == JCS_EXT_RGBX || jpeg->in_color_space == JCS_RGB)) {
        jpeg_set_colorspace(jpeg, JCS_RGB);
    }
    set_tables(self);
    if (!set_subsampling(self)) {
        return false;
    }
    if (o->progressive) {
        jpeg_simple_progression(jpeg);
    }
    jpeg->optimize_coding = o->optimize;
    jpeg->smoothing_factor = o->smooth;
    jpeg->restart_interval = (unsigned)o->restart_blocks;
    jpeg->restart_in_rows = o->restart_rows;
    set_density(self);
    return true;
}

/* --- phases --- */

static void start_image(JpegEncoder *self) {
    struct jpeg_compress_struct *jpeg = &self->jpeg;
    const ImgJpegOptions *o = &self->options;
    bool tables = o->stream != IMG_JPEG_IMAGE_ONLY;
    if (!tables) {
        jpeg_suppress_tables(jpeg, TRUE);
    }
    jpeg_start_compress(jpeg, tables);
    if (o->exif.size > 0) {
        jpeg_write_marker(jpeg, JPEG_APP0 + 1, o->exif.data, (unsigned)o->exif.size);
    }
    if (tables && o->extra.size > 0) {
        write_bytes(self, o->extra);
    }
    if (o->comment.size > 0) {
        jpeg_write_marker(jpeg, JPEG_COM, o->comment.data, (unsigned)o->comment.size);
    }
}

/* Gives libjpeg a few rows. */
static void write_rows(JpegEncoder *self) {
    ImgCodec *codec = &self->base;
    JSAMPROW rows[BATCH];
    int left = codec->height - codec->row, count = left < BATCH ? left : BATCH;
    if (self->direct) {
        for (int i = 0; i < count; i++) {
            rows[i] = img_codec_row(codec, codec->row + i);
        }
    } else {
        count = 1;
        rows[0] = self->row;
        img_pack_row(codec->raw, self->row, img_codec_row(codec, codec->row), codec->width);
    }
    codec->row += (int)jpeg_write_scanlines(&self->jpeg, rows, (JDIMENSION)count);
}

/* Starts. False: bad configuration. */
static bool start(JpegEncoder *self) {
    jpeg_create_compress(&self->jpeg);
    self->created = true;
    self->jpeg.client_data = self;
    self->destination.init_destination = destination_begin;
    self->destination.empty_output_buffer = destination_full;
    self->destination.term_destination = destination_end;
    self->jpeg.dest = &self->destination;
    if (!configure(self)) {
        return false;
    }
    self->row = self->direct ? NULL : malloc(img_codec_row_bytes(&self->base));
    if (!self->direct && !self->row) {
        ERREXIT1(&self->jpeg, JERR_OUT_OF_MEMORY, 0);
    }
    if (self->options.stream == IMG_JPEG_TABLES_ONLY) {
        jpeg_write_tables(&self->jpeg);
        self->phase = GIVE_REST;
    } else {
        start_image(self);
        self->phase = WRITE_ROWS;
    }
    return true;
}

/* Encodes until a piece, or `size` bytes, wait to be given out, or all is written. False: bad
 * configuration. */
static bool proceed(JpegEncoder *self, size_t size) {
    if (self->phase == START && !start(self)) {
        return false;
    }
    const size_t enough = size < PIECE ? size : PIECE;
    while (self->phase == WRITE_ROWS && written(self) < enough) {
        if (self->base.row < self->base.height) {
            write_rows(self);
        } else {
            jpeg_finish_compress(&self->jpeg);
            self->phase = GIVE_REST;
        }
    }
    return true;
}

/* Hands out up to `size` bytes. While libjpeg still writes, the rest moves to the front. */
static size_t give(JpegEncoder *self, uint8_t *data, size_t size) {
    size_t waiting = written(self) - self->given, n = waiting < size ? waiting : size;
    memcpy(data, self->output + self->given, n);
    self->given += n;
    if (self->phase == WRITE_ROWS) {
        memmove(self->output, self->output + self->given, waiting - n);
        self->destination.next_output_byte -= self->given;
        self->destination.free_in_buffer += self->given;
        self->given = 0;
    }
    bool end = self->phase == GIVE_REST && n == waiting;
    self->base.status = end ? IMG_CODEC_END : IMG_CODEC_MORE;
    return n;
}

static ptrdiff_t jpeg_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    JpegEncoder *self = (JpegEncoder *)codec;
    if (self->finished) {
        return codec->status == IMG_CODEC_END ? 0 : -1;
    }
    if (setjmp(self->errors.escape)) {
        self->finished = true;
        bool memory = self->errors.base.msg_code == JERR_OUT_OF_MEMORY;
        return img_codec_finish(codec, memory ? IMG_CODEC_MEMORY : IMG_CODEC_BROKEN);
    }
    if (!proceed(self, size)) {
        self->finished = true;
        return img_codec_finish(codec, IMG_CODEC_CONFIG);
    }
    size_t n = give(self, data, size);
    self->finished = codec->status == IMG_CODEC_END;
    return (ptrdiff_t)n;
}

static void jpeg_release(ImgCodec *codec) {
    JpegEncoder *self = (JpegEncoder *)codec;
    if (self->created) {
        jpeg_destroy_compress(&self->jpeg);
        self->created = false;
    }
    free(self->row);
    free(self->output);
    free(self->texts);
}

/* Copies the bytes to *at and moves it on. */
static ImgBytes keep(ImgBytes bytes, uint8_t **at) {
    ImgBytes copy = {*at, bytes.size};
    if (bytes.size > 0) {
        memcpy(*at, bytes.data, bytes.size);
        *at += bytes.size;
    }
    return copy;
}

ImgCodec *
img_jpeg_encoder(const ImgMode *mode, const ImgRawMode *raw, const ImgJpegOptions *options) {
    static const ImgCodecType type = {"jpeg", sizeof(JpegEncoder), NULL, jpeg_encode, jpeg_release};
    JpegEncoder *self = (JpegEncoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->jpeg.err = jpeg_errors_init(&self->errors);
    self->options = *options;
    self->texts = malloc(options->comment.size + options->extra.size + options->exif.size + 1);
    if (!self->texts) {
        img_codec_free(&self->base);
        return NULL;
    }
    uint8_t *at = self->texts;
    self->options.comment = keep(options->comment, &at);
    self->options.extra = keep(options->extra, &at);
    self->options.exif = keep(options->exif, &at);
    return &self->base;
}

#endif
