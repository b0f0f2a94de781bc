"""PackBits, bit fields, hexadecimal text."""

from __future__ import annotations

from typing import Any

import pytest

from PIL import _imaging as core


def decode(decoder: Any, mode: str, size: tuple[int, int], *pieces: bytes) -> tuple[Any, list[Any]]:
    im = core.new(mode, size)
    decoder.setimage(im, None)
    results, waiting = [], b""
    for piece in pieces:
        waiting += piece
        n, status = decoder.decode(waiting)
        results.append((n, status))
        if n < 0:
            break
        waiting = waiting[n:]
    return list(im), results


def test_packbits() -> None:
    # Literals, the byte that does nothing, a run that is longer than the row.
    pixels, results = decode(
        core.packbits_decoder("L", "L"), "L", (3, 2), b"\x01ab", b"\x80\xf0", b"c\x02d", b"ef"
    )
    assert bytes(pixels) == b"abcdef"
    assert results == [(3, 0), (1, 0), (2, 0), (-1, 0)]


def test_bits() -> None:
    assert decode(core.bit_decoder("F", 4, 8, 0), "F", (3, 1), b"\x12\x34") == (
        [1.0, 2.0, 3.0], [(-1, 0)],
    )  # fmt: skip
    assert decode(core.bit_decoder("F", 4, 8, 3), "F", (3, 1), b"\x12\x34")[0] == [2.0, 1.0, 4.0]
    assert decode(core.bit_decoder("F", 8, 8, 0, 1, -1), "F", (1, 2), b"\xff\x01")[0] == [1.0, -1.0]
    for width in (0, -1, 32, 1000):
        assert decode(core.bit_decoder("F", width), "F", (1, 1), b"abcd")[1] == [(-1, -8)]
    with pytest.raises(ValueError, match="bad image mode"):
        core.bit_decoder("L", 8)


def test_hex() -> None:
    pixels, results = decode(core.hex_decoder("L", "L"), "L", (2, 2), b"0", b"1 0g02", b"aAfF")
    assert pixels == [1, 2, 0xAA, 0xFF]
    assert results[-1] == (-1, 0)
    im = core.new("RGB", (20, 1))
    encoder = core.eps_encoder("RGB")
    encoder.setimage(im, None)
    assert encoder.encode() == (121, 1, b"00" * 39 + b"\n" + b"00" * 21)


def test_xbm() -> None:
    pixels, results = decode(core.xbm_decoder("1"), "1", (9, 1), b"0x01, 0", b"x80, ")
    assert pixels == [255, 0, 0, 0, 0, 0, 0, 0, 0]
    assert results == [(7, 0), (-1, 0)]
    im = core.new("1", (128, 2))
    encoder = core.xbm_encoder("1")
    encoder.setimage(im, None)
    text = b""
    status = 0
    while status == 0:
        n, status, data = encoder.encode(60)
        assert n == len(data)
        text += data
    lines = text.split(b"\n")
    assert [line.count(b"0x") for line in lines] == [15, 15, 2, 0]
    assert text == b"0x00," * 15 + b"\n" + b"0x00," * 15 + b"\n" + b"0x00,0x00\n"
