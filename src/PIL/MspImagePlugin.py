"""MSP, pictures of Microsoft Paint up to Windows 2."""

from __future__ import annotations

import struct
from typing import IO

from . import Image, ImageFile
from ._header import Header, read_up_to, require

_PLAIN, _RUN_LENGTHS = b"DanM", b"LinS"
# All words exclusive-or'd are 0.
_HEADER = Header(
    "<",
    magic="4s",
    width="H",
    height="H",
    x_aspect="H",
    y_aspect="H",
    printer_x_aspect="H",
    printer_y_aspect="H",
    printer_width="H",
    printer_height="H",
    _corrections_of_aspect="4x",
    checksum="H",
    _padding="6x",
)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((_PLAIN, _RUN_LENGTHS))


def _checksum(header: bytes) -> int:
    """All words exclusive-or'd."""
    result = 0
    for (word,) in struct.iter_unpack("<H", header):
        result ^= word
    return result


class MspImageFile(ImageFile.ImageFile):
    """Reads both versions."""

    format = "MSP"
    format_description = "Windows Paint"

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read(_HEADER.size)
        header = _HEADER.unpack(data)
        require(_accept(header.magic), "not an MSP file")
        require(_checksum(data) == 0, "bad MSP checksum")
        self._mode = "1"
        self._size = header.width, header.height
        box = 0, 0, *self.size
        if header.magic == _PLAIN:
            self.tile = [ImageFile._Tile("raw", box, _HEADER.size, "1")]
        else:
            self.tile = [ImageFile._Tile("MSP", box, _HEADER.size)]


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
    width, height = im.size
    fields = {
        "magic": _PLAIN,
        "width": width,
        "height": height,
        **dict.fromkeys(("x_aspect", "y_aspect", "printer_x_aspect", "printer_y_aspect"), 1),
        "printer_width": width,
        "printer_height": height,
    }
    checksum = _checksum(_HEADER.pack(**fields, checksum=0))
    fp.write(_HEADER.pack(**fields, checksum=checksum))
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), _HEADER.size, "1")])


Image.register_decoder("MSP", MspDecoder)
Image.register_open(MspImageFile.format, MspImageFile, _accept)
Image.register_save(MspImageFile.format, _save)
Image.register_extension(MspImageFile.format, ".msp")
