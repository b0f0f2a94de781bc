"""PBM, PGM, PPM and PFM, the "portable anymap" family, with some private additions."""

from __future__ import annotations

import array
import math
import re
import sys
from collections.abc import Iterator
from typing import IO, Any

from . import Image, ImageFile
from ._header import read_up_to

b_whitespace = b"\x20\x09\x0a\x0b\x0c\x0d"

#: Image modes by the first characters of a file.
MODES = {
    # the standard ones
    b"P1": "1",
    b"P2": "L",
    b"P3": "RGB",
    b"P4": "1",
    b"P5": "L",
    b"P6": "RGB",
    # additions
    b"P0CMYK": "CMYK",
    b"Pf": "F",
    b"PyP": "P",
    b"PyRGBA": "RGBA",
    b"PyCMYK": "CMYK",
}

_MIME_TYPES = {
    b"P1": "image/x-portable-bitmap",
    b"P4": "image/x-portable-bitmap",
    b"P2": "image/x-portable-graymap",
    b"P5": "image/x-portable-graymap",
    b"P3": "image/x-portable-pixmap",
    b"P6": "image/x-portable-pixmap",
}

_PLAIN = (b"P1", b"P2", b"P3")

_LONGEST_MAGIC = 6
_LONGEST_TOKEN = 10


def _accept(prefix: bytes) -> bool:
    return len(prefix) >= 2 and prefix[0:1] == b"P" and prefix[1] in b"0123456fy"


class PpmImageFile(ImageFile.ImageFile):
    """Reads files of the family."""

    format = "PPM"
    format_description = "Pbmplus image"

    def _read_magic(self) -> bytes:
        assert self.fp is not None
        magic = b""
        while len(magic) < _LONGEST_MAGIC:
            char = self.fp.read(1)
            if not char or char in b_whitespace:
                break
            magic += char
        return magic

    def _read_token(self) -> bytes:
        """The next word of the header; comments may stand anywhere."""
        assert self.fp is not None
        token = b""
        while len(token) <= _LONGEST_TOKEN:
            char = self.fp.read(1)
            if not char:
                break
            if char == b"#":
                while self.fp.read(1) not in (b"", b"\r", b"\n"):
                    pass
            elif char not in b_whitespace:
                token += char
            elif token:
                break
        if not token:
            raise ValueError("Reached EOF while reading header")
        if len(token) > _LONGEST_TOKEN:
            raise ValueError(b"Token too long in file header: " + token)
        return token

    def _open(self) -> None:
        magic = self._read_magic()
        if magic not in MODES:
            raise SyntaxError("not a PPM file")
        self._mode = MODES[magic]
        self.custom_mimetype = _MIME_TYPES.get(magic)
        self._size = int(self._read_token()), int(self._read_token())

        decoder = "ppm_plain" if magic in _PLAIN else "raw"
        args: str | tuple[Any, ...]
        if self.mode == "1":
            args = "1;I"
        elif self.mode == "F":
            args = (self._read_scale(), 0, -1)
        else:
            decoder, args = self._read_maxval(decoder)
        assert self.fp is not None
        self.tile = [ImageFile._Tile(decoder, (0, 0, *self.size), self.fp.tell(), args)]

    def _read_scale(self) -> str:
        """The scale of floating-point samples, whose sign is the byte order."""
        scale = float(self._read_token())
        if scale == 0.0 or not math.isfinite(scale):
            raise ValueError("scale must be finite and non-zero")
        self.info["scale"] = abs(scale)
        return "F;32F" if scale < 0 else "F;32BF"

    def _read_maxval(self, decoder: str) -> tuple[str, str | tuple[Any, ...]]:
        """The largest sample, which decides about mode and decoder."""
        maxval = int(self._read_token())
        if not 0 < maxval < 65536:
            raise ValueError("maxval must be greater than 0 and less than 65536")
        rawmode = self.mode
        if maxval > 255 and self.mode == "L":
            self._mode = "I"
        if decoder == "raw":
            if maxval == 255:
                return decoder, rawmode
            if maxval == 65535 and self.mode == "I":
                return decoder, "I;16B"
            decoder = "ppm"
        return decoder, (rawmode, maxval)


class _SampleDecoder(ImageFile.PyDecoder):
    """What the decoders here have in common: samples of any range, delivered at once."""

    _pulls_fd = True

    def _sample_count(self) -> int:
        return self.state.xsize * self.state.ysize * Image.getmodebands(self.mode)

    def _deliver(self, samples: list[int] | array.array[int], maxval: int) -> None:
        """Scale samples to the range of the mode, and fill the image with them."""
        largest = 65535 if self.mode == "I" else 255
        scaled = {value: min(largest, round(value / maxval * largest)) for value in set(samples)}
        values = [scaled[value] for value in samples]
        if self.mode == "I":
            self.set_as_raw(array.array("i", values).tobytes(), "I")
        else:
            self.set_as_raw(bytes(values), self.mode)


