"""MSP, pictures of Microsoft Paint up to Windows 2."""

from __future__ import annotations

import struct
from typing import IO

from . import Image, ImageFile
from ._header import read_up_to, require

_HEADER_SIZE = 32
_PLAIN, _RUN_LENGTHS = b"DanM", b"LinS"


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((_PLAIN, _RUN_LENGTHS))


def _checksum(words: tuple[int, ...]) -> int:
    """All words exclusive-or'd; that of a whole header is 0."""
    result = 0
    for word in words:
        result ^= word
    return result


class MspImageFile(ImageFile.ImageFile):
    """Reads both versions."""

    format = "MSP"
    format_description = "Windows Paint"

    def _open(self) -> None:
        assert self.fp is not None
        header = self.fp.read(_HEADER_SIZE)
        require(_accept(header), "not an MSP file")
        words = struct.unpack("<16H", header)
        require(_checksum(words) == 0, "bad MSP checksum")
        self._mode = "1"
        self._size = words[2:4]
        box = 0, 0, *self.size
        if header.startswith(_PLAIN):
            self.tile = [ImageFile._Tile("raw", box, _HEADER_SIZE, "1")]
        else:
            self.tile = [ImageFile._Tile("MSP", box, _HEADER_SIZE)]


class MspDecoder(ImageFile.PyDecoder):
    """Decodes run lengths; the lengths of the rows stand before them."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all rows from the file."""
        assert self.fd is not None
        width, height = self.state.xsize, self.state.ysize
        table = read_up_to(self.fd, 2 * height)
        if len(table) < 2 * height:
            raise OSError("Truncated MSP file in row map")
        blank = b"\xff" * ((width + 7) // 8)
        needed = len(blank) * height
        pixels = bytearray()
        for y, length in enumerate(struct.unpack(f"<{height}H", table)):
            row = self.fd.read(length)
            if len(row) != length:
                raise OSError(f"Truncated MSP file, expected {length} bytes on row {y}")
            # Rows of a wrong length shift what follows; what is beyond the image is of no use.
            pixels += self._expand(row, width, y)[: needed - len(pixels)] if length else blank
        self.set_as_raw(pixels, "1")
        return -1, 0

    def _expand(self, row: bytes, limit: int, y: int) -> bytearray:
        """One row; for historical reasons it may have a byte for each pixel."""
        result = bytearray()
        at = 0
        while at < len(row):
            count = row[at]
            if count:
                result += row[at + 1 : at + 1 + count]
                at += 1 + count
            elif at + 2 < len(row):
                result += row[at + 2 : at + 3] * row[at + 1]
                at += 3
            else:
                raise OSError(f"Corrupted MSP file in row {y}")
        del result[limit:]
        return result


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode != "1":
        raise OSError(f"cannot write mode {im.mode} as MSP")
    # Size of the picture, aspect ratios of screen and printer, size of the printer's page.
    words = [*struct.unpack("<2H", _PLAIN), *im.size, 1, 1, 1, 1, *im.size, *[0] * 6]
    words[12] = _checksum(tuple(words))
    fp.write(struct.pack("<16H", *words))
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), _HEADER_SIZE, "1")])


Image.register_decoder("MSP", MspDecoder)
Image.register_open(MspImageFile.format, MspImageFile, _accept)
Image.register_save(MspImageFile.format, _save)
Image.register_extension(MspImageFile.format, ".msp")
