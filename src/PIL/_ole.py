"""OLE compound files, which FlashPix and Image Composer files are; read by the package olefile.

olefile believes what a file says about its size, and lets exceptions of all kinds out where one is
damaged: here both is checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import olefile

from ._header import Header, require

MAGIC = olefile.MAGIC

#: "[MS-CFB] Compound File Header"
_HEADER = Header(
    "<",
    magic="8s",
    clsid="16s",
    versions="4s",
    byte_order="2s",
    sector_shift="H",
    mini_sector_shift="H",
    reserved="6s",
    directory_sectors="L",
    fat_sectors="L",
    directory_start="L",
    transaction="L",
    mini_cutoff="L",
    mini_fat_start="L",
    mini_fat_sectors="L",
    difat_start="L",
    difat_sectors="L",
)

#: "[MS-OLEPS] Property Set Stream" with one section, whose table of values follows its start.
_PROPERTIES = Header("<", _start="44x", offset="L")
_SECTION = Header("<", size="L", values="L")
_ENTRY = Header("<", number="L", offset="L")
_VALUE = Header("<", kind="L", count="L")
_VECTOR = 0x1000
_TEXTS_AND_BLOBS = (8, 30, 31, 65, 71)

# What olefile raises for damaged files, besides OSError.
_DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)


@contextmanager
def damage_is_oserror() -> Iterator[None]:
    """Turn what olefile raises for damaged files into OSError."""
    import struct

    try:
        yield
    except (*_DAMAGED, struct.error) as error:
        raise OSError(f"damaged OLE file: {error}") from error


def open_ole(fp: IO[bytes], kind: str) -> Any:
    """An :class:`olefile.OleFileIO` of a file whose tables are not larger than it is.

    :raises SyntaxError: when it is none
    """
    message = f"not {kind} file; invalid OLE file"
    start = fp.tell()
    header = _HEADER.read(fp)
    length = fp.seek(0, os.SEEK_END)
    fp.seek(start)
    require(header.magic == MAGIC and header.sector_shift in (9, 12), message)
    sectors = length >> header.sector_shift
    for count in (header.fat_sectors, header.difat_sectors, header.mini_fat_sectors):
        require(count <= sectors, message)
    try:
        with damage_is_oserror():
            return olefile.OleFileIO(fp)
    except OSError as error:
        raise SyntaxError(message) from error


def list_streams(ole: Any) -> list[list[str]]:
    """The paths of all streams.

    :raises SyntaxError: when the directory is damaged
    """
    try:
        with damage_is_oserror():
            paths: list[list[str]] = ole.listdir()
            return paths
    except OSError as error:
        raise SyntaxError(error) from error


def open_stream(ole: Any, path: list[str]) -> IO[bytes]:
    """A stream of the file.

    :raises OSError: when there is none, or it claims to be larger than the file
    """
    with damage_is_oserror():
        if not ole.exists(path) or ole.get_type(path) != olefile.STGTY_STREAM:
            raise OSError(f"no stream {'/'.join(path)} in OLE file")
        if ole.get_size(path) > ole._filesize:
            raise OSError(f"stream {'/'.join(path)} is larger than its OLE file")
        stream: IO[bytes] = ole.openstream(path)
        return stream


def _check_properties(data: bytes) -> None:
    """Refuse property sets that take many times their size: olefile makes a list as long as a
    vector claims to be, and lets values share their bytes.

    :raises SyntaxError: then, or when there is none
    """
    section = data[_PROPERTIES.unpack(data).offset :]
    end = min(_SECTION.size + _ENTRY.size * _SECTION.unpack(section).values, len(section))
    claimed = 0
    for start in range(_SECTION.size, end - _ENTRY.size + 1, _ENTRY.size):
        offset = _ENTRY.unpack(section, start).offset
        if offset + _VALUE.size > len(section):
            continue  # olefile passes over it
        value = _VALUE.unpack(section, offset)
        if value.kind & _VECTOR:
            require(value.count <= len(section), "property of OLE file is larger than all")
        if value.kind & _VECTOR or value.kind in _TEXTS_AND_BLOBS:
            claimed += min(value.count, len(section))
    # One that lies may be cut off, as long as the others are whole.
    require(claimed <= 2 * len(section), "properties of OLE file share their bytes")


def read_properties(ole: Any, path: list[str]) -> dict[int, Any]:
    """The properties in a stream.

    :raises OSError: when it is damaged
    :raises SyntaxError: when they are larger than the stream
    """
    with open_stream(ole, path) as stream:
        _check_properties(stream.read())
    with damage_is_oserror():
        properties: dict[int, Any] = ole.getproperties(path)
        return properties