class PpmDecoder(_SampleDecoder):
    """Decodes binary samples whose largest value is not the usual one."""

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all samples from the file."""
        assert self.fd is not None
        maxval = self.args[-1]
        count = self._sample_count()
        if maxval < 256:
            data = read_up_to(self.fd, count)
            self._deliver(array.array("B", data), maxval)
            return -1, 0
        data = read_up_to(self.fd, 2 * count)
        samples = array.array("H", data[: len(data) // 2 * 2])
        if sys.byteorder == "little":
            samples.byteswap()
        self._deliver(samples, maxval)
        return -1, 0


class PpmPlainDecoder(_SampleDecoder):
    """Decodes samples written as text."""

    _COMMENT = re.compile(rb"#[^\r\n]*[\r\n]?")

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all samples from the file."""
        if self.mode == "1":
            self.set_as_raw(self._read_bits(), "1;8")
        else:
            maxval = self.args[-1]
            self._deliver(self._read_numbers(maxval), maxval)
        return -1, 0

    def _blocks(self) -> Iterator[bytes]:
        """The text without comments."""
        assert self.fd is not None
        in_comment = False
        while block := self.fd.read(ImageFile.SAFEBLOCK):
            if in_comment:
                block = b"#" + block
            last = block.rfind(b"#")
            in_comment = last >= 0 and not re.search(b"[\r\n]", block[last:])
            yield self._COMMENT.sub(b"", block)

    def _read_bits(self) -> bytes:
        """One byte a pixel; in the text 1 is black."""
        total = self.state.xsize * self.state.ysize
        pixels = bytearray()
        for block in self._blocks():
            digits = b"".join(block.split())
            wrong = digits.translate(None, b"01")
            if wrong:
                raise ValueError(b"Invalid token for this mode: " + wrong[:1])
            pixels += digits.translate(bytes.maketrans(b"01", b"\xff\x00"))
            if len(pixels) >= total:
                break
        return bytes(pixels[:total])

    def _tokens(self) -> Iterator[bytes]:
        unfinished = b""
        for block in self._blocks():
            words = (unfinished + block).split()
            unfinished = b""
            if words and block and block[-1] not in b_whitespace:
                unfinished = words.pop()
                if len(unfinished) > _LONGEST_TOKEN:
                    raise _too_long(unfinished)
            elif not block and words:
                unfinished = words.pop()
            yield from words
        if unfinished:
            yield unfinished

    def _read_numbers(self, maxval: int) -> list[int]:
        total = self._sample_count()
        numbers: list[int] = []
        for token in self._tokens():
            if len(token) > _LONGEST_TOKEN:
                raise _too_long(token)
            value = int(token)
            if value < 0:
                raise ValueError(f"Channel value is negative: {value}")
            if value > maxval:
                raise ValueError(f"Channel value too large for this mode: {value}")
            numbers.append(value)
            if len(numbers) == total:
                break
        return numbers


def _too_long(token: bytes) -> ValueError:
    return ValueError(b"Token too long found in data: " + token[: _LONGEST_TOKEN + 1])


# By image mode: first line, layout of the pixels, the line after the size.
_OUTPUT = {
    "1": (b"P4", "1;I", b""),
    "L": (b"P5", "L", b"255\n"),
    "I": (b"P5", "I;16B", b"65535\n"),
    "I;16": (b"P5", "I;16B", b"65535\n"),
    "RGB": (b"P6", "RGB", b"255\n"),
    "RGBA": (b"P6", "RGB", b"255\n"),
    "F": (b"Pf", "F;32F", b"-1.0\n"),
}


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode not in _OUTPUT:
        raise OSError(f"cannot write mode {im.mode} as PPM")
    magic, rawmode, range_line = _OUTPUT[im.mode]
    fp.write(b"%s\n%d %d\n%s" % (magic, *im.size, range_line))
    # PFM has its rows from the bottom up.
    args = rawmode, 0, -1 if im.mode == "F" else 1
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), 0, args)])


Image.register_open(PpmImageFile.format, PpmImageFile, _accept)
Image.register_save(PpmImageFile.format, _save)
Image.register_decoder("ppm", PpmDecoder)
Image.register_decoder("ppm_plain", PpmPlainDecoder)
Image.register_extensions(PpmImageFile.format, [".pbm", ".pgm", ".ppm", ".pnm", ".pfm"])
Image.register_mime(PpmImageFile.format, "image/x-portable-anymap")
