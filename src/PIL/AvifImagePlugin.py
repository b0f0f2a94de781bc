"""AVIF: still and animated images, by way of libavif (:mod:`PIL._avif`).

Specification: Alliance for Open Media, "AV1 Image File Format (AVIF)"; ISO/IEC 23008-12 (HEIF).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from . import ExifTags, Image
from ._library_frames import _LibraryFrames

try:
    from . import _avif

    SUPPORTED = True
except ImportError:
    SUPPORTED = False

# Name of the codec that decodes: "auto", or one that libavif was built with.
DECODE_CODEC_CHOICE = "auto"
# Threads of a decoder or encoder; 0 stands for as many as there are processors.
DEFAULT_MAX_THREADS = 0

_BRANDS = (b"avif", b"avis", b"mif1", b"msf1")

# What libavif takes pixels as; grey alone only from 1.3 on.
_FRAME_MODES = _avif.FRAME_MODES if SUPPORTED else ()

# Modes that are written without colour.
_GREY_MODES = frozenset(("1", "L", "I", "I;16", "I;16L", "I;16B", "I;16N", "F"))


def _accept(prefix: bytes) -> bool | str:
    if prefix[4:8] != b"ftyp" or prefix[8:12] not in _BRANDS:
        return False
    if not SUPPORTED:
        return "image file could not be identified because AVIF support not installed"
    return True


def _thread_count() -> int:
    if DEFAULT_MAX_THREADS:
        return DEFAULT_MAX_THREADS
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def get_codec_version(codec_name: str) -> str | None:
    """The version of a codec that libavif uses; None if it was built without it.

    :param codec_name: ``aom``, ``dav1d``, ``rav1e``, ``svt`` and so on
    """
    for entry in _avif.codec_versions().split(", "):
        name, _, version = entry.partition(":")
        if name.split(" ")[0] == codec_name:
            return version.split(" ")[0]
    return None


class AvifImageFile(_LibraryFrames):
    """Reads AVIF files. Rotation and mirroring are told as Exif orientation, not applied."""

    format = "AVIF"
    format_description = "AVIF image"

    def _open(self) -> None:
        if not SUPPORTED:
            raise SyntaxError(
                "image file could not be opened because AVIF support not installed"
            )
        codec = DECODE_CODEC_CHOICE
        if codec != "auto" and not _avif.decoder_codec_available(codec):
            raise ValueError("Invalid opening codec")
        assert self.fp is not None
        try:
            self._decoder = _avif.AvifDecoder(self.fp.read(), codec, _thread_count())
        except RuntimeError as e:
            # Some versions call foreign files and damage by results of their own.
            raise SyntaxError(str(e)) from e
        self._size, self.n_frames, self._mode, icc, exif, orientation, xmp = (
            self._decoder.get_info()
        )
        for key, value in (("icc_profile", icc), ("exif", exif), ("xmp", xmp)):
            if value:
                self.info[key] = value
        if exif or orientation != 1:
            self._set_orientation(exif, orientation)
        self._begin()

    def _set_orientation(self, data: bytes | None, orientation: int) -> None:
        """Have the Exif block tell the orientation that the file's properties do."""
        exif = Image.Exif()
        if data:
            exif.load(data)
        if exif.get(ExifTags.Base.Orientation, 1) != orientation:
            exif[ExifTags.Base.Orientation] = orientation
            self.info["exif"] = exif.tobytes()

    def _decode_frame(self, frame: int) -> tuple[int, int]:
        try:
            _, timescale, *times = self._decoder.read_frame(frame, self._fresh_core().ptr)
        except RuntimeError as e:
            raise OSError(str(e)) from e
        # A damaged file may have no unit of time.
        begin, duration = (round(1000 * t / timescale) if timescale else 0 for t in times)
        return begin, duration


# Writing


@dataclass
class _Exif:
    """Exif data without the orientation, which is expressed by the file's properties."""

    data: bytes
    orientation: int

    @classmethod
    def of(cls, given: Image.Exif | bytes | None) -> _Exif:
        if isinstance(given, Image.Exif):
            exif, data = given, None
        else:
            data = given or b""
            exif = Image.Exif()
            if not isinstance(data, bytes):
                raise TypeError(f"exif must be bytes or Exif, not {type(given).__name__}")
            exif.load(data)
        orientation = exif.pop(ExifTags.Base.Orientation, None)
        if orientation is not None or data is None:
            data = exif.tobytes() if len(exif) else b""
        return cls(data, 1 if orientation is None else orientation)


