"""Fonts: opening, measuring, rendering, variations, default faces, bitmap fonts, threads."""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from outline_fonts import aileron, name_table, variable
from PIL import Image, ImageDraw, ImageFont, _util, features

core: Any = ImageFont.core
needs_freetype = pytest.mark.skipif(
    not features.check("freetype2"), reason="built without FreeType"
)
needs_raqm = pytest.mark.skipif(not features.check("raqm"), reason="built without Raqm")


def truetype(size: float = 20, layout: int = 0, data: bytes | None = None) -> Any:
    engine = ImageFont.Layout(layout)
    return ImageFont.truetype(io.BytesIO(data or aileron()), size, layout_engine=engine)


def pixels(core: Any) -> Image.Image:
    return Image.new(core.mode, (0, 0))._new(core)


# --- Opening ---


@needs_freetype
def test_default_face() -> None:
    font = ImageFont.load_default()
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert font.getname() == ("Aileron", "Regular")
    assert font.getmetrics() == (10, 3)
    assert (font.size, font.layout_engine) == (10, ImageFont.Layout.BASIC)
    assert (font.font.height, font.font.glyphs, font.font.x_ppem) == (12, 116, 10)
    assert font.getlength("Hello") == 25
    assert font.getbbox("A") == (0, 2, 7, 10)
    assert font.getbbox("A", anchor="ms") == (-3, -8, 4, 0)
    assert font.getbbox("", stroke_width=2) == (-2, -2, 2, 2)


@needs_freetype
@pytest.mark.parametrize("size", [0, -1, -0.5])
def test_sizes_that_are_none(size: float) -> None:
    with pytest.raises(ValueError, match="size must be greater than 0"):
        truetype(size)


@needs_freetype
@pytest.mark.parametrize("size", [0.01, 1e6, 1e30, float("inf"), float("nan")])
def test_sizes_that_freetype_refuses(size: float) -> None:
    with pytest.raises(OSError):
        truetype(size)


@needs_freetype
def test_fractional_sizes_are_sizes_of_their_own() -> None:
    lengths = [truetype(size / 64).getlength("A" * 64) for size in range(640, 704)]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


@needs_freetype
def test_arguments_of_getfont() -> None:
    with pytest.raises(TypeError):
        type(truetype().font)()
    with pytest.raises(TypeError):
        core.getfont("x", "10")
    with pytest.raises(ValueError, match="null"):
        core.getfont("a\0b", 10)
    with pytest.raises(OSError):
        core.getfont("/nonexistent", 10)
    with pytest.raises(OSError):
        truetype(10, data=b"not a font")
    for index in (-1, 1, 2**31 - 1):
        with pytest.raises(OSError):
            ImageFont.truetype(io.BytesIO(aileron()), 10, index)
    with pytest.raises(OSError):
        ImageFont.truetype(io.BytesIO(aileron()), 10, encoding="symb")
    ImageFont.truetype(io.BytesIO(aileron()), 10, encoding="unic")
    ImageFont.truetype(io.BytesIO(aileron()), 10, encoding="longer than four")


@needs_freetype
def test_files_paths_and_variants(tmp_path: Path) -> None:
    path = tmp_path / "a face.ttf"
    path.write_bytes(aileron())
    for name in (path, str(path), os.fsencode(path)):
        font = ImageFont.truetype(name, 15)
        assert font.path == name
        assert not hasattr(font, "font_bytes")
        assert font.getbbox("Ag") == truetype(15).getbbox("Ag")
    larger = font.font_variant(size=30, layout_engine=ImageFont.Layout.BASIC)
    assert larger.getmetrics() == truetype(30).getmetrics()
    assert larger.layout_engine == ImageFont.Layout.BASIC
    again = pickle.loads(pickle.dumps(font))
    assert (again.size, again.getlength("Ag")) == (15, font.getlength("Ag"))
    from_bytes = truetype(15).font_variant(size=30)
    assert from_bytes.font_bytes == aileron()


