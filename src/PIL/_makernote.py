"""Maker notes: what camera makers put into Exif data, in layouts of their own."""

from __future__ import annotations

import struct
import warnings
from typing import IO, Any

from ._tiff_ifd import ImageFileDirectory_v2

_ENTRY_SIZE = 12

# The values of a Fujifilm note may overlap. Honest ones do not, so that together they
# are no longer than the note; this is how much longer they may get before the rest is
# refused, because 65,535 entries could all hold the whole note.
_FUJIFILM_OVERLAP = 16
_FUJIFILM_LEAST_LIMIT = 1 << 20

_NINTENDO_CAMERA = 0x1101


def parse(note: Any, maker: Any, fp: IO[bytes] | None) -> dict[int, Any]:
    """The tags of a maker note that can be understood.

    :param note: the value of the tag MakerNote, which is bytes unless its type is damaged
    :param maker: the value of the tag Make
    :param fp: the Exif data, if they were read, to which some makers' offsets refer
    """
    if not isinstance(note, bytes):
        return {}
    try:
        if note.startswith(b"FUJIFILM"):
            return _fujifilm(note)
        if maker == "Nintendo" and fp is not None:
            return _nintendo(note, fp)
    except struct.error:
        pass  # the note is cut off: nothing in it can be relied upon
    return {}


def _fujifilm(note: bytes) -> dict[int, Any]:
    (start,) = struct.unpack("<L", note[8:12])
    directory = note[start:]
    (count,) = struct.unpack("<H", directory[:2])
    decoder = ImageFileDirectory_v2()
    limit = max(_FUJIFILM_LEAST_LIMIT, _FUJIFILM_OVERLAP * len(note))
    tags: dict[int, Any] = {}
    for i in range(count):
        position = 2 + i * _ENTRY_SIZE
        tag, tag_type, number, value = struct.unpack(
            "<HHL4s", directory[position : position + _ENTRY_SIZE]
        )
        if tag_type not in decoder._load_dispatch:
            continue
        unit, load = decoder._load_dispatch[tag_type]
        size = number * unit
        if size > 4:
            (offset,) = struct.unpack("<L", value)
            value = directory[offset - 12 : offset + size - 12]
            limit -= len(value)
        else:
            value = value[:size]
        if len(value) != size or limit < 0:
            warnings.warn(
                "Possibly corrupt EXIF MakerNote data.  "
                f"Expecting to read {size} bytes but only got {len(value)}. "
                f"Skipping tag {tag}",
                stacklevel=2,
            )
        elif value:
            tags[tag] = unwrapped(load(decoder, value, False))
    return tags


def _nintendo(note: bytes, fp: IO[bytes]) -> dict[int, Any]:
    (count,) = struct.unpack(">H", note[:2])
    tags: dict[int, Any] = {}
    for i in range(count):
        position = 2 + i * _ENTRY_SIZE
        tag, offset = struct.unpack(">H6xL", note[position : position + _ENTRY_SIZE])
        if tag == _NINTENDO_CAMERA:
            fp.seek(offset)
            model, time_stamp, serial, parallax, category = struct.unpack(
                "<4s4xL8x4x4s12xf4x2s", fp.read(50)
            )
            tags[tag] = {
                "ModelID": model,
                "TimeStamp": time_stamp,
                "InternalSerialNumber": serial,
                "Parallax": parallax,
                "Category": category,
            }
    return tags


def unwrapped(value: Any) -> Any:
    """The element of a tuple of one; anything else as it is."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value
