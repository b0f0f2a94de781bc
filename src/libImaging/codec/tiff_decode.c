/* Decoder of TIFF pages. libtiff decompresses strips or tiles, which are unpacked here.
 *
 * Every size that libtiff tells is compared with what the raw mode needs: the tags that libtiff
 * reads are those of the file, which need not be what the caller made of them. */
#include "codec/tiff.h"

#ifdef HAVE_LIBTIFF

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "codec/tiff_io.h"

/* A tile may be larger than the picture, but not beyond all bounds: libtiff reserves memory for it
 * before it looks at the data. */
#define TILE_ALLOWANCE ((size_t)64 << 20)

typedef struct {
    ImgCodec base;
    ImgTiffFile file;
    TIFF *tiff;
    int fd;
    uint32_t directory;
    uint8_t *buffer;
    /* Of the page. */
    int planes; /* stored after each other; 1: the samples of a pixel follow each other */
    unsigned bits;
} TiffDecoder;

/* The pieces that libtiff decodes one by one. */
typedef struct {
    bool tiled;
    int width, height; /* pixels */
    size_t row_bytes;  /* of one plane */
    size_t bytes;      /* of the buffer */
} Blocks;

static uint16_t short_tag(const TiffDecoder *self, uint32_t tag, uint16_t missing) {
    uint16_t value = missing;
    return TIFFGetFieldDefaulted(self->tiff, tag, &value) ? value : missing;
}

