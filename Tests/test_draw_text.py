"""What drawing text asks of fonts and layouts, with stand-ins for both."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from PIL import Image, ImageDraw


class Font:
    """Every text is 3 by 2 pixels, one to the right of and two below where it is put."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def getmask2(self, *args: Any, **kwargs: Any) -> tuple[Any, tuple[int, int]]:
        self.calls.append(args)
        color = args[1] == "RGBA"
        mask = Image.new("RGBA" if color else "L", (3, 2), (9, 8, 7, 255) if color else 255)
        return mask.im, (1, 2)


class Text:
    def __init__(self, text: str, font: Any, *args: Any) -> None:
        self.text, self.font = text, font
        self.stroke_width: float = 0
        self.stroke_fill: Any = None

    def embed_color(self) -> None:
        pass

    def stroke(self, width: float, fill: Any) -> None:
        self.stroke_width, self.stroke_fill = width, fill

    def get_bbox(self, xy: tuple[float, float], *args: Any) -> tuple[float, ...]:
        return (*xy, 3, 4)

    def _place(self, xy: tuple[float, float], anchor: Any, align: str) -> Iterator[Any]:
        yield (*xy, "la", self.text)


@pytest.fixture
def font(monkeypatch: pytest.MonkeyPatch) -> Font:
    made = Font()
    fonts, texts = ModuleType("PIL.ImageFont"), ModuleType("PIL.ImageText")
    fonts.load_default = lambda *size: made  # type: ignore[attr-defined]
    texts.Text = Text  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "PIL.ImageFont", fonts)
    monkeypatch.setitem(sys.modules, "PIL.ImageText", texts)
    return made


def test_stroke_then_text(font: Font) -> None:
    im = Image.new("RGB", (9, 9))
    ImageDraw.Draw(im).text((1.5, 2.25), "a", "red", stroke_width=1, stroke_fill="blue")
    blue, red = -65536, -16776961  # 0xFFFF0000 and 0xFF0000FF as signed numbers
    assert font.calls == [
        ("a", "L", None, None, None, 1, "la", blue, (0.5, 0.25)),
        ("a", "L", None, None, None, 0, "la", red, (0.5, 0.25)),
    ]
    assert im.getbbox() == (2, 4, 5, 6)
    assert im.getpixel((2, 4)) == (255, 0, 0)


def test_stroke_of_the_same_colour_is_one_pass(font: Font) -> None:
    ImageDraw.Draw(Image.new("L", (9, 9))).text((0, 0), "a", 5, stroke_width=2)
    assert [call[5] for call in font.calls] == [2]


def test_colour_glyphs(font: Font) -> None:
    im = Image.new("RGBA", (9, 9))
    ImageDraw.Draw(im).text((0, 0), "a", (1, 2, 3, 99), embedded_color=True)
    assert im.getpixel((1, 2)) == (9, 8, 7, 99)


def test_measuring(font: Font) -> None:
    draw = ImageDraw.Draw(Image.new("L", (9, 9)))
    assert draw.textbbox((1, 2), "a") == draw.multiline_textbbox((1, 2), "a") == (1, 2, 3, 4)
    assert draw.getfont() is font
