"""The chunks that PNG files consist of: reading, checking and writing them.

A chunk is a length, a four-letter identifier, that many bytes of data, and a checksum
over identifier and data.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import IO, TYPE_CHECKING, Any

from . import ImageFile
from ._binary import i32be as i32
from ._binary import o32be as o32

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

MAGIC = b"\x89PNG\r\n\x1a\n"

is_cid = re.compile(rb"\w\w\w\w").match


class iTXt(str):
    """A text with its language and the key translated into that language."""

    __module__ = "PIL.PngImagePlugin"

    lang: str | bytes | None
    tkey: str | bytes | None

    def __new__(
        cls: type[Self], text: str, lang: str | None = None, tkey: str | None = None
    ) -> Self:
        self = str.__new__(cls, text)
        self.lang = lang
        self.tkey = tkey
        return self


class ChunkStream:
    """Reads chunks one after another.

    :param fp: the file, standing at the start of a chunk
    """

    __module__ = "PIL.PngImagePlugin"

    def __init__(self, fp: IO[bytes]) -> None:
        self.fp: IO[bytes] | None = fp
        self.queue: list[tuple[bytes, int, int]] | None = []

    def read(self) -> tuple[bytes, int, int]:
        """Read the header of the next chunk.

        :return: identifier, position of the data, length of the data
        :raises struct.error: at the end of the file
        :raises SyntaxError: when the identifier cannot be one
        """
        assert self.fp is not None
        if self.queue:
            cid, pos, length = self.queue.pop()
            self.fp.seek(pos)
        else:
            header = self.fp.read(8)
            length, cid = i32(header), header[4:]
            pos = self.fp.tell()
        if not is_cid(cid) and not ImageFile.LOAD_TRUNCATED_IMAGES:
            raise SyntaxError(f"broken PNG file (chunk {cid!r})")
        return cid, pos, length

    def push(self, cid: bytes, pos: int, length: int) -> None:
        """Put a chunk back, for the next :meth:`read`."""
        assert self.queue is not None
        self.queue.append((cid, pos, length))

    def handles(self, cid: bytes) -> bool:
        """Whether :meth:`call` knows what to do with this kind of chunk."""
        return hasattr(self, "chunk_" + cid.decode("latin-1"))

    def call(self, cid: bytes, pos: int, length: int) -> bytes:
        """Read and interpret the data of a chunk.

        :raises AttributeError: when there is no method for this kind of chunk
        """
        handler: Callable[[int, int], bytes] = getattr(self, "chunk_" + cid.decode("ascii"))
        return handler(pos, length)

    def crc(self, cid: bytes, data: bytes) -> None:
        """Read the checksum and compare it.

        For chunks that are not needed for the picture that is left out when
        truncated images are to be loaded.

        :raises SyntaxError: when it is wrong, or not there
        """
        assert self.fp is not None
        ancillary = cid[0] & 0x20
        if ancillary and ImageFile.LOAD_TRUNCATED_IMAGES:
            self.crc_skip(cid, data)
            return
        stored = self.fp.read(4)
        if len(stored) < 4:
            raise SyntaxError(f"broken PNG file (incomplete checksum in {cid!r})")
        if i32(stored) != zlib.crc32(data, zlib.crc32(cid)):
            raise SyntaxError(f"broken PNG file (bad header checksum in {cid!r})")

    def crc_skip(self, cid: bytes, data: bytes) -> None:
        """Pass over the checksum."""
        assert self.fp is not None
        self.fp.read(4)

    def verify(self, endchunk: bytes = b"IEND") -> list[bytes]:
        """Check the checksums of all chunks up to the one named.

        :return: the identifiers of the chunks before it
        :raises OSError: when the file ends before
        :raises SyntaxError: when something is wrong
        """
        assert self.fp is not None
        cids: list[bytes] = []
        while True:
            try:
                cid, _, length = self.read()
            except struct.error as error:
                raise OSError("truncated PNG file") from error
            if cid == endchunk:
                return cids
            self.crc(cid, ImageFile._safe_read(self.fp, length))
            cids.append(cid)

    def close(self) -> None:
        """Let go of the file, without closing it."""
        self.fp = self.queue = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()


def putchunk(fp: IO[bytes], cid: bytes, *data: bytes) -> None:
    """Write a chunk."""
    body = b"".join(data)
    fp.write(o32(len(body)) + cid)
    fp.write(body)
    fp.write(o32(zlib.crc32(body, zlib.crc32(cid))))


class ChunkCollector(list[tuple[bytes, bytes, bytes]]):
    """Stands for a file where chunks are to be kept apart."""

    def write(self, data: bytes) -> int:
        """Ignore what is not a chunk."""
        return len(data)

    def put(self, fp: Any, cid: bytes, *data: bytes) -> None:
        """Keep a chunk: identifier, data and checksum."""
        body = b"".join(data)
        self.append((cid, body, o32(zlib.crc32(body, zlib.crc32(cid)))))
