"""Constants of TIFF, and which pixel layouts of a file become which modes and back.

The numbers are those of TIFF 6.0 (Adobe, 1992), its supplements, and libtiff's tiff.h.
"""

from __future__ import annotations

from collections.abc import Iterator

from ._tiff_ifd import II, MM

OSUBFILETYPE = 255
IMAGEWIDTH = 256
IMAGELENGTH = 257
BITSPERSAMPLE = 258
COMPRESSION = 259
PHOTOMETRIC_INTERPRETATION = 262
FILLORDER = 266
IMAGEDESCRIPTION = 270
STRIPOFFSETS = 273
ORIENTATION = 274
SAMPLESPERPIXEL = 277
ROWSPERSTRIP = 278
STRIPBYTECOUNTS = 279
X_RESOLUTION = 282
Y_RESOLUTION = 283
PLANAR_CONFIGURATION = 284
RESOLUTION_UNIT = 296
TRANSFERFUNCTION = 301
SOFTWARE = 305
DATE_TIME = 306
ARTIST = 315
PREDICTOR = 317
COLORMAP = 320
TILEWIDTH = 322
TILELENGTH = 323
TILEOFFSETS = 324
TILEBYTECOUNTS = 325
SUBIFD = 330
EXTRASAMPLES = 338
SAMPLEFORMAT = 339
JPEGTABLES = 347
YCBCRSUBSAMPLING = 530
REFERENCEBLACKWHITE = 532
XMP = 700
COPYRIGHT = 33432
IPTC_NAA_CHUNK = 33723
PHOTOSHOP_CHUNK = 34377
EXIFIFD = 34665
ICCPROFILE = 34675
GPSIFD = 34853
INTEROPIFD = 40965
IMAGEJ_META_DATA_BYTE_COUNTS = 50838
IMAGEJ_META_DATA = 50839
JPEGQUALITY = 65537

MAX_SAMPLESPERPIXEL = 6

COMPRESSION_INFO = {
    1: "raw",
    2: "tiff_ccitt",
    3: "group3",
    4: "group4",
    5: "tiff_lzw",
    6: "tiff_jpeg",
    7: "jpeg",
    8: "tiff_adobe_deflate",
    32771: "tiff_raw_16",
    32773: "packbits",
    32809: "tiff_thunderscan",
    32946: "tiff_deflate",
    34676: "tiff_sgilog",
    34677: "tiff_sgilog24",
    34925: "lzma",
    50000: "zstd",
    50001: "webp",
}
COMPRESSION_INFO_REV = {name: number for number, name in COMPRESSION_INFO.items()}

# Photometric interpretations.
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR, _LAB = 0, 1, 2, 3, 5, 6, 8

# Sample formats.
_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3

_Bits = tuple[int, ...]
_Extra = tuple[int, ...]
#: Byte order, photometric interpretation, sample formats, fill order, bits per sample, extra
#: samples.
LayoutKey = tuple[bytes, int, tuple[int, ...], int, _Bits, _Extra]

