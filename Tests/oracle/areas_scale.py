"""Resampling, reducing, blurs and kernels."""

from __future__ import annotations

import random
from collections.abc import Iterator

from common import FILTERS, MODES, Area, Case, image, some_size

from PIL import Image, ImageFilter

RESIZABLE = MODES


def random_box(rng: random.Random, size: tuple[int, int]) -> tuple[float, float, float, float]:
    xs = sorted(rng.uniform(0, size[0]) for _ in range(2))
    ys = sorted(rng.uniform(0, size[1]) for _ in range(2))
    if rng.random() < 0.3:
        xs, ys = [float(int(v)) for v in xs], [float(int(v)) for v in ys]
    if rng.random() < 0.05:
        xs[0] -= rng.choice((0.5, 3))  # outside: an error
    return (xs[0], ys[0], xs[1], ys[1])


def resize(rng: random.Random) -> Iterator[Case]:
    while True:
        mode, method = rng.choice(RESIZABLE), rng.choice(FILTERS)
        im = image(rng, mode, some_size(rng))
        size = some_size(rng, rng.choice((5, 40, 90)))
        box = random_box(rng, im.size) if rng.random() < 0.4 else None
        gap = rng.choice((None, None, 1.0, 2.0, 3.0, 1.5))
        text = f"{mode} {im.size} -> {size} {method.name} box={box} gap={gap}"
        yield text, lambda a=(im, size, method, box, gap): a[0].resize(*a[1:])


def resize_large(rng: random.Random) -> Iterator[Case]:
    """Sizes at which every vector path and its tail is taken, and rows go round the ring."""
    while True:
        mode, method = rng.choice(("L", "RGB", "RGBA", "LA", "I;16", "F", "I")), rng.choice(FILTERS)
        im = image(rng, mode, (rng.randint(60, 300), rng.randint(60, 300)))
        size = (rng.randint(1, 400), rng.randint(1, 400))
        yield (
            f"{mode} {im.size} -> {size} {method.name}",
            lambda a=(im, size, method): a[0].resize(*a[1:]),
        )


def reduce(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng, 60))
        factor = rng.choice(
            (rng.randint(1, 9), (rng.randint(1, 9), rng.randint(1, 9)), rng.randint(10, 80), 0)
        )
        box = None
        if rng.random() < 0.4:
            box = tuple(int(v) for v in random_box(rng, im.size))
        yield (
            f"{im.mode} {im.size} / {factor} {box}",
            lambda a=(im, factor, box): a[0].reduce(*a[1:]),
        )


def thumbnail(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(("L", "RGB", "RGBA", "LA", "1", "P", "F")), some_size(rng, 90))
        size = (rng.choice((1, 7, 30.5, 200)), rng.choice((1, 9, 33.3, 150)))
        method, gap = rng.choice(FILTERS), rng.choice((2.0, None, 3.0))

        def call(a: tuple = (im, size, method, gap)) -> Image.Image:
            small = a[0].copy()
            small.thumbnail(*a[1:])
            return small

        yield f"{im.mode} {im.size} thumbnail {size} {method.name} {gap}", call


def blur(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng, 50))
        radius = rng.choice((0, 1, 2, 5, 0.3, 1.7, 30, 200, rng.uniform(0, 12)))
        if rng.random() < 0.3:
            radius = (radius, rng.choice((0, 0.6, 1, 4.2)))
        kind = rng.choice((ImageFilter.BoxBlur, ImageFilter.GaussianBlur))
        yield (
            f"{im.mode} {im.size} {kind.__name__}({radius})",
            lambda a=(im, kind, radius): a[0].filter(a[1](a[2])),
        )


def unsharp(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(("L", "RGB", "RGBA", "CMYK", "LA", "RGBX", "I")), some_size(rng))
        args = (rng.choice((0, 1, 2.5, 7)), rng.randint(-50, 400), rng.randint(-2, 60))
        yield (
            f"{im.mode} {im.size} UnsharpMask{args}",
            lambda a=(im, args): a[0].filter(ImageFilter.UnsharpMask(*a[1])),
        )


NAMED = (
    "BLUR", "CONTOUR", "DETAIL", "EDGE_ENHANCE", "EDGE_ENHANCE_MORE", "EMBOSS", "FIND_EDGES",
    "SHARPEN", "SMOOTH", "SMOOTH_MORE",
)  # fmt: skip


def kernel(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng))
        if rng.random() < 0.4:
            name = rng.choice(NAMED)
            yield (
                f"{im.mode} {im.size} {name}",
                lambda a=(im, name): a[0].filter(getattr(ImageFilter, a[1])),
            )
            continue
        n = rng.choice((3, 5))
        if rng.random() < 0.5:
            weights = [
                rng.choice((rng.randint(-9, 9), round(rng.uniform(-2, 2), 3))) for _ in range(n * n)
            ]
            scale = rng.choice((None, 1, 7, 0.5, -3)) if sum(weights) else 4
        else:  # those that whole numbers can do, and some that they just cannot
            most = rng.choice((1, 5, 14, 130))
            weights = [rng.choice((0, rng.randint(-most, most))) for _ in range(n * n)]
            scale = rng.choice((1, 2, 16, 64, 256, -4))
        offset = rng.choice((0, 0, 128, -20.5, 0.25, 1 / 3, 70000))
        yield (
            f"{im.mode} {im.size} Kernel {n} {weights} {scale} {offset}",
            lambda a=(im, (n, n), weights, scale, offset): a[0].filter(ImageFilter.Kernel(*a[1:])),
        )


AREAS: dict[str, tuple[Area, int]] = {
    "resize": (resize, 2500),
    "resize large": (resize_large, 400),
    "reduce": (reduce, 800),
    "thumbnail": (thumbnail, 300),
    "blur": (blur, 700),
    "unsharp mask": (unsharp, 200),
    "kernel": (kernel, 800),
}
