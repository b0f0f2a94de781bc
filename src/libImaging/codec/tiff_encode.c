/* Encoder of TIFF files: tags, then rows.
 *
 * libtiff takes the values of tags as variable arguments, without any check that they are of the
 * type and number that it will read. So each is compared here with what libtiff declares. */
#include "codec/tiff.h"

#ifdef HAVE_LIBTIFF

#include <stdlib.h>
#include <string.h>

#include "codec/tiff_io.h"

/* Strips up to this are gathered before they are compressed; of larger ones, the memory would be
 * worth more than the time. With a predictor, libtiff works on a second copy. */
#define STRIP_LIMIT ((size_t)64 << 20)
#define PREDICTED_LIMIT ((size_t)1 << 20)

typedef struct {
    ImgCodec base;
    ImgTiffFile file;
    TIFF *tiff;
    bool by_descriptor;
    bool written;
    uint8_t *rows; /* one, or those of a strip */
} TiffEncoder;

/* --- tags --- */

typedef enum { CLASS_NONE, CLASS_BYTES, CLASS_INT, CLASS_LONG, CLASS_REAL, CLASS_TEXT } TypeClass;

static const struct {
    TypeClass alone;   /* how libtiff takes a single value */
    uint8_t one, many; /* bytes of an item: alone, in an array */
} types[] = {
    [TIFF_BYTE] = {CLASS_INT, 1, 1},        [TIFF_ASCII] = {CLASS_TEXT, 1, 1},
    [TIFF_SHORT] = {CLASS_INT, 2, 2},       [TIFF_LONG] = {CLASS_INT, 4, 4},
    [TIFF_RATIONAL] = {CLASS_REAL, 8, 4},   [TIFF_SBYTE] = {CLASS_INT, 1, 1},
    [TIFF_UNDEFINED] = {CLASS_BYTES, 1, 1}, [TIFF_SSHORT] = {CLASS_INT, 2, 2},
    [TIFF_SLONG] = {CLASS_INT, 4, 4},       [TIFF_SRATIONAL] = {CLASS_REAL, 8, 4},
    [TIFF_FLOAT] = {CLASS_REAL, 4, 4},      [TIFF_DOUBLE] = {CLASS_REAL, 8, 8},
    [TIFF_IFD] = {CLASS_INT, 4, 4},         [TIFF_LONG8] = {CLASS_LONG, 8, 8},
    [TIFF_SLONG8] = {CLASS_LONG, 8, 8},     [TIFF_IFD8] = {CLASS_LONG, 8, 8},
};

static bool known_type(int type) {
    return type > 0 && type < (int)(sizeof(types) / sizeof(types[0])) && types[type].one;
}

size_t img_tiff_item_size(int type, bool array) {
    return known_type(type) ? (array ? types[type].many : types[type].one) : 0;
}

/* Tags whose two SHORT values are two arguments. */
static bool is_pair(uint32_t tag) {
    return tag == TIFFTAG_PAGENUMBER || tag == TIFFTAG_HALFTONEHINTS || tag == TIFFTAG_DOTRANGE ||
           tag == TIFFTAG_YCBCRSUBSAMPLING;
}

/* Tags of which files have a value for each sample, but libtiff one for all. */
static bool is_for_all_samples(uint32_t tag) {
    return tag == TIFFTAG_MINSAMPLEVALUE || tag == TIFFTAG_MAXSAMPLEVALUE ||
           tag == TIFFTAG_BITSPERSAMPLE || tag == TIFFTAG_SAMPLEFORMAT || tag == TIFFTAG_DATATYPE ||
           tag == TIFFTAG_SMINSAMPLEVALUE || tag == TIFFTAG_SMAXSAMPLEVALUE;
}

int img_tiff_type(const ImgCodec *encoder, uint32_t tag) {
    const TIFFField *field = TIFFFindField(((const TiffEncoder *)encoder)->tiff, tag, TIFF_ANY);
    int type = field ? (int)TIFFFieldDataType(field) : 0;
    return type == TIFF_IFD8 ? TIFF_LONG8 : type;
}

static int32_t int_of(const ImgTiffTag *tag) {
    union {
        int8_t i8;
        uint8_t u8;
        int16_t i16;
        uint16_t u16;
        int32_t i32;
    } value = {0};
    memcpy(&value, tag->items, types[tag->type].one);
    switch (tag->type) {
    case TIFF_BYTE:
        return value.u8;
    case TIFF_SBYTE:
        return value.i8;
    case TIFF_SHORT:
        return value.u16;
    case TIFF_SSHORT:
        return value.i16;
    default:
        return value.i32;
    }
}

