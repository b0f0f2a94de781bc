/* Files for libtiff. All positions and sizes that libtiff asks for may come from a damaged file. */
#define _POSIX_C_SOURCE 200809L /* pread, pwrite */
#define _FILE_OFFSET_BITS 64
#include "codec/tiff_io.h"

#ifdef HAVE_LIBTIFF

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* From 4.5.0 on, messages can be handled for each file. */
#define HAS_OPTIONS (TIFFLIB_VERSION >= 20221213)

#define FAILED ((tmsize_t) - 1)
/* Memory is written in pieces, so that nothing moves when it grows, and that what has been given
 * away is free while the rest is. */
#define SEGMENT ((size_t)64 << 10)

/* Transfers all of a buffer, or up to the end of the file. */
static tmsize_t transfer(ImgTiffFile *file, uint8_t *data, size_t size, bool write) {
    size_t done = 0;
    while (done < size) {
        off_t at = (off_t)(file->position + done);
        ssize_t n = write ? pwrite(file->fd, data + done, size - done, at)
                          : pread(file->fd, data + done, size - done, at);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0) {
            break;
        } else if (errno != EINTR) {
            return FAILED;
        }
    }
    file->position += done;
    return (tmsize_t)done;
}

/* Copies n bytes between the buffer and the segments from `at` on, which exist. */
static void copy_segments(ImgTiffFile *file, size_t at, uint8_t *buffer, size_t n, bool write) {
    for (size_t done = 0, part; done < n; done += part) {
        uint8_t *place = file->segments[(at + done) / SEGMENT] + (at + done) % SEGMENT;
        const size_t room = SEGMENT - (at + done) % SEGMENT;
        part = n - done < room ? n - done : room;
        if (write) {
            memcpy(place, buffer + done, part);
        } else {
            memcpy(buffer + done, place, part);
        }
    }
}

static tmsize_t read_file(thandle_t handle, void *buffer, tmsize_t wanted) {
    ImgTiffFile *file = (ImgTiffFile *)handle;
    if (wanted <= 0 || file->position > INT64_MAX - (uint64_t)wanted) {
        return wanted == 0 ? 0 : FAILED;
    }
    if (file->fd >= 0) {
        return transfer(file, buffer, (size_t)wanted, false);
    }
    size_t left = file->position < file->size ? file->size - (size_t)file->position : 0;
    size_t n = (size_t)wanted < left ? (size_t)wanted : left;
    if (n > 0 && file->writable) {
        copy_segments(file, (size_t)file->position, buffer, n, false);
    } else if (n > 0) {
        memcpy(buffer, file->data + file->position, n);
    }
    file->position += n;
    return (tmsize_t)n;
}

/* Makes the memory at least so large. What is new is zero: libtiff leaves holes. */
static bool grow(ImgTiffFile *file, size_t needed) {
    const size_t count = needed / SEGMENT + (needed % SEGMENT != 0);
    if (count > file->segment_room) {
        const size_t room = count * 2;
        uint8_t **segments = realloc(file->segments, room * sizeof(*segments));
        if (!segments) {
            return false;
        }
        file->segments = segments;
        file->segment_room = room;
    }
    for (; file->segment_count < count; file->segment_count++) {
        uint8_t *segment = calloc(SEGMENT, 1);
        if (!segment) {
            return false;
        }
        file->segments[file->segment_count] = segment;
    }
    return true;
}

static tmsize_t write_file(thandle_t handle, void *buffer, tmsize_t wanted) {
    ImgTiffFile *file = (ImgTiffFile *)handle;
    if (wanted <= 0 || !file->writable || file->position > INT64_MAX - (uint64_t)wanted) {
        return wanted == 0 ? 0 : FAILED;
    }
    if (file->fd >= 0) {
        return transfer(file, buffer, (size_t)wanted, true);
    }
    size_t end = (size_t)file->position + (size_t)wanted;
    if (!grow(file, end)) {
        return FAILED;
    }
    copy_segments(file, (size_t)file->position, buffer, (size_t)wanted, true);
    file->position = end;
    file->size = end > file->size ? end : file->size;
    return wanted;
}

