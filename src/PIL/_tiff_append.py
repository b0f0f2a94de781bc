"""A file to which TIFF files are written one after the other, becoming pages of one file."""

from __future__ import annotations

import io
import os
import struct
from typing import IO, TYPE_CHECKING, Any, cast

from . import _tiff_layout as tags
from ._tiff_ifd import II, PREFIXES
from ._typing import StrOrBytesPath
from ._util import is_path

if TYPE_CHECKING:
    from typing import Self

#: struct's letters by size of a number.
_LETTERS = {2: "H", 4: "L", 8: "Q"}

_SHORT, _LONG = 3, 4


class AppendingTiffWriter(io.BytesIO):
    """What is written is a TIFF file for whoever writes it; positions count from its start.

    After each page, :meth:`newFrame` adds what is missing for it to be part of the whole:
    its directory is linked to that of the page before, and the positions in it are moved.

    :param fn: a path, or a file open for reading and writing, to append to
    :param new: overwrite a file that is there
    """

    __module__ = "PIL.TiffImagePlugin"

    fieldSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 2, 4, 8]  # by type

    #: Tags whose values are positions in the file.
    Tags = {
        tags.STRIPOFFSETS,
        288,  # FreeOffsets
        tags.TILEOFFSETS,
        519,  # JPEGQTables
        520,  # JPEGDCTables
        521,  # JPEGACTables
    }

    f: IO[bytes]

    def __init__(self, fn: StrOrBytesPath | IO[bytes], new: bool = False) -> None:
        self.close_fp = is_path(fn)
        if is_path(fn):
            self.name = fn
            self.f = self._open(fn, new)
        else:
            self.f = cast("IO[bytes]", fn)
        self.beginning = self.f.tell()
        self.setup()

    @staticmethod
    def _open(path: StrOrBytesPath, new: bool) -> IO[bytes]:
        if not new:
            try:
                return open(path, "r+b")
            except OSError:
                pass  # not there yet
        return open(path, "w+b")

    def setup(self) -> None:
        """Prepare for the next page."""
        self.f.seek(self.beginning, os.SEEK_SET)
        self.whereToWriteNewIFDOffset: int | None = None
        self.offsetOfNewPage = 0
        self.IIMM = self.f.read(4)
        self.isFirst = not self.IIMM
        self._bigtiff = b"\x2b" in self.IIMM
        if self.isFirst:
            return
        if self.IIMM not in PREFIXES:
            raise RuntimeError("Invalid TIFF file header")
        self.setEndian("<" if self.IIMM.startswith(II) else ">")
        if self._bigtiff:
            self.f.seek(4, os.SEEK_CUR)
        self.skipIFDs()
        self.goToEnd()

    def finalize(self) -> None:
        """Make what was written a page of the file."""
        if self.isFirst:
            return
        self.f.seek(self.offsetOfNewPage)
        header = self.f.read(4)
        if not header:
            return  # nothing was written
        if header != self.IIMM:
            raise RuntimeError("IIMM of new page doesn't match IIMM of first page")
        if self._bigtiff:
            self.f.seek(4, os.SEEK_CUR)
        directory = self._read(self._pointer) + self.offsetOfNewPage
        assert self.whereToWriteNewIFDOffset is not None
        self.f.seek(self.whereToWriteNewIFDOffset)
        self._write(directory, self._pointer)
        self.f.seek(directory)
        self.fixIFD()

    def newFrame(self) -> None:
        """End a page and begin the next."""
        self.finalize()
        self.setup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        if self.close_fp:
            self.close()

    def close(self) -> None:
        """End the last page; close the file, if it was opened here."""
        self.finalize()
        if self.close_fp:
            self.f.close()

    # The file as its writer sees it

    def tell(self) -> int:
        """The position in the present page."""
        return self.f.tell() - self.offsetOfNewPage

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a position in the present page; the result is that in the file."""
        self.f.seek(offset + self.offsetOfNewPage if whence == os.SEEK_SET else offset, whence)
        return self.tell()

    def write(self, data: Any, /) -> int:
        """Write bytes."""
        return self.f.write(data)

    def goToEnd(self) -> None:
        """Go to the end of the file, made a multiple of 16 by zeros; the new page starts here."""
        self.f.seek(0, os.SEEK_END)
        position = self.f.tell()
        self.f.write(bytes(-position % 16))
        self.offsetOfNewPage = self.f.tell()

    # Numbers

    @property
    def _pointer(self) -> int:
        """Size of a position."""
        return 8 if self._bigtiff else 4

    def setEndian(self, endian: str) -> None:
        """Set the byte order, ``"<"`` or ``">"``."""
        self.endian = endian
        self.longFmt = endian + "L"
        self.shortFmt = endian + "H"
        self.tagFormat = endian + ("HHQ" if self._bigtiff else "HHL")

    def _format(self, size: int) -> str:
        if size not in _LETTERS:
            raise RuntimeError("offset is not supported")
        return self.endian + _LETTERS[size]

    def _read(self, size: int) -> int:
        number: int = struct.unpack(self._format(size), self.f.read(size))[0]
        return number

    def _write(self, value: int, size: int) -> None:
        written = self.f.write(struct.pack(self._format(size), value))
        if written is not None and written != size:
            raise RuntimeError(f"wrote only {written} bytes but wanted {size}")

    def readShort(self) -> int:
        """Read a number of 2 bytes."""
        return self._read(2)

    def readLong(self) -> int:
        """Read a number of 4 bytes."""
        return self._read(4)

    def writeShort(self, value: int) -> None:
        """Write a number of 2 bytes."""
        self._write(value, 2)

    def writeLong(self, value: int) -> None:
        """Write a number of 4 bytes."""
        self._write(value, 4)

    def _rewrite_last(self, value: int, old_size: int, new_size: int = 0) -> None:
        self.f.seek(-old_size, os.SEEK_CUR)
        self._write(value, new_size or old_size)

    def rewriteLastShort(self, value: int) -> None:
        """Replace the 2 bytes before the position."""
        self._rewrite_last(value, 2)

    def rewriteLastLong(self, value: int) -> None:
        """Replace the 4 bytes before the position."""
        self._rewrite_last(value, 4)

    def rewriteLastShortToLong(self, value: int) -> None:
        """Replace the 2 bytes before the position by 4."""
        self._rewrite_last(value, 2, 4)

    # Directories

    def skipIFDs(self) -> None:
        """Go along the chain of directories, to the position of the last one's pointer.

        :raises RuntimeError: when the chain leads back to itself
        """
        visited: set[int] = set()
        while True:
            directory = self._read(self._pointer)
            if directory == 0:
                self.whereToWriteNewIFDOffset = self.f.tell() - self._pointer
                return
            if directory in visited:
                raise RuntimeError("The directories of the TIFF file form a loop")
            visited.add(directory)
            self.f.seek(directory)
            count = self._read(8 if self._bigtiff else 2)
            self.f.seek(count * (20 if self._bigtiff else 12), os.SEEK_CUR)

    def fixIFD(self) -> None:
        """Move the positions in the directory that the file is at to where the page is."""
        count = self._read(8 if self._bigtiff else 2)
        for _ in range(count):
            self._fix_entry()

    def _fix_entry(self) -> None:
        head_size = struct.calcsize(self.tagFormat)
        tag, type, count = struct.unpack(self.tagFormat, self.f.read(head_size))
        if type >= len(self.fieldSizes):
            raise RuntimeError("type of tag is not supported")
        unit = self.fieldSizes[type]
        inline = unit * count <= self._pointer
        end = self.f.tell() + self._pointer
        if not inline:
            target = self._read(self._pointer) + self.offsetOfNewPage
            self._rewrite_last(target, self._pointer)
        if tag in self.Tags:
            if not inline:
                self.f.seek(target)
            self._fix_offsets(count, unit)
        self.f.seek(end)

    def _fix_offsets(self, count: int, unit: int) -> None:
        """Move ``count`` positions of ``unit`` bytes at the position of the file."""
        for _ in range(count):
            position = self._read(unit) + self.offsetOfNewPage
            wider = self._wider(position, unit)
            if not wider:
                self._rewrite_last(position, unit)
                continue
            # Only a single value, which stands in the entry, leaves room for more digits.
            if count != 1:
                raise RuntimeError("not implemented")
            self._rewrite_last(position, unit, wider)
            # Before the value stand the type and the number of values.
            self.f.seek(-(wider + self._pointer + 2), os.SEEK_CUR)
            self.writeShort(wider)
            self.f.seek(self._pointer + wider, os.SEEK_CUR)

    def _wider(self, position: int, unit: int) -> int:
        """The size that a position needs, if it does not fit any more; otherwise 0."""
        if self._bigtiff and unit in (2, 4) and position >= 2**32:
            return 8
        if not self._bigtiff and unit == 2 and position >= 2**16:
            return 4
        return 0

    def fixOffsets(self, count: int, isShort: bool = False, isLong: bool = False) -> None:
        """Move ``count`` positions of 2 (``isShort``) or 4 bytes (``isLong``).

        :raises RuntimeError: for another size, or when one does not fit any more
        """
        self._fix_offsets(count, 2 if isShort else 4 if isLong else 0)
