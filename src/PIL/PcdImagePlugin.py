"""Kodak PhotoCD: the picture of base resolution."""

from __future__ import annotations

from . import Image, ImageFile
from ._header import Header, require

_SECTOR = 2048
_BASE_SIZE = (768, 512)
_BASE_OFFSET = 96 * _SECTOR
_SECOND_SECTOR = Header("<", magic="4s", _other_fields="1534x", orientation="B")

_ROTATIONS = {1: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_270}


class PcdImageFile(ImageFile.ImageFile):
    """Reads PhotoCD files."""

    format = "PCD"
    format_description = "Kodak PhotoCD"

    def _open(self) -> None:
        assert self.fp is not None
        self.fp.seek(_SECTOR)
        header = _SECOND_SECTOR.read(self.fp)
        require(header.magic == b"PCD_", "not a PCD file")
        self._rotation = _ROTATIONS.get(header.orientation & 3)
        self._mode = "RGB"
        self._size = _BASE_SIZE if self._rotation is None else _BASE_SIZE[::-1]
        self.tile = [ImageFile._Tile("pcd", (0, 0, *_BASE_SIZE), _BASE_OFFSET)]

    def load_prepare(self) -> None:
        """Make the pixel memory: of the picture as it is stored."""
        if self._im is None and self._rotation is not None:
            self.im = Image.core.new(self.mode, _BASE_SIZE)
        super().load_prepare()

    def load_end(self) -> None:
        """Turn the picture upright."""
        if self._rotation is not None:
            self.im = self.im.transpose(self._rotation)


Image.register_open(PcdImageFile.format, PcdImageFile)
Image.register_extension(PcdImageFile.format, ".pcd")
