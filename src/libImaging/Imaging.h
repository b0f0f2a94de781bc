/* The public header of libImaging: pixel storage, modes, errors and every operation on images.
 *
 * The library knows nothing of Python. Conventions:
 *  - A function that makes an image returns it with one reference, or NULL with *err filled in.
 *  - A function that changes an image in place returns true, or false with *err filled in.
 *  - Arguments are checked by the operation itself; callers may pass anything of the right type.
 *  - Nothing here takes locks on images: two threads that write the same image get undefined
 *    pixels, but never memory errors, because storage lives as long as the image.
 */
#ifndef IMAGING_H
#define IMAGING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/errors.h"
#include "core/modes.h"
#include "core/image.h"
#include "core/fill.h"
#include "core/window.h"
#include "filter/filter.h"
#include "pixel/convert.h"
#include "quant/quantize.h"
#include "resample/resample.h"
#include "pixel/bands.h"
#include "pixel/point.h"
#include "compose/compose.h"
#include "geometry/transpose.h"
#include "stats/stats.h"

#endif
