"""TGA, Truevision's format: uncompressed or with run lengths.

Such files have no signature. What cannot be the header of one makes a file be of another format.
"""

from __future__ import annotations

import os
import warnings
from typing import IO, Any

from . import Image, ImageFile, ImagePalette
from ._header import Header, require

_HEADER = Header(
    "<",
    id_length="B",
    map_type="B",
    image_type="B",
    map_start="H",
    map_length="H",
    map_bits="B",
    x="H",
    y="H",
    width="H",
    height="H",
    depth="B",
    flags="B",
)

# Image types; with this bit pixels are run lengths.
_RUN_LENGTHS = 8
_PALETTE, _COLOUR, _GREY = 1, 2, 3

_RIGHT_TO_LEFT, _TOP_DOWN = 0x10, 0x20
_DEPTHS = (1, 8, 16, 24, 32)

# A footer of the second version of the format leads to an extension area, in which a byte tells
# what alpha means.
_FOOTER = Header("<", extension="L", developer="L", signature="18s")
_SIGNATURE = b"TRUEVISION-XFILE.\0"
_ATTRIBUTES_TYPE = 494
_NO_ALPHA = b"\0"

#: By image type (without compression) and depth: layout of the pixels.
MODES = {
    (1, 8): "P",
    (3, 1): "1",
    (3, 8): "L",
    (3, 16): "LA",
    (2, 16): "BGRA;15Z",
    (2, 24): "BGR",
    (2, 32): "BGRA",
}

# By depth of a palette's entries: mode of the palette, layout of the entries.
_PALETTES = {16: ("RGBA", "BGRA;15Z"), 24: ("RGB", "BGR"), 32: ("RGBA", "BGRA")}


def _mode_of(image_type: int, depth: int, has_map: int) -> str:
    """:raises SyntaxError: for a type that TGA does not have"""
    if image_type == _GREY:
        return {1: "1", 16: "LA"}.get(depth, "L")
    if image_type == _PALETTE:
        return "P" if has_map else "L"
    require(image_type == _COLOUR, "unknown TGA mode")
    return "RGB" if depth == 24 else "RGBA"


class TgaImageFile(ImageFile.ImageFile):
    """Reads TGA files."""

    format = "TGA"
    format_description = "Targa"

    def _open(self) -> None:
        assert self.fp is not None
        header = _HEADER.read(self.fp)
        require(
            header.map_type in (0, 1)
            and header.width
            and header.height
            and header.depth in _DEPTHS,
            "not a TGA file",
        )
        image_type = header.image_type & ~_RUN_LENGTHS
        run_lengths = header.image_type & _RUN_LENGTHS
        self._size = header.width, header.height
        self._mode = _mode_of(image_type, header.depth, header.map_type)
        self._mirrored = bool(header.flags & _RIGHT_TO_LEFT)
        direction = 1 if header.flags & _TOP_DOWN else -1
        self.info["orientation"] = direction
        if run_lengths:
            self.info["compression"] = "tga_rle"
        if header.id_length:
            self.info["id_section"] = self.fp.read(header.id_length)
        if header.map_type:
            self.palette = self._read_palette(header.map_bits, header.map_start, header.map_length)

        # Without a known layout the image can be opened, but not loaded.
        layout = MODES.get((image_type, header.depth))
        if layout is not None:
            args: tuple[Any, ...] = (layout, 0, direction)
            if run_lengths:
                args = (layout, direction, header.depth)
            codec = "tga_rle" if run_lengths else "raw"
            self.tile = [ImageFile._Tile(codec, (0, 0, *self.size), self.fp.tell(), args)]

    def _read_palette(self, bits: int, start: int, length: int) -> ImagePalette.ImagePalette:
        """Read the colour map; the entries before its first one are 0."""
        assert self.fp is not None
        require(bits in _PALETTES, "unknown TGA map depth")
        mode, layout = _PALETTES[bits]
        entry = bits // 8
        entries = bytes(start * entry) + self.fp.read(length * entry)
        palette = ImagePalette.raw(layout, entries)
        palette.mode = mode
        return palette

    def load_end(self) -> None:
        """Make opaque what has no alpha really, and mirror what runs from right to left."""
        if self.mode == "RGBA" and self._says_no_alpha():
            self.putalpha(255)
        if self._mirrored:
            self.im = self.im.transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    def _says_no_alpha(self) -> bool:
        assert self.fp is not None
        self.fp.seek(0, os.SEEK_END)
        end = self.fp.tell()
        if end < _FOOTER.size:
            return False
        self.fp.seek(end - _FOOTER.size)
        footer = _FOOTER.read(self.fp)
        if footer.signature != _SIGNATURE or not footer.extension:
            return False
        self.fp.seek(footer.extension + _ATTRIBUTES_TYPE)
        return self.fp.read(1) == _NO_ALPHA


