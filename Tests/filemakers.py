"""Small image files put together by hand, and what must hold for damaged ones."""

from __future__ import annotations

import collections
import io
import struct
import time
import tracemalloc
import warnings
import zlib
from collections.abc import Iterable, Iterator

from PIL import Image, features

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# What opening and loading a damaged file may raise. (UnidentifiedImageError is an OSError.)
DOCUMENTED = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def png_chunk(cid: bytes, data: bytes = b"", crc: int | None = None) -> bytes:
    checksum = zlib.crc32(cid + data) if crc is None else crc
    return struct.pack(">I", len(data)) + cid + data + struct.pack(">I", checksum)


def png_header(width: int, height: int, depth: int, colours: int, interlace: int = 0) -> bytes:
    return png_chunk(b"IHDR", struct.pack(">2I5B", width, height, depth, colours, 0, 0, interlace))


def png(header: bytes, rows: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A file with ``rows`` (each with its filter byte) as pixels."""
    data = png_chunk(b"IDAT", zlib.compress(rows))
    return PNG_SIGNATURE + header + before + data + after + png_chunk(b"IEND")


def bmp(
    size: tuple[int, int],
    bits: int,
    pixels: bytes,
    palette: bytes = b"",
    compression: int = 0,
    masks: bytes = b"",
) -> bytes:
    """A BMP with a header of 40 bytes; the palette has 4 bytes an entry."""
    width, height = size
    info = struct.pack("<I", 40) + struct.pack("<2i", width, height)
    info += struct.pack("<2H6I", 1, bits, compression, 0, 0, 0, len(palette) // 4, 0)
    offset = 14 + len(info) + len(masks) + len(palette)
    head = b"BM" + struct.pack("<3I", offset + len(pixels), 0, offset)
    return head + info + masks + palette + pixels


# Formats that are written by a library that the build may lack.
WRITTEN_BY = {"AVIF": "avif", "JPEG2000": "jpg_2000", "WEBP": "webp"}


def saved(im: Image.Image, format: str, **options: object) -> bytes:
    """The file; the test is skipped, by the feature's name, where the build cannot write it."""
    feature = WRITTEN_BY.get(format)
    if format == "TIFF" and options.get("compression", "raw") != "raw":
        feature = "libtiff"
    if feature and not features.check(feature):
        import pytest  # the mutation run has to do without

        pytest.skip(f"built without {feature}")
    out = io.BytesIO()
    im.save(out, format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def truncations(data: bytes) -> Iterator[bytes]:
    """The file cut off at every byte."""
    return (data[:length] for length in range(len(data)))


def changes(data: bytes, values: Iterable[int] = (0x00, 0x7F, 0xFF)) -> Iterator[bytes]:
    """The file with each byte changed to each of some values, and with its lowest bit flipped."""
    for position, old in enumerate(data):
        for value in {*values, old ^ 1} - {old}:
            yield data[:position] + bytes((value,)) + data[position + 1 :]


def survive(data: bytes, formats: list[str], limit: int = 1_000_000) -> str:
    """Use everything a file has to offer; the result is the exception's name, or "ok"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=formats) as im:
                if im.width * im.height > limit:
                    return "large"
                first = getattr(im, "_min_frame", 0)
                for frame in range(min(getattr(im, "n_frames", 1), 5)):
                    im.seek(first + frame)
                    im.load()
                exif = im.getexif()
                for tag in list(exif):
                    exif.get(tag)
                for directory in (0x8769, 0x8825, 0xA005, 0x927C, -1):
                    exif.get_ifd(directory)
        except DOCUMENTED as error:
            return type(error).__name__
    return "ok"


def outcomes_of(damaged: Iterable[bytes], formats: list[str]) -> collections.Counter[str]:
    """How many of the files :func:`survive` how."""
    return collections.Counter(survive(data, formats) for data in damaged)


def changes_at_start(data: bytes, length: int) -> Iterator[bytes]:
    """The file with each of its first bytes changed: beyond the headers one is like any other."""
    return (start + data[length:] for start in changes(data[:length]))


class Bounds:
    """Fails when the block took too much processor time, as if it had looped, or memory."""

    def __init__(self, seconds: float, megabytes: float) -> None:
        self.seconds, self.megabytes = seconds, megabytes

    def __enter__(self) -> None:
        tracemalloc.start()
        self.start = time.process_time()

    def __exit__(self, *args: object) -> None:
        took = time.process_time() - self.start
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if args[0] is None:
            assert took < self.seconds, f"took {took:.1f} s"
            assert peak < self.megabytes * 2**20, f"took {peak / 2**20:.1f} MB"
