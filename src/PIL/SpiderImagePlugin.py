"""SPIDER, floating-point images of electron microscopy, single or as stacks."""

from __future__ import annotations

import math
import os
import struct
from typing import IO, Any, cast

from . import Image, ImageFile
from ._header import checked_offset, require
from ._util import DeferredError

#: The kinds of SPIDER files; only the first, 2D images, can be read.
iforms = [1, 3, -11, -12, -21, -22]

_2D_IMAGE = 1
_HEADER_VALUES = 27
# Numbers of header values, counted from 1.
_NROW, _IFORM, _NSAM, _LABREC, _LABBYT, _LENBYT = 2, 5, 12, 13, 22, 23
_ISTACK, _MAXIM, _IMGNUM = 24, 26, 27
_MUST_BE_INTEGERS = (1, 2, _IFORM, _NSAM, _LABREC, _LABBYT, _LENBYT)
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
    for i in _MUST_BE_INTEGERS:
        if not isInt(t[i - 1]):
            return 0
    values = (99, *t)
    if int(values[_IFORM]) not in iforms:
        return 0
    size = int(values[_LABBYT])
    return size if size == int(values[_LABREC]) * int(values[_LENBYT]) else 0


def _parse_header(data: bytes) -> tuple[tuple[float, ...], int, bool]:
    """Values, size of the header (0: none), and whether its numbers are big-endian."""
    values: tuple[float, ...] = ()
    for order in "><":
        values = struct.unpack(f"{order}{len(data) // 4}f", data)
        size = isSpiderHeader(values)
        if size:
            return values, size, order == ">"
    return values, 0, False


def isSpiderImage(filename: str) -> int:
    """Size of the header of a file, in bytes; 0 if it is no SPIDER file."""
    with open(filename, "rb") as fp:
        data = fp.read(4 * _LENBYT)
    return _parse_header(data)[1] if len(data) == 4 * _LENBYT else 0


class SpiderImageFile(ImageFile.ImageFile):
    """Reads SPIDER images."""

    format = "SPIDER"
    format_description = "Spider 2D image"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read(4 * _HEADER_VALUES)
        require(len(data) == 4 * _HEADER_VALUES, "not a valid Spider file")
        values, size, big_endian = _parse_header(data)
        require(size, "not a valid Spider file")
        header = (99, *values)
        require(header[_IFORM] == _2D_IMAGE, "not a Spider 2D image")
        self._size = (
            checked_offset(header[_NSAM], "width"),
            checked_offset(header[_NROW], "height"),
        )
        size = checked_offset(size, "header size")
        istack, maxim, imgnumber = (
            checked_offset(header[i], "stack value") for i in (_ISTACK, _MAXIM, _IMGNUM)
        )
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
    values = [0.0] * (size // 4 + 1)
    for index, value in {
        1: 1,
        _NROW: height,
        3: height,
        _IFORM: _2D_IMAGE,
        _NSAM: width,
        _LABREC: records,
        _LABBYT: size,
        _LENBYT: row_bytes,
    }.items():
        values[index] = float(value)
    return [struct.pack("f", value) for value in values[1:]]


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
