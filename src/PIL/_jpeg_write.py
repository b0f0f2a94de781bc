"""JPEG: the options of writing."""

from __future__ import annotations

import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from . import Image, ImageFile
from ._binary import o8
from ._binary import o16be as o16
from .JpegPresets import presets

#: By image mode: the layout of the pixels given to libjpeg.
RAWMODE = {
    "1": "L",
    "L": "L",
    "RGB": "RGB",
    "RGBX": "RGB",
    "CMYK": "CMYK;I",  # Adobe's inverted CMYK
    "YCbCr": "YCbCr",
}

#: Sampling factors of the three components: the option ``subsampling``.
samplings = {
    (1, 1, 1, 1, 1, 1): 0,
    (2, 1, 1, 1, 1, 1): 1,
    (2, 2, 1, 1, 1, 1): 2,
}

_SUBSAMPLING_NAMES = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2, "4:1:1": 2}

# A segment's length word counts itself.
_LONGEST_SEGMENT = 65535 - 2

_XMP_MARKER = b"http://ns.adobe.com/xap/1.0/\x00"
_ICC_MARKER = b"ICC_PROFILE\0"


def get_sampling(im: Image.Image) -> int:
    """The chroma subsampling of a JPEG file: a value for ``subsampling``; -1: unknown."""
    layer = getattr(im, "layer", None)
    layers = getattr(im, "layers", None)
    if not isinstance(layer, list) or layers in (1, 4):
        return -1
    factors = tuple(factor for component in layer[:3] for factor in component[1:3])
    return samplings.get(factors, -1)


@dataclass
class _Quality:
    quality: int
    subsampling: Any
    qtables: Any


def _kept(im: Image.Image, read: Callable[[Image.Image], Any]) -> Any:
    """A property of the file the image was read from."""
    if im.format != "JPEG":
        raise ValueError("Cannot use 'keep' when original image is not a JPEG")
    return read(im)


def _choose_quality(im: Image.Image, options: dict[str, Any]) -> _Quality:
    """Resolve the names that quality, subsampling and tables may be given by."""
    quality = options.get("quality", -1)
    subsampling = options.get("subsampling", -1)
    qtables = options.get("qtables")

    if quality == "keep":
        quality, subsampling, qtables = -1, "keep", "keep"
    elif quality in presets:
        preset = presets[quality]
        quality, subsampling, qtables = -1, preset["subsampling"], preset["quantization"]
    elif not isinstance(quality, int):
        raise ValueError("Invalid quality setting")
    else:
        if subsampling in presets:
            subsampling = presets[subsampling]["subsampling"]
        if isinstance(qtables, str) and qtables in presets:
            qtables = presets[qtables]["quantization"]

    if subsampling == "keep":
        subsampling = _kept(im, get_sampling)
    elif isinstance(subsampling, str):
        subsampling = _SUBSAMPLING_NAMES.get(subsampling, subsampling)
    if qtables == "keep":
        qtables = _kept(im, lambda source: getattr(source, "quantization", None))
    return _Quality(quality, subsampling, _checked_qtables(qtables))


def _checked_qtables(qtables: Any) -> list[list[int]] | None:
    """Quantisation tables, as given by the user, as lists of 64 numbers."""
    if isinstance(qtables, str):
        qtables = _parsed_qtables(qtables)
    if isinstance(qtables, dict):
        qtables = [qtables[key] for key in range(len(qtables)) if key in qtables]
    if not isinstance(qtables, (list, tuple)):
        return None
    if not 0 < len(qtables) < 5:
        raise ValueError("None or too many quantization tables")
    checked = []
    for table in qtables:
        try:
            if len(table) != 64:
                raise TypeError("a quantization table has 64 values")
            checked.append(list(array.array("H", table)))
        except TypeError as error:
            raise ValueError("Invalid quantization table") from error
    return checked


def _parsed_qtables(text: str) -> list[list[int]]:
    """Tables written as text in free format; ``#`` starts a comment."""
    words = [word for line in text.splitlines() for word in line.split("#", 1)[0].split()]
    try:
        values = [int(word) for word in words]
    except ValueError as error:
        raise ValueError("Invalid quantization table") from error
    return [values[start : start + 64] for start in range(0, len(values), 64)]


def _segment(marker: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return b"\xff" + o8(marker) + o16(2 + len(body)) + body


def _extra_segments(options: dict[str, Any]) -> bytes:
    """Marker segments that libjpeg does not write by itself."""
    segments = [options.get("extra", b"")]
    xmp = options.get("xmp")
    if xmp:
        if len(xmp) > _LONGEST_SEGMENT - len(_XMP_MARKER):
            raise ValueError("XMP data is too long")
        segments.append(_segment(0xE1, _XMP_MARKER, xmp))
    profile = options.get("icc_profile")
    if profile:
        room = _LONGEST_SEGMENT - len(_ICC_MARKER) - 2
        pieces = [profile[start : start + room] for start in range(0, len(profile), room)]
        for number, piece in enumerate(pieces, 1):
            segments.append(_segment(0xE2, _ICC_MARKER, o8(number), o8(len(pieces)), piece))
    return b"".join(segments)


def _comment_and_exif(im: Image.Image, options: dict[str, Any]) -> tuple[bytes | None, bytes]:
    comment = options.get("comment", im.info.get("comment"))
    if comment and len(comment) > _LONGEST_SEGMENT:
        raise ValueError("Comment is too long")
    if isinstance(comment, str):
        comment = comment.encode()
    exif = options.get("exif", b"")
    if isinstance(exif, Image.Exif):
        exif = exif.tobytes()
    if len(exif) > _LONGEST_SEGMENT:
        raise ValueError("EXIF data is too long")
    return comment, exif


def _buffer_size(
    im: Image.Image, quality: int, whole_image: bool, exif: bytes, extra: bytes, comment: bytes
) -> int:
    """How much room the encoder needs: it cannot stop within a marker segment.

    Nor can it anywhere, when it looks at the whole image first.
    """
    if not whole_image:
        return max(len(exif) + 5, len(extra), len(comment) + 5)
    pixels = im.size[0] * im.size[1]
    if im.mode == "CMYK":
        size = 4 * pixels
    elif quality >= 95 or quality == -1:
        size = 2 * pixels
    else:
        size = pixels
    if exif:
        size += len(exif) + 5
    if comment:
        size += len(comment) + 5
    return size + len(extra)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if 0 in im.size:
        raise ValueError("cannot write empty image")
    if im.mode not in RAWMODE:
        raise OSError(f"cannot write mode {im.mode} as JPEG")
    options = im.encoderinfo
    dpi = [round(value) for value in options.get("dpi", (0, 0))]
    chosen = _choose_quality(im, options)
    extra = _extra_segments(options)
    comment, exif = _comment_and_exif(im, options)

    progressive = options.get("progressive", False) or options.get("progression", False)
    optimize = options.get("optimize", False)
    im.encoderconfig = (
        chosen.quality,
        progressive,
        options.get("smooth", 0),
        optimize,
        options.get("keep_rgb", False),
        options.get("streamtype", 0),
        dpi,
        chosen.subsampling,
        options.get("restart_marker_blocks", 0),
        options.get("restart_marker_rows", 0),
        chosen.qtables,
        comment,
        extra,
        exif,
    )
    bufsize = _buffer_size(
        im, chosen.quality, bool(optimize or progressive), exif, extra, comment or b""
    )
    tile = ImageFile._Tile("jpeg", (0, 0, *im.size), 0, RAWMODE[im.mode])
    ImageFile._save(im, fp, [tile], bufsize)
