"""Values of PDF files as Python objects, and how they are written ("PDF 32000-1:2008", 7.3)."""

from __future__ import annotations

import calendar
import codecs
import collections
import re
import time
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from mmap import mmap

    Buffer: TypeAlias = bytes | bytearray | memoryview | mmap


class PdfFormatError(RuntimeError):
    """What was read is no PDF file, or a damaged one."""

    __module__ = "PIL.PdfParser"


def check_format_condition(condition: bool, error_message: str) -> None:
    """:raises PdfFormatError: unless the condition holds"""
    if not condition:
        raise PdfFormatError(error_message)


# Text

#: Characters of PDFDocEncoding (annex D.3) that are not those of Latin-1.
PDFDocEncoding = {
    code: chr(character)
    for first, characters in (
        (0x16, (0x17,)),
        (0x18, (0x2D8, 0x2C7, 0x2C6, 0x2D9, 0x2DD, 0x2DB, 0x2DA, 0x2DC)),
        (0x80, (0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x192, 0x2044, 0x2039, 0x203A)),
        (0x8A, (0x2212, 0x2030, 0x201E, 0x201C, 0x201D, 0x2018, 0x2019, 0x201A, 0x2122)),
        (0x93, (0xFB01, 0xFB02, 0x141, 0x152, 0x160, 0x178, 0x17D, 0x131, 0x142, 0x153)),
        (0x9D, (0x161, 0x17E)),
        (0xA0, (0x20AC,)),
    )
    for code, character in enumerate(characters, first)
}


def encode_text(s: str) -> bytes:
    """A text string: UTF-16 with its byte order mark."""
    return codecs.BOM_UTF16_BE + s.encode("utf_16_be")


def decode_text(b: bytes) -> str:
    """The text of a string object."""
    if b.startswith(codecs.BOM_UTF16_BE):
        return b[len(codecs.BOM_UTF16_BE) :].decode("utf_16_be")
    return "".join(PDFDocEncoding.get(byte, chr(byte)) for byte in b)


# Objects


class IndirectReferenceTuple(NamedTuple):
    """Number and generation of an object of the file."""

    object_id: int
    generation: int


class IndirectReference(IndirectReferenceTuple):
    """A reference to an object. Equal only to others, not to definitions or plain tuples."""

    __module__ = "PIL.PdfParser"

    _keyword = b"R"

    def __str__(self) -> str:
        return bytes(self).decode("us-ascii")

    def __bytes__(self) -> bytes:
        return b"%d %d %b" % (self.object_id, self.generation, self._keyword)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and tuple(self) == tuple(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.object_id, self.generation))


class IndirectObjectDef(IndirectReference):
    """What an object's definition begins with."""

    __module__ = "PIL.PdfParser"

    _keyword = b"obj"


class PdfName:
    """A name. Equal to others and to bytes of the same characters."""

    __module__ = "PIL.PdfParser"

    name: bytes
    #: Characters that stand for themselves: visible ones that are no delimiters.
    allowed_chars = set(range(33, 127)) - {ord(c) for c in "#%/()<>[]{}"}

    def __init__(self, name: PdfName | bytes | str) -> None:
        if isinstance(name, PdfName):
            self.name = name.name
        elif isinstance(name, bytes):
            self.name = name
        else:
            self.name = name.encode("us-ascii")

    @classmethod
    def from_pdf_stream(cls, data: bytes) -> PdfName:
        """The name that a file gives in its escaped form, without its slash."""
        return cls(unescape_name(data))

    def name_as_str(self) -> str:
        """The characters, which have to be ASCII."""
        return self.name.decode("us-ascii")

    def __eq__(self, other: object) -> bool:
        return self.name == (other.name if isinstance(other, PdfName) else other)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def __bytes__(self) -> bytes:
        return b"/" + _TO_ESCAPE.sub(lambda m: b"#%02X" % m[0][0], self.name)


_TO_ESCAPE = re.compile(
    b"[" + b"".join(b"\\x%02x" % c for c in range(256) if c not in PdfName.allowed_chars) + b"]"
)


def unescape_name(raw: bytes) -> bytes:
    """The characters of a name; a ``#`` without two digits is dropped."""
    return re.sub(
        rb"#([0-9a-fA-F]{2})?", lambda m: bytes.fromhex(m[1].decode()) if m[1] else b"", raw
    )


class PdfArray(list[Any]):
    """A list that can be written."""

    __module__ = "PIL.PdfParser"

    def __bytes__(self) -> bytes:
        return b"[ " + b" ".join(pdf_repr(item) for item in self) + b" ]"


