"""Reads the structure of PDF files, and writes new files or appends to old ones.

Only what appending pages takes is understood: cross-reference tables (no streams), the page tree,
the catalogue and the document information.
"""

from __future__ import annotations

import mmap
import os
import re
from typing import IO, TYPE_CHECKING, Any

from ._pdf_objects import (
    IndirectObjectDef,
    IndirectReference,
    IndirectReferenceTuple,
    PdfArray,
    PdfBinary,
    PdfDict,
    PDFDocEncoding,
    PdfFormatError,
    PdfName,
    PdfStream,
    check_format_condition,
    decode_text,
    encode_text,
    pdf_repr,
    unescape_name,
)
from ._pdf_syntax import BLANK, NEW_LINE, SPACE, literal_string, match_name, read_value
from ._pdf_xref import XrefTable, first_trailer, last_trailer
from ._util import publish as _publish

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ._pdf_objects import Buffer

__all__ = (
    "IndirectObjectDef", "IndirectReference", "IndirectReferenceTuple", "PDFDocEncoding",
    "PdfArray", "PdfBinary", "PdfDict", "PdfFormatError", "PdfName", "PdfParser", "PdfStream",
    "XrefTable", "check_format_condition", "decode_text", "encode_text", "pdf_repr",
)  # fmt: skip

#: How far from the end of a file, or from the table before it, a trailer may begin and end.
_TRAILER_ROOM = 16384

_XREF = re.compile(SPACE + b"*xref" + NEW_LINE)
_SUBSECTION = re.compile(
    SPACE + b"*([0-9]+)" + SPACE + b"+([0-9]+)" + BLANK + b"*[\r\n]+" + SPACE + b"*"
)
_ENTRY = re.compile(rb"([0-9]{10}) ([0-9]{5}) ([fn])( \r| \n|\r\n)")
_SPACES = re.compile(SPACE + b"*")


