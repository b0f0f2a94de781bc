"""McIdas area files, images of weather satellites."""

from __future__ import annotations

import struct

from . import Image, ImageFile
from ._header import require

_MAGIC = bytes((0, 0, 0, 0, 0, 0, 0, 4))
_WORDS = 64

# By bytes per sample: mode, layout.
_LAYOUTS = {1: ("L", "L"), 2: ("I;16B", "I;16B"), 4: ("I", "I;32B")}

# Numbers of the words of the directory, from 1.
_HEIGHT, _WIDTH, _SAMPLE, _BANDS, _PREFIX, _DATA = 9, 10, 11, 14, 15, 34


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class McIdasImageFile(ImageFile.ImageFile):
    """Reads area files."""

    format = "MCIDAS"
    format_description = "McIdas area file"

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read(4 * _WORDS)
        require(_accept(data) and len(data) == 4 * _WORDS, "not an McIdas area file")
        words = (0, *struct.unpack(f">{_WORDS}i", data))
        layout = _LAYOUTS.get(words[_SAMPLE])
        require(layout, "unsupported McIdas format")
        assert layout is not None
        self._mode, rawmode = layout
        self._size = words[_WIDTH], words[_HEIGHT]
        # Negative ones are refused when the pixels are loaded, with a ValueError as in Pillow.
        offset = words[_DATA] + words[_PREFIX]
        row = words[_WIDTH] * words[_SAMPLE] * words[_BANDS]
        stride = words[_PREFIX] + row
        require(abs(stride) < 2**31, "impossible stride")
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), offset, (rawmode, stride, 1))]


Image.register_open(McIdasImageFile.format, McIdasImageFile, _accept)
