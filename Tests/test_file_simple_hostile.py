"""Formats with one plain header: damaged and lying files end well, in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import struct
import warnings

import pytest

from filemakers import (
    DOCUMENTED,
    Bounds,
    changes,
    changes_at_start,
    opened,
    outcomes_of,
    survive,
    truncations,
)
from PIL import GdImageFile, Image, ImageFile, UnidentifiedImageError, WalImageFile
from simple_files import (
    FILES,
    FLI_FRAMES,
    GD,
    WAL,
    fits_gzip,
    fli,
    fli_chunk,
    pcd,
    sgi_rle,
    spider_stack,
    sun,
)

# What cannot be loaded, or not be sought in, even if it is whole.
STUBS = {"saved.spider": "EOFError"} | dict.fromkeys(
    ("test.mpg", "test.bufr", "test.grib", "test.h5", "test.wmf", "test.emf"), "OSError"
)


@pytest.mark.parametrize("tolerant", [False, True], ids=["strict", "tolerant"])
@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str, tolerant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    format, data = FILES[name]
    assert survive(data, [format]) == STUBS.get(name, "ok")
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    with Bounds(seconds=60, megabytes=100):
        outcomes = outcomes_of(truncations(data), [format])
        assert "UnidentifiedImageError" in outcomes
        assert len(outcomes) > 1 or name in STUBS
        outcomes_of(changes_at_start(data, 1100), [format])


@pytest.mark.parametrize(
    "reader, data", [(GdImageFile.open, GD), (WalImageFile.open, WAL)], ids=["GD", "WAL"]
)
def test_damaged_without_magic(reader: type[ImageFile.ImageFile], data: bytes) -> None:
    with reader(io.BytesIO(data)) as im:
        im.load()
        assert im.tobytes() == b"abcdef"
    failures = 0
    with Bounds(seconds=60, megabytes=100):
        for damaged in [*truncations(data), *changes(data[:120])]:
            try:
                with reader(io.BytesIO(damaged)) as im:
                    if im.width * im.height < 10**6:
                        im.load()
            except DOCUMENTED:
                failures += 1
    assert failures > len(data) // 2


@pytest.mark.parametrize("orientation", range(4))
def test_pcd_cut_off(orientation: int) -> None:
    data = pcd(orientation)
    assert survive(data, ["PCD"]) == "ok"
    for length in (0, 2047, 2052, 3586, 3587, 196608, 200000, len(data) - 1):
        assert survive(data[:length], ["PCD"]) in ("OSError", "UnidentifiedImageError")


LIES = {
    "sgi of 4 GB of 16-bit samples": struct.pack(">H2B4H", 474, 0, 2, 3, 9999, 9999, 3),
    "sgi table": struct.pack(">H2B4H", 474, 1, 1, 3, 9999, 9999, 3).ljust(600, b"\0"),
    "sun": sun(8, 2, b"\x80\xff\0" * 10, width=2**26),
    "qoi": struct.pack(">4s2L2B", b"qoif", 9999, 9999, 4, 0) + b"\xfd" * 50,
    "xpm colours": b'/* XPM */\n"1 1 999999999 1"\n' + b'"a c #000000",\n' * 9,
    "xpm size": b'/* XPM */\n"9999 9999 1 1",\n"a c #000000",\n"a",\n',
    "xpm chars": b'/* XPM */\n"1 1 1 0",\n"a c #000000",\n"a",\n',
    "gbr comment": struct.pack(">5L", 2**32 - 1, 1, 9999, 9999, 4),
    "gbr header of version 2": struct.pack(">5L4sL", 20, 2, 1, 1, 1, b"GIMP", 1) + b"x",
    "iptc record": bytes((0x1C, 3, 60, 132, 0, 255, 255, 255, 255, 0)),
    "mcidas": struct.pack(">64i", 0, 4, *[2**31 - 1] * 62),
    "im size": b"Image type: L image\r\nImage size (x*y): 9999*9999\r\n\x1a",
    "im size that is none": b"Image type: L image\r\nImage size (x*y): 1.5*2\r\n\x1a",
    "im frames that are none": b"Image size (x*y): 1*2\r\nFile size (no of images): 1,2\r\n\x1a",
    "imt": b"width 9999\nheight 9999\npixel n8\n\x0c",
    "imt of negative size": b"width -5\nheight -5\npixel n8\n\x0c" + bytes(25),
    "spider": struct.pack("<27f", *[1, 2, 3, 0, 1, *[1e38] * 22]),
}


@pytest.mark.parametrize("name", LIES)
def test_lying_sizes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10**8)
    with Bounds(seconds=10, megabytes=20), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(DOCUMENTED):
            opened(LIES[name]).load()


def test_sgi_rows_that_share_their_bytes() -> None:
    # All rows are the same bytes: the work stays in proportion to the pixels.
    head = struct.pack(">H2B4H", 474, 1, 1, 2, 4, 2000, 1).ljust(512, b"\0")
    table = struct.pack(">2000L", *[512 + 16000] * 2000) + struct.pack(">2000L", *[4] * 2000)
    with Bounds(seconds=5, megabytes=10):
        assert opened(head + table + b"\4\x55\0").tobytes() == b"\x55" * 8000


@pytest.mark.parametrize("offset", [0, 511, 2**32 - 1])
def test_sgi_offsets(offset: int) -> None:
    data = bytearray(sgi_rle())
    data[512:516] = struct.pack(">L", offset)
    with pytest.raises(OSError, match="buffer overrun"):
        opened(bytes(data)).load()


@pytest.mark.parametrize("length", [2**31, 2**32 - 1])
def test_sgi_negative_lengths(length: int) -> None:
    # A row without packets is as the one before, and the first one black.
    data = bytearray(sgi_rle())
    data[536:540] = struct.pack(">L", length)
    assert opened(bytes(data)).tobytes()[9::3] == bytes(3)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 3e38, -1.0, 1.5])
def test_spider_values(value: float) -> None:
    for index in range(27):
        data = bytearray(spider_stack())
        data[4 * index : 4 * index + 4] = struct.pack("<f", value)
        survive(bytes(data), ["SPIDER"])


def test_fits_gzip_bomb() -> None:
    # 100 MB of zeros for six pixels: only the pixels are unpacked.
    data = fits_gzip()
    data = data[: data.index(b"\x1f\x8b")] + gzip.compress(bytes(10**8))
    with Bounds(seconds=5, megabytes=10):
        im = opened(data)
        assert im.tobytes() == bytes(12)


@pytest.mark.parametrize("size", [0, 5, 2**31, 2**32 - 1])
def test_fli_frame_and_chunk_sizes(size: int) -> None:
    data = fli((4, 2), FLI_FRAMES)
    for position in (128, 144):
        lying = data[:position] + struct.pack("<L", size) + data[position + 4 :]
        with Bounds(seconds=5, megabytes=40):
            assert survive(lying, ["FLI"]) in ("OSError", "EOFError", "UnidentifiedImageError")


def test_fli_colours_cut_off() -> None:
    """As in Pillow: fewer colours are no error, half a colour is one."""
    data = fli((4, 2), FLI_FRAMES)
    start = 128 + 16 + 6 + 2 + 2  # the headers of file, frame, chunk and packet
    for length in range(start - 4, start):
        with pytest.raises(UnidentifiedImageError):
            opened(data[:length])
    for length in range(start, start + 6):
        if (length - start) % 3:
            with pytest.raises(UnidentifiedImageError):
                opened(data[:length])
        else:
            assert opened(data[:length]).size == (4, 2)


@pytest.mark.parametrize("value", [b"", b"\3"])
def test_iptc_layers_cut_off(value: bytes) -> None:
    with pytest.raises(UnidentifiedImageError):
        opened(b"\x1c\x03\x3c" + struct.pack(">H", len(value)) + value)


def test_fli_many_chunks_without_effect() -> None:
    data = fli((4000, 4000), [[fli_chunk(13, bytes(4))] * 20_000])
    data = data[:134] + struct.pack("<H", 20) + data[136:]
    with Bounds(seconds=20, megabytes=10):
        assert survive(data, ["FLI"], limit=10**8) == "ok"
