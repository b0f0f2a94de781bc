"""Integers in files: ``i`` reads from bytes, ``o`` makes bytes; ``le``/``be`` is the byte order.

Readers take an offset (default 0) and raise :exc:`struct.error` if the data end too early; writers
raise :exc:`OverflowError` if the number does not fit, except :func:`o8`, which keeps the low byte.
"""

from __future__ import annotations

from struct import Struct

_U16LE = Struct("<H")
_U16BE = Struct(">H")
_U32LE = Struct("<L")
_U32BE = Struct(">L")
_S16LE = Struct("<h")
_S16BE = Struct(">h")
_S32LE = Struct("<l")
_S32BE = Struct(">l")


def _number(layout: Struct, c: bytes, o: int) -> int:
    value: int = layout.unpack_from(c, o)[0]
    return value


def i8(c: bytes) -> int:
    """The first byte; :exc:`IndexError` if there is none."""
    return c[0]


def i16le(c: bytes, o: int = 0) -> int:
    """Unsigned 16-bit number at offset ``o``, least significant byte first."""
    return _number(_U16LE, c, o)


def i16be(c: bytes, o: int = 0) -> int:
    """Unsigned 16-bit number at offset ``o``, most significant byte first."""
    return _number(_U16BE, c, o)


def i32le(c: bytes, o: int = 0) -> int:
    """Unsigned 32-bit number at offset ``o``, least significant byte first."""
    return _number(_U32LE, c, o)


def i32be(c: bytes, o: int = 0) -> int:
    """Unsigned 32-bit number at offset ``o``, most significant byte first."""
    return _number(_U32BE, c, o)


def si16le(c: bytes, o: int = 0) -> int:
    """Signed 16-bit number at offset ``o``, least significant byte first."""
    return _number(_S16LE, c, o)


def si16be(c: bytes, o: int = 0) -> int:
    """Signed 16-bit number at offset ``o``, most significant byte first."""
    return _number(_S16BE, c, o)


def si32le(c: bytes, o: int = 0) -> int:
    """Signed 32-bit number at offset ``o``, least significant byte first."""
    return _number(_S32LE, c, o)


def si32be(c: bytes, o: int = 0) -> int:
    """Signed 32-bit number at offset ``o``, most significant byte first."""
    return _number(_S32BE, c, o)


def o8(i: int) -> bytes:
    """One byte: the low eight bits of ``i``."""
    return (i & 0xFF).to_bytes(1, "little")


def o16le(i: int) -> bytes:
    """Two bytes, least significant first."""
    return i.to_bytes(2, "little")


def o16be(i: int) -> bytes:
    """Two bytes, most significant first."""
    return i.to_bytes(2, "big")


def o32le(i: int) -> bytes:
    """Four bytes, least significant first."""
    return i.to_bytes(4, "little")


def o32be(i: int) -> bytes:
    """Four bytes, most significant first."""
    return i.to_bytes(4, "big")
