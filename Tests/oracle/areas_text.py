"""Text: strings of many scripts rendered, placed, wrapped and drawn; bitmap fonts.

The fonts come from Debian's packages (depends/install.sh --tests).
"""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from common import Area, Case, canonical, image

from PIL import Image, ImageDraw, ImageFont, ImageText

FONTS = Path("/usr/share/fonts")
DEJAVU = "truetype/dejavu/DejaVuSans.ttf"
AMIRI = "opentype/fonts-hosny-amiri/Amiri-Regular.ttf"
QURAN = "opentype/fonts-hosny-amiri/AmiriQuranColored.ttf"
HEBREW = "truetype/culmus/FrankRuehlCLM-Medium.ttf"
DAVID = "truetype/culmus/DavidCLM-Medium.otf"
HINDI = "truetype/lohit-devanagari/Lohit-Devanagari.ttf"
THAI = "truetype/tlwg/Loma.ttf"
HAN = "truetype/wqy/wqy-microhei.ttc"
EMOJI = "truetype/noto/NotoColorEmoji.ttf"
INTER = "truetype/inter-vf/Inter.var.ttf"
FIXED = "X11/100dpi/courB12-ISO8859-1.pcf.gz"

LATIN_TEXT = (
    "Hello, World!", "AVAWA To Ty fi ffl ffi", "gjpqy|[]", "The quick brown fox, 0123456789",
    "é\u0301a\u0300o\u0302\u0323", "Ünïcödé ß ĳ ŉ", "a" * 60, "1/2 3/4 H2O", "WAVE ... -- === ->",
)  # fmt: skip
TEXTS: dict[str, tuple[str, ...]] = {
    DEJAVU: (*LATIN_TEXT, "Привет мир", "Γειά σου", "العربية", "שלום", "∑∫√≤"),
    AMIRI: ("السلام عليكم", "بِسْمِ ٱللَّهِ", "لا إله", "١٢٣٤٥", "كتاب book كتاب", "ﷺ"),
    QURAN: ("بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ", "الٓمٓ"),
    HEBREW: ("שלום עולם", "בְּרֵאשִׁית בָּרָא", "abc שלום 123"),
    DAVID: ("שָׁלוֹם", "מה נשמע?", "mixed עברית text"),
    HINDI: ("नमस्ते दुनिया", "क्षत्रिय ज्ञान", "हिन्दी", "र्क र्कि कि की"),
    THAI: ("สวัสดีชาวโลก", "ภาษาไทย ก็ น้ำ ปี่", "Thai ไทย"),
    HAN: ("你好世界", "日本語のテキスト", "한국어 글", "漢字 kanji。", "「縦書き」ー"),
    EMOJI: ("😀🎉👍", "👨‍👩‍👧‍👦", "🇨🇭🇯🇵", "❤️☺", "👍🏽", "1️⃣"),
    INTER: (*LATIN_TEXT, "Hamburgefonstiv", "(x) 2x4 :-> 10:30"),
    FIXED: ("Hello, World!", "bitmap only", "ÄÖÜ"),
}
ONLY_SIZES = {EMOJI: 109, FIXED: 17}  # of fonts of bitmaps; others are refused
ODD_TEXTS = (
    "", " ", "\t", "x\u200dy", "\u202eabc\u202c", "\u2067אב\u2069c", "\x00ab", "\ud800", "a\udc00b",
    "\U0010ffff", "line\u2028x", "e" + "\u0301" * 30, "\ufeffa", "\x7f\x01", b"bytes", b"\xff\x80a",
    "é".encode(), "a\nb", "\u0600\u0601",
)  # fmt: skip
FEATURES = (
    ["-kern"], ["liga=0"], ["dlig", "smcp"], ["-liga", "+zero"], [], ["ss01", "frac"],
    ["kern[0:2]"], "kern", ("tnum",), ["+++"], [5], 7,
)  # fmt: skip
LANGUAGES = ("en", "ar", "ur", "sr", "mr", "zh-Hans", "ja", "tr", "", "x")
ANCHORS = (
    "la", "ls", "lt", "lm", "lb", "ld", "ma", "ms", "mm", "mt", "ra", "rs", "rd", "rb", "st", "sm",
    "sb", "rt", "lt", "mm", "x", "", "zz", "lax", "sa",
)  # fmt: skip


