"""MPEG videos: only recognised, with the size of their pictures."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile
from ._header import require

_SEQUENCE_HEADER = 0x1B3


class BitStream:
    """Reads numbers of any width from a file, the highest bit first."""

    def __init__(self, fp: IO[bytes]) -> None:
        self.fp = fp
        self.bits = 0
        self.bitbuffer = 0

    def next(self) -> int:
        """The next byte; :exc:`IndexError` at the end of the file."""
        return self.fp.read(1)[0]

    def peek(self, bits: int) -> int:
        """The next bits, which stay there."""
        while self.bits < bits:
            self.bitbuffer = self.bitbuffer << 8 | self.next()
            self.bits += 8
        return self.bitbuffer >> self.bits - bits & (1 << bits) - 1

    def skip(self, bits: int) -> None:
        """Pass over bits."""
        self.peek(bits)
        self.bits -= bits
        self.bitbuffer &= (1 << self.bits) - 1

    def read(self, bits: int) -> int:
        """The next bits."""
        value = self.peek(bits)
        self.skip(bits)
        return value


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_SEQUENCE_HEADER.to_bytes(4, "big"))


class MpegImageFile(ImageFile.ImageFile):
    """Recognises videos. They cannot be loaded."""

    format = "MPEG"
    format_description = "MPEG"

    def _open(self) -> None:
        assert self.fp is not None
        stream = BitStream(self.fp)
        require(stream.read(32) == _SEQUENCE_HEADER, "not an MPEG file")
        self._mode = "RGB"
        self._size = stream.read(12), stream.read(12)


Image.register_open(MpegImageFile.format, MpegImageFile, _accept)
Image.register_extensions(MpegImageFile.format, [".mpg", ".mpeg"])
Image.register_mime(MpegImageFile.format, "video/mpeg")
