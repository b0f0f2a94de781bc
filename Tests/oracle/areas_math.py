"""ImageMath."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from common import Area, Case, image, some_size

from PIL import Image, ImageMath

UNARY = ("-A", "+A", "~A", "abs(A)", "int(A)", "float(A)", "convert(A, 'L')")
BINARY = "+ - * / % ** & | ^ << >> == != < <= > >= // @".split()
CALLS = ("min(A, B)", "max(A, B)", "equal(A, B)", "notequal(A, B)", "bool(A)")


def special(rng: random.Random, mode: str, size: tuple[int, int]) -> Image.Image:
    """Images with the values at which the rules are odd."""
    im = image(rng, mode, size)
    ints = (0, 1, -1, 2, 3, -3, 31, 32, 33, 255, 2**31 - 1, -(2**31) + 1)
    floats = (0.0, -0.0, 1.0, -1.5, 2.0, 1e30, float("inf"), float("-inf"), float("nan"))
    for _ in range(size[0] * size[1] // 2):
        at = (rng.randrange(size[0]), rng.randrange(size[1]))
        if mode == "I":
            im.putpixel(at, rng.choice(ints))
        elif mode == "F":
            im.putpixel(at, rng.choice(floats))
    return im


def canonical_f(value: Any) -> Any:
    """Nans have many bit patterns; everything else is compared bit by bit."""
    if isinstance(value, Image.Image) and value.mode == "F":
        return value.size, value.get_flattened_data()
    return value


def math(rng: random.Random) -> Iterator[Case]:
    modes = ("1", "L", "I", "F", "I", "F", "RGB")
    while True:
        a = special(rng, rng.choice(modes), some_size(rng, 12))
        b: Any = special(rng, rng.choice(modes), some_size(rng, 12))
        if rng.random() < 0.3:
            b = rng.choice((0, 1, 2, -1, 7, 0.5, -2.5, 2**31, "red", None))
        form = rng.choice(
            (rng.choice(UNARY), f"A {rng.choice(BINARY)} B", f"B {rng.choice(BINARY)} A",
             rng.choice(CALLS), "(A + B) * 2 - A / 3")
        )  # fmt: skip
        yield (
            f"{form} on {a.mode} and {getattr(b, 'mode', b)}",
            lambda x=(form, a, b): canonical_f(ImageMath.unsafe_eval(x[0], A=x[1], B=x[2])),
        )


AREAS: dict[str, tuple[Area, int]] = {"ImageMath": (math, 1500)}
