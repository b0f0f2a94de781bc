"""GIMP palettes (``.gpl``)."""

from __future__ import annotations

import re
from io import BytesIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Self

MAX_LINE = 100
MAX_ENTRIES = 256
# Besides the entries: three header lines.
MAX_LINES = MAX_ENTRIES + 3

_NOT_AN_ENTRY = re.compile(rb"\w+:|#")


class GimpPaletteFile:
    """Reads a GIMP palette of at most 256 entries in at most 259 lines after the first.

    :param fp: Binary file.
    :exception SyntaxError: If it is no GIMP palette, or an entry's line is over 100 bytes long.
    :exception ValueError: For a bad entry.
    """

    rawmode = "RGB"

    def __init__(self, fp: IO[bytes]) -> None:
        self._read(fp)

    def _read(self, fp: IO[bytes], limit: bool = True) -> None:
        if not fp.readline().startswith(b"GIMP Palette"):
            msg = "not a GIMP palette file"
            raise SyntaxError(msg)
        values: list[int] = []
        lines = 0
        while not limit or (lines < MAX_LINES and len(values) < 3 * MAX_ENTRIES):
            line = fp.readline()
            if not line:
                break
            lines += 1
            if _NOT_AN_ENTRY.match(line):
                continue
            if limit and len(line) > MAX_LINE:
                msg = "bad palette file"
                raise SyntaxError(msg)
            fields = line.split(maxsplit=3)
            if len(fields) < 3:
                msg = "bad palette entry"
                raise ValueError(msg)
            values += map(int, fields[:3])
        self.palette = bytes(values)

    @classmethod
    def frombytes(cls, data: bytes) -> Self:
        """Read from memory, without limits on the number of entries and the length of lines."""
        self = cls.__new__(cls)
        self._read(BytesIO(data), limit=False)
        return self

    def getpalette(self) -> tuple[bytes, str]:
        """The bytes, three per entry, and "RGB"."""
        return self.palette, self.rawmode
