"""PCX, the format of PC Paintbrush: run lengths of bytes or bit planes."""

from __future__ import annotations

import logging
import os
from typing import IO

from . import Image, ImageFile, ImagePalette
from ._header import Header, require

logger = logging.getLogger(__name__)

_MANUFACTURER = 10
_VERSIONS = (0, 2, 3, 5)
_HEADER = Header(
    "<",
    manufacturer="B",
    version="B",
    encoding="B",
    bits="B",
    left="H",
    top="H",
    right="H",
    bottom="H",
    x_dpi="H",
    y_dpi="H",
    palette="48s",
    _reserved="x",
    planes="B",
    stride="H",
    palette_kind="H",
    screen_width="H",
    screen_height="H",
    _padding="54x",
)

# What comes behind the stride does not matter to readers.
_FIELDS_END = 68

# A palette of 256 colours ends the file, behind this byte.
_PALETTE_MARK = 12
_PALETTE_SIZE = 3 * 256
_GREY_RAMP = bytes(value for value in range(256) for _ in range(3))

# By bits and planes: mode, layout. Those of 8 bits came with version 5.
_BIT_MODES = {(1, 1): ("1", "1"), (1, 2): ("P", "P;2L"), (1, 4): ("P", "P;4L")}
_BYTE_MODES = {(8, 1): ("L", "L"), (8, 3): ("RGB", "RGB;L")}


def _accept(prefix: bytes) -> bool:
    return len(prefix) > 1 and prefix[0] == _MANUFACTURER and prefix[1] in _VERSIONS


class PcxImageFile(ImageFile.ImageFile):
    """Reads PCX files."""

    format = "PCX"
    format_description = "Paintbrush"

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read(_HEADER.size)
        require(_accept(data), "not a PCX file")
        require(len(data) >= _FIELDS_END, "header is cut off")
        header = _HEADER.unpack(data.ljust(_HEADER.size, b"\0"))
        start = self.fp.tell()
        width, height = header.right + 1 - header.left, header.bottom + 1 - header.top
        require(width > 0 and height > 0, "bad PCX image size")
        self.info["dpi"] = header.x_dpi, header.y_dpi

        kind = header.bits, header.planes
        byte_mode = _BYTE_MODES.get(kind) if header.version == 5 else None
        mode_and_layout = byte_mode or _BIT_MODES.get(kind)
        if mode_and_layout is None:
            raise OSError("unknown PCX mode")
        self._mode, layout = mode_and_layout
        if self.mode == "P":
            self.palette = ImagePalette.raw("RGB", header.palette)
        elif self.mode == "L":
            layout = self._read_palette()
        self._size = width, height

        # Some writers do not pad rows to 16 bits, and say so.
        stride = (width * header.bits + 7) // 8
        if header.stride != stride:
            stride += stride % 2
        args = (layout, header.planes * stride)
        self.tile = [ImageFile._Tile("pcx", (0, 0, *self.size), start, args)]

    def _read_palette(self) -> str:
        """Read the palette at the end, if there is one that is not grey; layout of the pixels."""
        assert self.fp is not None
        self.fp.seek(0, os.SEEK_END)
        self.fp.seek(max(0, self.fp.tell() - _PALETTE_SIZE - 1))
        data = self.fp.read(_PALETTE_SIZE + 1)
        palette = data[1:]
        if data[:1] == bytes((_PALETTE_MARK,)) and len(palette) == _PALETTE_SIZE:
            if palette != _GREY_RAMP:
                self._mode = "P"
                self.palette = ImagePalette.raw("RGB", palette)
        return self.mode


#: By mode: version, bits, planes, layout of the pixels.
SAVE = {
    "1": (2, 1, 1, "1"),
    "L": (5, 8, 1, "L"),
    "P": (5, 8, 1, "P"),
    "RGB": (5, 8, 3, "RGB;L"),
}


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if min(im.size) == 0:
        raise ValueError("Cannot write empty image as PCX")
    if im.mode not in SAVE:
        raise ValueError(f"Cannot save {im.mode} images as PCX")
    version, bits, planes, layout = SAVE[im.mode]
    stride = (im.width * bits + 7) // 8
    logger.debug("PCX of %d planes, %d bits", planes, bits)
    fp.write(
        _HEADER.pack(
            manufacturer=_MANUFACTURER,
            version=version,
            encoding=1,
            bits=bits,
            left=0,
            top=0,
            right=im.width - 1,
            bottom=im.height - 1,
            x_dpi=100,
            y_dpi=100,
            palette=bytes(24) + b"\xff" * 24,
            planes=planes,
            stride=stride + stride % 2,
            palette_kind=1,
            screen_width=im.width,
            screen_height=im.height,
        )
    )
    tile = ImageFile._Tile("pcx", (0, 0, *im.size), 0, (layout, bits * planes))
    ImageFile._save(im, fp, [tile])
    if im.mode in ("L", "P"):
        palette = _GREY_RAMP if im.mode == "L" else im.im.getpalette("RGB", "RGB")
        fp.write(bytes((_PALETTE_MARK,)) + palette.ljust(_PALETTE_SIZE, b"\0"))


Image.register_open(PcxImageFile.format, PcxImageFile, _accept)
Image.register_save(PcxImageFile.format, _save)
Image.register_extension(PcxImageFile.format, ".pcx")
Image.register_mime(PcxImageFile.format, "image/x-pcx")
