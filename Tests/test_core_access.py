"""Single pixels, the sequence protocol, putdata, crop and expand."""

from __future__ import annotations

import gc
import math
import weakref
from typing import Any

import pytest

from core_memory import MODES, ONE_BYTE, core, memory


def numbered(width: int, height: int) -> Any:
    """An L image of 0, 1, 2, ... row by row."""
    image = core.new("L", (width, height))
    image.putdata(range(width * height))
    return image


class HasInt:
    def __int__(self) -> int:
        return 1


class HasIndex:
    def __index__(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("xy", "value"),
    (
        ((0, 0), 0), ((2, 1), 5), ((-1, -1), 5), ((-3, -2), 0), ((True, False), 1),
        ((1.99, 0.5), 1), ((-0.9, 0), 0), ((2**32, -(2**32)), 0), ((HasInt(), 1), 4),
    ),
)  # fmt: skip
def test_getpixel(xy: Any, value: int) -> None:
    image = numbered(3, 2)
    assert image.getpixel(xy) == value
    assert image.pixel_access()[xy] == value


@pytest.mark.parametrize(
    ("xy", "error"),
    (
        ((3, 0), IndexError), ((0, 2), IndexError), ((-4, 0), IndexError), ((0, -3), IndexError),
        ((math.nan, 0), IndexError), ((1e30, 0), IndexError), ((2**31, 0), IndexError),
        ((2**63, 0), OverflowError), (("1", 0), TypeError), ((None, 0), TypeError),
        ((HasIndex(), 0), TypeError), ([0, 0], TypeError), ((0,), TypeError),
        ((0, 0, 0), TypeError), (0, TypeError), ("ab", TypeError),
    ),
)  # fmt: skip
def test_getpixel_refuses(xy: Any, error: type[Exception]) -> None:
    image = numbered(3, 2)
    access = image.pixel_access()
    with pytest.raises(error):
        image.getpixel(xy)
    with pytest.raises(error):
        access[xy]
    with pytest.raises(error):
        access[xy] = 1
    with pytest.raises(error):
        del access[xy]
    with pytest.raises(TypeError):
        image.getpixel(0, 0)
    assert memory(image) == bytes(range(6))


def test_putpixel() -> None:
    image = core.new("L", (3, 2))
    image.putpixel((0, 0), 1)
    image.putpixel([1, 0], 2)
    image.putpixel((-1, -1), 3)
    image.putpixel((HasIndex(), 1), 4)
    assert memory(image) == b"\1\2\0\0\4\3"
    for xy, error in (
        ((0.0, 0), TypeError), ((2**31, 0), OverflowError), ((3, 0), IndexError),
        ((0, -3), IndexError), ("ab", TypeError), ((0,), TypeError), (5, TypeError),
    ):  # fmt: skip
        with pytest.raises(error):
            image.putpixel(xy, 1)
    with pytest.raises(IndexError):  # the place is judged before the colour
        image.putpixel((3, 0), None)


def test_pixel_access() -> None:
    image = numbered(3, 2)
    access = image.pixel_access()
    access[1, 1] = 9
    assert access[1, 1] == image.getpixel((1, 1)) == 9
    del access[1, 1]
    assert access[1, 1] == 9
    frozen = image.pixel_access(1)
    assert frozen[1, 1] == 9
    for xy in ((0, 0), (5, 5), "nonsense"):
        with pytest.raises(ValueError, match="readonly"):
            frozen[xy] = None
        with pytest.raises(ValueError, match="readonly"):
            del frozen[xy]
    with pytest.raises(TypeError):
        len(access)
    with pytest.raises(TypeError):
        iter(access)
    with pytest.raises(TypeError):
        type(access)()
    del image
    gc.collect()
    assert access[2, 1] == 5