# Layouts that are the same in both byte orders: photometric interpretation, bits, extra
# samples, mode, raw mode; and the raw mode with the bits of each byte reversed, if supported.
_SAME_IN_BOTH: tuple[tuple[int, _Bits, _Extra, str, str, str | None], ...] = (
    (_WHITE_IS_ZERO, (1,), (), "1", "1;I", "1;IR"),
    (_BLACK_IS_ZERO, (1,), (), "1", "1", "1;R"),
    (_WHITE_IS_ZERO, (2,), (), "L", "L;2I", "L;2IR"),
    (_WHITE_IS_ZERO, (4,), (), "L", "L;4I", "L;4IR"),
    (_BLACK_IS_ZERO, (2,), (), "L", "L;2", "L;2R"),
    (_BLACK_IS_ZERO, (4,), (), "L", "L;4", "L;4R"),
    (_WHITE_IS_ZERO, (8,), (), "L", "L;I", "L;IR"),
    (_BLACK_IS_ZERO, (8,), (), "L", "L", "L;R"),
    (_BLACK_IS_ZERO, (8, 8), (0,), "L", "LX", None),
    (_BLACK_IS_ZERO, (8, 8), (1,), "La", "La", None),
    (_BLACK_IS_ZERO, (8, 8), (2,), "LA", "LA", None),
    (_RGB, (8,) * 3, (), "RGB", "RGB", "RGB;R"),
    (_RGB, (8,) * 4, (), "RGBA", "RGBA", None),
    (_RGB, (8,) * 4, (2,), "RGBA", "RGBA", None),
    (_RGB, (8,) * 4, (999,), "RGBA", "RGBA", None),  # what CorelDRAW 10 writes
    (_RGB, (8,) * 4, (0,), "RGB", "RGBX", None),
    (_RGB, (8,) * 5, (0, 0), "RGB", "RGBXX", None),
    (_RGB, (8,) * 6, (0, 0, 0), "RGB", "RGBXXX", None),
    (_RGB, (8,) * 4, (1,), "RGBA", "RGBa", None),
    (_RGB, (8,) * 5, (1, 0), "RGBA", "RGBaX", None),
    (_RGB, (8,) * 6, (1, 0, 0), "RGBA", "RGBaXX", None),
    (_RGB, (8,) * 5, (2, 0), "RGBA", "RGBAX", None),
    (_RGB, (8,) * 6, (2, 0, 0), "RGBA", "RGBAXX", None),
    (_PALETTE, (1,), (), "P", "P;1", "P;1R"),
    (_PALETTE, (2,), (), "P", "P;2", "P;2R"),
    (_PALETTE, (4,), (), "P", "P;4", "P;4R"),
    (_PALETTE, (8,), (), "P", "P", "P;R"),
    (_PALETTE, (8, 8), (0,), "P", "PX", None),
    (_PALETTE, (8, 8), (2,), "PA", "PA", None),
    (_CMYK, (8,) * 4, (), "CMYK", "CMYK", None),
    (_CMYK, (8,) * 5, (0,), "CMYK", "CMYKX", None),
    (_CMYK, (8,) * 6, (0, 0), "CMYK", "CMYKXX", None),
    (_YCBCR, (8,), (), "L", "L", None),
    (_YCBCR, (8,) * 3, (), "YCbCr", "YCbCr", None),
    (_LAB, (8,) * 3, (), "LAB", "LAB", None),
)

# Layouts with samples of several bytes, all with fill order 1: photometric interpretation,
# sample format, bits, extra samples, then mode and raw mode for little and for big endian.
_ModeAndRaw = tuple[str, str] | None
_MULTIBYTE: tuple[tuple[int, int, _Bits, _Extra, _ModeAndRaw, _ModeAndRaw], ...] = (
    (_BLACK_IS_ZERO, _UNSIGNED, (12,), (), ("I;16", "I;12"), None),
    (_WHITE_IS_ZERO, _UNSIGNED, (16,), (), ("I;16", "I;16"), None),
    (_BLACK_IS_ZERO, _UNSIGNED, (16,), (), ("I;16", "I;16"), ("I;16B", "I;16B")),
    (_BLACK_IS_ZERO, _SIGNED, (16,), (), ("I", "I;16S"), ("I", "I;16BS")),
    (_WHITE_IS_ZERO, _FLOAT, (32,), (), ("F", "F;32F"), ("F", "F;32BF")),
    (_BLACK_IS_ZERO, _UNSIGNED, (32,), (), ("I", "I;32N"), None),
    (_BLACK_IS_ZERO, _SIGNED, (32,), (), ("I", "I;32S"), ("I", "I;32BS")),
    (_BLACK_IS_ZERO, _FLOAT, (32,), (), ("F", "F;32F"), ("F", "F;32BF")),
    (_RGB, _UNSIGNED, (16,) * 3, (), ("RGB", "RGB;16L"), ("RGB", "RGB;16B")),
    (_RGB, _UNSIGNED, (16,) * 4, (), ("RGBA", "RGBA;16L"), ("RGBA", "RGBA;16B")),
    (_RGB, _UNSIGNED, (16,) * 4, (2,), ("RGBA", "RGBA;16L"), ("RGBA", "RGBA;16B")),
    (_RGB, _UNSIGNED, (16,) * 4, (0,), ("RGB", "RGBX;16L"), ("RGB", "RGBX;16B")),
    (_RGB, _UNSIGNED, (16,) * 4, (1,), ("RGBA", "RGBa;16L"), ("RGBA", "RGBa;16B")),
    (_CMYK, _UNSIGNED, (16,) * 4, (), ("CMYK", "CMYK;16L"), ("CMYK", "CMYK;16B")),
)


