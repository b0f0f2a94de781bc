"""Damaged fonts, lying tables, and text that nobody writes: an exception or pixels, no more."""

from __future__ import annotations

import io
import random
import struct

import pytest

from filemakers import Bounds
from outline_fonts import (
    aileron,
    assemble,
    directory,
    name_table,
    overlapping_names,
    tables,
    variable,
)
from PIL import Image, ImageDraw, ImageFont, ImageText, features

pytestmark = pytest.mark.skipif(not features.check("freetype2"), reason="built without FreeType")
LAYOUTS = [0, 1] if features.check("raqm") else [0]


def use(data: bytes, layout: int = 0) -> str:
    """All that a font can be asked for; the result is the exception's name, or "ok"."""
    try:
        engine = ImageFont.Layout(layout)
        font = ImageFont.truetype(io.BytesIO(data), 17, layout_engine=engine)
        font.getname(), font.getmetrics()
        font.getlength("Agé")
        font.getbbox("Agé", anchor="mm")
        font.getmask2("Agé", "1")
        font.getmask2("Agé", "RGBA", stroke_width=1)
        font.get_variation_names()
        font.get_variation_axes()
        font.set_variation_by_axes([300])
        font.getmask("Ag")
    except (OSError, ValueError, RuntimeError, Image.DecompressionBombError) as error:
        return type(error).__name__
    return "ok"


def test_truncated_at_every_byte() -> None:
    data = aileron()
    with Bounds(seconds=120, megabytes=50):
        outcomes = {use(data[:length]) for length in range(1, len(data))}
    assert outcomes == {"OSError"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lying_directory(layout: int) -> None:
    """Offsets and lengths of tables, and their number."""
    data = aileron()
    values = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(data), len(data) - 1)
    with Bounds(seconds=60, megabytes=50):
        for entry in range(len(directory(data))):
            for field in (8, 12):
                for value in values:
                    lying = bytearray(data)
                    struct.pack_into(">I", lying, 12 + 16 * entry + field, value)
                    use(bytes(lying), layout)
        for count in (0, 1, 255, 0xFFFF):
            use(data[:4] + struct.pack(">H", count) + data[6:], layout)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("tag", sorted(tables(aileron())) if features.check("freetype2") else [])
