"""Images to and from Qt, by PyQt6 or PySide6.

Without either, ``qt_is_installed`` is False, and there is no class :class:`ImageQt`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from io import BytesIO

from . import Image
from ._deprecate import deprecate
from ._util import is_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QPixmap

    from . import ImageFile

#: Version as ``qt_version`` tells it, and package. What the program uses already comes first.
qt_versions = [["6", "PyQt6"], ["side6", "PySide6"]]
qt_versions.sort(key=lambda entry: entry[1] not in sys.modules)

qt_version: str | None = None
qt_is_installed = False

for _version, _package in qt_versions:
    try:
        _core, _gui = (import_module(f"{_package}.{part}") for part in ("QtCore", "QtGui"))
    except (ImportError, RuntimeError):  # not there, or lacks libraries
        continue
    QBuffer, QByteArray, QIODevice = _core.QBuffer, _core.QByteArray, _core.QIODevice
    QImage, QPixmap, qRgba = _gui.QImage, _gui.QPixmap, _gui.qRgba
    qt_version, qt_is_installed = _version, True
    break

# Rows of a QImage begin at a multiple of so many bits.
_ALIGNMENT = 32
_BITS = {"1": 1, "L": 8, "P": 8, "I;16": 16, "RGB": 32, "RGBA": 32}


def rgb(r: int, g: int, b: int, a: int = 255) -> int:
    """A colour as Qt keeps it: an unsigned number of 32 bits, alpha in the highest eight."""
    number: int = qRgba(r, g, b, a)
    return number & 0xFFFFFFFF


def fromqimage(im: QImage | QPixmap) -> ImageFile.ImageFile:
    """An image of a ``QImage`` or ``QPixmap``: mode "RGBA" if it has alpha, otherwise "RGB"."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    # PPM is read faster, but has no alpha.
    im.save(buffer, "png" if im.hasAlphaChannel() else "ppm")
    data = bytes(buffer.data())
    buffer.close()
    return Image.open(BytesIO(data))


def fromqpixmap(im: QPixmap) -> ImageFile.ImageFile:
    """The same as :func:`fromqimage`."""
    return fromqimage(im)


def _row_bytes(mode: str, width: int) -> int:
    return (_BITS[mode] * width + _ALIGNMENT - 1) // _ALIGNMENT * (_ALIGNMENT // 8)


def align8to32(bytes: bytes, width: int, mode: str) -> bytes:
    """Rows of whole bytes, each padded with zeros to a multiple of 4 bytes. Deprecated.

    :param mode: "1", "L", "P" or "I;16".
    """
    deprecate("ImageQt.align8to32", 14)
    bits = {name: _BITS[name] for name in ("1", "L", "P", "I;16")}[mode]
    have, wanted = (bits * width + 7) // 8, _row_bytes(mode, width)
    if have == wanted:
        return bytes
    rows = [bytes[i * have : (i + 1) * have] for i in range(len(bytes) // have)]
    return b"".join(row.ljust(wanted, b"\0") for row in rows)


def _colors(im: Image.Image) -> list[int] | None:
    """The colour table of an indexed image, if it needs one."""
    if im.mode == "L":
        return [rgb(i, i, i) for i in range(256)]
    if im.mode != "P":
        return None
    entries = iter(im.getpalette() or ())
    table = [rgb(*entry) for entry in zip(entries, entries, entries, strict=False)]
    # Of a table that is too short for an index, Qt reads what lies behind it in memory. Without
    # any table, indices are greys.
    if table and 0 not in im.size:
        largest = int(im.im.getextrema()[1])
        table += [rgb(0, 0, 0)] * (largest + 1 - len(table))
    return table


def _high_bytes(im: Image.Image) -> bytes:
    """Values times 256, modulo 65536, least significant byte first."""
    low = im.tobytes()[::2]
    data = bytearray(2 * len(low))
    data[1::2] = low
    return bytes(data)


def _padded(im: Image.Image, data: bytes) -> bytes:
    """The rows of an image, padded as Qt wants them."""
    wanted = _row_bytes(im.mode, im.width)
    have = len(data) // im.height if im.height else wanted
    if have == wanted:
        return data
    return b"".join(
        data[start : start + have].ljust(wanted, b"\0") for start in range(0, len(data), have or 1)
    )


# Mode: (name of the QImage format, its data without padding)
_FORMATS: dict[str, tuple[str, Any]] = {
    "1": ("Format_Mono", lambda im: im.tobytes("raw", "1")),
    "L": ("Format_Indexed8", lambda im: im.tobytes()),
    "P": ("Format_Indexed8", lambda im: im.tobytes()),
    "RGB": ("Format_RGB32", lambda im: im.convert("RGBA").tobytes("raw", "BGRA")),
    "RGBA": ("Format_ARGB32", lambda im: im.tobytes("raw", "BGRA")),
    "I;16": ("Format_Grayscale16", _high_bytes),
}


def _toqclass_helper(im: Image.Image | str | QByteArray) -> dict[str, Any]:
    """What a ``QImage`` is made from: data, size, format, colortable (None if without).

    :exception ValueError: For a mode that Qt has no format for.
    """
    if hasattr(im, "toUtf8"):
        im = str(im.toUtf8(), "utf-8")
    if is_path(im):
        with Image.open(im) as opened:
            return _qt_parts(opened)
    assert isinstance(im, Image.Image)
    return _qt_parts(im)


def _qt_parts(im: Image.Image) -> dict[str, Any]:
    if im.mode not in _FORMATS:
        msg = f"unsupported image mode {im.mode!r}"
        raise ValueError(msg)
    name, pixels = _FORMATS[im.mode]
    return {
        "data": _padded(im, pixels(im)),
        "size": im.size,
        "format": getattr(QImage.Format, name),
        "colortable": _colors(im),
    }


if qt_is_installed:

    class ImageQt(QImage):  # type: ignore[misc]
        """A ``QImage`` with the pixels of an image.

        :param im: An image of mode "1", "L", "P", "RGB", "RGBA" or "I;16", or a file's name.
        :exception ValueError: For other modes.
        """

        def __init__(self, im: Image.Image | str | QByteArray) -> None:
            parts = _toqclass_helper(im)
            # QImage uses the data without keeping them.
            self.__data = parts["data"]
            super().__init__(self.__data, *parts["size"], parts["format"])
            if parts["colortable"]:
                self.setColorTable(parts["colortable"])


def toqimage(im: Image.Image | str | QByteArray) -> ImageQt:
    """The image as a ``QImage``."""
    return ImageQt(im)


def toqpixmap(im: Image.Image | str | QByteArray) -> QPixmap:
    """The image as a ``QPixmap``, which needs a running ``QGuiApplication``."""
    pixmap = QPixmap.fromImage(toqimage(im))
    if qt_version == "6":
        pixmap.detach()
    return pixmap
