"""ICO, Windows icons: several images in one file, each a PNG or a DIB with a mask.

Such a DIB has twice the height of its image; below the pixels (which run from the bottom up)
follows a mask of one bit a pixel.
"""

from __future__ import annotations

import math
import struct
import warnings
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from . import BmpImagePlugin, Image, ImageFile, PngImagePlugin
from ._header import read_up_to, require
from ._icon_directory import ENTRY, directory_size, make_directory, read_directory, signature

if TYPE_CHECKING:
    from . import _imaging

_KIND = 1
_MAGIC = signature(_KIND)

_LARGEST_SIDE = 256
_DEFAULT_SIZES = [(side, side) for side in (16, 24, 32, 48, 64, 128, _LARGEST_SIDE)]
_SMALLEST_DEFAULT = 16


class IconHeader(NamedTuple):
    """An entry of the directory; ``dim``, ``square`` and ``color_depth`` follow from the rest."""

    width: int
    height: int
    nb_color: int
    reserved: int
    planes: int
    bpp: int
    size: int
    offset: int
    dim: tuple[int, int]
    square: int
    color_depth: int


def _icon_header(entry: Any) -> IconHeader:
    # 256 does not fit into a byte.
    width, height = entry.width or _LARGEST_SIDE, entry.height or _LARGEST_SIDE
    depth = entry.bpp
    if not depth and entry.nb_color:
        depth = math.ceil(math.log2(entry.nb_color))
    return IconHeader._make(
        (width, height, *entry[2:], (width, height), width * height, depth or 256)
    )


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class IcoFile:
    """The images in a file.

    :ivar entry: their entries, the largest areas first, of equal ones that with the least colours
    :ivar nb_items: how many the file says it has
    :raises SyntaxError: when it is no icon, or its directory is cut off
    """

    def __init__(self, buf: IO[bytes]) -> None:
        entries = [_icon_header(entry) for entry in read_directory(buf, _KIND)]
        self.buf = buf
        self.nb_items = len(entries)
        self.entry = sorted(entries, key=lambda entry: (-entry.square, entry.color_depth))

    def sizes(self) -> set[tuple[int, int]]:
        """The sizes of all images."""
        return {entry.dim for entry in self.entry}

    def getentryindex(self, size: tuple[int, int], bpp: int | bool = False) -> int:
        """Index of the first entry of this size (and depth, unless that is ``False``), or 0."""
        for index, entry in enumerate(self.entry):
            if entry.dim == size and (bpp is False or entry.color_depth == bpp):
                return index
        return 0

    def getimage(self, size: tuple[int, int], bpp: int | bool = False) -> Image.Image:
        """The image of this size; see :meth:`getentryindex`."""
        return self.frame(self.getentryindex(size, bpp))

    def frame(self, idx: int) -> Image.Image:
        """The image of an entry. Its mode is RGBA if it has a mask.

        :raises ValueError: when the mask is cut off
        """
        entry = self.entry[idx]
        self.buf.seek(entry.offset)
        is_png = self.buf.read(len(PngImagePlugin._MAGIC)) == PngImagePlugin._MAGIC
        self.buf.seek(entry.offset)
        if is_png:
            im: Image.Image = PngImagePlugin.PngImageFile(self.buf)
            Image._decompression_bomb_check(im.size)
            return im
        return self._masked_bitmap(entry)

    def _masked_bitmap(self, entry: IconHeader) -> Image.Image:
        bitmap = BmpImagePlugin.DibImageFile(self.buf)
        Image._decompression_bomb_check(bitmap.size)
        BmpImagePlugin.halve_height(bitmap)
        if entry.bpp == 32:
            data, layout = self._alpha(bitmap), "L"
        else:
            data, layout = self._mask(entry, bitmap.size), "1;I"
        # Both have rows that are padded as their pixels ask for, and run from the bottom up.
        stride = 0 if layout == "L" else _mask_stride(bitmap.width)
        try:
            mask = Image.frombuffer(layout[0], bitmap.size, data, "raw", layout, stride, -1)
        except ValueError:
            if not ImageFile.LOAD_TRUNCATED_IMAGES:
                raise
            return bitmap
        im = bitmap.convert("RGBA")
        im.putalpha(mask)
        return im

    def _alpha(self, bitmap: ImageFile.ImageFile) -> bytes:
        """The fourth byte of each pixel."""
        self.buf.seek(bitmap.tile[0].offset)
        return read_up_to(self.buf, bitmap.width * bitmap.height * 4)[3::4]

    def _mask(self, entry: IconHeader, size: tuple[int, int]) -> bytes:
        """The bits that are set where pixels are transparent; they end the entry's data."""
        length = _mask_stride(size[0]) * size[1]
        self.buf.seek(entry.offset + entry.size - length)
        return read_up_to(self.buf, length)


def _mask_stride(width: int) -> int:
    """Bytes of a row of the mask: a multiple of 4."""
    return (width + 31) // 32 * 4


