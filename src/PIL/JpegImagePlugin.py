"""JPEG: reading. Writing is in :mod:`PIL._jpeg_write`.

Only the marker segments are interpreted here; the pixels are libjpeg's work.
Specification: ITU-T T.81.
"""

from __future__ import annotations

import array
import math
import os
import struct
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from typing import IO, Any

from . import Image, ImageFile
from ._binary import i16be as i16
from ._deprecate import deprecate
from ._header import Header
from ._jpeg_write import RAWMODE, _save, get_sampling, samplings
from ._mp_index import parse_index
from ._util import publish as _publish
from .JpegPresets import presets

__all__ = [
    "MARKER",
    "RAWMODE",
    "JpegImageFile",
    "get_sampling",
    "jpeg_factory",
    "presets",
    "samplings",
    "zigzag_index",
]

# fmt: off
#: Where a coefficient, counted by rows, stands in a file.
zigzag_index = (
    0,  1,  5,  6, 14, 15, 27, 28,
    2,  4,  7, 13, 16, 26, 29, 42,
    3,  8, 12, 17, 25, 30, 41, 43,
    9, 11, 18, 24, 31, 40, 44, 53,
    10, 19, 23, 32, 39, 45, 52, 54,
    20, 22, 33, 38, 46, 51, 55, 60,
    21, 34, 37, 47, 50, 56, 59, 61,
    35, 36, 48, 49, 57, 58, 62, 63,
)
# fmt: on

_XMP_MARKER = b"http://ns.adobe.com/xap/1.0/\x00"
_PHOTOSHOP_MARKER = b"Photoshop 3.0\x00"
_PHOTOSHOP_RESOLUTION = 0x03ED

_MODES_BY_LAYERS = {1: "L", 3: "RGB", 4: "CMYK"}
_PROGRESSIVE = (0xFFC2, 0xFFC6, 0xFFCA, 0xFFCE)

_START_OF_SCAN = 0xFFDA

# What a frame header begins with; three bytes for each component follow.
_FRAME = Header(">", bits="B", height="H", width="H", layers="B")

#: A progressive file may have so many scans times pixels: each scan, however few bytes it has,
#: can cost a pass over the image. The default takes a few seconds, and lets the largest image
#: that is no decompression bomb have 24 scans; encoders make about ten. ``None`` is no limit.
MAX_SCANNED_PIXELS: int | None = 1 << 32
# So many are allowed whatever the size, for those who allow larger images.
_ALWAYS_ALLOWED_SCANS = 24


def _read_segment(self: JpegImageFile) -> bytes:
    """The contents of a marker segment, after its length."""
    assert self.fp is not None
    return ImageFile._safe_read(self.fp, i16(self.fp.read(2)) - 2)


def Skip(self: JpegImageFile, marker: int) -> None:
    """Pass over a segment."""
    _read_segment(self)


def COM(self: JpegImageFile, marker: int) -> None:
    """Comment."""
    data = _read_segment(self)
    self.info["comment"] = data
    self.app["COM"] = data
    self.applist.append(("COM", data))


def SOF(self: JpegImageFile, marker: int) -> None:
    """Frame header: size, precision and components."""
    data = _read_segment(self)
    frame = _FRAME.unpack(data)
    self._size = frame.width, frame.height
    self.bits, self.layers = frame.bits, frame.layers
    if self.bits != 8:
        raise SyntaxError(f"cannot handle {self.bits}-bit layers")
    if self.layers not in _MODES_BY_LAYERS:
        raise SyntaxError(f"cannot handle {self.layers}-layer images")
    self._mode = _MODES_BY_LAYERS[self.layers]
    if marker in _PROGRESSIVE:
        self.info["progressive"] = self.info["progression"] = 1
    if self.icclist:
        self.info["icc_profile"] = _joined_profile(sorted(self.icclist))
        self.icclist = []
    for start in range(_FRAME.size, len(data), 3):
        identifier, factors, table = data[start], data[start + 1], data[start + 2]
        self.layer.append((identifier, factors >> 4, factors & 15, table))


def _joined_profile(pieces: list[bytes]) -> bytes | None:
    """An ICC profile from its numbered pieces, unless some are missing."""
    if pieces[0][13] != len(pieces):
        return None
    return b"".join(piece[14:] for piece in pieces)


def DQT(self: JpegImageFile, marker: int) -> None:
    """Quantisation tables."""
    data = _read_segment(self)
    while data:
        wide = data[0] >> 4 != 0
        end = 1 + (128 if wide else 64)
        if len(data) < end:
            raise SyntaxError("bad quantization table marker")
        table = array.array("H" if wide else "B", data[1:end])
        if wide and sys.byteorder == "little":
            table.byteswap()
        self.quantization[data[0] & 15] = [table[i] for i in zigzag_index]
        data = data[end:]