def _codec_options(advanced: Any) -> tuple[tuple[str, str], ...] | None:
    """Options for the codec itself, as pairs.

    :raises ValueError: when they are neither a mapping nor pairs
    """
    if advanced is None:
        return None
    items = advanced.items() if isinstance(advanced, dict) else advanced
    try:
        pairs = tuple(items)
    except TypeError:
        pairs = (None,)
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise ValueError(
            "advanced codec options must be a dict of key-value string pairs or a series of "
            "key-value two-tuples"
        )
    return pairs


def _quality(options: dict[str, Any]) -> int:
    quality = options.get("quality", 75)
    if not isinstance(quality, int) or not 0 <= quality <= 100:
        raise ValueError("Invalid quality setting")
    return quality


def _codec(options: dict[str, Any]) -> str:
    codec: str = options.get("codec", "auto")
    if codec != "auto" and not _avif.encoder_codec_available(codec):
        raise ValueError("Invalid saving codec")
    return codec


def _is_grey(images: list[Image.Image]) -> bool:
    """Whether no frame of any image has a colour, going by the modes."""
    for image in images:
        present = image.tell()
        try:
            for index in range(getattr(image, "n_frames", 1)):
                image.seek(index)
                if image.mode not in _GREY_MODES:
                    return False
        finally:
            image.seek(present)
    return True


def _new_encoder(im: Image.Image, images: list[Image.Image]) -> _avif._Encoder:
    options = im.encoderinfo
    quality = _quality(options)
    subsampling = options.get("subsampling", "4:0:0" if _is_grey(images) else "4:2:0")
    tiles = options.get("tile_rows", 0), options.get("tile_cols", 0)
    exif = _Exif.of(options.get("exif"))
    xmp = options.get("xmp") or b""
    return _avif.AvifEncoder(
        im.size,
        subsampling,
        quality,
        options.get("speed", 6),
        options.get("max_threads", _thread_count()),
        _codec(options),
        options.get("range", "full"),
        *tiles,
        bool(options.get("alpha_premultiplied", False)),
        bool(options.get("autotiling", tiles == (0, 0))),
        options.get("icc_profile", im.info.get("icc_profile")) or b"",
        exif.data,
        exif.orientation,
        xmp.encode() if isinstance(xmp, str) else xmp,
        _codec_options(options.get("advanced")),
    )


def _frame_mode(frame: Image.Image, image_mode: str) -> str:
    if frame.mode in _FRAME_MODES:
        return frame.mode
    if frame.has_transparency_data and frame.mode != "L":
        return "RGBA"
    return "L" if image_mode in _GREY_MODES and "L" in _FRAME_MODES else "RGB"


def _frames(images: list[Image.Image], save_all: bool) -> Iterator[tuple[Image.Image, str]]:
    """The frames to write, each with the mode of the image that it belongs to.

    Without ``save_all`` that is the first frame of each image, not the present one: so does
    Pillow. Every image is put back to where it stood.
    """
    for image in images:
        present = image.tell()
        try:
            for index in range(getattr(image, "n_frames", 1) if save_all else 1):
                image.seek(index)
                image.load()
                yield image, image.mode
        finally:
            image.seek(present)


def _save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    _save(im, fp, filename, save_all=True)


def _save(
    im: Image.Image, fp: IO[bytes], filename: str | bytes, save_all: bool = False
) -> None:
    options = im.encoderinfo
    appended = list(options.get("append_images", ())) if save_all else []
    images = [im, *appended]
    encoder = _new_encoder(im, images)
    single = not appended and not getattr(im, "is_animated", False)
    duration = options.get("duration", 0)
    for index, (frame, image_mode) in enumerate(_frames(images, save_all)):
        mode = _frame_mode(frame, image_mode)
        pixels = frame if frame.mode == mode else frame.convert(mode)
        encoder.add(
            pixels.tobytes("raw", mode),
            duration[index] if isinstance(duration, list | tuple) else duration,
            frame.size,
            mode,
            single,
        )
    data = encoder.finish()
    if data is None:
        raise OSError("cannot write file as AVIF (encoder returned None)")
    fp.write(data)


Image.register_open(AvifImageFile.format, AvifImageFile, _accept)
if SUPPORTED:
    Image.register_save(AvifImageFile.format, _save)
    Image.register_save_all(AvifImageFile.format, _save_all)
    Image.register_extensions(AvifImageFile.format, [".avif", ".avifs"])
    Image.register_mime(AvifImageFile.format, "image/avif")
