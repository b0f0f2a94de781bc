"""GBR, brushes of GIMP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import Image, ImageFile
from ._binary import i32be as i32
from ._header import Header, read_up_to, require

if TYPE_CHECKING:
    from . import _imaging

_HEADER = Header(">", header_size="L", version="L", width="L", height="L", depth="L")
_MODES = {1: "L", 4: "RGBA"}


def _accept(prefix: bytes) -> bool:
    return len(prefix) >= 8 and i32(prefix, 0) >= _HEADER.size and i32(prefix, 4) in (1, 2)


class GbrImageFile(ImageFile.ImageFile):
    """Reads brushes."""

    format = "GBR"
    format_description = "GIMP brush file"

    def _open(self) -> None:
        assert self.fp is not None
        header = _HEADER.read(self.fp)
        require(header.header_size >= _HEADER.size, "not a GIMP brush")
        require(header.version in (1, 2), f"Unsupported GIMP brush version: {header.version}")
        require(header.width and header.height, "not a GIMP brush")
        require(header.depth in _MODES, f"Unsupported GIMP brush color depth: {header.depth}")
        comment_length = header.header_size - _HEADER.size
        if header.version == 2:
            more = self.fp.read(4)
            require(more == b"GIMP", "not a GIMP brush, bad magic number")
            self.info["spacing"] = i32(self.fp.read(4))
            comment_length -= 8
        require(comment_length >= 0, "not a GIMP brush")
        self._mode = _MODES[header.depth]
        self._size = header.width, header.height
        self.info["comment"] = read_up_to(self.fp, comment_length)[:-1]
        # The size of an image may be changed; that of its data may not.
        self._data_size = header.width * header.height * header.depth

    def load(self) -> _imaging.PixelAccess | None:
        """Read the pixels, unless that was done before."""
        if self._im is None:
            assert self.fp is not None
            # Read first: a header of a few bytes gets no memory for the pixels it claims.
            data = read_up_to(self.fp, self._data_size)
            if len(data) < self._data_size:
                raise ValueError("not enough image data")
            self.im = Image.core.new(self.mode, self.size)
            self.frombytes(data)
        return Image.Image.load(self)


Image.register_open(GbrImageFile.format, GbrImageFile, _accept)
Image.register_extension(GbrImageFile.format, ".gbr")
