"""Conversion between modes: values written down, and what no mode may do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from PIL import Image, features

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (12, 200, 99), (255, 255, 255), (1, 2, 3)]
MODES = (
    "1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB",
    "I", "F", "I;16", "I;16L", "I;16B", "I;16N",
)  # fmt: skip


def strip(mode: str, values: list[Any]) -> Image.Image:
    """An image of one row."""
    im = Image.new(mode, (len(values), 1))
    im.putdata(values)
    return im


def pixels(im: Image.Image) -> list[Any]:
    return [im.getpixel((x, y)) for y in range(im.height) for x in range(im.width)]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("1", [0, 255, 0, 255, 255, 0]),
        ("L", [76, 150, 29, 132, 255, 2]),
        ("La", [(76, 255), (150, 255), (29, 255), (132, 255), (255, 255), (2, 255)]),
        ("I", [76, 150, 29, 132, 255, 2]),
        ("I;16B", [76, 150, 29, 132, 255, 2]),
        (
            "CMYK",
            [
                (0, 255, 255, 0), (255, 0, 255, 0), (255, 255, 0, 0), (243, 55, 156, 0),
                (0, 0, 0, 0), (254, 253, 252, 0),
            ],
        ),
        (
            "YCbCr",
            [
                (76, 84, 255), (149, 43, 21), (29, 255, 107), (132, 109, 42), (255, 128, 128),
                (1, 128, 127),
            ],
        ),
        (
            "HSV",
            [
                (0, 255, 255), (85, 255, 255), (170, 255, 255), (104, 239, 200), (0, 0, 255),
                (148, 170, 3),
            ],
        ),
    ],
)  # fmt: skip
def test_from_rgb(to: str, expected: list[Any]) -> None:
    assert pixels(strip("RGB", COLOURS).convert(to, dither=Image.Dither.NONE)) == expected


def test_rgb_to_f_is_not_the_luma_of_l() -> None:
    """Thousandths divided in float32: 299 * 255 / 1000 for red, where L has 76."""
    got = pixels(strip("RGB", COLOURS[:2]).convert("F"))
    assert got == [76.24500274658203, 149.68499755859375]


@pytest.mark.parametrize(
    ("mode", "values", "to", "expected"),
    [
        ("RGBA", [(200, 100, 50, 128), (9, 8, 7, 0), (255, 255, 255, 1)], "RGBa",
         [(100, 50, 25, 128), (0, 0, 0, 0), (1, 1, 1, 1)]),
        ("RGBa", [(100, 50, 25, 128), (9, 8, 7, 0), (200, 1, 0, 100), (254, 128, 3, 254)], "RGBA",
         [(199, 99, 49, 128), (9, 8, 7, 0), (255, 2, 0, 100), (255, 128, 3, 254)]),
        ("LA", [(200, 128), (7, 0)], "La", [(100, 128), (0, 0)]),
        ("La", [(100, 128), (7, 0), (90, 45)], "LA", [(199, 128), (7, 0), (255, 45)]),
        ("YCbCr", [(76, 85, 255), (150, 44, 21), (29, 255, 107), (200, 10, 250)], "RGB",
         [(254, 0, 0), (0, 255, 1), (0, 0, 254), (255, 153, 0)]),
        ("HSV", [(0, 255, 255), (85, 255, 255), (255, 200, 100), (42, 17, 203)], "RGB",
         [(255, 0, 0), (0, 255, 0), (100, 22, 22), (203, 203, 189)]),
        ("CMYK", [(0, 0, 0, 0), (255, 0, 0, 0), (10, 200, 30, 100)], "RGB",
         [(255, 255, 255), (0, 255, 255), (149, 33, 137)]),
        ("I", [-5, 300, 70000, 77], "L", [0, 255, 255, 77]),
        ("I", [-5, 300, 70000, 77], "I;16", [0, 300, 65535, 77]),
        ("F", [-1.5, 0.99, 254.9, 300.0, float("nan")], "L", [0, 0, 254, 255, 0]),
        ("F", [-1.5, 0.99, 3e9], "I", [-1, 0, -(2**31)]),
        ("I;16", [0, 255, 256, 65535], "L", [0, 255, 255, 255]),
        ("I;16B", [0, 255, 256, 65535], "I", [0, 255, 256, 65535]),
    ],
)  # fmt: skip
def test_pair(mode: str, values: list[Any], to: str, expected: list[Any]) -> None:
    assert pixels(strip(mode, values).convert(to)) == expected


def gradients() -> Image.Image:
    """8x8: three slow gradients around the middle grey, in different directions."""
    im = Image.linear_gradient("L").crop((0, 96, 8, 104))
    turned = im.transpose(Image.Transpose.ROTATE_90)
    return Image.merge("RGB", (im, turned, im.transpose(Image.Transpose.ROTATE_180)))


def test_dither_to_1() -> None:
    assert gradients().getpixel((3, 4)) == (100, 99, 99)
    grey = gradients().getchannel(0)
    assert grey.convert("1").tobytes().hex() == "4924aa4924aa4925"
    assert grey.convert("1", dither=Image.Dither.NONE).tobytes() == bytes(8)


def test_dither_threshold_is_above_128() -> None:
    """128 is white by threshold, black by diffusion."""
    grey = Image.new("L", (1, 1), 128)
    assert grey.convert("1", dither=Image.Dither.NONE).getpixel((0, 0)) == 255
    assert grey.convert("1").getpixel((0, 0)) == 0


def test_web_palette() -> None:
    p = strip("RGB", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 51, 102)])
    web = p.convert("P", dither=Image.Dither.NONE)
    # Ten black entries come before the cube 10 + r + 6 g + 36 b.
    assert pixels(web) == [0, 10 + 215, 10 + 5, 10 + 6 * 1 + 36 * 2]
    assert pixels(web.convert("RGB")) == pixels(p)


def test_nearest_by_cells_of_four() -> None:
    """Colours are looked up by the corner of their 4x4x4 cell: 7 counts as 4, nearer to 2."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([2, 0, 0, 7, 0, 0])
    im = strip("RGB", [(7, 0, 0), (8, 0, 0)])
    assert pixels(im.quantize(palette=palette, dither=Image.Dither.NONE)) == [0, 1]


