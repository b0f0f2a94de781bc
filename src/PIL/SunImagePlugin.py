"""Sun raster files."""

from __future__ import annotations

from . import Image, ImageFile, ImagePalette
from ._header import Header, require

_MAGIC = 0x59A66A95
_HEADER = Header(
    ">",
    magic="L",
    width="L",
    height="L",
    depth="L",
    length="L",
    file_type="L",
    palette_type="L",
    palette_length="L",
)

_RUN_LENGTHS = 2
_RGB_ORDER = 3
_FILE_TYPES = (0, 1, _RUN_LENGTHS, _RGB_ORDER, 4, 5)
_LONGEST_PALETTE = 1024

# By depth: mode, layout, layout in files of the type with red first.
_LAYOUTS = {
    1: ("1", "1;I", "1;I"),
    4: ("L", "L;4", "L;4"),
    8: ("L", "L", "L"),
    24: ("RGB", "BGR", "RGB"),
    32: ("RGB", "BGRX", "RGBX"),
}


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC.to_bytes(4, "big"))


class SunImageFile(ImageFile.ImageFile):
    """Reads Sun raster files."""

    format = "SUN"
    format_description = "Sun Raster File"

    def _open(self) -> None:
        assert self.fp is not None
        header = _HEADER.read(self.fp)
        require(header.magic == _MAGIC, "not an SUN raster file")
        require(header.depth in _LAYOUTS, "Unsupported Mode/Bit Depth")
        mode, layout, rgb_layout = _LAYOUTS[header.depth]
        if header.file_type == _RGB_ORDER:
            layout = rgb_layout
        self._size = header.width, header.height

        length = header.palette_length
        if length:
            require(length <= _LONGEST_PALETTE, "Unsupported Color Palette Length")
            require(header.palette_type == 1, "Unsupported Palette Type")
            self.palette = ImagePalette.raw("RGB;L", self.fp.read(length))
            if mode == "L":
                mode, layout = "P", layout.replace("L", "P")
        self._mode = mode

        require(header.file_type in _FILE_TYPES, "Unsupported Sun Raster file type")
        box, offset = (0, 0, *self.size), _HEADER.size + length
        if header.file_type == _RUN_LENGTHS:
            self.tile = [ImageFile._Tile("sun_rle", box, offset, layout)]
        else:
            # Rows are padded to 16 bits.
            stride = (header.width * header.depth + 15) // 16 * 2
            self.tile = [ImageFile._Tile("raw", box, offset, (layout, stride))]


Image.register_open(SunImageFile.format, SunImageFile, _accept)
Image.register_extension(SunImageFile.format, ".ras")