@cache
def font(name: str, size: float, index: int, layout: int) -> ImageFont.FreeTypeFont:
    path = FONTS / name
    if not path.exists():  # both sides would agree on its absence
        raise SystemExit(f"{path} is missing: run depends/install.sh --tests")
    return ImageFont.truetype(str(path), size, index, layout_engine=ImageFont.Layout(layout))


def attempt(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A result, or the type and text of the error: several of them make up one case."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return type(error).__name__, str(error)


def pixels(core: Any) -> Image.Image:
    """An image of a core image."""
    return Image.new(core.mode, (0, 0))._new(core)


def some_text(rng: random.Random, name: str) -> str | bytes:
    kind = rng.random()
    if kind < 0.08:
        return rng.choice(ODD_TEXTS)
    text = rng.choice(TEXTS[name if kind < 0.85 else rng.choice(list(TEXTS))])
    if kind > 0.95:  # joins of any kind
        other = rng.choice(TEXTS[rng.choice(list(TEXTS))])
        text = text[: rng.randint(0, 5)] + other[rng.randint(0, 3) :]
    elif kind > 0.7:
        return text[rng.randint(0, 3) :][: rng.randint(1, 12)]
    return text


def some_size(rng: random.Random, name: str) -> float:
    if name in ONLY_SIZES and rng.random() < 0.95:
        return ONLY_SIZES[name]
    return rng.choice((8, 10, 12, 16, 20, 24, 24, 33.3, 48, 12.5, 1, rng.randint(5, 90)))


def some_font(rng: random.Random) -> tuple[str, float, int, int]:
    name = rng.choice(list(TEXTS))
    layout = int(rng.random() < 0.75)
    return name, some_size(rng, name), rng.randrange(2) if name == HAN else 0, layout


def shaping(rng: random.Random, layout: int) -> dict[str, Any]:
    """Direction, features and language, if the layout takes them."""
    if layout == 0 and rng.random() < 0.97:
        return {}
    return {
        "direction": rng.choice((None, None, None, "ltr", "rtl", "ttb", "ttb", "up", "")),
        "features": rng.choice((None, None, None, *FEATURES)),
        "language": rng.choice((None, None, *LANGUAGES)),
    }


def rendering(rng: random.Random) -> dict[str, Any]:
    return {
        "mode": rng.choice(("", "L", "L", "1", "RGBA", "RGBA", "RGB")),
        "stroke_width": rng.choice((0, 0, 0, 0, 1, 2, 0.5, 3.3, 7, -1)),
        "anchor": rng.choice((None, None, *ANCHORS)),
    }


def vary(rng: random.Random, which: ImageFont.FreeTypeFont) -> Any:
    """Another variation of a variable font, for this case and those after it."""
    if rng.random() < 0.3:
        return attempt(which.set_variation_by_name, rng.choice(("Bold", "Thin", b"Italic", "No")))
    axes = [rng.choice((400, 100, 900, 650.7, 5000, -3)), rng.choice((0, -5, -10, 2.5))]
    return attempt(which.set_variation_by_axes, axes[: rng.randint(1, 2)])


def strings(rng: random.Random) -> Iterator[Case]:
    """Length, box and pixels of a string."""
    while True:
        key = some_font(rng)
        text, shape, style = some_text(rng, key[0]), shaping(rng, key[3]), rendering(rng)
        extra = {
            "ink": rng.choice((0, 0xFF336699, 0x80FF0000, -1, 2**40 + 5)),
            "start": rng.choice((None, None, (0, 0), (0.5, 0.25), (-0.3, 0.9))),
            "stroke_filled": rng.random() < 0.5,
        }
        varied = rng.getstate() if key[0] == INTER and rng.random() < 0.4 else None

        def call(a: Any = (key, text, shape, style, extra, varied)) -> Any:
            key, text, shape, style, extra, varied = a
            used = font(*key)
            found: list[Any] = [used.getname(), used.getmetrics()]
            if varied:
                own = random.Random()
                own.setstate(varied)
                found.append(vary(own, used))
            found.append(attempt(used.getlength, text, style["mode"], **shape))
            found.append(attempt(used.getbbox, text, **shape, **style))
            made = attempt(used.getmask2, text, **shape, **style, **extra)
            if isinstance(made[0], str):
                return [*found, made]
            return [*found, pixels(made[0]), made[1]]

        yield ascii((key, text, shape, style, extra, bool(varied))), call


def several_lines(rng: random.Random, name: str) -> Any:
    lines = [some_text(rng, name) for _ in range(rng.choice((1, 1, 2, 3, 5)))]
    if rng.random() < 0.1:
        encoded = (x.encode("utf-8", "replace") if isinstance(x, str) else x for x in lines)
        return b"\n".join(encoded)
    joined = "\n".join(x for x in lines if isinstance(x, str))
    return joined if rng.random() < 0.8 else joined.replace(" ", "  ")


def any_font(rng: random.Random) -> tuple[str, Any, int]:
    """Description, font, layout."""
    kind = rng.random()
    if kind < 0.1:
        return "bitmap", ImageFont.load_default_imagefont(), 0
    if kind < 0.2:
        size = rng.choice((None, 10, 15.5, 24))
        return f"default {size}", ImageFont.load_default(size), 0
    if kind < 0.27:
        orientation = rng.choice((None, *Image.Transpose))
        inner = font(DEJAVU, 20, 0, rng.randrange(2))
        return f"transposed {orientation}", ImageFont.TransposedFont(inner, orientation), 0
    key = some_font(rng)
    name, size, *rest = key
    key = (name, ONLY_SIZES.get(name, size), *rest)  # type: ignore[assignment]
    return repr(key), font(*key), key[3]


def drawings(rng: random.Random) -> Iterator[Case]:
    """Text of one or several lines drawn into images of every mode, and its box."""
    while True:
        about, used, layout = any_font(rng)
        mode = rng.choice(("RGB", "RGB", "RGBA", "L", "1", "P", "I", "F", "LA", "CMYK", "I;16"))
        im = image(rng, mode, (rng.randint(20, 240), rng.randint(10, 120)))
        text = several_lines(rng, rng.choice(list(TEXTS)))
        xy = (rng.choice((0, 5, -7, 12.5, 33.75)), rng.choice((0, 4, -3.5, 20.25)))
        few = len(im.getbands()) == 1
        fills = (None, 9, 200) if few else (None, "#c51", "#36c8", (9, 80, 200))
        options: dict[str, Any] = {
            "anchor": rng.choice((None, None, *ANCHORS)),
            "spacing": rng.choice((4, 0, -3, 7.5)),
            "align": rng.choice(("left", "center", "right", "justify", "justify", "top")),
            "stroke_width": rng.choice((0, 0, 0, 1, 2.5)),
            "embedded_color": rng.random() < 0.25,
            **shaping(rng, layout),
        }
        colours = {"fill": rng.choice(fills), "stroke_fill": rng.choice(fills)}
        ready = rng.random() < 0.2

        def call(a: Any = (used, im, text, xy, options, colours, ready)) -> Any:
            used, im, text, xy, options, colours, ready = a
            drawn = im.copy()
            drawing = ImageDraw.Draw(drawn)
            what = ImageText.Text(text, used, im.mode, 2, features=options.get("features"))
            if ready:
                what.stroke(options["stroke_width"], colours["stroke_fill"])
            done = attempt(
                drawing.text, xy, what if ready else text, font=used, **options, **colours
            )
            return [done, drawn, attempt(drawing.textbbox, xy, text, used, **options)]

        yield ascii((about, mode, im.size, text, xy, options, colours, ready)), call


WORDS = ("a", "it", "word", "longer", "extraordinarily", "-", "W.W.W", "fi", "é\u0301", "日本")


def wraps(rng: random.Random) -> Iterator[Case]:
    """Wrapped and scaled text, and what is left of it."""
    while True:
        about, used, _ = any_font(rng)
        gaps = (" ", " ", " ", "  ", "\n", "\t", " \n", "\n\n", "\n \n ")
        text: Any = "".join(rng.choice(WORDS) + rng.choice(gaps) for _ in range(rng.randint(0, 12)))
        if rng.random() < 0.3:
            text = rng.choice(gaps) + text.rstrip()
        if rng.random() < 0.1:
            text = text.encode()
        width = rng.choice((30, 60, 100, 200, 400))
        height = rng.choice((None, None, 20, 50, 120, 300.5))
        scaling = rng.choice((None, None, None, "shrink", "grow", ("shrink", 9), ("grow", 40)))
        if scaling in ("grow", ("grow", 40)) and not text.strip():
            continue  # grows until FreeType gives up: slow, and tested elsewhere
        stroke, spacing = rng.choice((0, 0, 2)), rng.choice((4, 4, 0, 2.5))

        def call(a: Any = (used, text, width, height, scaling, stroke, spacing)) -> Any:
            used, text, width, height, scaling, stroke, spacing = a
            what = ImageText.Text(text, used, "RGB", spacing)
            what.stroke(stroke)
            rest = attempt(what.wrap, width, height, scaling)
            if isinstance(rest, ImageText.Text):
                rest = (rest.text, rest.stroke_width, rest.spacing)
            size = getattr(what.font, "size", None)
            return [repr(rest), repr(what.text), size, attempt(what.get_bbox, (3, 4.5))]

        yield ascii((about, text, width, height, scaling, stroke, spacing)), call


def small(rng: random.Random, most: int) -> int:
    return rng.choice((0, 1, 2, 5, rng.randint(-most, most), rng.randint(0, most)))


HEADS = (b"PILfont\n;;;\nDATA\n", b"PILfont\n\nx\ny\nDATA\n", b"PILFont\n\nDATA\n")


def bitmap_fonts(rng: random.Random) -> Iterator[Case]:
    """Random tables over random sheets."""
    while True:
        sheet = image(rng, rng.choice(("1", "L")), (rng.randint(1, 30), rng.randint(1, 30)))
        glyphs = []
        for _ in range(256):
            x, y, w, h = (small(rng, 12) for _ in range(4))
            u, v = small(rng, 20), small(rng, 20)
            glyphs += [small(rng, 9), rng.choice((0, 0, small(rng, 4))), x, y, x + w, y + h]
            glyphs += [u, v, u + w, v + h]
        table = struct.pack(">2560h", *glyphs)
        if rng.random() < 0.05:
            table = table[: rng.randrange(5121)]
        head = rng.choice(HEADS)
        noise = rng.randbytes(rng.randint(0, 9))
        text = rng.choice((noise, noise, "abc", "\xff\xa0", "a\0b", "\u0100", ""))

        def call(a: Any = (sheet, table, head, text)) -> Any:
            sheet, table, head, text = a
            made = ImageFont.ImageFont()
            made._load_pilfont_data(io.BytesIO(head + table), sheet.copy())
            found = [made.info, made.getbbox(text), made.getlength(text)]
            try:
                return [*found, pixels(made.getmask(text, "1"))]
            except (SystemError, ValueError):
                # Boxes that differ in size: Pillow says SystemError, which names a bug of its own.
                return [*found, "no mask"]

        digest = canonical(table)
        yield ascii((sheet.mode, sheet.size, digest, head, text)), call


AREAS: dict[str, tuple[Area, int]] = {
    "text strings": (strings, 2000),
    "text drawn": (drawings, 800),
    "text wrapped": (wraps, 500),
    "bitmap fonts": (bitmap_fonts, 200),
}