def APP(self: JpegImageFile, marker: int) -> None:
    """Application data: JFIF, Exif, XMP, ICC, Photoshop, Adobe, ..."""
    assert self.fp is not None
    data = _read_segment(self)
    number = marker & 15
    self.app[f"APP{number}"] = data
    self.applist.append((f"APP{number}", data))
    for wanted, prefix, handler in _APPLICATIONS:
        if number == wanted and data.startswith(prefix):
            handler(self, data)
            return


def _jfif(self: JpegImageFile, data: bytes) -> None:
    version = i16(data, 5)
    self.info["jfif"] = version
    self.info["jfif_version"] = divmod(version, 256)
    if len(data) < 12:
        return
    unit, *density = struct.unpack(">B2H", data[7:12])
    if unit == 1:
        self.info["dpi"] = tuple(density)
    elif unit == 2:  # per centimetre
        self.info["dpi"] = tuple(value * 2.54 for value in density)
    self.info["jfif_unit"] = unit
    self.info["jfif_density"] = tuple(density)


def _exif(self: JpegImageFile, data: bytes) -> None:
    if self._exif_pieces:
        self._exif_pieces.append(data[6:])
        return
    assert self.fp is not None
    self._exif_pieces.append(data)
    self.info["exif"] = data
    self._exif_offset = self.fp.tell() - len(data) + 6


def _xmp(self: JpegImageFile, data: bytes) -> None:
    self.info["xmp"] = data.split(b"\x00", 1)[1]


def _flashpix(self: JpegImageFile, data: bytes) -> None:
    self.info["flashpix"] = data


def _icc(self: JpegImageFile, data: bytes) -> None:
    self.icclist.append(data)


def _multi_picture(self: JpegImageFile, data: bytes) -> None:
    assert self.fp is not None
    self.info["mp"] = data[4:]
    self.info["mpoffset"] = self.fp.tell() - len(data) + 4


def _adobe(self: JpegImageFile, data: bytes) -> None:
    self.info["adobe"] = i16(data, 5)
    if len(data) > 11:
        self.info["adobe_transform"] = data[11]


def _photoshop(self: JpegImageFile, data: bytes) -> None:
    """Image resources: code, name, size and contents of each."""
    blocks = self.info.setdefault("photoshop", {})
    offset = len(_PHOTOSHOP_MARKER)
    while data[offset : offset + 4] == b"8BIM":
        offset += 4
        try:
            (code,) = struct.unpack_from(">H", data, offset)
            offset += 2
            offset += 1 + data[offset]  # the name
            offset += offset & 1
            (size,) = struct.unpack_from(">I", data, offset)
            offset += 4
            contents: Any = data[offset : offset + size]
            if code == _PHOTOSHOP_RESOLUTION:
                contents = _photoshop_resolution(contents)
        except struct.error:
            break
        blocks[code] = contents
        offset += size
        offset += offset & 1


def _photoshop_resolution(data: bytes) -> dict[str, float | int]:
    x, x_unit, y, y_unit = struct.unpack("> I H 2x I H", data[:14])
    return {
        "XResolution": x / 65536,
        "DisplayedUnitsX": x_unit,
        "YResolution": y / 65536,
        "DisplayedUnitsY": y_unit,
    }


_APPLICATIONS: tuple[tuple[int, bytes, Callable[[JpegImageFile, bytes], None]], ...] = (
    (0, b"JFIF", _jfif),
    (1, b"Exif\0\0", _exif),
    (1, _XMP_MARKER, _xmp),
    (2, b"FPXR\0", _flashpix),
    (2, b"ICC_PROFILE\0", _icc),
    (2, b"MPF\0", _multi_picture),
    (13, _PHOTOSHOP_MARKER, _photoshop),
    (14, b"Adobe", _adobe),
)

_Handler = Callable[["JpegImageFile", int], None]


