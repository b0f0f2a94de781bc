"""Kernels on plain rows: channel operations and ImageMath's arithmetic."""

from __future__ import annotations

import struct

from harness import Guarded, every_level, kernels
from hypothesis import given, settings
from hypothesis import strategies as st

CHOPS = 13  # values of ImgChop
UNARY, BINARY = 3, 20  # values of MathUnary and MathBinary

EVERY_PAIR = (bytes(range(256)) * 256, bytes(i // 256 for i in range(65536)))
INTS = st.one_of(
    st.integers(-(2**31), 2**31 - 1), st.sampled_from((0, 1, -1, 31, 32, -(2**31), 2**31 - 1))
)
FLOATS = st.floats(width=32, allow_nan=False)


@every_level("chop_row")
def test_chops_on_every_pair_of_bytes(level: str) -> None:
    a, b = Guarded(65536, EVERY_PAIR[0]), Guarded(65536, EVERY_PAIR[1])
    out, expected = Guarded(65536), Guarded(65536)
    for op in range(CHOPS):
        kernels("scalar").chop_row(op, expected.ptr(), a.ptr(), b.ptr(), 65536)
        kernels(level).chop_row(op, out.ptr(), a.ptr(), b.ptr(), 65536)
        assert out.bytes() == expected.bytes(), op


@every_level("chop_row")
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_chops_write_their_row_and_nothing_else(level: str, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 300))
    a = Guarded(n, data.draw(st.binary(min_size=n, max_size=n)))
    b = Guarded(n, data.draw(st.binary(min_size=n, max_size=n)))
    out, expected = Guarded(n), Guarded(n)
    op = data.draw(st.integers(0, CHOPS - 1))
    kernels("scalar").chop_row(op, expected.ptr(), a.ptr(), b.ptr(), n)
    kernels(level).chop_row(op, out.ptr(), a.ptr(), b.ptr(), n)
    assert out.bytes() == expected.bytes()


@every_level("chop_scaled_row")
@given(
    scale=st.one_of(FLOATS, st.sampled_from((0.0, -0.0, 1.0, float("inf"), float("nan")))),
    offset=st.integers(-(2**31), 2**31 - 1),
    sign=st.sampled_from((1, -1)),
)
@settings(max_examples=12, deadline=None)
def test_scaled_chops(level: str, scale: float, offset: int, sign: int) -> None:
    a, b = Guarded(65536, EVERY_PAIR[0]), Guarded(65536, EVERY_PAIR[1])
    out, expected = Guarded(65536), Guarded(65536)
    for name, to in (("scalar", expected), (level, out)):
        kernels(name).chop_scaled_row(to.ptr(), a.ptr(), b.ptr(), 65536, sign, scale, float(offset))
    assert out.bytes() == expected.bytes()


@every_level("math_binary_i32")
@given(pairs=st.lists(st.tuples(INTS, INTS), min_size=1, max_size=70))
@settings(max_examples=60, deadline=None)
def test_integer_arithmetic(level: str, pairs: list[tuple[int, int]]) -> None:
    n = len(pairs)
    a, b = (Guarded(4 * n, struct.pack(f"={n}i", *column)) for column in zip(*pairs, strict=True))
    for op in range(BINARY):
        out, expected = Guarded(4 * n), Guarded(4 * n)
        for name, to in (("scalar", expected), (level, out)):
            kernels(name).math_binary_i32(
                op, to.ptr("int32_t *"), a.ptr("int32_t *"), b.ptr("int32_t *"), n
            )
        assert out.bytes() == expected.bytes(), op
    for op in range(UNARY):
        out, expected = Guarded(4 * n), Guarded(4 * n)
        for name, to in (("scalar", expected), (level, out)):
            kernels(name).math_unary_i32(op, to.ptr("int32_t *"), a.ptr("int32_t *"), n)
        assert out.bytes() == expected.bytes(), op


def same_floats(a: bytes, b: bytes) -> bool:
    """Equal bit by bit, but that a nan may be any nan."""
    pairs = zip(*(struct.unpack(f"={len(x) // 4}f", x) for x in (a, b)), strict=True)
    nans = [p != p and q != q for p, q in pairs]
    return all(a[4 * i : 4 * i + 4] == b[4 * i : 4 * i + 4] or n for i, n in enumerate(nans))


@every_level("math_binary_f32")
@given(pairs=st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=70))
@settings(max_examples=60, deadline=None)
def test_float_arithmetic(level: str, pairs: list[tuple[float, float]]) -> None:
    n = len(pairs)
    a, b = (Guarded(4 * n, struct.pack(f"={n}f", *column)) for column in zip(*pairs, strict=True))
    for op in range(BINARY):
        out, expected = Guarded(4 * n, 0), Guarded(4 * n, 0)
        for name, to in (("scalar", expected), (level, out)):
            kernels(name).math_binary_f32(
                op, to.ptr("float *"), a.ptr("float *"), b.ptr("float *"), n
            )
        assert same_floats(out.bytes(), expected.bytes()), op
