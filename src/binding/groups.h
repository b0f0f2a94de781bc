/* The groups of operations: G(name) for each file that defines core_NAME_methods and
 * module_NAME_functions. */
/* Unformatted, so that a new group changes one line only. */
/* clang-format off */
#define BINDING_GROUPS(G)                                                                          \
    G(storage)  /* new, fill, arena settings, copy, crop, expand */                                \
    G(access)   /* getpixel, putpixel, putdata, pixel access */                                    \
    G(palette)  /* palettes */                                                                     \
    G(exchange) /* map_buffer, Arrow */                                                            \
    G(bands)    /* split, merge, getband, putband, fillband, setalpha, point */                    \
    G(stats)    /* histogram, extrema, bbox, colors, projection, entropy */                        \
    G(compose)  /* paste, blend, alpha_composite, invert */                                        \
    G(convert)  /* convert, convert_into, convert_matrix, convert_transparent */                   \
    G(quant)    /* quantize */                                                                    \
    G(resample) /* resize, reduce */                                                               \
    G(filter)   /* filter, box_blur, gaussian_blur, unsharp_mask */                                \
    G(geometry) /* transpose, offset */                                                            \
    G(transform) /* affine, perspective and quad transforms */                                      \
    G(chops)    /* channel operations */                                                           \
    G(effect)   /* generated images */                                                             \
    G(morph)    /* ImageMorph */                                                                   \
    G(math)     /* ImageMath */                                                                    \
    G(draw)     /* drawing, flood fill */                                                          \
    G(outline)  /* outlines */                                                                     \
    G(path)     /* ImagePath */                                                                    \
    G(grab)     /* the screen */                                                                   \
    G(font)     /* bitmap fonts */                                                                 \
    G(codecs)   /* decoders and encoders */                                                        \
    G(versions) /* getcodecstatus; constants of libraries */
/* clang-format on */
