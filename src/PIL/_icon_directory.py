"""The directory that icons and cursors of Windows begin with."""

from __future__ import annotations

from typing import IO, Any

from ._header import Header, require

_START = Header("<", zero="H", kind="H", count="H")

#: An entry; a side of 256 is stored as 0.
ENTRY = Header(
    "<",
    width="B",
    height="B",
    nb_color="B",
    reserved="B",
    planes="H",
    bpp="H",
    size="I",
    offset="I",
)


def signature(kind: int) -> bytes:
    """The bytes that files of a kind begin with."""
    return _START.pack(zero=0, kind=kind, count=0)[:4]


def read_directory(fp: IO[bytes], kind: int) -> list[Any]:
    """Read all entries of a file.

    :param kind: 1 for icons, 2 for cursors
    :raises SyntaxError: when the file is of another kind, or the directory is cut off
    """
    start = _START.read(fp)
    require(start.zero == 0 and start.kind == kind, "not an ICO or CUR file")
    return [ENTRY.read(fp) for _ in range(start.count)]


def make_directory(kind: int, entries: list[bytes]) -> bytes:
    """The bytes of a directory."""
    return _START.pack(zero=0, kind=kind, count=len(entries)) + b"".join(entries)


def directory_size(count: int) -> int:
    """Bytes of a directory with so many entries."""
    return _START.size + count * ENTRY.size
