"""Kernels of resampling: the reference equals the definition, every level equals the reference.

Rows end at a guard page right behind the last pixel that a kernel may read or write.
"""

from __future__ import annotations

import math
import random
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from harness import Guarded, every_level, kernels, levels_of, new, pointers
from hypothesis import given, settings
from hypothesis import strategies as st

HALF = 1 << 21
#: The limit on the magnitudes of the fixed-point weights of one output, 1.9 * 2**22.
LIMIT = 7969177
U16LE, U16BE, I32, F32 = range(4)

seeds = st.integers(0, 2**32 - 1)
cases = settings(max_examples=150, deadline=None)


def weights(rng: random.Random, count: int) -> list[int]:
    """Fixed-point weights of one output: of a filter, flat, or as extreme as is allowed."""
    kind = rng.randrange(4)
    if count == 0:
        return []
    if kind == 0:
        return [(1 << 22) // count] * count
    if kind == 1:  # all in two neighbours, of opposite sign
        row = [0] * count
        at = rng.randrange(count)
        row[at] = LIMIT * 3 // 4
        row[at - 1] = -(LIMIT // 4) if count > 1 else row[at]
        return row
    raw = [rng.uniform(-0.3, 1.0) for _ in range(count)]
    scale = (LIMIT if kind == 2 else 1 << 22) / sum(abs(w) for w in raw)
    return [int(w * scale) for w in raw]


def flat_weights(rng: random.Random, count: int) -> list[int]:
    """The same weight again and again, as of a box filter, or 0 at times."""
    weight = rng.choice(((1 << 22), LIMIT, -LIMIT, rng.randrange(LIMIT))) // max(count, 1)
    return [weight * (rng.random() < 0.9) for _ in range(count)]


def pixels(rng: random.Random, size: int) -> bytes:
    kind = rng.randrange(3)
    if kind == 0:
        return rng.randbytes(size)
    return bytes(rng.choices((0, 255) if kind == 1 else (254, 255), k=size))


def clamp(total: int) -> int:
    return min(max(total >> 22, 0), 255)


@dataclass
class Taps:
    """Where the taps of some outputs lie: first[i] ... first[i] + count[i] - 1 < readable."""

    first: list[int]
    count: list[int]
    readable: int
    origin: int

    @classmethod
    def make(cls, rng: random.Random) -> Taps:
        readable = rng.choice((rng.randrange(1, 40), rng.randrange(1, 400)))
        outputs = rng.choice((rng.randrange(1, 20), rng.randrange(1, 150)))
        origin = rng.randrange(5)
        longest = min(readable, rng.choice((1, 4, 8, 20, 60, 400)))
        spread = rng.choice((0.0, 0.5, 1.0))  # all at one place ... all over the row
        starts = sorted(int(rng.random() * spread * readable) for _ in range(outputs))
        ends = sorted(min(readable, s + rng.randrange(longest + 1)) for s in starts)
        count = [max(0, e - s) for s, e in zip(starts, ends, strict=True)]
        return cls([s + origin for s in starts], count, readable, origin)

    @property
    def longest(self) -> int:
        return max(1, *self.count) if len(self.count) > 1 else max(1, self.count[0])


def tables(taps: Taps, rows: list[list[float]], ctype: str) -> tuple[Any, Any, Any]:
    """The C arrays first, count and the weights, one row of `longest` for each output."""
    flat: list[float] = []
    for row in rows:
        flat += row + [12345] * (taps.longest - len(row))  # what is beyond a row counts nothing
    return new("int[]", taps.first), new("int[]", taps.count), new(f"{ctype}[]", flat)


def convolve_x(
    level: str, taps: Taps, fixed: list[list[int]], rows: list[bytes], size: int, keep: int
) -> list[bytes]:
    """Runs resample_h8_plan and resample_h8_rows of one level; lengthens rows if asked to."""
    table = kernels(level)
    first, count, q = tables(taps, fixed, "int32_t")  # type: ignore[arg-type]
    outputs, readable = len(taps.first), taps.readable
    null = new("void **")[0]
    common = (first, count, q, taps.longest, outputs, size, taps.origin)
    if table.resample_h8_plan(*common, readable, null) == 0:
        readable += 64
        rows = [row + bytes(64 * size) for row in rows]
    need = table.resample_h8_plan(*common, readable, null)
    assert need > 0
    plan = Guarded(need)
    assert table.resample_h8_plan(*common, readable, plan.ptr("void *")) == need
    sources = [Guarded(len(row), row) for row in rows]
    results = [Guarded(outputs * size) for _ in rows]
    table.resample_h8_rows(pointers(results), pointers(sources), plan.ptr("void *"), keep)
    return [result.bytes() for result in results]


def horizontal_case(seed: int) -> tuple[Taps, list[list[int]], list[bytes], int, int]:
    rng = random.Random(seed)
    taps = Taps.make(rng)
    size = rng.choice((1, 4))
    rows = [pixels(rng, taps.readable * size) for _ in range(4)]
    row_of = flat_weights if rng.randrange(3) == 0 else weights
    fixed = [row_of(rng, count) for count in taps.count]
    keep = 0xFFFFFFFF if size == 1 else rng.choice((0xFFFFFFFF, 0xFFFFFF, 0xFF0000FF))
    return taps, fixed, rows, size, keep


@given(seeds)
@cases
def test_horizontal_reference(seed: int) -> None:
    taps, fixed, rows, size, keep = horizontal_case(seed)
    results = convolve_x("scalar", taps, fixed, rows, size, keep)
    for row, result in zip(rows, results, strict=True):
        for i, (first, q) in enumerate(zip(taps.first, fixed, strict=True)):
            for b in range(size):
                at = (first - taps.origin) * size + b
                total = HALF + sum(w * row[at + k * size] for k, w in enumerate(q))
                assert result[i * size + b] == clamp(total) & (keep >> (8 * b)) & 255


@every_level("resample_h8_rows")
@given(seed=seeds)
@cases
def test_horizontal(level: str, seed: int) -> None:
    case = horizontal_case(seed)
    assert convolve_x(level, *case) == convolve_x("scalar", *case)


LANCZOS, BILINEAR, BICUBIC, HAMMING = 1, 2, 3, 5


def sinc(x: float) -> float:
    return math.sin(x * math.pi) / (x * math.pi) if x else 1.0


def filter_value(kind: int, x: float) -> float:
    """The filters as they are defined, in double precision."""
    a = abs(x)
    if kind == LANCZOS:
        return sinc(x) * sinc(x / 3.0) if -3.0 <= x < 3.0 else 0.0
    if kind == BILINEAR:
        return max(1.0 - a, 0.0)
    if kind == HAMMING:
        low, high = float(np.float32(0.54)), float(np.float32(0.46))
        return sinc(a) * (low + high * math.cos(a * math.pi)) if a < 1.0 else 0.0
    if a < 1.0:
        return ((1.5 * a - 2.5) * a) * a + 1.0
    return (((a - 5.0) * a + 8.0) * a - 4.0) * -0.5 if a < 2.0 else 0.0


@pytest.mark.parametrize("level", ["scalar", *levels_of("resample_estimate")])
@given(seed=seeds)
@cases
def test_estimate(level: str, seed: int) -> None:
    """What an estimate is sure of is what the definition gives, bit by bit; and it mostly is."""
    rng = random.Random(seed)
    kind = rng.choice((LANCZOS, BILINEAR, BICUBIC, HAMMING))
    support = {LANCZOS: 3.0, BICUBIC: 2.0}.get(kind, 1.0)
    scale = rng.choice((rng.uniform(2.7, 120.0), float(rng.randrange(3, 120))))
    centre = (rng.randrange(50) + 0.5) * scale
    low = max(0, int(centre - support * scale + 0.5))
    high = max(low + 1, int(centre + support * scale + 0.5) - rng.choice((0, 0, 0, 5)))
    raw = [filter_value(kind, (j - centre + 0.5) * (1.0 / scale)) for j in range(low, high)]
    total = 0.0
    for value in raw:
        total += value
    exact = [w / total * 2.0**22 for w in raw]
    wanted = [int(w + 0.5) if w >= 0 else int(w - 0.5) for w in exact]
    fixed, work = Guarded(4 * (high - low + 7)), Guarded(8 * (high - low + 7))
    sure = kernels(level).resample_estimate(
        fixed.ptr("int32_t *"), work.ptr("double *"), kind, low, high - low, centre, 1.0 / scale
    )
    if sure:
        assert list(struct.unpack(f"{high - low}i", fixed.bytes()[: 4 * (high - low)])) == wanted
    else:  # some weight is near a half, or the taps leave too little of the filter
        near = min(abs(abs(w) % 1.0 - 0.5) for w in exact)
        assert near < 2e-5 or total <= 0.26


def convolve_y(level: str, seed: int) -> tuple[list[bytes], list[int], int, bytes]:
    rng = random.Random(seed)
    count = rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 40))
    size = 4 * rng.randrange(1, 80) if rng.random() < 0.7 else rng.randrange(1, 300)
    keep = rng.choice((0xFFFFFFFF, 0xFFFFFF, 0xFF0000FF)) if size % 4 == 0 else 0xFFFFFFFF
    even = count in (1, 2) and rng.random() < 0.5  # a copy, a mean
    fixed = [(1 << 22) // count] * count if even else weights(rng, count)
    rows = [pixels(rng, size) for _ in range(count)]
    sources = [Guarded(size, row) for row in rows]
    surplus = [Guarded(size, 77) for _ in range(-count % 4)]
    result = Guarded(size)
    kernels(level).resample_v8_row(
        result.ptr(), pointers(sources + surplus), new("int32_t[]", fixed), count, size, keep,
        new("int32_t[]", count + 3),
    )  # fmt: skip
    return rows, fixed, keep, result.bytes()


@given(seeds)
@cases
def test_vertical_reference(seed: int) -> None:
    rows, fixed, keep, result = convolve_y("scalar", seed)
    for i, value in enumerate(result):
        total = HALF + sum(w * row[i] for w, row in zip(fixed, rows, strict=True))
        assert value == clamp(total) & (keep >> (8 * (i % 4))) & 255


@every_level("resample_v8_row")
@given(seed=seeds)
@cases
def test_vertical(level: str, seed: int) -> None:
    assert convolve_y(level, seed)[-1] == convolve_y("scalar", seed)[-1]


# Wide samples. NaN is left out: which of two NaN a sum becomes depends on the compiler's choice of
# the operands' order, and is not part of the contract.


def samples(rng: random.Random, sample: int, count: int) -> bytes:
    if sample in (U16LE, U16BE):
        return pixels(rng, 2 * count)
    if sample == I32:
        odd = (0, -1, 2**31 - 1, -(2**31))
        values = [rng.choice((*odd, rng.randrange(-99999, 99999))) for _ in range(count)]
        return struct.pack(f"<{count}i", *values)
    exponent = rng.randrange(-30, 30)
    return struct.pack(f"<{count}f", *(rng.uniform(-1, 1) * 10.0**exponent for _ in range(count)))


def decode(data: bytes, sample: int) -> list[float]:
    kind = {U16LE: "<u2", U16BE: ">u2", I32: "<i4", F32: "<f4"}[sample]
    return [float(v) for v in np.frombuffer(data, kind)]


def encode(sums: list[float], sample: int) -> bytes:
    if sample == F32:
        return np.array(sums, np.float64).astype("<f4").tobytes()
    rounded = [int(s - 0.5 if s < 0 else s + 0.5) for s in sums]
    if sample == I32:
        return np.array([r if abs(r) < 2**31 else -(2**31) for r in rounded], "<i4").tobytes()
    kind = "<u2" if sample == U16LE else ">u2"
    return np.array([min(max(r, 0), 65535) for r in rounded]).astype(kind).tobytes()


def wide_weights(rng: random.Random, count: int) -> list[float]:
    raw = [rng.uniform(-0.3, 1.0) for _ in range(count)]
    return [w / (sum(raw) or 1.0) for w in raw]


def wide_x(level: str, seed: int) -> tuple[list[bytes], list[bytes]]:
    """(results of the kernel, results by definition)"""
    rng = random.Random(seed)
    taps = Taps.make(rng)
    sample = rng.randrange(4)
    size = 2 if sample < I32 else 4
    span = taps.readable
    rows = [samples(rng, sample, span) for _ in range(8)]
    weight = [wide_weights(rng, count) for count in taps.count]
    sources = [Guarded(len(row), row) for row in rows]
    results = [Guarded(len(taps.first) * size) for _ in rows]
    columns = Guarded(8 * span * 8)
    kernels(level).resample_hw_rows(
        pointers(results), pointers(sources), *tables(taps, weight, "double"), taps.longest,
        len(taps.first), taps.origin, span, sample, columns.ptr("double *"),
    )  # fmt: skip
    wanted = []
    for row in rows if level == "scalar" else ():
        values = decode(row, sample)
        sums = []
        for first, w in zip(taps.first, weight, strict=True):
            total = 0.0
            for k, factor in enumerate(w):
                total += values[first - taps.origin + k] * factor
            sums.append(total)
        wanted.append(encode(sums, sample))
    return [result.bytes() for result in results], wanted


@given(seeds)
@cases
def test_wide_horizontal_reference(seed: int) -> None:
    got, wanted = wide_x("scalar", seed)
    assert got == wanted


@every_level("resample_hw_rows")
@given(seed=seeds)
@cases
def test_wide_horizontal(level: str, seed: int) -> None:
    assert wide_x(level, seed)[0] == wide_x("scalar", seed)[0]


def wide_y(level: str, seed: int) -> tuple[bytes, bytes]:
    rng = random.Random(seed)
    sample = rng.randrange(4)
    size = 2 if sample < I32 else 4
    count, width = rng.randrange(0, 14), rng.randrange(1, 120)
    weight = wide_weights(rng, count)
    rows = [samples(rng, sample, width) for _ in range(count)]
    sources = [Guarded(len(row), row) for row in rows]
    result = Guarded(width * size)
    kernels(level).resample_vw_row(
        result.ptr(), pointers(sources), new("double[]", weight), count, width, sample
    )
    sums = [0.0] * width
    for row, factor in zip(rows, weight, strict=True):
        sums = [s + v * factor for s, v in zip(sums, decode(row, sample), strict=True)]
    return result.bytes(), encode(sums, sample)


@every_level("resample_vw_row")
@given(seed=seeds)
@cases
def test_wide_vertical(level: str, seed: int) -> None:
    got, wanted = wide_y(level, seed)
    assert got == wanted == wide_y("scalar", seed)[0]


@every_level("resample_vw_pair")
@given(seed=seeds)
@cases
def test_wide_vertical_pair(level: str, seed: int) -> None:
    """Two rows at once are what they are one by one, also where they share no tap."""
    rng = random.Random(seed)
    sample = rng.randrange(4)
    size = 2 if sample < I32 else 4
    width, apart = rng.randrange(1, 120), rng.randrange(0, 9)
    count = [rng.randrange(0, 14), rng.randrange(0, 14)]
    weight = [new("double[]", wide_weights(rng, n) or [0.0]) for n in count]
    lines = max(count[0], apart + count[1])
    sources = [Guarded(width * size, samples(rng, sample, width)) for _ in range(lines)]
    results = [Guarded(width * size) for _ in range(2)]
    kernels(level).resample_vw_pair(
        pointers(results), pointers(sources), new("double *[]", weight), count, apart, width, sample
    )
    for i, result in enumerate(results):
        alone = Guarded(width * size)
        kernels("scalar").resample_vw_row(
            alone.ptr(), pointers(sources[i * apart :]), weight[i], count[i], width, sample
        )
        assert result.bytes() == alone.bytes()


def block_means(level: str, seed: int) -> tuple[bytes, bytes]:
    rng = random.Random(seed)
    size = rng.choice((1, 4))
    fx = rng.choice((1, 2, 3, 4, 5, 8, rng.randrange(1, 40), rng.randrange(1, 300)))
    fy = rng.choice((fx, rng.randrange(1, 9), rng.randrange(1, 140)))
    outputs = rng.randrange(1, max(2, min(300, 6000 // (fx * fy))))
    keep = 0xFFFFFFFF if size == 1 else rng.choice((0xFFFFFFFF, 0xFFFFFF, 0xFF0000FF))
    rows = [pixels(rng, outputs * fx * size) for _ in range(fy)]
    sources = [Guarded(len(row), row) for row in rows]
    result = Guarded(outputs * size)
    kernels(level).reduce_8_row(result.ptr(), pointers(sources), fx, fy, outputs, size, keep)
    n = fx * fy
    factor = int(np.float32(2.0**32) / np.float32(256 * n))
    block = np.frombuffer(b"".join(rows), np.uint8).reshape(fy, outputs, fx, size)
    sums = block.sum(axis=(0, 2), dtype=np.int64)
    means = ((sums + n // 2) * factor % 2**32 >> 24).astype(np.uint8)
    means &= np.array([keep >> (8 * b) & 255 for b in range(size)], np.uint8)
    return result.bytes(), means.tobytes()


@every_level("reduce_8_row")
@given(seed=seeds)
@cases
def test_reduce(level: str, seed: int) -> None:
    got, wanted = block_means(level, seed)
    assert got == wanted == block_means("scalar", seed)[0]


@pytest.mark.parametrize("sample", [I32, F32])
@given(seed=seeds, fx=st.integers(1, 9), fy=st.integers(1, 9))
@cases
def test_reduce_wide(sample: int, seed: int, fx: int, fy: int) -> None:
    """Pairs of columns in pairs of rows are added in the type of the sample."""
    rng = random.Random(seed)
    outputs = rng.randrange(1, 9)
    rows = [samples(rng, sample, outputs * fx) for _ in range(fy)]
    sources = [Guarded(len(row), row) for row in rows]
    result = Guarded(outputs * 4)
    kernels("scalar").reduce_wide_row(result.ptr(), pointers(sources), fx, fy, outputs, sample)
    kind = np.dtype("<i4" if sample == I32 else "<f4")
    grid = np.stack([np.frombuffer(row, kind) for row in rows])
    sums = []
    with np.errstate(over="ignore"):
        for left in range(0, outputs * fx, fx):
            total = 0.0
            for y in range(0, fy, 2):
                for x in range(left, left + fx, 2):
                    box = grid[y : y + 2, x : min(x + 2, left + fx)].ravel()
                    part = box[0]
                    for value in box[1:]:
                        part = kind.type(part + value)
                    total += float(part)
            sums.append(total * (1.0 / (fx * fy)))
    assert result.bytes() == encode(sums, sample)
