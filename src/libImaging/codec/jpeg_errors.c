#ifdef HAVE_LIBJPEG
#include "codec/jpeg_errors.h"

static void on_error(j_common_ptr info) {
    longjmp(((JpegErrors *)info->err)->escape, 1);
}

/* Warnings (corrupt data that decodes to something) and traces are not reported. */
static void on_message(j_common_ptr info, int level) {
    (void)info;
    (void)level;
}

static void on_output(j_common_ptr info) {
    (void)info;
}

struct jpeg_error_mgr *jpeg_errors_init(JpegErrors *errors) {
    jpeg_std_error(&errors->base);
    errors->base.error_exit = on_error;
    errors->base.emit_message = on_message;
    errors->base.output_message = on_output;
    return &errors->base;
}
#else
typedef int translation_unit_is_not_empty;
#endif
