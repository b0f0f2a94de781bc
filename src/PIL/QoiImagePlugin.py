"""QOI, the "Quite OK Image" format."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile
from ._header import Header, require

_HEADER = Header(">", magic="4s", width="L", height="L", channels="B", colorspace="B")
_MAGIC = b"qoif"
_END_MARKER = bytes(7) + b"\1"

# First bytes; the other operations are told by the highest two bits.
_OP_RGB, _OP_RGBA = 0xFE, 0xFF
_OP_INDEX, _OP_DIFF, _OP_LUMA, _OP_RUN = range(4)
_LONGEST_RUN = 62

_Pixel = tuple[int, int, int, int]
_FIRST_PREVIOUS: _Pixel = (0, 0, 0, 255)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


def _slot(pixel: _Pixel) -> int:
    """Where a pixel is kept in the table of those seen before."""
    red, green, blue, alpha = pixel
    return (red * 3 + green * 5 + blue * 7 + alpha * 11) % 64


class QoiImageFile(ImageFile.ImageFile):
    """Reads QOI files."""

    format = "QOI"
    format_description = "Quite OK Image"

    def _open(self) -> None:
        assert self.fp is not None
        # The colour space is of no interest, and may be missing.
        header = _HEADER.unpack(self.fp.read(_HEADER.size - 1) + b"\0")
        require(header.magic == _MAGIC, "not a QOI file")
        self._size = header.width, header.height
        self._mode = "RGB" if header.channels == 3 else "RGBA"
        self.tile = [ImageFile._Tile("qoi", (0, 0, *self.size), _HEADER.size)]


class QoiDecoder(ImageFile.PyDecoder):
    """Decodes the operations of a QOI file."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all pixels from the file."""
        assert self.fd is not None
        bands = Image.getmodebands(self.mode)
        total = self.state.xsize * self.state.ysize * bands
        self.set_as_raw(self._read_pixels(self.fd.read(), bands, total)[:total])
        return -1, 0

    def _read_pixels(self, data: bytes, bands: int, total: int) -> bytearray:
        pixels = bytearray()
        seen: list[_Pixel] = [(0, 0, 0, 0)] * 64
        previous = _FIRST_PREVIOUS
        at = 0
        while len(pixels) < total and at < len(data):
            code = data[at]
            at += 1
            if code >> 6 == _OP_RUN and code < _OP_RGB:
                pixels += bytes(previous[:bands]) * ((code & 0x3F) + 1)
                continue
            if code >> 6 == _OP_INDEX:
                previous = seen[code]
                pixels += bytes(previous[:bands])
                continue
            length = {_OP_RGB: 3, _OP_RGBA: 4}.get(code, code >> 6 == _OP_LUMA)
            operand = data[at : at + length]
            if len(operand) < length:
                break
            at += length
            previous = _changed(previous, code, operand)
            seen[_slot(previous)] = previous
            pixels += bytes(previous[:bands])
        return pixels


def _changed(previous: _Pixel, code: int, operand: bytes) -> _Pixel:
    """The pixel that an operation makes of the one before."""
    red, green, blue, alpha = previous
    if code == _OP_RGB:
        return operand[0], operand[1], operand[2], alpha
    if code == _OP_RGBA:
        return operand[0], operand[1], operand[2], operand[3]
    if code >> 6 == _OP_DIFF:
        by_green = (code >> 2 & 3) - 2
        by_red, by_blue = (code >> 4 & 3) - 2, (code & 3) - 2
    else:
        by_green = (code & 0x3F) - 32
        by_red, by_blue = by_green + (operand[0] >> 4) - 8, by_green + (operand[0] & 15) - 8
    return (red + by_red) & 0xFF, (green + by_green) & 0xFF, (blue + by_blue) & 0xFF, alpha


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode not in ("RGB", "RGBA"):
        raise ValueError("Unsupported QOI image mode")
    if 0 in im.size:
        raise ValueError("Size must be positive")
    fp.write(
        _HEADER.pack(
            magic=_MAGIC,
            width=im.width,
            height=im.height,
            channels=len(im.mode),
            colorspace=0 if im.encoderinfo.get("colorspace") == "sRGB" else 1,
        )
    )
    ImageFile._save(im, fp, [ImageFile._Tile("qoi", (0, 0, *im.size))])


def _signed(difference: int) -> int:
    """A difference of two bytes as the number from -128 to 127 that gives the same sum."""
    return (difference + 128 & 0xFF) - 128


class QoiEncoder(ImageFile.PyEncoder):
    """Encodes pixels with the first operation that can express each of them."""

    _pushes_fd = True

    def encode(self, bufsize: int) -> tuple[int, int, bytes]:
        """Encode all pixels at once."""
        assert self.im is not None
        raw = Image._getencoder(self.mode, "raw", ("RGBA" if self.mode == "RGBA" else "RGBX",))
        raw.setimage(self.im, None)
        width, height = self.im.size
        _, _, data = raw.encode(width * height * 4)
        out = bytearray()
        seen: list[_Pixel | None] = [None] * 64
        seen[0] = (0, 0, 0, 0)
        previous = _FIRST_PREVIOUS
        run = 0
        values = iter(data)
        for red, green, blue, alpha in zip(values, values, values, values, strict=True):
            pixel = red, green, blue, alpha if self.mode == "RGBA" else 255
            if pixel == previous:
                run += 1
                if run == _LONGEST_RUN:
                    out.append(_OP_RUN << 6 | run - 1)
                    run = 0
                continue
            if run:
                out.append(_OP_RUN << 6 | run - 1)
                run = 0
            slot = _slot(pixel)
            if seen[slot] == pixel:
                out.append(_OP_INDEX << 6 | slot)
            else:
                seen[slot] = pixel
                out += _difference(previous, pixel)
            previous = pixel
        if run:
            out.append(_OP_RUN << 6 | run - 1)
        out += _END_MARKER
        return len(out), 0, bytes(out)


def _difference(previous: _Pixel, pixel: _Pixel) -> bytes:
    """The operation that leads from a pixel to the next."""
    if pixel[3] != previous[3]:
        return bytes((_OP_RGBA, *pixel))
    red, green, blue = (_signed(pixel[i] - previous[i]) for i in range(3))
    if all(-2 <= value <= 1 for value in (red, green, blue)):
        return bytes((_OP_DIFF << 6 | red + 2 << 4 | green + 2 << 2 | blue + 2,))
    by_red, by_blue = _signed(red - green), _signed(blue - green)
    if -32 <= green < 32 and -8 <= by_red < 8 and -8 <= by_blue < 8:
        return bytes((_OP_LUMA << 6 | green + 32, by_red + 8 << 4 | by_blue + 8))
    return bytes((_OP_RGB, *pixel[:3]))


Image.register_open(QoiImageFile.format, QoiImageFile, _accept)
Image.register_decoder("qoi", QoiDecoder)
Image.register_extension(QoiImageFile.format, ".qoi")
Image.register_save(QoiImageFile.format, _save)
Image.register_encoder("qoi", QoiEncoder)
