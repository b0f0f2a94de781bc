"""ImageQt: formats, bytes and round trips, with the binding that is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from PIL import Image, ImageQt

needs_qt = pytest.mark.skipif(not ImageQt.qt_is_installed, reason="neither PySide6 nor PyQt6")
MODES = ("1", "L", "P", "RGB", "RGBA", "I;16")
SIZES = [(w, h) for w in (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33) for h in (1, 3)]


def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    pixels = size[0] * size[1]
    if mode == "1":
        rows = (size[0] + 7) // 8 * size[1]
        return Image.frombytes("1", size, bytes(i * 37 % 256 for i in range(rows)))
    count = {"RGB": 3, "RGBA": 4, "I;16": 2}.get(mode, 1)
    im = Image.frombytes(mode, size, bytes(i * 37 % 256 for i in range(count * pixels)))
    if mode == "P":
        im.putpalette([i * 5 % 256 for i in range(768)])
    return im


@needs_qt
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", MODES)
def test_round_trip(mode: str, size: tuple[int, int]) -> None:
    im = picture(mode, size)
    qimage = im.toqimage()
    assert (qimage.width(), qimage.height()) == size
    assert qimage.bytesPerLine() % 4 == 0
    back = Image.fromqimage(qimage)
    assert back.mode == ("RGBA" if mode == "RGBA" else "RGB")
    expected = im.convert(back.mode)
    if mode == "I;16":
        # Only the low byte is kept, in the high one; Qt then divides by 257 to get 8 bits.
        values = [low << 8 for low in im.tobytes()[::2]]
        bytes_ = bytes((v - (v >> 8) + 128) >> 8 for v in values)
        expected = Image.frombytes("L", size, bytes_).convert("RGB")
    assert back.tobytes() == expected.tobytes()


def raw(qimage: Any) -> list[bytes]:
    bits = qimage.constBits()
    if hasattr(bits, "asstring"):  # PyQt
        bits = bits.asstring(qimage.sizeInBytes())
    data, stride = bytes(bits), qimage.bytesPerLine()
    return [data[y * stride : (y + 1) * stride] for y in range(qimage.height())]


@needs_qt
def test_data() -> None:
    formats = ImageQt.QImage.Format
    im = picture("1", (9, 2))
    qimage = ImageQt.ImageQt(im)
    assert qimage.format() == formats.Format_Mono
    assert [row[:2] for row in raw(qimage)] == [im.tobytes()[:2], im.tobytes()[2:]]
    qimage = ImageQt.ImageQt(picture("L", (5, 2)))
    assert qimage.format() == formats.Format_Indexed8
    assert [row[:5] for row in raw(qimage)] == [bytes((0, 37, 74, 111, 148)),
                                                bytes((185, 222, 3, 40, 77))]  # fmt: skip
    assert qimage.colorTable() == [0xFF000000 + i * 0x10101 for i in range(256)]
    qimage = ImageQt.ImageQt(Image.new("RGB", (2, 1), (1, 2, 3)))
    assert qimage.format() == formats.Format_RGB32
    assert raw(qimage) == [bytes((3, 2, 1, 255)) * 2]
    qimage = ImageQt.ImageQt(Image.new("RGBA", (2, 1), (1, 2, 3, 4)))
    assert qimage.format() == formats.Format_ARGB32
    assert raw(qimage) == [bytes((3, 2, 1, 4)) * 2]
    qimage = ImageQt.ImageQt(Image.new("I;16", (2, 1), 0x1234))
    assert qimage.format() == formats.Format_Grayscale16
    assert raw(qimage) == [b"\0\x34" * 2]
    im = Image.new("P", (1, 1))
    im.putpalette([1, 2, 3, 4, 5, 6])
    assert ImageQt.ImageQt(im).colorTable() == [0xFF010203, 0xFF040506]


@needs_qt
@pytest.mark.parametrize("mode", ["LA", "La", "PA", "CMYK", "YCbCr", "HSV", "LAB", "I", "F",
                                  "I;16B", "RGBX", "RGBa"])  # fmt: skip
def test_other_modes(mode: str) -> None:
    with pytest.raises(ValueError, match=f"unsupported image mode '{mode}'"):
        ImageQt.toqimage(Image.new(mode, (1, 1)))


@needs_qt
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(0, 0), (0, 3), (3, 0)])
def test_empty(mode: str, size: tuple[int, int]) -> None:
    assert ImageQt.toqimage(Image.new(mode, size)).isNull()


@needs_qt
def test_sources(tmp_path: Path) -> None:
    path = tmp_path / "image.png"
    im = picture("RGB", (5, 4))
    im.save(path)

    class QString:
        def toUtf8(self) -> bytes:
            return str(path).encode()

    sources: list[Any] = [str(path), path, os.fsencode(path), QString()]
    for source in sources:
        assert ImageQt.fromqimage(ImageQt.ImageQt(source)).tobytes() == im.tobytes()
    nothings: list[Any] = [None, 5, [im]]
    for nothing in nothings:
        with pytest.raises(AssertionError):
            ImageQt.ImageQt(nothing)
    with pytest.raises(FileNotFoundError):
        ImageQt.ImageQt(str(tmp_path / "missing"))


@needs_qt
def test_indices_beyond_the_palette() -> None:
    """Opaque black, and nothing of what lies behind the table."""
    im = Image.frombytes("P", (4, 1), bytes((0, 1, 2, 255)))
    im.putpalette([1, 2, 3, 4, 5, 6])
    back = Image.fromqimage(im.toqimage())
    colors = [back.getpixel((x, 0)) for x in range(4)]
    assert colors == [(1, 2, 3), (4, 5, 6), (0, 0, 0), (0, 0, 0)]
    assert len(im.toqimage().colorTable()) == 256


@needs_qt
def test_data_outlive_the_image() -> None:
    qimage = ImageQt.ImageQt(picture("RGB", (300, 200)))
    garbage = [bytes(300 * 200 * 4) for _ in range(20)]
    assert ImageQt.fromqimage(qimage).tobytes() == picture("RGB", (300, 200)).tobytes()
    del garbage


@needs_qt
def test_pixmap() -> None:
    """In a process of its own, as a QGuiApplication stays for good."""
    code = """
