"""Colours: which values each mode takes, and what it stores."""

from __future__ import annotations

from typing import Any

import pytest

from core_memory import MODES, ONE_BYTE, TWO_BYTES, core, memory

FOUR = ("RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB")
TWO = ("LA", "La", "PA")

STORED: list[tuple[tuple[str, ...], Any, bytes]] = [
    (ONE_BYTE, 7, b"\7"),
    (ONE_BYTE, (7,), b"\7"),
    (ONE_BYTE, True, b"\1"),
    (ONE_BYTE, 256, b"\xff"),
    (ONE_BYTE, -1, b"\0"),
    (ONE_BYTE, 2**63 - 1, b"\xff"),
    (("I;16", "I;16L", "I;16N"), 0x1234, b"\x34\x12"),
    (("I;16B",), 0x1234, b"\x12\x34"),
    (("I;16",), -5, b"\xfb\xff"),
    (("I;16B",), 0x51234, b"\x12\x34"),
    (("I",), 0x12345678, b"\x78\x56\x34\x12"),
    (("I",), -1, b"\xff\xff\xff\xff"),
    (("I",), 2**32 + 3, b"\3\0\0\0"),
    (("F",), 1, b"\0\0\x80\x3f"),
    (("F",), (5.0,), b"\0\0\xa0\x40"),
    (("F",), 1e300, b"\0\0\x80\x7f"),  # beyond float32: infinity
    (TWO, 255, b"\xff\0\0\0"),
    (TWO, 0x04030201, b"\1\2\3\4"),
    (TWO, (300, -1), b"\xff\xff\xff\0"),
    (TWO, (9,), b"\x09\0\0\0"),
    (TWO, ((5,),), b"\5\5\5\xff"),
    (FOUR, 0x04030201, b"\1\2\3\4"),
    (FOUR, -1, b"\xff\xff\xff\xff"),
    (FOUR, (1, 2, 3), b"\1\2\3\xff"),
    (FOUR, (1, 2, 3, 4), b"\1\2\3\4"),
    (FOUR, (-1, 256, 3, 2**31 - 1), b"\0\xff\3\xff"),
    (FOUR, (2**40, 0, 0, 0), b"\xff\0\0\0"),
    (FOUR, (7,), b"\7\0\0\0"),
]


@pytest.mark.parametrize(("modes", "color", "stored"), STORED)
def test_stored(modes: tuple[str, ...], color: Any, stored: bytes) -> None:
    for mode in modes:
        assert memory(core.fill(mode, (3, 2), color)) == stored * 6
        image = core.new(mode, (3, 2))
        image.putpixel((1, 1), color)
        zero = bytes(len(stored))
        assert memory(image) == zero * 4 + stored + zero
        access = core.new(mode, (3, 2)).pixel_access()
        access[-3, 0] = color
        assert access[0, 0] == image.getpixel((1, 1))


REFUSED: list[tuple[tuple[str, ...], Any, type[Exception], str]] = [
    (ONE_BYTE + TWO_BYTES + ("I",), color, TypeError, "color must be int or single-element tuple")
    for color in (None, 1.0, "1", [1], (), (1, 2), (1.0,), ((1,),))
]
REFUSED += [
    (TWO + FOUR, color, TypeError, "color must be int or tuple")
    for color in (None, 1.0, "red", [1, 2, 3], b"abc")
]
REFUSED += [
    (TWO, color, TypeError, "color must be int, or tuple of one or two elements")
    for color in ((), (1, 2, 3), (1.5,), ((1, 2, 3),))
]
REFUSED += [
    (FOUR, color, TypeError, "color must be int, or tuple of one, three or four elements")
    for color in ((), (1, 2), (1, 2, 3, 4, 5), (1.5,), ((1, 2, 3),))
]
REFUSED += [
    (tuple(mode for mode in MODES if mode != "F"), 2**63, OverflowError, "int"),
    (FOUR, (1.0, 2, 3), TypeError, "float"),
    (FOUR, (1, 2, "3"), TypeError, "str"),
    (FOUR, (1, 2**31, 3), OverflowError, "int"),
    (FOUR, (2**63, 2, 3), OverflowError, "int"),
    (TWO, (1, -(2**31) - 1), OverflowError, "int"),
    (("F",), None, TypeError, "real number"),
    (("F",), "1", TypeError, "real number"),
    (("F",), (1, 2), TypeError, "real number"),
    (("F",), 10**400, OverflowError, "int"),
]


@pytest.mark.parametrize(("modes", "color", "error", "text"), REFUSED)
def test_refused(modes: tuple[str, ...], color: Any, error: type[Exception], text: str) -> None:
    for mode in modes:
        with pytest.raises(error, match=text):
            core.fill(mode, (1, 1), color)
        image = core.fill(mode, (1, 1), 7)
        before = memory(image)
        with pytest.raises(error, match=text):
            image.putpixel((0, 0), color)
        with pytest.raises(error, match=text):
            image.pixel_access()[0, 0] = color
        assert memory(image) == before


def test_components_may_have_index() -> None:
    class Seven:
        def __index__(self) -> int:
            return 7

    assert memory(core.fill("RGB", (1, 1), (Seven(), 1, Seven()))) == b"\7\1\7\xff"
    with pytest.raises(TypeError):
        core.fill("RGB", (1, 1), Seven())


def test_component_that_raises() -> None:
    class Broken:
        def __index__(self) -> int:
            raise KeyError("broken")

    with pytest.raises(KeyError):
        core.fill("RGBA", (1, 1), (1, Broken(), 3))


def test_fill_defaults() -> None:
    assert core.fill("L").size == (256, 256)
    assert memory(core.fill("RGB", (2, 1))) == bytes(8)
    with pytest.raises(TypeError):
        core.fill("L", (1, 1), None)


@pytest.mark.parametrize("width", range(1, 40))
def test_fill_widths(width: int) -> None:
    assert memory(core.fill("RGB", (width, 3), 0x04030201)) == b"\1\2\3\4" * (3 * width)
    assert memory(core.fill("I;16", (width, 3), 0x0201)) == b"\1\2" * (3 * width)
    assert memory(core.fill("L", (width, 3), 9)) == b"\x09" * (3 * width)


@pytest.mark.parametrize("mode", MODES)
def test_gradients(mode: str) -> None:
    if mode not in ("1", "L", "P", "I", "F"):
        for make in (core.linear_gradient, core.radial_gradient):
            with pytest.raises(ValueError, match="image has wrong mode"):
                make(mode)
        return
    linear, radial = core.linear_gradient(mode), core.radial_gradient(mode)
    assert linear.size == radial.size == (256, 256)
    assert all(linear.getpixel((x, y)) == y for x in (0, 99, 255) for y in range(256))
    # sqrt(2 * (dx^2 + dy^2)), without its fraction, at most 255
    for at, value in (((128, 128), 0), ((129, 128), 1), ((228, 128), 141), ((0, 0), 255)):
        assert radial.getpixel(at) == value
