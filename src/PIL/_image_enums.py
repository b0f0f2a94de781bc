"""Enumerations and fixed tables of :mod:`PIL.Image`, which re-exports all of them."""

from __future__ import annotations

import sys
from enum import IntEnum

# The classes say that they live in PIL.Image, where programs and pickles look for them.


class Transpose(IntEnum):
    """Mirrors and quarter turns for :meth:`Image.transpose`; turns go counter-clockwise."""

    __module__ = "PIL.Image"

    FLIP_LEFT_RIGHT = 0
    FLIP_TOP_BOTTOM = 1
    ROTATE_90 = 2
    ROTATE_180 = 3
    ROTATE_270 = 4
    TRANSPOSE = 5
    TRANSVERSE = 6


class Transform(IntEnum):
    """Methods of :meth:`Image.transform`."""

    __module__ = "PIL.Image"

    AFFINE = 0
    EXTENT = 1
    PERSPECTIVE = 2
    QUAD = 3
    MESH = 4


class Resampling(IntEnum):
    """Resampling filters, from the smallest support to the largest."""

    __module__ = "PIL.Image"

    NEAREST = 0
    BOX = 4
    BILINEAR = 2
    HAMMING = 5
    BICUBIC = 3
    LANCZOS = 1
    MKS2013 = 6
    MKS2021 = 7


class Dither(IntEnum):
    """Dithering of :meth:`Image.convert` and :meth:`Image.quantize`."""

    __module__ = "PIL.Image"

    NONE = 0
    ORDERED = 1
    RASTERIZE = 2
    FLOYDSTEINBERG = 3


class Palette(IntEnum):
    """Palettes of :meth:`Image.convert`: fixed 6x6x6 cube, or made for the image."""

    __module__ = "PIL.Image"

    WEB = 0
    ADAPTIVE = 1


class Quantize(IntEnum):
    """Methods of :meth:`Image.quantize`."""

    __module__ = "PIL.Image"

    MEDIANCUT = 0
    MAXCOVERAGE = 1
    FASTOCTREE = 2
    LIBIMAGEQUANT = 3


ENUMS = (Transpose, Transform, Resampling, Dither, Palette, Quantize)

# Half width of each filter, in output pixels when shrinking, in input pixels when enlarging.
FILTER_SUPPORT: dict[int, float] = {
    Resampling.BOX: 0.5,
    Resampling.BILINEAR: 1.0,
    Resampling.HAMMING: 1.0,
    Resampling.BICUBIC: 2.0,
    Resampling.LANCZOS: 3.0,
    Resampling.MKS2013: 2.5,
    Resampling.MKS2021: 4.5,
}

MODES = [
    "1",
    "CMYK",
    "F",
    "HSV",
    "I",
    "I;16",
    "I;16B",
    "I;16L",
    "I;16N",
    "L",
    "LA",
    "La",
    "LAB",
    "P",
    "PA",
    "RGB",
    "RGBA",
    "RGBa",
    "RGBX",
    "YCbCr",
]

# Raw modes whose bytes are the same in a file and in memory: these can be mapped, not copied.
MAPMODES = ("L", "P", "RGBX", "RGBA", "CMYK", "I;16", "I;16L", "I;16B")

ENDIAN = "<" if sys.byteorder == "little" else ">"
