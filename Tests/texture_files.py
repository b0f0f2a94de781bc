"""Small textures put together by hand: block compressed, by bit masks, with palettes, as JPEG."""

from __future__ import annotations

import struct

from filemakers import saved
from PIL import Image

# BC1: red and blue, and the two colours between them; one index a column.
RED_TO_BLUE = struct.pack("<2H4B", 0xF800, 0x001F, 0xB4, 0xB4, 0xB4, 0xB4)
RED_TO_BLUE_COLORS = [(255, 0, 0), (0, 0, 255), (170, 0, 85), (85, 0, 170)]
# The order of the columns: indices 0, 1, 3, 2.
COLUMNS = [0, 1, 3, 2]


def dds(
    size: tuple[int, int],
    data: bytes,
    *,
    code: bytes = bytes(4),
    flags: int = 4,
    bits: int = 0,
    masks: tuple[int, int, int, int] = (0, 0, 0, 0),
    dxgi: int | None = None,
) -> bytes:
    head = b"DDS " + struct.pack("<7I", 124, 0x1007, size[1], size[0], 0, 0, 0) + bytes(44)
    code = b"DX10" if dxgi is not None else code
    head += struct.pack("<2I4s5I", 32, flags, code, bits, *masks) + bytes(20)
    if dxgi is not None:
        head += struct.pack("<5I", dxgi, 3, 0, 0, 1)
    return head + data


def ftex(size: tuple[int, int], format: int, data: bytes) -> bytes:
    return b"FTEX" + struct.pack("<8i", 1, *size, 1, 1, format, 32, len(data)) + data


def blp2(
    size: tuple[int, int], data: bytes, encoding: int, alpha: int = 0, alpha_encoding: int = 0
) -> bytes:
    head = b"BLP2" + struct.pack("<i4b2I", 1, encoding, alpha, alpha_encoding, 0, *size)
    tables = struct.pack("<32I", 1172, *[0] * 15, len(data), *[0] * 15)
    return head + tables + bytes(range(256)) * 4 + data


def blp1_jpeg(im: Image.Image, shared: int = 20) -> bytes:
    """The first bytes of the stream stand where those common to all mipmaps are."""
    data = saved(im, "JPEG")
    head = b"BLP1" + struct.pack("<i3I2i", 0, 0, *im.size, 5, 0)
    tables = struct.pack("<32I", 160 + shared, *[0] * 15, len(data) - shared, *[0] * 15)
    return head + tables + struct.pack("<I", shared) + data


MASKS = 0xF800, 0x7E0, 0x1F, 0
PICTURE = Image.frombytes("RGB", (5, 4), bytes(i * 4 for i in range(60)))

FILES: dict[str, tuple[str, bytes]] = {
    "bc1.dds": ("DDS", dds((4, 4), RED_TO_BLUE, code=b"DXT1")),
    "bc2.dds": ("DDS", dds((5, 2), bytes(range(32)), code=b"DXT3")),
    "bc3.dds": ("DDS", dds((4, 4), bytes(range(16)), dxgi=77)),
    "bc5.dds": ("DDS", dds((4, 4), bytes(range(16)), code=b"BC5S")),
    "bc6h.dds": ("DDS", dds((4, 4), bytes(range(16)), dxgi=95)),
    "bc7.dds": ("DDS", dds((4, 4), bytes(range(8, 24)), dxgi=99)),
    "565.dds": ("DDS", dds((3, 2), bytes(range(12)), flags=0x40, bits=16, masks=MASKS)),
    "palette.dds": ("DDS", dds((3, 2), bytes(range(256)) * 4 + b"abcdef", flags=0x20)),
    "la.dds": ("DDS", dds((3, 2), bytes(range(12)), flags=0x20001, bits=16)),
    "plain.dds": ("DDS", dds((2, 2), bytes(range(16)), dxgi=28)),
    "dxt1.ftc": ("FTEX", ftex((4, 4), 0, RED_TO_BLUE)),
    "plain.ftu": ("FTEX", ftex((3, 2), 1, bytes(range(18)))),
    "palette.blp": ("BLP", blp2((3, 2), b"abcdef", 1)),
    "dxt1.blp": ("BLP", blp2((4, 4), RED_TO_BLUE, 2)),
    "dxt3.blp": ("BLP", blp2((4, 4), bytes(range(16)), 2, 8, 1)),
    "dxt5.blp": ("BLP", blp2((4, 4), bytes(range(16)), 2, 8, 7)),
    "saved1.blp": ("BLP", saved(PICTURE.convert("P"), "BLP", blp_version="BLP1")),
    "jpeg.blp": ("BLP", blp1_jpeg(PICTURE)),
}
