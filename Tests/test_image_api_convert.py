"""Rules of convert and quantize around the pixels: palettes and transparency.

Expected values are Pillow 13.0.0's.
"""

from __future__ import annotations

from typing import Any

import pytest

from PIL import Image, ImagePalette


def with_info(im: Image.Image, transparency: Any) -> Image.Image:
    im = im.copy()
    im.info["transparency"] = transparency
    return im


def palette_image() -> Image.Image:
    """Four pixels, one of each entry of a palette of four."""
    im = Image.frombytes("P", (4, 1), bytes(range(4)))
    im.putpalette((10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120))
    return im


RGB = Image.frombytes("RGB", (2, 1), bytes((1, 2, 3, 200, 100, 50)))
GREY = Image.frombytes("L", (2, 1), bytes((7, 200)))


@pytest.mark.parametrize(
    ("source", "transparency", "target", "pixels"),
    [
        (RGB, (1, 2, 3), "RGBA", ((1, 2, 3, 0), (200, 100, 50, 255))),
        (RGB, (1, 2, 3), "RGBa", ((0, 0, 0, 0), (200, 100, 50, 255))),
        (RGB, (1, 2, 3), "LA", ((1, 0), (124, 255))),
        (GREY, 7, "LA", ((7, 0), (200, 255))),
        (GREY, 7, "RGBA", ((7, 7, 7, 0), (200, 200, 200, 255))),
        (palette_image(), 1, "RGBA", ((10, 20, 30, 255), (40, 50, 60, 0))),
        (palette_image(), b"\5\6", "RGBA", ((10, 20, 30, 5), (40, 50, 60, 6))),
        (palette_image(), b"\5\6", "LA", ((18, 5), (48, 6))),
    ],
)
def test_color_becomes_alpha(
    source: Image.Image, transparency: Any, target: str, pixels: tuple[Any, ...]
) -> None:
    im = with_info(source, transparency).convert(target)
    assert im.get_flattened_data()[:2] == pixels
    assert "transparency" not in im.info


@pytest.mark.parametrize(
    ("source", "transparency", "target", "expected"),
    [
        (GREY, 7, "RGB", (7, 7, 7)),
        (GREY, 7, "P", 7),
        (RGB, (200, 100, 50), "L", 124),
        (RGB, (1, 2, 3), "P", 226),  # a new entry after those of the web palette
        (RGB, (255, 255, 255), "P", 225),
        (palette_image(), 2, "RGB", (70, 80, 90)),
        (palette_image(), 200, "RGB", (0, 0, 0)),
        (palette_image(), (1, 2, 3), "RGB", (1, 2, 3)),
        (palette_image(), 2, "L", 78),
        (RGB, (1, 2, 3), "CMYK", (1, 2, 3)),  # kept, though it means nothing there
    ],
)
def test_color_is_converted(
    source: Image.Image, transparency: Any, target: str, expected: Any
) -> None:
    assert with_info(source, transparency).convert(target).info["transparency"] == expected


@pytest.mark.parametrize("target", ["L", "RGB"])
def test_transparency_in_bytes_is_lost_with_a_warning(target: str) -> None:
    im = with_info(palette_image(), b"\0")
    with pytest.warns(UserWarning, match="should be converted to RGBA"):
        assert "transparency" not in im.convert(target).info


def test_lookup_of_a_color_does_not_touch_the_source() -> None:
    im = with_info(palette_image(), (1, 2, 3))
    im.convert("RGB")
    assert im.palette is not None
    assert len(im.palette.palette) == 12
    assert im.info["transparency"] == (1, 2, 3)


def test_alphas_go_into_the_core_palette_of_the_source() -> None:
    im = with_info(palette_image(), 1)
    im.convert("RGBA")
    assert im.im.getpalettemode() == "RGBA"
    assert im.palette is not None
    assert im.palette.mode == "RGB"