def _marker_table() -> dict[int, tuple[str, str, _Handler | None]]:
    """Name, description and handler by marker code."""
    table: dict[int, tuple[str, str, _Handler | None]] = {}
    frames = (
        (0, "Baseline DCT"),
        (1, "Extended Sequential DCT"),
        (2, "Progressive DCT"),
        (3, "Spatial lossless"),
        (5, "Differential sequential DCT"),
        (6, "Differential progressive DCT"),
        (7, "Differential spatial"),
        (9, "Extended sequential DCT (AC)"),
        (10, "Progressive DCT (AC)"),
        (11, "Spatial lossless DCT (AC)"),
        (13, "Differential sequential DCT (AC)"),
        (14, "Differential progressive DCT (AC)"),
        (15, "Differential spatial (AC)"),
    )
    for number, text in frames:
        table[0xFFC0 + number] = f"SOF{number}", text, SOF
    others: tuple[tuple[int, str, str, _Handler | None], ...] = (
        (0xC4, "DHT", "Define Huffman table", Skip),
        (0xC8, "JPG", "Extension", None),
        (0xCC, "DAC", "Define arithmetic coding conditioning", Skip),
        (0xD8, "SOI", "Start of image", None),
        (0xD9, "EOI", "End of image", None),
        (0xDA, "SOS", "Start of scan", Skip),
        (0xDB, "DQT", "Define quantization table", DQT),
        (0xDC, "DNL", "Define number of lines", Skip),
        (0xDD, "DRI", "Define restart interval", Skip),
        (0xDE, "DHP", "Define hierarchical progression", SOF),
        (0xDF, "EXP", "Expand reference component", Skip),
        (0xFE, "COM", "Comment", COM),
    )
    for code, name, text, handler in others:
        table[0xFF00 + code] = name, text, handler
    for number in range(8):
        table[0xFFD0 + number] = f"RST{number}", f"Restart {number}", None
    for number in range(16):
        table[0xFFE0 + number] = f"APP{number}", f"Application segment {number}", APP
    for number in range(14):
        table[0xFFF0 + number] = f"JPG{number}", f"Extension {number}", None
    return table


MARKER = _marker_table()


def _accept(prefix: bytes) -> bool:
    # The marker after the start of the image is included.
    return prefix.startswith(b"\xff\xd8\xff")