static double real_of(const ImgTiffTag *tag) {
    float single;
    double value;
    if (tag->type == TIFF_FLOAT) {
        memcpy(&single, tag->items, sizeof(single));
        return single;
    }
    memcpy(&value, tag->items, sizeof(value));
    return value;
}

static ImgTiffResult result_of(int good) {
    return good ? IMG_TIFF_SET : IMG_TIFF_REJECTED;
}

static ImgTiffResult set_alone(TIFF *tiff, const ImgTiffTag *tag) {
    switch (types[tag->type].alone) {
    case CLASS_INT:
        return result_of(TIFFSetField(tiff, tag->tag, int_of(tag)));
    case CLASS_REAL:
        return result_of(TIFFSetField(tiff, tag->tag, real_of(tag)));
    case CLASS_TEXT:
        return result_of(TIFFSetField(tiff, tag->tag, (const char *)tag->items));
    case CLASS_LONG: {
        uint64_t value;
        memcpy(&value, tag->items, sizeof(value));
        return result_of(TIFFSetField(tiff, tag->tag, value));
    }
    default:
        return IMG_TIFF_REJECTED;
    }
}

/* Adds the tag to those that libtiff knows for this file, with the type it is given with. */
static const TIFFField *register_tag(TIFF *tiff, const ImgTiffTag *tag) {
    short count = tag->array ? TIFF_VARIABLE2 : tag->type == TIFF_ASCII ? TIFF_VARIABLE : 1;
    char name[] = "CustomField";
    TIFFFieldInfo info = {tag->tag,     count, count,      (TIFFDataType)tag->type,
                          FIELD_CUSTOM, 1,     tag->array, name};
    return TIFFMergeFieldInfo(tiff, &info, 1) ? NULL : TIFFFindField(tiff, tag->tag, TIFF_ANY);
}

/* Bytes of an item in arrays of the field. */
static size_t field_item_size(const TIFFField *field) {
    int type = (int)TIFFFieldDataType(field);
    return known_type(type) ? types[type].many : 0;
}

static ImgTiffResult set_array(TIFF *tiff, const TIFFField *field, const ImgTiffTag *tag) {
    if (field_item_size(field) != types[tag->type].many) {
        return IMG_TIFF_MISMATCH;
    }
    int wanted = TIFFFieldWriteCount(field);
    if (TIFFFieldPassCount(field)) {
        if (wanted == TIFF_VARIABLE2) {
            return tag->count > UINT32_MAX
                       ? IMG_TIFF_REJECTED
                       : result_of(TIFFSetField(tiff, tag->tag, (uint32_t)tag->count, tag->items));
        }
        return tag->count > UINT16_MAX
                   ? IMG_TIFF_REJECTED
                   : result_of(TIFFSetField(tiff, tag->tag, (int)tag->count, tag->items));
    }
    if (wanted <= 1 || (size_t)wanted != tag->count) {
        return IMG_TIFF_MISMATCH;
    }
    if (is_pair(tag->tag)) {
        const uint16_t *pair = tag->items;
        return result_of(TIFFSetField(tiff, tag->tag, (int)pair[0], (int)pair[1]));
    }
    return result_of(TIFFSetField(tiff, tag->tag, tag->items));
}

/* Three planes with an entry for each value of a sample. */
static ImgTiffResult set_colour_map(TIFF *tiff, const ImgTiffTag *tag) {
    uint16_t bits = 1;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    if (!tag->array || types[tag->type].many != 2 || bits > 16 || tag->count != (size_t)3 << bits) {
        return IMG_TIFF_MISMATCH;
    }
    const uint16_t *map = tag->items;
    size_t n = (size_t)1 << bits;
    return result_of(TIFFSetField(tiff, tag->tag, map, map + n, map + 2 * n));
}

/* The first of the values. libtiff declares no type for SMinSampleValue and SMaxSampleValue, but
 * takes a double. */
static ImgTiffResult set_for_all_samples(TIFF *tiff, const ImgTiffTag *tag) {
    ImgTiffTag first = *tag;
    first.array = false;
    if (types[tag->type].alone == CLASS_REAL && tag->array && types[tag->type].many == 4) {
        first.type = TIFF_FLOAT;
    }
    bool real = types[first.type].alone == CLASS_REAL;
    if (!real && types[first.type].alone != CLASS_INT) {
        return IMG_TIFF_MISMATCH;
    }
    if (tag->tag == TIFFTAG_SMINSAMPLEVALUE || tag->tag == TIFFTAG_SMAXSAMPLEVALUE) {
        double value = real ? real_of(&first) : int_of(&first);
        return result_of(TIFFSetField(tiff, tag->tag, value));
    }
    return real ? IMG_TIFF_MISMATCH : set_alone(tiff, &first);
}