@pytest.mark.parametrize("mode", MODES)
def test_values(mode: str) -> None:
    image = core.fill(mode, (1, 1), 0x04030201)
    expected: Any = {"I": 0x04030201, "F": float(0x04030201 - 1)}.get(mode)
    if mode in ONE_BYTE:
        expected = 255
    elif mode.startswith("I;16"):
        expected = 0x0201
    elif image.bands == 2:
        expected = (1, 4)
    elif image.bands > 2:
        expected = (1, 2, 3, 4)[: image.bands]
    if mode == "F":  # 0x04030201 is halfway between two float32: to the even one
        assert image.getpixel((0, 0)) == expected
    assert image.getpixel((0, 0)) == expected == image[0]
    assert type(image[0]) is type(expected)


def test_sequence() -> None:
    image = numbered(3, 2)
    assert len(image) == 6
    assert list(image) == [0, 1, 2, 3, 4, 5]
    assert (image[-1], image[-6]) == (5, 0)
    # i + 6, taken apart with C's remainder; then negative parts count from the end
    assert [image[i] for i in range(-14, -6)] == [1, 2, 0, 4, 5, 3, 1, 2]
    for i in (6, -15, 2**40, -(2**62), 2**70):
        with pytest.raises(IndexError):
            image[i]
    with pytest.raises(TypeError):
        image[0:1]
    with pytest.raises(TypeError):
        image[0] = 1
    for size in ((0, 3), (3, 0)):
        assert not core.new("L", size)
        for i in (0, -1):
            with pytest.raises(IndexError):
                core.new("L", size)[i]


def test_attributes() -> None:
    image = core.new("LA", (3, 2))
    assert (image.mode, image.size, image.bands, image.readonly) == ("LA", (3, 2), 2, 0)
    assert type(image).__name__ == "ImagingCore"
    for name in ("mode", "size", "bands", "readonly", "ptr", "anything"):
        with pytest.raises(AttributeError):
            setattr(image, name, 1)
    with pytest.raises(TypeError):
        type(image)()
    with pytest.raises(TypeError):
        type("Sub", (type(image),), {})


def test_ptr_holds_the_image() -> None:
    class Exporter(bytearray):
        pass

    data = Exporter(b"abcd")
    gone = weakref.ref(data)
    image = core.map_buffer(data, (2, 2), "raw", 0, ("L", 0, 1))
    capsule = image.ptr
    assert "Pillow Imaging" in repr(capsule)
    assert image.ptr is not capsule
    del image, data
    gc.collect()
    assert gone() is not None
    del capsule
    gc.collect()
    assert gone() is None


