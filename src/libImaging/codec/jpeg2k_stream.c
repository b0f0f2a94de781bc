/* What decoder and encoder of JPEG 2000 share. */
#ifdef HAVE_OPENJPEG

#include "codec/jpeg2k_stream.h"

#include <string.h>

/* The library's mark for the end of a stream, and for failure. */
#define NOTHING ((OPJ_SIZE_T) - 1)

static OPJ_SIZE_T read_some(void *data, OPJ_SIZE_T size, void *user) {
    ImgStream *file = user;
    ptrdiff_t n = file->read(file, data, size);
    return n > 0 ? (OPJ_SIZE_T)n : NOTHING;
}

static OPJ_SIZE_T write_all(void *data, OPJ_SIZE_T size, void *user) {
    ImgStream *file = user;
    return file->write(file, data, size) ? size : NOTHING;
}

static OPJ_OFF_T skip(OPJ_OFF_T distance, void *user) {
    ImgStream *file = user;
    return file->skip(file, distance) < 0 ? -1 : distance;
}

/* The library comes back to fill the gap. */
static OPJ_OFF_T skip_writing(OPJ_OFF_T distance, void *user) {
    static const uint8_t zeros[64];
    ImgStream *file = user;
    for (OPJ_OFF_T left = distance; left > 0; left -= (OPJ_OFF_T)sizeof(zeros)) {
        size_t n = left < (OPJ_OFF_T)sizeof(zeros) ? (size_t)left : sizeof(zeros);
        if (!file->write(file, zeros, n)) {
            return -1;
        }
    }
    return distance;
}

static OPJ_BOOL seek(OPJ_OFF_T position, void *user) {
    ImgStream *file = user;
    return position >= 0 && file->seek(file, position);
}

opj_stream_t *jpeg2k_open_stream(ImgStream *file, bool reading, int64_t length) {
    opj_stream_t *stream = opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, reading);
    if (stream) {
        opj_stream_set_read_function(stream, read_some);
        opj_stream_set_write_function(stream, write_all);
        opj_stream_set_skip_function(stream, reading ? skip : skip_writing);
        opj_stream_set_seek_function(stream, seek);
        opj_stream_set_user_data(stream, file, NULL);
        /* The library compares boxes with what is left of the file. */
        opj_stream_set_user_data_length(
            stream, length < 0 ? (OPJ_UINT64)INT64_MAX : (OPJ_UINT64)length);
    }
    return stream;
}

int img_jpeg2k_progression(const char *name) {
    static const struct {
        const char *name;
        OPJ_PROG_ORDER order;
    } orders[] = {
        {"LRCP", OPJ_LRCP}, {"RLCP", OPJ_RLCP}, {"RPCL", OPJ_RPCL},
        {"PCRL", OPJ_PCRL}, {"CPRL", OPJ_CPRL},
    };
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (strcmp(orders[i].name, name) == 0) {
            return (int)orders[i].order;
        }
    }
    return -1;
}

const char *img_jpeg2k_version(void) {
    return opj_version();
}

#endif
