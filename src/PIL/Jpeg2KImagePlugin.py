"""JPEG 2000: raw codestreams and the JP2 file format, by way of OpenJPEG.

Specification: ISO/IEC 15444-1 (ITU-T T.800), annex A (codestream) and annex I (JP2).
"""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

from . import Image, ImageFile, ImagePalette
from ._header import Header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import _imaging

_CODESTREAM = b"\xff\x4f\xff\x51"  # the markers SOC and SIZ
_SIGNATURE = b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a"

# The segment SIZ; the depth of each component follows.
_SIZ = Header(
    ">",
    length="H",
    _capabilities="2x",
    right="I",
    lower="I",
    left="I",
    upper="I",
    _tiles="16x",
    components="H",
)

_MARKER_SOT, _MARKER_EOC, _MARKER_COMMENT = 0x90, 0xD9, 0x64

# No file is longer than a signed 64-bit position.
_TOO_FAR = 2**63

# Colour spaces of a "colr" box.
_BILEVEL, _CMYK, _GREY = (0, 15), 12, 17

_PROGRESSIONS = "LRCP"

# Longer comments do not fit into a segment.
_LONGEST_COMMENT = 65531


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((_CODESTREAM, _SIGNATURE))


class BoxReader:
    """Reads the boxes of a file, or those inside a box.

    :param fp: a file at the first box
    :param length: bytes that belong to the boxes; negative if they go on to the end
    """

    def __init__(self, fp: IO[bytes], length: int = -1) -> None:
        self.fp = fp
        self.has_length = length >= 0
        self.length = length
        self.remaining_in_box = -1

    def _can_read(self, size: int) -> bool:
        if self.has_length and self.fp.tell() + size > self.length:
            return False
        # What is inside a box must not go beyond it.
        return self.remaining_in_box < 0 or size <= self.remaining_in_box

    def _read_bytes(self, size: int) -> bytes:
        if not self._can_read(size):
            raise SyntaxError("Not enough data in header")
        start = self.fp.tell()
        try:
            data = ImageFile._safe_read(self.fp, size)
        except OSError as error:
            got = self.fp.tell() - start
            msg = f"Expected to read {size} bytes but only got {got}."
            raise OSError(msg) from error
        if self.remaining_in_box > 0:
            self.remaining_in_box -= size
        return data

    def read_fields(self, field_format: str) -> tuple[Any, ...]:
        """Numbers in the notation of :mod:`struct`."""
        return struct.unpack(field_format, self._read_bytes(struct.calcsize(field_format)))

    def read_boxes(self) -> BoxReader:
        """A reader for the boxes inside the present one, whose content is read."""
        content = self._read_bytes(self.remaining_in_box)
        return BoxReader(io.BytesIO(content), len(content))

    def has_next_box(self) -> bool:
        """Whether the length leaves room for another box."""
        if not self.has_length:
            return True
        return self.fp.tell() + max(self.remaining_in_box, 0) < self.length

    def next_box_type(self) -> bytes:
        """Go to the next box and return its name."""
        if self.remaining_in_box > 0:
            self.fp.seek(self.remaining_in_box, os.SEEK_CUR)
        self.remaining_in_box = -1
        size, name = self.read_fields(">I4s")
        header = 8
        if size == 1:
            size = self.read_fields(">Q")[0]
            header = 16
        if size < header or not self._can_read(size - header):
            raise SyntaxError("Invalid header length")
        if self.fp.tell() + size - header >= _TOO_FAR:
            raise SyntaxError("Box length too large")
        self.remaining_in_box = size - header
        return cast("bytes", name)


_MODES_BY_COMPONENTS = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def _mode_for(components: int, deep: bool) -> str | None:
    return "I;16" if components == 1 and deep else _MODES_BY_COMPONENTS.get(components)


def _parse_codestream(fp: IO[bytes]) -> tuple[tuple[int, int], str]:
    """Size and mode from the SIZ segment, behind whose marker the file stands."""
    head = fp.read(2)
    length = struct.unpack(">H", head)[0]
    if length < _SIZ.size:
        raise ValueError(f"SIZ marker length must be at least {_SIZ.size}")
    data = head + fp.read(length - 2)  # at most 64 KiB
    siz = _SIZ.unpack(data)
    deep = siz.components == 1 and (data[_SIZ.size] & 0x7F) + 1 > 8
    mode = _mode_for(siz.components, deep)
    if mode is None:
        raise SyntaxError("unable to determine J2K image mode")
    return (siz.right - siz.left, siz.lower - siz.upper), mode