static bool fits_alone(const TIFFField *field, const ImgTiffTag *tag) {
    int type = (int)TIFFFieldDataType(field);
    int count = TIFFFieldWriteCount(field);
    if (TIFFFieldPassCount(field) || count == 0 || (count > 1 && type != TIFF_ASCII)) {
        return false; /* count 0: a parameter of libtiff that is no tag */
    }
    if (!known_type(type)) {
        return false;
    }
    return types[type].alone == types[tag->type].alone;
}

/* Would libtiff take a value of FAXFILLFUNC for the function that it is to call? It would also if
 * the number was registered as that of a tag before the compression was set. */
static bool is_fax(TIFF *tiff) {
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    return compression == COMPRESSION_CCITTRLE || compression == COMPRESSION_CCITTRLEW ||
           compression == COMPRESSION_CCITTFAX3 || compression == COMPRESSION_CCITTFAX4;
}

ImgTiffResult img_tiff_set(ImgCodec *encoder, const ImgTiffTag *tag) {
    TIFF *tiff = ((TiffEncoder *)encoder)->tiff;
    if (!tiff || !known_type(tag->type)) {
        return IMG_TIFF_REJECTED;
    }
    /* A parameter, which libtiff knows while it writes JPEG. Other parameters (they have numbers
     * above 65535, too) are declared without type or count, so that no value fits them. What is
     * none of those becomes a tag, of whose number 16 bits are written, as in Pillow. */
    if (tag->tag == TIFFTAG_JPEGQUALITY) {
        return tag->array || types[tag->type].alone != CLASS_INT ? IMG_TIFF_REJECTED
                                                                 : set_alone(tiff, tag);
    }
    if (tag->tag == TIFFTAG_FAXFILLFUNC && is_fax(tiff)) {
        return IMG_TIFF_MISMATCH;
    }
    const TIFFField *field = TIFFFindField(tiff, tag->tag, TIFF_ANY);
    if (!field) {
        field = register_tag(tiff, tag);
        if (!field) {
            return IMG_TIFF_SKIPPED;
        }
    }
    if (is_for_all_samples(tag->tag)) {
        return set_for_all_samples(tiff, tag);
    }
    if (tag->tag == TIFFTAG_COLORMAP) {
        return set_colour_map(tiff, tag);
    }
    if (tag->tag == TIFFTAG_TRANSFERFUNCTION || tag->tag == TIFFTAG_INKNAMES) {
        /* INKNAMES: libtiff takes a text whose length it is told. */
        bool text = tag->tag == TIFFTAG_INKNAMES && !tag->array && tag->type == TIFF_ASCII;
        if (!text || tag->count > UINT16_MAX) {
            return IMG_TIFF_MISMATCH;
        }
        return result_of(TIFFSetField(tiff, tag->tag, (int)tag->count, tag->items));
    }
    if (tag->array) {
        return set_array(tiff, field, tag);
    }
    return fits_alone(field, tag) ? set_alone(tiff, tag) : IMG_TIFF_MISMATCH;
}

/* --- rows --- */

static void tiff_close_encoder(TiffEncoder *self) {
    if (self->tiff) {
        img_tiff_close(&self->file, self->tiff);
        self->tiff = NULL;
    }
}

/* Rows of a strip that is to be compressed in one piece; 0 if the rows go one by one.
 *
 * Only of whole strips libtiff leaves deflation to libdeflate, where it has that, which is several
 * times as quick as zlib. The others compress rows as they come. Where the tags do not tell of just
 * the rows that there are, one by one is what libtiff makes the best of. */
static int strip_rows(const TiffEncoder *self, size_t scanline) {
    const ImgCodec *codec = &self->base;
    uint16_t compression = COMPRESSION_NONE, planes = PLANARCONFIG_CONTIG, samples = 1;
    uint16_t predictor = 1;
    uint32_t height = 0, per_strip = 0;
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_COMPRESSION, &compression);
    if (compression != COMPRESSION_ADOBE_DEFLATE && compression != COMPRESSION_DEFLATE) {
        return 0;
    }
    TIFFGetField(self->tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ROWSPERSTRIP, &per_strip);
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_PLANARCONFIG, &planes);
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_PREDICTOR, &predictor);
    if (height == 0 || height != (uint32_t)codec->height || per_strip == 0 ||
        (planes != PLANARCONFIG_CONTIG && samples != 1)) {
        return 0;
    }
    uint32_t rows = per_strip < height ? per_strip : height;
    size_t limit = predictor > 1 ? PREDICTED_LIMIT : STRIP_LIMIT;
    if (scanline > limit / rows || TIFFVStripSize64(self->tiff, rows) != scanline * rows) {
        return 0;
    }
    return (int)rows;
}