class JpegImageFile(ImageFile.ImageFile):
    """Reads JPEG files."""

    format = "JPEG"
    format_description = "JPEG (ISO 10918)"

    def _open(self) -> None:
        assert self.fp is not None
        if not _accept(self.fp.read(3)):
            raise SyntaxError("not a JPEG file")
        self.bits = self.layers = 0
        self._exif_offset = 0
        self._exif_pieces: list[bytes] = []
        self.layer: list[tuple[int, int, int, int]] = []
        self.quantization: dict[int, list[int]] = {}
        self.app: dict[str, bytes] = {}
        self.applist: list[tuple[str, bytes]] = []
        self.icclist: list[bytes] = []
        self._ended = False

        self._read_segments()
        if len(self._exif_pieces) > 1:
            self.info["exif"] = b"".join(self._exif_pieces)
        self._read_dpi_from_exif()

    def _read_segments(self) -> None:
        """Interpret the marker segments up to the first scan."""
        assert self.fp is not None
        byte = b"\xff"
        while byte:
            if byte != b"\xff":
                byte = self.fp.read(1)  # junk between segments
                continue
            byte = self.fp.read(1)
            if byte in (b"\xff", b""):
                continue  # a fill byte, or the end of the file
            marker = 0xFF00 + byte[0]
            if marker in MARKER:
                handler = MARKER[marker][2]
                if handler is not None:
                    handler(self, marker)
                if marker == _START_OF_SCAN:
                    rawmode = "CMYK;I" if self.mode == "CMYK" else self.mode
                    self.tile = [ImageFile._Tile("jpeg", (0, 0, *self.size), 0, (rawmode, ""))]
                    return
            elif marker != 0xFF00:
                raise SyntaxError("no marker found")
            byte = self.fp.read(1)

    def _read_dpi_from_exif(self) -> None:
        """Take the resolution from Exif when JFIF has none."""
        if "dpi" in self.info or "exif" not in self.info:
            return
        try:
            exif = self.getexif()
            unit, resolution = exif[0x0128], exif[0x011A]
            try:
                dpi = float(resolution[0]) / resolution[1]
            except TypeError:
                dpi = resolution
            if math.isnan(dpi):
                raise ValueError("resolution is not a number")
            if unit == 3:  # per centimetre
                dpi *= 2.54
            self.info["dpi"] = dpi, dpi
        except (
            KeyError,
            SyntaxError,
            TypeError,
            ValueError,
            ZeroDivisionError,
            struct.error,
        ):
            self.info["dpi"] = 72, 72

    def __getstate__(self) -> list[Any]:
        return [*super().__getstate__(), self.layers, self.layer]

    def __setstate__(self, state: list[Any]) -> None:
        self.layers, self.layer = state[6:]
        super().__setstate__(state)

    def load_read(self, read_bytes: int) -> bytes:
        """Read data for the decoder.

        When truncated images are to be loaded, a missing end of image is supplied, so
        that the decoder delivers what it has.
        """
        assert self.fp is not None
        data = self.fp.read(read_bytes)
        if not data and ImageFile.LOAD_TRUNCATED_IMAGES and not self._ended:
            self._ended = True
            return b"\xff\xd9"
        return data

    def draft(
        self, mode: str | None, size: tuple[int, int] | None
    ) -> tuple[str, tuple[int, int, float, float]] | None:
        """Let the decoder deliver a smaller image, or other colours, at no cost.

        :param mode: "L" or "YCbCr", for files with colours
        :param size: the image may become smaller, but not smaller than this
        :return: the mode, and the box that the whole image now takes, in pixels; or
            ``None`` when it is too late
        """
        if len(self.tile) != 1 or self.decoderconfig:
            return None
        codec, _, offset, args = self.tile[0]
        assert isinstance(args, tuple)
        if args[0] == "RGB" and mode in ("L", "YCbCr"):
            self._mode = mode
            args = mode, ""
        scale = 1
        width, height = self.size
        if size:
            largest = min(width // size[0], height // size[1])
            scale = next((divisor for divisor in (8, 4, 2) if divisor <= largest), 1)
            self._size = -(-width // scale), -(-height // scale)
        self.tile = [ImageFile._Tile(codec, (0, 0, *self.size), offset, args)]
        self.decoderconfig = scale, 0
        return self.mode, (0, 0, width / scale, height / scale)

    def load_prepare(self) -> None:
        """Make the pixels' memory, and tell the decoder how many scans to put up with."""
        super().load_prepare()
        self.__drafted = self.decoderconfig[:2]
        scale, fast = self.__drafted or (1, 0)
        most = 2**31 - 1
        if MAX_SCANNED_PIXELS is not None:
            pixels = max(1, self.size[0] * self.size[1] * scale**2)
            most = min(most, max(_ALWAYS_ALLOWED_SCANS, MAX_SCANNED_PIXELS // pixels))
        self.decoderconfig = scale, fast, most

    def load_end(self) -> None:
        """Forget the limit, which draft() does not expect."""
        self.decoderconfig = self.__drafted
        super().load_end()

    def load_djpeg(self) -> None:
        """Load the image with the program djpeg. Deprecated."""
        deprecate("load_djpeg", 14)
        handle, path = tempfile.mkstemp()
        os.close(handle)
        try:
            if not os.path.exists(self.filename):
                raise ValueError("Invalid Filename")
            subprocess.check_call(["djpeg", "-outfile", path, self.filename])
            with Image.open(path) as decoded:
                decoded.load()
                self.im = decoded.im
        finally:
            os.unlink(path)
        self._mode = self.im.mode
        self._size = self.im.size
        self.tile = []

    def _getexif(self) -> dict[int, Any] | None:
        return _getexif(self)

    def _getmp(self) -> dict[int, Any] | None:
        return _getmp(self)


def _getexif(self: JpegImageFile) -> dict[int, Any] | None:
    if "exif" not in self.info:
        return None
    return self.getexif()._get_merged_dict()


def _getmp(self: JpegImageFile) -> dict[int, Any] | None:
    """The index of a file with several pictures.

    :raises SyntaxError: when it is malformed
    """
    return parse_index(self.info["mp"]) if "mp" in self.info else None


def jpeg_factory(fp: IO[bytes], filename: str | bytes | None = None) -> JpegImageFile:
    """Open a JPEG file, or one of several pictures (MPO)."""
    im = JpegImageFile(fp, filename)
    try:
        index = im._getmp()
    except SyntaxError:
        warnings.warn(
            "Image appears to be a malformed MPO file, it will be interpreted as a base JPEG file",
            stacklevel=2,
        )
        return im
    if index is None or not isinstance(index[0xB001], int) or index[0xB001] <= 1:
        return im
    # In Ultra HDR files the second picture is a gain map for the first.
    if any(name == "APP1" and b' hdrgm:Version="' in data for name, data in im.applist):
        return im
    from . import MpoImagePlugin  # it imports this module

    adopted: JpegImageFile = MpoImagePlugin.MpoImageFile.adopt(im, index)
    return adopted


_publish(globals(), "PIL._jpeg_write")

Image.register_open(JpegImageFile.format, jpeg_factory, _accept)
Image.register_save(JpegImageFile.format, _save)
Image.register_extensions(JpegImageFile.format, [".jfif", ".jpe", ".jpg", ".jpeg"])
Image.register_mime(JpegImageFile.format, "image/jpeg")
