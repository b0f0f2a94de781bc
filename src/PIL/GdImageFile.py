"""GD, uncompressed images of the GD library.

The format cannot be told from others by its first bytes; so it is not known to
:func:`PIL.Image.open`, but read by the function here.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from . import Image, ImageFile, ImagePalette, UnidentifiedImageError
from ._header import Header, require

if TYPE_CHECKING:
    from ._typing import StrOrBytesPath

_HEADER = Header(">", magic="H", width="H", height="H", true_colour="B")
# What follows, in files of true colour after two more bytes.
_PALETTE_HEADER = Header(">", transparency="L", colours="H", palette="1024s")
_MAGICS = (0xFFFE, 0xFFFF)
_TRUE_COLOUR_BYTES = 2


class GdImageFile(ImageFile.ImageFile):
    """Reads GD images with a palette."""

    format = "GD"
    format_description = "GD uncompressed images"

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read(_HEADER.size + _TRUE_COLOUR_BYTES + _PALETTE_HEADER.size)
        # Too large an image is reported even if there is nothing else.
        header = _HEADER.unpack(data.ljust(_HEADER.size, b"\0"))
        require(header.magic in _MAGICS, "Not a valid GD 2.x .gd file")
        self._mode = "P"
        self._size = header.width, header.height
        Image._decompression_bomb_check(self.size)
        start = _HEADER.size + (_TRUE_COLOUR_BYTES if header.true_colour else 0)
        colours = _PALETTE_HEADER.unpack(data, start)
        if colours.transparency < 256:
            self.info["transparency"] = colours.transparency
        self.palette = ImagePalette.raw("RGBX", colours.palette)
        offset = start + _PALETTE_HEADER.size
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), offset, "L")]


def open(fp: StrOrBytesPath | IO[bytes], mode: str = "r") -> GdImageFile:
    """Open a GD image.

    :param fp: path, or a binary file object
    :param mode: ``"r"``
    :raises ValueError: for another mode
    :raises PIL.UnidentifiedImageError: when the file is no GD image
    """
    if mode != "r":
        raise ValueError("bad mode")
    try:
        return GdImageFile(fp)
    except SyntaxError as error:
        raise UnidentifiedImageError("cannot identify this image file") from error
