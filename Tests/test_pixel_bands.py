"""Bands, point operations, mirrors and turns: values written down, as Pillow 13.0.0 gives them."""

from __future__ import annotations

import pytest

from PIL import Image, ImageChops

ORDER = list(range(12))  # a 4 x 3 image


def numbered(mode: str, width: int = 4, height: int = 3) -> Image.Image:
    im = Image.new(mode, (width, height))
    count = range(width * height)
    bands = len(im.getbands())
    im.putdata(
        [tuple((7 * i + 50 * b) % 256 for b in range(bands)) for i in count]
        if bands > 1
        else list(count)
    )
    return im


def pixels(im: Image.Image) -> list[object]:
    return [im.getpixel((x, y)) for y in range(im.height) for x in range(im.width)]


@pytest.mark.parametrize(
    "mode", ["LA", "La", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "RGBa"]
)
@pytest.mark.parametrize("width", [1, 15, 64, 131])
def test_split_and_merge(mode: str, width: int) -> None:
    im = numbered(mode, width, 2)
    bands = im.split()
    assert [b.mode for b in bands] == ["L"] * len(im.getbands())
    for k, band in enumerate(bands):
        assert pixels(band) == [(7 * i + 50 * k) % 256 for i in range(2 * width)]
        assert pixels(im.getchannel(k)) == pixels(band)
    if mode != "PA":
        assert pixels(Image.merge(mode, bands)) == pixels(im)


def test_merge_pads_with_zero() -> None:
    band = Image.new("L", (70, 1), 200)
    assert Image.merge("RGB", [band] * 3).tobytes("raw", "RGBX") == b"\xc8\xc8\xc8\0" * 70


def test_merge_errors() -> None:
    one, wide = Image.new("L", (2, 2)).im, Image.new("RGB", (2, 2)).im
    core = Image.core
    for args, message in (
        (("RGB", one, one), "wrong number of bands"),
        (("RGB", one, wide, one), "image has wrong mode"),
        (("RGB", one, Image.new("I", (2, 2)).im, one), "image has wrong mode"),
        (("LA", one, Image.new("L", (2, 3)).im), "images do not match"),
        (("L", Image.new("P", (2, 2)).im), "images do not match"),
        (("no mode", one), "unrecognized image mode"),
    ):
        with pytest.raises(ValueError, match=message):
            core.merge(*args)


def test_putband_fillband() -> None:
    im = Image.new("RGBA", (70, 1), (1, 2, 3, 4))
    im.im.putband(numbered("L", 70, 1).im, 2)
    assert pixels(im) == [(1, 2, i, 4) for i in range(70)]
    im.im.fillband(3, 300)
    im.im.fillband(0, -5)
    assert pixels(im) == [(0, 2, i, 255) for i in range(70)]
    la = Image.new("LA", (1, 1))
    la.im.fillband(1, 9)
    assert pixels(la) == [(0, 9)]
    for call in (
        lambda: im.im.fillband(4, 0),
        lambda: im.im.getband(-1),
        lambda: im.im.putband(numbered("L", 70, 1).im, 4),
    ):
        with pytest.raises(ValueError, match="band index out of range"):
            call()
    with pytest.raises(ValueError, match="image has wrong mode"):
        Image.new("I", (1, 1)).im.getband(0)


