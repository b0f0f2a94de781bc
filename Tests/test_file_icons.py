"""TGA, PCX, DCX, PSD, ICO, CUR and ICNS: what files are read as, and what is written."""

from __future__ import annotations

import struct

import pytest

from filemakers import opened, saved
from icon_files import FILES, tga, tga_with_extension
from PIL import Image
from simple_files import picture

# TGA


def test_tga_maps() -> None:
    # The entry before the first of the map is black.
    im = opened(FILES["map.tga"][1])
    assert im.getpalette() == [0, 0, 0, *b"cbafed"]
    assert im.info == {"orientation": -1}
    im = opened(FILES["map16.tga"][1])
    im.load()
    # 5 bits a colour, stretched; the highest bit is set where a pixel is transparent.
    assert im.palette.mode == "RGBA"
    assert im.getpalette("RGBA")[:4] == [197, 156, 8, 255]
    assert im.tobytes() == b"\0\1\2\1\1\1"


@pytest.mark.parametrize(
    "flags, order", [(0, "cdab"), (0x10, "dcba"), (0x20, "abcd"), (0x30, "badc")]
)
@pytest.mark.parametrize("kind", [3, 11])
def test_tga_directions(kind: int, flags: int, order: str) -> None:
    pixels = b"abcd" if kind == 3 else b"\3abcd"
    im = opened(tga(kind, 8, pixels, (2, 2), flags))
    assert im.tobytes() == order.encode()
    assert im.info["orientation"] == (1 if flags & 0x20 else -1)


@pytest.mark.parametrize("attributes", [0, 3])
def test_tga_attributes(attributes: int) -> None:
    im = opened(tga_with_extension(attributes))
    stored = [alpha for row in (15, 3) for alpha in range(row, row + 12, 4)]
    assert list(im.getchannel("A").tobytes()) == (stored if attributes else [255] * 6)


@pytest.mark.parametrize("length", range(22, 26))
def test_tga_shorter_than_a_footer(length: int, tmp_path: object) -> None:
    # Pillow cannot load these from a path: it looks for the footer before the start of the file.
    path = f"{tmp_path}/short.tga"
    with open(path, "wb") as file:
        file.write(tga(2, 32, b"abcd", (1, 1)).ljust(length, b"\0"))
    with Image.open(path) as im:
        assert im.getpixel((0, 0)) == tuple(b"cbad")


def test_tga_without_layout() -> None:
    im = opened(tga(2, 8, bytes(6)))
    assert im.mode == "RGBA"
    with pytest.raises(OSError, match="cannot load this image"):
        im.load()
    with pytest.raises(ValueError, match="raw mode"):
        opened(tga(1, 8, bytes(6))).load()


def test_tga_written() -> None:
    footer = struct.pack("<2L18s", 0, 0, b"TRUEVISION-XFILE.\0")
    im = Image.frombytes("RGB", (2, 2), b"abcabcdefghi")
    assert saved(im, "TGA") == tga(2, 24, b"fedihgcbacba", (2, 2)) + footer
    packed = tga(10, 24, b"\x81cba\1fedihg", (2, 2), 0x20, id_section=b"id") + footer
    assert saved(im, "TGA", rle=True, orientation=1, id_section=b"id") == packed
    im = Image.frombytes("P", (1, 1), b"\1")
    im.putpalette(b"abcdef")
    assert saved(im, "TGA") == tga(1, 8, b"\1", (1, 1), 0, (0, 2, 24, b"cbafed")) + footer


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA"])
def test_tga_keeps_what_it_was_read_with(mode: str) -> None:
    im = opened(saved(picture(mode), "TGA", compression="tga_rle", orientation=1))
    again = opened(saved(im, "TGA"))
    assert again.info == im.info == {"orientation": 1, "compression": "tga_rle"}
    assert again.tobytes() == im.tobytes() == picture(mode).tobytes()