def put(mode: str, *args: Any) -> bytes:
    """The first two pixels of four, of 7 before."""
    image = core.fill(mode, (2, 2), 7)
    image.putdata(*args)
    return memory(image)[: 2 * len(memory(image)) // 4]


@pytest.mark.parametrize(
    ("mode", "items", "stored"),
    (
        ("L", [255.9, -0.5], b"\xff\0"), ("L", [256, math.nan], b"\xff\xff"),
        ("1", [math.inf, -math.inf], b"\xff\0"), ("P", (True, 2**70), b"\1\xff"),
        ("L", range(1, 3), b"\1\2"), ("L", [1], b"\1\7"), ("L", bytearray(b"ab"), b"ab"),
        ("I;16", [-1, 70000], b"\0\0\x70\xff"), ("I;16B", [256, 1e30], b"\1\0\0\0"),
        ("I;16", b"abc", b"ab\7\0"), ("I", [-1.9, 1e10], b"\xff\xff\xff\xff\0\0\0\x80"),
        ("I", [math.nan, 2**31 - 1], b"\0\0\0\x80\xff\xff\xff\x7f"),
        ("F", [1, b"a"[0] / 97], b"\0\0\x80\x3f" * 2),
        ("LA", [(1, 2), 3], b"\1\1\1\2\3\0\0\0"), ("RGB", [(1, 2, 3), 4], b"\1\2\3\xff\4\0\0\0"),
        ("RGBA", b"ab", b"a\0\0\0b\0\0\0"),
    ),
)  # fmt: skip
def test_putdata(mode: str, items: Any, stored: bytes) -> None:
    assert put(mode, items) == stored


def test_putdata_scales() -> None:
    assert put("L", [10, 100], 1.5, 3) == bytes([18, 153])
    assert put("L", b"ab", 2) == bytes([194, 196])
    assert put("L", b"ab", math.nan) == bytes(2)  # bytes go through an int, others do not
    assert put("L", [97, 98], math.nan) == b"\xff\xff"
    assert put("RGB", [1, 2], 100, 5) == b"\1\0\0\0\2\0\0\0"


class LongerThanItSays(list[int]):
    def __len__(self) -> int:
        return 2


class BytesLongerThanTheySay(bytes):
    def __len__(self) -> int:
        return 4


@pytest.mark.parametrize(
    ("items", "error"),
    (
        ([1] * 5, TypeError), ({1}, TypeError), (iter([1]), TypeError), ({}, TypeError),
        (5, TypeError), (None, TypeError), ([1, [2]], TypeError), (["2"], TypeError),
        ("ab", TypeError), ([None], TypeError), ([10**400], OverflowError),
    ),
)  # fmt: skip
def test_putdata_refuses(items: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        core.new("L", (2, 2)).putdata(items)


def test_putdata_of_liars() -> None:
    """Lengths that are not true, and a list that shrinks while it is read, stay in bounds."""
    for length in (0, 3, 5, 1000):
        image = core.new("L", (2, 2))
        image.putdata(LongerThanItSays([1] * length))
        assert memory(image) == (b"\1" * min(length, 2)).ljust(4, b"\0")
        image.putdata(BytesLongerThanTheySay(b"\2" * length))
        assert memory(image).count(2) == min(length, 4)

    class Shrinks:
        def __float__(self) -> float:
            items.clear()
            return 9.0

    items: list[Any] = [1, Shrinks(), 3, 4]
    image = core.new("L", (2, 2))
    with pytest.raises(IndexError):
        image.putdata(items)
    assert memory(image) == b"\1\x09\0\0"


def test_crop() -> None:
    image = numbered(3, 2)
    assert memory(image.crop((1, 0, 3, 2))) == b"\1\2\4\5"
    assert memory(image.crop((-1, -1, 2, 2))) == b"\0\0\0\0\0\1\0\3\4"
    assert memory(image.crop((2, 1, 4, 3))) == b"\5\0\0\0"
    assert memory(image.crop((10, 10, 12, 11))) == b"\0\0"
    assert image.crop((2, 2, 1, 1)).size == (0, 0)
    assert image.crop((-5, 0, -7, 9)).size == (0, 9)
    wide = core.fill("RGB", (2, 1), 0x04030201)
    assert memory(wide.crop((-1, 0, 3, 1))) == bytes(4) + b"\1\2\3\4" * 2 + bytes(4)
    low, high = -(2**31), 2**31 - 1
    with pytest.raises(MemoryError):
        image.crop((low, 0, high, 1))
    with pytest.raises(MemoryError):
        image.crop((0, low, 1, high))
    with pytest.raises(OverflowError):
        image.crop((0, 0, 2**31, 1))
    for box in ((0, 0, 1), (0.0, 0, 1, 1), None):
        with pytest.raises(TypeError):
            image.crop(box)


def test_expand() -> None:
    image = numbered(2, 2)
    assert memory(image.expand(0)) == bytes(range(4))
    assert memory(image.expand(1)) == bytes([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
    color = core.fill("RGB", (1, 1), 0x04030201)
    assert memory(color.expand(2)) == b"\1\2\3\4" * 25
    assert memory(core.fill("L", (0, 3), 9).expand(1)) == bytes(10)
    with pytest.raises(ValueError):
        image.expand(-1)
    with pytest.raises(ValueError, match="filter size too large"):
        image.expand(23_171)
    with pytest.raises(TypeError):
        image.expand(1.0)


@pytest.mark.parametrize("mode", ("P", "PA"))
def test_copies_have_palettes_of_their_own(mode: str) -> None:
    image = core.new(mode, (2, 2))
    image.putpalette("RGB", "RGB", b"abcdef")
    for copy in (image.copy(), image.crop((0, 0, 1, 1)), image.expand(1)):
        assert copy.getpalette() == b"abcdef"
        copy.putpalette("RGBA", "RGBA", b"wxyz")
        assert image.getpalette() == b"abcdef"
