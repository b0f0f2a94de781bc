"""PCF, the compiled form of the bitmap fonts of X11.

A directory of tables, each of which says itself in which byte order it is. There is no official
description of the format; https://fontforge.org/docs/techref/pcf-format.html is a good one.
"""

from __future__ import annotations

import struct
from functools import partial
from io import SEEK_CUR

from . import FontFile, Image
from ._header import read_up_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

PCF_MAGIC = 0x70636601  # "\x01fcp"

PCF_PROPERTIES = 1 << 0
PCF_ACCELERATORS = 1 << 1
PCF_METRICS = 1 << 2
PCF_BITMAPS = 1 << 3
PCF_INK_METRICS = 1 << 4
PCF_BDF_ENCODINGS = 1 << 5
PCF_SWIDTHS = 1 << 6
PCF_GLYPH_NAMES = 1 << 7
PCF_BDF_ACCELERATORS = 1 << 8

# Bits of a table's format.
_BIG_ENDIAN = 1 << 2
_HIGH_BIT_FIRST = 1 << 3
_PADDING = 0b11  # rows are padded to 1, 2, 4 or 8 bytes
_COMPRESSED = 0x100
_KIND = 0xFF00

_NO_GLYPH = 0xFFFF
# Names and values of properties may overlap in the file, so that few bytes can make much text.
# Those of real fonts have a few hundred bytes.
_MOST_TEXT = 1 << 24

#: left and right bearing, width, ascent and descent in pixels
Metrics = tuple[int, int, int, int, int]


def sz(s: bytes, o: int) -> bytes:
    """The bytes from offset ``o`` to the next zero byte.

    :exception ValueError: If there is none.
    """
    return s[o : s.index(b"\0", o)]


def _row_padding(bits: int, exponent: int) -> int:
    """Bytes of a row of ``bits`` pixels, padded to a multiple of ``2 ** exponent`` bytes."""
    unit = 8 << exponent
    return (bits + unit - 1) // unit << exponent


#: By the two lowest bits of a table's format: width in pixels -> bytes of a row.
BYTES_PER_ROW: list[Callable[[int], int]] = [partial(_row_padding, exponent=n) for n in range(4)]


class _Table:
    """Numbers of one table, read in order; OSError where the file ends."""

    def __init__(self, fp: BinaryIO, toc: dict[int, tuple[int, int, int]], kind: int) -> None:
        if kind not in toc:
            msg = f"PCF file without table {kind}"
            raise OSError(msg)
        self._fp = fp
        fp.seek(toc[kind][2])
        self._order = "<"
        self.format = self.u32()
        if self.format & _BIG_ENDIAN:
            self._order = ">"

    def data(self, size: int) -> bytes:
        """The next ``size`` bytes, or as many as the file has."""
        return read_up_to(self._fp, size)

    def rows(self, layout: str, count: int) -> Iterator[tuple[int, ...]]:
        """``count`` records of some numbers each; the error comes after those that are there."""
        record = struct.Struct(self._order + layout)
        data = self.data(record.size * count)
        there = len(data) // record.size
        yield from record.iter_unpack(data[: there * record.size])
        if there < count:
            msg = "PCF file is cut off"
            raise OSError(msg)

    def numbers(self, code: str, count: int) -> list[int]:
        return [value for (value,) in self.rows(code, count)]

    def u32(self) -> int:
        return self.numbers("L", 1)[0]

    def u16(self) -> int:
        return self.numbers("H", 1)[0]

    def skip(self, size: int) -> None:
        self._fp.seek(size, SEEK_CUR)


def _directory(fp: BinaryIO) -> dict[int, tuple[int, int, int]]:
    """Kind of table -> (format, size, offset)."""
    head = fp.read(8)
    if len(head) >= 4 and not head.startswith(struct.pack("<L", PCF_MAGIC)):
        msg = "not a PCF file"
        raise SyntaxError(msg)
    entries = b""
    if len(head) == 8:
        (count,) = struct.unpack("<4xL", head)
        entries = read_up_to(fp, 16 * count)
    if len(head) < 8 or len(entries) < 16 * count:
        msg = "PCF file is cut off"
        raise OSError(msg)
    toc = {}
    for kind, format, size, offset in struct.iter_unpack("<4L", entries):
        toc[kind] = format, size, offset
    return toc


def _properties(table: _Table) -> dict[bytes, bytes | int]:
    count = table.u32()
    entries = list(table.rows("LBL", count))
    table.skip(-count % 4)
    texts = table.data(table.u32())
    properties: dict[bytes, bytes | int] = {}
    total = 0
    for name_at, is_text, value in entries:
        name = sz(texts, name_at)
        text = sz(texts, value) if is_text else b""
        properties[name] = text if is_text else value
        total += len(name) + len(text)
        if total > _MOST_TEXT:
            msg = "PCF file with too much text in its properties"
            raise ValueError(msg)
    return properties


