"""ImageOps, quantisation, colour tables, rank and mode filters, effects, and images that are large
enough to be written past the caches."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from common import MODES, Area, Case, image, some_size

from PIL import Image, ImageChops, ImageFilter, ImageOps

COLOURS = ("red", "#12345678", 0, 7, 300, (1, 2, 3), (9, 8, 7, 6), (5,), 1.5, None)
HOSTILE_SIZES = ((0, 0), (0, 5), (5, 0), (-1, 4), (3, -2), (1, 1))


def mostly(rng: random.Random, usual: tuple[str, ...]) -> str:
    """One of the modes that an operation is made for, sometimes any other."""
    return rng.choice(usual) if rng.random() < 0.75 else rng.choice(MODES)


def shown(args: tuple[Any, ...]) -> str:
    """Arguments for a description, without addresses."""
    return ", ".join(
        f"{a.mode} {a.size}" if isinstance(a, Image.Image) else str(getattr(a, "mesh", a))
        for a in args
    )


def any_size(rng: random.Random) -> tuple[int, int]:
    return rng.choice(HOSTILE_SIZES) if rng.random() < 0.1 else some_size(rng, 30)


def pair(rng: random.Random, low: float, high: float) -> tuple[float, float]:
    return rng.uniform(low, high), rng.uniform(low, high)


def border(rng: random.Random) -> Any:
    n = [rng.randint(-3, 9) for _ in range(4)]
    return rng.choice((n[0], tuple(n[:2]), tuple(n), (1, 2, 3), [1, 2], 1.5, -40))


class Mesh:
    """Deforms by the mesh given."""

    def __init__(self, mesh: Any) -> None:
        self.mesh = mesh

    def getmesh(self, image: Image.Image) -> Any:
        return self.mesh


def mesh(rng: random.Random) -> Mesh:
    parts = []
    for _ in range(rng.randint(0, 3)):
        x, y = rng.randint(-5, 20), rng.randint(-5, 20)
        box = (x, y, x + rng.randint(1, 20), y + rng.randint(1, 20))
        parts.append((box, tuple(rng.randint(-10, 40) for _ in range(8))))
    return Mesh(parts)


def table_arguments(rng: random.Random, size: tuple[int, int]) -> dict[str, tuple[Any, ...]]:
    """Arguments of the operations that apply tables, by name."""
    mask = image(rng, rng.choice(("L", "1", "L", "RGB")), rng.choice((size, size, (3, 3))))
    cutoff = rng.choice((0, 1, 10.5, 50, 60, (5, 0), (0, 99), (70, 40)))
    ignore = rng.choice((None, 0, 255, (0, 255), [7, 9]))
    return {
        "invert": (),
        "grayscale": (),
        "posterize": (rng.choice((1, 2, 3, 4, 7, 8, 0, 9, -1)),),
        "solarize": (rng.choice((0, 1, 128, 200, 255, 256, -5, 99.5)),),
        "equalize": (rng.choice((None, mask)),),
        "autocontrast": (cutoff, ignore, rng.choice((None, None, mask)), rng.random() < 0.3),
    }


def colorize_arguments(rng: random.Random) -> tuple[Any, ...]:
    def colour() -> Any:
        return rng.choice(("black", "white", "#123", (rng.randrange(256), 3, 99), (1, 2)))

    points = sorted(rng.randrange(256) for _ in range(3))
    if rng.random() < 0.1:
        points.reverse()
    low, mid, high = points
    return (colour(), colour(), rng.choice((None, None, colour())), low, high, mid)


def geometry_arguments(rng: random.Random) -> dict[str, tuple[Any, ...]]:
    """Arguments of the operations that change the size, by name."""
    method = rng.choice(tuple(Image.Resampling)[:6])
    centre = rng.choice(((0.5, 0.5), (0, 1), pair(rng, -1, 2)))
    bleed = rng.choice((0.0, 0.1, 0.49, 0.5, -1))
    colour = rng.choice(COLOURS)
    return {
        "flip": (),
        "mirror": (),
        "scale": (rng.choice((1, 2, 0.5, 0.01, 0, -1, rng.uniform(0.1, 3))), method),
        "contain": (any_size(rng), method),
        "cover": (any_size(rng), method),
        "pad": (any_size(rng), method, colour, centre),
        "fit": (any_size(rng), method, bleed, centre),
        "crop": (border(rng),),
        "expand": (border(rng), 0 if colour is None else colour),
        "deform": (mesh(rng), rng.choice((0, 2, 3, 1))),
    }


def operations(rng: random.Random) -> Iterator[Case]:
    """Every function of ImageOps but exif_transpose."""
    while True:
        im = image(rng, mostly(rng, ("L", "RGB", "P", "1")), some_size(rng, 30))
        name, args = rng.choice(sorted(table_arguments(rng, im.size).items()))
        if rng.random() < 0.15:
            name, args = "colorize", colorize_arguments(rng)
            im = im.convert("L") if rng.random() < 0.9 and im.mode in ("RGB", "P") else im
        yield (
            f"{name} {im.mode} {im.size} {shown(args)}",
            lambda x=(name, im, args): getattr(ImageOps, x[0])(x[1], *x[2]),
        )
        im = image(rng, rng.choice(MODES), some_size(rng, 30))
        name, args = rng.choice(sorted(geometry_arguments(rng).items()))
        yield (
            f"{name} {im.mode} {im.size} {shown(args)}",
            lambda x=(name, im, args): getattr(ImageOps, x[0])(x[1], *x[2]),
        )


def oriented(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng, 12))
        orientation = rng.choice((*range(1, 9), 0, 9, None))
        if orientation is not None:
            im.getexif()[0x0112] = orientation

        def run(im: Image.Image = im, in_place: bool = rng.random() < 0.5) -> Any:
            result = ImageOps.exif_transpose(im, in_place=in_place)
            return result, im, dict(im.getexif())

        yield f"exif_transpose {im.mode} {orientation}", run


def few_colours(rng: random.Random, mode: str) -> Image.Image:
    """Images with one colour, a few, or as many as pixels."""
    im = image(rng, mode, some_size(rng, 24))
    if rng.random() < 0.2 and mode in ("RGB", "RGBA", "L"):
        im = im.resize((rng.randint(40, 70), rng.randint(30, 60)), Image.Resampling.BILINEAR)
    return im


def quantization(rng: random.Random) -> Iterator[Case]:
    while True:
        mode = mostly(rng, ("RGB", "RGB", "RGBA", "L", "P"))
        im = few_colours(rng, mode)
        colours = rng.choice((256, 1, 2, 3, 16, 255, rng.randint(1, 256), 0, 257, -1))
        method = rng.choice((None, 0, 0, 1, 1, 2, 2, 3, 4, -1))
        kmeans = rng.choice((0, 0, 1, 2, 7, -1))
        yield (
            f"quantize {mode} {im.size} {colours} {method} {kmeans}",
            lambda a=(im, colours, method, kmeans): a[0].quantize(*a[1:]),
        )
        palette = image(rng, "P", (1, 1)) if rng.random() < 0.9 else im
        if rng.random() < 0.3 and palette.mode == "P":
            palette = palette.copy()
            palette.putpalette(rng.randbytes(3 * rng.choice((0, 1, 2, 255, 256))))
        dither = rng.choice(tuple(Image.Dither))
        yield (
            f"to palette {mode} {im.size} {palette.mode} {dither.name}",
            lambda a=(im, palette, dither): a[0].quantize(palette=a[1], dither=a[2]),
        )
        kind = rng.choice((Image.Palette.WEB, Image.Palette.ADAPTIVE))
        yield (
            f"to P {mode} {im.size} {dither.name} {kind.name} {colours}",
            lambda a=(im, dither, kind, colours): a[0].convert("P", None, *a[1:]),
        )
        if mode in ("P", "L"):
            entries = rng.choice(((256, 256), (4, 16), (16, 4), (0, 16)))
            order = rng.sample(range(entries[1]), min(entries))
            yield (
                f"remap_palette {mode} {len(order)}",
                lambda a=(im, order): a[0].remap_palette(a[1]),
            )


def colour_tables(rng: random.Random) -> Iterator[Case]:
    while True:
        size: Any = rng.choice((2, 3, 5, 9, tuple(rng.randint(2, 7) for _ in range(3)), 1, 66))
        channels = rng.choice((3, 3, 4, 4, 2))
        sizes = size if isinstance(size, tuple) else (size,) * 3
        count = channels * sizes[0] * sizes[1] * sizes[2] if size != 66 else 4
        low, high = rng.choice(((0, 1), (-0.5, 1.5), (-3, 3), (0.4, 0.6)))
        values = [rng.uniform(low, high) for _ in range(count + (rng.random() < 0.03))]
        if rng.random() < 0.1:
            values[0] = rng.choice((float("nan"), float("inf"), -1e30))
        target = rng.choice((None, None, "RGB", "RGBA", "CMYK", "HSV", "L"))
        im = image(rng, mostly(rng, ("RGB", "RGBA", "CMYK", "YCbCr", "HSV")), some_size(rng, 30))

        def run(a: Any = (im, size, values, channels, target)) -> Any:
            lut = ImageFilter.Color3DLUT(a[1], a[2], a[3], a[4])
            return a[0].filter(lut), repr(lut)

        yield f"3-D table {im.mode} {im.size} {size} {channels} {target} {low} {high}", run
        if count < 800 and channels == 3:
            normals = rng.random() < 0.5

            def derived(a: Any = (size, values, normals)) -> Any:
                lut = ImageFilter.Color3DLUT(a[0], a[1])
                turned = lut.transform(lambda *v: (v[2], v[1] * 0.5, v[0]), with_normals=a[2])
                four = lut.transform(lambda *v: (*v[:3], 1), channels=4, target_mode="RGBA")
                return turned.table, four.table, repr(four)

            yield f"transformed table {size}", derived


RANKS: tuple[Callable[[random.Random, int], Any], ...] = (
    lambda rng, n: ImageFilter.RankFilter(n, rng.randint(-1, n * n)),
    lambda rng, n: ImageFilter.MedianFilter(n),
    lambda rng, n: ImageFilter.MinFilter(n),
    lambda rng, n: ImageFilter.MaxFilter(n),
    lambda rng, n: ImageFilter.ModeFilter(n),
)


def rank_filters(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), rng.choice((some_size(rng), some_size(rng), (0, 3))))
        n = rng.choice((1, 3, 3, 5, 5, 7, 9, 2, 0, -3, 41))
        make = rng.choice(RANKS)
        seed = rng.random()
        yield (
            f"rank {im.mode} {im.size} {n} {RANKS.index(make)} {seed}",
            lambda a=(im, make, n, seed): a[0].filter(a[1](random.Random(a[3]), a[2])),
        )


def effects(rng: random.Random) -> Iterator[Case]:
    while True:
        mode = rng.choice(MODES)
        yield f"linear {mode}", lambda m=mode: Image.linear_gradient(m)
        yield f"radial {mode}", lambda m=mode: Image.radial_gradient(m)
        size = any_size(rng)
        extent = (*pair(rng, -2, 0), *pair(rng, -0.5, 2))
        quality = rng.choice((2, 10, 100, 1, -1))
        yield (
            f"mandelbrot {size} {extent} {quality}",
            lambda a=(size, extent, quality): Image.effect_mandelbrot(*a),
        )
        # Of 16-bit pixels Pillow moves only the first bytes of each row and leaves the rest as the
        # memory was.
        spread = mode if not mode.startswith("I;") else "I"
        im, distance = image(rng, spread, some_size(rng, 20)), rng.choice((0, 1, 5, 50))
        # Both sides draw from the C library's generator, which begins with the same seed.
        yield (
            f"spread {mode} {im.size} {distance}",
            lambda a=(im, distance): a[0].effect_spread(a[1]),
        )
        sigma = rng.choice((0, 1, 30.5, 1000))
        yield f"noise {size} {sigma}", lambda a=(size, sigma): Image.effect_noise(*a)
        most = rng.choice((1, 16, 256, 10000))
        yield f"getcolors {mode} {most}", lambda a=(im, most): a[0].getcolors(a[1])


def large(rng: random.Random) -> Iterator[Case]:
    """Results of more than 8 MiB."""
    tile = Image.frombytes("RGBA", (256, 256), rng.randbytes(4 << 16))
    base = Image.new("RGBA", (2203, 1001))
    for i in range(40):
        base.paste(tile.rotate(90 * (i % 4)), (i % 9 * 256, i // 9 * 256))
    other = base.transpose(Image.Transpose.ROTATE_180)
    calls: tuple[Callable[[Image.Image, Image.Image], Any], ...] = (
        ImageChops.add,
        ImageChops.lighter,
        ImageChops.soft_light,
        lambda a, b: ImageChops.subtract(a, b, 2, 9),
        lambda a, b: ImageChops.offset(a, 101, -3),
        lambda a, b: ImageOps.flip(a),
        lambda a, b: ImageOps.mirror(a),
        lambda a, b: a.crop((-3, -5, 2202, 1001)),
        lambda a, b: a.rotate(17, Image.Resampling.BICUBIC),
        lambda a, b: a.rotate(-101, Image.Resampling.BILINEAR),
        lambda a, b: a.rotate(33),
        lambda a, b: a.transform(a.size, Image.Transform.EXTENT, (5, 9, 1000, 800)),
        lambda a, b: ImageOps.autocontrast(a.convert("RGB"), 3),
        lambda a, b: ImageOps.equalize(a.convert("RGB")),
    )
    while True:
        for number, call in enumerate(calls):
            mode = rng.choice(("RGB", "RGBA", "CMYK"))
            yield (
                f"large {number} {mode}",
                lambda a=(call, mode): a[0](base.convert(a[1]), other.convert(a[1])),
            )


AREAS: dict[str, tuple[Area, int]] = {
    "ImageOps": (operations, 1200),
    "exif_transpose": (oriented, 200),
    "quantize": (quantization, 900),
    "Color3DLUT": (colour_tables, 300),
    "rank and mode filters": (rank_filters, 600),
    "effects": (effects, 300),
    "large images": (large, 28),
}
