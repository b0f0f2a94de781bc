"""ICNS, icons of macOS: blocks, each with an image, with colours, or with a mask.

Small old icons have run-length encoded colours and a mask apart; all others are PNG or JPEG 2000.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, TYPE_CHECKING

from . import Image, ImageFile, PngImagePlugin, features

# After PNG: what is imported first is tried first when a file is opened.
from . import Jpeg2KImagePlugin  # isort: skip
from ._header import Header, read_up_to, require

if TYPE_CHECKING:
    from . import _imaging

enable_jpeg2k = features.check_codec("jpg_2000")

MAGIC = b"icns"
HEADERSIZE = 8

_BLOCK = Header(">", kind="4s", length="I")
_BEFORE_COLOURS = bytes(4)
_JPEG_2000_STARTS = (
    b"\xff\x4f\xff\x51",
    b"\x0d\x0a\x87\x0a",
    b"\0\0\0\x0cjP  \x0d\x0a\x87\x0a",
)

_Size = tuple[int, int, int]
_Place = tuple[int, int]
_Reader = Callable[[IO[bytes], _Place, _Size], "dict[str, Image.Image]"]


def nextheader(fobj: IO[bytes]) -> tuple[bytes, int]:
    """Kind and length (header included) of the block that follows.

    :raises SyntaxError: when the file ends before
    """
    header = _BLOCK.read(fobj)
    return header.kind, header.length


def _pixel_size(size: _Size) -> tuple[int, int]:
    return size[0] * size[2], size[1] * size[2]


def read_32t(fobj: IO[bytes], start_length: _Place, size: _Size) -> dict[str, Image.Image]:
    """Colours as in :func:`read_32`, behind four zeros."""
    start, length = start_length
    fobj.seek(start)
    require(
        fobj.read(len(_BEFORE_COLOURS)) == _BEFORE_COLOURS,
        "Unknown signature, expecting 0x00000000",
    )
    skipped = len(_BEFORE_COLOURS)
    return read_32(fobj, (start + skipped, length - skipped), size)


def read_32(fobj: IO[bytes], start_length: _Place, size: _Size) -> dict[str, Image.Image]:
    """Colours: as they are if they have the length for it, else the run lengths of each band.

    :raises SyntaxError: when the run lengths do not give the image
    """
    start, length = start_length
    fobj.seek(start)
    pixel_size = _pixel_size(size)
    count = pixel_size[0] * pixel_size[1]
    if length == 3 * count:
        return {"RGB": Image.frombuffer("RGB", pixel_size, fobj.read(length), "raw", "RGB", 0, 1)}
    bands = [
        Image.frombuffer("L", pixel_size, _unpack_band(fobj, count), "raw", "L", 0, 1)
        for _ in range(3)
    ]
    return {"RGB": Image.merge("RGB", bands)}


def _unpack_band(fobj: IO[bytes], count: int) -> bytes:
    """Unpack bytes: from 0x80 on n tells that the next one comes n - 125 times, below that
    n + 1 bytes follow as they are."""
    band = bytearray()
    while len(band) < count and (control := fobj.read(1)):
        if control[0] >= 0x80:
            band += fobj.read(1) * (control[0] - 125)
        else:
            band += fobj.read(control[0] + 1)
    require(len(band) == count, f"Error reading channel [{count - len(band)} left]")
    return bytes(band)


def read_mk(fobj: IO[bytes], start_length: _Place, size: _Size) -> dict[str, Image.Image]:
    """A mask, one byte a pixel."""
    fobj.seek(start_length[0])
    width, height = _pixel_size(size)
    mask = fobj.read(width * height)
    return {"A": Image.frombuffer("L", (width, height), mask, "raw", "L", 0, 1)}


def read_png_or_jpeg2000(
    fobj: IO[bytes], start_length: _Place, size: _Size
) -> dict[str, Image.Image]:
    """A whole image.

    :raises ValueError: when it is of another format
    """
    start, length = start_length
    fobj.seek(start)
    signature = fobj.read(12)
    fobj.seek(start)
    if signature.startswith(PngImagePlugin._MAGIC):
        png = PngImagePlugin.PngImageFile(fobj)
        Image._decompression_bomb_check(png.size)
        return {"RGBA": png}
    if signature.startswith(_JPEG_2000_STARTS):
        if not enable_jpeg2k:
            raise ValueError(
                "Unsupported icon subimage format (rebuild PIL with JPEG 2000 support to fix this)"
            )
        # The decoder reads to the end of its file, so it gets one that ends with the block.
        jpeg = Jpeg2KImagePlugin.Jpeg2KImageFile(BytesIO(read_up_to(fobj, length)))
        Image._decompression_bomb_check(jpeg.size)
        return {"RGBA": jpeg if jpeg.mode == "RGBA" else jpeg.convert("RGBA")}
    raise ValueError("Unsupported icon subimage format")


def _readers(whole: str, colours: str = "", mask: str = "") -> list[tuple[bytes, _Reader]]:
    """The kinds of blocks that make up an icon; colours of 128 pixels begin with four zeros."""
    kinds: list[tuple[str, _Reader]] = [
        (whole, read_png_or_jpeg2000),
        (colours, read_32t if colours == "it32" else read_32),
        (mask, read_mk),
    ]
    return [(kind.encode(), reader) for kind, reader in kinds if kind]


class IcnsFile:
    """The blocks of a file.

    :ivar dct: by kind: position and length of the block's contents
    :raises SyntaxError: when it is no icon, or blocks are cut off
    """

    #: By (width, height, scale): the kinds of blocks, and what reads them.
    SIZES = {
        (512, 512, 2): _readers("ic10"),
        (512, 512, 1): _readers("ic09"),
        (256, 256, 2): _readers("ic14"),
        (256, 256, 1): _readers("ic08"),
        (128, 128, 2): _readers("ic13"),
        (128, 128, 1): _readers("ic07", "it32", "t8mk"),
        (64, 64, 1): _readers("icp6"),
        (32, 32, 2): _readers("ic12"),
        (48, 48, 1): _readers("", "ih32", "h8mk"),
        (32, 32, 1): _readers("icp5", "il32", "l8mk"),
        (16, 16, 2): _readers("ic11"),
        (16, 16, 1): _readers("icp4", "is32", "s8mk"),
    }

    def __init__(self, fobj: IO[bytes]) -> None:
        self.fobj = fobj
        self.dct: dict[bytes, _Place] = {}
        kind, end = nextheader(fobj)
        require(_accept(kind), "not an icns file")
        position = HEADERSIZE
        while position < end:
            kind, length = nextheader(fobj)
            require(length > 0, "invalid block header")
            contents = length - HEADERSIZE
            self.dct[kind] = position + HEADERSIZE, contents
            fobj.seek(contents, 1)
            position += length

    def itersizes(self) -> list[_Size]:
        """The sizes of which there is anything, the largest first: (width, height, scale)."""
        return [
            size
            for size, blocks in self.SIZES.items()
            if any(kind in self.dct for kind, _ in blocks)
        ]

    def bestsize(self) -> _Size:
        """The largest size.

        :raises SyntaxError: when there is none
        """
        sizes = self.itersizes()
        require(sizes, "No 32bit icon resources found")
        return max(sizes)

    def dataforsize(self, size: _Size) -> dict[str, Image.Image]:
        """All there is of a size: a whole image under RGBA, colours under RGB, a mask under A."""
        found: dict[str, Image.Image] = {}
        for kind, reader in self.SIZES[size]:
            if kind in self.dct:
                found |= reader(self.fobj, self.dct[kind], size)
        return found

    def getimage(self, size: tuple[int, int] | _Size | None = None) -> Image.Image:
        """The image of a size (the largest if none is given), colours and mask put together.

        :raises ValueError: when there is none of this size
        """
        if size is None:
            size = self.bestsize()
        if len(size) == 2:
            size = (*size, 1)
        parts = self.dataforsize(size) if size in self.SIZES else {}
        if "RGBA" in parts:
            return parts["RGBA"]
        if "RGB" not in parts:
            raise ValueError(f"icon has no image of size {size}")
        im = parts["RGB"].copy()
        if "A" in parts:
            im.putalpha(parts["A"])
        return im


def _divides(size: tuple[int, int] | _Size, pixel_size: tuple[int, int]) -> bool:
    """Whether an image has this size, times a number: its width divided by that of the size, cut
    off to a whole number."""
    if size[0] <= 0 or size[1] <= 0:
        return False
    return size[1] * (pixel_size[0] // size[0]) == pixel_size[1]


class IcnsImageFile(ImageFile.ImageFile):
    """Reads icons.

    ``info["sizes"]`` lists (width, height, scale). The size may be set to (width, height) of any
    of these; then ``load(scale)`` reads that image, ``load()`` the largest one.
    """

    format = "ICNS"
    format_description = "Mac OS icns resource"

    def _open(self) -> None:
        assert self.fp is not None
        self.icns = IcnsFile(self.fp)
        self._mode = "RGBA"
        self.info["sizes"] = self.icns.itersizes()
        self.best_size = self.icns.bestsize()
        self.size = _pixel_size(self.best_size)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height.

        :raises ValueError: when set to a size that is no image's, nor an image's divided by a
            whole number
        """
        return self._size

    @size.setter
    def size(self, value: tuple[int, int] | _Size) -> None:
        if not any(_divides(value, _pixel_size(size)) for size in self.info["sizes"]):
            raise ValueError("This is not one of the allowed sizes of this image")
        self._size = value[0], value[1]
        if len(value) > 2:
            self.best_size = value

    def load(self, scale: int | None = None) -> _imaging.PixelAccess | None:
        """Read the image, unless that was done before.

        :param scale: of how many pixels each of ``size`` consists
        """
        if scale is not None:
            width, height = self.size
            self.size = width * scale, height * scale
            self.best_size = width, height, scale
        pixels = Image.Image.load(self)
        if self._im is not None and self.im.size == self.size:
            return pixels
        im = self.icns.getimage(self.best_size)
        pixels = im.load()
        self.im = im.im
        self._mode = im.mode
        self.size = im.size
        return pixels


