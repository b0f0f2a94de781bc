"""Bitmaps of Palm handhelds; they can only be written."""

from __future__ import annotations

import struct
from typing import IO

from . import Image, ImageFile

_STEPS = (255, 204, 153, 102, 51, 0)


def _system_colours() -> tuple[tuple[int, int, int], ...]:
    """A cube of 6 x 6 x 6 colours without black, in two halves by blue; greys; some more."""
    colours = [
        (red, green, blue)
        for blues in (_STEPS[:3], _STEPS[3:])
        for red in _STEPS
        for blue in blues
        for green in _STEPS
    ]
    colours.remove((0, 0, 0))
    colours += [(17 * i, 17 * i, 17 * i) for i in (1, 2, 4, 5, 7, 8, 10, 11, 13, 14)]
    colours += [(192, 192, 192), (128, 0, 0), (128, 0, 128), (0, 128, 0), (0, 128, 128)]
    return (*colours, *[(0, 0, 0)] * (256 - len(colours)))


_Palm8BitColormapValues = _system_colours()


def build_prototype_image() -> Image.Image:
    """An image with all colours of the system's palette, one below the other."""
    image = Image.new("L", (1, len(_Palm8BitColormapValues)))
    image.putdata(list(range(len(_Palm8BitColormapValues))))
    image.putpalette([value for colour in _Palm8BitColormapValues for value in colour])
    return image


#: For ``quantize``: an image with the system's palette.
Palm8BitColormapImage = build_prototype_image()

_FLAGS = {"custom-colormap": 0x4000, "is-compressed": 0x8000, "has-transparent": 0x2000}
_COMPRESSION_TYPES = {"none": 0xFF, "rle": 0x01, "scanline": 0x00}

# By mode: layout, bits per pixel, version of the format.
_LAYOUTS = {"1": ("1;I", 1, 0), "P": ("P", 8, 1)}


def _colour_table(im: Image.Image) -> bytes:
    """The palette as the format has it: number of entries; index and colour of each."""
    palette = im.im.getpalette("RGB", "RGB")
    count = len(palette) // 3
    entries = bytearray(4 * count)
    entries[::4] = bytes(range(count))
    for band in range(3):
        entries[1 + band :: 4] = palette[band::3]
    return struct.pack(">H", count) + entries


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode == "L" and {im.encoderinfo.get("bpp"), im.info.get("bpp")} & {1, 2, 4}:
        # There are grey bitmaps, but no way to say so without a palette.
        raise ValueError("image has no palette")
    if im.mode not in _LAYOUTS:
        raise OSError(f"cannot write mode {im.mode} as Palm")
    im.load()
    rawmode, bits, version = _LAYOUTS[im.mode]
    # Rows are padded to 16 bits.
    row_bytes = (im.width * bits + 15) // 16 * 2
    flags = _FLAGS["custom-colormap"] if im.mode == "P" else 0
    no_transparent_index, offset_of_next = 0, 0
    fp.write(
        struct.pack(
            ">4H2BH2BH",
            im.width,
            im.height,
            row_bytes,
            flags,
            bits,
            version,
            offset_of_next,
            no_transparent_index,
            _COMPRESSION_TYPES["none"],
            0,
        )
    )
    if im.mode == "P":
        fp.write(_colour_table(im))
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), 0, (rawmode, row_bytes, 1))])


Image.register_save("Palm", _save)
Image.register_extension("Palm", ".palm")
Image.register_mime("Palm", "image/palm")
