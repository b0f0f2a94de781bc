"""BLP, the textures of Warcraft III (BLP1) and World of Warcraft (BLP2).

A file has up to 16 mipmaps of one picture, of which the first, the largest, is read: as JPEG, as
indices into a palette, or block compressed.
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from enum import IntEnum
from io import BytesIO
from typing import IO

from . import Image, ImageFile
from ._header import Header, UnsupportedFeature, require


class Format(IntEnum):
    """Compression of BLP1."""

    JPEG = 0


class Encoding(IntEnum):
    """How BLP2 stores pixels."""

    UNCOMPRESSED = 1
    DXT = 2
    UNCOMPRESSED_RAW_BGRA = 3


class AlphaEncoding(IntEnum):
    """Block compression of BLP2."""

    DXT1 = 0
    DXT3 = 1
    DXT5 = 7


class BLPFormatError(NotImplementedError):
    """A BLP file of a kind that is not supported, or none at all."""


class _Unsupported(BLPFormatError, UnsupportedFeature):
    """The same, for files that are certainly BLP."""


_HEADERS = {
    b"BLP1": Header(
        "<", compression="i", alpha_depth="L", width="L", height="L", encoding="i"
    ),
    b"BLP2": Header(
        "<", compression="i", encoding="b", alpha_depth="b", alpha_encoding="b", mipmaps="b",
        width="L", height="L",
    ),
}  # fmt: skip
#: Where the tables of the mipmaps are; BLP1 has a subtype before them, which is not used.
_TABLES_AT = {b"BLP1": 28, b"BLP2": 20}
_LEVELS = 16
_TABLES = Header("<", offsets=f"{4 * _LEVELS}s", lengths=f"{4 * _LEVELS}s")
_FIRST_LEVEL = Header("<", offset="L", _other_offsets="60x", length="L", _other_lengths="60x")
_PALETTE_SIZE = 256 * 4


# Block compression. Unlike in DirectDraw's textures the 5 and 6 bits of a colour are only shifted.

_Rgb = tuple[int, int, int]
_Rows = tuple[bytearray, bytearray, bytearray, bytearray]


def unpack_565(i: int) -> _Rgb:
    """Red, green and blue of a 16-bit colour, to 8 bits each; the low ones are 0."""
    return i >> 11 << 3 & 0xF8, i >> 5 << 2 & 0xFC, i << 3 & 0xF8


def _between(a: _Rgb, b: _Rgb, p: int, q: int) -> _Rgb:
    """(p * a + q * b) / (p + q), rounded down."""
    parts = p + q
    return (
        (p * a[0] + q * b[0]) // parts,
        (p * a[1] + q * b[1]) // parts,
        (p * a[2] + q * b[2]) // parts,
    )


def _block_colors(block: bytes, *, always_four: bool) -> tuple[list[_Rgb], bool]:
    """The four colours of a block of 8 bytes, and whether the last of them is a transparent one."""
    code0, code1 = int.from_bytes(block[0:2], "little"), int.from_bytes(block[2:4], "little")
    a, b = unpack_565(code0), unpack_565(code1)
    if always_four or code0 > code1:
        return [a, b, _between(a, b, 2, 1), _between(a, b, 1, 2)], False
    return [a, b, _between(a, b, 1, 1), (0, 0, 0)], True


def _decode(data: bytes, size: int, rows_of: Callable[[bytes], list[bytes]]) -> _Rows:
    """A row of blocks of ``size`` bytes each: four rows of pixels. An incomplete block is left."""
    blocks = [rows_of(data[i : i + size]) for i in range(0, len(data) - size + 1, size)]
    first, second, third, fourth = (bytearray().join(rows[i] for rows in blocks) for i in range(4))
    return first, second, third, fourth


def _rows_of_colors(colors: list[bytes], codes: bytes) -> list[bytes]:
    """Four rows of four pixels, of two bits each."""
    return [
        colors[code & 3] + colors[code >> 2 & 3] + colors[code >> 4 & 3] + colors[code >> 6]
        for code in codes
    ]


def _rows_with_alpha(block: bytes, alphas: list[int]) -> list[bytes]:
    """Four rows of a block whose colours are in the second half."""
    colors = [bytes(color) for color in _block_colors(block[8:], always_four=True)[0]]
    rows = []
    for y, code in enumerate(block[12:16]):
        row = bytearray()
        for x in range(4):
            row += colors[code >> 2 * x & 3]
            row.append(alphas[4 * y + x])
        rows.append(bytes(row))
    return rows


def _rows_dxt1(block: bytes) -> list[bytes]:
    colors, _ = _block_colors(block, always_four=False)
    return _rows_of_colors([bytes(color) for color in colors], block[4:8])


def _rows_dxt1_alpha(block: bytes) -> list[bytes]:
    colors, hole = _block_colors(block, always_four=False)
    pixels = [bytes((*color, 255)) for color in colors]
    if hole:
        pixels[3] = bytes(4)
    return _rows_of_colors(pixels, block[4:8])


def _rows_dxt3(block: bytes) -> list[bytes]:
    alphas = [nibble * 17 for byte in block[:8] for nibble in (byte & 15, byte >> 4)]
    return _rows_with_alpha(block, alphas)


def _rows_dxt5(block: bytes) -> list[bytes]:
    a, b = block[0], block[1]
    if a > b:
        values = [a, b] + [((7 - k) * a + k * b) // 7 for k in range(1, 7)]
    else:
        values = [a, b] + [((5 - k) * a + k * b) // 5 for k in range(1, 5)] + [0, 255]
    codes = int.from_bytes(block[2:8], "little")
    return _rows_with_alpha(block, [values[codes >> 3 * i & 7] for i in range(16)])


def decode_dxt1(data: bytes, alpha: bool = False) -> _Rows:
    """Decode a row of DXT1 blocks.

    :param data: 8 bytes a block
    :param alpha: whether pixels have four bytes, the last of them alpha, and not three
    :returns: the four rows of pixels
    """
    return _decode(data, 8, _rows_dxt1_alpha if alpha else _rows_dxt1)


def decode_dxt3(data: bytes) -> _Rows:
    """Decode a row of DXT3 blocks, of 16 bytes, to four rows of RGBA pixels."""
    return _decode(data, 16, _rows_dxt3)


def decode_dxt5(data: bytes) -> _Rows:
    """Decode a row of DXT5 blocks, of 16 bytes, to four rows of RGBA pixels."""
    return _decode(data, 16, _rows_dxt5)


# Reading


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(tuple(_HEADERS))


class BlpImageFile(ImageFile.ImageFile):
    """Blizzard Mipmap Format"""

    format = "BLP"
    format_description = "Blizzard Mipmap Format"

    def _open(self) -> None:
        assert self.fp is not None
        self.magic = self.fp.read(4)
        if not _accept(self.magic):
            raise BLPFormatError(f"Bad BLP magic {self.magic!r}")
        header = _HEADERS[self.magic].read(self.fp)
        require(header.width and header.height, "impossible size of texture")
        self._size = header.width, header.height
        has_alpha = header.alpha_depth != 0
        self._mode = "RGBA" if has_alpha else "RGB"
        args = [header.compression, header.encoding, has_alpha]
        if self.magic == b"BLP2":
            args.append(header.alpha_encoding)
        self.tile = [
            ImageFile._Tile(
                self.magic.decode("ascii"), (0, 0, *self.size), _TABLES_AT[self.magic], tuple(args)
            )
        ]


class _BLPBaseDecoder(abc.ABC, ImageFile.PyDecoder):
    """Reads the tables of the mipmaps, and the first of them."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read the whole picture from the file."""
        assert self.fd is not None
        level = _FIRST_LEVEL.unpack(self._read(_FIRST_LEVEL.size))
        self._offset, self._length = level.offset, level.length
        self._load()
        return -1, 0

    @abc.abstractmethod
    def _load(self) -> None:
        """Decode what stands behind the tables."""

    def _read(self, length: int) -> bytes:
        assert self.fd is not None
        return ImageFile._safe_read(self.fd, length)

    def _unpack_indices(self, palette: bytes, indices: bytes) -> None:
        """Fill the image with colours of a palette of blue, green, red, alpha."""
        channels = (2, 1, 0, 3)[: len(self.mode)]
        pixels = bytearray(len(channels) * len(indices))
        for i, channel in enumerate(channels):
            pixels[i :: len(channels)] = indices.translate(palette[channel::4])
        self.set_as_raw(pixels)