# What is written: kinds of blocks and the side of their images.
_OUTPUT = {
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}


def _header(kind: bytes, contents: int) -> bytes:
    """What stands before so many bytes of contents."""
    return _BLOCK.pack(kind=kind, length=HEADERSIZE + contents)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    by_width = {other.width: other for other in im.encoderinfo.get("append_images", [])}
    images = {}
    # The largest first, which needs the most memory, while there is nothing else to be kept.
    for side in sorted(set(_OUTPUT.values()), reverse=True):
        out = BytesIO()
        (by_width.get(side) or im.resize((side, side))).save(out, "png")
        images[side] = out.getvalue()
        del out  # which shares its memory with the value, unless it is written to again
    headers = [_header(kind, len(images[side])) for kind, side in _OUTPUT.items()]
    contents = b"".join(headers)
    toc = _header(b"TOC ", len(contents)) + contents
    whole = len(toc) + len(contents) + sum(len(images[side]) for side in _OUTPUT.values())
    fp.write(_header(MAGIC, whole) + toc)
    for header, side in zip(headers, _OUTPUT.values(), strict=True):
        fp.write(header)
        fp.write(images[side])
    if hasattr(fp, "flush"):
        fp.flush()


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(MAGIC)


Image.register_open(IcnsImageFile.format, IcnsImageFile, _accept)
Image.register_extension(IcnsImageFile.format, ".icns")
Image.register_save(IcnsImageFile.format, _save)
Image.register_mime(IcnsImageFile.format, "image/icns")
