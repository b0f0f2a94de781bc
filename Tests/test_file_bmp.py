"""BMP and DIB files made by hand."""

from __future__ import annotations

import struct

import pytest

from filemakers import bmp, opened, saved
from PIL import BmpImagePlugin, Image

COLOURS = bytes((1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 10, 11, 12, 0))
GREYS = b"".join(bytes((v, v, v, 0)) for v in range(16))


def test_rows_from_the_bottom_up_and_padded() -> None:
    rows = b"\1\2\3\4\5\6\0\0" + b"\7\x08\x09\x0a\x0b\x0c\0\0"
    with opened(bmp((2, 2), 24, rows)) as im:
        assert im.mode == "RGB"
        assert im.tobytes() == bytes((9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4))
        assert im.info == {"compression": 0}
    with opened(bmp((2, -2), 24, rows)) as im:
        assert im.tobytes() == bytes((3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10))


@pytest.mark.parametrize("bits, row", [(1, b"\x40\0\0\0"), (4, b"\x01\0\0\0"), (8, b"\0\1\0\0")])
def test_palette(bits: int, row: bytes) -> None:
    with opened(bmp((2, 1), bits, row, COLOURS)) as im:
        assert im.mode == "P"
        assert im.tobytes() == b"\0\1"
        assert im.getpalette() == [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]


def test_grey_palette() -> None:
    with opened(bmp((4, 1), 8, b"\0\1\2\3", GREYS)) as im:
        assert im.mode == "L"
        assert im.tobytes() == b"\0\1\2\3"
    with opened(bmp((2, 1), 1, b"\x40\0\0\0", bytes(4) + b"\xff\xff\xff\0")) as im:
        assert im.mode == "1"
        assert [im.getpixel((x, 0)) for x in (0, 1)] == [0, 255]


def test_16_and_32_bits() -> None:
    with opened(bmp((2, 1), 16, struct.pack("<2H", 31 << 10, 31))) as im:
        assert im.tobytes() == b"\xff\0\0\0\0\xff"
    with opened(bmp((1, 1), 32, b"\1\2\3\4")) as im:
        assert (im.mode, im.tobytes()) == ("RGB", b"\3\2\1")


def test_raw_alpha(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BmpImagePlugin, "USE_RAW_ALPHA", True)
    with opened(bmp((1, 1), 32, b"\1\2\3\4")) as im:
        assert (im.mode, im.tobytes()) == ("RGBA", b"\3\2\1\4")


def test_bit_fields() -> None:
    masks = struct.pack("<3I", 0xF800, 0x7E0, 0x1F)
    with opened(
        bmp((2, 1), 16, struct.pack("<2H", 31 << 11, 63 << 5), compression=3, masks=masks)
    ) as im:
        assert im.tobytes() == b"\xff\0\0\0\xff\0"
    with pytest.raises(OSError, match="Unsupported BMP bitfields layout"):
        opened(bmp((2, 1), 16, bytes(4), compression=3, masks=bytes(12)))


def test_run_lengths() -> None:
    pairs = bytes([2, 5, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 9, 7, 0, 1])
    with opened(bmp((3, 3), 8, pairs, COLOURS * 4, compression=1)) as im:
        assert im.tobytes() == b"\7\7\7\1\2\3\5\5\0"
        assert im.info == {"compression": 1}
    pairs = bytes([3, 0x12, 0, 0, 0, 3, 0x45, 0x60, 0, 2, 1, 1, 2, 0x78, 0, 1])
    with opened(bmp((3, 4), 4, pairs, COLOURS * 4, compression=2)) as im:
        # The jump of 1 + 1 * 3 pixels starts after the second row.
        assert im.tobytes() == bytes([0, 7, 8, 0, 0, 0, 4, 5, 6, 1, 2, 1])
    with pytest.raises(ValueError, match="not enough image data"):
        opened(bmp((3, 3), 8, b"\2\5\0\1", COLOURS * 4, compression=1)).load()


def test_os2_header() -> None:
    palette = bytes((1, 2, 3, 4, 5, 6))
    head = struct.pack("<I4H", 12, 2, 1, 1, 1)
    data = b"BM" + struct.pack("<3I", 0, 0, 32) + head + palette + b"\x40\0\0\0"
    with opened(data) as im:
        assert im.getpalette() == [3, 2, 1, 6, 5, 4]
        assert im.tobytes() == b"\0\1"


@pytest.mark.parametrize(
    "field, value, text", [(14, 41, "header type"), (28, 7, "pixel depth"), (30, 9, "compression")]
)
def test_unsupported(field: int, value: int, text: str) -> None:
    data = bytearray(bmp((1, 1), 8, bytes(4), COLOURS))
    data[field] = value
    with pytest.raises(OSError, match=f"Unsupported BMP {text}"):
        opened(bytes(data))


@pytest.mark.parametrize("format", ["BMP", "DIB"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_round_trip(mode: str, format: str) -> None:
    im = Image.frombytes("L", (7, 5), bytes(i * 7 for i in range(35)))
    if mode == "P":
        im = Image.frombytes("P", (7, 5), bytes(range(35)))
        im.putpalette(bytes(range(3, 108)))
    elif mode != "L":
        im = im.convert(mode)
    with opened(saved(im, format, dpi=(100, 200))) as again:
        assert again.format == format
        assert again.mode == mode
        assert again.tobytes() == im.tobytes()
        assert again.getpalette() == im.getpalette()
        assert again.info["dpi"] == pytest.approx((100, 200), abs=0.02)


def test_written_bytes() -> None:
    data = saved(Image.new("RGBA", (1, 1), (1, 2, 3, 4)), "BMP")
    assert data == (
        b"BM"
        + struct.pack("<3I", 58, 0, 54)
        + struct.pack("<3I2H6I", 40, 1, 1, 1, 32, 0, 4, 3780, 3780, 0, 0)
        + b"\3\2\1\4"
    )
    with pytest.raises(OSError, match="cannot write mode LA as BMP"):
        saved(Image.new("LA", (1, 1)), "BMP")