#: By mode: layout of the pixels, depth, kind of the map, image type.
SAVE = {
    "1": ("1", 1, 0, 3),
    "L": ("L", 8, 0, 3),
    "LA": ("LA", 16, 0, 3),
    "P": ("P", 8, 1, 1),
    "RGB": ("BGR", 24, 0, 2),
    "RGBA": ("BGRA", 32, 0, 2),
}

_LONGEST_ID = 255
_ALPHA_BITS = 8


def _wants_run_lengths(im: Image.Image) -> bool:
    if "rle" in im.encoderinfo:
        return bool(im.encoderinfo["rle"])
    compression = im.encoderinfo.get("compression", im.info.get("compression"))
    return bool(compression == "tga_rle")


def _palette_entries(im: Image.Image) -> tuple[int, bytes]:
    """Bits and bytes of the entries of a palette."""
    palette_mode = im.im.getpalettemode()
    layout = "BGRA" if palette_mode == "RGBA" else "BGR"
    return 8 * len(layout), im.im.getpalette(palette_mode, layout)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode not in SAVE:
        raise OSError(f"cannot write mode {im.mode} as TGA")
    layout, depth, map_type, image_type = SAVE[im.mode]
    run_lengths = _wants_run_lengths(im)
    if run_lengths:
        if im.mode == "1":
            raise OSError("cannot write mode 1 as TGA with run-length encoding")
        image_type |= _RUN_LENGTHS
    id_section = im.encoderinfo.get("id_section", im.info.get("id_section", ""))
    if len(id_section) > _LONGEST_ID:
        warnings.warn("id_section has been trimmed to 255 characters", stacklevel=2)
        id_section = id_section[:_LONGEST_ID]
    map_bits, entries = _palette_entries(im) if map_type else (0, b"")
    flags = _ALPHA_BITS if im.mode in ("LA", "RGBA") else 0
    direction = im.encoderinfo.get("orientation", im.info.get("orientation", -1))
    if direction > 0:
        flags |= _TOP_DOWN

    fp.write(
        _HEADER.pack(
            id_length=len(id_section),
            map_type=map_type,
            image_type=image_type,
            map_start=0,
            map_length=len(entries) * 8 // map_bits if map_type else 0,
            map_bits=map_bits,
            x=0,
            y=0,
            width=im.width,
            height=im.height,
            depth=depth,
            flags=flags,
        )
    )
    if id_section:
        fp.write(id_section)
    if entries:
        fp.write(entries)
    args: tuple[Any, ...] = (layout, direction) if run_lengths else (layout, 0, direction)
    codec = "tga_rle" if run_lengths else "raw"
    ImageFile._save(im, fp, [ImageFile._Tile(codec, (0, 0, *im.size), 0, args)])
    fp.write(_FOOTER.pack(extension=0, developer=0, signature=_SIGNATURE))


Image.register_open(TgaImageFile.format, TgaImageFile)
Image.register_save(TgaImageFile.format, _save)
Image.register_extensions(TgaImageFile.format, [".tga", ".icb", ".vda", ".vst"])
Image.register_mime(TgaImageFile.format, "image/x-tga")
