"""Inflating: the same bytes and status as zlib, call by call, on sound and damaged streams.

zlib is called through cffi exactly as a reader of rows calls it; streams are cut into pieces at
random places, and input and output end at guard pages.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from typing import Any

import cffi
import pytest
from harness import Guarded, library, new

MORE, END, BROKEN = range(3)
Z_STREAM_END, Z_BUF_ERROR = 1, -5

_ffi = cffi.FFI()
_ffi.cdef(
    """
    typedef struct {
        const uint8_t *next_in; unsigned avail_in; unsigned long total_in;
        uint8_t *next_out; unsigned avail_out; unsigned long total_out;
        const char *msg; void *state; void *zalloc; void *zfree; void *opaque;
        int data_type; unsigned long adler; unsigned long reserved;
    } z_stream;
    int inflateInit_(z_stream *, const char *version, int size);
    int inflate(z_stream *, int flush);
    int inflateEnd(z_stream *);
    """
)
_zlib = _ffi.dlopen("libz.so.1")


class Reference:
    """zlib, with the interface of img_inflate."""

    def __init__(self) -> None:
        self.z: Any = _ffi.new("z_stream *")
        version = zlib.ZLIB_RUNTIME_VERSION.encode()
        assert _zlib.inflateInit_(self.z, version, _ffi.sizeof("z_stream")) == 0

    def feed(self, data: Guarded) -> None:
        self.data = data
        self.z.next_in = _ffi.cast("uint8_t *", data.address)
        self.z.avail_in = data.size

    def read(self, wanted: int) -> tuple[bytes, int]:
        out = Guarded(wanted)
        self.z.next_out = _ffi.cast("uint8_t *", out.address)
        self.z.avail_out = wanted
        code = _zlib.inflate(self.z, 0)
        status = BROKEN if code < 0 and code != Z_BUF_ERROR else MORE
        return out.bytes()[: wanted - self.z.avail_out], END if code == Z_STREAM_END else status

    def close(self) -> None:
        _zlib.inflateEnd(self.z)


class Ours:
    def __init__(self) -> None:
        self.state = library().img_inflate_new()

    def feed(self, data: Guarded) -> None:
        self.data = data
        library().img_inflate_feed(self.state, data.ptr(), data.size)

    def read(self, wanted: int) -> tuple[bytes, int]:
        out, status = Guarded(wanted), new("int *")
        got = library().img_inflate_read(self.state, out.ptr(), wanted, status)
        return out.bytes()[:got], status[0]

    def close(self) -> None:
        library().img_inflate_free(self.state)


def transcript(
    decoder: Reference | Ours, pieces: list[bytes], wanted: int
) -> Iterator[tuple[bytes, int]]:
    """What each read of a row gives, until the stream is broken or over."""
    filled = 0
    for piece in pieces:
        decoder.feed(Guarded(len(piece), piece))
        while True:
            data, status = decoder.read(wanted - filled)
            yield data, status
            if status == BROKEN:
                return
            filled += len(data)
            if filled < wanted:
                break
            filled = 0
            if status == END:
                return


def check(stream: bytes, wanted: int, pieces: list[bytes] | None = None) -> list[tuple[bytes, int]]:
    sides = [Reference(), Ours()]
    theirs, ours = (list(transcript(side, pieces or [stream], wanted)) for side in sides)
    for side in sides:
        side.close()
    assert [(len(d), s) for d, s in ours] == [(len(d), s) for d, s in theirs]
    assert ours == theirs
    return ours


def plain(rnd: random.Random) -> bytes:
    """Data of all kinds: noise, few values, runs, periods of all lengths, far repetitions."""
    parts = [b"\0"]
    for _ in range(rnd.randrange(1, 12)):
        kind = rnd.randrange(6)
        n = rnd.choice((1, 3, 20, 300, 3000, 40000))
        if kind == 0:
            parts.append(rnd.randbytes(n))
        elif kind == 1:
            parts.append(bytes(rnd.choices((0, 1, 2, 254, 255), k=n)))
        elif kind == 2:
            parts.append(bytes([rnd.randrange(256)]) * n)
        elif kind == 3:
            parts.append((rnd.randbytes(rnd.randrange(1, 40)) * n)[:n])
        elif kind == 4:
            parts.append(rnd.choice(parts)[:n])
        else:
            parts.append(bytes(int(rnd.gauss(0, 9)) & 255 for _ in range(n)))
    return b"".join(parts)


def compressed(rnd: random.Random, data: bytes) -> bytes:
    """A stream of some compressor's: all levels and strategies, several kinds of blocks."""
    level, strategy = rnd.randrange(10), rnd.choice((0, 0, 0, 1, 2, 3, 4))
    z = zlib.compressobj(level, zlib.DEFLATED, rnd.randrange(9, 16), rnd.randrange(1, 10), strategy)
    out, at = [], 0
    while at < len(data):
        n = rnd.choice((100, 5000, len(data)))
        out += [z.compress(data[at : at + n]), z.flush(rnd.choice((0, 0, 2, 3)))]
        at += n
    return b"".join([*out, z.flush()])


def cut(rnd: random.Random, stream: bytes) -> list[bytes]:
    if rnd.random() < 0.3:
        return [stream]
    most = rnd.choice((1, 2, 17, 300, 9000)) if len(stream) < 3000 else rnd.choice((300, 9000))
    pieces, at = [], 0
    while at < len(stream):
        n = rnd.randrange(1, most + 1)
        pieces.append(stream[at : at + n])
        at += n
    return pieces