def _metrics(table: _Table) -> list[Metrics]:
    if table.format & _KIND == _COMPRESSED:
        rows = (tuple(v - 128 for v in row) for row in table.rows("5B", table.u16()))
    else:
        # Signed numbers by the format, and read without a sign by Pillow.
        rows = (row[:5] for row in table.rows("6H", table.u32()))
    metrics = []
    for left, right, width, ascent, descent in rows:
        Image._decompression_bomb_check((right - left, ascent + descent))
        metrics.append((left, right, width, ascent, descent))
    return metrics


def _size(metrics: Metrics) -> tuple[int, int]:
    left, right, _, ascent, descent = metrics
    return right - left, ascent + descent


class _Bitmaps:
    """The images of all glyphs; checked at once, made one by one on demand.

    The pieces of data may overlap, so that a small file may have thousands of large glyphs, of
    which at most 256 are wanted.
    """

    def __init__(self, table: _Table, metrics: list[Metrics]) -> None:
        count = table.u32()
        if count != len(metrics):
            msg = "Wrong number of bitmaps"
            raise OSError(msg)
        offsets = table.numbers("L", count)
        sizes = table.numbers("L", 4)
        exponent = table.format & _PADDING
        self._data = table.data(sizes[exponent])
        self._pieces = list(zip(offsets, [*offsets[1:], sizes[exponent]], strict=True))
        self._bytes_per_row = BYTES_PER_ROW[exponent]
        self._rawmode = "1" if table.format & _HIGH_BIT_FIRST else "1;R"
        self._metrics = metrics
        for index in range(count):
            self._check(index)

    def _check(self, index: int) -> None:
        width, height = _size(self._metrics[index])
        if width < 0 or height < 0:
            msg = "Width and height must be >= 0"
            raise ValueError(msg)
        begin, end = self._pieces[index]
        there = max(0, min(end, len(self._data)) - begin)
        # The last row may lack its padding.
        needed = self._bytes_per_row(width) * (height - 1) + (width + 7) // 8
        if width and height and there < needed:
            msg = "not enough image data"
            raise ValueError(msg)

    def image(self, index: int) -> Image.Image:
        size = _size(self._metrics[index])
        begin, end = self._pieces[index]
        stride = self._bytes_per_row(size[0])
        data = self._data[begin:end]
        return Image.frombytes("1", size, data, "raw", self._rawmode, stride)


def _encoding(table: _Table, charset: str) -> list[int | None]:
    """Code, at most 256 of them -> index of the glyph, or None."""
    first_column, last_column, first_row, last_row, _ = table.numbers("H", 5)
    count = (last_column - first_column + 1) * (last_row - first_row + 1)
    indices = table.numbers("H", max(0, count))
    encoding: list[int | None] = [None] * min(256, len(indices))
    for code in range(first_column, len(encoding)):
        try:
            character = ord(bytes((code,)).decode(charset))
        except UnicodeDecodeError:
            continue  # not every byte is a character of its own
        if character >= len(indices):
            msg = "PCF file without a glyph index for a character"
            raise ValueError(msg)
        if indices[character] != _NO_GLYPH:
            encoding[code] = indices[character]
    return encoding


class PcfFontFile(FontFile.FontFile):
    """A font read from a PCF file.

    ``info`` holds the properties of the font, ``toc`` the directory: kind of table -> (format,
    size, offset).

    :param fp: Binary file that can seek.
    :param charset_encoding: Name of the encoding of the 256 characters to take from the font.
    :exception SyntaxError: If it is no PCF file.
    :exception OSError: If it ends too early or lacks a table.
    :exception ValueError: If it is damaged otherwise.
    :exception LookupError: If there is no such encoding.
    :exception PIL.Image.DecompressionBombError: If a glyph, or all together, are too large.
    """

    name = "name"

    def __init__(self, fp: BinaryIO, charset_encoding: str = "iso8859-1") -> None:
        self.charset_encoding = charset_encoding
        self.toc = _directory(fp)
        self.fp = fp
        super().__init__()
        self.info = _properties(self._table(PCF_PROPERTIES))
        metrics = _metrics(self._table(PCF_METRICS))
        bitmaps = _Bitmaps(self._table(PCF_BITMAPS), metrics)
        encoding = _encoding(self._table(PCF_BDF_ENCODINGS), charset_encoding)
        self._take_glyphs(metrics, bitmaps, encoding)

    def _table(self, kind: int) -> _Table:
        return _Table(self.fp, self.toc, kind)

    def _take_glyphs(
        self, metrics: list[Metrics], bitmaps: _Bitmaps, encoding: list[int | None]
    ) -> None:
        if any(index is not None and index >= len(metrics) for index in encoding):
            msg = "PCF file without a glyph that it names"
            raise ValueError(msg)
        images: dict[int, Image.Image] = {}
        pixels = 0
        for code, index in enumerate(encoding):
            if index is None:
                continue
            left, _, step, _, descent = metrics[index]
            width, height = _size(metrics[index])
            if index not in images:
                pixels += width * height
                Image._decompression_bomb_check((pixels, 1), error_only=True)
                images[index] = bitmaps.image(index)
            place = (left, descent - height, left + width, descent)
            self.glyph[code] = (step, 0), place, (0, 0, width, height), images[index]
