/* What programs do with libwebp, libavif and OpenJPEG that have pixels in memory, and want them
 * there: the least that saving and loading can cost. For overhead.py. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_WEBP
#include <webp/decode.h>
#include <webp/encode.h>

/* The size of the file, or 0. */
size_t webp_encode(const uint8_t *rgb, int width, int height, int bands, int lossless) {
    uint8_t *out = NULL;
    const int stride = width * bands;
    size_t size = lossless ? (bands == 3 ? WebPEncodeLosslessRGB(rgb, width, height, stride, &out)
                                         : WebPEncodeLosslessRGBA(rgb, width, height, stride, &out))
                           : (bands == 3 ? WebPEncodeRGB(rgb, width, height, stride, 80, &out)
                                         : WebPEncodeRGBA(rgb, width, height, stride, 80, &out));
    WebPFree(out);
    return size;
}

int webp_decode(const uint8_t *data, size_t size, uint8_t *out, size_t room, int width) {
    return WebPDecodeRGBAInto(data, size, out, room, 4 * width) != NULL;
}
#endif

#ifdef HAVE_AVIF
#include <avif/avif.h>

/* From pixels of four bytes, as images have them: libavif makes other bytes of those than of three.
 */
size_t
avif_encode(const uint8_t *rgbx, int width, int height, int speed, int quality, int threads) {
    avifImage *image =
        avifImageCreate((uint32_t)width, (uint32_t)height, 8, AVIF_PIXEL_FORMAT_YUV420);
    avifEncoder *encoder = avifEncoderCreate();
    avifRWData out = AVIF_DATA_EMPTY;
    avifRGBImage pixels;
    image->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
    image->yuvRange = AVIF_RANGE_FULL;
    avifRGBImageSetDefaults(&pixels, image);
    pixels.format = AVIF_RGB_FORMAT_RGB;
    uint8_t *packed = malloc((size_t)width * (size_t)height * 3);
    for (size_t i = 0; i < (size_t)width * (size_t)height; i++) {
        memcpy(packed + 3 * i, rgbx + 4 * i, 3);
    }
    pixels.pixels = packed;
    pixels.rowBytes = (uint32_t)width * 3;
    encoder->speed = speed;
    encoder->maxThreads = threads;
#if AVIF_VERSION >= 1000000
    encoder->quality = quality;
    encoder->autoTiling = AVIF_TRUE;
#else
    char level[16];
    const int quantizer = ((100 - quality) * AVIF_QUANTIZER_WORST_QUALITY + 50) / 100;
    level[0] = (char)('0' + quantizer / 10);
    level[1] = (char)('0' + quantizer % 10);
    level[2] = 0;
    avifEncoderSetCodecSpecificOption(encoder, "end-usage", "q");
    avifEncoderSetCodecSpecificOption(encoder, "cq-level", level);
    encoder->minQuantizer = encoder->minQuantizerAlpha = AVIF_QUANTIZER_BEST_QUALITY;
    encoder->maxQuantizer = encoder->maxQuantizerAlpha = AVIF_QUANTIZER_WORST_QUALITY;
    encoder->autoTiling = AVIF_TRUE;
#endif
    int good = avifImageRGBToYUV(image, &pixels) == AVIF_RESULT_OK &&
               avifEncoderWrite(encoder, image, &out) == AVIF_RESULT_OK;
    size_t size = good ? out.size : 0;
    avifRWDataFree(&out);
    avifEncoderDestroy(encoder);
    avifImageDestroy(image);
    free(packed);
    return size;
}

/* Pixels of four bytes, as images have them, with the colours that libavif gives for three bytes:
 * asked for four, it uses other functions of libyuv, and some pixels differ. */
int avif_decode(
    const uint8_t *data, size_t size, uint8_t *out, int width, int height, int threads) {
    avifDecoder *decoder = avifDecoderCreate();
    decoder->maxThreads = threads;
    avifRGBImage pixels;
    int good = avifDecoderSetIOMemory(decoder, data, size) == AVIF_RESULT_OK &&
               avifDecoderParse(decoder) == AVIF_RESULT_OK &&
               avifDecoderNextImage(decoder) == AVIF_RESULT_OK;
    uint8_t *packed = malloc((size_t)width * (size_t)height * 3);
    if (good) {
        avifRGBImageSetDefaults(&pixels, decoder->image);
        pixels.format = AVIF_RGB_FORMAT_RGB;
        pixels.depth = 8;
        pixels.pixels = packed;
        pixels.rowBytes = (uint32_t)width * 3;
        good = avifImageYUVToRGB(decoder->image, &pixels) == AVIF_RESULT_OK;
    }
    for (size_t i = 0; good && i < (size_t)width * (size_t)height; i++) {
        memcpy(out + 4 * i, packed + 3 * i, 3);
        out[4 * i + 3] = 255;
    }
    free(packed);
    avifDecoderDestroy(decoder);
    return good;
}
#endif