@needs_freetype
def test_installed_fonts_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "fonts" / "deeper"
    folder.mkdir(parents=True)
    for name in ("made up.otf", "made up.ttf", "only.pfb"):
        (folder / name).write_bytes(aileron())
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", "/nonexistent")
    found = {name: str(folder / name) for name in ("made up.otf", "made up.ttf", "only.pfb")}
    assert ImageFont.truetype("made up.otf").path == found["made up.otf"]
    assert ImageFont.truetype("/elsewhere/made up").path == found["made up.ttf"]
    assert ImageFont.truetype("only").path == found["only.pfb"]
    for missing in ("made up.woff", "nothing", b"made up.ttf"):
        with pytest.raises(OSError):
            ImageFont.truetype(missing)


def test_without_freetype(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = _util.DeferredError(ImportError("no FreeType here"))
    monkeypatch.setattr(ImageFont, "core", missing)
    assert isinstance(ImageFont.load_default(), ImageFont.ImageFont)
    with pytest.raises(ImportError, match="no FreeType here"):
        ImageFont.load_default(10)


@needs_freetype
def test_without_raqm(monkeypatch: pytest.MonkeyPatch) -> None:
    without = SimpleNamespace(HAVE_RAQM=False, getfont=core.getfont)
    monkeypatch.setattr(ImageFont, "core", without)
    with pytest.warns(UserWarning, match="Raqm is not available"):
        font = truetype(10, layout=1)
    assert font.layout_engine == ImageFont.Layout.BASIC
    with pytest.raises(KeyError):
        font.getlength("a", features=["-kern"])


# --- Text ---


@needs_freetype
@pytest.mark.parametrize("layout", [0, pytest.param(1, marks=needs_raqm)])
def test_kinds_of_text(layout: int) -> None:
    font = truetype(20, layout)
    assert font.getlength("abc") == font.getlength(b"abc")
    for bad in (bytearray(b"abc"), ["a"], memoryview(b"abc")):
        with pytest.raises(TypeError, match="expected string or bytes"):
            font.getlength(bad)
    with pytest.raises(TypeError):
        font.getlength(5)


@needs_freetype
@pytest.mark.parametrize("layout", [0, pytest.param(1, marks=needs_raqm)])
def test_long_text_is_refused(layout: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFont, "MAX_STRING_LENGTH", 10)
    for font in (truetype(20, layout), ImageFont.load_default_imagefont()):
        assert font.getlength("a" * 10) == 10 * font.getlength("a")
        for call in (font.getlength, font.getbbox, font.getmask):
            with pytest.raises(ValueError, match="longer than"):
                call("a" * 11)
    monkeypatch.setattr(ImageFont, "MAX_STRING_LENGTH", None)
    truetype(20, layout).getlength("a" * 11)


@needs_freetype
@needs_raqm
def test_what_only_raqm_does() -> None:
    font = truetype(20, 1)
    assert font.getlength("AV", features=["-kern"]) > font.getlength("AV")
    assert font.getbbox("Ab", direction="ttb")[3] > font.getbbox("Ab")[3]
    with pytest.raises(ValueError, match="direction"):
        font.getlength("a", direction="up")
    with pytest.raises(ValueError, match="feature"):
        font.getlength("a", features=["\udc80"])
    with pytest.raises(TypeError, match="expected a sequence"):
        font.getlength("a", features=5)
    with pytest.raises(TypeError, match="expected a string"):
        font.getlength("a", features=[5])

    class Broken(list[str]):
        def __iter__(self) -> Any:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        font.getlength("a", features=Broken(["kern"]))
    basic = truetype(20, 0)
    for options in ({"direction": "ltr"}, {"features": []}, {"language": "en"}):
        with pytest.raises(KeyError):
            basic.getlength("", **options)


@needs_freetype
def test_anchors() -> None:
    font = truetype(20)
    ascent, descent = font.getmetrics()
    left, top, right, bottom = font.getbbox("Ag", anchor="ls")
    for y, letter in ((ascent, "a"), (-top, "t"), (-bottom, "b"), (-descent, "d")):
        moved = font.getbbox("Ag", anchor="l" + letter)
        assert moved == (left, top + y, right, bottom + y)
    assert font.getbbox("Ag", anchor="rs")[0] == left - round(font.getlength("Ag"))
    for bad in ("", "l", "lax", "xs", "lx", "sa"):
        with pytest.raises(ValueError, match="bad anchor"):
            font.getbbox("Ag", anchor=bad)
    for bad in ("", "l", "lax"):
        with pytest.raises(ValueError, match="bad anchor"):
            font.getbbox("", anchor=bad)
    assert font.getbbox("", anchor="zz") == (0, 0, 0, 0)


# --- Rendering ---


@needs_freetype
def test_modes() -> None:
    font = truetype(30)
    grey, black, colour = (pixels(font.getmask("Rg", mode)) for mode in ("L", "1", "RGBA"))
    assert (grey.mode, black.mode, colour.mode) == ("L", "L", "RGBA")
    assert {value for _, value in black.getcolors() or []} == {0, 255}
    inked, _ = font.getmask2("Rg", "RGBA", ink=0x80332211)
    assert {value[:3] for _, value in pixels(inked).getcolors(9999) or []} == {
        (0, 0, 0),
        (0x11, 0x22, 0x33),
    }
    assert pixels(inked).getchannel("A").tobytes() == grey.tobytes()


@needs_freetype
def test_overlapping_glyphs_cover_each_other() -> None:
    """The rule for coverage, with a font whose glyphs do not advance: v + t * (255 - v) / 255."""
    from outline_fonts import assemble, tables

    parts = tables(aileron())
    still = assemble({**parts, b"hmtx": bytes(len(parts[b"hmtx"]))})
    font = truetype(40, data=still)
    one, two = pixels(font.getmask("o")), pixels(font.getmask("oo"))
    assert one.size == two.size
    expected = []
    for v in one.tobytes():
        t = v * (255 - v) + 128
        expected.append(v + (t + (t >> 8) >> 8))
    assert two.tobytes() == bytes(expected)
    assert two.tobytes() != one.tobytes()


@needs_freetype
def test_strokes() -> None:
    font = truetype(60)
    plain, _ = font.getmask2("o")
    ring, offset = font.getmask2("o", stroke_width=2)
    filled, _ = font.getmask2("o", stroke_width=2, stroke_filled=True)
    assert ring.size == filled.size == (plain.size[0] + 4, plain.size[1] + 4)
    assert offset[0] == -2
    assert sum(pixels(filled).tobytes()) > sum(pixels(ring).tobytes())
    assert font.getmask2("A", stroke_width=-1)[0].size < font.getmask2("A")[0].size
    for width, error in ((float("nan"), OverflowError), (1e6, Image.DecompressionBombError)):
        with pytest.raises(error):
            font.getmask2("A", stroke_width=width)


@needs_freetype
def test_start_moves_by_fractions() -> None:
    font = truetype(30)
    size = font.getmask2("A", start=(0, 0))[0].size
    assert font.getmask2("A", start=(0.25, 0.5))[0].size == (size[0] + 1, size[1] + 1)
    for bad in ((1,), (1, 2, 3), 5, ("a", "b")):
        with pytest.raises(TypeError):
            font.getmask2("A", start=bad)


@needs_freetype
def test_what_a_render_callback_may_do_wrong() -> None:
    font = truetype(20).font
    with pytest.raises(ZeroDivisionError):
        font.render("A", lambda width, height: 1 // 0)
    with pytest.raises(AttributeError):
        font.render("A", lambda width, height: 5)
    for mode, wrong in (("L", "RGB"), ("RGBA", "L"), ("L", "I;16")):
        with pytest.raises(ValueError, match="wrong mode"):
            font.render("A", lambda width, height, m=wrong: Image.core.fill(m, (99, 99)), mode)
    # A smaller image is drawn to as far as it goes.
    image, _ = font.render("A", lambda width, height: Image.core.fill("L", (3, 3)))
    assert image.size == (3, 3)
    shown = Image.frombuffer("L", (99, 99), bytes(99 * 99), "raw", "L", 0, 1)
    with pytest.raises(ValueError, match="wrong mode"):
        font.render("A", lambda width, height: shown.im)


@needs_freetype
def test_glyphs_are_the_same_whatever_was_drawn_before() -> None:
    """Text in every order of modes, strokes and inks, from one font and from fresh ones."""
    kept = truetype(24)
    for turn in range(3):
        for mode in ("L", "1", "RGBA"):
            for stroke in (0, 1, 2.5):
                for ink in (0, 0xFF8040):
                    options: Any = {"stroke_width": stroke, "ink": ink}
                    options["stroke_filled"] = turn == 1
                    text = "Bag of gags"[turn:]
                    ours, at = kept.getmask2(text, mode, **options)
                    fresh, there = truetype(24).getmask2(text, mode, **options)
                    assert at == there
                    assert pixels(ours).tobytes() == pixels(fresh).tobytes()


def resident() -> int:
    """KiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    pytest.fail("no VmRSS in /proc/self/status")


@needs_freetype
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_known_glyphs_take_bounded_memory() -> None:
    font = truetype(60)
    text = "".join(chr(code) for code in range(33, 127))
    font.getmask(text)
    before = resident()
    for step in range(1, 60):  # 94 glyphs of some 4 KiB each time
        font.getmask2(text, stroke_width=step / 16)
    # 60 * 94 * 4 KiB would be 22 MiB; the font keeps 2 MiB, and malloc some more.
    assert resident() - before < 9000


# --- Variations ---

STYLES = [(257, 100), (258, 900), (257, 400)]
NAMES = name_table(
    [(256, b"\0W\0e\0i"), (257, b"\0T\0h\0i\0n"), (258, b"\0B\0o\0l\0d"), (257, b"\0X")]
)


@needs_freetype
def test_variations() -> None:
    font = truetype(20, data=variable(NAMES, STYLES))
    assert font.get_variation_names() == [b"Thin", b"Bold"]
    axis = {"minimum": 100, "default": 400, "maximum": 900, "name": b"Wei"}
    assert font.get_variation_axes() == [axis]
    font.set_variation_by_name("Bold")
    font.set_variation_by_name(b"Thin")
    with pytest.raises(ValueError):
        font.set_variation_by_name("Medium")
    font.set_variation_by_axes([500.9])
    font.set_variation_by_axes([1e300, -1e300, float("nan"), 2**70])
    font.set_variation_by_axes([0] * 70_000)
    with pytest.raises(TypeError, match="must be a list"):
        font.set_variation_by_axes((500,))
    with pytest.raises(TypeError, match="numbers"):
        font.set_variation_by_axes(["500"])
    with pytest.raises(OverflowError):
        font.set_variation_by_axes([10**400])


@needs_freetype
def test_fonts_without_variations() -> None:
    font = truetype()
    for call in (font.get_variation_names, font.get_variation_axes):
        with pytest.raises(OSError):
            call()
    with pytest.raises(OSError):
        font.set_variation_by_name("Bold")
    with pytest.raises(OSError):
        font.set_variation_by_axes([500])


# --- Bitmap fonts ---


def table(**glyphs: tuple[int, ...]) -> bytes:
    """The glyphs named by their characters, all others empty."""
    entries = [struct.pack(">10h", *glyphs.get(chr(i), (0,) * 10)) for i in range(256)]
    return b"".join(entries)


SHEET = Image.frombytes("L", (4, 2), bytes((1, 2, 3, 4, 5, 6, 7, 8)))
# Two by two pixels each: a at the left of the sheet, b at its right, one pixel higher.
GLYPHS = table(a=(3, 0, 0, -2, 2, 0, 0, 0, 2, 2), b=(2, 0, 0, -3, 2, -1, 2, 0, 4, 2))


def bitmap_font(data: bytes = GLYPHS, sheet: Image.Image = SHEET) -> ImageFont.ImageFont:
    font = ImageFont.ImageFont()
    font._load_pilfont_data(io.BytesIO(b"PILfont\nabout\nmore\nDATA\n" + data), sheet.copy())
    return font


def test_bitmap_font() -> None:
    font = bitmap_font()
    assert font.info == [b"more\n"]
    assert font.getbbox("ab") == (0, 0, 5, 3)
    assert font.getlength("aba") == 8
    mask = pixels(font.getmask("ab"))
    assert mask.tobytes() == bytes((0, 0, 0, 3, 4, 1, 2, 0, 7, 8, 5, 6, 0, 0, 0))
    assert font.getlength("a\0b") == 3  # ends at the NUL
    assert font.getlength(b"\x80") == 0
    assert font.getmask("", "anything").size == (0, 3)
    with pytest.raises(UnicodeEncodeError):
        font.getbbox("\u0100")
    with pytest.raises(TypeError):
        font.getmask("a", None)  # type: ignore[arg-type]


def test_bitmap_font_clips_glyphs_to_the_sheet() -> None:
    # One column and one row of what is asked for lie outside on each side.
    wide = table(c=(6, 0, 0, -4, 6, 0, -1, -1, 5, 3))
    mask = pixels(bitmap_font(wide).getmask("c"))
    assert mask.size == (6, 3)
    assert mask.tobytes() == bytes((0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0)) + bytes(6)


@pytest.mark.parametrize("change", [(4, 3), (5, 1), (8, 1), (9, 1)])
def test_boxes_of_different_sizes(change: tuple[int, int]) -> None:
    numbers = [3, 0, 0, -2, 2, 0, 0, 0, 2, 2]
    numbers[change[0]] = change[1]
    with pytest.raises(ValueError, match="differ in size"):
        bitmap_font(table(a=tuple(numbers))).getmask("a")


def test_bitmap_font_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "font.pil"
    path.write_bytes(b"PILfont\n\nDATA\n" + GLYPHS)
    with pytest.raises(OSError, match="cannot find glyph data file"):
        ImageFont.load(path)
    SHEET.convert("RGB").save(tmp_path / "font.png")  # not a sheet
    SHEET.convert("1").save(tmp_path / "font.gif")  # one of 8 bits is not mode 1, but L
    SHEET.save(tmp_path / "font.pbm", "PPM")
    font = ImageFont.load(path)
    assert font.getlength("ab") == 5
    assert font.file in (str(tmp_path / "font.gif"), str(tmp_path / "font.pbm"))
    monkeypatch.setattr(sys, "path", ["/nonexistent", str(tmp_path)])
    for name in ("font.pil", b"font.pil", Path("font.pil")):
        assert ImageFont.load_path(name).getlength("ab") == 5
    with pytest.raises(OSError, match="cannot find font file"):
        ImageFont.load_path("other.pil")
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(OSError, match="did you mean"):
        ImageFont.load_path(path)


def test_default_bitmap_font() -> None:
    font = ImageFont.load_default_imagefont()
    defined = [code for code in range(256) if font.getlength(bytes([code]))]
    assert defined == [*range(32, 127), *range(161, 256)]
    assert {font.getlength(bytes([code])) for code in defined} == {6}
    assert font.getbbox("ab") == (0, 0, 12, 11)
    quote = pixels(font.getmask("'"))
    assert [(i % 6, i // 6) for i, v in enumerate(quote.convert("L").tobytes()) if v] == [
        (2, 2), (3, 2), (2, 3), (1, 4),
    ]  # fmt: skip


# --- Transposed fonts ---


@pytest.mark.parametrize("orientation", [None, *Image.Transpose])
def test_transposed(orientation: Image.Transpose | None) -> None:
    font = bitmap_font()
    turned = ImageFont.TransposedFont(font, orientation)
    mask = pixels(font.getmask("ab"))
    expected = mask if orientation is None else mask.transpose(orientation)
    assert pixels(turned.getmask("ab")).tobytes() == expected.tobytes()
    if orientation in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
        assert turned.getbbox("ab") == (0, 0, 3, 5)
        with pytest.raises(ValueError, match="rotated"):
            turned.getlength("ab")
    else:
        assert turned.getbbox("ab") == (0, 0, 5, 3)
        assert turned.getlength("ab") == 5


# --- Threads ---


@needs_freetype
@pytest.mark.parametrize("layout", [0, pytest.param(1, marks=needs_raqm)])
def test_threads_share_a_font(layout: int) -> None:
    font = truetype(24, layout, variable(NAMES, STYLES))
    font.set_variation_by_axes([400])  # the first time changes how advances are rounded
    texts = [f"{i} Hamburgefonstiv {i * i}" for i in range(40)]

    def draw(text: str) -> tuple[Any, ...]:
        image = Image.new("RGB", (300, 40))
        ImageDraw.Draw(image).text((3, 3), text, "red", font, stroke_width=len(text) % 3)
        return image.tobytes(), font.getlength(text), font.getbbox(text), font.getname()

    def change(text: str) -> tuple[Any, ...]:
        if len(text) % 5 == 0:  # the same axis: all is forgotten and made anew
            font.font.setvaraxes([400])
            font.get_variation_axes()
        return draw(text)

    expected = [draw(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            assert list(pool.map(change, texts)) == expected