static bool right_size(const TiffDecoder *self) {
    uint32_t width = 0, height = 0;
    TIFFGetField(self->tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(self->tiff, TIFFTAG_IMAGELENGTH, &height);
    return width == (uint32_t)self->base.width && height == (uint32_t)self->base.height;
}

/* --- pixels out of the buffer --- */

/* One plane: a byte of each pixel, the higher one of 16 bits. */
static void
store_plane(const TiffDecoder *self, uint8_t *out, const uint8_t *in, int pixels, int plane) {
    const ImgMode *mode = self->base.mode;
    size_t step = self->bits / 8;
    const uint16_t one = 1;
    const bool little = *(const uint8_t *)&one == 1;
    in += step == 2 && little;
    for (int x = 0; x < pixels; x++) {
        out[(size_t)x * mode->pixel_size + (size_t)plane] = in[(size_t)x * step];
    }
}

static void store_block(const TiffDecoder *self, const Blocks *blocks, int x, int y, int plane) {
    const ImgCodec *codec = &self->base;
    int width = codec->width - x < blocks->width ? codec->width - x : blocks->width;
    int height = codec->height - y < blocks->height ? codec->height - y : blocks->height;
    for (int row = 0; row < height; row++) {
        uint8_t *out = img_codec_row(codec, y + row) + (size_t)x * codec->mode->pixel_size;
        const uint8_t *in = self->buffer + (size_t)row * blocks->row_bytes;
        if (self->planes > 1) {
            store_plane(self, out, in, width, plane);
        } else {
            img_unpack_row(codec->raw, out, in, width);
        }
    }
}

/* --- blocks --- */

static ImgCodecStatus measure_tiles(const TiffDecoder *self, Blocks *blocks) {
    uint32_t width = 0, height = 0;
    TIFFGetField(self->tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(self->tiff, TIFFTAG_TILELENGTH, &height);
    tmsize_t bytes = TIFFTileSize(self->tiff), row = TIFFTileRowSize(self->tiff);
    if (bytes > INT_MAX - 1 || width > INT_MAX || height > INT_MAX) {
        return IMG_CODEC_MEMORY;
    }
    if (width == 0 || height == 0 || bytes <= 0) {
        return IMG_CODEC_BROKEN;
    }
    size_t row_bytes = ((size_t)width * self->base.raw->bits / (size_t)self->planes + 7) / 8;
    if (row_bytes > INT_MAX / height) {
        return IMG_CODEC_MEMORY;
    }
    if ((size_t)bytes != row_bytes * height || row <= 0 || row_bytes > (size_t)row) {
        return IMG_CODEC_BROKEN;
    }
    size_t picture = self->base.image->row_bytes * (size_t)self->base.height;
    if ((size_t)bytes > TILE_ALLOWANCE + 4 * picture) {
        return IMG_CODEC_MEMORY;
    }
    *blocks = (Blocks){true, (int)width, (int)height, row_bytes, (size_t)bytes};
    return IMG_CODEC_MORE;
}

static ImgCodecStatus measure_strips(const TiffDecoder *self, Blocks *blocks) {
    uint32_t rows = UINT32_MAX;
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    if (rows == UINT32_MAX) {
        rows = (uint32_t)self->base.height;
    }
    tmsize_t bytes = TIFFStripSize(self->tiff), scanline = TIFFScanlineSize(self->tiff);
    if (bytes > INT_MAX - 1) {
        return IMG_CODEC_MEMORY;
    }
    size_t row_bytes =
        ((size_t)self->base.width * self->base.raw->bits / (size_t)self->planes + 7) / 8;
    if (rows > 0 && row_bytes > INT_MAX / rows) {
        return IMG_CODEC_MEMORY;
    }
    if (rows == 0 || bytes <= 0 || (size_t)bytes > row_bytes * rows || scanline <= 0 ||
        row_bytes > (size_t)scanline) {
        return IMG_CODEC_BROKEN;
    }
    int height = rows < (uint32_t)self->base.height ? (int)rows : self->base.height;
    size_t needed = row_bytes * (size_t)height;
    size_t size = needed > (size_t)bytes ? needed : (size_t)bytes;
    *blocks = (Blocks){false, self->base.width, height, row_bytes, size};
    return IMG_CODEC_MORE;
}

static bool read_block(TiffDecoder *self, const Blocks *blocks, int x, int y, int plane) {
    /* What the data do not fill must not be what was there before. */
    memset(self->buffer, 0, blocks->bytes);
    if (blocks->tiled) {
        return TIFFReadTile(
                   self->tiff, self->buffer, (uint32_t)x, (uint32_t)y, 0, (uint16_t)plane) >= 0;
    }
    uint32_t strip = TIFFComputeStrip(self->tiff, (uint32_t)y, (uint16_t)plane);
    tmsize_t size = TIFFStripSize(self->tiff);
    return TIFFReadEncodedStrip(self->tiff, strip, self->buffer, size) >= 0;
}

static ImgCodecStatus decode_blocks(TiffDecoder *self) {
    Blocks blocks;
    ImgCodecStatus status =
        TIFFIsTiled(self->tiff) ? measure_tiles(self, &blocks) : measure_strips(self, &blocks);
    if (status < 0) {
        return status;
    }
    self->buffer = malloc(blocks.bytes);
    if (!self->buffer) {
        return IMG_CODEC_MEMORY;
    }
    for (int plane = 0; plane < self->planes; plane++) {
        for (int y = 0; y < self->base.height; y += blocks.height) {
            for (int x = 0; x < self->base.width; x += blocks.width) {
                if (!read_block(self, &blocks, x, y, plane)) {
                    return IMG_CODEC_BROKEN;
                }
                store_block(self, &blocks, x, y, plane);
                if (blocks.width >= self->base.width - x) {
                    break; /* and no overflow of x */
                }
            }
            if (blocks.height >= self->base.height - y) {
                break;
            }
        }
    }
    return IMG_CODEC_MORE;
}

/* Colours that were multiplied by alpha are divided by it again. */
static ImgCodecStatus divide_by_alpha(TiffDecoder *self) {
    uint16_t count = 0, *extra = NULL;
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_EXTRASAMPLES, &count, &extra);
    bool multiplied = count > 0 && extra && extra[0] <= EXTRASAMPLE_ASSOCALPHA;
    if (self->planes != 4 || self->base.mode->id != IMG_MODE_RGBA || !multiplied) {
        return IMG_CODEC_MORE;
    }
    const ImgRawMode *divide = img_find_unpacker(self->base.mode, "RGBa");
    size_t bytes = (size_t)self->base.width * 4;
    uint8_t *row = malloc(bytes);
    if (!row || !divide) {
        free(row);
        return IMG_CODEC_MEMORY;
    }
    for (int y = 0; y < self->base.height; y++) {
        uint8_t *pixels = img_codec_row(&self->base, y);
        memcpy(row, pixels, bytes);
        img_unpack_row(divide, pixels, row, self->base.width);
    }
    free(row);
    return IMG_CODEC_MORE;
}

/* --- colour conversion by libtiff --- */

static int rows_at_once(const TiffDecoder *self) {
    uint32_t rows = UINT32_MAX;
    if (TIFFIsTiled(self->tiff)) {
        TIFFGetFieldDefaulted(self->tiff, TIFFTAG_TILELENGTH, &rows);
    } else {
        TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    }
    return rows == 0 || rows > (uint32_t)self->base.height ? self->base.height : (int)rows;
}

static void store_rgba(TiffDecoder *self, int y, int rows) {
    ImgCodec *codec = &self->base;
    size_t row_bytes = (size_t)codec->width * 4;
    for (int row = 0; row < rows; row++) {
        uint8_t *in = self->buffer + (size_t)row * row_bytes;
        /* libtiff's pixels are numbers with red in the lowest byte. */
        for (int x = 0; x < codec->width; x++) {
            uint32_t pixel;
            memcpy(&pixel, in + 4 * (size_t)x, 4);
            for (int band = 0; band < 4; band++) {
                in[4 * (size_t)x + (size_t)band] = (uint8_t)(pixel >> (8 * band));
            }
        }
        img_unpack_row(codec->raw, img_codec_row(codec, y + row), in, codec->width);
    }
}

static ImgCodecStatus decode_rgba(TiffDecoder *self) {
    if (self->base.raw->bits != 32) {
        return IMG_CODEC_BROKEN;
    }
    int step = rows_at_once(self);
    size_t row_bytes = (size_t)self->base.width * 4;
    if (row_bytes > (size_t)INT_MAX / (size_t)step) {
        return IMG_CODEC_MEMORY;
    }
    TIFFRGBAImage image;
    char message[1024];
    if (!TIFFRGBAImageOK(self->tiff, message) ||
        !TIFFRGBAImageBegin(&image, self->tiff, 0, message)) {
        return IMG_CODEC_BROKEN;
    }
    image.req_orientation = ORIENTATION_TOPLEFT;
    image.orientation = ORIENTATION_TOPLEFT;
    self->buffer = calloc((size_t)step, row_bytes);
    ImgCodecStatus status = self->buffer ? IMG_CODEC_MORE : IMG_CODEC_MEMORY;
    for (int y = 0; status >= 0 && y < self->base.height; y += step) {
        int rows = self->base.height - y < step ? self->base.height - y : step;
        image.row_offset = y;
        image.col_offset = 0;
        if (TIFFRGBAImageGet(
                &image, (uint32_t *)(void *)self->buffer, (uint32_t)self->base.width,
                (uint32_t)rows)) {
            store_rgba(self, y, rows);
        } else {
            status = IMG_CODEC_BROKEN;
        }
    }
    TIFFRGBAImageEnd(&image);
    return status;
}

/* --- page --- */

static ImgCodecStatus decode_page(TiffDecoder *self) {
    if (self->directory != 0 && !TIFFSetSubDirectory(self->tiff, self->directory)) {
        return IMG_CODEC_MORE; /* the picture stays empty, as with Pillow */
    }
    if (!right_size(self)) {
        return IMG_CODEC_BROKEN;
    }
    bool separate =
        short_tag(self, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    if (short_tag(self, TIFFTAG_PHOTOMETRIC, 0) == PHOTOMETRIC_YCBCR) {
        bool jpeg = short_tag(self, TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_JPEG;
        if (!jpeg || separate) {
            return decode_rgba(self);
        }
        TIFFSetField(self->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    self->bits = short_tag(self, TIFFTAG_BITSPERSAMPLE, 1);
    self->planes = separate ? self->base.mode->bands : 1;
    if (self->planes > 1) {
        /* A plane beyond those of the file would be read from what follows them. */
        if ((self->bits != 8 && self->bits != 16) ||
            short_tag(self, TIFFTAG_SAMPLESPERPIXEL, 1) < self->planes) {
            return IMG_CODEC_BROKEN;
        }
    }
    ImgCodecStatus status = decode_blocks(self);
    return status < 0 ? status : divide_by_alpha(self);
}

static void tiff_release_decoder(ImgCodec *codec) {
    TiffDecoder *self = (TiffDecoder *)codec;
    if (self->tiff) {
        img_tiff_close(&self->file, self->tiff);
        self->tiff = NULL;
    }
    free(self->buffer);
    self->buffer = NULL;
}

static ptrdiff_t tiff_decode(ImgCodec *codec, const uint8_t *data, size_t size) {
    TiffDecoder *self = (TiffDecoder *)codec;
    self->file = (ImgTiffFile){.data = data, .size = size};
    self->tiff = img_tiff_open(&self->file, self->fd, false);
    ImgCodecStatus status = self->tiff ? decode_page(self) : IMG_CODEC_BROKEN;
    tiff_release_decoder(codec);
    return img_codec_finish(codec, status);
}

ImgCodec *img_tiff_decoder(const ImgMode *mode, const ImgRawMode *raw, int fd, uint32_t directory) {
    static const ImgCodecType type = {
        "libtiff", sizeof(TiffDecoder), tiff_decode, NULL, tiff_release_decoder};
    TiffDecoder *self = (TiffDecoder *)img_codec_new(&type, mode, raw);
    if (self) {
        self->fd = fd;
        self->directory = directory;
    }
    return (ImgCodec *)self;
}

const char *img_tiff_version(void) {
    return TIFFGetVersion();
}

#endif
