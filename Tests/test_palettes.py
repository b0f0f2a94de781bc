"""ImagePalette, palettes of images, palette files. Expected values are Pillow 13.0.0's."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from PIL import GimpGradientFile, GimpPaletteFile, Image, ImagePalette, PaletteFile


def grey_palette() -> ImagePalette.ImagePalette:
    return ImagePalette.ImagePalette("RGB", [i for i in range(256) for _ in "RGB"])


def put(mode: str, data: Any, *rawmode: str) -> Image.Image:
    im = Image.new(mode, (1, 1))
    im.putpalette(data, *rawmode)
    return im


@pytest.mark.parametrize(
    ("mode", "data", "rawmode", "expected"),
    [
        ("P", bytes(range(6)), "RGB", ("P", "RGB", None, 1, bytes(range(6)))),
        ("L", bytes(range(6)), "RGB", ("P", "RGB", None, 0, bytes(range(6)))),
        ("LA", bytes(range(6)), "RGB", ("PA", "RGB", None, 0, bytes(range(6)))),
        ("P", bytes(range(8)), "RGBA", ("P", "RGBA", None, 1, bytes(range(8)))),
        ("P", bytes(range(6)), "BGR", ("P", "RGB", None, 0, bytes((2, 1, 0, 5, 4, 3)))),
        ("P", bytes(8), "CMYK;I", ("P", "CMYK", None, 0, b"\xff" * 8)),
        (
            "P",
            ImagePalette.raw("BGR", bytes(range(3))),
            "RGBA",
            ("P", "RGBA", None, 0, b"\2\1\0\xff"),
        ),
        (
            "P",
            ImagePalette.ImagePalette("RGBA", bytes(range(4))),
            "RGB",
            ("P", "RGB", None, 1, bytes(range(4))),
        ),
        (
            "P",
            ImagePalette.ImagePalette("RGBA", bytes(range(4))),
            "RGBA",
            ("P", "RGBA", None, 1, bytes(range(4))),
        ),
    ],
)
def test_putpalette(mode: str, data: Any, rawmode: str, expected: tuple[Any, ...]) -> None:
    im = put(mode, data, rawmode)
    palette = im.palette
    assert palette is not None
    found = (im.mode, palette.mode, palette.rawmode, palette.dirty, bytes(palette.palette))
    assert found == expected


@pytest.mark.parametrize("rawmode", ["L", "1", "no such", "P;2L"])
def test_putpalette_bad_rawmode(rawmode: str) -> None:
    with pytest.raises(ValueError, match="unrecognized raw mode"):
        put("P", bytes(6), rawmode)


def test_too_long_palette_fails_when_it_is_realized() -> None:
    im = put("P", bytes(3 * 257))
    with pytest.raises(ValueError, match="invalid palette size"):
        im.load()


@pytest.mark.parametrize("mode", ["1", "RGB", "I", "F", "RGBA"])
def test_putpalette_bad_mode(mode: str) -> None:
    with pytest.raises(ValueError, match="illegal image mode"):
        put(mode, b"")


@pytest.mark.parametrize(
    ("rawmode", "expected"),
    [
        ("RGB", [1, 2, 3]),
        ("RGBA", [1, 2, 3, 255]),
        ("BGRX", [3, 2, 1, 0]),
        ("R", [1]),
        (None, [1, 2, 3]),
    ],
)
def test_getpalette(rawmode: str | None, expected: list[int]) -> None:
    assert put("P", (1, 2, 3)).getpalette(rawmode) == expected


def test_getpalette_without_one() -> None:
    assert Image.new("L", (1, 1)).getpalette() is None
    with pytest.raises(ValueError, match="unrecognized raw mode"):
        put("P", (1, 2, 3)).getpalette("L")


def test_getcolor_prefers_what_is_there() -> None:
    palette = ImagePalette.ImagePalette("RGB", bytes((1, 2, 3, 4, 5, 6, 1, 2, 3)))
    assert palette.getcolor((1, 2, 3)) == 0
    assert palette.getcolor((4, 5, 6, 255)) == 1
    assert palette.dirty is None
    assert palette.getcolor((7, 8, 9)) == 3
    assert palette.dirty == 1
    assert isinstance(palette.palette, bytearray)


def test_getcolor_keeps_reserved_indices_free() -> None:
    im = Image.new("P", (1, 1))
    im.info.update(transparency=2, background=3)
    palette = ImagePalette.ImagePalette("RGB", b"abcdef")
    assert palette.getcolor((1, 2, 3), im) == 4
    assert palette.palette == b"abcdef" + bytes(6) + b"\1\2\3"


def test_getcolor_reuses_the_last_unused_entry() -> None:
    im = Image.new("P", (1, 1))
    im.info.update(transparency=255, background=254)
    palette = grey_palette()
    assert palette.getcolor((1, 2, 3), im) == 253
    assert (253, 253, 253) not in palette.colors
    assert palette.colors[1, 2, 3] == 253


@pytest.mark.parametrize("mode", [None, "PA", "RGB"])
def test_getcolor_of_a_full_palette(mode: str | None) -> None:
    # of several bands the last one looks unused, and is no palette index
    im = Image.new(mode, (1, 1)) if mode else None
    with pytest.raises(ValueError, match="cannot allocate more than 256 colors"):
        grey_palette().getcolor((1, 2, 3), im)


@pytest.mark.parametrize(
    ("color", "text"),
    [
        ("red", "unknown color specifier"),
        ([1, 2, 3], "unknown color specifier"),
        ((1, 2, 3, 4), "non-opaque"),
        ((1, 300, 3), "range"),
    ],
)
def test_getcolor_errors_change_nothing(color: Any, text: str) -> None:
    palette = ImagePalette.ImagePalette()
    with pytest.raises(ValueError, match=text):
        palette.getcolor(color)
    assert palette.colors == {}
    assert palette.palette == b""
    assert palette.dirty is None


def test_copy_is_independent() -> None:
    palette = ImagePalette.raw("BGR", bytearray(3))
    other = palette.copy()
    assert (other.mode, other.rawmode, other.dirty) == ("RGB", "BGR", 1)
    assert isinstance(other.palette, bytearray)
    other.palette[0] = 9
    assert palette.palette == bytes(3)


def test_putpixel_of_a_color() -> None:
    im = Image.new("PA", (2, 1))
    im.putpixel((0, 0), (1, 2, 3, 77))
    im.putpixel((1, 0), [4, 5, 6])
    assert im.get_flattened_data() == ((0, 77), (1, 255))
    assert im.getpalette() == [1, 2, 3, 4, 5, 6]


def test_apply_transparency() -> None:
    im = put("P", (1, 2, 3, 4, 5, 6))
    im.info["transparency"] = b"\7"
    im.apply_transparency()
    assert im.info == {}
    assert im.getpalette("RGBA") == [1, 2, 3, 7, 4, 5, 6, 255]
    im.info["transparency"] = 2
    with pytest.raises(IndexError):
        im.apply_transparency()


def test_remap_palette() -> None:
    im = Image.frombytes("P", (3, 1), b"\0\1\2")
    im.putpalette((1, 1, 1, 2, 2, 2, 3, 3, 3))
    im.info["transparency"] = 2
    mapped = im.remap_palette([2, 0])
    assert mapped.tobytes() == b"\1\0\0"
    assert mapped.getpalette() == [3, 3, 3, 1, 1, 1]
    assert mapped.info["transparency"] == 0
    assert "transparency" not in im.remap_palette([1]).info
    im.info["transparency"] = b"\0"
    with pytest.warns(UserWarning, match="bytes"):
        assert "transparency" not in im.remap_palette([1]).info


def test_remap_palette_errors() -> None:
    im = Image.new("P", (1, 1))
    with pytest.raises(IndexError):
        im.remap_palette([256])
    with pytest.raises(ValueError):
        im.remap_palette([*range(256), 5])
    with pytest.raises(ValueError, match="illegal image mode"):
        Image.new("RGB", (1, 1)).remap_palette([0])


def test_has_transparency_data() -> None:
    im = put("P", bytes(4), "RGBA")
    assert im.has_transparency_data
    im = put("P", bytes(3))
    assert not im.has_transparency_data
    im.info["transparency"] = None
    assert im.has_transparency_data


def test_save_and_load(tmp_path: Path) -> None:
    path = str(tmp_path / "palette")
    ImagePalette.ImagePalette("RGB", [9, 8, 7]).save(path)
    lines = Path(path).read_text().splitlines()
    assert lines[:4] == ["# Palette", "# Mode: RGB", "0 9 8 7", "1 0 0 0"]
    assert len(lines) == 258
    data, rawmode = ImagePalette.load(path)
    assert (data[:6], len(data), rawmode) == (b"\x09\x08\x07\0\0\0", 768, "RGB")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (b"", b"\1\1\1"),
        (b"# " + b"a" * 200 + b"\n1 2", b"\2\2\2"),
        (b"1 300 5 6", b"\x2c\5\6"),
        (b"300 1\n-1 2", b"\1\1\1"),
    ],
)
def test_palette_file(text: bytes, entry: bytes) -> None:
    data, rawmode = PaletteFile.PaletteFile(io.BytesIO(text)).getpalette()
    assert (data[3:6], len(data), rawmode) == (entry, 768, "RGB")


@pytest.mark.parametrize("text", [b"1 2 3", b"1 2 3 4 5", b"\n", b"a b", b"1" * 99 + b"\n"])
def test_bad_palette_file(text: bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        PaletteFile.PaletteFile(io.BytesIO(text))
    path = tmp_path / "bad"
    path.write_bytes(text)
    with pytest.raises(OSError, match="cannot load palette"):
        ImagePalette.load(str(path))


GIMP = b"GIMP Palette\n"


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (GIMP, 0),
        (GIMP + b"Name: " + b"a" * 200 + b"\nColumns: 4\n#\n1 2 3 Some name\n", 1),
        (GIMP + b"1 2 3\n" * 300, 256),
        (GIMP + b"#\n" * 258 + b"1 2 3\n" * 2, 1),
    ],
)
def test_gimp_palette(text: bytes, entries: int) -> None:
    data, _ = GimpPaletteFile.GimpPaletteFile(io.BytesIO(text)).getpalette()
    assert data == b"\1\2\3" * entries


def test_gimp_palette_without_limits() -> None:
    palette = GimpPaletteFile.GimpPaletteFile.frombytes(GIMP + b"#\n" * 300 + b"1 2 3\n" * 300)
    assert palette.palette == b"\1\2\3" * 300


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"", SyntaxError),
        (GIMP + b"1 2\n", ValueError),
        (GIMP + b"\n", ValueError),
        (GIMP + b"300 1 2\n", ValueError),
        (GIMP + b"1 2 3" + b" " * 200, SyntaxError),
    ],
)
def test_bad_gimp_palette(text: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        GimpPaletteFile.GimpPaletteFile(io.BytesIO(text))


GRADIENT = b"GIMP Gradient\n"
SEGMENT = b"0 0.5 1 0 0 0 1 1 1 1 1 %d 0\n"


@pytest.mark.parametrize(("curve", "quarter"), [(0, 64), (1, 64), (2, 37), (3, 169), (4, 8)])
def test_gimp_gradient(curve: int, quarter: int) -> None:
    text = GRADIENT + b"Name: n\n1\n" + SEGMENT % curve
    data, rawmode = GimpGradientFile.GimpGradientFile(io.BytesIO(text)).getpalette(5)
    assert rawmode == "RGBA"
    assert data[:4] == b"\0\0\0\xff"
    assert data[4] == quarter
    assert data[-4:] == b"\xff\xff\xff\xff"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"x", SyntaxError),
        (GRADIENT, ValueError),
        (GRADIENT + b"1\n" + SEGMENT[:-2] % 0 + b"1\n", OSError),
        (GRADIENT + b"1\n" + SEGMENT % 9, ValueError),
        (GRADIENT + b"1000000000\n", ValueError),
    ],
)
def test_bad_gimp_gradient(text: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        GimpGradientFile.GimpGradientFile(io.BytesIO(text))


def test_made_palettes() -> None:
    assert ImagePalette.wedge("RGBA").palette[:5] == [0, 0, 0, 0, 1]  # type: ignore[comparison-overlap]
    assert ImagePalette.negative().palette[:4] == [255, 255, 255, 254]  # type: ignore[comparison-overlap]
    assert ImagePalette.sepia().palette[-3:] == [255, 240, 192]  # type: ignore[comparison-overlap]
    assert len(ImagePalette.random("CMYK").palette) == 1024
    assert ImagePalette.make_linear_lut(0, -5)[-1] == -5
    assert ImagePalette.make_gamma_lut(2)[128] == 64
