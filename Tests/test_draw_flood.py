"""Flood fill."""

from __future__ import annotations

from typing import Any

import pytest

from PIL import Image, ImageDraw


def picture(*rows: str) -> Image.Image:
    im = Image.new("L", (len(rows[0]), len(rows)))
    im.putdata([int(c) for row in rows for c in row])
    return im


def rows(im: Image.Image) -> list[str]:
    data = im.tobytes()
    return ["".join(map(str, data[y * im.width : (y + 1) * im.width])) for y in range(im.height)]


def flooded(im: Image.Image, *args: Any, **kwargs: Any) -> list[str]:
    ImageDraw.floodfill(im, *args, **kwargs)
    return rows(im)


MAZE = ("00100", "01110", "00010", "11010", "00000")
MAZE_FILLED = ["77177", "71117", "77717", "11717", "77777"]


def test_four_neighbours() -> None:
    assert flooded(picture(*MAZE), (0, 0), 7) == MAZE_FILLED


def test_corner_does_not_connect() -> None:
    assert flooded(picture("01", "10"), (0, 0), 5) == ["51", "10"]


def test_border() -> None:
    assert flooded(picture("0230", "0330", "9240"), (0, 0), 7, border=3) == ["7737", "7337", "7777"]


def test_seed_on_the_border_is_set() -> None:
    assert flooded(picture("030"), (1, 0), 7, border=3) == ["777"]


def test_threshold() -> None:
    assert flooded(picture("123456"), (2, 0), 9, thresh=1) == ["199956"]
    assert flooded(picture("123456"), (2, 0), 4, thresh=1) == ["123456"]  # too near to the old one


def test_seed_outside() -> None:
    for xy in ((9, 0), (0, 9), (-9, 0)):
        assert flooded(picture("000"), xy, 5) == ["000"]
    # A negative coordinate sets the wrapped pixel; only neighbours that are not negative follow.
    assert flooded(picture("0100"), (-1, 0), 5) == ["5105"]


def test_value_that_the_pixels_cannot_hold() -> None:
    # 300 is stored as 255, which is within the threshold of the old colour: it must end anyway.
    im = Image.new("L", (40, 40), 250)
    ImageDraw.floodfill(im, (5, 5), 300, thresh=20)
    assert im.getextrema() == (255, 255)


def test_bad_values() -> None:
    im = Image.new("RGB", (3, 3))
    with pytest.raises(TypeError):
        ImageDraw.floodfill(im, (1, 1), "red")  # type: ignore[arg-type]
    ImageDraw.floodfill(im, (1, 1), (1, 2))  # fewer components than the pixel: nothing
    assert im.getbbox() is None


@pytest.mark.parametrize("mode", ("L", "I", "F", "I;16B", "RGB", "LA", "CMYK"))
def test_whole_image(mode: str) -> None:
    im = Image.new(mode, (3000, 2000))
    bands = len(im.getbands())
    value: Any = 7 if bands == 1 else (7,) * bands
    ImageDraw.floodfill(im, (1500, 3), value)
    assert im.tobytes() == Image.new(mode, im.size, value).tobytes()


def test_spiral() -> None:
    """A path one pixel wide through the whole image."""
    im = Image.new("1", (201, 201))
    draw = ImageDraw.Draw(im)
    for i in range(0, 100, 2):
        draw.rectangle((i, i, 200 - i, 200 - i), outline=1)
        draw.point((i + 1 if i % 4 else 199 - i, i), 0)
    before = im.histogram()[0]
    ImageDraw.floodfill(im, (1, 1), 1)
    assert im.histogram()[0] < before


def test_core_arguments() -> None:
    core = Image.core.new("RGB", (3, 3))
    with pytest.raises(TypeError):
        core.floodfill(0, 0, (1, 2, 3), (0.0,), 0.0, ())
    with pytest.raises(ValueError):
        core.floodfill(0, 0, (1, 2, 3), None, 0.0, ((0.0, 0.0, 0.0),) * 3)
    core.floodfill(2**62, -(2**62), (1, 2, 3), (0.0, 0.0, 0.0), 0.0, ())
    with pytest.raises(OverflowError):
        core.floodfill(2**64, 0, (1, 2, 3), (0.0, 0.0, 0.0), 0.0, ())
