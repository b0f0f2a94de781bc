"""IMT, grey images of IM Tools."""

from __future__ import annotations

import re

from . import Image, ImageFile
from ._header import require

#: A line of the header: key and value.
field = re.compile(rb"([a-z]*) ([^ \r\n]*)")

_LONGEST_LINE = 100
_FORM_FEED = b"\x0c"


class ImtImageFile(ImageFile.ImageFile):
    """Reads IMT files."""

    format = "IMT"
    format_description = "IM Tools"

    def _open(self) -> None:
        assert self.fp is not None
        require(b"\n" in self.fp.read(_LONGEST_LINE), "not an IM file")
        self.fp.seek(0)
        sides = {b"width": 0, b"height": 0}
        while byte := self.fp.read(1):
            if byte == _FORM_FEED:
                box = 0, 0, sides[b"width"], sides[b"height"]
                self.tile = [ImageFile._Tile("raw", box, self.fp.tell(), self.mode)]
                break
            if byte == b"\n":
                break
            line = byte + self.fp.readline(_LONGEST_LINE)
            if line.startswith(b"*"):
                continue
            match = field.match(line)
            if match is None or len(line) > _LONGEST_LINE:
                break
            key, value = match.groups()
            if key in sides:
                sides[key] = int(value)
            elif key == b"pixel" and value == b"n8":
                self._mode = "L"
        self._size = sides[b"width"], sides[b"height"]


Image.register_open(ImtImageFile.format, ImtImageFile)