def test_matrix() -> None:
    m = (0.5, 0.25, 0, 3, 0, 1, 0, 0, -1, 0, 2, 10)
    im = gradients()
    assert im.convert("RGB", m).getpixel((3, 4)) == (78, 99, 108)
    assert im.convert("L", m[:4]).getpixel((3, 4)) == 78


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("to", MODES)
def test_empty_images(mode: str, to: str) -> None:
    """Every pair that exists, exists for empty images; the core refuses the others alike."""

    def attempt(size: tuple[int, int]) -> tuple[int, int] | str:
        try:
            return Image.core.new(mode, size).convert(to).size
        except ValueError as e:
            return str(e)

    full = attempt((2, 3))
    for size in ((0, 3), (2, 0), (0, 0)):
        assert attempt(size) == (full if isinstance(full, str) else size)


def test_core_errors() -> None:
    core = Image.core.new("RGB", (2, 2))
    with pytest.raises(ValueError, match="image has wrong mode"):
        core.convert("INVALID")
    with pytest.raises(ValueError, match="conversion from RGB to LAB not supported"):
        core.convert("LAB")
    with pytest.raises(ValueError, match="null palette"):
        core.convert("P", 0, core)
    with pytest.raises(ValueError, match="palette argument"):
        core.convert("P", 0, None)
    with pytest.raises(ValueError, match="empty palette"):
        core.convert("P", 0, Image.core.new("P", (1, 1)))
    with pytest.raises(ValueError, match="images do not match"):
        core.convert_into(Image.core.new("L", (2, 3)))
    with pytest.raises(TypeError, match="length 4 or 12"):
        core.convert_matrix("L", (1, 2, 3))
    with pytest.raises(ValueError, match="image has wrong mode"):
        Image.core.new("L", (2, 2)).convert_matrix("L", (1, 2, 3, 4))
    with pytest.raises(ValueError, match="convert_transparent"):
        core.convert_transparent("CMYK", 5)


