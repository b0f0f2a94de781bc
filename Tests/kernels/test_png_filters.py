"""Kernels of PNG filters: every level equals the reference, the reference the PNG specification."""

from __future__ import annotations

import random

import pytest
from harness import LEVELS, Guarded, kernels

STEPS = [1, 2, 3, 4, 6, 8]
LENGTHS = [*range(1, 40), 63, 64, 65, 66, 95, 96, 127, 128, 129, 130, 191, 192, 193, 257, 400]
FILTERS = ["sub", "up", "average", "paeth"]
AVAILABLE = [level for level in LEVELS if kernels(level) is not None]


def paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def guess(name: str, a: int, b: int, c: int) -> int:
    return {"sub": a, "up": b, "average": (a + b) // 2, "paeth": paeth(a, b, c)}[name]


def filtered(name: str, row: bytes, above: bytes, bpp: int) -> bytes:
    out = bytearray()
    for i, v in enumerate(row):
        a, c = (row[i - bpp], above[i - bpp]) if i >= bpp else (0, 0)
        out.append(v - guess(name, a, above[i], c) & 255)
    return bytes(out)


def rows(rnd: random.Random, size: int) -> tuple[bytes, bytes]:
    if rnd.random() < 0.5:  # ties and extremes
        return bytes(rnd.choices((0, 1, 127, 128, 255), k=size)), bytes(
            rnd.choices((0, 1, 127, 128, 255), k=size)
        )
    return rnd.randbytes(size), rnd.randbytes(size)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("level", AVAILABLE)
def test_filter_and_restore(level: str, name: str) -> None:
    rnd = random.Random(name)
    for bpp in STEPS:
        for pixels in LENGTHS:
            size = pixels * bpp
            row, above = rows(rnd, size)
            expected = filtered(name, row, above, bpp)
            total = sum(min(v, 256 - v) for v in expected)
            out, given, up = Guarded(size), Guarded(size, row), Guarded(size, above)
            extra = {
                "sub": (size, bpp), "up": (up.ptr(), size),
                "average": (up.ptr(), size, bpp), "paeth": (up.ptr(), size, bpp),
            }[name]  # fmt: skip
            kernel = getattr(kernels(level), f"png_filter_{name}")
            assert kernel(out.ptr(), given.ptr(), *extra) == total, (bpp, pixels)
            assert out.bytes() == expected, (bpp, pixels)
            getattr(kernels(level), f"png_restore_{name}")(out.ptr(), *extra)
            assert out.bytes() == row, (bpp, pixels)


@pytest.mark.parametrize("level", AVAILABLE)
def test_sum_of_unfiltered_row(level: str) -> None:
    rnd = random.Random(1)
    for size in [0, *LENGTHS]:
        row = rnd.randbytes(size)
        given = Guarded(size, row) if size else Guarded(1, b"x")
        total = sum(min(v, 256 - v) for v in row)
        assert kernels(level).png_filter_none(given.ptr(), size) == total