size_t img_tiff_give(ImgTiffFile *file, uint8_t *out, size_t size) {
    const size_t left = file->size - file->given, n = size < left ? size : left;
    const size_t before = file->given / SEGMENT;
    copy_segments(file, file->given, out, n, false);
    file->given += n;
    const size_t after = n == left ? file->segment_count : file->given / SEGMENT;
    for (size_t i = before; i < after; i++) {
        free(file->segments[i]);
        file->segments[i] = NULL;
    }
    return n;
}

void img_tiff_free(ImgTiffFile *file) {
    for (size_t i = 0; i < file->segment_count; i++) {
        free(file->segments[i]);
    }
    free(file->segments);
    file->segments = NULL;
    file->segment_count = file->segment_room = file->size = file->given = 0;
}

static toff_t size_of_file(thandle_t handle) {
    ImgTiffFile *file = (ImgTiffFile *)handle;
    if (file->fd < 0) {
        return file->size;
    }
    struct stat status;
    return fstat(file->fd, &status) < 0 || status.st_size < 0 ? 0 : (toff_t)status.st_size;
}

static toff_t seek_file(thandle_t handle, toff_t offset, int whence) {
    ImgTiffFile *file = (ImgTiffFile *)handle;
    uint64_t base = whence == SEEK_CUR   ? file->position
                    : whence == SEEK_END ? size_of_file(handle)
                                         : 0;
    /* The offset is unsigned, but relative ones may mean negative numbers. */
    uint64_t target = base + offset;
    if (target > INT64_MAX) {
        return (toff_t)-1;
    }
    file->position = target;
    return target;
}

static int close_file(thandle_t handle) {
    (void)handle;
    return 0; /* img_tiff_close does that, for libtiff need not come so far */
}

/* What is in memory already libtiff takes from there, without a copy. A file stays as it is;
 * libtiff then reads. */
static int map_file(thandle_t handle, void **base, toff_t *size) {
    ImgTiffFile *file = (ImgTiffFile *)handle;
    if (file->fd >= 0 || file->writable || !file->data) {
        return 0;
    }
    *base = (void *)(uintptr_t)file->data; /* never written to */
    *size = file->size;
    return 1;
}

static void unmap_file(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

#if HAS_OPTIONS
static int
ignore_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments) {
    (void)tiff;
    (void)data;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}
#endif

static TIFF *open_client(ImgTiffFile *file, const char *mode) {
#if HAS_OPTIONS
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) {
        return NULL;
    }
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, NULL);
    TIFF *tiff = TIFFClientOpenExt(
        "tiff", mode, (thandle_t)file, read_file, write_file, seek_file, close_file, size_of_file,
        map_file, unmap_file, options);
    TIFFOpenOptionsFree(options);
    return tiff;
#else
    TIFFSetWarningHandler(NULL);
    TIFFSetWarningHandlerExt(NULL);
    return TIFFClientOpen(
        "tiff", mode, (thandle_t)file, read_file, write_file, seek_file, close_file, size_of_file,
        map_file, unmap_file);
#endif
}

TIFF *img_tiff_open(ImgTiffFile *file, int fd, bool write) {
    file->writable = write;
    file->position = 0;
    file->fd = -1;
    if (fd > 0) {
        /* The owner may close its own while libtiff still has something to write. */
        file->fd = dup(fd);
        if (file->fd < 0) {
            return NULL;
        }
    }
    TIFF *tiff = open_client(file, write ? "w" : "r");
    if (!tiff) {
        img_tiff_close(file, NULL);
    }
    return tiff;
}

void img_tiff_close(ImgTiffFile *file, TIFF *tiff) {
    if (tiff) {
        TIFFClose(tiff);
    }
    if (file->fd >= 0) {
        close(file->fd);
        file->fd = -1;
    }
}

#endif
