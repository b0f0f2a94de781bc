"""What calls leave behind in the images they were given and made: palettes, the order of ``info``,
files kept open, classes. Single calls first, then chains of calls that work on one another's
results."""

from __future__ import annotations

import copy
import io
import pickle
import random
from collections.abc import Callable, Iterator
from typing import Any

from common import FILTERS, MODES, Area, Case, image, sample_files, some_size

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

INKS = ((9, 8, 7), (1, 2, 3, 4), (4, 5, 6, 255), "red", "blue", None)
SHAPES: dict[str, tuple[Any, ...]] = {
    "polygon": ([0, 0, 5, 5, 0, 5],),
    "rectangle": ([0, 0, 5, 5],),
    "ellipse": ([0, 0, 5, 5],),
    "chord": ([0, 0, 5, 5], 0, 90),
    "pieslice": ([0, 0, 5, 5], 0, 90),
    "rounded_rectangle": ([0, 0, 7, 7], 2),
    "regular_polygon": ((4, 4, 3), 5),
}
TABLES = (ImageOps.invert, ImageOps.solarize, lambda im: ImageOps.posterize(im, 2))


def state(im: Image.Image) -> Any:
    """All that a program sees of an image besides the pixels, in order."""
    palette = im.palette
    kept = None
    if palette is not None:
        values = palette.palette
        kept = (palette.mode, palette.rawmode, type(values).__name__, list(values))
    cls = type(im)
    return cls.__module__, cls.__name__, im.mode, im.size, im.readonly, im.format, kept, [*im.info]


def seen(im: Image.Image) -> Any:
    return im, state(im)


def shapes(rng: random.Random) -> Iterator[Case]:
    """Colours of a drawing get entries of the palette, the outline's before the area's."""
    for name, args in SHAPES.items():
        for fill in INKS:
            for outline in INKS:

                def call(a: tuple[Any, ...] = (name, args, fill, outline)) -> Any:
                    im = Image.new("P", (9, 9))
                    im.putpalette([0, 0, 0])
                    try:
                        getattr(ImageDraw.Draw(im), a[0])(*a[1], fill=a[2], outline=a[3])
                    except ValueError as error:
                        return str(error), seen(im)
                    return seen(im)

                yield f"{name} fill {fill} outline {outline}", call


def saved(im: Image.Image, format: str, **options: Any) -> Image.Image:
    file = io.BytesIO()
    im.save(file, format, **options)
    return Image.open(io.BytesIO(file.getvalue()))


def files(rng: random.Random) -> Iterator[Case]:
    for mode in ("1", "L", "P", "LA", "RGB", "RGBA", "I;16"):
        im = image(rng, mode, (16, 12))
        for options in ({}, {"optimize": True}, {"save_all": True}, {"palette": bytes(range(48))}):

            def gif(a: tuple[Any, ...] = (im, options)) -> Any:
                source = a[0].copy()
                back = saved(source, "GIF", transparency=0, comment=b"text", **a[1])
                return state(source), back.info, state(back), seen(ImageOps.expand(source, 1, 3))

            yield f"GIF leaves {mode} {options}", gif
        for format in ("TIFF", "PNG", "JPEG"):

            def tags(a: tuple[Any, ...] = (im, format)) -> Any:
                back = saved(a[0], a[1])
                back.load()
                return [*back.getexif().items()], back.getexif().tobytes()

            yield f"Exif of a loaded {format} {mode}", tags
        for format in ("ICNS", "ICO", "TIFF", "PNG"):

            def lazy(a: tuple[Any, ...] = (im, format)) -> Any:
                back = saved(a[0], a[1])
                return back.tobytes(), state(back)

            yield f"bytes of an unloaded {format} {mode}", lazy
    patterns = ("*.gif", "*.tif*", "*.wmf", "*.emf", "*.png", "*.ico", "*.icns", "*.psd")
    for path in sample_files(*patterns):
        if path.name.startswith(("oom-", "timeout-", "crash-")):
            continue  # what warnings damaged files give is nobody's contract

        def opened(a: str = str(path)) -> Any:
            with Image.open(a) as im:
                found = [state(im)]
                im.load()
                found += [state(im), getattr(im, "fp", None) is None]
                if getattr(im, "n_frames", 1) > 1:
                    im.seek(1)
                    found.append(im.mode)
                return found

        yield f"opened {path.name}", opened


def in_place(method: Callable[..., Any]) -> Callable[..., Image.Image]:
    """The image itself after a call that changes it."""

    def call(im: Image.Image, *args: Any) -> Image.Image:
        method(im, *args)
        return im

    return call


def number(rng: random.Random) -> int:
    return rng.choice((0, 1, 3, 255, 300, -2))


def box(rng: random.Random, im: Image.Image) -> tuple[int, int, int, int]:
    x, y = rng.randint(-4, im.width), rng.randint(-4, im.height)
    return x, y, x + rng.randint(0, im.width + 3), y + rng.randint(0, im.height + 3)


def ink(rng: random.Random, im: Image.Image) -> Any:
    bands = tuple(rng.randrange(256) for _ in im.getbands())
    return rng.choice((bands, bands[0], "red", (1, 2, 3), (1, 2, 3, 4), 1.5, None))