def test_lying_tables(tag: bytes, layout: int) -> None:
    """Every table with runs of extreme bytes, cut off, missing, and that of another's bytes."""
    rng = random.Random(tag)
    parts = tables(aileron())
    whole = parts[tag]
    with Bounds(seconds=60, megabytes=50):
        for at in range(min(len(whole), 128)):
            for filler in (b"\0\0", b"\x7f\xff", b"\xff\xff"):
                lying = whole[:at] + filler + whole[at + 2 :]
                use(assemble({**parts, tag: lying}), layout)
        for _ in range(60):
            lying = bytearray(whole)
            for _ in range(rng.randint(1, 9)):
                lying[rng.randrange(len(lying))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
            use(assemble({**parts, tag: bytes(lying)}), layout)
            use(assemble({**parts, tag: whole[: rng.randrange(len(whole))]}), layout)
        use(assemble({**parts, tag: parts[rng.choice(sorted(parts))]}), layout)
        del parts[tag]
        use(assemble(parts), layout)


def test_names_that_overlap() -> None:
    """350 MB of names in a file of 200 KB are refused before all are read."""
    data = variable(overlapping_names(5400, 65_000), [(256 + i, 100) for i in range(5400)])
    assert len(data) < 250_000
    font = ImageFont.truetype(io.BytesIO(data), 10)
    with Bounds(seconds=10, megabytes=40):
        for call in (font.get_variation_names, font.get_variation_axes):
            with pytest.raises(OSError):
                call()


def test_many_styles_of_one_name() -> None:
    data = variable(name_table([(256, b"W" * 60_000)]), [(256, 400)] * 28_000)
    font = ImageFont.truetype(io.BytesIO(data), 10)
    with Bounds(seconds=10, megabytes=20):
        assert font.get_variation_names() == [b"W" * 60_000]


ODD = {
    "surrogates": "\ud800a\udfffb\udc80" * 9,
    "controls": "".join(map(chr, range(1, 32))) + "".join(map(chr, range(127, 160))),
    "nul": "a\0b\0",
    "combining": "e" + "\u0301\u0323\u20dd" * 3000,
    "marks": "\u202e\u2067\u2066\u2069\u200d\u200c\ufeff\u061c" * 500,
    "unassigned": "\U000e0fff\U0010ffff\ufffe\uffff" * 9,
    "emoji": "\U0001f468\u200d" * 900,
    "arabic": "\u0644\u0627" * 900,
    "spaces": " \u00a0\u3000\u2003" * 900,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ODD)
def test_odd_text(name: str, layout: int) -> None:
    data = aileron()
    font = ImageFont.truetype(io.BytesIO(data), 9, layout_engine=ImageFont.Layout(layout))
    directions = (None, "ltr", "rtl", "ttb") if layout else (None,)
    with Bounds(seconds=60, megabytes=200):
        for direction in directions:
            for stroke in (0, 1):
                try:
                    length = font.getlength(ODD[name], direction=direction)
                    mask = font.getmask(ODD[name], "", direction, stroke_width=stroke)
                except RuntimeError:
                    assert name == "controls"  # paragraph separators cannot be laid out
                else:
                    assert abs(length) <= max(mask.size) + 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_bytes_that_are_no_utf8(layout: int) -> None:
    rng = random.Random(1)
    font = ImageFont.truetype(io.BytesIO(aileron()), 9, layout_engine=ImageFont.Layout(layout))
    for lead in range(256):  # sequences that end before they are complete
        for rest in (b"", b"\x80", b"\x80\xbf", b"a"):
            first = font.getlength(b"a" + bytes([lead]) + rest)
            assert font.getlength(b"a" + bytes([lead]) + rest) == first
    for _ in range(200):
        text = rng.randbytes(rng.randrange(1, 60)).translate(None, b"\n\r\x1c\x1d\x1e\x85")
        try:
            font.getmask(text)
        except RuntimeError:
            assert layout


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_million_characters(layout: int) -> None:
    font = ImageFont.truetype(io.BytesIO(aileron()), 9, layout_engine=ImageFont.Layout(layout))
    text = "Hello, you. " * 83_333
    with Bounds(seconds=120, megabytes=100):
        width = font.getlength(text)
        assert width > 1_000_000
        with pytest.warns(Image.DecompressionBombWarning) if width * 9 > 9e7 else Bounds(60, 90):
            font.getmask(text)
        with pytest.raises(ValueError, match="longer than"):
            font.getlength(text + text)


@pytest.mark.parametrize("size", [500, 2000, 20_000, 32_767])
def test_huge_sizes(size: int) -> None:
    font = ImageFont.truetype(io.BytesIO(aileron()), size)
    with Bounds(seconds=60, megabytes=50):
        box = font.getbbox("W")
        assert box[2] > size / 2
        if size > 2000:
            with pytest.raises((OSError, Image.DecompressionBombError)):
                font.getmask2("W" * 20)
        else:
            assert font.getmask("W").size[0] > size / 2


@pytest.mark.parametrize("width", [1e4, 1e6, 1e8, 1e20, -1e8, -1e20, float("inf")])
def test_huge_strokes(width: float) -> None:
    font = ImageFont.truetype(io.BytesIO(aileron()), 20)
    with Bounds(seconds=60, megabytes=50):
        with pytest.raises((OverflowError, ValueError, Image.DecompressionBombError)):
            font.getmask2("W", stroke_width=width)


@pytest.mark.parametrize("value", [1e8, -1e8, 1e20, float("nan"), float("-inf")])
def test_huge_starts(value: float) -> None:
    font = ImageFont.truetype(io.BytesIO(aileron()), 20)
    with pytest.raises((OverflowError, ValueError, Image.DecompressionBombError)):
        font.getmask2("W", start=(value, value))


@pytest.mark.parametrize("value", [1e9, -1e9, 2**31, -(2**31), 1e15])
def test_text_far_outside(value: float) -> None:
    im = Image.new("RGB", (30, 30))
    draw = ImageDraw.Draw(im)
    for font in (ImageFont.load_default(), ImageFont.load_default_imagefont()):
        for xy in ((value, 0), (0, value), (value, value)):
            draw.text(xy, "W\nW", "red", font, stroke_width=1)
    assert im.getbbox() is None


@pytest.mark.parametrize("value", [1e300, float("nan"), float("inf")])
def test_text_nowhere(value: float) -> None:
    draw = ImageDraw.Draw(Image.new("RGB", (30, 30)))
    with pytest.raises((OverflowError, ValueError)):
        draw.text((value, 0), "W", "red")


# --- Bitmap fonts ---


def pil_font(data: bytes, sheet: Image.Image) -> ImageFont.ImageFont:
    font = ImageFont.ImageFont()
    font._load_pilfont_data(io.BytesIO(data), sheet)
    return font


def test_truncated_bitmap_font() -> None:
    data = b"PILfont\nx\nDATA\n" + bytes(5120)
    for length in range(len(data)):
        with pytest.raises((SyntaxError, ValueError)):
            pil_font(data[:length], Image.new("1", (9, 9)))
    pil_font(data, Image.new("1", (9, 9))).getmask("abc")


ODD_NUMBERS = (0, 0, 1, -1, 5, 99, -99, 32767, -32768)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_bitmap_fonts_of_noise() -> None:
    rng = random.Random(3)
    outcomes = set()
    with Bounds(seconds=60, megabytes=50):
        for _ in range(60):
            edge = rng.choice((0, 1, 9, 300))
            lies = rng.random() < 0.5
            numbers: list[int] = []
            for _ in range(256):
                x, y, u, v, w, h = (rng.choice(ODD_NUMBERS) // 2 for _ in range(6))
                w, h = (abs(w), abs(h)) if not lies else (w, h)
                numbers += (w, 0, x, y, x + w, y + h, u, v, u + w, v + h)
            data = b"PILfont\nx\nDATA\n" + struct.pack(">2560h", *numbers)
            font = pil_font(data, Image.new("L", (edge, edge), 7))
            for text in (b"a", bytes(range(1, 256)), "é" * 100):
                try:
                    font.getmask(text)
                    outcomes.add("ok")
                except (ValueError, Image.DecompressionBombError) as error:
                    outcomes.add(type(error).__name__)
    assert outcomes >= {"ok", "ValueError"}


def test_wrapping_long_text() -> None:
    words = "word " * 3000 + "end"
    with Bounds(seconds=60, megabytes=50):
        text = ImageText.Text(words)
        assert text.wrap(200) is None
        assert text.text.count("\n") > 300
        blank = ImageText.Text("\n" * 3000 + "x")
        assert blank.wrap(200, 100) is not None