class IcoImageFile(ImageFile.ImageFile):
    """Reads icons.

    The size may be set to any of ``info["sizes"]``; the next ``load()`` reads that image.
    """

    format = "ICO"
    format_description = "Windows Icon"

    def _open(self) -> None:
        assert self.fp is not None
        self.ico = IcoFile(self.fp)
        self.info["sizes"] = self.ico.sizes()
        require(self.ico.entry, "icon without images")
        self.size = self.ico.entry[0].dim
        self.load()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height.

        :raises ValueError: when set to a size that no image has
        """
        return self._size

    @size.setter
    def size(self, value: tuple[int, int]) -> None:
        if value not in self.info["sizes"]:
            raise ValueError("This is not one of the allowed sizes of this image")
        self._size = value

    def load(self) -> _imaging.PixelAccess | None:
        """Read the image of the size set, unless that was done before."""
        if self._im is None or self.im.size != self.size:
            self._read(self.ico.getimage(self.size))
        return Image.Image.load(self)

    def _read(self, im: Image.Image) -> None:
        im.load()
        self.im = im.im
        self._mode = im.mode
        if im.palette:
            self.palette = im.palette
        if im.size != self.size:
            warnings.warn("Image was not the expected size", stacklevel=2)
            sizes = list(self.info["sizes"])
            index = self.ico.getentryindex(self.size)
            require(index < len(sizes), "icon with several images of a size that they do not have")
            sizes[index] = im.size
            self.info["sizes"] = set(sizes)
            self.size = im.size

    def load_seek(self, pos: int) -> None:
        """Nothing: this tells :class:`PIL.ImageFile.Parser` to decode only when all is there."""


class _Frame(NamedTuple):
    """An image as it is stored."""

    size: tuple[int, int]
    bits: int
    colours: int
    data: bytes

    def entry(self, offset: int) -> bytes:
        # The size 256 and the number 256 are stored as 0.
        return ENTRY.pack(
            width=self.size[0] % 256,
            height=self.size[1] % 256,
            nb_color=self.colours % 256,
            reserved=0,
            planes=0,
            bpp=self.bits,
            size=len(self.data),
            offset=offset,
        )


def _png_frame(im: Image.Image) -> _Frame:
    out = BytesIO()
    im.save(out, "png")
    return _Frame(im.size, 32, 0, out.getvalue())


def _bitmap_frame(im: Image.Image, mask_size: tuple[int, int]) -> _Frame:
    """A DIB of twice the height, with a mask that hides nothing."""
    bits, colours = BmpImagePlugin.SAVE[im.mode][1:]
    out = BytesIO()
    im.save(out, "dib")
    dib = bytearray(out.getvalue())
    struct.pack_into("<I", dib, 8, 2 * im.height)
    if bits != 32:
        dib += bytes((mask_size[0] + 7) // 8 * mask_size[1])
    return _Frame(im.size, bits, colours, bytes(dib))


def _images_for(
    size: tuple[int, int], images: list[Image.Image], all_depths: bool
) -> list[Image.Image]:
    """The images to be stored for a size: those which have it, else one that is scaled down."""
    exact = [im for im in images if im.size == size]
    if exact and all_depths:
        by_depth: dict[int, Image.Image] = {}
        for im in exact:
            by_depth.setdefault(BmpImagePlugin.SAVE[im.mode][1], im)
        return list(by_depth.values())
    if exact:
        return exact[:1]
    covering = [im for im in images if im.width >= size[0] and im.height >= size[1]]
    scaled = min(covering, key=lambda im: im.width * im.height, default=images[0]).copy()
    scaled.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=None)
    return [scaled]


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    as_bitmaps = im.encoderinfo.get("bitmap_format") == "bmp"
    small = min(im.size) < _SMALLEST_DEFAULT
    default = [im.size] if small else _DEFAULT_SIZES
    sizes = sorted(set(cast("list[tuple[int, int]]", im.encoderinfo.get("sizes", default))))
    images = [im, *im.encoderinfo.get("append_images", [])]
    limits = [min(_LARGEST_SIDE, side) for side in im.size]
    chosen = [
        image
        for width, height in sizes
        if width <= limits[0] and height <= limits[1]
        for image in _images_for((width, height), images, as_bitmaps)
    ]
    if not chosen:
        raise ValueError("All sizes too large for image")
    if as_bitmaps:
        # Pillow gives all masks the last size of the list, whatever the size of the image.
        frames = [_bitmap_frame(image, sizes[-1]) for image in chosen]
    else:
        frames = [_png_frame(image) for image in chosen]

    offset = directory_size(len(frames))
    entries = []
    for frame in frames:
        entries.append(frame.entry(offset))
        offset += len(frame.data)
    fp.write(make_directory(_KIND, entries))
    for frame in frames:
        fp.write(frame.data)


Image.register_open(IcoImageFile.format, IcoImageFile, _accept)
Image.register_save(IcoImageFile.format, _save)
Image.register_extension(IcoImageFile.format, ".ico")
Image.register_mime(IcoImageFile.format, "image/x-icon")
