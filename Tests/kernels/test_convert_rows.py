"""Kernels of mode conversion: every level equals the reference, the reference the definition.

The first part runs each kernel on random rows of all lengths up to some vectors; the second
compares kernels with the formulas of the conversion in numpy, over every input there is.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from harness import LEVELS, Guarded, every_level, kernels, levels_of, new

Words = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]

OPAQUE = 0xFF000000
#: name -> (bytes per pixel of input, of output, rules to try)
ROWS: dict[str, tuple[int, int, list[tuple[int, int, int]]]] = {
    "spread": (1, 4, [(0x010101, 0, OPAQUE), (1 << 24, 0, OPAQUE), (1, 0, 0xFF808000)]),
    "swizzle": (4, 4, [(0, 0xFFFFFF, OPAQUE), (0x010101, OPAQUE, 0), (0, 0xFFFFFF, 0xFFFFFF)]),
    "first": (4, 1, [(0, 0, 0)]),
    "truth": (1, 1, [(0, 0, 0)]),
    "threshold": (1, 1, [(0, 0, 0)]),
    "l_i16": (1, 2, [(0, 0, 0), (1, 0, 0)]),
    "l_f32": (1, 4, [(0, 0, 0)]),
    "i32_l": (4, 1, [(0, 0, 0)]),
    "i32_f32": (4, 4, [(0, 0, 0)]),
    "i32_i16": (4, 2, [(0, 0, 0), (1, 0, 0)]),
    "f32_l": (4, 1, [(0, 0, 0)]),
    "f32_i32": (4, 4, [(0, 0, 0)]),
    "i16_l": (2, 1, [(0, 0, 0), (1, 0, 0)]),
    "i16_i32": (2, 4, [(0, 0, 0), (1, 0, 0)]),
    "rgb_l": (4, 1, [(0, 0, 0)]),
    "rgb_word": (4, 4, [(0x010101, OPAQUE, 0), (0x010101, 0, OPAQUE), (1, 0, 0)]),
    "rgb_f32": (4, 4, [(0, 0, 0)]),
    "rgb_1": (4, 1, [(0, 0, 0)]),
    "premultiply": (4, 4, [(0, 0, 0)]),
    "premultiply_la": (4, 4, [(0, 0, 0)]),
    "unpremultiply": (4, 4, [(0, 0, 0), (0, 0, OPAQUE)]),
    "unpremultiply_la": (4, 4, [(0, 0, 0)]),
    "cmyk_rgb": (4, 4, [(0, 0, 0)]),
    "rgb_ycbcr": (4, 4, [(0, 0, 0)]),
    "ycbcr_rgb": (4, 4, [(0, 0, 0)]),
    "rgb_hsv": (4, 4, [(0, 0, 0)]),
    "hsv_rgb": (4, 4, [(0, 0, 0)]),
}
LENGTHS = [*range(36), 63, 64, 65, 79, 80, 127, 128, 129, 200, 257]
#: Floats that clip, overflow, round or compare in unusual ways.
ODD_FLOATS = [
    float("nan"), float("inf"), float("-inf"), 2147483648.0, -2147483648.0, -2147483904.0,
    2147483520.0, 255.0, 254.99998, 255.5, -0.0, 0.99999994, -0.5, 1e-40,
]  # fmt: skip


def row(rng: random.Random, name: str, size: int) -> bytes:
    if name.startswith("f32"):
        values = [
            rng.choice(ODD_FLOATS) if rng.random() < 0.3 else rng.uniform(-3e2, 6e2)
            for _ in range(size // 4)
        ]
        return struct.pack(f"={len(values)}f", *values)
    if name.startswith("i32"):
        spans = (300, 70000, 2**31 - 1)
        return struct.pack(
            f"={size // 4}i",
            *(rng.randint(-s, s) for s in rng.choices(spans, k=size // 4)),
        )
    if rng.random() < 0.5:
        return bytes(rng.choice((0, 1, 127, 128, 254, 255)) for _ in range(size))
    return rng.randbytes(size)


def run(level: str, name: str, data: bytes, out_size: int, n: int, extra: Any) -> bytes:
    source, target = Guarded(len(data), data), Guarded(out_size)
    getattr(kernels(level), name)(target.ptr(), source.ptr(), n, extra)
    assert source.bytes() == data
    return target.bytes()


@pytest.mark.parametrize("name", ROWS)
def test_levels_equal_the_reference(name: str) -> None:
    rng = random.Random(name)
    in_size, out_size, rules = ROWS[name]
    levels = [level for level in LEVELS[1:] if kernels(level) is not None]
    for n in LENGTHS:
        for rule in rules:
            data = row(rng, name, n * in_size)
            extra = new("uint32_t[3]", list(rule))
            want = run("scalar", f"conv_{name}", data, n * out_size, n, extra)
            for level in levels:
                got = run(level, f"conv_{name}", data, n * out_size, n, extra)
                assert got == want, (level, n, rule)


@pytest.mark.parametrize("name", [n for n, (i, o, _) in ROWS.items() if i == o])
def test_in_place(name: str) -> None:
    rng = random.Random(name)
    for level in LEVELS:
        if kernels(level) is None:
            continue
        for rule in ROWS[name][2]:
            n = 71
            data = row(rng, name, n * ROWS[name][0])
            extra = new("uint32_t[3]", list(rule))
            want = run("scalar", f"conv_{name}", data, len(data), n, extra)
            buffer = Guarded(len(data), data)
            getattr(kernels(level), f"conv_{name}")(buffer.ptr(), buffer.ptr(), n, extra)
            assert buffer.bytes() == want


@every_level("conv_matrix_rgb")
@pytest.mark.parametrize(("name", "out_size"), [("conv_matrix_rgb", 4), ("conv_matrix_l", 1)])
def test_matrix(level: str, name: str, out_size: int) -> None:
    rng = random.Random(name)
    for n in LENGTHS:
        m = [rng.choice((0.0, 1.0, rng.uniform(-2, 2), rng.uniform(-300, 300))) for _ in range(12)]
        if n % 5 == 0:
            m[rng.randrange(12)] = rng.choice(ODD_FLOATS[:3])
        data = rng.randbytes(4 * n)
        extra = new("float[12]", m)
        want = run("scalar", name, data, out_size * n, n, extra)
        assert run(level, name, data, out_size * n, n, extra) == want
        first = [f32_matrix(data[4 * i : 4 * i + 3], m) for i in range(n)]
        assert list(want[::out_size]) == first


def f32_matrix(pixel: bytes, m: list[float]) -> int:
    """The first row of the matrix, in float32 with the last sum in double."""
    f = np.float32
    with np.errstate(all="ignore"):
        s = f(f(f(m[0]) * f(pixel[0])) + f(f(m[1]) * f(pixel[1])))
        s = f(f(s + f(f(m[2]) * f(pixel[2]))) + f(m[3]))
        v = f(float(s) + 0.5)
    return 0 if not v > 0 else 255 if v >= 255 else int(v)


@every_level("nearest_candidate")
def test_nearest_candidate(level: str) -> None:
    rng = random.Random(5)
    for index in (0, 1, 128, 255):
        axes = new("int32_t[24]", [rng.randrange(65026) for _ in range(24)])
        data = struct.pack(
            "=512i", *(rng.choice((2**31 - 1, rng.randrange(2**26))) for _ in range(512))
        )
        least, want = Guarded(2048, data), list(struct.unpack("=512i", data))
        kernels(level).nearest_candidate(least.ptr("int32_t *"), axes, index)
        for cell in range(512):
            distance = axes[cell >> 6] + axes[8 + (cell >> 3 & 7)] + axes[16 + (cell & 7)]
            want[cell] = min(want[cell], distance * 256 + index)
        assert list(struct.unpack("=512i", least.bytes())) == want


# --- Against the definitions ----------------------------------------------------------------------


def apply(level: str, name: str, words: Words, rule: tuple[int, int, int] = (0, 0, 0)) -> Words:
    extra = new("uint32_t[3]", list(rule))
    out_size = ROWS[name][1]
    data = words.astype("<u4").tobytes()
    got = run(level, f"conv_{name}", data, out_size * words.size, words.size, extra)
    return np.frombuffer(got, {1: "u1", 2: "<u2", 4: "<u4"}[out_size]).astype(np.uint32)


def grid(*bands: int | Ints) -> Words:
    """Pixels of all combinations; a band is a constant or an array of values."""
    axes = np.meshgrid(*[np.atleast_1d(np.asarray(b, np.int64)) for b in bands], indexing="ij")
    return sum((a.ravel().astype(np.uint32) << (8 * k) for k, a in enumerate(axes)), np.uint32(0))


def band(words: Words, k: int) -> Ints:
    return ((words >> (8 * k)) & 255).astype(np.int64)


ALL = np.arange(256)
PRESENT = [level for level in LEVELS if kernels(level) is not None]
each_level = pytest.mark.parametrize("level", PRESENT)


@each_level
def test_unpremultiply_all_pairs(level: str) -> None:
    words = grid(ALL, 7, 200, ALL)
    out = apply(level, "unpremultiply", words)
    a = band(words, 3)
    for k in range(3):
        v = band(words, k)
        want = np.where(a == 0, v, np.minimum(255, 255 * v // np.maximum(a, 1)))
        assert np.array_equal(band(out, k), want)
    assert np.array_equal(band(out, 3), a)
    grey = apply(level, "unpremultiply_la", words)
    assert np.array_equal(grey & 0xFF0000FF, out & 0xFF0000FF)
    assert np.array_equal(band(grey, 1), band(grey, 0))
    assert np.array_equal(band(grey, 2), band(grey, 0))


def div255(t: Ints) -> Ints:
    return (2 * t + 255) // 510


@each_level
def test_premultiply_and_cmyk_all_pairs(level: str) -> None:
    words = grid(ALL, 7, 200, ALL)
    out, rgb = apply(level, "premultiply", words), apply(level, "cmyk_rgb", words)
    a = band(words, 3)
    for k in range(3):
        assert np.array_equal(band(out, k), div255(band(words, k) * a))
        n = 255 - a
        assert np.array_equal(band(rgb, k), n - div255(band(words, k) * n))
    assert np.array_equal(band(out, 3), a)
    assert set(band(rgb, 3)) == {255}


def fixed(k: float, n: Ints) -> Ints:
    """A product of the YCbCr conversion: 6 binary places, truncated toward zero."""
    return np.trunc(64 * k * n.astype(np.float64) + 0.5).astype(np.int64)


@each_level
@pytest.mark.parametrize("blue", range(0, 256, 15))
def test_rgb_to_ycbcr(level: str, blue: int) -> None:
    words = grid(ALL, ALL, blue, 77)
    out = apply(level, "rgb_ycbcr", words)
    r, g, b = (band(words, k) for k in range(3))
    y = (fixed(0.299, r) + fixed(0.587, g) + fixed(0.114, b)) >> 6
    cb = ((fixed(-0.16874, r) + fixed(-0.33126, g) + fixed(0.5, b)) >> 6) + 128
    cr = ((fixed(0.5, r) + fixed(-0.41869, g) + fixed(-0.08131, b)) >> 6) + 128
    assert np.array_equal(out, (y | cb << 8 | cr << 16 | 77 << 24).astype(np.uint32))


@each_level
def test_blue_of_ycbcr_every_value(level: str) -> None:
    """With the test above: all 256 values of all nine tables."""
    words = grid([0, 255], [0, 255], ALL, 0)
    out = apply(level, "rgb_ycbcr", words)
    r, g, b = (band(words, k) for k in range(3))
    cr = ((fixed(0.5, r) + fixed(-0.41869, g) + fixed(-0.08131, b)) >> 6) + 128
    assert np.array_equal(band(out, 2), cr)


@pytest.mark.parametrize(
    ("k", "whole", "part", "sign"),
    [
        (0.299, 19, 4456, 0), (0.587, 37, 18612, 0), (0.114, 7, 9699, 0),
        (-0.16874, -11, 6575, 1), (-0.33126, -21, -6575, 1), (-0.41869, -27, 6679, 1),
        (-0.08131, -5, -6679, 1), (0.5, 32, 0, 0),
        (1.402, 90, -8912, -1), (1.772, 113, 13368, -1),
        (-0.34414, -22, -816, 1), (-0.71414, -46, 9670, 1),
    ],
)  # fmt: skip
def test_integer_form_of_every_table(k: float, whole: int, part: int, sign: int) -> None:
    """The weights in ycbcr.h reproduce the twelve tables, value by value."""
    n = np.arange(-128, 128) if k in (1.402, 1.772, -0.34414, -0.71414) else ALL
    extra = (n * sign > 0).astype(np.int64)
    assert np.array_equal(whole * n + ((part * n + 0x4000) >> 15) + extra, fixed(k, n))


@each_level
@pytest.mark.parametrize("luma", range(0, 256, 15))
def test_ycbcr_to_rgb(level: str, luma: int) -> None:
    words = grid(luma, ALL, ALL, 9)
    out = apply(level, "ycbcr_rgb", words)
    y, b, r = band(words, 0), band(words, 1) - 128, band(words, 2) - 128
    red = np.clip(y + (fixed(1.402, r) >> 6), 0, 255)
    green = np.clip(y + ((fixed(-0.34414, b) + fixed(-0.71414, r)) >> 6), 0, 255)
    blue = np.clip(y + (fixed(1.772, b) >> 6), 0, 255)
    assert np.array_equal(out, (red | green << 8 | blue << 16 | 9 << 24).astype(np.uint32))


def hsv_of(words: Words) -> Words:
    """The definition, with its mixture of float32 and double."""
    f = np.float32
    r, g, b = (band(words, k) for k in range(3))
    top = np.maximum(np.maximum(r, g), b)
    span = top - np.minimum(np.minimum(r, g), b)
    grey = span == 0
    c = np.where(grey, 1, span).astype(f)
    rc, gc, bc = ((top - v).astype(f) / c for v in (r, g, b))
    wide = np.float64
    h_green = ((2.0 + rc.astype(wide)) - bc.astype(wide)).astype(f)
    h_blue = ((4.0 + gc.astype(wide)) - rc.astype(wide)).astype(f)
    h = np.where(r == top, bc - gc, np.where(g == top, h_green, h_blue))
    h = np.fmod(h.astype(wide) / 6.0 + 1.0, 1.0).astype(f)
    s = c / np.maximum(top, 1).astype(f)
    hue = np.where(grey, 0, np.trunc(h.astype(wide) * 255.0)).astype(np.uint32)
    saturation = np.where(grey, 0, np.trunc(s.astype(wide) * 255.0)).astype(np.uint32)
    return hue | saturation << 8 | top.astype(np.uint32) << 16 | (words & OPAQUE)


def rgb_of(words: Words) -> Words:
    f, wide = np.float32, np.float64
    v = band(words, 2).astype(wide)
    x = band(words, 0) * 6.0 / 255.0
    i = np.floor(x)
    part = (x - i).astype(f)
    t = (band(words, 1) / 255.0).astype(f)

    def level(weight: Any) -> Words:
        return np.clip(np.floor(v * (1.0 - weight) + 0.5), 0, 255).astype(np.uint32)

    p, q = level(t.astype(wide)), level((t * part).astype(wide))
    u = level(t.astype(wide) * (1.0 - part.astype(wide)))
    full, sixth = v.astype(np.uint32), i.astype(np.int64) % 6
    red = np.choose(sixth, [full, q, p, p, u, full])
    green = np.choose(sixth, [u, full, full, q, p, p])
    blue = np.choose(sixth, [p, p, u, full, full, q])
    return red | green << 8 | blue << 16 | (words & OPAQUE)


@pytest.mark.parametrize(("name", "model"), [("rgb_hsv", hsv_of), ("hsv_rgb", rgb_of)])
def test_hsv_of_all_colours(name: str, model: Callable[[Words], Words]) -> None:
    for third in range(256):
        words = grid(ALL, ALL, third, third)
        want = model(words)
        for level in PRESENT:
            assert np.array_equal(apply(level, name, words), want), (level, third)


@each_level
def test_luma(level: str) -> None:
    for blue in range(0, 256, 17):
        words = grid(ALL, ALL, blue, 3)
        r, g, b = (band(words, k) for k in range(3))
        l24 = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16
        l1000 = 299 * r + 587 * g + 114 * b
        assert np.array_equal(apply(level, "rgb_l", words), l24)
        assert np.array_equal(apply(level, "rgb_1", words), np.where(l1000 >= 128000, 255, 0))
        assert np.array_equal(
            apply(level, "rgb_word", words, (0x010101, OPAQUE, 0)),
            (l24 * 0x010101 | 3 << 24).astype(np.uint32),
        )
        f32 = apply(level, "rgb_f32", words).view(np.float32)
        assert np.array_equal(f32, l1000.astype(np.float32) / np.float32(1000))


@pytest.mark.parametrize("level", ["scalar", *levels_of("lookup_1_4")])
def test_palette_entries(level: str) -> None:
    rng = random.Random(5)
    palette = rng.randbytes(1024)
    for n in [*LENGTHS, 126, 191, 192, 193, 1000]:
        indices = rng.randbytes(n)
        source, entries, out = Guarded(n, indices), Guarded(1024, palette), Guarded(4 * n)
        kernels(level).lookup_1_4(out.ptr(), source.ptr(), n, entries.ptr())
        assert out.bytes() == b"".join(palette[4 * i : 4 * i + 4] for i in indices)
