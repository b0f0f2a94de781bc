"""PNG and APNG: writing."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, cast

from . import Image, ImageFile
from ._binary import o16be as o16
from ._binary import o32be as o32
from ._png_chunks import MAGIC, ChunkCollector, iTXt, putchunk

if TYPE_CHECKING:
    PutChunk = Callable[..., None]

# By image mode, with the number of bits where that differs from 8: the layout of the
# pixels, bit depth and colour type.
_OUTMODES = {
    "1": ("1", b"\x01", b"\x00"),
    "L;1": ("L;1", b"\x01", b"\x00"),
    "L;2": ("L;2", b"\x02", b"\x00"),
    "L;4": ("L;4", b"\x04", b"\x00"),
    "L": ("L", b"\x08", b"\x00"),
    "LA": ("LA", b"\x08", b"\x04"),
    "I;16": ("I;16B", b"\x10", b"\x00"),
    "I;16B": ("I;16B", b"\x10", b"\x00"),
    "P;1": ("P;1", b"\x01", b"\x03"),
    "P;2": ("P;2", b"\x02", b"\x03"),
    "P;4": ("P;4", b"\x04", b"\x03"),
    "P": ("P", b"\x08", b"\x03"),
    "RGB": ("RGB", b"\x08", b"\x02"),
    "RGBA": ("RGBA", b"\x08", b"\x06"),
}

# Chunks of a PngInfo by where they are written. Of some, a file has only one.
_ONCE_BEFORE_PALETTE = {b"cHRM", b"cICP", b"gAMA", b"sBIT", b"sRGB", b"tIME"}
_MANY_BEFORE_PALETTE = {b"sPLT", b"iTXt", b"tEXt", b"zTXt"}
_AFTER_PALETTE = {b"bKGD", b"hIST"}


class PngInfo:
    """Chunks to be written into a PNG file: the option ``pnginfo`` of ``save``."""

    __module__ = "PIL.PngImagePlugin"

    def __init__(self) -> None:
        self.chunks: list[tuple[bytes, bytes, bool]] = []

    def add(self, cid: bytes, data: bytes, after_idat: bool = False) -> None:
        """Add any chunk.

        :param cid: its identifier, four letters
        :param data: its contents
        :param after_idat: whether a private chunk goes behind the pixels
        """
        self.chunks.append((cid, data, after_idat))

    def add_itxt(
        self,
        key: str | bytes,
        value: str | bytes,
        lang: str | bytes = "",
        tkey: str | bytes = "",
        zip: bool = False,
    ) -> None:
        """Add a text in UTF-8.

        :param key: up to 79 characters of Latin-1
        :param lang: language of the text, for example ``en-GB``
        :param tkey: the key in that language
        :param zip: whether to compress the text
        """
        text = _encoded(value, "utf-8")
        flags = b"\0\0\0"
        if zip:
            flags, text = b"\0\x01\0", zlib.compress(text)
        self.add(
            b"iTXt",
            _encoded(key, "latin-1")
            + flags
            + _encoded(lang, "utf-8")
            + b"\0"
            + _encoded(tkey, "utf-8")
            + b"\0"
            + text,
        )

    def add_text(self, key: str | bytes, value: str | bytes | iTXt, zip: bool = False) -> None:
        """Add a text: in Latin-1 if that is possible, else in UTF-8.

        :param key: up to 79 characters of Latin-1
        :param zip: whether to compress the text
        """
        if isinstance(value, iTXt):
            self.add_itxt(key, value, value.lang or b"", value.tkey or b"", zip=zip)
            return
        try:
            text = _encoded(value, "latin-1")
        except UnicodeError:
            self.add_itxt(key, value, zip=zip)
            return
        name = _encoded(key, "latin-1") + b"\0"
        if zip:
            self.add(b"zTXt", name + b"\0" + zlib.compress(text))
        else:
            self.add(b"tEXt", name + text)


def _encoded(text: str | bytes, encoding: str) -> bytes:
    return text if isinstance(text, bytes) else text.encode(encoding, "strict")


class _DataWriter:
    """The file an encoder writes to: each block becomes a chunk of pixels."""

    def __init__(self, fp: IO[bytes], chunk: PutChunk, counter: list[int] | None = None) -> None:
        self.fp, self.chunk, self.counter = fp, chunk, counter

    def write(self, data: bytes) -> None:
        """Write IDAT, or fdAT with the next sequence number."""
        if self.counter is None:
            self.chunk(self.fp, b"IDAT", data)
        else:
            self.chunk(self.fp, b"fdAT", o32(self.counter[0]), data)
            self.counter[0] += 1


def write_pixels(
    im: Image.Image,
    fp: IO[bytes],
    chunk: PutChunk,
    rawmode: str,
    counter: list[int] | None = None,
) -> None:
    """Encode the pixels of ``im``.

    :param counter: the next sequence number, if they are those of a later frame
    """
    target = cast("IO[bytes]", _DataWriter(fp, chunk, counter))
    ImageFile._save(im, target, [ImageFile._Tile("zip", (0, 0, *im.size), 0, rawmode)])


def apply_encoderinfo(im: Image.Image, encoderinfo: dict[str, Any]) -> None:
    """Set the arguments of the encoder that follow from the options."""
    im.encoderconfig = (
        encoderinfo.get("optimize", False),
        encoderinfo.get("compress_level", -1),
        encoderinfo.get("compress_type", -1),
        encoderinfo.get("dictionary", b""),
    )


def _layout(im: Image.Image, mode: str, bits: int | None) -> tuple[str, int]:
    """The key of the table of layouts, and the number of palette entries."""
    if mode == "L" and bits is not None and bits != 8:
        return f"L;{bits}", 0
    if mode != "P":
        return mode, 0
    entries = len(im.im.getpalette("RGB")) // 3
    colours = max(1, min(1 << (8 if bits is None else bits), entries, 256))
    for depth in (1, 2, 4):
        if colours <= 1 << depth:
            return f"P;{depth}", colours
    return "P", colours


def _transparency(im: Image.Image, model: Image.Image, mode: str, colours: int) -> bytes | None:
    """Contents of the chunk tRNS."""
    value = im.encoderinfo.get("transparency", im.info.get("transparency"))
    if value is None:
        if mode == "P" and model.im.getpalettemode() == "RGBA":
            return model.im.getpalette("RGBA", "A")[:colours]
        return None
    if mode == "P":
        if isinstance(value, bytes):
            return value[:colours]
        if not isinstance(value, int):
            raise ValueError("transparency for P must be an integer or bytes")
        index = min(max(value, 0), 255)
        return (b"\xff" * index + b"\0")[:colours]
    if im.mode in ("1", "L", "I", "I;16"):
        if not isinstance(value, int):
            raise ValueError(f"transparency for {im.mode} must be an integer")
        return o16(min(max(value, 0), 65535))
    if im.mode == "RGB":
        if not isinstance(value, (list, tuple)):
            raise ValueError("transparency for RGB must be list or tuple")
        if len(value) != 3:
            raise ValueError("transparency for RGB must have length 3")
        return b"".join(o16(component) for component in value)
    if "transparency" in im.encoderinfo:
        raise OSError("cannot use transparency for this mode")
    return None


def _write_info_chunks(
    info: PngInfo | None, wanted: Callable[[bytes, bool], bool], put: Callable[[bytes, bytes], None]
) -> None:
    for cid, data, *rest in info.chunks if info else ():
        if wanted(cid, bool(rest and rest[0])):
            put(cid, data)


def _is_private(cid: bytes) -> bool:
    return cid[1:2].islower()


def _write_header(
    im: Image.Image,
    model: Image.Image,
    put: Callable[..., None],
    size: tuple[int, int],
    mode: str,
    layout: tuple[bytes, bytes],
    colours: int,
) -> None:
    """Write everything before the pixels.

    :param im: the image with the options
    :param model: the image with the palette
    """
    put(b"IHDR", o32(size[0]), o32(size[1]), *layout, b"\0\0\0")

    options = im.encoderinfo
    info = options.get("pnginfo")
    once = set(_ONCE_BEFORE_PALETTE)
    icc = options.get("icc_profile", im.info.get("icc_profile"))
    if icc:
        # The name may have up to 79 bytes; the 0 is the compression method.
        put(b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc))
        once.discard(b"sRGB")

    def take_once(cid: bytes) -> bool:
        if cid in once:
            once.discard(cid)
            return True
        return False

    def before_palette(cid: bytes, after_idat: bool) -> bool:
        if _is_private(cid):
            return not after_idat
        return cid in _MANY_BEFORE_PALETTE or take_once(cid)

    _write_info_chunks(info, before_palette, put)
    if mode == "P":
        palette = bytes(model.getpalette("RGB") or ())
        put(b"PLTE", palette[: 3 * colours].ljust(3 * colours, b"\0"))
    transparency = _transparency(im, model, mode, colours)
    if transparency is not None:
        put(b"tRNS", transparency)

    dpi = options.get("dpi")
    if dpi:
        # Pixels per metre.
        x, y = (int(value / 0.0254 + 0.5) for value in dpi[:2])
        put(b"pHYs", o32(x), o32(y), b"\x01")
    once = set(_AFTER_PALETTE)
    _write_info_chunks(info, lambda cid, after_idat: take_once(cid), put)
    exif = options.get("exif")
    if exif:
        if isinstance(exif, Image.Exif):
            exif = exif.tobytes(8)
        put(b"eXIf", exif.removeprefix(b"Exif\x00\x00"))


def _save(
    im: Image.Image,
    fp: IO[bytes],
    filename: str | bytes,
    chunk: PutChunk = putchunk,
    save_all: bool = False,
) -> None:
    """Write an image, or with ``save_all`` an animation.

    :param chunk: called with the file, an identifier and the parts of the data
    """
    from . import _apng_write

    def put(cid: bytes, *data: bytes) -> None:
        chunk(fp, cid, *data)

    frames = _apng_write.FrameList(im) if save_all else None
    mode, size = (frames.mode, frames.size) if frames else (im.mode, im.size)
    model = frames.model if frames else im
    model.load()
    key, colours = _layout(model, mode, im.encoderinfo.get("bits"))
    if key not in _OUTMODES:
        raise OSError(f"cannot write mode {mode} as PNG")
    rawmode, *layout = _OUTMODES[key]

    fp.write(MAGIC)
    _write_header(im, model, put, size, mode, (layout[0], layout[1]), colours)
    single: Image.Image | None = im
    if frames:
        single = frames.write(fp, chunk, rawmode)
    if single is not None:
        apply_encoderinfo(single, im.encoderinfo)
        write_pixels(single, fp, chunk, rawmode)
    _write_info_chunks(
        im.encoderinfo.get("pnginfo"), lambda cid, after_idat: _is_private(cid) and after_idat, put
    )
    put(b"IEND", b"")
    if hasattr(fp, "flush"):
        fp.flush()


def _save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    _save(im, fp, filename, save_all=True)


def getchunks(im: Image.Image, **params: Any) -> list[tuple[bytes, bytes, bytes]]:
    """The chunks that saving ``im`` with these options would write.

    :return: identifier, data and checksum of each
    """
    collected = ChunkCollector()
    im.encoderinfo = params
    try:
        _save(im, cast("IO[bytes]", collected), "", collected.put)
    finally:
        del im.encoderinfo
    return list(collected)
