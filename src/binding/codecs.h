/* Python objects around codecs (codec_objects.c), and what their factories use (codecs.c and
 * codec_FORMAT.c). */
#ifndef BINDING_CODECS_H
#define BINDING_CODECS_H

#include "binding.h"
#include "codec/codec.h"

/* A decoder or encoder object that takes over `codec`; NULL: MemoryError. */
PyObject *wrap_decoder(PyObject *module, ImgCodec *codec);
PyObject *wrap_encoder(PyObject *module, ImgCodec *codec);

/* Mode and raw mode by name, or false with ValueError. */
bool find_decoder_modes(
    const char *mode_name, const char *raw_name, const ImgMode **mode, const ImgRawMode **raw);
bool find_encoder_modes(
    const char *mode_name, const char *raw_name, const ImgMode **mode, const ImgRawMode **raw);

/* Factories that stand in files of their own. */
PyObject *new_zip_decoder(PyObject *module, PyObject *args);
PyObject *new_zip_encoder(PyObject *module, PyObject *args);
PyObject *new_bit_decoder(PyObject *module, PyObject *args);
PyObject *new_packbits_decoder(PyObject *module, PyObject *args);
PyObject *new_hex_decoder(PyObject *module, PyObject *args);
PyObject *new_hex_encoder(PyObject *module, PyObject *args);
PyObject *new_xbm_decoder(PyObject *module, PyObject *args);
PyObject *new_xbm_encoder(PyObject *module, PyObject *args);
PyObject *new_gif_decoder(PyObject *module, PyObject *args);
PyObject *new_gif_encoder(PyObject *module, PyObject *args);
PyObject *new_sgi_rle_decoder(PyObject *module, PyObject *args);
PyObject *new_sun_rle_decoder(PyObject *module, PyObject *args);
PyObject *new_pcd_decoder(PyObject *module, PyObject *args);
PyObject *new_fli_decoder(PyObject *module, PyObject *args);
PyObject *new_tga_rle_decoder(PyObject *module, PyObject *args);
PyObject *new_tga_rle_encoder(PyObject *module, PyObject *args);
PyObject *new_pcx_decoder(PyObject *module, PyObject *args);
PyObject *new_pcx_encoder(PyObject *module, PyObject *args);
PyObject *new_qoi_decoder(PyObject *module, PyObject *args);
PyObject *new_qoi_encoder(PyObject *module, PyObject *args);
PyObject *new_bcn_decoder(PyObject *module, PyObject *args);
PyObject *new_bcn_encoder(PyObject *module, PyObject *args);
PyObject *new_jpeg_decoder(PyObject *module, PyObject *args);
PyObject *new_jpeg_encoder(PyObject *module, PyObject *args);
PyObject *new_libtiff_decoder(PyObject *module, PyObject *args);
PyObject *new_libtiff_encoder(PyObject *module, PyObject *args);
PyObject *new_jpeg2k_decoder(PyObject *module, PyObject *args);
PyObject *new_jpeg2k_encoder(PyObject *module, PyObject *args);

#endif