@pytest.mark.parametrize("seed", range(60))
def test_sound_streams(seed: int) -> None:
    rnd = random.Random(seed)
    data = plain(rnd)
    stream = compressed(rnd, data)
    wanted = rnd.choice((1000, 4096, 40001, 100000, len(data)))
    result = check(stream, wanted, cut(rnd, stream))
    assert b"".join(d for d, _ in result) == data
    assert result[-1][1] == END


@pytest.mark.parametrize("seed", range(60))
def test_damaged_streams(seed: int) -> None:
    rnd = random.Random(seed + 1000)
    data = plain(rnd)[: rnd.choice((50, 2000, 50000))]
    stream = compressed(rnd, data)
    for _ in range(12):
        bad = bytearray(stream)
        for _ in range(rnd.choice((1, 1, 2, 5))):
            at = rnd.randrange(min(len(bad), rnd.choice((8, 100, 10**6))))
            bad[at] = rnd.choice((rnd.randrange(256), bad[at] ^ 1 << rnd.randrange(8)))
        if rnd.random() < 0.3:
            del bad[rnd.randrange(len(bad)) :]
        if rnd.random() < 0.2:
            bad += rnd.randbytes(20)
        if bad:
            wanted = rnd.choice((1, 7, 100)) if len(data) <= 50 else rnd.choice((700, 5000))
            check(bytes(bad), wanted, cut(rnd, bytes(bad)))


@pytest.mark.parametrize("seed", range(40))
def test_noise_as_blocks(seed: int) -> None:
    """Headers of blocks made of random bits: codes without symbols, of one, oversubscribed, ..."""
    rnd = random.Random(seed + 5000)
    for _ in range(40):
        first = rnd.choice((0b011, 0b101, 0b100, 0b010, 0b101, 0b101)) | rnd.randrange(32) << 3
        noise = rnd.choice((rnd.randbytes(150), bytes(rnd.choices(b"\0\xff\x92\x49", k=150))))
        stream = b"\x78\x9c" + bytes([first]) + noise
        check(stream, rnd.choice((1, 3, 64)), [stream])


class Bits:
    def __init__(self) -> None:
        self.text = ""

    def number(self, value: int, count: int) -> None:
        self.text += format(value, f"0{count}b")[::-1] if count else ""

    def stream(self) -> bytes:
        text = self.text + "0" * (-len(self.text) % 8)
        packed = bytes(int(text[i : i + 8][::-1], 2) for i in range(0, len(text), 8))
        return b"\x78\x9c" + packed + bytes(24)


ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)


def block(literals: list[int], distances: list[int], symbols: str) -> bytes:
    """A dynamic block whose codes have these lengths, all sent as they are, then these bits."""
    bits = Bits()
    bits.number(1, 1)
    bits.number(2, 2)
    bits.number(len(literals) - 257, 5)
    bits.number(len(distances) - 1, 5)
    bits.number(15, 4)
    for symbol in ORDER:  # lengths 0 to 15 have codes of 4 bits, repetitions none
        bits.number(4 if symbol < 16 else 0, 3)
    for length in literals + distances:
        bits.text += format(length, "04b")
    bits.text += symbols
    return bits.stream()


@pytest.mark.parametrize(
    "distances", [[0], [1], [2], [1, 1], [1, 1, 1], [0, 1], [15] * 30, [1, 2, 3, 3]]
)
@pytest.mark.parametrize(
    "used", [{256: 1}, {256: 2}, {0: 1, 256: 1}, {0: 1, 256: 2, 285: 2}, {0: 1}]
)
def test_codes_complete_or_not(used: dict[int, int], distances: list[int]) -> None:
    literals = [used.get(s, 0) for s in range(286)]
    rnd = random.Random(str((used, distances)))
    for _ in range(20):
        symbols = "".join(rnd.choices("01", k=60))
        check(block(literals, distances, symbols), rnd.choice((1, 2, 300)))


def test_the_longest_codes_fill_the_largest_tables() -> None:
    """One code of each length and the rest at 15 bits, for literals and distances."""
    literals = [*range(1, 10), *[15] * 63, *[0] * (286 - 72)]
    literals[256] = 15
    assert sum(2.0**-n for n in literals if n) == 1
    rnd = random.Random(1)
    for _ in range(50):
        symbols = "".join(rnd.choices("01", (1, 4), k=4000))
        check(block(literals, [*range(1, 15), 15, 15], symbols), 500)


def test_wants_a_dictionary_that_nobody_has() -> None:
    z = zlib.compressobj(zdict=b"abcabcabc")
    stream = z.compress(b"abcabcabcabc" * 9) + z.flush()
    assert {s for _, s in check(stream, 10, [stream[:7], stream[7:]])} == {MORE}


def test_wrong_checksum_is_told_with_the_last_byte() -> None:
    stream = zlib.compress(bytes(1000))
    bad = stream[:-1] + bytes([stream[-1] ^ 1])
    assert check(bad, 1000)[-1] == (bytes(1000), BROKEN)
    # The checksum comes later: nothing is known to be wrong when the last byte is there.
    assert check(bad, 1000, [bad[:-4], bad[-4:]])[0] == (bytes(1000), MORE)


def test_distance_too_far_is_told_with_the_next_byte() -> None:
    bits = Bits()
    bits.number(1, 1)
    bits.number(1, 2)
    bits.text += "00110000" * 3  # three literals 0
    bits.text += "0000001" + "00011"  # length 3, distance 4
    assert [s for _, s in check(bits.stream(), 3)] == [MORE, BROKEN]
    assert [s for _, s in check(bits.stream(), 4)] == [BROKEN]
