"""PNG rows: layouts, filters, interlacing, faults of the stream, what encoders write."""

from __future__ import annotations

import random
import zlib
from typing import Any

import pytest

from PIL import _imaging as core

PASSES = [
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
    (0, 1, 1, 2),
]  # fmt: skip


def memory(im: Any, mode: str) -> bytes:
    encoder = core.raw_encoder(mode, mode)
    encoder.setimage(im, None)
    return bytes(encoder.encode(1 << 24)[2])


def filled(mode: str, size: tuple[int, int], data: bytes) -> Any:
    im = core.new(mode, size)
    decoder = core.raw_decoder(mode, mode)
    decoder.setimage(im, None)
    assert decoder.decode(data) == (-1, 0)
    return im


def decode(
    stream: bytes,
    mode: str,
    size: tuple[int, int],
    raw: str = "",
    interlaced: int = 0,
    step: int = 0,
) -> tuple[int, bytes]:
    """Status (1: wants more) and pixels."""
    im = core.new(mode, size)
    decoder = core.zip_decoder(mode, raw or mode, interlaced)
    decoder.setimage(im, None)
    step = step or len(stream) + 1
    status, n = 1, 0
    for start in range(0, len(stream), step):
        n, status = decoder.decode(stream[start : start + step])
        if n < 0:
            break
    decoder.cleanup()
    return (status if n < 0 else 1), memory(im, mode)


def encode(im: Any, mode: str, raw: str, bufsize: int, *options: Any) -> bytes:
    encoder = core.zip_encoder(mode, raw, *options)
    encoder.setimage(im, None)
    out, status = b"", 0
    while status == 0:
        n, status, data = encoder.encode(bufsize)
        assert n == len(data) <= bufsize
        out += data
    assert status == 1
    return out


ROWS = b"".join(bytes([0, 3 * y, 3 * y + 1, 3 * y + 2]) for y in range(3))
PIXELS = bytes(range(9))


@pytest.mark.parametrize("step", [0, 1, 5])
def test_whole_and_in_pieces(step: int) -> None:
    assert decode(zlib.compress(ROWS), "L", (3, 3), step=step) == (0, PIXELS)


def test_ends_of_the_stream() -> None:
    good = zlib.compress(ROWS)
    assert decode(good[:-4], "L", (3, 3)) == (0, PIXELS)  # no checksum
    assert decode(good + b"more", "L", (3, 3)) == (0, PIXELS)
    assert decode(zlib.compress(ROWS * 2), "L", (3, 3)) == (0, PIXELS)
    # A wrong checksum that is at hand spoils the last row, as zlib tells of it then.
    assert decode(good[:-4] + b"abcd", "L", (3, 3)) == (-2, PIXELS[:6] + bytes(3))
    # An end between rows is one; within a row the file is truncated.
    assert decode(zlib.compress(ROWS[:8]), "L", (3, 3)) == (0, PIXELS[:6] + bytes(3))
    assert decode(zlib.compress(ROWS[:9]), "L", (3, 3)) == (1, PIXELS[:6] + bytes(3))
    assert decode(b"", "L", (3, 3))[0] == 1
    assert decode(b"abcdef", "L", (3, 3))[0] == -2


def test_unknown_filter() -> None:
    rows = ROWS[:4] + b"\x05" + ROWS[5:]
    for step in (0, 1):
        assert decode(zlib.compress(rows), "L", (3, 3), step=step) == (-3, PIXELS[:3] + bytes(6))


def test_decoding_goes_no_further_than_the_end() -> None:
    for interlaced in (0, 1):
        decoder = core.zip_decoder("L", "L", interlaced)
        decoder.setimage(core.new("L", (1, 1)), None)
        stream = zlib.compress(b"\0\7")
        assert decoder.decode(stream[:3])[0] >= 0
        assert decoder.decode(stream[3:]) == (-1, 0)
        assert decoder.decode(stream * 10) == (-1, 0)


def test_preset_dictionary_does_not_hang() -> None:
    compressor = zlib.compressobj(zdict=b"hello")
    stream = compressor.compress(ROWS) + compressor.flush()
    assert decode(stream, "L", (3, 3)) == (1, bytes(9))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (5, 9), (8, 8), (9, 1), (1, 17), (33, 21)])
@pytest.mark.parametrize("step", [0, 50])
def test_interlaced(size: tuple[int, int], step: int) -> None:
    width, height = size
    pixels = random.Random(5).randbytes(width * height)
    rows = b""
    for x0, y0, dx, dy in PASSES:
        for y in range(y0, height, dy):
            part = pixels[y * width : (y + 1) * width][x0::dx]
            rows += b"\0" + part if part else b""
    assert decode(zlib.compress(rows), "L", size, interlaced=1, step=step) == (0, pixels)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["noise", "smooth", "zero", "pattern"])
@pytest.mark.parametrize(
    "options",
    [(), (True,), (False, 0), (False, 1), (False, 9), (False, -1, 2), (False, 6, 3), (False, 5, 4),
     (False, 6, 1), (False, -1, 0)],
)  # fmt: skip
def test_what_is_written_can_be_read(mode: str, kind: str, options: tuple[Any, ...]) -> None:
    rnd = random.Random(kind)
    bytes_per_pixel = {"LA": 2, "RGB": 3, "RGBA": 4}.get(mode, 1)
    for width, height in ((1, 1), (17, 5), (200, 90)):
        n = width * height * bytes_per_pixel
        data = {
            "noise": rnd.randbytes(n),
            "smooth": bytes((i // 7 + rnd.randrange(3)) % 256 for i in range(n)),
            "zero": bytes(n),
            "pattern": (b"pattern" * n)[:n],
        }[kind]
        if mode == "1":
            data = data[: (width + 7) // 8 * height]
        im = filled(mode, (width, height), data)
        for bufsize in (37, 65536):
            stream = encode(im, mode, mode, bufsize, *options)
            assert len(stream) < n * 1.02 + 200
            assert decode(stream, mode, (width, height)) == (0, memory(im, mode))
            zlib.decompress(stream)  # checksum included


def test_streams_of_many_blocks() -> None:
    data = bytes((v * v >> 9) & 255 for v in range(400 * 300 * 3))
    im = filled("RGB", (400, 300), data)
    stream = encode(im, "RGB", "RGB", 1000)
    assert decode(stream, "RGB", (400, 300)) == (0, data)
    assert decode(stream, "RGB", (400, 300), step=999) == (0, data)


@pytest.mark.parametrize("options", [(False, 10), (False, -2), (False, 6, 5), (False, 6, -2)])
def test_options_out_of_range(options: tuple[Any, ...]) -> None:
    encoder = core.zip_encoder("L", "L", *options)
    encoder.setimage(core.new("L", (1, 1)), None)
    assert encoder.encode(100)[1] == -8


def test_dictionary() -> None:
    im = filled("L", (9, 1), PIXELS)
    stream = encode(im, "L", "L", 100, False, 6, -1, PIXELS)
    inflater = zlib.decompressobj(zdict=PIXELS)
    rows = inflater.decompress(stream)
    assert len(rows) == 10
