"""Rotation by any angle, transforms, channel operations, statistics, enhancement, morphology."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from common import BYTE_MODES, MODES, Area, Case, image, some_size

from PIL import Image, ImageChops, ImageEnhance, ImageMorph, ImageStat

T = Image.Transform
FILTERS = (Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)


def fill_colour(rng: random.Random, mode: str) -> Any:
    if rng.random() < 0.5:
        return None
    if mode in ("L", "1", "P", "I", "F") or mode.startswith("I;"):
        return rng.randrange(256)
    if mode in ("LA", "La", "PA"):
        return (rng.randrange(256), rng.randrange(256))
    return rng.choice(((1, 2, 3), (9, 99, 199, 77)))


def numbers(rng: random.Random, count: int, spread: float) -> list[float]:
    return [rng.choice((rng.uniform(-spread, spread), rng.randint(-2, 2))) for _ in range(count)]


def transform(rng: random.Random) -> Iterator[Case]:
    while True:
        mode = rng.choice(MODES)
        im, size = image(rng, mode, some_size(rng)), some_size(rng)
        method = rng.choice((T.AFFINE, T.AFFINE, T.EXTENT, T.PERSPECTIVE, T.QUAD, T.MESH))
        data: Any
        if method == T.AFFINE:
            data = numbers(rng, 6, rng.choice((1.5, 20)))
            if rng.random() < 0.3:
                data[1] = data[3] = 0
            if rng.random() < 0.1:
                data = [v * 3000 for v in data]
        elif method == T.EXTENT:
            data = numbers(rng, 4, 40)
        elif method == T.PERSPECTIVE:
            data = numbers(rng, 6, 2) + numbers(rng, 2, 0.1)
        elif method == T.QUAD:
            data = numbers(rng, 8, 40)
        else:
            data = []
            for _ in range(rng.randint(0, 3)):
                x, y = rng.randint(-5, 20), rng.randint(-5, 20)
                box = (x, y, x + rng.randint(1, 20), y + rng.randint(1, 20))
                data.append((box, numbers(rng, 8, 40)))
        if rng.random() < 0.02:
            data = data[:-1]
        resample = rng.choice(FILTERS) if rng.random() < 0.98 else Image.Resampling.LANCZOS
        colour = fill_colour(rng, mode)
        yield (
            f"{mode} {im.size} -> {size} {method.name} {data} {resample.name} {colour}",
            lambda a=(im, size, method, data, resample, 1, colour): a[0].transform(*a[1:]),
        )


def rotate(rng: random.Random) -> Iterator[Case]:
    while True:
        mode = rng.choice(MODES)
        im = image(rng, mode, rng.choice((some_size(rng), (150, 90))))
        angle = rng.choice((rng.uniform(-400, 400), rng.randint(-3, 400), 45, 90, 180, 89.999999))
        centre = rng.choice((None, None, (0, 0), (rng.uniform(-9, 40), rng.uniform(-9, 40))))
        shift = rng.choice((None, None, (3, -4.5)))
        resample, expand = rng.choice(FILTERS), rng.random() < 0.5
        colour = fill_colour(rng, mode)
        yield (
            f"rotate {mode} {im.size} {angle} {resample.name} {expand} {centre} {shift} {colour}",
            lambda a=(im, angle, resample, expand, centre, shift, colour): a[0].rotate(*a[1:]),
        )


CHOPS = (
    "lighter", "darker", "difference", "multiply", "screen", "soft_light", "hard_light", "overlay",
    "add", "subtract", "add_modulo", "subtract_modulo", "logical_and", "logical_or", "logical_xor",
)  # fmt: skip


def chops(rng: random.Random) -> Iterator[Case]:
    while True:
        mode, name = rng.choice((*BYTE_MODES, "1", "I", "F")), rng.choice(CHOPS)
        a = image(rng, mode, some_size(rng, 70))
        b = image(rng, rng.choice((mode, mode, mode, "RGB", "YCbCr")), some_size(rng, 70))
        extra: tuple[Any, ...] = ()
        if name in ("add", "subtract"):
            scale = rng.choice((1.0, 2, 0.5, 0, -3.3, 1e-30))
            extra = rng.choice(((), (scale,), (scale, rng.randint(-300, 300)), (1, 2.5)))
        yield (
            f"{name} {a.mode} {a.size} {b.mode} {b.size} {extra}",
            lambda x=(name, a, b, extra): getattr(ImageChops, x[0])(x[1], x[2], *x[3]),
        )
        if rng.random() < 0.1:
            shift = (rng.randint(-90, 90), rng.choice((None, rng.randint(-90, 90))))
            yield f"offset {a.mode} {shift}", lambda x=(a, shift): ImageChops.offset(x[0], *x[1])
            yield f"invert {a.mode}", lambda x=a: ImageChops.invert(x)


ATTRIBUTES = ("count", "sum", "sum2", "mean", "median", "rms", "var", "stddev", "extrema", "bands")


def enhance_changed(im: Image.Image, name: str, factor: float, other: Image.Image) -> list[Any]:
    """The degenerate image is that of the time when the enhancer was made."""
    changed = im.copy()
    enhancer = getattr(ImageEnhance, name)(changed)
    changed.paste(0, (0, 0, *im.size))
    results = [enhancer.enhance(factor)]
    enhancer.image = other
    if other.size == im.size:
        results.append(enhancer.enhance(factor))
    results.append(enhancer.degenerate)
    enhancer.degenerate = other
    results.append(enhancer.enhance(factor))
    return results


def measure(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), rng.choice((some_size(rng), (0, 0))))
        mask = image(rng, rng.choice(("L", "1", "RGB")), im.size) if rng.random() < 0.3 else None
        yield (
            f"Stat {im.mode} {im.size} {mask and mask.mode}",
            lambda a=(im, mask): [getattr(ImageStat.Stat(*a), n) for n in ATTRIBUTES],
        )
        name, factor = (
            rng.choice(("Color", "Contrast", "Brightness", "Sharpness")),
            rng.choice((0, 1, 0.5, 1.7, -0.6, rng.uniform(-1, 3))),
        )
        if im.mode not in ("LAB",):
            yield (
                f"{name} {im.mode} {factor}",
                lambda a=(im, name, factor): getattr(ImageEnhance, a[1])(a[0]).enhance(a[2]),
            )
            other = image(rng, rng.choice((im.mode, "RGB")), rng.choice((im.size, some_size(rng))))
            yield (
                f"{name} {im.mode} {factor}, changed afterwards",
                lambda a=(im, name, factor, other): enhance_changed(*a),
            )


def morphology(rng: random.Random) -> Iterator[Case]:
    names = ("corner", "dilation4", "dilation8", "erosion4", "erosion8", "edge", "none")
    while True:
        im = image(rng, rng.choice(("1", "L", "L", "P")), some_size(rng, 14))
        name = rng.choice(names)
        yield f"{name} {im.mode}", lambda a=(im, name): ImageMorph.MorphOp(op_name=a[1]).apply(a[0])
        symbols = "".join(rng.choice("01.X") for _ in range(9))
        pattern = f"{rng.choice('14MNx')}:({symbols})->{rng.choice('01')}"
        yield pattern, lambda a=pattern: ImageMorph.LutBuilder(patterns=[a]).build_lut()
        table = bytearray(rng.randrange(3) for _ in range(rng.choice((512, 512, 600, 9))))
        yield (
            f"match {im.mode} {len(table)}",
            lambda a=(im, table): (
                ImageMorph.MorphOp(a[1]).match(a[0]),
                ImageMorph.MorphOp(a[1]).get_on_pixels(a[0]),
            ),
        )


AREAS: dict[str, tuple[Area, int]] = {
    "transform": (transform, 2000),
    "rotate": (rotate, 800),
    "ImageChops": (chops, 1000),
    "ImageStat, ImageEnhance": (measure, 600),
    "ImageMorph": (morphology, 400),
}
