"""Palettes of core images."""

from __future__ import annotations

from typing import Any

import pytest

from core_memory import MODES, core, memory


def paletted(mode: str = "RGB", rawmode: str = "RGB", data: bytes = b"abcdef") -> Any:
    image = core.new("P", (2, 2))
    image.putpalette(mode, rawmode, data)
    return image


@pytest.mark.parametrize("mode", ("P", "PA"))
def test_new_palette(mode: str) -> None:
    image = core.new(mode, (1, 1))
    assert image.getpalettemode() == "RGB"
    assert image.getpalette() == b""
    image.putpalettealpha(255)
    assert image.getpalette() == b""


@pytest.mark.parametrize(
    ("mode", "rawmode", "data", "rgba"),
    (
        ("RGB", "RGB", b"abcdef", b"abc\xffdef\xff"),
        ("RGB", "RGB", b"abcde", b"abc\xff"),  # a part of an entry is dropped
        ("RGB", "BGR", b"abc", b"cba\xff"),
        ("RGB", "RGBX", b"abcdefgh", b"abcdefgh"),
        ("RGB", "RGB;L", b"abcdef", b"ace\xffbdf\xff"),
        ("RGBA", "RGBA;L", b"abcdefgh", b"acegbdfh"),
        ("RGBA", "RGBA", b"abcdefgh", b"abcdefgh"),
        ("RGB", "BGR;15", b"abcd", b"\xc5\x9c\x08\xff\xcd\x18\x18\xff"),
        ("RGB", "RGB", b"", b""),
    ),
)
def test_putpalette(mode: str, rawmode: str, data: bytes, rgba: bytes) -> None:
    image = paletted(mode, rawmode, data)
    assert image.getpalettemode() == mode
    assert image.getpalette("RGBA") == rgba


def test_putpalette_replaces() -> None:
    image = paletted("RGB", "RGB", bytes(range(1, 200)))
    image.putpalettealphas(bytes(256))
    image.putpalette("RGB", "RGB", b"abc")
    assert image.getpalettemode() == "RGB"
    image.putpalettealpha(0, 7)
    assert image.getpalette("RGBA") == b"abc\7"


@pytest.mark.parametrize("mode", MODES)
def test_modes(mode: str) -> None:
    image = core.fill(mode, (2, 1), 3)
    before = memory(image)
    if mode in ("L", "LA", "P", "PA"):
        image.putpalette("RGB", "RGB", b"abc")
        assert image.mode == ("PA" if "A" in mode else "P")
        assert image.getpalette() == b"abc"
    else:
        with pytest.raises(ValueError, match="unrecognized image mode"):
            image.putpalette("RGB", "RGB", b"abc")
        assert image.mode == mode
        for call in (
            image.getpalette,
            image.getpalettemode,
            lambda: image.putpalettealpha(0, 1),
            lambda: image.putpalettealphas(b"a"),
        ):
            with pytest.raises(ValueError, match="no palette"):
                call()
    assert memory(image) == before


@pytest.mark.parametrize(
    ("mode", "rawmode", "data", "text"),
    (
        ("X", "RGB", b"", "unrecognized image mode"),
        ("RGB", "X", b"", "unrecognized raw mode"),
        ("RGBA", "RGB", b"abc", "unrecognized raw mode"),
        ("RGB", "P;2L", b"", "unrecognized raw mode"),
        ("P", "P;2L", b"", "unrecognized raw mode"),
        ("RGB", "RGB", bytes(257 * 3), "palette size"),
        ("RGBA", "RGBA", bytes(257 * 4), "palette size"),
        ("L", "L", b"abc", "image has wrong mode"),
        ("HSV", "HSV", b"abc", "image has wrong mode"),
        ("F", "F", b"abcd", "image has wrong mode"),
    ),
)
def test_putpalette_refuses(mode: str, rawmode: str, data: bytes, text: str) -> None:
    image = core.new("L", (1, 1))
    with pytest.raises(ValueError, match=text):
        image.putpalette(mode, rawmode, data)
    assert image.mode == "L"


def test_sizes() -> None:
    assert len(paletted("RGB", "RGB", bytes(770)).getpalette()) == 768
    for data in ("abc", bytearray(3), None, 5):
        with pytest.raises(TypeError):
            core.new("P", (1, 1)).putpalette("RGB", "RGB", data)


@pytest.mark.parametrize(
    ("args", "packed"),
    (
        ((), b"abcdef"), (("RGB", "BGR"), b"cbafed"), (("RGB", "RGBX"), b"abc\xffdef\xff"),
        (("RGB", "RGB;L"), b"adbecf"), (("RGBA", "A"), b"\xff\xff"), (("L",), b"ab"),
        (("P", "P;4"), b"\x12"), (("1", "1"), b""), (("I;16", "I;16B"), b"ba\xffc"),
        (("LA",), b"a\xffd\xff"), (("RGB", "XBGR"), b"\0cba\0fed"),
    ),
)  # fmt: skip
def test_getpalette(args: tuple[str, ...], packed: bytes) -> None:
    assert paletted().getpalette(*args) == packed


@pytest.mark.parametrize("args", (("X",), ("RGB", "X"), ("X", "RGB"), ("RGB", "L")))
def test_getpalette_refuses(args: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="unrecognized raw mode"):
        paletted().getpalette(*args)


def test_alpha() -> None:
    image = paletted()
    for index in (-1, 256, 2**31 - 1, -(2**31)):
        with pytest.raises(ValueError, match="out of range"):
            image.putpalettealpha(index, 1)
    assert image.getpalettemode() == "RGB"
    image.putpalettealpha(0, 300)
    image.putpalettealpha(1)
    assert image.getpalettemode() == "RGBA"
    assert image.getpalette("RGBA") == b"abc\x2cdef\0"
    image.putpalettealphas(b"12345")
    assert image.getpalette("RGBA") == b"abc1def2"
    image.putpalettealphas(bytes(256))
    with pytest.raises(ValueError, match="out of range"):
        image.putpalettealphas(bytes(257))
    cmyk = paletted("CMYK", "CMYK", b"abcd")
    cmyk.putpalettealphas(b"")
    assert cmyk.getpalettemode() == "RGBA"