_Dict: TypeAlias = "collections.UserDict[bytes | PdfName, Any]"
_UserDict = collections.UserDict


class PdfDict(_UserDict if not TYPE_CHECKING else _Dict):  # type: ignore[misc]
    """A dictionary; what its names are may also be used as attributes: strings are text then, and
    those whose names end in "Date" are times (:class:`time.struct_time`, of UTC)."""

    __module__ = "PIL.PdfParser"

    def __setattr__(self, key: str, value: Any) -> None:
        if key == "data":
            super().__setattr__(key, value)
        else:
            self[key.encode("us-ascii")] = value

    def __getattr__(self, key: str) -> Any:
        if key == "data":  # of an object that is only being made
            raise AttributeError(key)
        try:
            value = self[key.encode("us-ascii")]
        except KeyError as e:
            raise AttributeError(key) from e
        if isinstance(value, bytes):
            value = decode_text(value)
        if key.endswith("Date") and isinstance(value, str):
            value = _parse_date(value)
        return value

    def __bytes__(self) -> bytes:
        lines = [
            b"\n" + bytes(PdfName(key)) + b" " + pdf_repr(value)
            for key, value in self.items()
            if value is not None
        ]
        return b"<<" + b"".join(lines) + b"\n>>"


_DATE_FORMAT = "%Y%m%d%H%M%S"


def _parse_date(text: str) -> time.struct_time:
    """A date (7.9.4), of which the later parts may be missing, in UTC."""
    text = text.removeprefix("D:")
    # Two characters of the format for two digits, but four of the year.
    moment = time.strptime(text[: len(_DATE_FORMAT) + 2], _DATE_FORMAT[: max(0, len(text) - 2)])
    # An offset is a sign, HH', and perhaps mm'; of one that is cut off only whole parts count.
    sign, rest = text[14:15], text[15:]
    if sign in ("+", "-") and len(rest) >= 3:
        minutes = 60 * int(rest[:2]) + (int(rest[3:5]) if len(rest) >= 6 else 0)
        seconds = 60 * (minutes if sign == "-" else -minutes)
        moment = time.gmtime(calendar.timegm(moment) + seconds)
    return moment


class PdfBinary:
    """Bytes that are written as hexadecimal digits."""

    __module__ = "PIL.PdfParser"

    def __init__(self, data: list[int] | bytes) -> None:
        self.data = data

    def __bytes__(self) -> bytes:
        return b"<%s>" % b"".join(b"%02X" % byte for byte in self.data)


class PdfStream:
    """A dictionary and bytes."""

    __module__ = "PIL.PdfParser"

    def __init__(self, dictionary: PdfDict, buf: bytes) -> None:
        self.dictionary = dictionary
        self.buf = buf

    def decode(self, max_length: int = 1024 * 1024) -> bytes:
        """The bytes, unpacked if they are deflated.

        :param max_length: largest number of bytes to unpack
        :raises ValueError: when there are more, or they cannot be unpacked
        :raises NotImplementedError: for other filters
        """
        kind = self.dictionary.get(b"Filter")
        if kind is None:
            return self.buf
        if kind != b"FlateDecode":
            raise NotImplementedError(f"stream filter {kind!r} unknown/unsupported")
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(self.buf, max_length)
        except zlib.error as error:
            raise ValueError(f"stream cannot be inflated: {error}") from error
        if unpacker.unconsumed_tail:
            raise ValueError("Decompressed data too large")
        return data


def pdf_repr(x: Any) -> bytes:
    """How a value is written. Strings become text strings, lists arrays, dictionaries ones with
    names as keys; other objects have to convert themselves to bytes."""
    if isinstance(x, (PdfName, IndirectReference)):
        return bytes(x)
    if x is None or x is True or x is False:
        return {None: b"null", True: b"true", False: b"false"}[x]
    if isinstance(x, (int, float)):
        return str(x).encode("us-ascii")
    if isinstance(x, time.struct_time):
        return b"(D:" + time.strftime(_DATE_FORMAT, x).encode("us-ascii") + b"Z)"
    if isinstance(x, str):
        x = encode_text(x)
    if isinstance(x, bytes):
        return b"(" + re.sub(rb"([\\()])", rb"\\\1", x) + b")"
    if isinstance(x, dict):
        x = PdfDict(x)
    elif isinstance(x, list):
        x = PdfArray(x)
    return bytes(x)
