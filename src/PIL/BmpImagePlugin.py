"""BMP and DIB, Windows bitmaps.

A DIB is a BMP without the first 14 bytes. Its header, and the reader for it, serve the
formats for icons and cursors too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from . import Image, ImageFile, ImagePalette
from ._binary import i32le as i32
from ._header import Header, require

#: Whether the fourth byte of 32-bit pixels is read as alpha although the header does
#: not say that it is.
USE_RAW_ALPHA = False

#: By bits per pixel: image mode, layout of the pixels.
BIT2MODE = {
    1: ("P", "P;1"),
    4: ("P", "P;4"),
    8: ("P", "P"),
    16: ("RGB", "BGR;15"),
    24: ("RGB", "BGR"),
    32: ("RGB", "BGRX"),
}

_FILE_HEADER = Header("<", magic="2s", size="I", reserved="I", offset="I")
_OS2_HEADER = Header("<", size="I", width="H", height="H", planes="H", bits="H")
# Later versions add to it.
_INFO_HEADER = Header(
    "<",
    size="I",
    width="I",
    height="I",
    planes="H",
    bits="H",
    compression="I",
    image_size="I",
    x="I",
    y="I",
    colours="I",
    important_colours="I",
)
_INFO_HEADER_SIZES = (40, 52, 56, 64, 108, 124)
# Masks stand behind the shortest header, or are what the longer ones begin their additions with.
_MASKS = Header("<", red="I", green="I", blue="I")
_ALPHA_MASK_OFFSET = _INFO_HEADER.size + _MASKS.size

_INCHES_PER_METRE = 39.3701

# By bits per pixel and bit masks of red, green, blue (and, for 32 bits, alpha):
# the layout of the pixels.
_BITFIELDS = {
    (32, (0xFF0000, 0xFF00, 0xFF, 0x0)): "BGRX",
    (32, (0xFF000000, 0xFF0000, 0xFF00, 0x0)): "XBGR",
    (32, (0xFF000000, 0xFF00, 0xFF, 0x0)): "BGXR",
    (32, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)): "ABGR",
    (32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)): "RGBA",
    (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)): "BGRA",
    (32, (0xFF000000, 0xFF00, 0xFF, 0xFF0000)): "BGAR",
    (32, (0x0, 0x0, 0x0, 0x0)): "BGRA",
    (24, (0xFF0000, 0xFF00, 0xFF)): "BGR",
    (16, (0xF800, 0x7E0, 0x1F)): "BGR;16",
    (16, (0x7C00, 0x3E0, 0x1F)): "BGR;15",
}


@dataclass(slots=True)
class BitmapInfo:
    """The header of a DIB.

    ``height`` is positive; ``direction`` is -1 for rows from the bottom up. ``masks``
    are the bits of red, green, blue and alpha.
    """

    size: int
    width: int
    height: int
    bits: int
    direction: int = -1
    compression: int = 0
    pixels_per_metre: tuple[int, int] = (0, 0)
    colours: int = 0
    masks: tuple[int, int, int, int] = (0, 0, 0, 0)
    palette_padding: int = 4

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Resolution in pixels per inch, if there is one."""
        x, y = self.pixels_per_metre
        return (x / _INCHES_PER_METRE, y / _INCHES_PER_METRE) if x or y else None


def read_bitmap_info(fp: IO[bytes]) -> BitmapInfo:
    """Read a DIB header.

    :raises OSError: when it is cut off, or of no known size
    """
    start = fp.read(4)
    size = i32(start)
    data = start + ImageFile._safe_read(fp, size - 4)
    if size == _OS2_HEADER.size:
        _, width, height, _, bits = _OS2_HEADER.unpack(data)
        return BitmapInfo(size, width, height, bits, palette_padding=3)
    if size not in _INFO_HEADER_SIZES:
        raise OSError(f"Unsupported BMP header type ({size})")
    header = _INFO_HEADER.unpack(data)
    # Of negative heights only those of a sensible size are taken for such.
    top_down = header.height >> 24 == 0xFF
    info = BitmapInfo(
        size,
        header.width,
        2**32 - header.height if top_down else header.height,
        header.bits,
        direction=1 if top_down else -1,
        compression=header.compression,
        pixels_per_metre=(header.x, header.y),
        colours=header.colours,
    )
    if info.compression == BmpImageFile.BITFIELDS:
        if size == _INFO_HEADER.size:
            info.masks = (*_MASKS.read(fp), 0)
        else:
            alpha = i32(data, _ALPHA_MASK_OFFSET) if size > _ALPHA_MASK_OFFSET else 0
            info.masks = (*_MASKS.unpack(data, _INFO_HEADER.size), alpha)
    return info


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(b"BM")


