"""Benchmark cases of the modules that compute on pixels: the speed table of their issue, and a
sweep over every public function of them, each of which is to be at least as fast as Pillow's."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from cases import BARS, CASES, Inputs, case, simple

from PIL import (
    Image,
    ImageChops,
    ImageDraw,
    ImageEnhance,
    ImageFilter,
    ImageMath,
    ImageMorph,
    ImageOps,
    ImageStat,
)

R = Image.Resampling
Q = Image.Quantize

# --- the table ---------------------------------------------------------------------------------

simple("median RGB 3", 100, "RGB", lambda im: im.filter(ImageFilter.MedianFilter(3)))
simple("median L 5", 80, "L", lambda im: im.filter(ImageFilter.MedianFilter(5)))
simple("mode filter L 5", 5, "L", lambda im: im.filter(ImageFilter.ModeFilter(5)))
for _mode in ("L", "RGBA", "LA", "F", "I"):
    for _f in (R.BILINEAR, R.BICUBIC):
        simple(
            f"rotate 30 {_mode} {_f.name.lower()}", 4 if _mode == "RGBA" else 1, _mode,
            lambda im, f=_f: im.rotate(30, resample=f),
        )  # fmt: skip
for _size in (4, 17, 36):
    for _channels in (3, 4):

        def _lut(inputs: Inputs, size: int = _size, channels: int = _channels) -> Any:
            def entry(r: float, g: float, b: float) -> tuple[float, ...]:
                return (g * 0.9 + 0.1 * b, r * r, 1 - b, (r + g) / 2)[:channels]

            table = ImageFilter.Color3DLUT.generate(size, entry, channels, "RGBA"[:channels])
            image = inputs.rgb
            return lambda: image.filter(table)

        case(f"3-D LUT {_size} cubed to {_channels} bands", 8)(_lut)
BARS["convert RGB to YCbCr"] = 3
BARS["convert RGB to CMYK"] = 2
BARS["convert RGB to HSV"] = 5
BARS["point RGB"] = 2
BARS["getextrema RGB"] = 3
simple("getextrema L", 3, "L", lambda im: im.getextrema())
simple("autocontrast RGB", 3, "RGB", ImageOps.autocontrast)
simple("autocontrast L cutoff", 3, "L", lambda im: ImageOps.autocontrast(im, 2))
simple("equalize RGB", 3, "RGB", ImageOps.equalize)
for _name in ("Color", "Contrast", "Brightness", "Sharpness"):
    simple(
        f"enhance {_name}", 3, "RGB",
        lambda im, name=_name: getattr(ImageEnhance, name)(im).enhance(1.3),
    )  # fmt: skip


def half(name: str, bar: float, call: Callable[[Image.Image], Any]) -> None:
    """On 1280x800 RGB."""

    def prepare(inputs: Inputs) -> Callable[[], Any]:
        image = inputs.small_rgb
        return lambda: call(image)

    case(name, bar)(prepare)


half("quantize median cut 256", 1.5, lambda im: im.quantize(256, Q.MEDIANCUT))
half("quantize median cut 256 kmeans", 1, lambda im: im.quantize(64, Q.MEDIANCUT, kmeans=1))
half("quantize maximum coverage", 1, lambda im: im.quantize(256, Q.MAXCOVERAGE))
half("quantize octree", 1.5, lambda im: im.quantize(256, Q.FASTOCTREE))
half("convert to P adaptive", 1, lambda im: im.convert("P", palette=Image.Palette.ADAPTIVE))


@case("dither to P palette")
def _dither(inputs: Inputs) -> Callable[[], Any]:
    image = inputs.small_rgb
    palette = image.quantize(64)
    return lambda: image.quantize(palette=palette)


@case("nearest palette colour")
def _nearest(inputs: Inputs) -> Callable[[], Any]:
    image = inputs.small_rgb
    palette = image.quantize(64)
    return lambda: image.quantize(palette=palette, dither=Image.Dither.NONE)


BOARD = (1024, 768)


def points(rng: random.Random, n: int) -> list[tuple[int, int]]:
    return [(rng.randrange(BOARD[0]), rng.randrange(BOARD[1])) for _ in range(n)]


def colour(rng: random.Random) -> tuple[int, ...]:
    return tuple(rng.randrange(256) for _ in range(3))


def box(rng: random.Random) -> list[int]:
    (x0, y0), (x1, y1) = points(rng, 2)
    return [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]


def turn(rng: random.Random) -> int:
    return rng.randrange(360)


def drawing(
    name: str, bar: float, method: str, arguments: Callable[[random.Random], tuple[Any, ...]]
) -> None:
    """A hundred calls of a method, with arguments made beforehand: what is measured is drawing."""

    def prepare(inputs: Inputs) -> Callable[[], Any]:
        rng = random.Random(5)
        calls = [arguments(rng) for _ in range(100)]

        def run() -> Image.Image:
            image = Image.new("RGB", BOARD, "white")
            draw = getattr(ImageDraw.Draw(image), method)
            for call in calls:
                draw(*call)
            return image

        return run

    case(f"draw {name}", bar)(prepare)


SHAPES: list[tuple[str, float, str, Callable[[random.Random], tuple[Any, ...]]]] = [
    ("100 lines", 1.5, "line", lambda r: (points(r, 2), colour(r))),
    ("100 wide lines", 1.5, "line", lambda r: (points(r, 2), colour(r), 9)),
    ("100 jointed lines", 1, "line", lambda r: (points(r, 4), colour(r), 9, "curve")),
    ("100 ellipses", 1.5, "ellipse", lambda r: (box(r), colour(r))),
    ("100 outlined ellipses", 1.5, "ellipse", lambda r: (box(r), colour(r), colour(r), 5)),
    ("100 polygons", 1.5, "polygon", lambda r: (points(r, 6), colour(r))),
    ("100 outlined polygons", 1.5, "polygon", lambda r: (points(r, 6), colour(r), "red", 3)),
    ("100 rectangles", 1, "rectangle", lambda r: (box(r), colour(r), colour(r), 2)),
    ("100 rounded rectangles", 1, "rounded_rectangle", lambda r: (box(r), 30, "red", "blue", 2)),
    ("100 arcs", 1, "arc", lambda r: (box(r), turn(r), turn(r), "red", 4)),
    ("100 chords", 1, "chord", lambda r: (box(r), turn(r), turn(r), "red")),
    ("100 pies", 1, "pieslice", lambda r: (box(r), turn(r), turn(r), "red")),
    ("100 circles", 1, "circle", lambda r: (points(r, 1)[0], 40, "red", "blue", 3)),
    ("100 heptagons", 1, "regular_polygon", lambda r: ((points(r, 1)[0], 40), 7, 10, "red")),
    ("100 times 1000 points", 1, "point", lambda r: (points(r, 1000), "red")),
]
for _shape in SHAPES:
    drawing(*_shape)


@case("draw floodfill")
def _floodfill(inputs: Inputs) -> Callable[[], Any]:
    def run() -> Image.Image:
        image = Image.new("RGB", BOARD, "white")
        ImageDraw.floodfill(image, (5, 5), (1, 2, 3))
        return image

    return run


# --- the sweep ---------------------------------------------------------------------------------


def sweep(name: str, mode: str, call: Callable[[Image.Image, Image.Image], Any]) -> None:
    """On two images of 1280x800; the second is the first upside down."""

    def prepare(inputs: Inputs) -> Callable[[], Any]:
        a = inputs.mode(mode).resize((1280, 800), R.NEAREST)
        b = a.transpose(Image.Transpose.ROTATE_180)
        return lambda: call(a, b)

    case(f"sweep: {name} {mode}")(prepare)


for _mode in ("RGB", "L", "RGBA"):
    for _name in (
        "add_modulo", "subtract_modulo", "subtract", "darker", "difference", "hard_light",
        "add", "multiply", "screen", "lighter", "overlay", "soft_light",
    ):  # fmt: skip
        sweep(f"ImageChops.{_name}", _mode, getattr(ImageChops, _name))
    sweep("ImageChops.add scaled", _mode, lambda a, b: ImageChops.add(a, b, 2.0, 7))
    sweep("ImageChops.subtract scaled", _mode, lambda a, b: ImageChops.subtract(a, b, 1.5, 100))
    sweep("ImageChops.invert", _mode, lambda a, b: ImageChops.invert(a))
    sweep("ImageChops.offset", _mode, lambda a, b: ImageChops.offset(a, 100, 50))
    sweep("ImageChops.blend", _mode, lambda a, b: ImageChops.blend(a, b, 0.3))
    sweep("ImageChops.duplicate", _mode, lambda a, b: ImageChops.duplicate(a))
    sweep("ImageStat", _mode, lambda a, b: (ImageStat.Stat(a).mean, ImageStat.Stat(b).stddev))
sweep("ImageChops.constant", "L", lambda a, b: ImageChops.constant(a, 77))
sweep(
    "ImageChops.composite", "RGB", lambda a, b: ImageChops.composite(a, b, Image.new("L", a.size))
)
for _name in ("logical_and", "logical_or", "logical_xor"):

    def _logic(inputs: Inputs, name: str = _name) -> Callable[[], Any]:
        a = inputs.gray.convert("1")
        b = a.transpose(Image.Transpose.ROTATE_180)
        return lambda: getattr(ImageChops, name)(a, b)

    case(f"sweep: ImageChops.{_name}")(_logic)

for _mode in ("RGB", "L"):
    for _name in (
        "autocontrast", "equalize", "flip", "mirror", "invert", "grayscale", "solarize",
    ):  # fmt: skip
        sweep(f"ImageOps.{_name}", _mode, lambda a, b, name=_name: getattr(ImageOps, name)(a))
    sweep("ImageOps.posterize", _mode, lambda a, b: ImageOps.posterize(a, 3))
    sweep("ImageOps.expand", _mode, lambda a, b: ImageOps.expand(a, 20, 9))
    sweep("ImageOps.crop", _mode, lambda a, b: ImageOps.crop(a, 20))
    sweep("ImageOps.fit", _mode, lambda a, b: ImageOps.fit(a, (300, 300)))
    sweep("ImageOps.pad", _mode, lambda a, b: ImageOps.pad(a, (300, 300)))
    sweep("ImageOps.cover", _mode, lambda a, b: ImageOps.cover(a, (300, 300)))
    sweep("ImageOps.contain", _mode, lambda a, b: ImageOps.contain(a, (300, 300)))
    sweep("ImageOps.scale", _mode, lambda a, b: ImageOps.scale(a, 0.4))
    sweep("ImageOps.exif_transpose", _mode, lambda a, b: ImageOps.exif_transpose(a))
sweep(
    "ImageOps.autocontrast tone",
    "RGB",
    lambda a, b: ImageOps.autocontrast(a, 1, preserve_tone=True),
)
sweep("ImageOps.colorize", "L", lambda a, b: ImageOps.colorize(a, "black", "yellow", "red"))


class _Deformer:
    def getmesh(self, image: Image.Image) -> Any:
        w, h = image.size
        return [((0, 0, w, h), (10, 5, 0, h - 20, w, h, w - 50, 0))]


sweep("ImageOps.deform", "RGB", lambda a, b: ImageOps.deform(a, _Deformer()))

for _name in ("Color", "Contrast", "Brightness", "Sharpness"):
    for _mode in ("RGB", "L", "RGBA"):
        sweep(
            f"ImageEnhance.{_name}", _mode,
            lambda a, b, name=_name: getattr(ImageEnhance, name)(a).enhance(0.6),
        )  # fmt: skip

_EXPRESSIONS: dict[str, Callable[[Any, Any], Any]] = {
    "a + b": lambda a, b: a + b, "a - b": lambda a, b: a - b, "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b, "a % b": lambda a, b: a % b, "a ** 2": lambda a, b: a**2,
    "-a": lambda a, b: -a, "abs(a - b)": lambda a, b: abs(a - b), "a == b": lambda a, b: a == b,
    "a < b": lambda a, b: a < b, "a >= b": lambda a, b: a >= b,
}  # fmt: skip
_INTEGER_EXPRESSIONS: dict[str, Callable[[Any, Any], Any]] = {
    "a & b": lambda a, b: a & b, "a | b": lambda a, b: a | b, "a ^ b": lambda a, b: a ^ b,
    "~a": lambda a, b: ~a, "a << 3": lambda a, b: a << 3, "a >> 2": lambda a, b: a >> 2,
}  # fmt: skip
for _mode in ("L", "I", "F"):
    for _text, _expression in {
        **_EXPRESSIONS,
        **({} if _mode == "F" else _INTEGER_EXPRESSIONS),
    }.items():
        sweep(
            f"ImageMath {_text}", _mode,
            lambda a, b, e=_expression: ImageMath.lambda_eval(
                lambda args: args["e"](args["a"], args["b"]), a=a, b=b, e=e
            ),
        )  # fmt: skip
    for _name in ("min", "max", "float", "int", "convert"):

        def _function(a: Image.Image, b: Image.Image, name: str = _name) -> Any:
            def run(args: dict[str, Any]) -> Any:
                extra = {"min": [args["b"]], "max": [args["b"]], "convert": ["L"]}.get(name, [])
                return args[name](args["a"], *extra)

            return ImageMath.lambda_eval(run, a=a, b=b)

        sweep(f"ImageMath {_name}", _mode, _function)


def _bilevel(inputs: Inputs) -> Image.Image:
    return inputs.gray.resize((640, 400)).point(lambda v: 255 if v > 128 else 0)


for _name in ("apply", "match", "get_on_pixels"):

    def _morph(inputs: Inputs, name: str = _name) -> Callable[[], Any]:
        image = _bilevel(inputs)
        operation = ImageMorph.MorphOp(op_name="erosion8")
        return lambda: getattr(operation, name)(image)

    case(f"sweep: ImageMorph.MorphOp.{_name}")(_morph)
for _name in ("corner", "dilation4", "dilation8", "erosion4", "erosion8", "edge"):
    half(
        f"sweep: ImageMorph.LutBuilder {_name}", 1,
        lambda im, name=_name: ImageMorph.LutBuilder(op_name=name).build_lut(),
    )  # fmt: skip

for _name in ("linear_gradient", "radial_gradient"):
    half(f"sweep: {_name}", 1, lambda im, name=_name: getattr(Image, name)("L"))
half(
    "sweep: effect_mandelbrot", 1, lambda im: Image.effect_mandelbrot((100, 75), (-2, -1, 1, 1), 50)
)
half("sweep: effect_noise", 1, lambda im: Image.effect_noise((400, 300), 30).size)
half("sweep: effect_spread", 1, lambda im: im.effect_spread(3).size)
half("sweep: getcolors", 1, lambda im: im.getcolors(1 << 20))
half("sweep: remap_palette", 1, lambda im: im.convert("P").remap_palette(list(range(255, -1, -1))))
half("sweep: matrix", 1, lambda im: im.convert("RGB", (0.5, 0.5, 0, 1, 0, 1, 0, 2, 0, 0.2, 0.7, 3)))
for _name, _size in (("MinFilter", 3), ("MaxFilter", 5), ("MedianFilter", 9), ("ModeFilter", 3)):
    half(
        f"sweep: {_name} {_size}", 1,
        lambda im, name=_name, size=_size: im.filter(getattr(ImageFilter, name)(size)),
    )  # fmt: skip
half("sweep: RankFilter 5", 1, lambda im: im.filter(ImageFilter.RankFilter(5, 20)))
half("sweep: rotate 90", 1, lambda im: im.rotate(90, expand=True))
half("sweep: rotate 10 expand", 1, lambda im: im.rotate(10, expand=True, fillcolor="red"))
for _method, _data in (
    ("AFFINE", (0.9, 0.1, 3, -0.1, 1.1, 5)),
    ("EXTENT", (10, 20, 1000, 700)),
    ("QUAD", (0, 0, 30, 700, 1200, 790, 1270, 10)),
    ("PERSPECTIVE", (1.1, 0.1, -50, 0.05, 0.9, 30, 1e-5, 2e-5)),
):
    for _f in (R.NEAREST, R.BILINEAR, R.BICUBIC):
        half(
            f"sweep: transform {_method.lower()} {_f.name.lower()}", 1,
            lambda im, m=_method, d=_data, f=_f: im.transform(
                im.size, getattr(Image.Transform, m), d, f
            ),
        )  # fmt: skip
assert all(name in CASES for name in BARS)