def _resolution(box: BoxReader) -> tuple[float, float] | None:
    """Pixels per inch, horizontal and vertical, from a capture resolution."""
    v_num, v_den, h_num, h_den, v_exp, h_exp = box.read_fields(">4H2B")
    if 0 in (v_den, h_den):
        return None
    # Per metre; an inch has 254 / 10000 of one.

    def per_inch(numerator: int, denominator: int, exponent: int) -> float:
        scaled: int = 254 * numerator * 10**exponent
        return scaled / (10000 * denominator)

    return per_inch(h_num, h_den, h_exp), per_inch(v_num, v_den, v_exp)


@dataclass
class _Jp2Header:
    """What the boxes inside "jp2h" say."""

    size: tuple[int, int] | None = None
    mode: str | None = None
    palette: ImagePalette.ImagePalette | None = None
    dpi: tuple[float, float] | None = None
    components: int = 0
    plain: bool = False  # a grey or bilevel image, whose palette does not count

    def read(self, boxes: BoxReader) -> None:
        readers = {
            b"ihdr": self._read_ihdr,
            b"colr": self._read_colr,
            b"pclr": self._read_pclr,
            b"res ": self._read_res,
        }
        while boxes.has_next_box():
            reader = readers.get(boxes.next_box_type())
            if reader is not None:
                reader(boxes)

    def _read_ihdr(self, box: BoxReader) -> None:
        height, width, self.components, depth = box.read_fields(">IIHB")
        self.size = width, height
        mode = _mode_for(self.components, (depth & 0x7F) > 8)
        if mode is not None:
            self.mode = mode

    def _read_colr(self, box: BoxReader) -> None:
        method = box.read_fields(">BBB")[0]
        if method != 1:
            return
        space = box.read_fields(">I")[0]
        if space == _CMYK and self.components == 4:
            self.mode = "CMYK"
        self.plain = self.plain or space in _BILEVEL or space == _GREY

    def _read_pclr(self, box: BoxReader) -> None:
        if self.mode not in ("L", "LA") or self.plain:
            return
        entries, columns = box.read_fields(">HB")
        depths = box.read_fields(f">{columns}B")
        if max(depths, default=0) > 8:
            return
        self.palette = ImagePalette.ImagePalette("RGBA" if columns == 4 else "RGB")
        for _ in range(entries):
            self.palette.getcolor(box.read_fields(f">{columns}B"))
        self.mode = "P" if self.mode == "L" else "PA"

    def _read_res(self, box: BoxReader) -> None:
        inner = box.read_boxes()
        while inner.has_next_box():
            if inner.next_box_type() == b"resc":
                self.dpi = _resolution(inner)
                return


def _parse_jp2_header(fp: IO[bytes]) -> tuple[_Jp2Header, str | None]:
    """The header of a JP2 file, and the MIME type if it is not that of the format."""
    reader = BoxReader(fp)
    mimetype = None
    while reader.has_next_box():
        name = reader.next_box_type()
        if name == b"ftyp" and reader.read_fields(">4s")[0] == b"jpx ":
            mimetype = "image/jpx"
        elif name == b"jp2h":
            header = _Jp2Header()
            header.read(reader.read_boxes())
            return header, mimetype
    raise SyntaxError("could not find JP2 header")


