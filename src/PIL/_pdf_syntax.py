"""Reads values of PDF files.

Containers are kept on a stack of our own, so that nesting costs no recursion; all patterns match in
time linear in what they pass over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ._pdf_objects import (
    IndirectReference,
    PdfDict,
    PdfFormatError,
    PdfName,
    PdfStream,
    check_format_condition,
    unescape_name,
)

if TYPE_CHECKING:
    from ._pdf_objects import Buffer

# White space (7.2.2), and the same without ends of lines; the end of a line with the blanks around
# it; what numbers, names and keywords have to be followed by.
SPACE = rb"[\0\t\n\f\r ]"
BLANK = rb"[\0\t\f ]"
NEW_LINE = BLANK + rb"*[\r\n]+" + BLANK + rb"*"
END = rb"(?=[][()<>{}/%\0\t\n\f\r ])"

_SPACES = re.compile(SPACE + b"*")
_LINE_END = re.compile(rb"[\r\n]")
_TWO_NUMBERS = re.compile(
    rb"([-+]?[0-9]+)" + SPACE + rb"+([-+]?[0-9]+)" + SPACE + rb"+(R|obj)" + END
)
_INTEGER = re.compile(rb"([-+]?[0-9]+)" + END)
_REAL = re.compile(rb"([-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+))" + END)
_NAME = re.compile(rb"/([^][()<>{}/%\0-\x20\x7f-\xff]+)" + END)
_KEYWORD = re.compile(rb"(true|false|null)" + END)
_HEX = re.compile(rb"<([\0\t\n\f\r 0-9a-fA-F]*)>")
_ARRAY_END = re.compile(SPACE + rb"*\]")
_DICT_END = re.compile(SPACE + b"*>>" + SPACE + b"*")
_STREAM = re.compile(rb"stream\r?\n")
_STREAM_END = re.compile(SPACE + b"*endstream" + END)
_DEFINITION_END = re.compile(SPACE + b"*endobj" + END)
_LITERAL_TOKEN = re.compile(
    rb"\\([nrtbf()\\])|\\([0-9]{1,3})|\\(\r\n|\r|\n)|(\r\n|\r|\n)|(\()|(\))"
)

_ESCAPES = dict(zip(b"nrtbf()\\", b"\n\r\t\b\f()\\", strict=True))
_KEYWORDS = {b"true": True, b"false": False, b"null": None}


def skip_comments(data: Buffer, offset: int) -> int:
    """The position behind white space and comments; a comment without the end of its line stays."""
    while True:
        if m := _SPACES.match(data, offset):  # as always
            offset = m.end()
        if bytes(data[offset : offset + 1]) != b"%":
            return offset
        line_end = _LINE_END.search(data, offset)
        if line_end is None:
            return offset
        offset = line_end.end()


def literal_string(data: Buffer, offset: int) -> tuple[bytes, int]:
    """A string, of which the opening parenthesis has been read; and the position behind it."""
    depth, out = 0, bytearray()
    for m in _LITERAL_TOKEN.finditer(data, offset):
        out += data[offset : m.start()]
        offset = m.end()
        escape, octal, _, newline, _, closing = m.groups()
        if escape:
            out.append(_ESCAPES[escape[0]])
        elif octal:
            out.append(int(octal, 8))
        elif newline:
            out += b"\n"
        elif closing and depth == 0:
            return bytes(out), offset
        elif m.lastindex in (5, 6):
            out += m[0]
            depth += -1 if closing else 1
    raise PdfFormatError("unfinished literal string")


def match_name(data: Buffer, offset: int) -> tuple[PdfName, int] | None:
    """The name at a position, if there is one."""
    m = _NAME.match(data, offset)
    return (PdfName(unescape_name(m[1])), m.end()) if m else None


def reference(m: re.Match[bytes], what: str) -> IndirectReference:
    """The object that two numbers refer to."""
    number, generation = int(m[1]), int(m[2])
    check_format_condition(number > 0, f"indirect object {what}: object ID must be greater than 0")
    check_format_condition(
        generation >= 0, f"indirect object {what}: generation must be non-negative"
    )
    return IndirectReference(number, generation)


# Containers on the stack. ``step`` is called before each value: it either ends the container, and
# gives its value and the position behind it, or gives the position of the next value.
_Step = tuple[bool, Any, int]


class _Array:
    def __init__(self) -> None:
        self.value: list[Any] = []

    def add(self, value: Any) -> None:
        self.value.append(value)

    def step(self, data: Buffer, offset: int) -> _Step:
        m = _ARRAY_END.match(data, offset)
        return (True, self.value, m.end()) if m else (False, None, offset)


class _Dictionary:
    def __init__(self) -> None:
        self.value: PdfDict = PdfDict()
        self._key = PdfName(b"")

    def add(self, value: Any) -> None:
        self.value[self._key] = value

    def step(self, data: Buffer, offset: int) -> _Step:
        m = _DICT_END.match(data, offset)
        if m:
            return self._end(data, m.end())
        name = match_name(data, skip_comments(data, offset))
        if name is None:
            raise PdfFormatError("key must be a name")
        self._key, offset = name
        return False, None, offset

    def _end(self, data: Buffer, offset: int) -> _Step:
        m = _STREAM.match(data, offset)
        if not m:
            return True, self.value, offset
        length = self.value.get(b"Length")
        if not isinstance(length, int) or length < 0:
            raise PdfFormatError(f"bad or missing Length in stream dict ({length})")
        start = m.end()
        m = _STREAM_END.match(data, start + length) if length <= len(data) - start else None
        if not m:
            raise PdfFormatError("stream end not found")
        return True, PdfStream(self.value, bytes(data[start : start + length])), m.end()


class _Definition:
    """Not a container, but something around one value."""

    def __init__(self) -> None:
        self.value: Any = None
        self._filled = False

    def add(self, value: Any) -> None:
        self.value = value
        self._filled = True

    def step(self, data: Buffer, offset: int) -> _Step:
        if not self._filled:
            return False, None, offset
        m = _DEFINITION_END.match(data, offset)
        if not m:
            raise PdfFormatError("indirect object definition end not found")
        return True, self.value, m.end()


_Container = _Array | _Dictionary | _Definition


def _unrecognized(data: Buffer, offset: int) -> PdfFormatError:
    return PdfFormatError(f"unrecognized object: {bytes(data[offset : offset + 32])!r}")


def _simple_value(data: Buffer, offset: int) -> tuple[Any, int]:
    """A value that is no container."""
    first = bytes(data[offset : offset + 1])
    if first == b"(":
        return literal_string(data, offset + 1)
    if first == b"/":
        if name := match_name(data, offset):
            return name
    elif first == b"<":
        if m := _HEX.match(data, offset):
            digits = re.sub(SPACE, b"", m[1])
            return bytearray.fromhex((digits + b"0" * (len(digits) % 2)).decode()), m.end()
    elif m := _KEYWORD.match(data, offset):
        return _KEYWORDS[m[1]], m.end()
    elif m := _INTEGER.match(data, offset):
        return int(m[1]), m.end()
    elif m := _REAL.match(data, offset):
        return float(m[1]), m.end()
    raise _unrecognized(data, offset)


def _begin(
    data: Buffer, offset: int, expect: IndirectReference | None
) -> tuple[_Container | None, Any, int]:
    """The container that begins at a position, or else the value there; and what follows it."""
    m = _TWO_NUMBERS.match(data, offset)
    if expect is not None:
        check_format_condition(
            m is not None and m[3] == b"obj", "indirect object definition not found"
        )
    if m and m[3] == b"obj":
        found = reference(m, "definition")
        check_format_condition(
            expect is None or found == expect, "indirect object definition different than expected"
        )
        return _Definition(), None, m.end()
    if m:
        return None, reference(m, "reference"), m.end()
    start = bytes(data[offset : offset + 2])
    if start == b"<<":
        return _Dictionary(), None, offset + 2
    if start[:1] == b"[":
        return _Array(), None, offset + 1
    return None, *_simple_value(data, offset)


def read_value(
    data: Buffer, offset: int, expect: IndirectReference | None, max_nesting: int
) -> tuple[Any, int | None]:
    """The value at a position, and the position behind it.

    Values nested deeper than ``max_nesting`` are not read: what is there until then is returned,
    without a position.
    """
    stack: list[_Container] = []
    while len(stack) != max_nesting:
        offset = skip_comments(data, offset)
        container, value, offset = _begin(data, offset, None if stack else expect)
        if container is not None:
            stack.append(container)
        elif stack:
            stack[-1].add(value)
        else:
            return value, offset
        # Any number of containers may end here.
        done = True
        while done:
            done, value, offset = stack[-1].step(data, offset)
            if done:
                stack.pop()
                if not stack:
                    return value, offset
                stack[-1].add(value)
    return _cut(stack), None


def _cut(stack: list[_Container]) -> Any:
    """What is there of the value that the stack is in."""
    value = None
    for container in reversed(stack):
        container.add(value)
        value = container.value
    return value
