"""Small files of the formats with one plain header each, made by hand or by our writers."""

from __future__ import annotations

import gzip
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


def fits(bits: int = 8) -> bytes:
    cards = (b"SIMPLE  = T", b"BITPIX  = %d" % bits, b"NAXIS   = 2 / two", b"NAXIS1  = 3")
    head = b"".join(card.ljust(80) for card in (*cards, b"NAXIS2  = 2", b"END")).ljust(2880)
    return head + bytes(range(6 * abs(bits) // 8)).ljust(2880, b"\0")


def fits_gzip(bits: int = 16) -> bytes:
    cards = [b"XTENSION= 'BINTABLE'", b"BITPIX  = 8", b"NAXIS   = 2", b"NAXIS1  = 4"]
    cards += [b"NAXIS2  = 1", b"ZIMAGE  = T", b"ZCMPTYPE= 'GZIP_1  '", b"ZNAXIS  = 2"]
    cards += [b"ZBITPIX = %d" % bits, b"ZNAXIS1 = 3", b"ZNAXIS2 = 2", b"END"]
    first = b"".join(card.ljust(80) for card in (b"SIMPLE  = T", b"NAXIS   = 0", b"END"))
    second = b"".join(card.ljust(80) for card in cards)
    pixels = gzip.compress(struct.pack(">6L", *range(1000, 1006)), mtime=0)
    return first.ljust(2880) + second.ljust(2880) + bytes(4) + pixels.ljust(100, b"\0")


def fli_chunk(kind: int, data: bytes) -> bytes:
    return struct.pack("<LH", 6 + len(data), kind) + data


def fli(size: tuple[int, int], frames: list[list[bytes]]) -> bytes:
    """An animation; each frame is a list of chunks."""
    head = struct.pack("<L5H", 0, 0xAF12, len(frames), *size, 8) + struct.pack("<HL", 3, 50)
    data = head.ljust(128, b"\0")
    for chunks in frames:
        body = b"".join(chunks)
        data += struct.pack("<LHH8x", 16 + len(body), 0xF1FA, len(chunks)) + body
    return data


FLI_FRAMES = [
    [
        fli_chunk(4, struct.pack("<H2B6B", 1, 0, 2, 1, 2, 3, 4, 5, 6)),
        fli_chunk(15, bytes((1, 4, 9)) + bytes((1, 0xFD, 1, 2, 3, 1, 7))),
    ],
    [fli_chunk(12, struct.pack("<2H", 1, 1) + bytes((2, 1, 2, 5, 6, 0, 0xFF, 8)))],
    [fli_chunk(7, struct.pack("<2H", 1, 1) + bytes((2, 1, 3, 4)))],
    [fli_chunk(13, bytes(4)), fli_chunk(18, bytes(6))],
    [fli_chunk(16, bytes(range(8)))],
]

EMF = struct.pack("<2L4i4i4s", 1, 108, 0, 0, 9, 9, 0, 0, 300, 300, b" EMF")
WMF = b"\xd7\xcd\xc6\x9a\0\0" + struct.pack("<4hH6x", 0, 0, 10, 20, 36) + b"\1\0\x09\0"

FILES |= {
    "8.fits": ("FITS", fits()),
    "-64.fits": ("FITS", fits(-64)),
    "gzip.fits": ("FITS", fits_gzip()),
    "test.flc": ("FLI", fli((4, 2), FLI_FRAMES)),
    "test.bufr": ("BUFR", b"BUFR1234"),
    "test.grib": ("GRIB", b"GRIB\0\0\0\1"),
    "test.h5": ("HDF5", b"\x89HDF\r\n\x1a\n"),
    "test.wmf": ("WMF", WMF),
    "test.emf": ("WMF", EMF),
}
