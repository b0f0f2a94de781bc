"""Cross-reference tables of PDF files, and the trailers behind them ("PDF 32000-1:2008", 7.5)."""

from __future__ import annotations

import re
from typing import IO

from ._pdf_syntax import NEW_LINE, SPACE

_TRAILER = re.compile(b"trailer" + SPACE + b"*<<")
_TRAILER_TAIL = re.compile(
    NEW_LINE + b"startxref" + NEW_LINE + b"([0-9]+)" + NEW_LINE + b"%%EOF" + SPACE + b"*"
)


class XrefTable:
    """Where the objects of a file are: number to position and generation.

    Entries of the file are in ``existing_entries``; once ``reading_finished`` is set, what is
    stored goes to ``new_entries``. ``deleted_entries`` gives the next generation of free numbers.
    """

    __module__ = "PIL.PdfParser"

    def __init__(self) -> None:
        self.existing_entries: dict[int, tuple[int, int]] = {}
        self.new_entries: dict[int, tuple[int, int]] = {}
        self.deleted_entries = {0: 65536}
        self.reading_finished = False
        # The largest number in use; None: not known.
        self._largest: int | None = 0

    def __setitem__(self, key: int, value: tuple[int, int]) -> None:
        if self.reading_finished:
            self.new_entries[key] = value
        else:
            self.existing_entries[key] = value
        if key in self.deleted_entries:
            del self.deleted_entries[key]
        if self._largest is not None:
            self._largest = max(self._largest, key)

    def __getitem__(self, key: int) -> tuple[int, int]:
        if key in self.new_entries:
            return self.new_entries[key]
        return self.existing_entries[key]

    def __delitem__(self, key: int) -> None:
        if key in self.new_entries:
            self.deleted_entries[key] = self.new_entries.pop(key)[1] + 1
        elif key in self.existing_entries:
            self.deleted_entries[key] = self.existing_entries[key][1] + 1
        elif key not in self.deleted_entries:
            raise IndexError(f"object ID {key} cannot be deleted because it doesn't exist")
        if key == self._largest:
            self._largest = None

    def __contains__(self, key: int) -> bool:
        return key in self.existing_entries or key in self.new_entries

    def __len__(self) -> int:
        return len({*self.existing_entries, *self.new_entries, *self.deleted_entries})

    def keys(self) -> set[int]:
        """The numbers in use."""
        return (
            self.existing_entries.keys() - self.deleted_entries.keys()
        ) | self.new_entries.keys()

    def is_used(self, key: int) -> bool:
        """Whether there is an object of this number."""
        return key in self and key not in self.deleted_entries

    def next_id(self) -> int:
        """The number after the largest in use."""
        if self._largest is None:
            self._largest = max(self.keys(), default=0)
        return self._largest + 1

    def write(self, f: IO[bytes]) -> int:
        """Write what is new or deleted; the result is its position."""
        deleted = sorted(self.deleted_entries)
        # Free numbers form a list, which ends with 0.
        following = dict(zip(deleted, [*deleted[1:], 0], strict=True))
        position = f.tell()
        lines: list[bytes] = []
        sections: list[tuple[int, list[bytes]]] = []
        for key in sorted({*self.new_entries, *deleted}):
            if not sections or key != sections[-1][0] + len(lines):
                lines = []
                sections.append((key, lines))
            if key in self.new_entries:
                lines.append(b"%010d %05d n \n" % self.new_entries[key])
            else:
                lines.append(b"%010d %05d f \n" % (following[key], self.deleted_entries[key]))
        f.write(b"xref\n")
        for first, lines in sections:
            f.write(b"%d %d\n" % (first, len(lines)) + b"".join(lines))
        return position


def first_trailer(data: bytes) -> tuple[bytes, int] | None:
    """The first trailer, up to the first end that will do: its entries, and the position of the
    table that it names."""
    start = _TRAILER.search(data)
    end = data.find(b">>", start.end()) if start else -1
    while start and end >= 0:
        if m := _TRAILER_TAIL.match(data, end + 2):
            return data[start.end() : end + 2], int(m[1])
        end = data.find(b">>", end + 1)
    return None


def last_trailer(data: bytes) -> tuple[bytes, int] | None:
    """The last trailer whose end is that of ``data``."""
    end = data.rfind(b">>")
    # Only one end of a dictionary can be followed by the end of the trailer: the last one.
    m = _TRAILER_TAIL.fullmatch(data, end + 2) if end >= 0 else None
    at = data.rfind(b"trailer", 0, end) if m else -1
    while m and at > 0:
        start = _TRAILER.match(data, at)
        if start and start.end() <= end and data[at - 1] in b"\0\t\n\f\r ":
            return data[start.end() : end + 2], int(m[1])
        at = data.rfind(b"trailer", 0, at)
    return None
