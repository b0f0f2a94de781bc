"""Bands, masks, composition, lookups, mirrors, transposition and statistics.

Every level against the portable reference, on buffers that end at a guard page.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
from harness import Guarded, kernels, levels_of, new, pointers
from hypothesis import given, settings
from hypothesis import strategies as st


@dataclass(frozen=True)
class Row:
    """A kernel called as name(outputs..., inputs..., count, extras...)."""

    outs: tuple[int, ...]  # bytes per unit of count of each output
    ins: tuple[int, ...]
    extras: Callable[[random.Random], tuple[Any, ...]] = lambda r: ()
    spread: bool = False  # the last input holds each byte four times
    unit: int = 1  # count is a multiple of this


def _offset(r: random.Random) -> tuple[int, ...]:
    return (r.randrange(4),)


def _alpha(r: random.Random) -> tuple[float, ...]:
    return (
        r.choice(
            [
                0.5,
                r.random(),
                r.uniform(-4, 4),
                1e30,
                -1e30,
                float("inf"),
                float("-inf"),
                float("nan"),
                1e-9,
                3e7,
                1 / 3,
            ]
        ),
    )


def _line(r: random.Random) -> tuple[float, ...]:
    return (
        r.choice([0, 1, -1, 0.1, r.uniform(-3, 3), 1e20, float("inf")]),
        r.choice([0, 0.5, r.uniform(-300, 300), 1e10, -1e10, float("nan")]),
    )


def _tables(size: int, r: random.Random) -> tuple[Any, ...]:
    return (new("uint8_t[]", list(r.randbytes(size))),)


ROWS = {
    "getband_row": Row((1,), (4,), _offset),
    "putband_row": Row((4,), (1,), _offset),
    "split2_row": Row((1, 1), (4,)),
    "split3_row": Row((1, 1, 1), (4,)),
    "split4_row": Row((1, 1, 1, 1), (4,)),
    "merge2_row": Row((4,), (1, 1)),
    "merge3_row": Row((4,), (1, 1, 1)),
    "merge4_row": Row((4,), (1, 1, 1, 1)),
    "mask_select": Row((1,), (1, 1)),
    "mask_mix": Row((1,), (1, 1)),
    "mask_mix_clear": Row((1,), (1, 1), spread=True, unit=4),
    "mask_premix": Row((1,), (1, 1)),
    "spread2_row": Row((2,), (1,)),
    "spread4_row": Row((4,), (1,)),
    "spread_alpha_row": Row((4,), (4,)),
    "blend_row": Row((1,), (1, 1), _alpha),
    "alpha_composite_row": Row((4,), (4, 4)),
    "invert_row": Row((1,), (1,)),
    "reverse1_row": Row((1,), (1,)),
    "reverse2_row": Row((2,), (2,)),
    "reverse4_row": Row((4,), (4,)),
    "linear_i32_row": Row((4,), (4,), _line),
    "linear_f32_row": Row((4,), (4,), _line),
    "linear_u16_row": Row((2,), (2,), _line),
    "lut1_row": Row((1,), (1,), partial(_tables, 256)),
    "lut4_row": Row((4,), (4,), partial(_tables, 1024)),
}


def _levels(*names: str) -> list[tuple[str, str]]:
    return [(name, level) for name in names for level in levels_of(name)]


def _bytes(r: random.Random, n: int) -> bytes:
    kind = r.randrange(3)
    if kind == 0:
        return r.randbytes(n)
    if kind == 1:
        return bytes(r.choices((0, 1, 127, 128, 254, 255), k=n))
    return bytes(r.choices((0, 0, 0, 0, 7, 255), k=n))


@pytest.mark.parametrize(("name", "level"), _levels(*ROWS))
@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 300), seed=st.integers(0, 2**32 - 1))
def test_rows(name: str, level: str, count: int, seed: int) -> None:
    shape, r = ROWS[name], random.Random(seed)
    count -= count % shape.unit
    before = [_bytes(r, count * size) for size in shape.outs]
    data = [_bytes(r, count * size) for size in shape.ins]
    if shape.spread:
        data[-1] = bytes(b for b in data[-1][::4] for _ in range(4))
    ins = [Guarded(len(d), d) for d in data]
    extras = shape.extras(r)
    results = []
    for table in (kernels("scalar"), kernels(level)):
        outs = [Guarded(len(b), b) for b in before]
        getattr(table, name)(*(o.ptr() for o in outs), *(i.ptr() for i in ins), count, *extras)
        results.append([o.bytes() for o in outs])
    assert results[0] == results[1]


@pytest.mark.parametrize(("name", "level"), _levels("mask_mix", "mask_premix"))
def test_masks_exhaustively(name: str, level: str) -> None:
    """All pairs of bytes under all masks, also against the formula itself."""
    old, paste = np.repeat(np.arange(256), 256), np.tile(np.arange(256), 256)
    source = Guarded(65536, paste.astype(np.uint8).tobytes())
    for m in range(256):
        mask, out = Guarded(65536, m), Guarded(65536, old.astype(np.uint8).tobytes())
        getattr(kernels(level), name)(out.ptr(), source.ptr(), mask.ptr(), 65536)
        if name == "mask_mix":
            expected = (2 * (old * (255 - m) + paste * m) + 255) // 510
        else:
            expected = (2 * (old * (255 - m)) + 255) // 510 + paste
        assert out.bytes() == expected.astype(np.uint8).tobytes()


def test_composite_quotient_exhaustively() -> None:
    """The SIMD way to the exact quotient: float32 division, truncation, correction by the sign of
    the remainder; for every pair of alphas that can occur."""
    over, under = np.meshgrid(np.arange(1, 256), np.arange(256))
    whole = over * 255 + under * (255 - over)
    dividend = np.float32(over) * np.float32(255 * 255 * 128)
    assert np.array_equal(dividend.astype(np.int64), over * 255 * 255 * 128)
    quotient = (dividend / np.float32(whole)).astype(np.int32)
    rest = dividend.astype(np.int32) - quotient * whole.astype(np.int32)
    assert np.abs(rest).max() < 2**31
    assert np.array_equal(quotient + (rest >> 31), over * (255 * 255 * 128) // whole)


@pytest.mark.parametrize("level", ["scalar", *levels_of("alpha_composite_row")])
def test_composite_all_alphas(level: str) -> None:
    """Every pair of alphas, with many colours, against the formula in 64-bit integers."""
    r = np.random.default_rng(1)
    under, over = r.integers(0, 256, (2, 65536, 4), dtype=np.uint8)
    under[:, 3], over[:, 3] = np.repeat(np.arange(256), 256), np.tile(np.arange(256), 256)
    for _ in range(8):
        under[:, :3], over[:, :3] = r.integers(0, 256, (2, 65536, 3))
        d, s = under.astype(np.int64), over.astype(np.int64)
        da, sa = d[:, 3], s[:, 3]
        whole = sa * 255 + da * (255 - sa)
        part = sa * (255 * 255 * 128) // np.maximum(whole, 1)
        t = s * part[:, None] + d * (255 * 128 - part)[:, None] + 128 * 128
        expected = ((t + (t >> 8)) >> 8) >> 7
        expected[:, 3] = (2 * whole + 255) // 510
        expected = np.where((sa == 0)[:, None], d, expected).astype(np.uint8)
        out = Guarded(4 * 65536)
        a, b = Guarded(out.size, under.tobytes()), Guarded(out.size, over.tobytes())
        kernels(level).alpha_composite_row(out.ptr(), a.ptr(), b.ptr(), 65536)
        assert out.bytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("name", "level"), _levels("transpose1_block", "transpose2_block", "transpose4_block")
)
@settings(max_examples=80, deadline=None)
@given(
    rows=st.integers(0, 80),
    cols=st.integers(0, 80),
    in_x=st.integers(0, 5),
    out_x=st.integers(0, 5),
    flip=st.tuples(st.booleans(), st.booleans()),
    seed=st.integers(0, 2**32 - 1),
)
def test_transpose(
    name: str,
    level: str,
    rows: int,
    cols: int,
    in_x: int,
    out_x: int,
    flip: tuple[bool, bool],
    seed: int,
) -> None:
    size, r = int(name[9]), random.Random(seed)
    width_in, width_out = (in_x + cols) * size, (out_x + rows) * size
    data = [r.randbytes(width_in) for _ in range(rows)]
    ins = [Guarded(width_in, d) for d in data]
    results = []
    for table in (kernels("scalar"), kernels(level)):
        outs = [Guarded(width_out) for _ in range(cols)]
        to, source = pointers(outs), pointers(ins)
        out_step, in_step = (-1 if f else 1 for f in flip)
        getattr(table, name)(
            to + (cols - 1 if flip[0] and cols else 0),
            out_step,
            out_x,
            source + (rows - 1 if flip[1] and rows else 0),
            in_step,
            in_x,
            rows,
            cols,
        )
        results.append([o.bytes() for o in outs])
    assert results[0] == results[1]
    order = range(rows - 1, -1, -1) if flip[1] else range(rows)
    lines = range(cols - 1, -1, -1) if flip[0] else range(cols)
    for c, line in enumerate(lines):
        expected = b"".join(data[k][(in_x + c) * size : (in_x + c + 1) * size] for k in order)
        assert results[0][line] == b"\xa5" * (out_x * size) + expected


@pytest.mark.parametrize("level", ["scalar", *levels_of("lut4_row")])
@pytest.mark.parametrize("name", ["lut1_row", "lut4_row"])
@pytest.mark.parametrize("count", [255, 256, 257, 287, 288, 300, 511, 769, 4097])
def test_long_lookups(name: str, level: str, count: int) -> None:
    """Every byte in every table, in rows long enough for vectors, with and without a last band."""
    r = random.Random(count)
    unit = ROWS[name].ins[0]
    for whole in (True, False):
        data = bytes((i // unit + 85 * (i % unit)) % 256 for i in range(count * unit))
        row = Guarded(len(data), data)
        entries = r.randbytes(256 * unit - 256) + (r.randbytes(256) if whole else bytes(256))
        out = Guarded(len(data), r.randbytes(len(data)))
        getattr(kernels(level), name)(out.ptr(), row.ptr(), count, new("uint8_t[]", list(entries)))
        expected = bytes(entries[256 * (i % unit) + v] for i, v in enumerate(data))
        assert out.bytes() == expected


@pytest.mark.parametrize(("name", "level"), _levels("first_nonzero", "last_nonzero"))
@settings(max_examples=80, deadline=None)
@given(
    size=st.integers(0, 300),
    hits=st.lists(st.integers(0, 299), max_size=4),
    mask=st.sampled_from([0xFFFFFFFF, 0xFFFFFF, 0xFF000000]),
)
def test_nonzero(name: str, level: str, size: int, hits: list[int], mask: int) -> None:
    data = bytearray(size)
    for hit in hits:
        if hit < size:
            data[hit] = 1 + hit % 255
    row = Guarded(size, bytes(data))
    counted = [i for i in range(size) if data[i] & (mask >> (8 * (i % 4)) & 255)]
    expected = (counted or [size])[0] if name == "first_nonzero" else (counted or [-1])[-1] + 1
    assert getattr(kernels(level), name)(row.ptr(), size, mask) == expected
    assert getattr(kernels("scalar"), name)(row.ptr(), size, mask) == expected


EXTREMA = {
    "extrema_u8_row": "B",
    "extrema_u16_row": "H",
    "extrema_i32_row": "i",
    "extrema_f32_row": "f",
}
CTYPES = {"B": "uint8_t", "H": "uint16_t", "i": "int32_t", "f": "float"}


@pytest.mark.parametrize(("name", "level"), _levels("extrema_u8x4_row", "sum_u8_row"))
@settings(max_examples=80, deadline=None)
@given(count=st.integers(0, 150), seed=st.integers(0, 2**32 - 1))
def test_extrema_of_bands_and_sum(name: str, level: str, count: int, seed: int) -> None:
    r = random.Random(seed)
    data = r.choice([_bytes(r, 4 * count), b"\xff" * 4 * count])
    row = Guarded(len(data), data)
    if name == "sum_u8_row":
        size = len(data) - min(len(data), count % 4)
        assert getattr(kernels(level), name)(row.ptr(), size) == sum(data[:size])
        return
    start = r.randbytes(4), r.randbytes(4)
    low, high = (new("uint8_t[]", list(s)) for s in start)
    getattr(kernels(level), name)(row.ptr(), count, low, high)
    assert list(low) == [min(start[0][b], *data[b::4], 255) for b in range(4)]
    assert list(high) == [max(start[1][b], *data[b::4], 0) for b in range(4)]


@pytest.mark.parametrize(("name", "level"), _levels(*EXTREMA))
@settings(max_examples=80, deadline=None)
@given(count=st.integers(0, 150), seed=st.integers(0, 2**32 - 1))
def test_extrema(name: str, level: str, count: int, seed: int) -> None:
    code, r = EXTREMA[name], random.Random(seed)
    if code == "f":
        some = [0.0, -0.0, 1.5, -1.5, float("nan"), float("inf"), 1e-40]
        values = r.choices(some[: r.randint(1, len(some))], k=count)
        start = (r.choice(some),) * 2
        data = struct.pack(f"<{count}f", *values)
    else:
        data = _bytes(r, count * struct.calcsize(code))
        start = (r.randrange(128, 256), r.randrange(128))
    row = Guarded(len(data), data)
    results = []
    for table in (kernels("scalar"), kernels(level)):
        low, high = (new(f"{CTYPES[code]} *", s) for s in start)
        getattr(table, name)(row.ptr(), count, low, high)
        results.append(struct.pack(f"<2{code}", low[0], high[0]))  # tells -0.0 from 0.0
    assert results[0] == results[1]


@pytest.mark.parametrize(("name", "level"), _levels("count_rows"))
@settings(max_examples=40, deadline=None)
@given(
    bands=st.integers(1, 4),
    size=st.sampled_from([(0, 3), (5, 0), (63, 600), (64, 529), (2100, 15), (700, 50), (513, 64)]),
    spread=st.sampled_from([1, 4, 40, 99, 255]),
    seed=st.integers(0, 2**32 - 1),
)
def test_count_rows(
    name: str, level: str, bands: int, size: tuple[int, int], spread: int, seed: int
) -> None:
    """Tiles of narrow ranges, some with one value far off or wide; what is left at their edges."""
    r = np.random.default_rng(seed)
    width, height = size
    step = 4 if bands > 1 else 1
    middle = np.repeat(r.integers(0, 256, width * step // 64 + 1), 64)[: width * step]
    values = middle + r.integers(-spread, spread, (height, width * step))
    if values.size:
        values[r.integers(height), r.integers(width * step)] = r.integers(0, 256)
    data = np.clip(values, 0, 255).astype(np.uint8)
    image = Guarded(data.size, data.tobytes())
    start = [int(v) for v in r.integers(0, 1000, 1024)]
    for kernel in (level, "scalar"):
        counts = new("uint32_t[]", start)
        rows = new("uint8_t *[]", [image.ptr(offset=width * step * y) for y in range(height)])
        getattr(kernels(kernel), name)(counts, rows, height, width, bands)
        for b in {1: (0,), 2: (0, 3), 3: (0, 1, 2), 4: (0, 1, 2, 3)}[bands]:
            expected = np.bincount(data[:, b::step].ravel(), minlength=256)
            expected += start[256 * b : 256 * b + 256]
            assert list(counts)[256 * b : 256 * b + 256] == expected.tolist()
