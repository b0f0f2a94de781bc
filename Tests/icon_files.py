"""Small files of TGA, PCX, DCX, PSD and the formats for icons, made by hand or by our writers."""

from __future__ import annotations

import struct

from filemakers import saved
from simple_files import picture


def tga(
    kind: int,
    depth: int,
    pixels: bytes,
    size: tuple[int, int] = (3, 2),
    flags: int = 0,
    colour_map: tuple[int, int, int, bytes] | None = None,
    id_section: bytes = b"",
) -> bytes:
    """A file without footer; the map is (start, length, bits, entries)."""
    start, length, bits, entries = colour_map or (0, 0, 0, b"")
    head = struct.pack("<3B", len(id_section), colour_map is not None, kind)
    head += struct.pack("<2HB4H2B", start, length, bits, 0, 0, *size, depth, flags)
    return head + id_section + entries + pixels


def tga_with_extension(attributes: int) -> bytes:
    """4-byte pixels, and an extension area that tells what their alpha means."""
    data = tga(2, 32, bytes(range(24)))
    footer = struct.pack("<2L18s", len(data), 0, b"TRUEVISION-XFILE.\0")
    return data + bytes(494) + bytes((attributes,)) + footer


FILES: dict[str, tuple[str, bytes]] = {
    "map.tga": ("TGA", tga(1, 8, b"\0\1\2\0\1\2", colour_map=(1, 2, 24, b"abcdef"))),
    "map16.tga": ("TGA", tga(9, 8, b"\x82\1\2\0\1\2", colour_map=(0, 3, 16, b"abcdef"))),
    "bits.tga": ("TGA", tga(3, 1, b"\xa0\x40")),
    "rle.tga": ("TGA", tga(10, 24, b"\x82abc\2defghijkl", flags=0x30, id_section=b"name")),
    "extension.tga": ("TGA", tga_with_extension(3)),
    "opaque.tga": ("TGA", tga_with_extension(0)),
    "saved.tga": ("TGA", saved(picture("LA"), "TGA", rle=True)),
}


def dib(
    size: tuple[int, int], bits: int, pixels: bytes, palette: bytes = b"", mask: bytes = b""
) -> bytes:
    """A DIB with a header of 40 bytes and twice the height, as icons have it."""
    width, height = size
    head = struct.pack("<3I2H6I", 40, width, 2 * height, 1, bits, 0, 0, 0, 0, len(palette) // 4, 0)
    return head + palette + pixels + mask


def icon(kind: int, *frames: tuple[tuple[int, int], int, bytes]) -> bytes:
    """ICO (1) or CUR (2) of frames: size, bits, data."""
    head = struct.pack("<3H", 0, kind, len(frames))
    offset = len(head) + 16 * len(frames)
    for (width, height), bits, data in frames:
        head += struct.pack("<4B2H2I", width, height, 0, 0, 1, bits, len(data), offset)
        offset += len(data)
    return head + b"".join(data for _, _, data in frames)


BLACK_AND_WHITE = bytes(4) + b"\xff\xff\xff\0"
RGB_FRAME = (2, 2), 24, dib((2, 2), 24, b"abcdef\0\0ghijkl\0\0", mask=b"\x40\0\0\0\x80\0\0\0")
RGBA_FRAME = (2, 1), 32, dib((2, 1), 32, b"abcdefgh", mask=bytes(4))
BITS_FRAME = (3, 1), 1, dib((3, 1), 1, b"\x60\0\0\0", BLACK_AND_WHITE, b"\x20\0\0\0")

FILES |= {
    "dibs.ico": ("ICO", icon(1, RGB_FRAME, RGBA_FRAME, BITS_FRAME)),
    "pngs.ico": ("ICO", saved(picture("L"), "ICO")),
    "bits.cur": ("CUR", icon(2, BITS_FRAME)),
    "rgb.cur": ("CUR", icon(2, BITS_FRAME, RGB_FRAME)),
    "rgba.cur": ("CUR", icon(2, RGBA_FRAME)),
}
