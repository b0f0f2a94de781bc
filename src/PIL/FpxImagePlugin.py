"""FlashPix: images in several resolutions, in tiles. The largest resolution is read.

Format: "FlashPix Format Specification" 1.0.1, Digital Imaging Group. Needs the package olefile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import Image, ImageFile
from ._binary import i32le as i32
from ._header import Header, read_up_to, require
from ._ole import MAGIC, open_ole, open_stream, read_properties

if TYPE_CHECKING:
    from . import _imaging

_CLASS = "56616700-C154-11CE-8553-00AA00A1F95B"
_STORE = "Data Object Store 000001"
_TILE_SIZE = 64

# Properties of "Image Contents"; those of colours and JPEG tables have a number from bit 16 on.
_WIDTH, _HEIGHT, _COLORS, _JPEG_TABLES = 0x1000002, 0x1000003, 0x2000002, 0x3000001

#: By colour of each band, without the bit for "uncalibrated": mode and layout of the pixels.
MODES = {
    # Opacity
    (0x00007FFE,): ("A", "L"),
    # Monochrome
    (0x00010000,): ("L", "L"),
    (0x00018000, 0x00017FFE): ("RGBA", "LA"),
    # Photo YCC
    (0x00020000, 0x00020001, 0x00020002): ("RGB", "YCC;P"),
    (0x00028000, 0x00028001, 0x00028002, 0x00027FFE): ("RGBA", "YCCA;P"),
    # Red, green, blue
    (0x00030000, 0x00030001, 0x00030002): ("RGB", "RGB"),
    (0x00038000, 0x00038001, 0x00038002, 0x00037FFE): ("RGBA", "RGBA"),
}

# Streams have a header of their own, which positions in them do not count.
_STREAM_HEADER = 28
_SUBIMAGE = Header(
    "<",
    header_size="L",
    width="L",
    height="L",
    tiles="L",
    tile_width="L",
    tile_height="L",
    bands="L",
    table_offset="L",
    entry_size="L",
)
_TILE = Header(
    "<", offset="L", size="L", compression="L", filler="2s", converted="B", jpeg_tables="B"
)
_RAW, _SINGLE_COLOR, _JPEG = 0, 1, 2


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(MAGIC)


class FpxImageFile(ImageFile.ImageFile):
    """Reads FlashPix images."""

    format = "FPX"
    format_description = "FlashPix"

    def _open(self) -> None:
        assert self.fp is not None
        self.ole = open_ole(self.fp, "an FPX")
        root = self.ole.root
        require(root and root.clsid == _CLASS, "not an FPX file; bad root CLSID")
        self._read_contents()
        self._read_tiles()
        self._fp = self.fp
        # The pixels are in a stream, which is opened when they are needed.
        self.fp = None

    def _read_contents(self) -> None:
        """Size, mode, and the JPEG tables that tiles share."""
        properties = read_properties(self.ole, [_STORE, "\005Image Contents"])
        width, height = properties.get(_WIDTH), properties.get(_HEIGHT)
        if not isinstance(width, int) or not isinstance(height, int):
            raise SyntaxError("size of FlashPix image is missing")
        self._size = width, height
        # Resolutions halve the size until it fits a tile; the largest has the largest number.
        self.maxid = 0
        size = max(self.size)
        while size > _TILE_SIZE:
            size //= 2
            self.maxid += 1
        colors = properties.get(_COLORS | self.maxid << 16)
        require(isinstance(colors, bytes) and len(colors) >= 8, "colours of image are missing")
        assert isinstance(colors, bytes)
        bands = i32(colors, 4)
        if bands > 4:
            raise OSError("Invalid number of bands")
        require(len(colors) >= 8 + 4 * bands, "colours of image are cut off")
        key = tuple(i32(colors, 8 + 4 * i) & 0x7FFFFFFF for i in range(bands))
        require(key in MODES, "unknown colours")
        self._mode, self.rawmode = MODES[key]
        tables = {i: properties.get(_JPEG_TABLES | i << 16) for i in range(256)}
        self.jpeg = {i: table for i, table in tables.items() if table is not None}

    def _read_tiles(self) -> None:
        """The table of tiles of the largest resolution."""
        self.stream = [_STORE, f"Resolution {self.maxid:04d}", "Subimage 0000 Header"]
        fp = open_stream(self.ole, self.stream)
        fp.read(_STREAM_HEADER)
        header = _SUBIMAGE.read(fp)
        if (header.width, header.height) != self.size:
            raise OSError("subimage mismatch")
        if (header.tile_width, header.tile_height) != (_TILE_SIZE, _TILE_SIZE):
            raise ValueError("Tile must be 64 pixels by 64 pixels")
        require(header.entry_size >= _TILE.size, "entries of table of tiles are too small")
        fp.seek(_STREAM_HEADER + header.table_offset)
        entries = read_up_to(fp, header.tiles * header.entry_size)
        positions = (
            (x, y)
            for y in range(0, self.height, _TILE_SIZE)
            for x in range(0, self.width, _TILE_SIZE)
        )
        starts = range(0, len(entries), header.entry_size)
        self.tile = []
        for start, (x, y) in zip(starts, positions, strict=False):
            box = x, y, min(x + _TILE_SIZE, self.width), min(y + _TILE_SIZE, self.height)
            self.tile.append(self._describe_tile(entries, start, box))

    def _describe_tile(
        self, entries: bytes, start: int, box: tuple[int, int, int, int]
    ) -> ImageFile._Tile:
        entry = _TILE.unpack(entries, start)
        offset = entry.offset + _STREAM_HEADER
        if entry.compression == _RAW:
            return ImageFile._Tile("raw", box, offset, self.rawmode)
        if entry.compression == _SINGLE_COLOR:
            # There is no such decoder: loading says so.
            return ImageFile._Tile("fill", box, offset, (self.rawmode, entries[start + 12 :][:4]))
        if entry.compression != _JPEG:
            raise OSError("unknown/invalid compression")
        codes: tuple[str, str | None] = self.rawmode, self.rawmode
        if entry.converted:
            # YCbCr with an alpha channel looks like CMYK to a JPEG decoder.
            codes = ("CMYK", "YCbCrK") if self.rawmode == "RGBA" else (self.rawmode, None)
        if entry.jpeg_tables:
            require(entry.jpeg_tables in self.jpeg, "JPEG tables of a tile are missing")
            self.tile_prefix = self.jpeg[entry.jpeg_tables]
        return ImageFile._Tile("jpeg", box, offset, codes)

    def load(self) -> _imaging.PixelAccess | None:
        """Read the pixels, unless that was done before."""
        if self.fp is None and self.tile:
            self.fp = open_stream(self.ole, [*self.stream[:2], "Subimage 0000 Data"])
        return ImageFile.ImageFile.load(self)

    def close(self) -> None:
        """Close the file."""
        self.ole.close()
        super().close()

    def __exit__(self, *args: object) -> None:
        self.ole.close()
        super().__exit__()


Image.register_open(FpxImageFile.format, FpxImageFile, _accept)
Image.register_extension(FpxImageFile.format, ".fpx")
