"""Conversion, compositing, bands, point operations, statistics, geometry, raw modes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from common import BYTE_MODES, MODES, Area, Case, image, some_size

from PIL import Image


def convert(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), rng.choice((some_size(rng), (0, 3), (130, 7))))
        if rng.random() < 0.15:
            im.info["transparency"] = rng.choice((0, 3, b"\x00\x80", (1, 2, 3)))
        to, dither = rng.choice(MODES), rng.choice((None, Image.Dither.NONE))
        if "LAB" in (to, im.mode):
            continue  # goes through the colour engine, which another issue brings
        if to in ("P", "PA") and im.mode == "RGBA":
            continue  # quantizes, which another issue brings
        yield (
            f"{im.mode} {im.size} to {to} dither={dither} {im.info}",
            lambda a=(im, to, dither): a[0].copy().convert(a[1], dither=a[2]),
        )


def matrix(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(("RGB", "RGB", "HSV", "YCbCr", "L", "RGBA")), some_size(rng))
        to = rng.choice(("RGB", "L", "CMYK"))
        count = rng.choice((12, 12, 5)) if to == "RGB" else rng.choice((4, 12))
        values = tuple(round(rng.uniform(-1.5, 1.5), rng.choice((1, 6))) for _ in range(count))

        def call(a: tuple[Any, ...] = (im, to, values)) -> Any:
            out = a[0].convert(a[1], a[2])
            return (out.mode, out.size, out.tobytes())  # the pad byte is unspecified

        yield f"{im.mode} to {to} by {values}", call


def paste(rng: random.Random) -> Iterator[Case]:
    masks = ("1", "L", "LA", "RGBA", "RGBa", "P", "I")
    while True:
        mode = rng.choice(MODES)
        under = image(rng, mode, some_size(rng))
        size = some_size(rng)
        at = (rng.randint(-20, 40), rng.randint(-20, 40))
        source: Any
        if rng.random() < 0.5:
            source = image(rng, rng.choice((mode, mode, mode, rng.choice(BYTE_MODES))), size)
            if "LAB" in (source.mode, mode) or (source.mode == "RGBA" and mode in ("P", "PA")):
                continue
        else:
            source = rng.choice((rng.randint(-5, 300), (1, 2, 3), (9, 200, 30, 128), "red", 2.5))
        mask = image(rng, rng.choice(masks), size) if rng.random() < 0.7 else None
        box = at if isinstance(source, Image.Image) else (*at, at[0] + size[0], at[1] + size[1])
        if rng.random() < 0.05:
            box = None

        def call(a: tuple[Any, ...] = (under, source, box, mask)) -> Image.Image:
            copy = a[0].copy()
            copy.paste(*a[1:])
            return copy

        what = source.mode if isinstance(source, Image.Image) else repr(source)
        text = f"{mode} {under.size} paste {what} {box} mask {mask and mask.mode}"
        if mode.startswith("I;") and rng.random() < 0.7:
            continue
        yield text, call


def composite(rng: random.Random) -> Iterator[Case]:
    while True:
        kind = rng.randrange(4)
        if kind == 0:
            mode, size = rng.choice(("RGBA", "RGBA", "LA", "RGB")), some_size(rng, 80)
            a, b = image(rng, mode, size), image(rng, mode, size)
            yield f"alpha_composite {mode} {size}", lambda a=(a, b): Image.alpha_composite(*a)
        elif kind == 1:
            mode, size = rng.choice(MODES), some_size(rng)
            a, b = image(rng, mode, size), image(rng, rng.choice((mode, "YCbCr")), size)
            alpha = rng.choice((0, 0.5, 1, 0.3333, -0.7, 2.5, rng.random()))
            yield f"blend {mode} {b.mode} {alpha}", lambda a=(a, b, alpha): Image.blend(*a)
        elif kind == 2:
            mode, size = rng.choice(BYTE_MODES), some_size(rng)
            a, b = image(rng, mode, size), image(rng, mode, some_size(rng))
            mask = image(rng, rng.choice(("1", "L", "RGBA")), rng.choice((size, b.size)))
            yield f"composite {mode}", lambda a=(a, b, mask): Image.composite(*a)
        else:
            mode = rng.choice(("RGBA", "LA"))
            a, b = image(rng, mode, some_size(rng)), image(rng, mode, some_size(rng))
            dest = (rng.randint(-9, 20), rng.randint(-9, 20))
            source = rng.choice(((0, 0), (1, 2), (2, 1, 9, 8), (-1, 0)))

            def call(a: tuple[Any, ...] = (a, b, dest, source)) -> Image.Image:
                copy = a[0].copy()
                copy.alpha_composite(*a[1:])
                return copy

            yield f"method alpha_composite {mode} {dest} {source}", call


def bands(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng))
        kind = rng.randrange(5)
        if kind == 0:
            yield f"split {im.mode}", lambda a=im: a.split()
        elif kind == 1:
            band = rng.choice((0, 1, 2, 3, 4, -1, "R", "A", "L", "K"))
            yield f"getchannel {im.mode} {band}", lambda a=(im, band): a[0].getchannel(a[1])
        elif kind == 2:
            mode = rng.choice(MODES)
            count = rng.choice((len(Image.getmodebands(mode) * "x"), 3))
            parts = [image(rng, rng.choice(("L", "L", "L", "1", "P", "I")), im.size)] * count
            yield (
                f"merge {mode} of {count} {parts[0].mode}",
                lambda a=(mode, parts): Image.merge(*a),
            )
        elif kind == 3:
            alpha: Any = rng.choice((0, 128, 300, -4, 1.5))
            if rng.random() < 0.6:
                alpha = image(rng, rng.choice(("L", "1", "RGB")), im.size)

            def call(a: tuple[Any, ...] = (im, alpha)) -> Image.Image:
                copy = a[0].copy()
                copy.putalpha(a[1])
                return copy

            yield f"putalpha {im.mode} {getattr(alpha, 'mode', alpha)}", call
        else:
            other = image(rng, im.mode, im.size)
            rest = other.split()[::-1]
            yield f"merge back {im.mode}", lambda a=(im.mode, rest): Image.merge(*a)


def point(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng))
        kind = rng.randrange(4)
        if kind == 0:
            length = 256 * rng.choice((1, 3, 4, len(im.getbands()), len(im.getbands())))
            table = [rng.randint(-20, 280) for _ in range(length)]
            mode = rng.choice((None, None, "L", "1"))
            yield f"table {im.mode} {length} {mode}", lambda a=(im, table, mode): a[0].point(*a[1:])
        elif kind == 1:
            scale, offset = rng.uniform(-3, 3), rng.uniform(-100, 100)
            yield (
                f"linear {im.mode} {scale} {offset}",
                lambda a=(im, scale, offset): a[0].point(lambda v: v * a[1] + a[2]),
            )
        elif kind == 2 and im.mode in ("L", "P", "1"):
            mode = rng.choice(("I", "F", "L", "1", "P"))
            table = [rng.randint(-(2**20), 2**20) for _ in range(256)]
            yield f"table {im.mode} to {mode}", lambda a=(im, table, mode): a[0].point(*a[1:])
        else:
            table = [rng.randint(0, 255) for _ in range(65536)]
            yield f"table 16 {im.mode}", lambda a=(im, table): a[0].point(a[1], "L")


def statistics(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), rng.choice((some_size(rng), (0, 0), (150, 11))))
        mask = image(rng, rng.choice(("L", "1", "RGB")), im.size) if rng.random() < 0.3 else None
        for name, call in (
            ("histogram", lambda a=(im, mask): a[0].histogram(a[1])),
            ("entropy", lambda a=(im, mask): a[0].entropy(a[1])),
            ("getextrema", lambda a=im: a.getextrema()),
            ("getbbox", lambda a=im: (a.getbbox(), a.getbbox(alpha_only=False))),
            ("getprojection", lambda a=im: a.getprojection()),
            ("getcolors", lambda a=im: (a.getcolors(), a.getcolors(9), a.getcolors(100000))),
        ):
            yield f"{name} {im.mode} {im.size} mask {mask and mask.mode}", call


def geometry(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), rng.choice((some_size(rng, 70), (0, 4))))
        kind = rng.randrange(3)
        if kind == 0:
            op = rng.choice(list(Image.Transpose))
            yield f"{op.name} {im.mode} {im.size}", lambda a=(im, op): a[0].transpose(a[1])
        elif kind == 1:
            box = tuple(rng.choice((rng.randint(-20, 60), rng.uniform(-5, 50))) for _ in range(4))
            yield f"crop {im.mode} {im.size} {box}", lambda a=(im, box): a[0].crop(a[1])
        else:
            angle = rng.choice((0, 90, 180, 270, 360, -90))
            expand = rng.choice((True, False))
            if im.width != im.height and not expand and angle % 180:
                continue  # needs the affine transform, which another issue brings
            yield (
                f"rotate {im.mode} {im.size} {angle} {expand}",
                lambda a=(im, angle, expand): a[0].rotate(a[1], expand=a[2]),
            )


RAWMODES = """
    1 1;I 1;R 1;IR 1;8 L L;I L;2 L;4 L;2I L;4R L;16 L;16B LA LA;L La P P;1 P;2 P;4 P;2L P;4L PA
    PA;L RGB RGB;L RGB;R RGB;16L RGB;16B BGR RGB;15 BGR;15 RGB;16 BGR;16 RGB;4B BGR;5 RGBX
    RGBX;L RGBX;16L RGBX;16B BGRX XRGB XBGR BGXR RGBXX RGBXXX YCC;P R G B A X RGBA RGBA;L RGBA;I
    RGBA;16L RGBA;16B BGRA ARGB ABGR RGBa BGRa aRGB aBGR RGBAX RGBAXX RGBaX RGBa;16L RGBa;16B
    RGBA;15 BGRA;15 RGBA;4B BGRA;16L LA;16B YCCA;P CMYK CMYK;I CMYK;L CMYKX CMYK;16L C M Y K K;I
    YCbCr YCbCr;L YCbCrX YCbCrK Cb Cr LAB HSV H S V I I;8 I;8S I;16 I;16L I;16B I;16N I;16S
    I;16BS I;32 I;32B I;32S I;32BS I;16R I;12 F F;8 F;16 F;16BS F;32 F;32F F;32BF F;64F F;64BF
    nonsense
""".split()


def rawmodes(rng: random.Random) -> Iterator[Case]:
    for mode in MODES:
        for raw in RAWMODES:
            size = (rng.randint(1, 70), rng.randint(1, 3))
            data = rng.randbytes(8 * size[0] * size[1] + 64)
            step = rng.choice((1, 1, -1))
            stride = rng.choice((0, 0, 0, 8 * size[0]))
            if mode == "F" and raw.endswith("F"):
                continue  # random bits are nans of many kinds, which conversions may alter
            yield (
                f"frombytes {mode} {raw} {size} {stride} {step}",
                lambda a=(mode, size, data, "raw", raw, stride, step): Image.frombytes(*a),
            )
            im = image(rng, mode, size)
            yield (
                f"tobytes {mode} {raw} {size}",
                lambda a=(im, raw, stride, step): a[0].tobytes("raw", *a[1:]),
            )


AREAS: dict[str, tuple[Area, int]] = {
    "convert": (convert, 1500),
    "matrix": (matrix, 200),
    "paste": (paste, 1500),
    "composite and blend": (composite, 600),
    "bands": (bands, 500),
    "point": (point, 500),
    "statistics": (statistics, 900),
    "geometry": (geometry, 600),
    "raw modes": (rawmodes, 4720),
}