/* The rows, `scanline` bytes apart, as long as they are packed: the last needs more than that. */
static bool reserve_rows(TiffEncoder *self, int rows, size_t scanline, size_t row_bytes) {
    size_t before = scanline * (size_t)(rows - 1);
    self->rows = before <= SIZE_MAX - row_bytes ? malloc(before + row_bytes) : NULL;
    return self->rows != NULL;
}

static bool write_strip(TiffEncoder *self, int rows, size_t scanline) {
    ImgCodec *codec = &self->base;
    uint32_t strip = TIFFComputeStrip(self->tiff, (uint32_t)codec->row, 0);
    for (int row = 0; row < rows; row++, codec->row++) {
        const uint8_t *pixels = img_codec_row(codec, codec->row);
        img_pack_row(codec->raw, self->rows + (size_t)row * scanline, pixels, codec->width);
    }
    tmsize_t bytes = (tmsize_t)(scanline * (size_t)rows);
    return TIFFWriteEncodedStrip(self->tiff, strip, self->rows, bytes) >= 0;
}

static bool write_row(TiffEncoder *self) {
    ImgCodec *codec = &self->base;
    uint32_t row = (uint32_t)codec->row;
    img_pack_row(codec->raw, self->rows, img_codec_row(codec, codec->row++), codec->width);
    return TIFFWriteScanline(self->tiff, self->rows, row, 0) >= 0;
}

static ImgCodecStatus write_rows(TiffEncoder *self) {
    ImgCodec *codec = &self->base;
    size_t row_bytes = img_codec_row_bytes(codec);
    tmsize_t scanline = TIFFScanlineSize(self->tiff);
    /* libtiff reads a row of the size that its tags tell. */
    if (scanline <= 0 || (size_t)scanline > row_bytes) {
        return IMG_CODEC_CONFIG;
    }
    int step = strip_rows(self, (size_t)scanline);
    if (!reserve_rows(self, step ? step : 1, (size_t)scanline, row_bytes)) {
        return IMG_CODEC_MEMORY;
    }
    while (codec->row < codec->height) {
        int left = codec->height - codec->row;
        bool good =
            step ? write_strip(self, left < step ? left : step, (size_t)scanline) : write_row(self);
        if (!good) {
            return IMG_CODEC_BROKEN;
        }
    }
    return TIFFFlush(self->tiff) ? IMG_CODEC_MORE : IMG_CODEC_BROKEN;
}

static ptrdiff_t tiff_encode(ImgCodec *codec, uint8_t *data, size_t size) {
    TiffEncoder *self = (TiffEncoder *)codec;
    if (!self->written) {
        ImgCodecStatus status = self->tiff ? write_rows(self) : IMG_CODEC_BROKEN;
        if (status < 0) {
            codec->status = status;
            return 0;
        }
        tiff_close_encoder(self);
        free(self->rows);
        self->rows = NULL;
        self->written = true;
    }
    size_t n = self->by_descriptor ? 0 : img_tiff_give(&self->file, data, size);
    bool all = self->by_descriptor || self->file.given == self->file.size;
    codec->status = all ? IMG_CODEC_END : IMG_CODEC_MORE;
    return (ptrdiff_t)n;
}

static void tiff_release_encoder(ImgCodec *codec) {
    TiffEncoder *self = (TiffEncoder *)codec;
    tiff_close_encoder(self); /* may still write, so the memory goes after it */
    free(self->rows);
    self->rows = NULL;
    img_tiff_free(&self->file);
}

ImgCodec *img_tiff_encoder(const ImgMode *mode, const ImgRawMode *raw, int fd) {
    static const ImgCodecType type = {
        "libtiff", sizeof(TiffEncoder), NULL, tiff_encode, tiff_release_encoder};
    TiffEncoder *self = (TiffEncoder *)img_codec_new(&type, mode, raw);
    if (!self) {
        return NULL;
    }
    self->by_descriptor = fd > 0;
    self->tiff = img_tiff_open(&self->file, fd, true);
    if (!self->tiff) {
        img_codec_free(&self->base);
        return NULL;
    }
    return &self->base;
}

#endif
