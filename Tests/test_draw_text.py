"""What drawing text asks of fonts, with a stand-in for them."""

from __future__ import annotations

from typing import Any

import pytest

from PIL import Image, ImageDraw, ImageFont, ImageText


class Font:
    """Every text is 3 by 2 pixels, one to the right of and two below where it is put."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def getmask2(self, *args: Any, **kwargs: Any) -> tuple[Any, tuple[int, int]]:
        self.calls.append(args)
        color = args[1] == "RGBA"
        mask = Image.new("RGBA" if color else "L", (3, 2), (9, 8, 7, 255) if color else 255)
        return mask.im, (1, 2)

    def getbbox(self, text: str, *args: Any) -> tuple[int, int, int, int]:
        return (1, 2, 1 + 3 * len(text), 4)

    def getlength(self, text: str, *args: Any) -> int:
        return 3 * len(text)


@pytest.fixture
def font(monkeypatch: pytest.MonkeyPatch) -> Font:
    made = Font()
    monkeypatch.setattr(ImageFont, "load_default", lambda *size: made)
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
    assert draw.textbbox((1, 2), "ab") == draw.multiline_textbbox((1, 2), "ab") == (2, 4, 8, 6)
    assert draw.textlength("abc") == 9
    assert draw.getfont() is font


def test_stroke_and_text_alternate_by_line(font: Font) -> None:
    draw = ImageDraw.Draw(Image.new("L", (9, 9)))
    draw.text((0, 0), "a\nb", 1, stroke_width=1, stroke_fill=2, align="right")
    assert [(call[0], call[5]) for call in font.calls] == [("a", 1), ("a", 0), ("b", 1), ("b", 0)]


def test_a_text_brings_its_font_and_stroke(font: Font) -> None:
    other = Font()
    text = ImageText.Text("a", other)  # type: ignore[type-var]
    text.stroke(3, "blue")
    ImageDraw.Draw(Image.new("RGB", (9, 9))).text((0, 0), text, "red", stroke_width=7)
    assert [call[5] for call in other.calls] == [3, 0]
    assert not font.calls


def test_fonts_that_know_no_keywords() -> None:
    class Plain(ImageFont.ImageFont):
        def getmask(self, text: Any, *args: Any, **kwargs: Any) -> Any:
            if kwargs:
                raise TypeError
            return Image.new("L", (2, 2), 255).im

    im = Image.new("L", (9, 9))
    ImageDraw.Draw(im).text((3, 4), "a", 5, Plain())
    assert im.getbbox() == (3, 4, 5, 6)


def test_bytes_and_bad_texts(font: Font) -> None:
    draw = ImageDraw.Draw(Image.new("L", (9, 9)))
    draw.text((0, 0), b"a\nb", 1)
    assert [call[0] for call in font.calls] == [b"a", b"b"]
    for bad in (5, None, ["a"]):
        with pytest.raises(AttributeError):
            draw.text((0, 0), bad, 1)  # type: ignore[type-var]