def _dib_accept(prefix: bytes) -> bool:
    return i32(prefix) in (_OS2_HEADER.size, *_INFO_HEADER_SIZES)


class BmpImageFile(ImageFile.ImageFile):
    """Reads BMP files, and DIBs for other formats."""

    format = "BMP"
    format_description = "Windows Bitmap"

    COMPRESSIONS = {"RAW": 0, "RLE8": 1, "RLE4": 2, "BITFIELDS": 3, "JPEG": 4, "PNG": 5}
    RAW, RLE8, RLE4, BITFIELDS, JPEG, PNG = COMPRESSIONS.values()

    def _open(self) -> None:
        assert self.fp is not None
        header = _FILE_HEADER.read(self.fp)
        require(_accept(header.magic), "Not a BMP file")
        self._bitmap(offset=header.offset)

    def _bitmap(self, header: int = 0, offset: int = 0) -> None:
        """Read a DIB.

        :param header: where it starts, if not where the file stands
        :param offset: where the pixels start; 0: after header and palette
        """
        assert self.fp is not None
        if header:
            self.fp.seek(header)
        info = read_bitmap_info(self.fp)
        self._size = info.width, info.height
        if dpi := info.dpi:
            self.info["dpi"] = dpi
        colours = info.colours or 1 << info.bits
        if offset == _FILE_HEADER.size + info.size and info.bits <= 8:
            # Some writers forget the palette.
            offset += info.palette_padding * colours
        if info.bits not in BIT2MODE:
            raise OSError(f"Unsupported BMP pixel depth ({info.bits})")
        self._mode, rawmode = BIT2MODE[info.bits]

        decoder, rawmode = self._choose_decoder(info, header, rawmode)
        if self.mode == "P":
            rawmode = self._read_palette(info, colours, rawmode)

        self.info["compression"] = info.compression
        args: tuple[Any, ...]
        if decoder == "bmp_rle":
            args = rawmode, info.compression == self.RLE4, info.direction
        else:
            # Rows are padded to four bytes.
            args = rawmode, ((info.width * info.bits + 31) >> 3) & ~3, info.direction
        self.tile = [
            ImageFile._Tile(
                decoder, (0, 0, info.width, info.height), offset or self.fp.tell(), args
            )
        ]

    def _choose_decoder(self, info: BitmapInfo, header: int, rawmode: str) -> tuple[str, str]:
        """Name of the decoder, and layout of the pixels."""
        assert self.fp is not None
        if info.compression == self.BITFIELDS:
            masks = info.masks if info.bits == 32 else info.masks[:3]
            layout = _BITFIELDS.get((info.bits, masks))
            if layout is None:
                raise OSError("Unsupported BMP bitfields layout")
            if "A" in layout:
                self._mode = "RGBA"
            return "raw", layout
        if info.compression == self.RAW:
            # In icons the DIB stands behind a directory of 22 bytes at least.
            if info.bits == 32 and (header == 22 or USE_RAW_ALPHA):
                self._mode, rawmode = "RGBA", "BGRA"
            return "raw", rawmode
        if info.compression in (self.RLE8, self.RLE4):
            return "bmp_rle", rawmode
        raise OSError(f"Unsupported BMP compression ({info.compression})")

    def _read_palette(self, info: BitmapInfo, colours: int, rawmode: str) -> str:
        """Read the palette, which may prove the image to be grey; layout of the pixels."""
        assert self.fp is not None
        if not 0 < colours <= 65536:
            raise OSError(f"Unsupported BMP Palette size ({colours})")
        padding = info.palette_padding
        palette = self.fp.read(padding * colours)
        ramp = (0, 255) if colours == 2 else range(colours)
        grey = all(
            palette[padding * index : padding * index + 3] == bytes((value & 0xFF,)) * 3
            for index, value in enumerate(ramp)
        )
        if not grey:
            self.palette = ImagePalette.raw("BGRX" if padding == 4 else "BGR", palette)
            return rawmode
        self._mode = "1" if colours <= 2 else "L"
        return self._mode


