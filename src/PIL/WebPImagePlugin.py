"""WebP: still and animated images, by way of libwebp (:mod:`PIL._webp`).

Specification: RFC 9649, "WebP Image Format".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from . import Image
from ._binary import i16le, i32le
from ._library_frames import _LibraryFrames

try:
    from . import _webp

    SUPPORTED = True
except ImportError:
    SUPPORTED = False

if TYPE_CHECKING:
    from . import _imaging

# Names of the first chunk, which says what kind of file it is.
_SIMPLE_LOSSY, _EXTENDED, _SIMPLE_LOSSLESS = b"VP8 ", b"VP8X", b"VP8L"

# Chunks with metadata, by the key in ``info``.
_METADATA = {"icc_profile": "ICCP", "exif": "EXIF", "xmp": "XMP "}

_EXIF_MARKER = b"Exif\x00\x00"


def _accept(prefix: bytes) -> bool | str:
    kinds = (_SIMPLE_LOSSY, _EXTENDED, _SIMPLE_LOSSLESS)
    if prefix[:4] != b"RIFF" or prefix[8:12] != b"WEBP" or prefix[12:16] not in kinds:
        return False
    if not SUPPORTED:
        return "image file could not be identified because WEBP support not installed"
    return True


def _canvas_size(data: bytes) -> tuple[int, int] | None:
    """The size that the first chunk tells, if it is long enough to tell one."""
    kind, header = data[12:16], data[20:30]
    if kind == _SIMPLE_LOSSY and len(header) >= 10 and header[3:6] == b"\x9d\x01\x2a":
        # The upper two bits are a scale for display.
        return i16le(header, 6) & 0x3FFF, i16le(header, 8) & 0x3FFF
    if kind == _EXTENDED and len(header) >= 10:
        width, height = header[4:7], header[7:10]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == _SIMPLE_LOSSLESS and len(header) >= 5 and header[0] == 0x2F:
        bits = i32le(header, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


class WebPImageFile(_LibraryFrames):
    """Reads WebP files. A frame is always the whole canvas, composed by libwebp."""

    format = "WEBP"
    format_description = "WebP image"

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read()
        if _accept(data[:16]) is not True:
            raise SyntaxError("not a WebP file")
        # libwebp allocates the canvas when it opens the file.
        size = _canvas_size(data)
        if size is not None:
            Image._decompression_bomb_check(size, error_only=True)
        self._decoder = _webp.WebPAnimDecoder(data)
        self._size, loops, colour, self.n_frames, self.rawmode = self._decoder.get_info()
        self._mode = "RGB" if self.rawmode == "RGBX" else self.rawmode
        alpha, red, green, blue = colour.to_bytes(4, "big")
        self.info["loop"] = loops
        self.info["background"] = red, green, blue, alpha
        for key, name in _METADATA.items():
            chunk = self._decoder.get_chunk(name)
            if chunk:
                self.info[key] = chunk
        self.__next = 0  # the frame that the decoder is about to give
        self.__end = 0  # where the one before it ends, in ms
        self._begin()

    def _getexif(self) -> dict[int, Any] | None:
        return self.getexif()._get_merged_dict() if "exif" in self.info else None

    def _decode_frame(self, frame: int) -> tuple[int, int]:
        self._skip_to(frame)
        begin = self._decode_into(self._fresh_core())
        return begin, self.__end - begin

    def _skip_to(self, frame: int) -> None:
        if frame < self.__next:
            self._decoder.reset()
            self.__next = self.__end = 0
        while self.__next < frame:
            self._decode_into(None)

    def _decode_into(self, core: _imaging.ImagingCore | None) -> int:
        """Decode the next frame; the result is when it begins."""
        begin = self.__end
        self.__end = self._decoder.read_next(None if core is None else core.ptr)
        self.__next += 1
        return begin


# Writing

_WRITABLE = ("RGB", "RGBX", "RGBA")


def _convert_frame(im: Image.Image) -> Image.Image:
    if im.mode in _WRITABLE:
        return im
    return im.convert("RGBA" if im.has_transparency_data else "RGB")


@dataclass
class _Metadata:
    icc: bytes | str
    exif: bytes
    xmp: bytes | str

    @classmethod
    def of(cls, options: dict[str, Any]) -> _Metadata:
        exif = options.get("exif", b"")
        if isinstance(exif, Image.Exif):
            exif = exif.tobytes()
        return cls(options.get("icc_profile") or "", exif, options.get("xmp", ""))


def _write(fp: IO[bytes], data: bytes | None) -> None:
    if data is None:
        raise OSError("cannot write file as WebP (encoder returned None)")
    fp.write(data)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    options = im.encoderinfo
    meta = _Metadata.of(options)
    data = _webp.WebPEncode(
        _convert_frame(im).getim(),
        options.get("lossless", False),
        float(options.get("quality", 80)),
        float(options.get("alpha_quality", 100)),
        meta.icc,
        options.get("method", 4),
        1 if options.get("exact") else 0,
        meta.exif.removeprefix(_EXIF_MARKER),
        meta.xmp,
    )
    _write(fp, data)


def _background(im: Image.Image) -> int:
    """The colour of the canvas as the number 0xAARRGGBB.

    :raises OSError: when it is not four numbers from 0 to 255
    """
    colour: Any = (0, 0, 0, 0)
    if "background" in im.encoderinfo:
        colour = im.encoderinfo["background"]
    elif "background" in im.info:
        colour = im.info["background"]
        if isinstance(colour, int):  # of GIF: an entry of the palette, or a grey
            palette = im.getpalette()
            entry = palette[colour * 3 : colour * 3 + 3] if palette else [colour] * 3
            colour = (*entry, 255)
    if (
        not isinstance(colour, list | tuple)
        or len(colour) != 4
        or not all(0 <= value < 256 for value in colour)
    ):
        raise OSError(f"Background color is not an RGBA tuple clamped to (0-255): {colour}")
    red, green, blue, alpha = colour
    return int(alpha << 24 | red << 16 | green << 8 | blue)


def _frames(images: list[Image.Image]) -> Iterator[Image.Image]:
    for image in images:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            image.load()
            yield image


@dataclass
class _Timeline:
    """When each frame begins, in ms; fractions add up and are rounded at the end."""

    durations: Any
    now: float = 0

    def advance(self, frame: int) -> None:
        listed = isinstance(self.durations, list | tuple)
        self.now += self.durations[frame] if listed else self.durations


def _save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    options = im.encoderinfo
    images = [im, *options.get("append_images", ())]
    if sum(getattr(image, "n_frames", 1) for image in images) == 1:
        _save(im, fp, filename)
        return

    mixed = options.get("allow_mixed", False)
    lossless = False if mixed else options.get("lossless", False)
    # Distances between key frames, as img2webp has them.
    kmin, kmax = (9, 17) if lossless else (3, 5)
    settings = (
        lossless,
        float(options.get("quality", 80)),
        float(options.get("alpha_quality", 100)),
        options.get("method", 0),
    )
    meta = _Metadata.of(options)
    encoder = _webp.WebPAnimEncoder(
        im.size,
        _background(im),
        options.get("loop", 0),
        options.get("minimize_size", False),
        options.get("kmin", kmin),
        options.get("kmax", kmax),
        mixed,
        False,
    )
    durations = options.get("duration", im.info.get("duration", 0))
    timeline = _Timeline(durations)
    present = im.tell()
    try:
        for index, frame in enumerate(_frames(images)):
            encoder.add(_convert_frame(frame).getim(), round(timeline.now), *settings)
            timeline.advance(index)
    finally:
        im.seek(present)
    encoder.add(None, round(timeline.now), lossless, settings[1], settings[2], 0)
    _write(fp, encoder.assemble(meta.icc, meta.exif, meta.xmp))


Image.register_open(WebPImageFile.format, WebPImageFile, _accept)
if SUPPORTED:
    Image.register_save(WebPImageFile.format, _save)
    Image.register_save_all(WebPImageFile.format, _save_all)
    Image.register_extension(WebPImageFile.format, ".webp")
    Image.register_mime(WebPImageFile.format, "image/webp")
