"""Creation, single pixels, palettes, exchange, colours, Exif: the Python layer with its errors."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from typing import Any

from common import MODES, Area, Case, image, some_size

from PIL import Image, ImageColor, ImagePalette, ImageSequence

COLOURS: tuple[Any, ...] = (
    0,
    1,
    255,
    256,
    -1,
    2**31,
    2**32 + 7,
    2**64,
    0x11223344,
    1.5,
    None,
    "red",
    "#123",
    "#12345678",
    "hsl(120, 50%, 25%)",
    "nocolour",
    (7,),
    (1, 2),
    (1, 2, 3),
    (1, 2, 3, 4),
    (300, -5, 9),
    (1.5, 2, 3),
    [1, 2, 3],
    (),
    True,
    (1, 2, 3, 4, 5),
)


def create(rng: random.Random) -> Iterator[Case]:
    for mode in (*MODES, "BGR;15", "", "XYZ"):
        for colour in COLOURS:
            yield f"new {mode} {colour!r}", lambda a=(mode, colour): Image.new(a[0], (3, 2), a[1])
    for size in ((0, 0), (3, 0), (-1, 2), (2.0, 3), [4, 5], (1,), "ab", (2**31, 1), (2**29, 1)):
        yield f"new size {size}", lambda a=size: Image.new("L", a)


def pixels(rng: random.Random) -> Iterator[Case]:
    places: tuple[Any, ...] = (
        (0, 0),
        (-1, -1),
        (2, 1),
        (9, 0),
        (0, -9),
        (1.7, 0.2),
        (-0.5, 0),
        [1, 1],
        (1,),
        (1, 2, 3),
        "ab",
        (None, 1),
        (2**32, 0),
        (float("nan"), 0),
    )
    for mode in MODES:
        im = image(rng, mode, (4, 3))
        for at in places:
            yield f"getpixel {mode} {at}", lambda a=(im, at): a[0].getpixel(a[1])
            yield f"access {mode} {at}", lambda a=(im, at): a[0].load()[a[1]]
        for colour in COLOURS:
            at = rng.choice(places[:6])

            def put(a: tuple[Any, ...] = (im, at, colour)) -> Image.Image:
                copy = a[0].copy()
                copy.putpixel(*a[1:])
                return copy

            def assign(a: tuple[Any, ...] = (im, colour)) -> Image.Image:
                copy = a[0].copy()
                copy.load()[1, 2] = a[1]
                return copy

            yield f"putpixel {mode} {at} {colour!r}", put
            yield f"assign {mode} {colour!r}", assign


def data(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(MODES), some_size(rng, 6))
        count = rng.randint(0, im.width * im.height + 1)
        kind = rng.randrange(5)
        values: Any
        if kind == 0:
            values = [rng.randint(-70000, 70000) for _ in range(count)]
        elif kind == 1:
            values = [rng.uniform(-300, 600) for _ in range(count)]
        elif kind == 2:
            values = rng.randbytes(count)
        elif kind == 3:
            values = [tuple(rng.randint(-9, 300) for _ in range(4)) for _ in range(count)]
        else:
            values = [(rng.randrange(256), rng.randrange(256)) for _ in range(count)]
        scale, offset = rng.choice(((1.0, 0.0), (2.5, -7.0), (-1, 255)))

        def call(a: tuple[Any, ...] = (im, values, scale, offset)) -> Image.Image:
            copy = a[0].copy()
            copy.putdata(*a[1:])
            return copy

        if kind == 2 and im.mode.startswith("I;"):
            continue
        yield f"putdata {im.mode} {im.size} kind {kind} x{scale}+{offset}", call
        yield f"get_flattened_data {im.mode}", lambda a=im: a.get_flattened_data()


def palettes(rng: random.Random) -> Iterator[Case]:
    raws = (
        "RGB",
        "RGBA",
        "RGBX",
        "BGR",
        "CMYK",
        "L",
        "RGB;L",
        "XRGB",
        "RGB;16B",
        "BGRA",
        "nope",
        "R",
    )
    while True:
        im = image(rng, rng.choice(("P", "PA", "L", "LA", "RGB", "1")), some_size(rng, 8))
        raw = rng.choice(raws)
        content: Any = rng.randbytes(rng.choice((3, 12, 48, 768, 1024, 1025)))
        if rng.random() < 0.3:
            content = list(content)

        def put(a: tuple[Any, ...] = (im, content, raw)) -> Any:
            copy = a[0].copy()
            copy.putpalette(a[1], a[2])
            palette = copy.palette
            assert palette is not None
            return (copy, copy.convert("RGBA"), palette.mode, palette.rawmode, copy.getpalette())

        yield f"putpalette {im.mode} {raw} {len(content)}", put
        get = rng.choice((*raws, None))
        yield f"getpalette {im.mode} {get}", lambda a=(im, get): a[0].getpalette(a[1])
        wanted = [rng.randrange(256) for _ in range(rng.choice((1, 7, 256)))]
        yield f"remap {im.mode} {len(wanted)}", lambda a=(im, wanted): a[0].remap_palette(a[1])
        mode = rng.choice(("RGB", "RGBA", "CMYK"))
        colours = [tuple(rng.randrange(4) for _ in range(rng.choice((3, 4)))) for _ in range(20)]

        def allocate(a: tuple[Any, ...] = (mode, colours)) -> Any:
            palette = ImagePalette.ImagePalette(a[0])
            return [palette.getcolor(c) for c in a[1]], palette.tobytes()

        yield f"getcolor {mode} {colours}", allocate
        transparency = rng.choice((0, 5, 300, b"\x00\x7f\xff", "x"))

        def apply(a: tuple[Any, ...] = (im, transparency)) -> Any:
            copy = a[0].copy()
            copy.info["transparency"] = a[1]
            copy.apply_transparency()
            return copy, copy.has_transparency_data

        if im.mode == "P":
            yield f"apply_transparency {transparency!r}", apply


def exchange(rng: random.Random) -> Iterator[Case]:
    for mode in MODES:
        for size in ((5, 3), (0, 2), (1, 1), (64, 2)):
            im = image(rng, mode, size)
            yield f"pickle {mode} {size}", lambda a=im: pickle.loads(pickle.dumps(a))
            yield f"array interface {mode} {size}", lambda a=im: a.__array_interface__
            yield f"equality {mode}", lambda a=im: (a == a.copy(), a != a.copy(), repr(a)[:40])
            raw = rng.choice((mode, "RGBX", "L", "BGR"))
            buffer = rng.randbytes(rng.choice((4, 60, 6000)))

            def shared(a: tuple[Any, ...] = (mode, size, buffer, raw)) -> Any:
                got = Image.frombuffer(a[0], a[1], a[2], "raw", a[3], 0, 1)
                return got, got.readonly

            yield f"frombuffer {mode} {raw} {size} {len(buffer)}", shared

            def arrow(a: tuple[Any, ...] = (im, mode)) -> Any:
                back = Image.fromarrow(a[0], a[1], a[0].size)
                return back, back.readonly

            if 0 not in size:  # Pillow cannot import its own export of an empty image
                yield f"arrow {mode} {size}", arrow
            yield f"frames {mode}", lambda a=im: [f.size for f in ImageSequence.Iterator(a)]


class Array:
    """An object with an array interface, so that the test needs no numpy."""

    def __init__(self, shape: tuple[int, ...], typestr: str, content: bytes) -> None:
        self.__array_interface__ = {"shape": shape, "typestr": typestr, "version": 3}
        self.content = content

    def tobytes(self) -> bytes:
        return self.content


def arrays(rng: random.Random) -> Iterator[Case]:
    types = ("|b1", "|u1", "|i1", "<u2", ">u2", "<i2", "<u4", ">i4", "<f4", ">f8", "<c8")
    for typestr in types:
        for shape in ((3, 4), (3, 4, 1), (3, 4, 2), (3, 4, 3), (3, 4, 4), (5,), (), (2, 2, 2, 2)):
            for mode in (None, "L", "P", "RGBX", "HSV", "I;16"):
                count = int(typestr[2])
                for n in shape:
                    count *= n
                content = bytes(i * 7 & 127 for i in range(count))
                interface: Any = Array(shape, typestr, content)
                interface.__array_interface__["strides"] = tuple(1 for _ in shape)
                yield (
                    f"fromarray {typestr} {shape} {mode}",
                    lambda a=(interface, mode): Image.fromarray(*a),
                )


def colours(rng: random.Random) -> Iterator[Case]:
    names = sorted(ImageColor.colormap)
    odd = (
        "#abc",
        "#abcd",
        "#aabbcc",
        "#AABBCCDD",
        "#ab",
        "rgb(1,2,3)",
        "rgb(300, -2, 3)",
        "rgba(1,2,3,4)",
        "rgb(10%, 20%, 30%)",
        "rgb(100%,0%,50.5%)",
        "hsl(10,20%,30%)",
        "hsv(10,20%,30%)",
        "hsb(9,8%,7%)",
        "hsl(361.5,100%,50%)",
        "hsl(10,20,30)",
        "",
        " red",
        "RED",
        "rgb(1,2)",
        "#ggg",
        "rgb(1.5,2,3)",
    )
    for text in (*names, *odd):
        yield f"getrgb {text!r}", lambda a=text: ImageColor.getrgb(a)
        mode = rng.choice((*MODES, "XX"))
        yield f"getcolor {text!r} {mode}", lambda a=(text, mode): ImageColor.getcolor(*a)


def exif(rng: random.Random) -> Iterator[Case]:
    tags = (0x0100, 0x010E, 0x010F, 0x0112, 0x011A, 0x0131, 0x0132, 0x013B, 0x8298, 0x9286, 0xC621)
    while True:
        written = {}
        for tag in rng.sample(tags, rng.randint(0, 5)):
            written[tag] = rng.choice(
                (rng.randint(0, 70000), "text", b"bytes\0", 1.5, (1, 2, 3), "ü", -3, (0.5, 2.25))
            )
        sub = {0x9000: b"0220", 0xA002: rng.randint(0, 9)} if rng.random() < 0.5 else {}

        def call(a: tuple[Any, ...] = (written, sub)) -> Any:
            made = Image.Exif()
            for tag, value in a[0].items():
                made[tag] = value
            if a[1]:
                made.get_ifd(0x8769).update(a[1])
            raw = made.tobytes()
            back = Image.Exif()
            back.load(raw)
            return raw, dict(back), dict(back.get_ifd(0x8769))

        yield f"exif {written} {sub}", call

        def damaged(a: tuple[Any, ...] = (written, rng.random(), rng.randrange(256))) -> Any:
            made = Image.Exif()
            for tag, value in a[0].items():
                made[tag] = value
            raw = bytearray(made.tobytes())
            raw[6 + int(a[1] * (len(raw) - 6))] = a[2]
            back = Image.Exif()
            back.load(bytes(raw))
            return dict(back)

        yield f"damaged exif {written}", damaged


AREAS: dict[str, tuple[Area, int]] = {
    "new": (create, 10000),
    "pixel access": (pixels, 10000),
    "putdata": (data, 800),
    "palettes": (palettes, 800),
    "exchange": (exchange, 10000),
    "arrays": (arrays, 10000),
    "colours": (colours, 10000),
    "exif": (exif, 400),
}