def test_point_tables() -> None:
    im = numbered("RGB", 70, 1)
    tables = [*range(255, -1, -1), *[300] * 256, *[-4] * 256]
    assert pixels(im.point(tables)) == [(255 - 7 * i % 256, 255, 0) for i in range(70)]
    grey = numbered("L", 70, 1)
    assert pixels(grey.point([i * 1000 - 5 for i in range(256)], "F")) == [
        i * 1000.0 - 5 for i in range(70)
    ]
    assert pixels(grey.point(lambda v: v * 2)) == [2 * i for i in range(70)]
    wide = Image.new("I", (4, 1))
    wide.putdata([-7, 5, 65535, 70000])
    table = [i // 256 for i in range(65536)]
    assert pixels(wide.point(table, "L")) == [0, 0, 255, 255]


def test_point_of_own_mode_by_name_mixes_the_tables() -> None:
    im = Image.new("RGBA", (1, 1), (0, 1, 2, 3))
    tables = [(i // 256) * 60 + i % 256 % 50 for i in range(1024)]
    # Band j looks at entry 257 j of the interleaved tables, which is entry 64 j of table j.
    assert pixels(im.point(tables, "RGBA")) == [(0, 74, 148, 222)]


def test_point_transform() -> None:
    im = Image.new("I", (5, 1))
    im.putdata([0, 1, -3, 2**31 - 1, -(2**31)])
    assert pixels(im.point(lambda v: v * 1.5 - 0.25)) == [0, 1, -4, -(2**31), -(2**31)]
    im = Image.new("I;16", (3, 1))
    im.putdata([3, 0, 65535])
    assert pixels(im.point(lambda v: v * -1)) == [65533, 0, 1]


def test_point_errors() -> None:
    im = Image.new("L", (1, 1)).im
    with pytest.raises(TypeError):
        im.point(5, None)
    with pytest.raises(TypeError):
        im.point([0.5] * 256, None)
    with pytest.raises(OverflowError):
        im.point([2**70] * 256, None)
    # Pillow 13.0.0 crashes on the last of these.
    for args in (([0] * 255, None), ([0] * 256, "RGB"), ([0] * 256, "I;16")):
        with pytest.raises(ValueError):
            im.point(*args)


TURNS = {
    0: (4, [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]),
    1: (4, [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]),
    2: (3, [3, 7, 11, 2, 6, 10, 1, 5, 9, 0, 4, 8]),
    3: (4, ORDER[::-1]),
    4: (3, [8, 4, 0, 9, 5, 1, 10, 6, 2, 11, 7, 3]),
    5: (3, [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]),
    6: (3, [11, 7, 3, 10, 6, 2, 9, 5, 1, 8, 4, 0]),
}


@pytest.mark.parametrize("mode", ["L", "I;16", "I", "F"])
@pytest.mark.parametrize("operation", TURNS)
def test_transpose(mode: str, operation: int) -> None:
    width, expected = TURNS[operation]
    out = numbered(mode).transpose(Image.Transpose(operation))
    assert out.size == (width, 12 // width)
    assert pixels(out) == expected


@pytest.mark.parametrize("mode", ["L", "I;16", "I"])
@pytest.mark.parametrize(("width", "height"), [(70, 67), (131, 3), (3, 131), (64, 64)])
def test_transpose_large(mode: str, width: int, height: int) -> None:
    im = Image.new(mode, (width, height))
    data = [(31 * i) % 251 for i in range(width * height)]
    im.putdata(data)
    rows = [data[y * width : (y + 1) * width] for y in range(height)]
    columns = [list(c) for c in zip(*rows, strict=True)]
    turned = {
        0: [r[::-1] for r in rows],
        1: rows[::-1],
        2: columns[::-1],
        3: [r[::-1] for r in rows[::-1]],
        4: [c[::-1] for c in columns],
        5: columns,
        6: [c[::-1] for c in columns[::-1]],
    }
    for operation, expected in turned.items():
        out = im.transpose(Image.Transpose(operation))
        assert pixels(out) == [v for r in expected for v in r], operation


def test_transpose_keeps_palette() -> None:
    im = Image.new("P", (2, 1))
    im.putpalette([9, 8, 7])
    assert im.transpose(Image.Transpose.ROTATE_90).getpalette("RGB")[:3] == [9, 8, 7]
    with pytest.raises(ValueError):
        im.im.transpose(7)


def test_offset() -> None:
    assert pixels(ImageChops.offset(numbered("L"), 1, 1)) == [11, 8, 9, 10, 3, 0, 1, 2, 7, 4, 5, 6]
    assert pixels(ImageChops.offset(numbered("L"), -5, 301)) == [
        9,
        10,
        11,
        8,
        1,
        2,
        3,
        0,
        5,
        6,
        7,
        4,
    ]
    assert ImageChops.offset(Image.new("L", (0, 3)), 1).size == (0, 3)
