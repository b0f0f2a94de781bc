"""Small files of TGA, PCX, DCX, PSD and the formats for icons, made by hand or by our writers."""

from __future__ import annotations

import struct

from filemakers import saved
from PIL import features
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


def pcx(
    bits: int,
    planes: int,
    pixels: bytes,
    size: tuple[int, int] = (3, 2),
    stride: int = 2,
    palette: bytes = bytes(range(48)),
    version: int = 5,
) -> bytes:
    """A file without the palette at the end."""
    head = struct.pack("<4B6H", 10, version, 1, bits, 5, 6, 4 + size[0], 5 + size[1], 72, 100)
    head += palette + struct.pack("<2BH", 0, planes, stride)
    return head.ljust(128, b"\0") + pixels


def dcx(*frames: bytes, offset: int = 0) -> bytes:
    """The frames one behind the other; ``offset`` moves where the table says they are."""
    start = 4 * (len(frames) + 2)
    offsets = [start + offset + sum(map(len, frames[:i])) for i in range(len(frames))]
    return struct.pack(f"<{len(frames) + 2}L", 0x3ADE68B1, *offsets, 0) + b"".join(frames)


BITS_PCX = pcx(1, 1, b"\x40\0\xc1\xa0\0", version=2)
PLANES_PCX = pcx(1, 4, b"\x60\0\x20\0\x40\0\0\0" * 2)
RGB_PCX = pcx(8, 3, b"\xc3a-\xc3b-\xc1\xff\xc2\xfe-" * 2, stride=4)

FILES |= {
    "bits.pcx": ("PCX", BITS_PCX),
    "planes.pcx": ("PCX", PLANES_PCX),
    "rgb.pcx": ("PCX", RGB_PCX),
    "palette.pcx": ("PCX", saved(picture("P"), "PCX")),
    "three.dcx": ("DCX", dcx(BITS_PCX, PLANES_PCX, RGB_PCX)),
}


def counted(data: bytes, size: int = 4) -> bytes:
    return len(data).to_bytes(size, "big") + data


def psd(
    kind: int,
    channels: int,
    planes: bytes,
    size: tuple[int, int] = (2, 1),
    colours: bytes = b"",
    resources: bytes = b"",
    layers: bytes = b"",
    depth: int = 8,
) -> bytes:
    """The planes begin with how they are packed: 0 or 1 in 16 bits."""
    head = struct.pack(">4sH6xH2L2H", b"8BPS", 1, channels, *size[::-1], depth, kind)
    layers = counted(layers) if layers else b""
    return head + counted(colours) + counted(resources) + counted(layers) + planes


def psd_resource(number: int, name: bytes, data: bytes) -> bytes:
    padded = counted(name, 1) + bytes(1 - len(name) % 2)
    return b"8BIM" + struct.pack(">H", number) + padded + counted(data) + bytes(len(data) % 2)


def psd_layer(box: tuple[int, int, int, int], kinds: tuple[int, ...], name: bytes) -> bytes:
    """The head of a layer at (left, top, right, bottom) without a mask."""
    left, top, right, bottom = box
    head = struct.pack(">4iH", top, left, bottom, right, len(kinds))
    head += b"".join(struct.pack(">HL", kind, 3) for kind in kinds)
    return head + b"8BIMnorm" + bytes(4) + counted(bytes(8) + counted(name, 1))


PSD_LAYERS = (
    struct.pack(">h", 2)
    + psd_layer((1, 0, 2, 1), (0, 1, 2), b"first")
    + psd_layer((0, 0, 2, 1), (0, 1, 2, 65535), b"again")
    # Three planes of a pixel, stored; four of two pixels, packed.
    + b"\0\0r\0\0\0g\0\0\0b\0"
    + b"".join(b"\0\1\0\2\xff" + bytes((value,)) for value in b"RGBA")
)

FILES |= {
    "layers.psd": (
        "PSD",
        psd(
            3,
            3,
            b"\0\0rrggbb",
            resources=psd_resource(1039, b"odd", b"profile") + psd_resource(5, b"even", b""),
            layers=PSD_LAYERS,
        ),
    ),
    "palette.psd": ("PSD", psd(2, 1, b"\0\1\0\3\1\7\xff", colours=bytes(range(256)) * 3)),
    "cmyk.psd": ("PSD", psd(4, 4, b"\0\0ccmmyykk")),
    "bits.psd": ("PSD", psd(0, 1, b"\0\0\x40", depth=1)),
}


def icns(*blocks: tuple[bytes, bytes]) -> bytes:
    """Blocks: kind, contents."""
    data = b"".join(
        kind + (8 + len(contents)).to_bytes(4, "big") + contents for kind, contents in blocks
    )
    return b"icns" + (8 + len(data)).to_bytes(4, "big") + data


# 16 x 16: a run of 130, literals, a run of the rest; by band.
ICNS_BAND = b"\xffa" + b"\2xyz" + bytes((125 + 123,)) + b"b"
ICNS_PNG = saved(picture("L").resize((16, 16)), "PNG")

FILES |= {
    "packed.icns": ("ICNS", icns((b"is32", ICNS_BAND * 3), (b"s8mk", bytes(range(256))))),
    "plain.icns": ("ICNS", icns((b"is32", bytes(range(256)) * 3))),
    "png.icns": ("ICNS", icns((b"icp4", ICNS_PNG), (b"s8mk", bytes(256)))),
}
if features.check("jpg_2000"):
    ICNS_JPEG_2000 = saved(picture().resize((16, 16)), "JPEG2000")
    FILES["jpeg2000.icns"] = ("ICNS", icns((b"icp4", ICNS_JPEG_2000)))
