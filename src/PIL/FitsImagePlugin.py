"""FITS, images of astronomy."""

from __future__ import annotations

import zlib
from typing import IO

from . import Image, ImageFile
from ._header import require

_CARD = 80
_BLOCK = 2880
_GZIP = 31  # zlib's parameter for gzip with the largest window

# By BITPIX: mode, layout.
_LAYOUTS = {
    8: ("L", "L"),
    16: ("I;16", "I;16B"),
    32: ("I", "I;32B"),
    -32: ("F", "F;32BF"),
    -64: ("F", "F;64BF"),
}

_Cards = dict[bytes, bytes]


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(b"SIMPLE")


def _read_card(fp: IO[bytes]) -> tuple[bytes, bytes]:
    """Keyword and value of the next card.

    :raises OSError: at the end of the file
    """
    card = fp.read(_CARD)
    if not card:
        raise OSError("Truncated FITS file")
    value = card[8:].partition(b"/")[0].strip()
    return card[:8].strip(), value.removeprefix(b"=").strip()


def _image_size(cards: _Cards, prefix: bytes) -> tuple[int, int] | None:
    """Size in pixels; ``None`` for a header without image."""
    axes = int(cards[prefix + b"NAXIS"])
    if axes == 0:
        return None
    length = int(cards[prefix + b"NAXIS1"])
    return (1, length) if axes == 1 else (length, int(cards[prefix + b"NAXIS2"]))


def _is_gzipped(cards: _Cards) -> bool:
    return (
        cards.get(b"XTENSION") == b"'BINTABLE'"
        and cards.get(b"ZIMAGE") == b"T"
        and cards.get(b"ZCMPTYPE") == b"'GZIP_1  '"
    )


class FitsImageFile(ImageFile.ImageFile):
    """Reads the first image of a file, plain or packed with gzip."""

    format = "FITS"
    format_description = "FITS"

    def _open(self) -> None:
        assert self.fp is not None
        cards: _Cards = {}
        codec = ""
        keyword, value = _read_card(self.fp)
        require(_accept(keyword) and value == b"T", "Not a FITS file")
        # Headers follow each other, until one has an image and data come.
        while keyword in (b"SIMPLE", b"XTENSION"):
            while keyword != b"END":
                if not codec:
                    cards[keyword] = value
                keyword, value = _read_card(self.fp)
            self.fp.seek(-(-self.fp.tell() // _BLOCK) * _BLOCK)
            if not codec:
                codec, offset, args = self._understand(cards)
            start = self.fp.tell()
            keyword, value = _read_card(self.fp)
        if not codec:
            raise ValueError("No image data")
        self.tile = [ImageFile._Tile(codec, (0, 0, *self.size), start + offset, args)]

    def _understand(self, cards: _Cards) -> tuple[str, int, tuple[str | int, ...]]:
        """Take mode and size from a header.

        :return: codec ("": there is no image), offset of the pixels in the data, and the
            arguments of the codec
        """
        prefix, offset = b"", 0
        if _is_gzipped(cards):
            # The packed pixels stand behind the table.
            width, height = _image_size(cards, b"") or (0, 0)
            offset = width * height * (int(cards[b"BITPIX"]) // 8)
            require(0 <= offset < 2**62, "impossible size of table")
            prefix = b"Z"
        size = _image_size(cards, prefix)
        if size is None:
            return "", 0, ()
        self._size = size
        bits = int(cards[prefix + b"BITPIX"])
        if bits not in _LAYOUTS:
            raise OSError("Unsupported number of bits")
        self._mode, rawmode = _LAYOUTS[bits]
        if prefix:
            return "fits_gzip", offset, (bits,)
        return "raw", offset, (rawmode, 0, -1)


class FitsGzipDecoder(ImageFile.PyDecoder):
    """Decodes pixels of 32 bits each, packed with gzip."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all pixels from the file."""
        assert self.fd is not None
        count = self.state.xsize * self.state.ysize
        data = self._unpack(4 * count)
        bytes_wanted = abs(self.args[0]) // 8
        # Numbers that fill all four bytes cannot be read, as in Pillow.
        if len(data) < 4 * count or bytes_wanted >= 4:
            raise ValueError("not enough image data")
        pixels = bytearray(bytes_wanted * count)
        for i in range(bytes_wanted):
            pixels[i::bytes_wanted] = data[3 - i :: 4]
        self.set_as_raw(pixels, self.mode, (0, -1))
        return -1, 0

    def _unpack(self, size: int) -> bytes:
        """At most ``size`` bytes of what is packed in the file, in one member or several."""
        assert self.fd is not None
        pieces = []
        packed = b""
        inflater = zlib.decompressobj(wbits=_GZIP)
        try:
            while size > 0:
                if inflater.eof:
                    # Behind the last member there may be zeros.
                    packed = packed.lstrip(b"\0")
                    inflater = zlib.decompressobj(wbits=_GZIP)
                packed = packed or self.fd.read(ImageFile.SAFEBLOCK)
                if not packed:
                    break
                piece = inflater.decompress(packed, size)
                pieces.append(piece)
                size -= len(piece)
                packed = inflater.unused_data or inflater.unconsumed_tail
        except zlib.error as error:
            raise OSError("Corrupt FITS gzip data") from error
        if size > 0 and not inflater.eof:
            raise OSError("Truncated FITS gzip data")
        return b"".join(pieces)


Image.register_open(FitsImageFile.format, FitsImageFile, _accept)
Image.register_decoder("fits_gzip", FitsGzipDecoder)
Image.register_extensions(FitsImageFile.format, [".fit", ".fits"])
