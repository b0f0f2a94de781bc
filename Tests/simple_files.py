"""Small files of the formats with one plain header each, made by hand or by our writers."""

from __future__ import annotations

import io
import struct
import warnings

from filemakers import saved
from PIL import Image


def picture(mode: str = "RGB") -> Image.Image:
    im = Image.frombytes("RGB", (5, 4), bytes(i * 4 for i in range(60)))
    return im.convert(mode)


def sgi_rle(bpc: int = 1) -> bytes:
    """3 x 2 pixels, three channels; each row is a run of two and a literal."""
    rows = [bytes((2, 7 * i, 0x81, 7 * i + 1, 0)) for i in range(6)]
    if bpc == 2:
        rows = [
            b"".join(bytes((0, v)) if j in (0, 2, 4) else bytes((v, 0)) for j, v in enumerate(row))
            for row in rows
        ]
    head = struct.pack(">H2B4H", 474, 1, bpc, 3, 3, 2, 3).ljust(512, b"\0")
    start = 512 + 8 * len(rows)
    offsets = [start + i * len(rows[0]) for i in range(6)]
    table = struct.pack(">12L", *offsets, *[len(rows[0]) // bpc] * 6)
    return head + table + b"".join(rows)


def sun(depth: int, file_type: int, data: bytes, palette: bytes = b"", width: int = 4) -> bytes:
    numbers = (0x59A66A95, width, 2, depth, len(data), file_type, 1 if palette else 0, len(palette))
    return struct.pack(">8L", *numbers) + palette + data


XPM = b"""/* XPM */
static char *test[] = {
"3 2 3 1",
" \tc None",
"r\tc #FF0000",
"b\tc #0000FF",
/* pixels */
" rb",
"bbr"};
"""


def msp_rle() -> bytes:
    rows = [b"\0\2\xaa", b"", b"\2\1\2"]
    words = [*struct.unpack("<2H", b"LinS"), 16, 3, 1, 1, 1, 1, 16, 3, *[0] * 6]
    checksum = 0
    for word in words:
        checksum ^= word
    words[12] = checksum
    table = struct.pack("<3H", *(len(row) for row in rows))
    return struct.pack("<16H", *words) + table + b"".join(rows)


def im(mode: str = "P") -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return saved(picture(mode), "IM")


def iptc() -> bytes:
    def field(tag: tuple[int, int], value: bytes) -> bytes:
        return bytes((0x1C, *tag, 0, len(value))) + value

    head = [((3, 60), b"\3\1"), ((3, 120), b"\1"), ((3, 65), b"\2"), ((3, 20), b"\2")]
    body = [((3, 30), b"\3"), ((8, 10), b"abc"), ((8, 10), b"def")]
    return b"".join(field(*item) for item in head + body)


def spider_stack() -> bytes:
    header = [0.0] * 27
    for index, value in {1: 1, 2: 2, 5: 1, 12: 27, 13: 1, 22: 108, 23: 108, 24: 2, 26: 2}.items():
        header[index - 1] = value
    frame = list(header)
    frame[23] = 0
    pixels = bytes(108 * 2)
    frames = b""
    for number in (1, 2):
        frame[26] = number
        frames += struct.pack("<27f", *frame) + pixels
    return struct.pack("<27f", *header) + frames


def gbr() -> bytes:
    return struct.pack(">5L4sL", 34, 2, 2, 3, 4, b"GIMP", 10) + b"brush\0" + bytes(range(24))


def mcidas() -> bytes:
    words = [0] * 65
    for index, value in {2: 4, 9: 2, 10: 3, 11: 2, 14: 1, 15: 4, 34: 256}.items():
        words[index] = value
    return struct.pack(">64i", *words[1:]) + bytes(30)


def pixar() -> bytes:
    head = b"\x80\xe8\0\0".ljust(416, b"\0") + struct.pack("<2H4x2H", 2, 3, 14, 2)
    return head.ljust(1024, b"\0") + bytes(range(18))


FILES: dict[str, tuple[str, bytes]] = {
    "planes.sgi": ("SGI", saved(picture(), "SGI")),
    "planes16.sgi": ("SGI", saved(picture("L"), "SGI", bpc=2)),
    "rle.sgi": ("SGI", sgi_rle()),
    "rle16.sgi": ("SGI", sgi_rle(2)),
    "plain.ras": ("SUN", sun(24, 1, bytes(range(24)))),
    "palette.ras": ("SUN", sun(8, 1, bytes(range(8)), bytes(range(24)))),
    "rle.ras": ("SUN", sun(8, 2, b"\x80\3\7\x80\0\1\2\x80\0")),
    "rgb.qoi": ("QOI", saved(picture(), "QOI")),
    "rgba.qoi": ("QOI", saved(picture("RGBA"), "QOI")),
    "test.xpm": ("XPM", XPM),
    "plain.msp": ("MSP", saved(picture("1"), "MSP")),
    "rle.msp": ("MSP", msp_rle()),
    "palette.im": ("IM", im()),
    "float.im": ("IM", im("F")),
    "test.imt": ("IMT", b"*c\nwidth 3\nheight 2\npixel n8\n\x0cabcdef"),
    "test.iim": ("IPTC", iptc()),
    "saved.spider": ("SPIDER", saved(picture("F"), "SPIDER")),
    "stack.spider": ("SPIDER", spider_stack()),
    "test.gbr": ("GBR", gbr()),
    "test.p7": ("XVTHUMB", b"P7 332\n#c\n3 2 255\nabcdef"),
    "test.area": ("MCIDAS", mcidas()),
    "test.pxr": ("PIXAR", pixar()),
    "test.mpg": ("MPEG", b"\0\0\1\xb3\1\0\1"),
}

GD = struct.pack(">3HBLH", 0xFFFF, 3, 2, 0, 5, 256) + bytes(1024) + b"abcdef"
WAL = struct.pack("<32s3L12x32s12x", b"name", 3, 2, 100, b"next") + b"abcdef"


def pcd(orientation: int = 0) -> bytes:
    head = bytearray(96 * 2048)
    head[2048:2052] = b"PCD_"
    head[2048 + 1538] = orientation
    return bytes(head) + bytes(range(256)) * (768 * 512 * 3 // 2 // 256)


def opened_quietly(data: bytes, format: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        im = Image.open(io.BytesIO(data), formats=[format])
        im.load()
    return im
