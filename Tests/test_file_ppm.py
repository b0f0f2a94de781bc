"""The family of PPM: files made by hand."""

from __future__ import annotations

import struct

import pytest

from filemakers import opened, saved
from PIL import Image


@pytest.mark.parametrize(
    "data, mode, pixels",
    [
        (b"P1 3 2 1 0 1 0#c\n10", "1", [0, 255, 0, 255, 0, 255]),
        (b"P1\n# comment\n3 2\n101010", "1", [0, 255, 0, 255, 0, 255]),
        (b"P4 3 2\n\xa0\x40", "1", [0, 255, 0, 255, 0, 255]),
        (b"P2 2 2 255\n1 2\n3 # c\n255", "L", [1, 2, 3, 255]),
        (b"P2 2 2 10 0 1 5 10", "L", [0, 26, 128, 255]),
        (b"P2 2 1 1000 1 1000", "I", [66, 65535]),
        (b"P5 2 1 255 \x07\xff", "L", [7, 255]),
        (b"P5 2 1 100 \x01\x64", "L", [3, 255]),
        (b"P5 2 1 65535 \x01\x02\xff\xfe", "I", [0x0102, 0xFFFE]),
        (b"P5 2 1 256 \x00\x01\x01\x00", "I", [256, 65535]),
        (b"P3 1 1 255 1 2 3", "RGB", [(1, 2, 3)]),
        (b"P6 1 1 255 abc", "RGB", [(97, 98, 99)]),
        (b"P6 1 1 510 \0\2\0\4\1\xfe", "RGB", [(1, 2, 255)]),
        (b"P0CMYK 1 1 255 abcd", "CMYK", [(97, 98, 99, 100)]),
        (b"PyRGBA 1 1 255 abcd", "RGBA", [(97, 98, 99, 100)]),
        (b"Pf 1 2 -2.0\n" + struct.pack("<2f", 1.5, -2), "F", [-2.0, 1.5]),
        (b"Pf 1 2 0.5\n" + struct.pack(">2f", 1.5, -2), "F", [-2.0, 1.5]),
    ],
)
def test_read(data: bytes, mode: str, pixels: list[object]) -> None:
    with opened(data) as im:
        assert im.format == "PPM"
        assert im.mode == mode
        assert [im.getpixel((i % im.width, i // im.width)) for i in range(len(pixels))] == pixels


def test_scale() -> None:
    assert opened(b"Pf 1 1 -2.5\n" + bytes(4)).info == {"scale": 2.5}


@pytest.mark.parametrize(
    "magic, mime",
    [(b"P4", "bitmap"), (b"P5", "graymap"), (b"P6", "pixmap"), (b"PyP", "anymap")],
)
def test_mime_type(magic: bytes, mime: str) -> None:
    im = opened(magic + b" 1 1 255 " + bytes(4))
    assert im.get_format_mimetype() == f"image/x-portable-{mime}"


@pytest.mark.parametrize(
    "data, message",
    [
        (b"P6 1", "Reached EOF while reading header"),
        (b"P6 12345678901 1 255 ", "Token too long in file header"),
        (b"P6 1 1 0 abc", "maxval must be greater than 0 and less than 65536"),
        (b"P6 1 1 65536 abc", "maxval must be greater than 0 and less than 65536"),
        (b"Pf 1 1 0 abcd", "scale must be finite and non-zero"),
        (b"Pf 1 1 inf abcd", "scale must be finite and non-zero"),
    ],
)
def test_bad_header(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        opened(data)


@pytest.mark.parametrize("data", [b"P7 1 1 255 a", b"PF 1 1 1 abcd", b"P6#c\n1 1 255 abc", b"P"])
def test_unknown(data: bytes) -> None:
    with pytest.raises(Image.UnidentifiedImageError):
        opened(data)


@pytest.mark.parametrize(
    "data, message",
    [
        (b"P1 2 1 1 2", "Invalid token for this mode"),
        (b"P2 2 1 9 1 -2", "Channel value is negative: -2"),
        (b"P2 2 1 9 1 10", "Channel value too large for this mode: 10"),
        (b"P2 1 1 9 123456789012", "Token too long found in data"),
        (b"P2 2 1 9 1", "not enough image data"),
        (b"P5 2 1 9 1", "not enough image data"),
    ],
)
def test_bad_data(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        opened(data).load()


def test_truncated() -> None:
    with pytest.raises(OSError, match="image file is truncated"):
        opened(b"P6 2 2 255 abc").load()


@pytest.mark.parametrize(
    "mode, data",
    [
        ("1", b"P4\n2 1\n\x80"),
        ("L", b"P5\n2 1\n255\n\0\xff"),
        ("I", b"P5\n2 1\n65535\n\0\0\xff\xff"),
        ("I;16", b"P5\n2 1\n65535\n\0\0\0\xff"),
        ("RGB", b"P6\n2 1\n255\n\0\0\0\xff\xff\xff"),
        ("RGBA", b"P6\n2 1\n255\n\0\0\0\xff\xff\xff"),
        ("F", b"Pf\n2 1\n-1.0\n" + struct.pack("<2f", 0, 255)),
    ],
)
def test_written_bytes(mode: str, data: bytes) -> None:
    im = Image.new(mode, (2, 1))
    white: object = {"RGB": (255,) * 3, "RGBA": (255,) * 4, "I": 70000}.get(mode, 255)
    im.putpixel((1, 0), white)
    assert saved(im, "PPM") == data


def test_modes_without_layout() -> None:
    with pytest.raises(OSError, match="cannot write mode P as PPM"):
        saved(Image.new("P", (1, 1)), "PPM")