class BLP1Decoder(_BLPBaseDecoder):
    """Decodes textures of Warcraft III."""

    def _load(self) -> None:
        compression, encoding, _ = self.args
        if compression == Format.JPEG:
            self._decode_jpeg()
        elif compression != 1:
            raise _Unsupported(f"Unsupported BLP compression {compression}")
        elif encoding not in (4, 5):
            raise _Unsupported(f"Unsupported BLP encoding {encoding}")
        else:
            palette = self._read(_PALETTE_SIZE)
            self._unpack_indices(palette, self._read(self._length))

    def _decode_jpeg(self) -> None:
        """All mipmaps share the header of their JPEG streams."""
        from .JpegImagePlugin import JpegImageFile

        assert self.fd is not None
        header = self._read(int.from_bytes(self._read(4), "little"))
        if (gap := self._offset - self.fd.tell()) > 0:
            self._read(gap)
        image = JpegImageFile(BytesIO(header + self._read(self._length)))
        Image._decompression_bomb_check(image.size)
        if image.mode == "CMYK":
            # Blue, green, red, and something else, not inverted as Adobe's are.
            codec, extents, offset, args = image.tile[0]
            assert isinstance(args, tuple)
            image.tile = [ImageFile._Tile(codec, extents, offset, (args[0], "CMYK", *args[2:]))]
        blue, green, red = image.convert("RGB").split()
        picture = Image.merge("RGB", (red, green, blue)).convert(self.mode)
        self.set_as_raw(picture.tobytes())


