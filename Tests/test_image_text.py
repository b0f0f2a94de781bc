"""ImageText: where lines go, boxes, justification, wrapping and scaling."""

from __future__ import annotations

from typing import Any

import pytest

from PIL import Image, ImageDraw, ImageFont, ImageText, features


class Grid(ImageFont.BaseImageFont):
    """Every character is 10 wide; letters reach from 2 to 8 below the anchor."""

    def getbbox(self, text: Any, *args: Any, **kwargs: Any) -> tuple[int, int, int, int]:
        return (0, 2, 10 * len(text), 8)

    def getlength(self, text: Any, *args: Any, **kwargs: Any) -> int:
        return 10 * len(text)

    def getmask(self, text: Any, *args: Any, **kwargs: Any) -> Any:
        return Image.new("L", (10 * len(text), 8), 255).im


def text(content: Any, **options: Any) -> ImageText.Text[Any]:
    return ImageText.Text(content, Grid(), **options)


def places(of: ImageText.Text[Any], *args: Any) -> list[tuple[Any, ...]]:
    return [tuple(piece) for piece in of._place(*args)]


def test_one_line() -> None:
    assert places(text("ab"), (1, 2)) == [(1, 2, "la", "ab")]
    assert places(text("ab"), (1, 2), "rs", "nonsense") == [(1, 2, "rs", "ab")]
    assert places(text(b"ab", direction="ttb"), (1, 2)) == [(1, 2, "lt", b"ab")]
    for bad in ("", "l", "laa"):
        with pytest.raises(ValueError):
            text("ab").get_bbox((0, 0), bad)


def test_lines() -> None:
    # The pitch is the bottom of a letter and the spacing: 8 + 4.
    assert places(text("ab\nc"), (1, 2)) == [(1, 2, "la", "ab"), (1, 14, "la", "c")]
    assert places(text(b"a\nb"), (0, 0)) == [(0, 0, "la", b"a"), (0, 12, "la", b"b")]
    assert places(text("a\nb", spacing=-1.5), (0, 0))[1][1] == 6.5
    stroked = text("a\nb")
    stroked.stroke(2)
    assert places(stroked, (0, 0))[1][1] == 14
    columns = text("a\nbc", direction="ttb")
    assert places(columns, (1, 2)) == [(1, 2, "lt", "a"), (13, 2, "lt", "bc")]


@pytest.mark.parametrize(
    "anchor, align, xs, y",
    [
        ("la", "left", (0, 0), 0),
        ("la", "center", (0, 10), 0),
        ("la", "right", (0, 20), 0),
        ("ma", "left", (0, -10), 0),
        ("ma", "center", (0, 0), 0),
        ("ra", "right", (0, 0), 0),
        ("rm", "left", (0, -20), -6),
        ("ld", "left", (0, 0), -12),
        ("ls", "justify", (0, 0), 0),
    ],
)
def test_alignment(anchor: str, align: str, xs: tuple[int, int], y: int) -> None:
    found = places(text("abc\nd"), (0, 0), anchor, align)
    assert found == [(xs[0], y, anchor, "abc"), (xs[1], y + 12, anchor, "d")]


def test_justification() -> None:
    # 60 wide; the pieces of the first line take 30, and two gaps share the rest.
    found = places(text("a b c\nabcdef\ng h"), (0, 0), "la", "justify")
    assert found == [
        (0, 0, "la", "a"),
        (25, 0, "la", "b"),
        (50, 0, "la", "c"),
        (0, 12, "la", "abcdef"),
        (0, 24, "la", "g h"),
    ]
    left = [piece[0] for piece in places(text("a b\nabcdef"), (0, 0), "rs", "justify")]
    assert left == [-60, -10, 0]


@pytest.mark.parametrize("anchor, align", [("lt", "left"), ("lb", "left"), ("la", "top")])
def test_what_lines_cannot_do(anchor: str, align: str) -> None:
    im = Image.new("L", (50, 50))
    with pytest.raises(ValueError):
        text("a\nb").get_bbox((0, 0), anchor, align)
    with pytest.raises(ValueError):
        ImageDraw.Draw(im).text((0, 0), "a\nb", 255, Grid(), anchor, align=align)  # type: ignore[arg-type]
    assert im.getbbox() is None  # nothing was drawn before


