"""PackBits, bit fields, hexadecimal text."""

from __future__ import annotations

import struct
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


def test_complete_image_takes_no_more() -> None:
    # The row after the last would have its entry in the tables behind the file's end.
    tables = struct.pack(">4L", *[512 + 16] * 2, *[6] * 2)
    im = core.new("L", (4, 2))
    decoder = core.sgi_rle_decoder("L", "L", 1, 1)
    decoder.setimage(im, None)
    assert decoder.decode(tables + b"\x84abcd\0") == (-1, 0)
    assert decoder.decode(tables) == (-1, 0)
    assert bytes(list(im)) == b"abcdabcd"


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


def test_tga_run_lengths() -> None:
    # A run that fills the row, literals across the end of one, a packet in two pieces.
    pixels, results = decode(
        core.tga_rle_decoder("L", "L", 1, 8), "L", (3, 3), b"\x82a\x03bcd", b"e\x81f"
    )
    assert bytes(pixels) == b"aaabcdeff"
    assert results == [(2, 0), (-1, 0)]
    # From the bottom up, of two bytes a pixel.
    pixels, results = decode(core.tga_rle_decoder("LA", "LA", -1, 16), "LA", (1, 2), b"\0ab\0cd")
    assert pixels == [(99, 100), (97, 98)]


def test_tga_run_across_rows() -> None:
    pixels, results = decode(core.tga_rle_decoder("L", "L", 1, 8), "L", (3, 2), b"\1ab\x81x")
    assert (bytes(pixels), results) == (bytes(6), [(-1, -1)])


def test_tga_pixels_that_do_not_fill_a_row() -> None:
    for depth in (24, 16, 2**31 - 1):
        decoder = core.tga_rle_decoder("L", "L", 1, depth)
        assert decode(decoder, "L", (5, 1), b"\x7f" * 500)[1] == [(-1, -8)]
    # Pixels below a byte have no packets: nothing ever comes out.
    for depth in (1, 0, -8):
        decoder = core.tga_rle_decoder("1", "1", 1, depth)
        assert decode(decoder, "1", (5, 1), b"\x7f" * 500)[1] == [(500, 0)]


def encode(encoder: Any, im: Any, size: int) -> bytes:
    """What an encoder writes in pieces of this size."""
    encoder.setimage(im, None)
    data, status = b"", 0
    while status == 0:
        n, status, piece = encoder.encode(size)
        assert n == len(piece) <= size
        data += piece
    assert status == 1
    return data


def filled(mode: str, size: tuple[int, int], data: bytes) -> Any:
    im = core.new(mode, size)
    decoder = core.raw_decoder(mode, mode)
    decoder.setimage(im, None)
    assert decoder.decode(data) == (-1, 0)
    return im


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_tga_packets(size: int) -> None:
    im = filled("L", (6, 2), b"abbbcd" + b"aabccc")
    assert encode(core.tga_rle_encoder("L", "L"), im, size) == b"\0a\x82b\1cd" + b"\x81a\0b\x82c"
    # 128 is the most; what follows may look like the end of the packet before.
    im = filled("L", (130, 2), b"a" * 130 + bytes(range(128)) + b"\x7f\x7f")
    packets = b"\xffa\x81a" + b"\x7f" + bytes(range(128)) + b"\x81\x7f"
    assert encode(core.tga_rle_encoder("L", "L"), im, size) == packets


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_pcx_runs(size: int) -> None:
    im = filled("L", (5, 2), b"aaab\xff" + b"\xc0\xc0\xc0\xbf\xbf")
    coded = b"\xc3ab\xc1\xff\0" + b"\xc3\xc0\xc2\xbf\0"
    assert encode(core.pcx_encoder("L", "L"), im, size) == coded
    # Runs end after 63 bytes and with each plane.
    im = filled("RGB", (64, 1), b"aab" * 64)
    coded = b"\xffaa\xffaa\xffbb"
    assert encode(core.pcx_encoder("RGB", "RGB;L"), im, size) == coded


@pytest.mark.parametrize("name", ["tga_rle", "pcx"])
def test_encoding_without_room(name: str) -> None:
    encoder = getattr(core, name + "_encoder")("L", "L")
    encoder.setimage(core.new("L", (2, 2)), None)
    assert encoder.encode(0) == (-1, -8, b"")


def test_pcx() -> None:
    # A gap behind each plane, and a run of none.
    data = b"\xc2a-" + b"\xc0x\xc2b-" + b"\xc1\xff\xc1\xff-"
    pixels, results = decode(core.pcx_decoder("RGB", "RGB;L", 9), "RGB", (2, 1), data)
    assert pixels == [(97, 98, 255)] * 2
    assert results == [(-1, 0)]
    # Two bit planes, which have padding too.
    pixels, _ = decode(core.pcx_decoder("P", "P;2L", 4), "P", (3, 1), b"\x60\x77\xa0\x77")
    assert pixels == [2, 1, 3]


def test_pcx_run_beyond_the_row() -> None:
    # What is too much is dropped, decoding goes on, and the status tells.
    pixels, results = decode(core.pcx_decoder("L", "L", 4), "L", (3, 2), b"\xc9a", b"\xc4b")
    assert (bytes(pixels), results) == (b"aaabbb", [(2, -1), (-1, -1)])
    for stride in (2, -1, -(2**31)):
        assert decode(core.pcx_decoder("L", "L", stride), "L", (3, 2), b"abcdef")[1] == [(-1, -1)]
