/* Metadata into finished files. */
#include "webp.h"

static PyObject *raise_mux_error(WebPMuxError error, const char *name) {
    static const struct {
        WebPMuxError code;
        const char *text;
    } known[] = {
        {WEBP_MUX_NOT_FOUND, "not found"},
        {WEBP_MUX_INVALID_ARGUMENT, "invalid argument"},
        {WEBP_MUX_BAD_DATA, "bad data"},
        {WEBP_MUX_MEMORY_ERROR, "out of memory"},
        {WEBP_MUX_NOT_ENOUGH_DATA, "not enough data"},
    };
    const char *text = "unknown error";
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].code == error) {
            text = known[i].text;
        }
    }
    PyObject *kind = error == WEBP_MUX_MEMORY_ERROR ? PyExc_MemoryError
                     : error == WEBP_MUX_INVALID_ARGUMENT || error == WEBP_MUX_BAD_DATA
                         ? PyExc_ValueError
                         : PyExc_RuntimeError;
    PyErr_Format(kind, "could not assemble %s: %s", name, text);
    return NULL;
}

static PyObject *bytes_of(WebPData *data) {
    PyObject *result = PyBytes_FromStringAndSize((const char *)data->bytes, (Py_ssize_t)data->size);
    WebPDataClear(data);
    return result;
}

/* Adds what there is; *failed is the chunk that could not be added, or "file". */
static WebPMuxError
add_chunks(const WebPData *file, const Metadata *m, WebPData *out, const char **failed) {
    const struct {
        const char *name, *bytes;
        Py_ssize_t size;
    } chunks[] = {
        {"ICCP", m->icc, m->icc_size},
        {"EXIF", m->exif, m->exif_size},
        {"XMP ", m->xmp, m->xmp_size},
    };
    *failed = "file";
    WebPMux *mux = WebPMuxCreate(file, 0);
    if (!mux) {
        return WEBP_MUX_BAD_DATA;
    }
    WebPMuxError error = WEBP_MUX_OK;
    for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]) && error == WEBP_MUX_OK; i++) {
        if (chunks[i].size > 0) {
            /* The arguments outlive the mux, so nothing is copied. */
            WebPData chunk = {(const uint8_t *)chunks[i].bytes, (size_t)chunks[i].size};
            error = WebPMuxSetChunk(mux, chunks[i].name, &chunk, 0);
            *failed = error == WEBP_MUX_OK ? "file" : chunks[i].name;
        }
    }
    if (error == WEBP_MUX_OK) {
        error = WebPMuxAssemble(mux, out);
    }
    WebPMuxDelete(mux);
    return error;
}

PyObject *file_with_metadata(WebPData *data, const Metadata *m) {
    if (m->icc_size <= 0 && m->exif_size <= 0 && m->xmp_size <= 0) {
        return bytes_of(data);
    }
    WebPData out;
    WebPDataInit(&out);
    const char *failed;
    WebPMuxError error;
    WITHOUT_GIL(error = add_chunks(data, m, &out, &failed));
    WebPDataClear(data);
    if (error != WEBP_MUX_OK) {
        WebPDataClear(&out);
        return raise_mux_error(error, failed);
    }
    return bytes_of(&out);
}