#ifdef HAVE_OPENJPEG
#include <openjpeg.h>

typedef struct {
    uint8_t *data;
    size_t size, room, at;
} Memory;

static OPJ_SIZE_T read_memory(void *to, OPJ_SIZE_T count, void *state) {
    Memory *m = state;
    if (m->at >= m->size) {
        return (OPJ_SIZE_T)-1;
    }
    count = count < m->size - m->at ? count : m->size - m->at;
    memcpy(to, m->data + m->at, count);
    m->at += count;
    return count;
}

static OPJ_SIZE_T write_memory(void *from, OPJ_SIZE_T count, void *state) {
    Memory *m = state;
    if (m->at + count > m->room) {
        m->room = 2 * (m->at + count);
        m->data = realloc(m->data, m->room);
    }
    memcpy(m->data + m->at, from, count);
    m->at += count;
    m->size = m->size > m->at ? m->size : m->at;
    return count;
}

static OPJ_BOOL seek_memory(OPJ_OFF_T to, void *state) {
    ((Memory *)state)->at = (size_t)to;
    return OPJ_TRUE;
}

static OPJ_OFF_T skip_memory(OPJ_OFF_T by, void *state) {
    ((Memory *)state)->at += (size_t)by;
    return by;
}

static opj_stream_t *open_memory(Memory *m, int reading) {
    opj_stream_t *stream = opj_stream_default_create(reading);
    opj_stream_set_user_data(stream, m, NULL);
    opj_stream_set_user_data_length(stream, m->size);
    opj_stream_set_read_function(stream, read_memory);
    opj_stream_set_write_function(stream, write_memory);
    opj_stream_set_seek_function(stream, seek_memory);
    opj_stream_set_skip_function(stream, skip_memory);
    return stream;
}

size_t jpeg2k_encode(const uint8_t *rgb, int width, int height) {
    opj_cparameters_t p;
    opj_image_cmptparm_t component[3];
    Memory memory = {0};
    opj_set_default_encoder_parameters(&p);
    p.tcp_numlayers = 1;
    p.cp_disto_alloc = 1;
    p.tcp_mct = 1;
    memset(component, 0, sizeof(component));
    for (int c = 0; c < 3; c++) {
        component[c].dx = component[c].dy = 1;
        component[c].w = (OPJ_UINT32)width;
        component[c].h = (OPJ_UINT32)height;
        component[c].prec = 8;
    }
    opj_image_t *image = opj_image_create(3, component, OPJ_CLRSPC_SRGB);
    image->x1 = (OPJ_UINT32)width;
    image->y1 = (OPJ_UINT32)height;
    for (size_t i = 0; i < (size_t)width * (size_t)height; i++) {
        for (int c = 0; c < 3; c++) {
            image->comps[c].data[i] = rgb[3 * i + (size_t)c];
        }
    }
    opj_codec_t *codec = opj_create_compress(OPJ_CODEC_JP2);
    opj_stream_t *stream = open_memory(&memory, 0);
    int good = opj_setup_encoder(codec, &p, image) && opj_start_compress(codec, image, stream) &&
               opj_encode(codec, stream) && opj_end_compress(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    free(memory.data);
    return good ? memory.size : 0;
}

int jpeg2k_decode(const uint8_t *data, size_t size, uint8_t *out, int width, int height) {
    opj_dparameters_t p;
    opj_image_t *image = NULL;
    Memory memory = {.data = (uint8_t *)data, .size = size};
    opj_set_default_decoder_parameters(&p);
    opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_JP2);
    opj_stream_t *stream = open_memory(&memory, 1);
    int good = opj_setup_decoder(codec, &p) && opj_read_header(stream, codec, &image) &&
               opj_decode(codec, stream, image) && opj_end_decompress(codec, stream);
    for (size_t i = 0; good && i < (size_t)width * (size_t)height; i++) {
        for (int c = 0; c < 3; c++) {
            out[3 * i + (size_t)c] = (uint8_t)image->comps[c].data[i];
        }
    }
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    return good;
}
#endif