def _layouts() -> Iterator[tuple[LayoutKey, tuple[str, str]]]:
    for order in (II, MM):
        for photometric, bits, extra, mode, raw, reversed_raw in _SAME_IN_BOTH:
            yield (order, photometric, (_UNSIGNED,), 1, bits, extra), (mode, raw)
            if reversed_raw is not None:
                yield (order, photometric, (_UNSIGNED,), 2, bits, extra), (mode, reversed_raw)
        # The sign of 8-bit samples is ignored.
        yield (order, _BLACK_IS_ZERO, (_SIGNED,), 1, (8,), ()), ("L", "L")
    for photometric, sample_format, bits, extra, little, big in _MULTIBYTE:
        for order, modes in ((II, little), (MM, big)):
            if modes is not None:
                yield (order, photometric, (sample_format,), 1, bits, extra), modes
    yield (II, _BLACK_IS_ZERO, (_UNSIGNED,), 2, (16,), ()), ("I;16", "I;16R")


#: Mode and raw mode of every layout that can be read.
OPEN_INFO: dict[LayoutKey, tuple[str, str]] = dict(_layouts())

#: By mode: raw mode, byte order, photometric interpretation, sample format, bits per sample,
#: extra sample (or ``None``).
SAVE_INFO: dict[str, tuple[str, bytes, int, int, tuple[int, ...], int | None]] = {
    "1": ("1", II, _BLACK_IS_ZERO, _UNSIGNED, (1,), None),
    "L": ("L", II, _BLACK_IS_ZERO, _UNSIGNED, (8,), None),
    "LA": ("LA", II, _BLACK_IS_ZERO, _UNSIGNED, (8, 8), 2),
    "P": ("P", II, _PALETTE, _UNSIGNED, (8,), None),
    "PA": ("PA", II, _PALETTE, _UNSIGNED, (8, 8), 2),
    "I": ("I;32S", II, _BLACK_IS_ZERO, _SIGNED, (32,), None),
    "I;16": ("I;16", II, _BLACK_IS_ZERO, _UNSIGNED, (16,), None),
    "I;16L": ("I;16L", II, _BLACK_IS_ZERO, _UNSIGNED, (16,), None),
    "I;16B": ("I;16B", MM, _BLACK_IS_ZERO, _UNSIGNED, (16,), None),
    "F": ("F;32F", II, _BLACK_IS_ZERO, _FLOAT, (32,), None),
    "RGB": ("RGB", II, _RGB, _UNSIGNED, (8,) * 3, None),
    "RGBX": ("RGBX", II, _RGB, _UNSIGNED, (8,) * 4, 0),
    "RGBA": ("RGBA", II, _RGB, _UNSIGNED, (8,) * 4, 2),
    "CMYK": ("CMYK", II, _CMYK, _UNSIGNED, (8,) * 4, None),
    "YCbCr": ("YCbCr", II, _YCBCR, _UNSIGNED, (8,) * 3, None),
    "LAB": ("LAB", II, _LAB, _UNSIGNED, (8,) * 3, None),
}
