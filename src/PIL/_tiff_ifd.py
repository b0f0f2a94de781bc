"""Directories of tags, as in TIFF files and Exif data.

A directory is a count, entries of tag, type, number of values and the values (or, when
they do not fit, where they stand), and the position of the next directory.

Everything read here may come from a hostile file. A directory never holds more than
the stream has bytes: each entry costs bytes of the stream, and the sizes of the values
outside the entries, which could all point to the same place, are added up and may not
exceed the length of the stream.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from numbers import Number
from typing import IO, Any, NoReturn

from . import ImageFile, TiffTags
from ._ifd_rational import IFDRational, _limit_rational, _limit_signed_rational

II = b"II"  # little-endian
MM = b"MM"

#: First bytes of a TIFF header; the last two kinds are BigTIFF.
PREFIXES = [
    b"MM\x00\x2a",
    b"II\x2a\x00",
    b"MM\x2a\x00",
    b"II\x00\x2a",
    b"MM\x00\x2b",
    b"II\x2b\x00",
]

_PHOTOMETRIC_INTERPRETATION = 262
_STRIP_OFFSETS = 273

_LARGEST_OFFSET = 2**63 - 1

# Types whose values struct knows: number, name, format.
_NUMERIC_TYPES = (
    (TiffTags.SHORT, "short", "H"),
    (TiffTags.LONG, "long", "L"),
    (TiffTags.SIGNED_BYTE, "signed byte", "b"),
    (TiffTags.SIGNED_SHORT, "signed short", "h"),
    (TiffTags.SIGNED_LONG, "signed long", "l"),
    (TiffTags.FLOAT, "float", "f"),
    (TiffTags.DOUBLE, "double", "d"),
    (TiffTags.IFD, "long", "L"),
    (TiffTags.LONG8, "long8", "Q"),
)

# Types whose values are bytes, so that the count of an entry is their length.
_BYTE_TYPES = (TiffTags.BYTE, TiffTags.ASCII, TiffTags.UNDEFINED)

TYPES = {
    **{number: name for number, name, _ in _NUMERIC_TYPES},
    TiffTags.BYTE: "byte",
    TiffTags.ASCII: "string",
    TiffTags.RATIONAL: "rational",
    TiffTags.UNDEFINED: "undefined",
    TiffTags.SIGNED_RATIONAL: "signed rational",
}
TiffTags.TYPES.update(TYPES)


def _integer_type(values: list[Any]) -> int:
    lowest, highest = min(values), max(values)
    if lowest >= 0:
        return TiffTags.SHORT if highest < 2**16 else TiffTags.LONG
    fits = -(2**15) < lowest and highest < 2**15
    return TiffTags.SIGNED_SHORT if fits else TiffTags.SIGNED_LONG


def _rational_type(values: list[Any]) -> int:
    # The value of -1/0 is NaN, which is not below 0.
    negative = any(value < 0 or (not value.denominator and value.numerator < 0) for value in values)
    return TiffTags.SIGNED_RATIONAL if negative else TiffTags.RATIONAL


# Which type to write values of an unknown tag with; the first that fits all of them.
_TYPE_RULES: tuple[tuple[type, Callable[[list[Any]], int]], ...] = (
    (IFDRational, _rational_type),
    (int, _integer_type),
    (float, lambda values: TiffTags.DOUBLE),
    (str, lambda values: TiffTags.ASCII),
    (bytes, lambda values: TiffTags.BYTE),
)


def _type_of(values: list[Any]) -> int:
    for python_type, rule in _TYPE_RULES:
        if all(isinstance(value, python_type) for value in values):
            return rule(values)
    return TiffTags.UNDEFINED


def _converted(value: Any, tag_type: int, info: TiffTags.TagInfo) -> Any:
    """A value as it is to be stored for its type."""
    if isinstance(value, str):
        if tag_type == TiffTags.UNDEFINED:
            return value.encode("ascii", "replace")
        return info.cvt_enum(value)
    if isinstance(value, int) and tag_type == TiffTags.RATIONAL:
        return float(value)
    return value


class _Entry:
    """An entry being written; ``outside`` holds values that do not fit into it."""

    __slots__ = ("count", "inline", "outside", "tag", "type")

    def __init__(self, tag: int, type: int, count: int, data: bytes, room: int) -> None:
        self.tag, self.type, self.count = tag, type, count
        fits = len(data) <= room
        self.inline = data.ljust(room, b"\0") if fits else b""
        self.outside = b"" if fits else data


class ImageFileDirectory_v2(MutableMapping[int, Any]):
    """A directory of tags: a mapping of tag numbers to values.

    A value is a number, string or bytes if there is one by definition, otherwise a
    tuple. Values are decoded when they are first looked at. ``tagtype`` holds the
    types by tag; those of new tags follow from the tag tables or the values.

    :param ifh: header of the file: 8 bytes, 16 for BigTIFF
    :param prefix: byte order, ``b"II"`` or ``b"MM"``, if not that of the header
    :param group: the tag that points to this directory, if it is a sub-directory
    :raises SyntaxError: when the header is not that of a TIFF
    """

    __module__ = "PIL.TiffImagePlugin"

    _load_dispatch: dict[int, tuple[int, Callable[..., Any]]] = {}
    _write_dispatch: dict[int, Callable[..., bytes]] = {}

    def __init__(
        self,
        ifh: bytes = b"II\x2a\x00\x00\x00\x00\x00",
        prefix: bytes | None = None,
        group: int | None = None,
    ) -> None:
        if not ifh.startswith(tuple(PREFIXES)):
            raise SyntaxError(f"not a TIFF file (header {ifh!r} not valid)")
        self._prefix = prefix if prefix is not None else ifh[:2]
        if self._prefix not in (II, MM):
            raise SyntaxError("not a TIFF IFD")
        self._endian = "<" if self._prefix == II else ">"
        # The number stands second in big-endian files, which Pillow takes for small ones: it
        # can neither read these nor write them right.
        self._bigtiff = 43 in ifh[2:4]
        self.group = group
        self.tagtype: dict[int, int] = {}
        self.reset()
        self.next: int
        if self._bigtiff:
            if len(ifh) != 16:  # Exif data have a header of 8 bytes, always
                raise SyntaxError("header of a BigTIFF is cut off")
            (self.next,) = self._unpack("Q", ifh[8:])
        else:
            (self.next,) = self._unpack("L", ifh[4:])
        self._legacy_api = False
        # Set by readers of files with several directories, which share one budget.
        self._data_budget: int | None = None
        self._data_left = 0

    prefix = property(lambda self: self._prefix)
    offset = property(lambda self: self._offset)

    @property
    def legacy_api(self) -> bool:
        """Whether this is the old interface, in which all values are tuples."""
        return self._legacy_api

    @legacy_api.setter
    def legacy_api(self, value: bool) -> NoReturn:
        raise Exception("Not allowing setting of legacy api")

    def reset(self) -> None:
        """Forget all tags."""
        self._tags_v1: dict[int, Any] = {}
        self._tags_v2: dict[int, Any] = {}
        self._tagdata: dict[int, bytes] = {}
        self.tagtype = {}
        self._next = None
        self._offset: int | None = None

    def __str__(self) -> str:
        return str(dict(self))

    def named(self) -> dict[str, Any]:
        """The tags by name."""
        return {TiffTags.lookup(tag, self.group).name: value for tag, value in self.items()}

    # The mapping

    def _all_tags(self) -> set[int]:
        return {*self._tagdata, *self._tags_v2}

    def __len__(self) -> int:
        return len(self._all_tags())

    def __iter__(self) -> Iterator[int]:
        return iter(self._all_tags())

    def __contains__(self, tag: object) -> bool:
        return tag in self._tags_v2 or tag in self._tagdata

    def __getitem__(self, tag: int) -> Any:
        if tag not in self._tags_v2:
            self._decode(tag, (False,))
        return self._tags_v2[tag]

    def __setitem__(self, tag: int, value: Any) -> None:
        self._setitem(tag, value, False)

    def __delitem__(self, tag: int) -> None:
        for table in (self._tags_v2, self._tags_v1, self._tagdata):
            table.pop(tag, None)

    def _decode(self, tag: int, interfaces: tuple[bool, ...]) -> None:
        """Decode the raw data of a tag for the new (False) or old interface."""
        data = self._tagdata[tag]
        _, load = self._load_dispatch[self.tagtype[tag]]
        for legacy in interfaces:
            self._setitem(tag, load(self, data, legacy), legacy)

    def _setitem(self, tag: int, value: Any, legacy_api: bool) -> None:
        info = TiffTags.lookup(tag, self.group)
        if isinstance(value, (Number, bytes, str)):
            value = [value]
        elif not isinstance(value, dict):
            value = list(value)
        if tag not in self.tagtype:
            self.tagtype[tag] = info.type or _type_of(list(value))
        tag_type = self.tagtype[tag]
        target = self._tags_v1 if legacy_api else self._tags_v2

        if tag_type == TiffTags.LONG and isinstance(value, dict):
            target[tag] = value  # a sub-directory
            return
        values = tuple(_converted(item, tag_type, info) for item in value)
        alone = info.length is None and len(values) == 1 and not legacy_api
        if not (info.length == 1 or tag_type == TiffTags.BYTE or alone):
            target[tag] = values
        elif legacy_api and tag_type in (TiffTags.RATIONAL, TiffTags.SIGNED_RATIONAL):
            target[tag] = values
        elif len(values) == 1:
            target[tag] = values[0]
        elif tag != _PHOTOMETRIC_INTERPRETATION:
            # A picture must not be interpreted by the first of two contradictory
            # values; for other tags that is the best guess.
            warnings.warn(
                f"Metadata Warning, tag {tag} had too many entries: {len(values)}, expected 1",
                stacklevel=2,
            )
            target[tag] = values[0]

    # Decoding and encoding of values

    def _unpack(self, fmt: str, data: bytes) -> tuple[Any, ...]:
        return struct.unpack(self._endian + fmt, data)

    def _pack(self, fmt: str, *values: Any) -> bytes:
        return struct.pack(self._endian + fmt, *values)

    def load_byte(self, data: bytes, legacy_api: bool = True) -> bytes:
        """BYTE values are bytes."""
        return data

    def load_undefined(self, data: bytes, legacy_api: bool = True) -> bytes:
        """UNDEFINED values are bytes."""
        return data

    def load_string(self, data: bytes, legacy_api: bool = True) -> str:
        """ASCII, which in practice is Latin-1, without the terminating NUL."""
        return data.removesuffix(b"\0").decode("latin-1")

    def _load_pairs(self, fmt: str, data: bytes, legacy_api: bool) -> tuple[Any, ...]:
        numbers = self._unpack(f"{len(data) // 4}{fmt}", data)
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        if legacy_api:
            return tuple(pairs)
        return tuple(IFDRational(*pair) for pair in pairs)

    def load_rational(
        self, data: bytes, legacy_api: bool = True
    ) -> tuple[tuple[int, int] | IFDRational, ...]:
        """Unsigned fractions; pairs of numbers in the old interface."""
        return self._load_pairs("L", data, legacy_api)

    def load_signed_rational(
        self, data: bytes, legacy_api: bool = True
    ) -> tuple[tuple[int, int] | IFDRational, ...]:
        """Signed fractions; pairs of numbers in the old interface."""
        return self._load_pairs("l", data, legacy_api)

    def write_byte(self, data: bytes | int | IFDRational) -> bytes:
        """Bytes as they are, a number as one byte."""
        if isinstance(data, IFDRational):
            data = int(data)
        return bytes((data,)) if isinstance(data, int) else data

    def write_string(self, value: str | bytes | int) -> bytes:
        """Text with a NUL at its end, a number as decimal text."""
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, bytes):
            value = value.encode("ascii", "replace")
        return value + b"\0"

    def write_undefined(self, value: bytes | int | IFDRational) -> bytes:
        """Bytes as they are, a number as decimal text."""
        if isinstance(value, IFDRational):
            value = int(value)
        return str(value).encode("ascii") if isinstance(value, int) else value

    def write_rational(self, *values: IFDRational) -> bytes:
        """Fractions of two numbers of 32 bits, without sign."""
        return b"".join(self._pack("2L", *_limit_rational(v, 2**32 - 1)) for v in values)

    def write_signed_rational(self, *values: IFDRational) -> bytes:
        """Fractions of two numbers of 32 bits, with sign."""
        return b"".join(
            self._pack("2l", *_limit_signed_rational(v, 2**31 - 1, -(2**31))) for v in values
        )

    # Reading

    def _ensure_read(self, fp: IO[bytes], size: int) -> bytes:
        data = fp.read(size)
        if len(data) != size:
            raise OSError(
                f"Corrupt EXIF data.  Expecting to read {size} bytes but only got {len(data)}. "
            )
        return data

    def load(self, fp: IO[bytes]) -> None:
        """Read the directory at the position of a file.

        What is damaged is left out, with a ``UserWarning``; nothing is raised.
        """
        self.reset()
        self._offset = fp.tell()
        fp.seek(0, 2)
        self._data_left = self._data_limit(fp.tell())
        fp.seek(self._offset)
        try:
            count_format, next_format = ("Q", "Q") if self._bigtiff else ("H", "L")
            (count,) = self._unpack(
                count_format, self._ensure_read(fp, struct.calcsize("=" + count_format))
            )
            for _ in range(count):
                self._load_entry(fp)
            (self.next,) = self._unpack(
                next_format, self._ensure_read(fp, struct.calcsize("=" + next_format))
            )
        except OSError as error:
            warnings.warn(str(error), stacklevel=2)

    def _data_limit(self, stream_length: int) -> int:
        """How many bytes of values outside the entries may be read."""
        return stream_length if self._data_budget is None else self._data_budget

    def _load_entry(self, fp: IO[bytes]) -> None:
        """Read one entry; what its value takes outside the entry is taken off the budget."""
        room = 8 if self._bigtiff else 4
        entry = self._ensure_read(fp, 4 + 2 * room)
        tag, tag_type, count = self._unpack("HHQ" if room == 8 else "HHL", entry[:-room])
        value = entry[-room:]
        if tag in self._tagdata or tag_type not in self._load_dispatch:
            return
        size = count * self._load_dispatch[tag_type][0]
        if size > room:
            (offset,) = self._unpack("Q" if room == 8 else "L", value)
            if offset > _LARGEST_OFFSET:
                warnings.warn("Tag offset too large", stacklevel=3)
                return
            self._data_left -= size
            if self._data_left < 0:
                warnings.warn(
                    f"Tag data larger than file. Skipping tag {tag}",
                    stacklevel=3,
                )
                return
            here = fp.tell()
            fp.seek(offset)
            value = ImageFile._safe_read(fp, size)
            fp.seek(here)
        if size:
            self._tagdata[tag] = value[:size]
            self.tagtype[tag] = tag_type

    # Writing

    def _get_ifh(self) -> bytes:
        """The header of a file whose first directory follows at once."""
        if self._bigtiff:
            return self._prefix + self._pack("HHHQ", 43, 8, 0, 16)
        return self._prefix + self._pack("HL", 42, 8)

    def tobytes(self, offset: int = 0) -> bytes:
        """The directory and its values as bytes.

        Tags that were loaded but never looked at are not included.

        :param offset: where in the file the result will stand
        """
        room = 8 if self._bigtiff else 4
        head_format, next_format = ("Q", "Q") if self._bigtiff else ("H", "L")
        entry_format = "HHQ" if self._bigtiff else "HHL"
        head_size = struct.calcsize("=" + head_format)
        here = offset + head_size + (4 + 2 * room) * len(self._tags_v2) + room

        entries = []
        for tag, value in sorted(self._tags_v2.items()):
            entry = self._make_entry(tag, value, here, room)
            if entry.outside:
                if entry.inline == b"":
                    entry.inline = self._pack(next_format, here)
                here += len(entry.outside) + len(entry.outside) % 2
            entries.append(entry)
        for entry in entries:
            if entry.tag == _STRIP_OFFSETS:
                self._move_strips(entry, here)

        head = [self._pack(head_format, len(entries))]
        for entry in entries:
            head.append(self._pack(entry_format, entry.tag, entry.type, entry.count))
            head.append(entry.inline)
        head.append(self._pack(next_format, 0))
        padded = [entry.outside + b"\0" * (len(entry.outside) % 2) for entry in entries]
        return b"".join(head + padded)

    def _make_entry(self, tag: int, value: Any, here: int, room: int) -> _Entry:
        tag_type = self.tagtype[tag]
        if tag_type == TiffTags.LONG and isinstance(value, dict):
            directory = ImageFileDirectory_v2(self._get_ifh(), group=tag)
            for key, item in value.items():
                directory[key] = item
            # A directory stands outside, however small.
            return _Entry(tag, tag_type, 1, directory.tobytes(here), 0)
        values = value if isinstance(value, tuple) else (value,)
        data = self._write_dispatch[tag_type](self, *values)
        count = len(data) if tag_type in _BYTE_TYPES else len(values)
        return _Entry(tag, tag_type, count, data, room)

    def _move_strips(self, entry: _Entry, distance: int) -> None:
        """Offsets of strips are given from the end of the directory; make them absolute."""
        unit, load = self._load_dispatch[entry.type]
        data = entry.outside or entry.inline[: unit * entry.count]
        moved = [value + distance for value in load(self, data, False)]
        data = self._write_dispatch[entry.type](self, *moved)
        if entry.outside:
            entry.outside = data
        else:
            entry.inline = data.ljust(len(entry.inline), b"\0")

    def save(self, fp: IO[bytes]) -> int:
        """Write the directory, after a header when the file is empty.

        :return: the position of the end
        """
        if fp.tell() == 0:
            fp.write(self._get_ifh())
        offset = fp.tell()
        data = self.tobytes(offset)
        fp.write(data)
        return offset + len(data)


def _numeric_methods(fmt: str) -> tuple[Callable[..., Any], Callable[..., bytes]]:
    """Methods that load and write values of a type that struct knows."""
    unit = struct.calcsize("=" + fmt)

    def load(self: ImageFileDirectory_v2, data: bytes, legacy_api: bool = True) -> tuple[Any, ...]:
        return self._unpack(f"{len(data) // unit}{fmt}", data)

    def write(self: ImageFileDirectory_v2, *values: Any) -> bytes:
        return b"".join(self._pack(fmt, value) for value in values)

    return load, write


def _fill_dispatch() -> None:
    """Complete the class: methods named after the types, and the tables of methods."""
    units = {number: struct.calcsize("=" + fmt) for number, _, fmt in _NUMERIC_TYPES}
    units |= dict.fromkeys(_BYTE_TYPES, 1)
    units |= {TiffTags.RATIONAL: 8, TiffTags.SIGNED_RATIONAL: 8}
    cls = ImageFileDirectory_v2
    for _, name, fmt in _NUMERIC_TYPES:
        suffix = name.replace(" ", "_")
        for verb, method in zip(("load_", "write_"), _numeric_methods(fmt), strict=True):
            method.__name__ = verb + suffix
            setattr(cls, verb + suffix, method)
    for number, name in TiffTags.TYPES.items():
        suffix = name.replace(" ", "_")
        cls._load_dispatch[number] = units[number], getattr(cls, "load_" + suffix)
        cls._write_dispatch[number] = getattr(cls, "write_" + suffix)


_fill_dispatch()


class ImageFileDirectory_v1(ImageFileDirectory_v2):
    """The old interface: all values but bytes are tuples, rationals are pairs."""

    __module__ = "PIL.TiffImagePlugin"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._legacy_api = True

    tags = property(lambda self: self._tags_v1)
    tagdata = property(lambda self: self._tagdata)

    @classmethod
    def from_v2(cls, original: ImageFileDirectory_v2) -> ImageFileDirectory_v1:
        """A view that shares the raw data with ``original``."""
        view = cls(prefix=original.prefix)
        view._tagdata, view.tagtype = original._tagdata, original.tagtype
        view.next = original.next
        return view

    def to_v2(self) -> ImageFileDirectory_v2:
        """The directory in the new interface."""
        copy = ImageFileDirectory_v2(prefix=self.prefix)
        copy._tagdata, copy.tagtype = dict(self._tagdata), dict(self.tagtype)
        copy._tags_v2 = dict(self._tags_v2)
        return copy

    def _all_tags(self) -> set[int]:
        return {*self._tagdata, *self._tags_v1}

    def __contains__(self, tag: object) -> bool:
        return tag in self._tags_v1 or tag in self._tagdata

    def __getitem__(self, tag: int) -> Any:
        if tag not in self._tags_v1:
            self._decode(tag, (False, True))
        value = self._tags_v1[tag]
        return value if isinstance(value, (tuple, bytes)) else (value,)

    def __setitem__(self, tag: int, value: Any) -> None:
        for legacy in (False, True):
            self._setitem(tag, value, legacy)


# The name that old programs use.
ImageFileDirectory = ImageFileDirectory_v1
