/* Every kernel of the library; included with KERNEL defined as what is wanted of each. */
#include "pixel/kernels.def"
#include "pixel/convert_kernels.def"
#include "resample/kernels.def"
#include "filter/kernels.def"
#include "compose/kernels.def"
#include "geometry/kernels.def"
#include "stats/kernels.def"
#include "codec/kernels.def"
