"""Statistics: values written down, as Pillow 13.0.0 gives them."""

from __future__ import annotations

import math
import struct

import pytest

from PIL import Image


def row(mode: str, *values: object) -> Image.Image:
    im = Image.new(mode, (len(values), 1))
    im.putdata(values)
    return im


def floats(*values: float) -> Image.Image:
    """Exactly these, the sign of zero included."""
    return Image.frombytes("F", (len(values), 1), struct.pack(f"={len(values)}f", *values))


def nonzero(histogram: list[int]) -> dict[int, int]:
    return {i: n for i, n in enumerate(histogram) if n}


def test_histogram() -> None:
    im = Image.new("RGB", (100, 3), (1, 2, 3))
    im.paste((9, 2, 255), (0, 0, 33, 1))
    assert nonzero(im.histogram()) == {1: 267, 9: 33, 258: 300, 515: 267, 767: 33}
    mask = Image.new("L", im.size)
    mask.paste(1, (30, 0, 40, 3))
    assert nonzero(im.histogram(mask)) == {1: 27, 9: 3, 258: 30, 515: 27, 767: 3}
    assert nonzero(Image.new("LA", (7, 1), (5, 6)).histogram()) == {5: 7, 262: 7}
    # 16-bit images count the first bytes of each row, as many as there are pixels.
    assert nonzero(row("I;16", 0x0201, 0x0403, 0x0605).histogram()) == {1: 1, 2: 1, 3: 1}


def test_histogram_of_wide_samples() -> None:
    im = row("I", -5, 0, 10, 127, 128, 255, 256, 300)
    assert nonzero(im.histogram(extrema=(0, 255))) == {0: 1, 10: 1, 127: 1, 128: 1, 255: 1}
    assert nonzero(im.histogram()) == {0: 1, 4: 1, 12: 1, 110: 1, 111: 1, 217: 1, 218: 1, 255: 1}
    im = row("F", 0.0, 0.5, 1.0, math.nan, -0.001)
    assert nonzero(im.histogram(extrema=(0.0, 1.0))) == {0: 2, 127: 1, 255: 1}
    assert nonzero(im.histogram(extrema=(1.0, 0.0))) == {}
    with pytest.raises(ValueError, match="min/max not given"):
        im.im.histogram()
    with pytest.raises(ValueError, match="image has wrong mode"):
        im.histogram(Image.new("L", im.size))


def test_histogram_mask_errors() -> None:
    im = Image.new("L", (2, 2))
    with pytest.raises(ValueError, match="images do not match"):
        im.histogram(Image.new("L", (2, 3)))
    with pytest.raises(ValueError, match="bad transparency mask"):
        im.histogram(Image.new("RGB", (2, 2)))


def test_entropy() -> None:
    assert row("L", 0, 0, 7, 7).entropy() == 1.0
    assert row("L", *range(256)).entropy() == 8.0
    assert Image.new("RGB", (3, 3)).entropy() == 1.584962500721156
    assert math.isnan(Image.new("L", (0, 0)).entropy())


def test_extrema() -> None:
    assert row("L", *[7] * 70, 3, 200).getextrema() == (3, 200)
    assert row("I", *[7] * 70, -3, 2**31 - 1).getextrema() == (-3, 2**31 - 1)
    assert row("I;16", *[7] * 70, 3, 65535).getextrema() == (3, 65535)
    assert row("F", 1.5, math.nan, -2.5).getextrema() == (-2.5, 1.5)
    assert all(math.isnan(v) for v in row("F", math.nan, 1.0).im.getextrema())
    # Of zeros of both signs, the first.
    low, high = floats(0.0, *[-0.0] * 70).im.getextrema()
    assert (math.copysign(1, low), math.copysign(1, high)) == (1, 1)
    low, high = floats(*[1.0] * 40, -0.0, 0.0).im.getextrema()
    assert (math.copysign(1, low), high) == (-1, 1.0)
    assert Image.new("L", (0, 5)).im.getextrema() is None
    assert Image.new("I;16B", (0, 5)).im.getextrema() is None
    for mode in ("RGB", "I;16B"):
        with pytest.raises(ValueError, match="image has wrong mode"):
            Image.new(mode, (2, 2)).im.getextrema()


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "I", "F", "RGB", "RGBA", "LA"])
@pytest.mark.parametrize("box", [(0, 0, 1, 1), (5, 7, 90, 9), (69, 0, 70, 12), (99, 11, 100, 12)])
def test_bbox(mode: str, box: tuple[int, int, int, int]) -> None:
    im = Image.new(mode, (100, 12))
    assert im.getbbox() is None
    colour = {"RGB": (0, 0, 1), "RGBA": (0, 0, 0, 1), "LA": (0, 1)}.get(mode, 1)
    im.putpixel((box[0], box[3] - 1), colour)
    im.putpixel((box[2] - 1, box[1]), colour)
    assert im.getbbox() == box


def test_bbox_alpha_only() -> None:
    im = Image.new("RGBA", (3, 3), (1, 0, 0, 0))
    assert im.getbbox() is None
    assert im.getbbox(alpha_only=False) == (0, 0, 3, 3)


def test_projection() -> None:
    im = Image.new("RGB", (5, 3))
    im.putpixel((3, 1), (0, 9, 0))
    assert im.getprojection() == ([0, 0, 0, 1, 0], [0, 1, 0])
    assert Image.new("L", (0, 2)).im.getprojection() == (b"", b"\0\0")


# As sets these are equal; the order is that of tables of 512 and of 8 slots.
ORDER_256 = [
    (1, (155, 35, 195)),
    (1, (93, 21, 197)),
    (3, (31, 7, 199)),
    (2, (23, 63, 191)),
    (1, (124, 28, 196)),
    (2, (62, 14, 198)),
    (2, (0, 0, 200)),
]
ORDER_7 = [
    (3, (31, 7, 199)),
    (2, (62, 14, 198)),
    (1, (93, 21, 197)),
    (1, (124, 28, 196)),
    (1, (155, 35, 195)),
    (2, (23, 63, 191)),
    (2, (0, 0, 200)),
]


def test_colors_in_the_order_of_the_table() -> None:
    im = Image.new("RGB", (4, 3))
    im.putdata([(i * 31 % 256, i * 7, 200 - i) for i in (0, 1, 2, 3, 4, 5, 1, 1, 2, 9, 9, 0)])
    assert im.getcolors() == ORDER_256
    assert im.getcolors(7) == ORDER_7
    assert im.getcolors(6) is None
    assert im.im.getcolors(2) is None
    assert row("F", 1.5, 0.0, 1.5).im.getcolors(10) == [(1, 0.0), (2, 1.5)]
    with pytest.raises(ValueError, match="image has wrong mode"):
        Image.new("L", (1, 1)).im.getcolors(5)
    with pytest.raises(MemoryError):
        im.im.getcolors(2**30)


def test_putdata_adds_the_offset_to_floats() -> None:
    im = Image.new("F", (1, 1))
    im.putdata([-0.0])
    assert im.tobytes() == struct.pack("=f", 0.0)
