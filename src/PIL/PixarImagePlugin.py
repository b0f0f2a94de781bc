"""Pixar raster images."""

from __future__ import annotations

from . import Image, ImageFile
from ._header import Header, require

_MAGIC = b"\x80\xe8\x00\x00"
_HEADER = Header(
    "<",
    magic="4s",
    _unknown="412x",
    height="H",
    width="H",
    _more_unknown="4x",
    channels="H",
    depth="H",
    _rest="84x",
)
_DATA_OFFSET = 1024
_RGB = (14, 2)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class PixarImageFile(ImageFile.ImageFile):
    """Reads uncompressed images with three bands."""

    format = "PIXAR"
    format_description = "PIXAR raster image"

    def _open(self) -> None:
        assert self.fp is not None
        header = _HEADER.read(self.fp)
        require(header.magic == _MAGIC, "not a PIXAR file")
        require((header.channels, header.depth) == _RGB, "unknown kind of PIXAR file")
        self._mode = "RGB"
        self._size = header.width, header.height
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), _DATA_OFFSET, self.mode)]


Image.register_open(PixarImageFile.format, PixarImageFile, _accept)
Image.register_extension(PixarImageFile.format, ".pxr")