class PdfParser:
    """A PDF file that is read, written, or appended to.

    :param filename: path of a file to open, in ``mode``
    :param f: or an open file
    :param buf: or the content of a file, which is only read
    :param start_offset: where in the content the file begins
    :raises PdfFormatError: when there is content, but it cannot be understood
    """

    whitespace = rb"[\000\011\012\014\015\040]"
    whitespace_or_hex = rb"[\000\011\012\014\015\0400-9a-fA-F]"
    whitespace_optional = whitespace + b"*"
    whitespace_mandatory = whitespace + b"+"
    whitespace_optional_no_nl = rb"[\000\011\014\040]*"
    newline_only = rb"[\r\n]+"
    newline = whitespace_optional_no_nl + newline_only + whitespace_optional_no_nl
    delimiter = rb"[][()<>{}/%]"
    delimiter_or_ws = rb"[][()<>{}/%\000\011\012\014\015\040]"
    #: What stands for what behind a backslash; keys are given as bytes and as numbers.
    escaped_chars: dict[bytes | int, bytes] = {
        key: value
        for pair in zip(b"nrtbf()\\", b"\n\r\t\b\f()\\", strict=True)
        for key, value in (
            (bytes(pair[:1]), bytes(pair[1:])),
            (pair[0], bytes(pair[1:])),
        )
    }

    def __init__(
        self,
        filename: str | None = None,
        f: IO[bytes] | None = None,
        buf: bytes | bytearray | None = None,
        start_offset: int = 0,
        mode: str = "rb",
    ) -> None:
        if buf is not None and f is not None:
            raise RuntimeError("specify buf or f or filename, but not both buf and f")
        self.filename = filename
        self.buf: Buffer | None = buf
        self.f = f
        self.start_offset = start_offset
        self.should_close_buf = False
        self.should_close_file = False
        if filename is not None and f is None:
            self.f = f = open(filename, mode)
            self.should_close_file = True
        if f is not None:
            try:
                self.buf = self.get_buf_from_file(f)
            except BaseException:
                self._close_file()
                raise
            self.should_close_buf = True
            if not filename and hasattr(f, "name"):
                self.filename = f.name
        self.cached_objects: dict[IndirectReference, Any] = {}
        self.file_size_total = self.file_size_this = 0
        self.root = PdfDict()
        self.root_ref: IndirectReference | None = None
        self.info = PdfDict()
        self.info_ref: IndirectReference | None = None
        self.page_tree_root = PdfDict()
        self.pages: list[IndirectReference] = []
        self.orig_pages: list[IndirectReference] = []
        self.pages_ref: IndirectReference | None = None
        self.last_xref_section_offset: int | None = None
        self.trailer_dict: dict[bytes, Any] = {}
        self.xref_table = XrefTable()
        try:
            if self.buf:
                self.read_pdf_info()
        except BaseException:
            self.close()
            raise
        self.xref_table.reading_finished = True
        if f is not None:
            self.seek_end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # The file

    @staticmethod
    def get_buf_from_file(f: IO[bytes]) -> bytes | mmap.mmap:
        """The content of a file: that of its memory, or mapped; nothing of an empty file."""
        for name in ("getbuffer", "getvalue"):
            if hasattr(f, name):
                content: bytes | mmap.mmap = getattr(f, name)()
                return content
        try:
            return mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file cannot be mapped
            return b""

    def close_buf(self) -> None:
        """Give back the content; nothing more can be read."""
        if isinstance(self.buf, mmap.mmap):
            self.buf.close()
        elif isinstance(self.buf, memoryview) and self.should_close_buf:
            self.buf.release()
        self.buf = None

    def _close_file(self) -> None:
        if self.f is not None and self.should_close_file:
            self.f.close()
            self.f = None

    def close(self) -> None:
        """Give back the content, and close a file that was opened here."""
        if self.should_close_buf:
            self.close_buf()
        self._close_file()

    def seek_end(self) -> None:
        """Go to the end of the file."""
        self._file.seek(0, os.SEEK_END)

    @property
    def _file(self) -> IO[bytes]:
        assert self.f is not None
        return self.f

    @property
    def _content(self) -> Buffer:
        assert self.buf is not None
        return self.buf

    # Writing

    def start_writing(self) -> None:
        """Write from the end of the file on; nothing is read any more, but what was."""
        self.close_buf()
        self.seek_end()

    def write_header(self) -> None:
        """Write the first line of a file."""
        self._file.write(b"%PDF-1.4\n")

    def write_comment(self, s: str) -> None:
        """Write a line that means nothing."""
        self._file.write(f"% {s}\n".encode())

    def write_catalog(self) -> IndirectReference:
        """Write a new catalogue and page tree, with the pages there are."""
        assert self.f is not None
        self.del_root()
        self.root_ref = self.next_object_id(self.f.tell())
        self.pages_ref = self.next_object_id(0)
        self.rewrite_pages()
        self.write_obj(self.root_ref, Type=PdfName(b"Catalog"), Pages=self.pages_ref)
        self.write_obj(
            self.pages_ref, Type=PdfName(b"Pages"), Count=len(self.pages), Kids=self.pages
        )
        return self.root_ref

    def rewrite_pages(self) -> None:
        """Write the pages of the file anew, as children of the new root; the old ones, and the
        nodes of the tree that they were in, are deleted."""
        places = {ref: i for i, ref in reversed(list(enumerate(self.pages)))}
        old_nodes = []
        for old_ref in self.orig_pages:
            page = self.cached_objects[old_ref]
            del self.xref_table[old_ref.object_id]
            old_nodes.append(page.get(b"Parent"))
            if old_ref not in places:
                continue  # a user has taken it out
            entries = {PdfName(key).name_as_str(): value for key, value in page.items()}
            entries["Parent"] = self.pages_ref
            self.pages[places[old_ref]] = self.write_page(None, **entries)
        for node in old_nodes:
            while isinstance(node, IndirectReference) and self.xref_table.is_used(node.object_id):
                del self.xref_table[node.object_id]
                content = self.cached_objects.get(node)
                node = content.get(b"Parent") if isinstance(content, PdfDict) else None
        self.orig_pages = []

    def write_page(
        self, ref: int | IndirectReference | None, *objs: Any, **dict_obj: Any
    ) -> IndirectReference:
        """Write a page.

        :param ref: its number among the pages, or reference; None for a new one
        :param objs: values that follow the dictionary
        :param dict_obj: the dictionary
        """
        if isinstance(ref, int):
            ref = self.pages[ref]
        dict_obj.setdefault("Type", PdfName(b"Page"))
        dict_obj.setdefault("Parent", self.pages_ref)
        return self.write_obj(ref, *objs, **dict_obj)

    def write_obj(
        self, ref: IndirectReference | None, *objs: Any, **dict_obj: Any
    ) -> IndirectReference:
        """Write an object: a dictionary, if any entries are given, the other values, and
        ``stream``, bytes.

        :param ref: of the object; None for a new one
        """
        f = self._file
        if ref is None:
            ref = self.next_object_id(f.tell())
        else:
            self.xref_table[ref.object_id] = (f.tell(), ref.generation)
        f.write(bytes(IndirectObjectDef(*ref)))
        stream = dict_obj.pop("stream", None)
        if stream is not None:
            dict_obj["Length"] = len(stream)
        if dict_obj:
            f.write(pdf_repr(dict_obj))
        for obj in objs:
            f.write(pdf_repr(obj))
        if stream is not None:
            f.write(b"stream\n")
            f.write(stream)
            f.write(b"\nendstream\n")
        f.write(b"endobj\n")
        return ref

    def write_xref_and_trailer(self, new_root_ref: IndirectReference | None = None) -> None:
        """Write the document information, the cross-reference table, and the trailer."""
        if new_root_ref:
            self.del_root()
            self.root_ref = new_root_ref
        if self.info:
            self.info_ref = self.write_obj(None, self.info)
        start = self.xref_table.write(self._file)
        trailer = {b"Root": self.root_ref, b"Size": len(self.xref_table)}
        if self.last_xref_section_offset is not None:
            trailer[b"Prev"] = self.last_xref_section_offset
        if self.info:
            trailer[b"Info"] = self.info_ref
        self.last_xref_section_offset = start
        content = bytes(PdfDict(trailer))
        self._file.write(b"trailer\n" + content + b"\nstartxref\n%d\n%%%%EOF" % start)

    def del_root(self) -> None:
        """Delete the catalogue and the root of the page tree, if there are any."""
        if self.root_ref is None:
            return
        del self.xref_table[self.root_ref.object_id]
        del self.xref_table[self.root[b"Pages"].object_id]

    def next_object_id(self, offset: int | None = None) -> IndirectReference:
        """A number for a new object.

        :param offset: where it is going to be; without it the number may be given again
        """
        reference = IndirectReference(self.xref_table.next_id(), 0)
        if offset is not None:
            self.xref_table[reference.object_id] = (offset, 0)
        return reference

    # Reading

    def read_pdf_info(self) -> None:
        """Read everything but the pages themselves."""
        self.file_size_total = len(self._content)
        self.file_size_this = self.file_size_total - self.start_offset
        self.read_trailer()
        root_ref, info_ref = self.trailer_dict[b"Root"], self.trailer_dict.get(b"Info")
        self.root_ref = root_ref
        self.root = self._read_dictionary(root_ref, "Root")
        if info_ref is not None:
            check_format_condition(
                isinstance(info_ref, IndirectReference), "/Info is not an indirect reference"
            )
            self.info_ref = info_ref
            self.info = self._read_dictionary(info_ref, "Info")
        check_format_condition(b"Type" in self.root, "/Type missing in Root")
        check_format_condition(self.root[b"Type"] == b"Catalog", "/Type in Root is not /Catalog")
        check_format_condition(b"Pages" in self.root, "/Pages missing in Root")
        pages_ref = self.root[b"Pages"]
        check_format_condition(
            isinstance(pages_ref, IndirectReference), "/Pages in Root is not an indirect reference"
        )
        self.pages_ref = pages_ref
        self.page_tree_root = self._read_dictionary(pages_ref, "Pages")
        self.pages = self.linearize_page_tree(self.page_tree_root)
        # A user may take pages out, or exchange them.
        self.orig_pages = self.pages[:]

    def _read_dictionary(self, ref: IndirectReference, what: str) -> PdfDict:
        value = self.read_indirect(ref)
        if not isinstance(value, PdfDict):
            raise PdfFormatError(f"{what} is not a dictionary")
        return value

    def read_trailer(self) -> None:
        """Read the last trailer of the file, and all tables that lead from it."""
        data = self._content
        start = max(self.start_offset, len(data) - _TRAILER_ROOM)
        found = last_trailer(bytes(data[start:]))
        if found is None:
            raise PdfFormatError("trailer end not found")
        trailer, self.last_xref_section_offset = found
        self.trailer_dict = self.interpret_trailer(trailer)
        self.xref_table = XrefTable()
        self.read_xref_table(self.last_xref_section_offset)
        if b"Prev" in self.trailer_dict:
            self.read_prev_trailer(self.trailer_dict[b"Prev"])

    def read_prev_trailer(
        self, xref_section_offset: int, processed_offsets: list[int] | None = None
    ) -> None:
        """Read an earlier table, the trailer behind it, and those before them.

        :param processed_offsets: of tables that have been read
        """
        seen = set(processed_offsets or ())
        offset: Any = xref_section_offset
        while True:
            check_format_condition(isinstance(offset, int), "/Prev in trailer is not an integer")
            check_format_condition(offset not in seen, "trailer loop found")
            seen.add(offset)
            end = self.read_xref_table(offset)
            found = first_trailer(bytes(self._content[end : end + _TRAILER_ROOM]))
            if found is None:
                raise PdfFormatError("previous trailer not found")
            check_format_condition(
                found[1] == offset,
                "xref section offset in previous trailer doesn't match what was expected",
            )
            trailer = self.interpret_trailer(found[0])
            if b"Prev" not in trailer:
                return
            offset = trailer[b"Prev"]

    @classmethod
    def interpret_trailer(cls, trailer_data: bytes) -> dict[bytes, Any]:
        """The entries of a trailer.

        :param trailer_data: what follows ``<<``, with ``>>``
        :raises PdfFormatError: without a number of objects, or a catalogue
        """
        trailer: dict[bytes, Any] = {}
        offset: int | None = 0
        while offset is not None:
            start = _behind_space(trailer_data, offset)
            name = match_name(trailer_data, start)
            if name is None:
                rest = bytes(trailer_data[offset:])
                check_format_condition(
                    rest.strip(b"\0\t\n\f\r ") == b">>",
                    f"name not found in trailer, remaining data: {rest[:64]!r}",
                )
                break
            trailer[name[0].name], offset = cls.get_value(trailer_data, name[1])
        check_format_condition(
            isinstance(trailer.get(b"Size"), int), "/Size not in trailer or not an integer"
        )
        check_format_condition(
            isinstance(trailer.get(b"Root"), IndirectReference),
            "/Root not in trailer or not an indirect reference",
        )
        return trailer

    @classmethod
    def interpret_name(cls, raw: bytes, as_text: bool = False) -> str | bytes:
        """The characters of a name, given in its escaped form without the slash.

        :param as_text: whether to return them as text, of UTF-8
        """
        name = unescape_name(raw)
        return name.decode("utf-8") if as_text else name

    @classmethod
    def get_value(
        cls,
        data: Buffer,
        offset: int,
        expect_indirect: IndirectReference | None = None,
        max_nesting: int = 900,
    ) -> tuple[Any, int | None]:
        """Read a value.

        :param expect_indirect: only the definition of this object will do
        :param max_nesting: how deep values may lie in each other
        :returns: The value and the position behind it; None for what lies deeper, and for the
           position then
        :raises PdfFormatError: when there is none
        """
        if expect_indirect is not None:
            expect_indirect = IndirectReference(*expect_indirect)
        return read_value(data, offset, expect_indirect, max_nesting)

    @classmethod
    def get_literal_string(cls, data: Buffer, offset: int) -> tuple[bytes, int]:
        """Read a string whose opening parenthesis is before ``offset``."""
        return literal_string(data, offset)

    def read_xref_table(self, xref_section_offset: int) -> int:
        """Read a table; entries that are there already win. The result is the position behind."""
        data = self._content
        start = xref_section_offset + self.start_offset
        m = _XREF.match(data, start) if 0 <= start <= len(data) else None
        if not m:
            raise PdfFormatError("xref section start not found")
        offset = m.end()
        sections = 0
        while m := _SUBSECTION.match(data, offset):
            sections += 1
            offset = m.end()
            first = int(m[1])
            for key in range(first, first + int(m[2])):
                entry = _ENTRY.match(data, offset)
                if not entry:
                    raise PdfFormatError("xref entry not found")
                offset = entry.end()
                if entry[3] == b"n" and key not in self.xref_table:
                    self.xref_table[key] = int(entry[1]), int(entry[2])
        check_format_condition(sections > 0, "xref subsection start not found")
        return offset

    def read_indirect(self, ref: IndirectReference, max_nesting: int = 900) -> Any:
        """Read an object of the file.

        :raises PdfFormatError: when it is not where the table says, or damaged
        """
        if ref[0] not in self.xref_table:
            raise PdfFormatError(f"object ID {ref[0]} is not in the cross-reference table")
        offset, generation = self.xref_table[ref[0]]
        check_format_condition(
            generation == ref[1],
            f"expected to find generation {ref[1]} for object ID {ref[0]} in xref table, "
            f"instead found generation {generation} at offset {offset}",
        )
        value = self.get_value(
            self._content, offset + self.start_offset, IndirectReference(*ref), max_nesting
        )[0]
        self.cached_objects[ref] = value
        return value

    def linearize_page_tree(self, node: PdfDict | None = None) -> list[IndirectReference]:
        """References to all pages under a node of the tree, by default its root.

        :raises PdfFormatError: when a node is reached twice, or is none
        """
        page_node = node if node is not None else self.page_tree_root
        check_format_condition(
            page_node.get(b"Type") == b"Pages", "/Type of page tree node is not /Pages"
        )
        pages: list[IndirectReference] = []
        seen = set() if self.pages_ref is None else {self.pages_ref}
        waiting = _kids(page_node)
        while waiting:
            ref = waiting.pop()
            check_format_condition(
                isinstance(ref, IndirectReference), "page tree kid is not an indirect reference"
            )
            check_format_condition(
                ref not in seen, "cyclic or duplicate reference found in page tree"
            )
            seen.add(ref)
            kid = self.read_indirect(ref)
            kind = kid.get(b"Type") if isinstance(kid, PdfDict) else None
            if kind == b"Page":
                pages.append(ref)
            elif kind == b"Pages":
                waiting += _kids(kid)
            else:
                raise PdfFormatError("/Type of page tree node is not /Page or /Pages")
        return pages


def _kids(node: PdfDict) -> list[Any]:
    """The kids of a node, the last one first."""
    kids = node.get(b"Kids")
    if not isinstance(kids, list):
        raise PdfFormatError("/Kids of page tree node is not an array")
    return kids[::-1]


def _behind_space(data: Buffer, offset: int) -> int:
    m = _SPACES.match(data, offset)
    return m.end() if m else offset


_publish(globals(), "PIL._pdf_objects")