def _segments(fp: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Markers of the main header after SIZ with the lengths of their segments."""
    while True:
        marker = fp.read(2)
        if len(marker) < 2 or marker[1] in (_MARKER_SOT, _MARKER_EOC):
            return
        length = fp.read(2)
        if len(length) < 2:
            return
        size = struct.unpack(">H", length)[0]
        if size < 2:
            raise ValueError("Marker length too small")
        yield marker[1], size - 2


class Jpeg2KImageFile(ImageFile.ImageFile):
    """Reads JPEG 2000 files.

    Before it is loaded, ``reduce`` says how often the size is halved, and ``layers`` how
    many quality layers are decoded (0: all).
    """

    format = "JPEG2000"
    format_description = "JPEG 2000 (ISO 15444)"

    def _open(self) -> None:
        assert self.fp is not None
        start = self.fp.read(4)
        if start == _CODESTREAM:
            self.codec = "j2k"
            self._size, self._mode = _parse_codestream(self.fp)
            self._read_comment()
        elif start + self.fp.read(8) == _SIGNATURE:
            self.codec = "jp2"
            self._open_jp2()
        else:
            raise SyntaxError("not a JPEG 2000 file")
        self._reduce = 0
        self.layers = 0
        descriptor, length = self._describe_file()
        args = self.codec, self._reduce, self.layers, descriptor, length
        self.tile = [ImageFile._Tile("jpeg2k", (0, 0, *self.size), 0, args)]

    def _open_jp2(self) -> None:
        assert self.fp is not None
        header, self.custom_mimetype = _parse_jp2_header(self.fp)
        if header.size is None or header.mode is None:
            raise SyntaxError("Malformed JP2 header")
        self._size, self._mode = header.size, header.mode
        if header.palette is not None:
            self.palette = header.palette
        if header.dpi is not None:
            self.info["dpi"] = header.dpi
        following = self.fp.read(12)
        if following.endswith(b"jp2c" + _CODESTREAM):
            _parse_codestream(self.fp)
            self._read_comment()

    def _describe_file(self) -> tuple[int, int]:
        """Descriptor and length of the file, each -1 if there is none."""
        assert self.fp is not None
        try:
            descriptor = self.fp.fileno()
        except (AttributeError, io.UnsupportedOperation):
            descriptor = -1
        try:
            position = self.fp.tell()
            self.fp.seek(0, os.SEEK_END)
            length = self.fp.tell()
            self.fp.seek(position)
        except (AttributeError, OSError):
            length = -1
        return descriptor, length

    def _read_comment(self) -> None:
        assert self.fp is not None
        for marker, size in _segments(self.fp):
            if marker == _MARKER_COMMENT:
                # The first two bytes say which alphabet the text has.
                self.info["comment"] = self.fp.read(size)[2:]
                return
            self.fp.seek(size, os.SEEK_CUR)

    @property
    def reduce(self) -> Any:
        """How often the size is halved when loading; 0 as the method of all images."""
        return self._reduce or super().reduce

    @reduce.setter  # type: ignore[override]
    def reduce(self, value: int) -> None:
        self._reduce = value

    def load(self) -> _imaging.PixelAccess | None:
        """Decode the pixels, with as many resolutions and layers as asked for."""
        if self.tile and self._reduce:
            # Rounded half up.
            half = 1 << (self._reduce - 1)
            self._size = tuple(  # type: ignore[assignment]
                (side + half) >> self._reduce for side in self.size
            )
        if self.tile:
            tile = self.tile[0]
            assert isinstance(tile[3], tuple)
            kind, _, _, *file = tile[3]
            args = (kind, self._reduce, self.layers, *file)
            self.tile = [ImageFile._Tile(tile[0], (0, 0, *self.size), tile[2], args)]
        return super().load()


# Writing


def _check_layers(layers: Any) -> Any:
    if layers is not None and not (
        isinstance(layers, list | tuple) and all(isinstance(x, int | float) for x in layers)
    ):
        raise ValueError("quality_layers must be a sequence of numbers")
    return layers


def _descriptor(fp: IO[bytes]) -> int:
    try:
        return fp.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return -1


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    options = im.encoderinfo
    named = os.fsencode(filename).lower().endswith(b".j2k")
    kind = "j2k" if named or options.get("no_jp2") else "jp2"
    comment = options.get("comment")
    if isinstance(comment, str):
        comment = comment.encode()
    if comment is not None and hasattr(comment, "__len__") and len(comment) > _LONGEST_COMMENT:
        raise ValueError("JPEG 2000 comment is too long")
    im.encoderconfig = (
        options.get("offset"),
        options.get("tile_offset"),
        options.get("tile_size"),
        options.get("quality_mode", "rates"),
        _check_layers(options.get("quality_layers")),
        options.get("num_resolutions", 0),
        options.get("codeblock_size"),
        options.get("precinct_size"),
        options.get("irreversible", False),
        options.get("progression", _PROGRESSIONS),
        options.get("cinema_mode", "no"),
        options.get("mct", 0),
        options.get("signed", False),
        _descriptor(fp),
        comment,
        options.get("plt", False),
    )
    ImageFile._save(im, fp, [ImageFile._Tile("jpeg2k", (0, 0, *im.size), 0, kind)])


Image.register_open(Jpeg2KImageFile.format, Jpeg2KImageFile, _accept)
Image.register_save(Jpeg2KImageFile.format, _save)
Image.register_extensions(Jpeg2KImageFile.format, [".jp2", ".j2k", ".jpc", ".jpf", ".jpx", ".j2c"])
Image.register_mime(Jpeg2KImageFile.format, "image/jp2")