def test_convert_into_refuses_borrowed_read_only_memory() -> None:
    data = bytes(4)
    target = Image.frombuffer("L", (2, 2), data, "raw", "L", 0, 1).im
    assert target.readonly
    with pytest.raises(ValueError, match="readonly"):
        Image.core.new("RGB", (2, 2)).convert_into(target)
    assert data == bytes(4)


def test_transparent_colour() -> None:
    im = strip("RGB", [(1, 2, 3), (1, 2, 4)])
    rgba = Image.new("RGBA", (2, 1))
    rgba.im = im.im.convert_transparent("RGBA", (1, 2, 3))
    assert pixels(rgba) == [(1, 2, 3, 0), (1, 2, 4, 255)]


@pytest.mark.parametrize(
    ("method", "kmeans", "indices", "palette"),
    [
        (0, 0, "03030303030300000303030303000000",
         [100, 102, 100, 100, 100, 100, 101, 97, 98, 97, 97, 102]),
        (1, 0, "00000000030303030000000003030303",
         [96, 96, 103, 103, 103, 96, 102, 96, 97, 97, 103, 102]),
        (2, 0, "00" * 16, [99, 99, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (0, 1, "03030303030303000303030303030000",
         [99, 102, 100, 99, 98, 100, 102, 99, 97, 97, 98, 102]),
    ],
)  # fmt: skip
def test_quantize(method: int, kmeans: int, indices: str, palette: list[int]) -> None:
    im = gradients().quantize(4, method, kmeans)
    assert im.tobytes()[:16].hex() == indices
    assert im.getpalette() == palette


def test_quantize_refusals() -> None:
    core = Image.core.new("RGB", (2, 2))
    for arguments, message in [
        ((0,), "bad number of colors"),
        ((257,), "bad number of colors"),
        ((5, 7), "quantization error"),
    ]:
        with pytest.raises(ValueError, match=message):
            core.quantize(*arguments)
    if not features.check_feature("libimagequant"):
        with pytest.raises(ValueError, match="dependency required"):
            core.quantize(5, 3)
    with pytest.raises(ValueError, match="image has wrong mode"):
        Image.core.new("RGBA", (2, 2)).quantize(5, 0)
    assert Image.core.new("CMYK", (0, 2)).quantize(999).size == (0, 2)


def test_nearest_colours_are_kept_with_the_palette_image() -> None:
    """A palette that changes is noticed; threads that share the image get what each alone would."""
    grey = Image.effect_mandelbrot((60, 60), (-2, -1.5, 1, 1.5), 90).convert("L")
    turned = [
        grey.transpose(turn) for turn in (Image.Transpose.ROTATE_90, Image.Transpose.TRANSPOSE)
    ]
    im = Image.merge("RGB", [grey, *turned])

    def by(target: Image.Image, dither: Image.Dither) -> bytes:
        return im.quantize(palette=target, dither=dither).tobytes()

    colours = [bytes(range(30)), bytes(range(60, 250)), bytes(range(250, 60, -1))]
    for dither in (Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG):
        fresh = []
        for palette in colours:
            once = Image.new("P", (1, 1))
            once.putpalette(palette)
            fresh.append(by(once, dither))
        shared = Image.new("P", (1, 1))
        for palette, expected in [*zip(colours, fresh, strict=True)] * 2:
            shared.putpalette(palette)
            assert [by(shared, dither) for _ in range(2)] == [expected] * 2
        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(by, shared, dither) for _ in range(40)]
            assert {job.result() for job in jobs} == {fresh[-1]}