@pytest.mark.parametrize("transparency", ["x", 2.5, (1, 2)])
def test_transparency_of_a_wrong_kind(transparency: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        with_info(palette_image(), transparency).convert("RGBA")


def test_none_is_no_color_to_convert() -> None:
    assert with_info(RGB, None).convert("L").info == {"transparency": None}
    with pytest.raises(TypeError):
        with_info(RGB, None).convert("RGBA")


def test_full_palette_leaves_the_key() -> None:
    im = palette_image()
    im.putpalette(bytes(i for i in range(256) for _ in "RGB"))
    im.putdata([0, 1, 2, 3])
    wide = Image.frombytes("P", (256, 1), bytes(range(256)))
    wide.putpalette(bytes(i for i in range(256) for _ in "RGB"))
    assert with_info(wide, (1, 2, 3)).convert("RGB").info["transparency"] == (1, 2, 3)


@pytest.mark.parametrize(
    ("mode", "matrix", "expected"),
    [
        ("RGB", (1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0), (2, 2, 3)),
        ("L", (1, 0, 0, 2), 2),
        ("L", (1, 1, 1, -20), 0),
        ("RGB", (99, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 500), (99, 2, 253)),
    ],
)
def test_matrix_maps_the_transparent_color(
    mode: str, matrix: tuple[float, ...], expected: Any
) -> None:
    # only half of the constant is added: Pillow's own way
    im = with_info(RGB, (1, 2, 3)).convert(mode, matrix)
    assert im.info["transparency"] == expected


@pytest.mark.parametrize(
    ("args", "error", "text"),
    [
        (("HSV", (1, 0, 0, 0)), ValueError, "illegal conversion"),
        (("L", (1, 2, 3)), TypeError, "length 4 or 12"),
        (("no such",), ValueError, "image has wrong mode"),
    ],
)
def test_errors(args: tuple[Any, ...], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        RGB.convert(*args)


@pytest.mark.parametrize(
    ("source", "target"), [("L", "RGBa"), ("LA", "RGBa"), ("La", "L"), ("P", "I;16"), ("LAB", "L")]
)
def test_impossible_pairs(source: str, target: str) -> None:
    with pytest.raises(ValueError, match=r"not supported|wrong mode"):
        Image.new(source, (1, 1)).convert(target)


@pytest.mark.parametrize(
    ("source", "target"),
    [("HSV", "CMYK"), ("I;16B", "RGB"), ("F", "I;16"), ("PA", "La"), ("CMYK", "1")],
)
def test_pairs_over_the_base_mode(source: str, target: str) -> None:
    assert Image.new(source, (1, 1)).convert(target).mode == target


def test_default_mode() -> None:
    assert palette_image().convert().mode == "RGB"
    assert with_info(palette_image(), 1).convert().mode == "RGBA"
    assert RGB.convert().mode == "RGB"
    assert palette_image().convert("no such").mode == "RGB"  # P forgives


def state(im: Image.Image) -> tuple[Any, ...]:
    assert im.palette is not None
    palette = im.palette
    return palette.mode, palette.rawmode, palette.dirty, len(palette.palette)


def test_palettes_of_results() -> None:
    rgba = RGB.convert("RGBA")
    assert state(RGB.convert("P")) == ("RGB", None, 1, 3 * 226)
    assert state(RGB.convert("PA")) == ("RGB", None, 1, 3 * 226)
    assert state(GREY.convert("P")) == ("RGB", None, 1, 3 * 256)
    assert state(RGB.convert("P", palette=Image.Palette.ADAPTIVE)) == ("RGB", None, None, 6)
    assert state(RGB.convert("PA", palette=Image.Palette.ADAPTIVE)) == ("RGB", None, None, 0)
    assert state(rgba.convert("P", colors=7)) == ("RGBA", None, None, 28)
    assert state(rgba.convert("PA")) == ("RGB", None, None, 6)
    assert state(RGB.quantize(2)) == ("RGB", None, None, 6)


def test_quantize_to_a_palette_copies_it() -> None:
    target = palette_image()
    im = RGB.quantize(palette=target, dither=Image.Dither.NONE)
    assert im.getpalette() == target.getpalette()
    assert im.palette is not target.palette


@pytest.mark.parametrize(
    ("mode", "arguments", "text"),
    [
        ("RGBA", {"method": 0}, "Fast Octree"),
        ("RGB", {"kmeans": -1}, "kmeans must not be negative"),
        ("RGB", {"colors": 0}, "bad number of colors"),
        ("RGB", {"colors": 257}, "bad number of colors"),
        ("RGB", {"method": 9}, "quantization error"),
        ("CMYK", {}, "wrong mode"),
        ("RGB", {"palette": Image.new("RGB", (1, 1))}, "bad mode for palette image"),
        ("LA", {"palette": palette_image()}, "only RGB or L"),
        ("RGB", {"palette": Image.new("P", (1, 1))}, "empty palette"),
    ],
)
def test_quantize_errors(mode: str, arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Image.new(mode, (2, 2)).quantize(**arguments)


def test_adaptive_palette_takes_the_transparent_color() -> None:
    im = with_info(RGB, (9, 9, 9)).convert("P", palette=Image.Palette.ADAPTIVE)
    assert im.info["transparency"] == 2
    assert im.getpalette() == [200, 100, 50, 1, 2, 3, 9, 9, 9]


def test_raw_palette_is_decoded_for_colors() -> None:
    palette = ImagePalette.raw("BGR", bytes((1, 2, 3, 4, 5, 6)))
    assert palette.colors == {(3, 2, 1): 0, (6, 5, 4): 1}
    assert palette.rawmode == "BGR"
