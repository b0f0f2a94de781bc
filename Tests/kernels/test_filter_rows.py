"""The kernels of filter/ at every SIMD level against their references."""

from __future__ import annotations

import random
import struct
from typing import Any

import harness
import pytest
from harness import Guarded, every_level, kernels, pointers
from hypothesis import given, settings
from hypothesis import strategies as st

SEEDS = st.integers(0, 2**32)
few = settings(max_examples=40, deadline=None)


def noise(rng: random.Random, n: int) -> bytes:
    """Bytes of three kinds: any, extremes only, nearly equal."""
    kind = rng.randrange(3)
    if kind == 0:
        return rng.randbytes(n)
    if kind == 1:
        return bytes(rng.choice((0, 255)) for _ in range(n))
    base = rng.randrange(250)
    return bytes(base + rng.randrange(4) for _ in range(n))


def filled(rng: random.Random, n: int) -> Guarded:
    return Guarded(n, noise(rng, n))


def box_pass(rng: random.Random) -> bytes:
    r = rng.choice((0, 0, 1, 2, 5, 30, 127, 300, 5000, 2**23 + 1, 2**31 - 1))
    diameter = 2 * r + 1 + rng.random() * 2
    ww = int(2**24 / diameter)
    fw = ((2**24 - (2 * r + 1) * ww) % 2**32) // 2
    return struct.pack("iII", r, ww, fw)


@every_level("box_line")
@few
@given(seed=SEEDS, count=st.integers(1, 200))
def test_box_line(level: str, seed: int, count: int) -> None:
    rng = random.Random(seed)
    source, parameters = filled(rng, count * 64), Guarded(12, box_pass(rng))
    results = []
    for name in ("scalar", level):
        out = Guarded(count * 64)
        kernels(name).box_line(
            out.ptr(), source.ptr(), count, parameters.ptr("struct ImgBoxPass *")
        )
        results.append(out.bytes())
    assert results[0] == results[1]


