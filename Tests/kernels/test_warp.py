"""Kernels of the transforms: places, and the filters that read there."""

from __future__ import annotations

import random
import struct

import pytest
from harness import Guarded, every_level, kernels, pointers

TYPES = range(6)  # values of ImgWarpType
PIXEL = (1, 4, 4, 4, 4, 4)
ODD_PLACES = (0.0, -0.0, -1e-9, 0.5, 0.49999, 1e300, -1e300, float("inf"), float("nan"), 2.0**31)


@pytest.mark.parametrize("kind", ["affine", "perspective", "quad"])
@pytest.mark.parametrize("n", [1, 3, 4, 7, 64, 255, 256])
@every_level("warp_affine_row")
def test_places(level: str, kind: str, n: int) -> None:
    rng = random.Random(f"{kind} {n}")
    k = Guarded(64, struct.pack("=8d", *(rng.uniform(-3, 3) for _ in range(8))))
    results = []
    for name in ("scalar", level):
        xs, ys = Guarded(8 * n), Guarded(8 * n)
        kernel = getattr(kernels(name), f"warp_{kind}_row")
        kernel(xs.ptr("double *"), ys.ptr("double *"), n, 17, 5, k.ptr("double *"))
        results.append((xs.bytes(), ys.bytes()))
    assert results[0] == results[1]


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("kernel", ["warp_bilinear", "warp_bicubic"])
@every_level("warp_bilinear")
def test_filters(level: str, kernel: str, type_: int) -> None:
    rng = random.Random(f"{kernel} {type_}")
    for _ in range(60):
        width, height = rng.randint(1, 12), rng.randint(1, 12)
        n = rng.randint(1, 150)
        size = PIXEL[type_]
        rows = []
        for _ in range(height):
            if type_ == 5:  # float pixels, not random bits: nans have many forms
                content = struct.pack(f"={width}f", *(rng.uniform(-9, 300) for _ in range(width)))
            else:
                content = rng.randbytes(size * width)
            rows.append(Guarded(size * width, content))
        places = [
            Guarded(
                8 * n,
                struct.pack(
                    f"={n}d",
                    *(
                        rng.choice(ODD_PLACES) if rng.random() < 0.05 else rng.uniform(-1, side + 1)
                        for _ in range(n)
                    ),
                ),
            )
            for side in (width, height)
        ]
        zero = rng.randint(0, 1)
        results = []
        for name in ("scalar", level):
            out = Guarded(size * n)
            getattr(kernels(name), kernel)(
                out.ptr(), size, n, places[0].ptr("double *"), places[1].ptr("double *"),
                pointers(rows), width, height, type_, zero,
            )  # fmt: skip
            results.append(out.bytes())
        assert results[0] == results[1]


def _samples(rng: random.Random, type_: int, n: int) -> bytes:
    if type_ == 5:  # float pixels, not random bits: nans have many forms
        return struct.pack(f"={n}f", *(rng.uniform(-9, 300) for _ in range(n)))
    return rng.randbytes(PIXEL[type_] * n)


def _steps(rng: random.Random, n: int, side: int) -> list[float]:
    """Places along a line: fractions that make integers, nearly integers, or anything."""
    step = rng.choice((0.25, 0.125, 1 / 3, 2**-20, 1.0, rng.uniform(-0.3, 0.3)))
    start = rng.choice((0.5, 2.0, 1.5, 2.5 + 2**-40, 2.5 - 2**-40, rng.uniform(0, side)))
    return [start + step * i + (2**-45 * rng.randint(-1, 1)) for i in range(n)]


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("kernel", ["warp_bilinear", "warp_bicubic"])
@every_level("warp_bilinear")
def test_values_near_integers(level: str, kernel: str, type_: int) -> None:
    """Results that float32 cannot tell from an integer, flat areas, flat bands, long rows."""
    rng = random.Random(f"near {kernel} {type_}")
    for _ in range(40):
        width, height = rng.randint(4, 40), rng.randint(4, 12)
        n = rng.randint(1, 200)
        size = PIXEL[type_]
        rows = []
        flat = _samples(rng, type_, 1) * width
        kind = rng.randrange(4)
        for y in range(height):
            content = bytearray(_samples(rng, type_, width))
            if kind == 0 or (kind == 1 and y % 6):
                content[:] = flat
            elif kind == 2 and type_ < 4:  # one band is flat, others have two neighbouring values
                for i in range(len(content)):
                    content[i] = 255 if i % size == size - 1 else 127 + content[i] % 2
            rows.append(Guarded(size * width, bytes(content)))
        places = [
            Guarded(8 * n, struct.pack(f"={n}d", *_steps(rng, n, side)))
            for side in (width, height)
        ]
        results = []
        for name in ("scalar", level):
            out = Guarded(size * n)
            getattr(kernels(name), kernel)(
                out.ptr(), size, n, places[0].ptr("double *"), places[1].ptr("double *"),
                pointers(rows), width, height, type_, 1,
            )  # fmt: skip
            results.append(out.bytes())
        assert results[0] == results[1]
