"""Kernels of packing and unpacking: levels equal the reference, the reference the definition."""

from __future__ import annotations

import random

import pytest
from harness import LEVELS, Guarded, every_level, kernels, new
from hypothesis import given, settings
from hypothesis import strategies as st

PERMUTATIONS = [
    (2, 1), (4, 1), (2, 2), (4, 2), (4, 3), (1, 4), (2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (8, 4),
]  # fmt: skip
#: Up to a few vectors of the widest level, with every remainder.
COUNTS = [*range(70), 95, 127, 128, 129, 255, 256, 300]
Source = list[tuple[int, int]]


def permuted(data: bytes, pixels: int, a: int, source: Source) -> bytes:
    """What the kernels are defined to give."""
    return bytes(
        (data[a * x + place] if place >= 0 else 0) ^ (flip & 255)
        for x in range(pixels)
        for place, flip in source
    )


def run_permutation(level: str, a: int, b: int, data: bytes, pixels: int, source: Source) -> bytes:
    given_, result = Guarded(len(data), data), Guarded(pixels * b)
    flat = new("int8_t[8]", [v for pair in source for v in pair])
    getattr(kernels(level), f"bytes_{a}_{b}")(result.ptr(), given_.ptr(), pixels, flat)
    return result.bytes()


def random_source(rnd: random.Random, a: int, b: int) -> Source:
    return [(rnd.randrange(-1, a), rnd.choice((0, 0, -1, -128))) for _ in range(b)]


@pytest.mark.parametrize(("a", "b"), PERMUTATIONS)
@pytest.mark.parametrize("level", [v for v in LEVELS if kernels(v) is not None])
def test_permutations(a: int, b: int, level: str) -> None:
    rnd = random.Random(a * 10 + b)
    for pixels in COUNTS:
        data = rnd.randbytes(pixels * a)
        source = random_source(rnd, a, b)
        expected = permuted(data, pixels, a, source)
        assert run_permutation(level, a, b, data, pixels, source) == expected, (pixels, source)


@given(seed=st.integers(0, 1 << 32), pixels=st.integers(0, 2000))
@settings(max_examples=60, deadline=None)
def test_any_permutation(seed: int, pixels: int) -> None:
    rnd = random.Random(seed)
    a, b = rnd.choice(PERMUTATIONS)
    data, source = rnd.randbytes(pixels * a), random_source(rnd, a, b)
    expected = run_permutation("scalar", a, b, data, pixels, source)
    for level in LEVELS[1:]:
        if kernels(level) is not None:
            assert run_permutation(level, a, b, data, pixels, source) == expected


def test_unpacking_reads_from_the_end_of_its_own_memory() -> None:
    """The one overlap that rawmode.h allows: 3-byte pixels at the end of the 4-byte ones."""
    for level in LEVELS:
        if kernels(level) is None:
            continue
        for pixels in (1, 5, 16, 17, 63, 64, 65, 200):
            data = random.Random(pixels).randbytes(3 * pixels)
            memory = Guarded(4 * pixels, bytes(pixels) + data)
            flat = new("int8_t[8]", [0, 0, 1, 0, 2, 0, -1, -1])
            kernels(level).bytes_3_4(memory.ptr(), memory.ptr(offset=pixels), pixels, flat)
            source = [(0, 0), (1, 0), (2, 0), (-1, -1)]
            assert memory.bytes() == permuted(data, pixels, 3, source), (level, pixels)


@pytest.mark.parametrize("low_first", [0, 1])
@pytest.mark.parametrize("invert", [0, 1])
@every_level("bits_to_bytes")
def test_bits_to_bytes(level: str, invert: int, low_first: int) -> None:
    rnd = random.Random(3)
    for pixels in COUNTS:
        data = rnd.randbytes((pixels + 7) // 8)
        bits = [data[x // 8] >> (x % 8 if low_first else 7 - x % 8) & 1 for x in range(pixels)]
        expected = bytes(255 if bit != invert else 0 for bit in bits)
        for one in ("scalar", level):
            given_, result = Guarded(len(data), data), Guarded(pixels)
            kernels(one).bits_to_bytes(result.ptr(), given_.ptr(), pixels, invert, low_first)
            assert result.bytes() == expected, (one, pixels)


@pytest.mark.parametrize("low_first", [0, 1])
@pytest.mark.parametrize("invert", [0, 1])
@every_level("bytes_to_bits")
def test_bytes_to_bits(level: str, invert: int, low_first: int) -> None:
    rnd = random.Random(4)
    for pixels in COUNTS:
        data = bytes(rnd.choice((0, 0, 1, 128, 255)) for _ in range(pixels))
        expected = bytearray((pixels + 7) // 8)
        for x, v in enumerate(data):
            bit = x % 8 if low_first else 7 - x % 8
            expected[x // 8] |= ((v != 0) != bool(invert)) << bit
        for one in ("scalar", level):
            given_, result = Guarded(pixels, data), Guarded(len(expected))
            kernels(one).bytes_to_bits(result.ptr(), given_.ptr(), pixels, invert, low_first)
            assert result.bytes() == bytes(expected), (one, pixels)