@pytest.mark.parametrize("size", [1, 4])
@every_level("box_gather_1")
@few
@given(seed=SEEDS, count=st.integers(1, 150))
def test_gather_and_scatter(level: str, size: int, seed: int, count: int) -> None:
    rng = random.Random(seed)
    rows = [filled(rng, count * size) for _ in range(64 // size)]
    line = Guarded(count * 64)
    getattr(kernels(level), f"box_gather_{size}")(
        line.ptr(), pointers(rows, "const uint8_t *"), count
    )
    expected = bytearray()
    for x in range(count):
        for row in rows:
            expected += row.bytes()[x * size : x * size + size]
    assert line.bytes() == bytes(expected)
    back = [Guarded(count * size) for _ in rows]
    getattr(kernels(level), f"box_scatter_{size}")(pointers(back), line.ptr(), count)
    assert [r.bytes() for r in back] == [r.bytes() for r in rows]


def sharpen(rng: random.Random) -> bytes:
    percent = rng.choice((0, 1, 99, 100, 150, -150, 25499, 30000, -30000, rng.randint(-900, 900)))
    threshold = rng.choice((0, 3, 254, 255, 300, -1, rng.randrange(256)))
    amount = min(abs(percent), 25500)
    return struct.pack("iiHH?xxx", percent, threshold, amount // 100, amount % 100, True)


@every_level("unsharp_row")
@few
@given(seed=SEEDS, count=st.integers(1, 300))
def test_unsharp_row(level: str, seed: int, count: int) -> None:
    rng = random.Random(seed)
    source, blurred = filled(rng, count), filled(rng, count)
    parameters = Guarded(16, sharpen(rng))
    results = []
    for name in ("scalar", level):
        out = Guarded(count)
        kernels(name).unsharp_row(
            out.ptr(), source.ptr(), blurred.ptr(), count, parameters.ptr("struct ImgSharpen *")
        )
        results.append(out.bytes())
    assert results[0] == results[1]


def conv(rng: random.Random, size: int, step: int) -> bytes:
    choices = (0.0, 1.0, -1.0, 0.04, -1 / 3, 1 / 13, 2.5, float("inf"), float("nan"), 1e30)
    n = len(choices) if rng.random() < 0.1 else 7
    weight = [rng.choice(choices[:n]) for _ in range(size * size)]
    symmetric = rng.random() < 0.5
    if symmetric:
        for i in range(size // 2):
            weight[(size - 1 - i) * size : (size - i) * size] = weight[i * size : (i + 1) * size]
    weight += [0.0] * (25 - size * size)
    keep = rng.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x00", b"\xff\x00\x00\xff"))
    start = rng.choice((0.5, 128.5, -3.25))
    return struct.pack("i25ff?B4sxx", size, *weight, start, symmetric, step, keep)


@pytest.mark.parametrize("step", [1, 4])
@pytest.mark.parametrize("size", [3, 5])
@every_level("conv3_row")
@few
@given(seed=SEEDS, pixels=st.integers(1, 300))
def test_conv_rows(level: str, size: int, step: int, seed: int, pixels: int) -> None:
    rng = random.Random(seed)
    n, margin = pixels * step, size // 2 * step
    source = [filled(rng, n + 2 * margin) for _ in range(size + 1)]
    parameters = Guarded(116, conv(rng, size, step))
    stride = (n + 63) // 64 * 64
    results = []
    for name in ("scalar", level):
        sums, outs = Guarded((size - 1) * stride * 4, 0), []
        for row in source:
            out = Guarded(n)
            getattr(kernels(name), f"conv{size}_row")(
                out.ptr(),
                row.ptr(offset=margin),
                sums.ptr("float *"),
                n,
                parameters.ptr("struct ImgConv *"),
            )
            outs.append(out.bytes())
        results.append(outs[size - 1 :])
    assert results[0] == results[1]


@pytest.mark.parametrize("step", [1, 4])
@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("level", ["scalar", *harness.levels_of("exact3_row")])
@few
@given(seed=SEEDS, pixels=st.integers(1, 300))
def test_exact_rows(level: str, size: int, step: int, seed: int, pixels: int) -> None:
    rng = random.Random(seed)
    n, margin, taps = pixels * step, size // 2 * step, size * size
    if rng.random() < 0.2:  # the largest sums: one weight, or all of the total of 128
        weight = [rng.choice((127, -127))] + [0] * (taps - 1)
    else:
        weight = [rng.randint(-(128 // taps), 128 // taps) for _ in range(taps)]
    rng.shuffle(weight)
    room = 32767 - 255 * sum(map(abs, weight))
    start, bits = rng.choice((4, room, -room, rng.randint(-room, room))), rng.randint(1, 7)
    keep = rng.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x00", b"\xff\x00\x00\xff"))
    packed = struct.pack("iih26bB4sx", size, bits, start, *weight, *[0] * (26 - taps), step, keep)
    parameters = Guarded(44, packed.ljust(44, b"\0"))
    source = [filled(rng, n + 2 * margin) for _ in range(size)]
    rows = harness.new("const uint8_t *[]", [row.ptr(offset=margin) for row in source])
    out = Guarded(n)
    getattr(kernels(level), f"exact{size}_row")(
        out.ptr(), rows, n, parameters.ptr("struct ImgExactConv *")
    )
    data = [row.bytes() for row in source]
    expected = bytearray()
    for x in range(n):
        places = [data[t // size][x + t % size * step] for t in range(taps)]
        total = start + sum(w * v for w, v in zip(weight, places, strict=False))
        v = min(max(total >> bits, 0), 255)
        expected.append(v & keep[x & 3] if step == 4 else v)
    assert out.bytes() == bytes(expected)


def expected_rank(rows: list[bytes], x: int, size: int, step: int, rank: int) -> int:
    return sorted(row[x + c * step] for row in rows for c in range(size))[rank]


@pytest.mark.parametrize("step", [1, 4])
@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("level", ["scalar", *harness.levels_of("rank3_row")])
@few
@given(seed=SEEDS, n=st.integers(1, 150))
def test_rank_rows(level: str, size: int, step: int, seed: int, n: int) -> None:
    rng = random.Random(seed)
    rows = [filled(rng, n + (size - 1) * step) for _ in range(size)]
    rank = rng.choice((size * size // 2, rng.randrange(size * size)))
    out = Guarded(n)
    getattr(kernels(level), f"rank{size}_row")(
        out.ptr(), pointers(rows, "const uint8_t *"), n, step, rank
    )
    data = [row.bytes() for row in rows]
    assert list(out.bytes()) == [expected_rank(data, x, size, step, rank) for x in range(n)]


@every_level("rank3_row")
def test_rank_rows_of_several_chunks(level: str) -> None:
    rng = random.Random(3)
    for size in (3, 5):
        rows = [
            Guarded(2500 + (size - 1) * 4, rng.randbytes(2500 + (size - 1) * 4))
            for _ in range(size)
        ]
        results = []
        for name in ("scalar", level):
            out = Guarded(2500)
            getattr(kernels(name), f"rank{size}_row")(
                out.ptr(), pointers(rows, "const uint8_t *"), 2500, 4, 5
            )
            results.append(out.bytes())
        assert results[0] == results[1]


@pytest.mark.parametrize("step", [1, 4])
@pytest.mark.parametrize("level", ["scalar", *harness.levels_of("median3_rows")])
@few
@given(seed=SEEDS, n=st.integers(1, 300), together=st.booleans())
def test_median3_rows(level: str, step: int, seed: int, n: int, together: bool) -> None:
    rng = random.Random(seed)
    n *= step
    rows = [filled(rng, n + 2 * step) for _ in range(4)]
    keep = rng.choice((0xFFFFFFFF, 0xFFFFFF, 0xFF0000FF)) if step == 4 else 0xFFFFFFFF
    outs = [Guarded(n)] * 2 if together else [Guarded(n), Guarded(n)]
    kernels(level).median3_rows(
        outs[0].ptr(), outs[1].ptr(), pointers(rows, "const uint8_t *"), n, step, keep
    )
    mask = keep.to_bytes(4, "little")
    data = [row.bytes() for row in rows]
    for i in (1,) if together else (0, 1):
        window = data[i : i + 3]
        expected = [expected_rank(window, x, 3, step, 4) & mask[x % 4] for x in range(n)]
        assert list(outs[i].bytes()) == expected


@every_level("extreme_rows")
@few
@given(seed=SEEDS, n=st.integers(1, 300), count=st.integers(1, 9), highest=st.booleans())
def test_extreme_rows(level: str, seed: int, n: int, count: int, highest: bool) -> None:
    rng = random.Random(seed)
    rows = [filled(rng, n) for _ in range(count)]
    out = Guarded(n)
    kernels(level).extreme_rows(out.ptr(), pointers(rows, "const uint8_t *"), count, n, highest)
    best = max if highest else min
    columns = zip(*(row.bytes() for row in rows), strict=True)
    assert list(out.bytes()) == [best(column) for column in columns]


@every_level("extreme_rows")
def test_extreme_rows_in_place(level: str) -> None:
    data = random.Random(1).randbytes(500)
    line = Guarded(500, data)
    rows = harness.new("const uint8_t *[]", [line.ptr(), line.ptr(offset=3)])
    kernels(level).extreme_rows(line.ptr(), rows, 2, 497, False)
    assert list(line.bytes()[:497]) == [min(data[x], data[x + 3]) for x in range(497)]


def expected_mode(window: list[int], centre: int) -> int:
    most = max(window.count(v) for v in window)
    return min(v for v in window if window.count(v) == most) if most >= 3 else centre


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("level", ["scalar", *harness.levels_of("mode_row")])
@few
@given(seed=SEEDS, n=st.integers(1, 150))
def test_mode_row(level: str, size: int, seed: int, n: int) -> None:
    rng = random.Random(seed)
    spread = rng.choice((2, 4, 9, 256))
    rows = [
        Guarded(n + size - 1, bytes(rng.randrange(spread) for _ in range(n + size - 1)))
        for _ in range(size)
    ]
    out = Guarded(n)
    kernels(level).mode_row(out.ptr(), pointers(rows, "const uint8_t *"), n, size)
    data = [row.bytes() for row in rows]
    expected = []
    for x in range(n):
        window = [v for row in data for v in row[x : x + size]]
        expected.append(expected_mode(window, data[size // 2][x + size // 2]))
    assert list(out.bytes()) == expected


def lut(rng: random.Random, narrow: bool, channels: int) -> tuple[Guarded, Guarded, Any]:
    sizes = [rng.randint(2, 6) for _ in range(3)]
    count = sizes[0] * sizes[1] * sizes[2] * 4
    low, high = (-30, 16353) if narrow else (-32768, 32767)
    values = [rng.choice((low, high, rng.randint(low, high))) for _ in range(count)]
    # An entry: the four values of a place, and of the next along the second axis.
    pairs = [
        values[i + step : i + step + 4] for i in range(0, count, 4) for step in (0, sizes[0] * 4)
    ]
    flat = [v for pair in pairs for v in (*pair, 0, 0, 0, 0)[:4]]
    table = Guarded(len(flat) * 2, struct.pack(f"{len(flat)}h", *flat))
    scale = [int((s - 1) / 255.0 * 2**18) for s in sizes]
    stride = [1, sizes[0], sizes[0] * sizes[1]]
    header = struct.pack("Pii3I3I", table.address, channels, narrow, *scale, *stride)
    parameters = Guarded(len(header), header)
    return table, parameters, parameters.ptr("struct ImgLut3d *")


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("narrow", [False, True])
@every_level("lut3d_row")
@few
@given(seed=SEEDS, n=st.integers(1, 90))
def test_lut3d_row(level: str, narrow: bool, channels: int, seed: int, n: int) -> None:
    rng = random.Random(seed)
    source = filled(rng, n * 4)
    table, parameters, pointer = lut(rng, narrow, channels)
    results = []
    for name in ("scalar", level):
        out = Guarded(n * 4)
        kernels(name).lut3d_row(out.ptr(), source.ptr(), n, pointer)
        results.append(out.bytes())
    assert results[0] == results[1]
    assert table.size > 0 and parameters.size > 0  # both alive until here


@pytest.mark.parametrize("n", [0, 4, 12, 64, 68, 252, 1024])
@every_level("keep_bytes_row")
def test_keep_bytes(level: str, n: int) -> None:
    given = Guarded(n, bytes(i * 37 & 255 for i in range(n)))
    for keep in (0, 0xFF, 0xFF0000FF, 0x00FFFFFF, 0xFFFFFFFF):
        out = Guarded(n)
        kernels(level).keep_bytes_row(out.ptr(), given.ptr(), n, keep)
        mask = keep.to_bytes(4, "little")
        assert out.bytes() == bytes(v & mask[i % 4] for i, v in enumerate(given.bytes()))


@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 127, 128, 300, 5000])
@pytest.mark.parametrize("shift", [0, 1, 31])
@every_level("stream_copy")
def test_stream_copy(level: str, n: int, shift: int) -> None:
    given = Guarded(n, bytes(i * 41 & 255 for i in range(n)))
    out = Guarded(n + shift)
    kernels(level).stream_copy(out.ptr() + shift, given.ptr(), n)
    kernels(level).stream_end()
    assert out.bytes()[shift:] == given.bytes()
