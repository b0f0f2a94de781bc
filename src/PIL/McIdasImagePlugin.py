"""McIdas area files, images of weather satellites."""

from __future__ import annotations

from . import Image, ImageFile
from ._header import Header, require

_MAGIC = bytes((0, 0, 0, 0, 0, 0, 0, 4))
# The directory: of its 64 words those that say where the pixels are.
_DIRECTORY = Header(
    ">",
    magic="8s",
    _place_and_time="24x",
    height="i",
    width="i",
    sample_size="i",
    _resolution="8x",
    bands="i",
    prefix_size="i",
    _comment="72x",
    data_offset="i",
    _rest="120x",
)

# By bytes per sample: mode, layout.
_LAYOUTS = {1: ("L", "L"), 2: ("I;16B", "I;16B"), 4: ("I", "I;32B")}


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class McIdasImageFile(ImageFile.ImageFile):
    """Reads area files."""

    format = "MCIDAS"
    format_description = "McIdas area file"

    def _open(self) -> None:
        assert self.fp is not None
        header = _DIRECTORY.read(self.fp)
        require(header.magic == _MAGIC, "not an McIdas area file")
        require(header.sample_size in _LAYOUTS, "unsupported McIdas format")
        self._mode, rawmode = _LAYOUTS[header.sample_size]
        self._size = header.width, header.height
        # Negative ones are refused when the pixels are loaded, with a ValueError as in Pillow.
        offset = header.data_offset + header.prefix_size
        stride = header.prefix_size + header.width * header.sample_size * header.bands
        require(abs(stride) < 2**31, "impossible stride")
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), offset, (rawmode, stride, 1))]


Image.register_open(McIdasImageFile.format, McIdasImageFile, _accept)
