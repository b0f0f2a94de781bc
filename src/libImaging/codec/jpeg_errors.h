/* How the JPEG codecs leave libjpeg when it fails: shared by decoder and encoder. */
#ifndef IMAGING_CODEC_JPEG_ERRORS_H
#define IMAGING_CODEC_JPEG_ERRORS_H

#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>
#include <jerror.h>

typedef struct {
    struct jpeg_error_mgr base; /* first: libjpeg knows this part */
    jmp_buf escape;
} JpegErrors;

/* Sets up the manager: errors jump to `escape`, messages and warnings are dropped. */
struct jpeg_error_mgr *jpeg_errors_init(JpegErrors *errors);

#endif