def matching(rng: random.Random, im: Image.Image) -> Image.Image:
    mode = im.mode if rng.random() < 0.8 else rng.choice(MODES)
    return image(rng, mode, im.size if rng.random() < 0.5 else some_size(rng))


Step = Callable[[random.Random, Image.Image], Image.Image]
STEPS: tuple[Step, ...] = (
    lambda rng, im: im.convert(rng.choice(("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I"))),
    lambda rng, im: im.convert("P", palette=Image.Palette.ADAPTIVE, colors=rng.choice((2, 7, 256))),
    lambda rng, im: im.crop(box(rng, im)),
    lambda rng, im: im.resize(some_size(rng), rng.choice(FILTERS), None, rng.choice((None, 2.0))),
    # Without rows ours refuses with ValueError, Pillow divides by zero.
    lambda rng, im: in_place(Image.Image.thumbnail)(im, some_size(rng)) if im.height else im,
    lambda rng, im: im.rotate(rng.uniform(-400, 400), expand=rng.random() < 0.5),
    lambda rng, im: im.transpose(rng.choice(tuple(Image.Transpose))),
    lambda rng, im: im.reduce(rng.randint(1, 3)),
    lambda rng, im: im.quantize(rng.choice((1, 5, 256)), dither=Image.Dither.NONE),
    lambda rng, im: im.remap_palette(list(rng.randbytes(rng.choice((1, 5, 256))))),
    lambda rng, im: im.getchannel(rng.choice((0, 1, "A", "R"))),
    lambda rng, im: Image.merge(im.mode, im.split()[::-1]),
    lambda rng, im: im.point(lambda x: x * 1.5 + 10),
    lambda rng, im: im.point([255 - i for i in range(256)] * len(im.getbands())),
    lambda rng, im: im.filter(ImageFilter.GaussianBlur(rng.uniform(0, 3))),
    lambda rng, im: im.filter(rng.choice((ImageFilter.SHARPEN, ImageFilter.MedianFilter(3)))),
    lambda rng, im: in_place(Image.Image.putalpha)(im, number(rng)),
    lambda rng, im: in_place(Image.Image.putalpha)(im, image(rng, "L", im.size)),
    lambda rng, im: in_place(Image.Image.putpalette)(
        im, list(rng.randbytes(rng.choice((3, 12, 768))))
    ),
    lambda rng, im: in_place(Image.Image.putpalette)(im, rng.randbytes(64), "RGBA"),
    lambda rng, im: in_place(Image.Image.paste)(im, matching(rng, im), box(rng, im)[:2]),
    lambda rng, im: in_place(Image.Image.paste)(im, ink(rng, im), box(rng, im)),
    lambda rng, im: in_place(Image.Image.putpixel)(im, box(rng, im)[:2], ink(rng, im)),
    lambda rng, im: in_place(Image.Image.apply_transparency)(im),
    lambda rng, im: in_place(ImageDraw.floodfill)(im, (0, 0), ink(rng, im)),
    lambda rng, im: in_place(lambda a, *b: ImageDraw.Draw(a).ellipse(*b))(
        im, (1, 1, 9, 7), ink(rng, im), ink(rng, im)
    ),
    lambda rng, im: ImageChops.difference(im, matching(rng, im)),
    lambda rng, im: ImageOps.expand(im, (1, 2), ink(rng, im) or 0),
    lambda rng, im: ImageOps.pad(im, some_size(rng), color=ink(rng, im)),
    lambda rng, im: ImageOps.fit(im, some_size(rng)),
    lambda rng, im: rng.choice(TABLES)(im),
    lambda rng, im: ImageOps.autocontrast(im),
    lambda rng, im: saved(im, rng.choice(("PNG", "GIF", "TIFF", "BMP", "TGA", "PCX"))),
    lambda rng, im: saved(im, "WEBP", lossless=True),
    lambda rng, im: pickle.loads(pickle.dumps(im)),
    lambda rng, im: copy.deepcopy(im),
)


def chain(seed: float, length: int) -> Any:
    rng = random.Random(seed)
    # A file of a LAB image gets a colour profile, which holds the time: not the same on both sides.
    modes = [mode for mode in MODES if mode != "LAB"]
    im = image(rng, rng.choice((*modes, "P", "P", "PA")), some_size(rng))
    if rng.random() < 0.3:
        im.info["transparency"] = rng.choice((0, 3, (1, 2, 3), b"\0\x80\xff"))
    found = []
    for _ in range(length):
        step, numbers = rng.randrange(len(STEPS)), random.Random(rng.random())
        before = im
        try:
            im = STEPS[step](numbers, im)
        except Exception as error:
            found.append(type(error).__name__)
        found.append((step, seen(im), state(before)))
    return found


def chains(rng: random.Random) -> Iterator[Case]:
    while True:
        seed, length = rng.random(), rng.randint(3, 8)
        yield f"chain of {length} from {seed}", lambda a=(seed, length): chain(*a)


AREAS: dict[str, tuple[Area, int]] = {
    "palettes of drawings": (shapes, 10000),
    "what files leave": (files, 10000),
    "chains": (chains, 500),
}
