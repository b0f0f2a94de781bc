"""SPIDER, floating-point images of electron microscopy, single or as stacks."""

from __future__ import annotations

import math
import operator
import os
import sys
from typing import IO, Any, cast

from . import Image, ImageFile
from ._header import Header, checked_offset, require
from ._util import DeferredError

#: The kinds of SPIDER files; only the first, 2D images, can be read.
iforms = [1, 3, -11, -12, -21, -22]

_2D_IMAGE = 1
# The values of a header, all of them floating-point numbers in either byte order.
_VALUES = (
    *("nslice", "nrow", "irec", "nhistrec", "iform", "imami", "fmax", "fmin", "av", "sig"),
    *("ihist", "nsam", "labrec", "iangle", "phi", "theta", "gamma", "xoff", "yoff", "zoff"),
    *("scale", "labbyt", "lenbyt", "istack", "unused", "maxim", "imgnum"),
)
_HEADERS = [Header(order, **dict.fromkeys(_VALUES, "f")) for order in "><"]
_NATIVE_HEADER = _HEADERS[sys.byteorder == "little"]
_MUST_BE_INTEGERS = "nslice", "nrow", "nsam", "iform", "labrec", "labbyt", "lenbyt"
_integers = operator.itemgetter(*map(_VALUES.index, _MUST_BE_INTEGERS))
_LEAST_VALUES = _VALUES.index("lenbyt") + 1  # that tell a file of this format
_SMALLEST_HEADER = 1024


def isInt(f: Any) -> int:
    """1 if a number is integral, else 0."""
    try:
        return int(f - int(f) == 0)
    except (ValueError, OverflowError):
        return 0


def isSpiderHeader(t: tuple[float, ...]) -> int:
    """Size in bytes of the header whose first values these are; 0 if they are of none.

    :param t: 23 values or more
    """
    values = _integers(t)
    if not all(map(float.is_integer, map(float, values))):
        return 0
    kind, records, size, row_bytes = map(int, values[3:])
    return size if kind in iforms and size == records * row_bytes else 0


def _parse_header(data: bytes) -> tuple[Any, int, bool]:
    """The header, its size (0: it is none), and whether its numbers are big-endian."""
    header: Any = None
    size = 0
    for layout in _HEADERS:
        header = layout.unpack(data)
        if size := isSpiderHeader(header):
            return header, size, layout is _HEADERS[0]
    return header, size, False


def isSpiderImage(filename: str) -> int:
    """Size of the header of a file, in bytes; 0 if it is no SPIDER file."""
    with open(filename, "rb") as fp:
        data = fp.read(4 * _LEAST_VALUES)
    if len(data) < 4 * _LEAST_VALUES:
        return 0
    return _parse_header(data.ljust(_NATIVE_HEADER.size, b"\0"))[1]


class SpiderImageFile(ImageFile.ImageFile):
    """Reads SPIDER images."""

    format = "SPIDER"
    format_description = "Spider 2D image"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        header, size, big_endian = _parse_header(self.fp.read(_NATIVE_HEADER.size))
        require(size, "not a valid Spider file")
        require(header.iform == _2D_IMAGE, "not a Spider 2D image")
        self._size = checked_offset(header.nsam, "width"), checked_offset(header.nrow, "height")
        size = checked_offset(size, "header size")
        istack = checked_offset(header.istack, "stack value")
        maxim = checked_offset(header.maxim, "stack value")
        imgnumber = checked_offset(header.imgnum, "stack value")
        self.imgnumber = imgnumber
        offset = size
        if not hasattr(self, "istack"):
            self.istack = istack  # of the file, not of the images in it
        if imgnumber == 0:
            self._nimages = 1
            if istack > 0:
                self.hdrlen = size
                self.imgbytes = self.width * self.height * 4
                self._nimages = maxim
                self.imgnumber = 1
                offset = size * 2
        else:
            require(istack == 0, "inconsistent stack header values")
            self._nimages = 1
            offset = size + getattr(self, "stkoffset", 0)
        self.bigendian = int(big_endian)
        self.rawmode = "F;32BF" if big_endian else "F;32F"
        self._mode = "F"
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), offset, self.rawmode)]
        self._fp = self.fp

    @property
    def n_frames(self) -> int:
        """Number of images in the stack."""
        return self._nimages

    @property
    def is_animated(self) -> bool:
        """Whether there is more than one image."""
        return self._nimages > 1

    def tell(self) -> int:
        """Number of the present image in its stack, from 0."""
        return max(self.imgnumber - 1, 0)

    def seek(self, frame: int) -> None:
        """Go to an image of a stack.

        :raises EOFError: when there is none, or the file is no stack
        """
        if self.istack == 0:
            raise EOFError("attempt to seek in a non-stack file")
        if not self._seek_check(frame):
            return
        self.stkoffset = self.hdrlen + frame * (self.hdrlen + self.imgbytes)
        assert not isinstance(self._fp, DeferredError)
        self.fp = self._fp
        self.fp.seek(self.stkoffset)
        self._open()
        Image._decompression_bomb_check(self.size)

    def convert2byte(self, depth: int = 255) -> Image.Image:
        """An image of mode L, with the range of values scaled to 0 ... ``depth``."""
        low, high = cast("tuple[float, float]", self.getextrema())
        scale = depth / (high - low) if high != low else 1
        offset = -scale * low
        return self.point(lambda value: value * scale + offset).convert("L")

    def tkPhotoImage(self) -> Any:
        """An ``ImageTk.PhotoImage`` of the image."""
        from importlib import import_module

        return import_module("PIL.ImageTk").PhotoImage(self.convert2byte(), palette=256)


def loadImageSeries(filelist: list[str] | None = None) -> list[Image.Image] | None:
    """Read SPIDER files as images of mode L, with their names in ``info["filename"]``.

    Files that are missing or cannot be read are reported on the standard output.

    :return: ``None`` for an empty list of names
    """
    if not filelist:
        return None
    images = []
    for name in filelist:
        if not os.path.exists(name):
            print(f"unable to find {name}")
            continue
        try:
            with Image.open(name) as im:
                image = cast("SpiderImageFile", im).convert2byte()
        except Exception:
            if not isSpiderImage(name):
                print(f"{name} is not a Spider image file")
            continue
        image.info["filename"] = name
        images.append(image)
    return images


def makeSpiderHeader(im: Image.Image) -> list[bytes]:
    """The header for an image: float32 numbers of this machine."""
    width, height = im.size
    row_bytes = 4 * width
    records = math.ceil(_SMALLEST_HEADER / row_bytes)
    size = records * row_bytes
    values = {
        **dict.fromkeys(_VALUES, 0),
        "nslice": 1,
        "nrow": height,
        "irec": height,
        "iform": _2D_IMAGE,
        "nsam": width,
        "labrec": records,
        "labbyt": size,
        "lenbyt": row_bytes,
    }
    header = _NATIVE_HEADER.pack(**values).ljust(size, b"\0")
    return [header[at : at + 4] for at in range(0, size, 4)]


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if 0 in im.size:
        raise ValueError("cannot write empty image")
    if im.mode != "F":
        im = im.convert("F")
    fp.writelines(makeSpiderHeader(im))
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), 0, "F;32NF")])


def _save_spider(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    # SPIDER files have any extension; from now on this one means them.
    extension = os.path.splitext(os.fsdecode(filename))[1]
    if extension:
        Image.register_extension(SpiderImageFile.format, extension)
    _save(im, fp, filename)


Image.register_open(SpiderImageFile.format, SpiderImageFile)
Image.register_save(SpiderImageFile.format, _save_spider)
