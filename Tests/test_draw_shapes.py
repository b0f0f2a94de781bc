"""Shapes: small pictures written down, and inputs meant to break the rasteriser."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from PIL import Image, ImageDraw

INF = float("inf")
NAN = float("nan")
HUGE = (INF, -INF, NAN, 1e300, -(2.0**31), 2.0**31 - 1, 1e9, -1e9)


def picture(im: Image.Image) -> list[str]:
    return [
        "".join("#" if im.getpixel((x, y)) else "." for x in range(im.width))
        for y in range(im.height)
    ]


def drawn(size: tuple[int, int], method: str, *args: Any, **kwargs: Any) -> list[str]:
    im = Image.new("L", size)
    getattr(ImageDraw.Draw(im), method)(*args, **kwargs)
    return picture(im)


def test_line_direction_matters() -> None:
    # The pixels of a thin line depend on which end it starts from.
    forth = drawn((5, 3), "line", (0, 0, 4, 2), 1)
    back = drawn((5, 3), "line", (4, 2, 0, 0), 1)
    assert forth == ["#....", ".##..", "...##"]
    assert back == ["##...", "..##.", "....#"]
    assert drawn((3, 5), "line", (0, 0, 1, 3), 1) == ["#..", "#..", ".#.", ".#.", "..."]


def test_polygon() -> None:
    assert drawn((7, 5), "polygon", [(1, 0), (5, 0), (3, 4)], 1) == [
        ".#####.",
        "..###..",
        "..###..",
        "...#...",
        "...#...",
    ]


def test_rectangle_border_sticks_out_of_a_low_box() -> None:
    # Rows 2 and 3 twice; the columns go from row 2 + 2 up to row 3 - 2 + 2.
    assert drawn((5, 6), "rectangle", (1, 2, 3, 3), outline=1, width=2) == [
        ".....",
        ".....",
        ".###.",
        ".###.",
        ".###.",
        ".....",
    ]


def test_filled_ellipse_of_one_pixel_is_empty() -> None:
    assert drawn((3, 3), "ellipse", (1, 1, 1, 1), fill=1) == ["...", "...", "..."]
    assert drawn((3, 3), "ellipse", (1, 1, 1, 1), outline=1) == ["...", ".#.", "..."]


def test_full_turn_and_no_turn() -> None:
    box = (0, 0, 4, 4)
    circle = drawn((5, 5), "ellipse", box, outline=1)
    assert drawn((5, 5), "arc", box, 0, 360, 1) == circle
    assert drawn((5, 5), "arc", box, 360, 0, 1) == ["....."] * 5
    assert drawn((5, 5), "arc", box, 0, INF, 1) == circle
    assert drawn((5, 5), "arc", box, NAN, 5, 1) == ["....."] * 5


def test_blend() -> None:
    im = Image.new("RGB", (2, 1), (100, 100, 100))
    ImageDraw.Draw(im, "RGBA").point((0, 0), (200, 0, 255, 51))
    # (100 * 204 + 200 * 51) / 255 = 120, 80, 131
    assert im.getpixel((0, 0)) == (120, 80, 131)
    assert im.getpixel((1, 0)) == (100, 100, 100)
    # The three bands of a long and of a short span, at every alpha, are mixed alike.
    for alpha in range(256):
        one = Image.new("RGB", (100, 2), (3, 77, 254))
        draw = ImageDraw.Draw(one, "RGBA")
        draw.rectangle((0, 0, 99, 0), (250, 9, 128, alpha))
        draw.rectangle((0, 1, 4, 1), (250, 9, 128, alpha))
        assert one.getpixel((70, 0)) == one.getpixel((2, 1))
        exact = [
            (old * (255 - alpha) + new * alpha) / 255
            for old, new in zip((3, 77, 254), (250, 9, 128), strict=True)
        ]
        assert one.getpixel((70, 0)) == tuple(math.floor(v + 0.5) for v in exact)


@pytest.mark.parametrize("mode", ("I;16", "I;16L", "I;16B", "I;16N"))
def test_sixteen_bits(mode: str) -> None:
    im = Image.new(mode, (9, 9))
    draw = ImageDraw.Draw(im)
    assert draw.ink == 65535
    draw.ellipse((1, 1, 7, 7), 0x1234, 70000)
    assert im.getpixel((4, 4)) == 0x1234
    assert im.getpixel((4, 1)) == 70000 & 0xFFFF
    assert im.getpixel((0, 0)) == 0


def test_wide_outline_on_float_image_draws_nothing() -> None:
    # The ink 1.0 has 0 as its lowest byte, which makes the mask empty.
    im = Image.new("F", (9, 9))
    ImageDraw.Draw(im).polygon([(1, 1), (7, 1), (7, 7)], outline=5, width=3)
    assert im.getbbox() is None


def test_outline_transform_loses_the_edges() -> None:
    outline = ImageDraw.Outline()
    outline.line(0, 4)
    outline.line(4, 4)
    im = Image.new("L", (5, 5))
    ImageDraw.Draw(im).shape(outline, 1)
    assert picture(im) == ["#....", "##...", "###..", "####.", "#####"]
    im = Image.new("L", (5, 5))
    outline.transform((1, 0, 0, 0, 1, 0))
    ImageDraw.Draw(im).shape(outline, 1)
    # What is left is the edge that closes, from the last point to the first: no area.
    assert picture(im) == ["....."] * 5
    with pytest.raises(TypeError):
        outline.transform((1, 2))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ImageDraw.Draw(im).draw.draw_outline("no outline", 1)  # type: ignore[arg-type]


def test_box_errors() -> None:
    draw = ImageDraw.Draw(Image.new("L", (5, 5)))
    for method in ("rectangle", "ellipse"):
        with pytest.raises(TypeError):
            getattr(draw, method)((1, 2))
        with pytest.raises(ValueError, match="x1 must be greater than or equal to x0"):
            getattr(draw, method)((2, 1, 1, 2))
        with pytest.raises(ValueError, match="y1 must be greater than or equal to y0"):
            getattr(draw, method)((1, 2, 2, 1))
    with pytest.raises(TypeError):
        draw.polygon([(1, 1)], 1)
    with pytest.raises(TypeError):
        draw.line((1, 1, 2, 2), 1, width=1.5)  # type: ignore[arg-type]


def test_mask_of_another_size() -> None:
    draw = Image.core.draw(Image.core.new("L", (5, 5)))
    square = (0, 0, 4, 0, 4, 4)
    with pytest.raises(ValueError):
        draw.draw_polygon(square, 1, 1, 1, Image.core.new("1", (4, 5)))
    with pytest.raises(ValueError):
        draw.draw_polygon(square, 1, 1, 1, Image.core.new("RGB", (5, 5)))


def test_drawing_mode() -> None:
    assert ImageDraw.Draw(Image.new("RGB", (1, 1)), "RGBA").mode == "RGBA"
    with pytest.raises(ValueError):
        ImageDraw.Draw(Image.new("L", (1, 1)), "RGBA")


@pytest.mark.parametrize("mode", ("L", "I;16", "RGB"))
@pytest.mark.parametrize("blend", (0, 1))
def test_hostile_coordinates(mode: str, blend: int) -> None:
    """Coordinates, widths and angles without bounds neither crash nor take long."""
    core = Image.core.draw(Image.core.new(mode, (50, 40)), blend)
    started = time.process_time()
    for i, a in enumerate(HUGE):
        for b in HUGE[i:]:
            points = (a, 3, 20, b, b, a, 7, 9)
            box = (min(a, b), min(a, b), max(a, b), max(a, b))
            for width in (1, 7, 2**31 - 1, -(2**31)):
                core.draw_points(points, -1)
                core.draw_lines(points, -1, width)
                core.draw_polygon(points, -1, 1, width)
                core.draw_polygon(points, -1, 0, width)
                for corners in (box, (3, 4, max(a, 3), max(b, 4)), (min(a, 8), min(b, 8), 8, 8)):
                    try:
                        core.draw_rectangle(corners, -1, 0, width)
                    except ValueError:
                        continue
                    core.draw_rectangle(corners, -1, 1, width)
                    core.draw_ellipse(corners, -1, 0, width)
                    core.draw_ellipse(corners, -1, 1, width)
                    for angles in ((a, b), (10, 200), (300, 20)):
                        core.draw_arc(corners, *angles, -1, width)
                        core.draw_chord(corners, *angles, -1, 0, width)
                        core.draw_pieslice(corners, *angles, -1, 0, width)
                        core.draw_pieslice(corners, *angles, -1, 1, width)
    # Not a measurement: walking to such coordinates would take hours.
    assert time.process_time() - started < 100


def test_many_points() -> None:
    """A million vertices, most of them on two rows: no step is quadratic."""
    count = 1_000_000
    zigzag = [value for i in range(count) for value in (i % 50, 40 if i & 1 else 3)]
    for im, mode in ((Image.new("L", (60, 50)), None), (Image.new("RGB", (60, 50)), "RGBA")):
        draw = ImageDraw.Draw(im, mode)
        ink = 200 if mode is None else (1, 2, 3, 200)
        draw.polygon(zigzag, ink)
        draw.line(zigzag[: count // 10], ink)
        draw.point(zigzag, ink)
        assert im.getpixel((0, 3)) != im.getpixel((59, 49))
    level = [value for i in range(count // 10) for value in ((i * 7919) % 60, 5)]
    ImageDraw.Draw(Image.new("RGB", (60, 50)), "RGBA").polygon([*level, 3, 9], (1, 2, 3, 4))


@pytest.mark.parametrize("size", ((0, 0), (0, 5), (5, 0)))
def test_empty_images(size: tuple[int, int]) -> None:
    im = Image.new("RGB", size)
    for mode in (None, "RGBA"):
        draw = ImageDraw.Draw(im, mode)
        draw.line((0, 0, 9, 9), 1, 6, "curve")
        draw.polygon((0, 0, 9, 9, 3, 0), 1, 2, 3)
        draw.ellipse((-3, -3, 9, 9), 1, 2, 3)
        draw.pieslice((-3, -3, 9, 9), 0, 90, 1, 2, 3)
        draw.rounded_rectangle((-3, -3, 9, 9), 3, 1, 2, 3)
        draw.bitmap((0, 0), Image.new("1", (3, 3), 1), 1)
    ImageDraw.floodfill(im, (0, 0), (1, 2, 3))
    assert im.size == size


def test_text_without_fonts_says_so() -> None:
    draw = ImageDraw.Draw(Image.new("L", (9, 9)))
    try:
        from PIL import ImageFont  # type: ignore[attr-defined] # noqa: F401
    except ImportError:
        with pytest.raises(ImportError, match="ImageFont"):
            draw.getfont()