class BmpRleDecoder(ImageFile.PyDecoder):
    """Decodes run-length encoded pixels: RLE4 if the second argument is true, or RLE8."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all pixels from the file."""
        _, is_rle4, direction = self.args
        pixels = self._read_rle(is_rle4)
        self.set_as_raw(pixels, "P" if self.mode == "P" else "L", (0, direction))
        return -1, 0

    def _read_rle(self, is_rle4: bool) -> bytearray:
        assert self.fd is not None
        width = self.state.xsize
        total = width * self.state.ysize
        pixels = bytearray()
        x = 0
        while len(pixels) < total:
            pair = self.fd.read(2)
            if len(pair) < 2:
                break
            count, value = pair
            if count:
                # Only runs end with their row.
                count = min(count, max(0, width - x))
                if is_rle4:
                    pattern = bytes((value >> 4, value & 0x0F))
                    pixels += (pattern * (count // 2 + 1))[:count]
                else:
                    pixels += bytes((value,)) * count
                x += count
            elif value == 0:
                pixels += bytes(-len(pixels) % width)
                x = 0
            elif value == 1:
                break
            elif value == 2:
                delta = self.fd.read(2)
                if len(delta) < 2:
                    break
                pixels += bytes(min(delta[0] + delta[1] * width, total - len(pixels)))
                x = len(pixels) % width
            else:
                literals = self._read_literals(value, is_rle4)
                pixels += literals
                x += len(literals)
                if len(literals) < value:
                    break
        return pixels

    def _read_literals(self, count: int, is_rle4: bool) -> bytes:
        assert self.fd is not None
        if is_rle4:
            data = self.fd.read((count + 1) // 2)
            literals = bytes(nibble for byte in data for nibble in (byte >> 4, byte & 0x0F))
        else:
            data = self.fd.read(count)
            literals = data
        if self.fd.tell() % 2:
            self.fd.seek(1, 1)
        return literals[:count]


class DibImageFile(BmpImageFile):
    """Reads BMP files without file header."""

    format = "DIB"
    format_description = "Windows Bitmap"

    def _open(self) -> None:
        self._bitmap()


def halve_height(bitmap: BmpImageFile) -> None:
    """Leave the upper half of a bitmap that has been opened: the rest is the mask of an icon."""
    bitmap._size = bitmap.width, bitmap.height // 2
    bitmap.tile = [tile._replace(extents=(0, 0, *bitmap.size)) for tile in bitmap.tile]


# By image mode: layout of the pixels, bits per pixel, number of colours.
SAVE = {
    "1": ("1", 1, 2),
    "L": ("L", 8, 256),
    "P": ("P", 8, 256),
    "RGB": ("BGR", 24, 0),
    "RGBA": ("BGRA", 32, 0),
}


def _palette_entries(im: Image.Image) -> bytes:
    """The palette to be written: blue, green, red, 0."""
    if im.mode == "P":
        entries = im.im.getpalette("RGB", "BGRX")
        blue_green_red = [entries[i : i + 3] for i in range(0, len(entries), 4)]
        return b"".join(entry + b"\0" for entry in blue_green_red) or bytes(4)
    ramp = {"1": (0, 255), "L": range(256)}.get(im.mode, ())
    return b"".join(bytes((value, value, value, 0)) for value in ramp)


def _dib_save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    _save(im, fp, filename, False)


def _save(
    im: Image.Image, fp: IO[bytes], filename: str | bytes, bitmap_header: bool = True
) -> None:
    if im.mode not in SAVE:
        raise OSError(f"cannot write mode {im.mode} as BMP")
    rawmode, bits, _ = SAVE[im.mode]
    im.load()
    palette = _palette_entries(im)
    dpi = im.encoderinfo.get("dpi", (96, 96))
    x, y = (int(value * _INCHES_PER_METRE + 0.5) for value in dpi)

    stride = ((im.size[0] * bits + 7) // 8 + 3) & ~3
    image_size = stride * im.size[1]
    if bitmap_header:
        offset = _FILE_HEADER.size + _INFO_HEADER.size + len(palette)
        if offset + image_size > 2**32 - 1:
            raise ValueError("File size is too large for the BMP format")
        fp.write(
            _FILE_HEADER.pack(magic=b"BM", size=offset + image_size, reserved=0, offset=offset)
        )
    colours = len(palette) // 4
    fp.write(
        _INFO_HEADER.pack(
            size=_INFO_HEADER.size,
            width=im.size[0],
            height=im.size[1],
            planes=1,
            bits=bits,
            compression=BmpImageFile.RAW,
            image_size=image_size,
            x=x,
            y=y,
            colours=colours,
            important_colours=colours,
        )
    )
    fp.write(palette)
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), 0, (rawmode, stride, -1))])


Image.register_open(BmpImageFile.format, BmpImageFile, _accept)
Image.register_save(BmpImageFile.format, _save)
Image.register_extension(BmpImageFile.format, ".bmp")
Image.register_mime(BmpImageFile.format, "image/bmp")
Image.register_decoder("bmp_rle", BmpRleDecoder)

Image.register_open(DibImageFile.format, DibImageFile, _dib_accept)
Image.register_save(DibImageFile.format, _dib_save)
Image.register_extension(DibImageFile.format, ".dib")
Image.register_mime(DibImageFile.format, "image/bmp")