class BLP2Decoder(_BLPBaseDecoder):
    """Decodes textures of World of Warcraft."""

    def _load(self) -> None:
        assert self.fd is not None
        compression, encoding, alpha, alpha_encoding = self.args
        palette = self._read(_PALETTE_SIZE)
        self.fd.seek(self._offset)
        if compression != 1:
            raise _Unsupported(f"Unknown BLP compression {compression}")
        if encoding == Encoding.UNCOMPRESSED:
            self._unpack_indices(palette, self._read(self._length))
        elif encoding == Encoding.DXT:
            self._decode_blocks(alpha, alpha_encoding)
        else:
            raise _Unsupported(f"Unknown BLP encoding {encoding}")

    def _decode_blocks(self, alpha: bool, alpha_encoding: int) -> None:
        """Rows of blocks, of which all columns become pixels: rows of a width that is no multiple
        of 4 run into each other, as in Pillow, and so do pixels of 4 bytes in an image of 3."""
        size = 16
        decode: Callable[[bytes], _Rows]
        if alpha_encoding == AlphaEncoding.DXT1:
            size = 8

            def decode(data: bytes) -> _Rows:
                return decode_dxt1(data, alpha)

        elif alpha_encoding == AlphaEncoding.DXT3:
            decode = decode_dxt3
        elif alpha_encoding == AlphaEncoding.DXT5:
            decode = decode_dxt5
        else:
            raise _Unsupported(f"Unsupported alpha encoding {alpha_encoding}")
        row_size = (self.state.xsize + 3) // 4 * size
        pixels = bytearray()
        for _ in range((self.state.ysize + 3) // 4):
            for row in decode(self._read(row_size)):
                pixels += row
        self.set_as_raw(pixels)


# Writing


class BLPEncoder(ImageFile.PyEncoder):
    """Writes the tables of the mipmaps, the palette, and the indices."""

    _pushes_fd = True

    def encode(self, bufsize: int) -> tuple[int, int, bytes]:
        """All behind the header."""
        assert self.im is not None
        palette = self.im.getpalette("RGBA", "BGRA")
        width, height = self.im.size
        packer = Image._getencoder("P", "raw", ("P", 0, 1))
        packer.setimage(self.im, self.state.extents())
        indices = packer.encode(width * height + bufsize + 1)[2]
        # BLP1's header is longer by 8 bytes, but its indices follow the palette anyway.
        offset = _TABLES_AT[b"BLP2"] + _TABLES.size + _PALETTE_SIZE
        levels = _TABLES.pack(
            offsets=offset.to_bytes(4, "little"), lengths=(width * height).to_bytes(4, "little")
        )
        data = levels + palette[:_PALETTE_SIZE].ljust(_PALETTE_SIZE, b"\0") + indices
        return len(data), 1, data


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode != "P":
        raise ValueError("Unsupported BLP image mode")
    magic = b"BLP1" if im.encoderinfo.get("blp_version") == "BLP1" else b"BLP2"
    assert im.palette is not None
    fields = {
        "compression": 1,
        "encoding": 5 if magic == b"BLP1" else Encoding.UNCOMPRESSED,
        "alpha_depth": 1 if im.palette.mode == "RGBA" else 0,
        "alpha_encoding": 0,
        "mipmaps": 0,
        "width": im.width,
        "height": im.height,
    }
    header = magic + _HEADERS[magic].pack(**fields)
    fp.write(header.ljust(_TABLES_AT[magic], b"\0"))
    ImageFile._save(im, fp, [ImageFile._Tile("BLP", (0, 0, *im.size), 0, im.mode)])


Image.register_open(BlpImageFile.format, BlpImageFile, _accept)
Image.register_extension(BlpImageFile.format, ".blp")
Image.register_decoder("BLP1", BLP1Decoder)
Image.register_decoder("BLP2", BLP2Decoder)
Image.register_save(BlpImageFile.format, _save)
Image.register_encoder("BLP", BLPEncoder)
