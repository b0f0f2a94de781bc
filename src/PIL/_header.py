"""Headers of image files: what their fields are, and reading as much as there is.

A reader describes its fixed header as a :class:`Header`. Whatever is wrong with one ends in
:exc:`SyntaxError`, which for :func:`PIL.Image.open` means that the file is of another format.
"""

from __future__ import annotations

import struct
from functools import partial
from operator import itemgetter
from typing import IO, Any

from . import ImageFile

# Positions in files are 64 bits, codec arguments 32: what exceeds this is no position or stride.
_LARGEST = 2**31 - 1


class Header:
    """A sequence of numbers and byte strings of fixed size.

    :param byte_order: ``"<"`` or ``">"``
    :param fields: name and :mod:`struct` code of each; fields that end in ``x`` are padding
    """

    def __init__(self, byte_order: str, /, **fields: str) -> None:
        layout = struct.Struct(byte_order + "".join(fields.values()))
        # The methods, since each look-up is a part of what a small header takes.
        self._unpack_from, self._pack = layout.unpack_from, layout.pack
        self._names = [name for name, code in fields.items() if not code.endswith("x")]
        # Small files are mostly header: a tuple costs a fraction of other records, and this one is
        # made in a tenth of the time of a named tuple.
        members = {name: property(itemgetter(i)) for i, name in enumerate(self._names)}
        record = type("Fields", (tuple,), {"__slots__": (), **members})
        self._make = partial(tuple.__new__, record)
        self.size = layout.size

    def unpack(self, data: bytes, offset: int = 0) -> Any:
        """The fields at a place in ``data``, as attributes.

        :raises SyntaxError: when the data end before the header does
        """
        if offset < 0 or len(data) - offset < self.size:
            raise SyntaxError("header is cut off")
        return self._make(self._unpack_from(data, offset))

    def read(self, fp: IO[bytes]) -> Any:
        """Read the header from a file.

        :raises SyntaxError: when it ends too early
        """
        return self.unpack(fp.read(self.size))

    def pack(self, **values: object) -> bytes:
        """The bytes of a header; all fields have to be given."""
        return self._pack(*[values[name] for name in self._names])


def require(condition: object, message: str) -> None:
    """:raises SyntaxError: with ``message``, unless the condition holds"""
    if not condition:
        raise SyntaxError(message)


def checked_offset(value: float, what: str = "offset") -> int:
    """A position or length computed from a file's fields, if it can be one.

    :raises SyntaxError: when it is negative, or larger than any file of the old formats
    """
    if not 0 <= value <= _LARGEST:
        raise SyntaxError(f"impossible {what} in header")
    return int(value)


def read_up_to(fp: IO[bytes], size: int) -> bytes:
    """Read ``size`` bytes, or what there is, without believing that it is there."""
    if size <= ImageFile.SAFEBLOCK:
        return fp.read(size) if size > 0 else b""
    pieces = []
    while size > 0 and (piece := fp.read(min(size, ImageFile.SAFEBLOCK))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class UnsupportedFeature(NotImplementedError, OSError):
    """A file of the right format that uses what cannot be read.

    Programs know it as :exc:`NotImplementedError`; those that only expect what opening and
    loading any file may raise catch it as :exc:`OSError`.
    """