from PIL import Image, ImageQt
if ImageQt.qt_version == "6":
    from PyQt6.QtGui import QGuiApplication
else:
    from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
for mode in ("RGB", "RGBA", "L", "1", "P"):
    im = Image.linear_gradient("L").resize((9, 5)).convert(mode)
    back = Image.fromqpixmap(im.toqpixmap())
    assert back.mode in ("RGB", "RGBA"), back
    assert back.convert("RGB").tobytes() == im.convert("RGB").tobytes(), mode
print("fine")
"""
    assert run(code) == "fine"


def run(code: str) -> str:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_without_qt() -> None:
    code = """
import sys
sys.modules["PyQt6"] = sys.modules["PySide6"] = None
from PIL import Image, ImageQt
assert not ImageQt.qt_is_installed and ImageQt.qt_version is None
assert not any(hasattr(ImageQt, n) for n in ("ImageQt", "QImage", "QPixmap", "qRgba"))
for call in (Image.new("L", (1, 1)).toqimage, Image.new("L", (1, 1)).toqpixmap,
             lambda: Image.fromqimage(None), lambda: Image.fromqpixmap(None)):
    try:
        call()
    except ImportError as e:
        assert str(e) == "Qt bindings are not installed"
    else:
        raise AssertionError
print("fine")
"""
    assert run(code) == "fine"


def test_what_is_loaded_comes_first() -> None:
    code = """
import sys, types
sys.modules["PySide6"] = types.ModuleType("PySide6")  # without QtCore: an ImportError
from PIL import ImageQt
print([package for _, package in ImageQt.qt_versions])
"""
    assert run(code) == "['PySide6', 'PyQt6']"


@needs_qt
def test_rgb() -> None:
    assert ImageQt.rgb(1, 2, 3) == 0xFF010203
    assert ImageQt.rgb(1, 2, 3, 4) == 0x04010203
    assert ImageQt.rgb(255, 255, 255, 255) == 0xFFFFFFFF


@pytest.mark.parametrize(
    "data, width, mode, padded",
    [
        (b"ab", 3, "1", b"a\0\0\0b\0\0\0"),
        (b"12345" * 2, 40, "1", b"12345\0\0\0" * 2),
        (b"abcabc", 3, "L", b"abc\0abc\0"),
        (b"abcdabcd", 4, "P", b"abcdabcd"),
        (b"abcdef" * 2, 3, "I;16", b"abcdef\0\0" * 2),
        (b"abcdef", 4, "L", b"abcdef"),  # aligned rows are not looked at
        (b"abcde", 3, "L", b"abc\0"),  # an unfinished row is left out
        (b"", 3, "L", b""),
    ],
)
def test_align8to32(data: bytes, width: int, mode: str, padded: bytes) -> None:
    with pytest.warns(DeprecationWarning, match=r"align8to32 is deprecated .* Pillow 14"):
        assert ImageQt.align8to32(data, width, mode) == padded


def test_align8to32_modes() -> None:
    with pytest.warns(DeprecationWarning), pytest.raises(KeyError):
        ImageQt.align8to32(b"", 1, "RGB")
