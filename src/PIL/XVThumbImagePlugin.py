"""Thumbnails of the image viewer XV."""

from __future__ import annotations

from . import Image, ImageFile, ImagePalette
from ._header import require

_MAGIC = b"P7 332"

#: The palette: three bits of red, three of green, two of blue.
PALETTE = b"".join(
    bytes((red * 255 // 7, green * 255 // 7, blue * 255 // 3))
    for red in range(8)
    for green in range(8)
    for blue in range(4)
)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class XVThumbImageFile(ImageFile.ImageFile):
    """Reads thumbnails."""

    format = "XVThumb"
    format_description = "XV thumbnail image"

    def _open(self) -> None:
        assert self.fp is not None
        require(_accept(self.fp.read(len(_MAGIC))), "not an XV thumbnail file")
        self.fp.readline()
        line = b"#"
        while line.startswith(b"#"):
            line = self.fp.readline()
            require(line, "Unexpected EOF reading XV thumbnail file")
        width, height = line.split(maxsplit=2)[:2]
        self._mode = "P"
        self._size = int(width), int(height)
        self.palette = ImagePalette.raw("RGB", PALETTE)
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), self.fp.tell(), self.mode)]


Image.register_open(XVThumbImageFile.format, XVThumbImageFile, _accept)