def test_measuring() -> None:
    assert text("abc").get_length() == 30
    for lines in ("a\nb", b"a\nb", "\n"):
        with pytest.raises(ValueError, match="multiline"):
            text(lines).get_length()
    assert text("abc\nd").get_bbox((5, 6)) == (5, 8, 35, 26)
    assert text("").get_bbox() == (0, 2, 0, 8)


def test_embedded_color() -> None:
    for mode in ("RGB", "RGBA"):
        coloured = text("a", mode=mode)
        coloured.embed_color()
        assert coloured.embedded_color
    with pytest.raises(ValueError, match="only in RGB and RGBA"):
        text("a", mode="L").embed_color()


@pytest.mark.parametrize(
    "content, width, expected",
    [
        ("one two six", 70, "one two\nsix"),
        ("one two six", 30, "one\ntwo\nsix"),
        ("one  two", 80, "one  two"),
        ("one  two", 40, "one\ntwo"),
        ("a\n\nb", 50, "a\n\nb"),
        ("  a b", 50, "  a b"),
        ("a \n b", 50, "a\n b"),
        ("a\tb", 20, "a\nb"),
        ("", 10, ""),
    ],
)
@pytest.mark.parametrize("kind", [str, bytes])
def test_wrap(content: str, width: int, expected: str, kind: type) -> None:
    wrapped = text(content if kind is str else content.encode())
    assert wrapped.wrap(width) is None
    assert wrapped.text == (expected if kind is str else expected.encode())


def test_what_wrapping_leaves() -> None:
    wrapped = text("one two six ten", spacing=1, features=["kern"], language="en")
    wrapped.stroke(0, "red")
    rest = wrapped.wrap(70, 10)
    assert wrapped.text == "one two"
    assert rest is not None
    assert (rest.text, rest.spacing, rest.features, rest.language, rest.stroke_fill) == (
        " six ten", 1, ["kern"], "en", "red",
    )  # fmt: skip
    trailing = text("one ")
    left = trailing.wrap(70)
    assert left is not None
    assert (trailing.text, left.text) == ("one", " ")
    none_fits = text("one")
    left = none_fits.wrap(70, 7)
    assert left is not None
    assert (none_fits.text, left.text) == ("", "one")


def test_what_cannot_be_wrapped() -> None:
    with pytest.raises(ValueError, match="Word does not fit"):
        text("extraordinary").wrap(50)
    with pytest.raises(ValueError, match="Only ltr"):
        text("a", direction="rtl").wrap(50)
    with pytest.raises(ValueError, match="TransposedFont"):
        turned = ImageFont.TransposedFont(ImageFont.load_default_imagefont())
        ImageText.Text("a", turned).wrap(50)
    with pytest.raises(ValueError, match="only supports FreeTypeFont"):
        text("a").wrap(50, 50, "shrink")


@pytest.mark.skipif(not features.check("freetype2"), reason="built without FreeType")
def test_scaling() -> None:
    def scalable() -> ImageText.Text[str]:
        font = ImageFont.load_default(20)
        if not isinstance(font, ImageFont.FreeTypeFont):
            pytest.skip("built without FreeType")
        return ImageText.Text("Some words to wrap", font)

    with pytest.raises(ValueError, match="requires 'height'"):
        scalable().wrap(100, scaling="shrink")
    small = scalable()
    assert small.wrap(60, 40, "shrink") is None
    assert isinstance(small.font, ImageFont.FreeTypeFont)
    size = small.font.size
    assert size < 20
    assert small.get_bbox()[3] <= 40
    failing = scalable()
    with pytest.raises(ValueError, match="could not be scaled"):
        failing.wrap(60, 40, ("shrink", int(size) + 1))
    assert failing.text == "Some words to wrap"
    large = scalable()
    assert large.wrap(300, 200, ("grow", 500)) is None
    assert isinstance(large.font, ImageFont.FreeTypeFont)
    assert large.font.size > 20
    with pytest.raises(ValueError, match="could not be scaled"):
        scalable().wrap(60, 10, "grow")
