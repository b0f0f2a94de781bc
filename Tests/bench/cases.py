"""The operations that image services run all day, as the benchmark and the demo run them.

Imported by ``worker.py`` under each interpreter that is compared, so it uses nothing but the public
API of Pillow. A case is a function that gets the ``Inputs`` and returns a callable; only calls of
that callable are timed, and its result is hashed, so a faster wrong answer is seen.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cached_property
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

R = Image.Resampling
Case = Callable[["Inputs"], Callable[[], Any]]

CASES: dict[str, Case] = {}
#: What the issue demands of a case against Pillow (ratio of times), by name.
BARS: dict[str, float] = {}


class Inputs:
    """The photograph in the forms that the cases want, made once per process."""

    def __init__(self, path: str, size: tuple[int, int] = (2560, 1600)) -> None:
        self.size = size
        with Image.open(path) as photo:
            rgb = photo.convert("RGB")
        if rgb.size != size:
            rgb = rgb.resize(size, R.BICUBIC)
        self.rgb = rgb

    @cached_property
    def gray(self) -> Image.Image:
        return self.rgb.convert("L")

    @cached_property
    def alpha(self) -> Image.Image:
        """A smooth mask that takes every value: the picture's red band, mirrored."""
        return self.rgb.getchannel("R").transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    @cached_property
    def rgba(self) -> Image.Image:
        image = self.rgb.convert("RGBA")
        image.putalpha(self.alpha)
        return image

    @cached_property
    def overlay(self) -> Image.Image:
        image = self.rgb.transpose(Image.Transpose.ROTATE_180).convert("RGBA")
        image.putalpha(self.gray)
        return image

    @cached_property
    def la(self) -> Image.Image:
        image = self.gray.convert("LA")
        image.putalpha(self.alpha)
        return image

    def mode(self, name: str) -> Image.Image:
        if name == "RGB":
            return self.rgb
        if name == "RGBA":
            return self.rgba
        if name == "LA":
            return self.la
        if name == "L":
            return self.gray
        if name == "I;16":
            return self.gray.convert("I;16").point(lambda v: v * 257)
        return self.gray.convert(name)

    @cached_property
    def small_rgb(self) -> Image.Image:
        return self.rgb.resize((1280, 800), R.BICUBIC)

    def encoded(self, image: Image.Image, format: str, **options: Any) -> bytes:
        out = io.BytesIO()
        image.save(out, format, **options)
        return out.getvalue()


def case(name: str, bar: float = 1.0) -> Callable[[Case], Case]:
    def add(function: Case) -> Case:
        CASES[name] = function
        BARS[name] = bar
        return function

    return add


def simple(name: str, bar: float, mode: str, call: Callable[[Image.Image], Any]) -> None:
    def prepare(inputs: Inputs) -> Callable[[], Any]:
        image = inputs.mode(mode)
        return lambda: call(image)

    case(name, bar)(prepare)


def resize_to(
    size: tuple[int, int], resample: Image.Resampling
) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.resize(size, resample)


_FILTERS = (R.BOX, R.BILINEAR, R.HAMMING, R.BICUBIC, R.LANCZOS)
for _size, _bar in (((26, 16), 10), ((320, 200), 10), ((2048, 1280), 8), ((5478, 3424), 6)):
    for _f in _FILTERS:
        simple(f"resize RGB {_size[0]} {_f.name.lower()}", _bar, "RGB", resize_to(_size, _f))
simple("resize RGBA 320 lanczos", 10, "RGBA", resize_to((320, 200), R.LANCZOS))
simple("resize RGBA 2048 lanczos", 6, "RGBA", resize_to((2048, 1280), R.LANCZOS))
for _mode in ("L", "LA", "I;16", "F", "I"):
    for _size in ((320, 200), (2048, 1280)):
        simple(
            f"resize {_mode} {_size[0]} lanczos",
            5 if _mode != "I" else 1,
            _mode,
            resize_to(_size, R.LANCZOS),
        )
simple("resize RGB 320 nearest", 1, "RGB", resize_to((320, 200), R.NEAREST))
simple("resize RGB 2048 nearest", 1, "RGB", resize_to((2048, 1280), R.NEAREST))
simple(
    "thumbnail-like RGB 320 bicubic gap 2",
    1,
    "RGB",
    lambda im: im.resize((320, 200), R.BICUBIC, reducing_gap=2.0),
)
for _n in (2, 3, 4, 8):
    simple(f"reduce RGB {_n}", 4, "RGB", lambda im, n=_n: im.reduce(n))
simple("reduce L 4", 1, "L", lambda im: im.reduce(4))
simple("reduce RGBA 4", 1, "RGBA", lambda im: im.reduce(4))

for _mode in ("RGB", "RGBA", "L"):
    for _r in (1, 10, 30):
        simple(
            f"gaussian blur {_mode} {_r}",
            6,
            _mode,
            lambda im, r=_r: im.filter(ImageFilter.GaussianBlur(r)),
        )
simple("box blur RGB 5", 5, "RGB", lambda im: im.filter(ImageFilter.BoxBlur(5)))
simple("box blur L 5", 1, "L", lambda im: im.filter(ImageFilter.BoxBlur(5)))
simple("unsharp mask RGB", 5, "RGB", lambda im: im.filter(ImageFilter.UnsharpMask()))
simple("filter 3x3 RGB", 10, "RGB", lambda im: im.filter(ImageFilter.SHARPEN))
simple("filter 5x5 RGB", 10, "RGB", lambda im: im.filter(ImageFilter.SMOOTH_MORE))
simple("filter 3x3 L", 8, "L", lambda im: im.filter(ImageFilter.SHARPEN))
simple("filter 5x5 L", 8, "L", lambda im: im.filter(ImageFilter.SMOOTH_MORE))

simple("convert RGBA to RGBa", 6, "RGBA", lambda im: im.convert("RGBa"))


@case("convert RGBa to RGBA", 20)
def _unpremultiply(inputs: Inputs) -> Callable[[], Any]:
    image = inputs.rgba.convert("RGBa")
    return lambda: image.convert("RGBA")


@case("convert YCbCr to RGB")
def _from_ycbcr(inputs: Inputs) -> Callable[[], Any]:
    image = inputs.rgb.convert("YCbCr")
    return lambda: image.convert("RGB")


@case("convert P to RGB")
def _from_palette(inputs: Inputs) -> Callable[[], Any]:
    image = inputs.gray.convert("P")
    return lambda: image.convert("RGB")


simple("convert RGB to L", 2, "RGB", lambda im: im.convert("L"))
for _from, _to in (
    ("L", "RGB"), ("RGB", "RGBA"), ("RGBA", "RGB"), ("RGB", "YCbCr"), ("RGB", "CMYK"),
    ("RGB", "HSV"), ("RGB", "F"), ("L", "F"), ("F", "L"), ("L", "1"), ("LA", "RGBA"),
):  # fmt: skip
    simple(f"convert {_from} to {_to}", 1, _from, lambda im, to=_to: im.convert(to))
simple("convert RGB to P web", 1, "RGB", lambda im: im.resize((640, 400)).convert("P"))


@case("alpha_composite", 7)
def _alpha_composite(inputs: Inputs) -> Callable[[], Any]:
    under, over = inputs.rgba, inputs.overlay
    return lambda: Image.alpha_composite(under, over)


@case("blend RGB")
def _blend(inputs: Inputs) -> Callable[[], Any]:
    a, b = inputs.rgb, inputs.rgb.transpose(Image.Transpose.ROTATE_180)
    return lambda: Image.blend(a, b, 0.37)


@case("composite RGB with mask")
def _composite(inputs: Inputs) -> Callable[[], Any]:
    a, b, m = inputs.rgb, inputs.rgb.transpose(Image.Transpose.ROTATE_180), inputs.alpha
    return lambda: Image.composite(a, b, m)


@case("paste colour with mask")
def _paste_colour(inputs: Inputs) -> Callable[[], Any]:
    image, mask = inputs.rgb.copy(), inputs.alpha

    def run() -> Image.Image:
        image.paste((255, 64, 0), (0, 0), mask)
        return image

    return run


@case("split and merge RGB")
def _split_merge(inputs: Inputs) -> Callable[[], Any]:
    return lambda: Image.merge("RGB", inputs.rgb.split()[::-1])


simple("split RGBA", 1, "RGBA", lambda im: im.split()[3])
simple("getchannel RGB", 1, "RGB", lambda im: im.getchannel("G"))
for _op in ("ROTATE_90", "ROTATE_180", "ROTATE_270", "TRANSPOSE", "FLIP_LEFT_RIGHT"):
    simple(
        f"transpose RGB {_op.lower()}",
        1,
        "RGB",
        lambda im, op=_op: im.transpose(Image.Transpose[op]),
    )
simple("transpose L rotate_90", 1, "L", lambda im: im.transpose(Image.Transpose.ROTATE_90))
for _f, _bar in ((R.NEAREST, 1), (R.BILINEAR, 4), (R.BICUBIC, 4)):
    simple(
        f"rotate 30 RGB {_f.name.lower()}", _bar, "RGB",
        lambda im, f=_f: im.rotate(30, resample=f),
    )  # fmt: skip
simple(
    "perspective RGB bilinear", 4, "RGB",
    lambda im: im.transform(
        im.size, Image.Transform.PERSPECTIVE, (1.1, 0.1, -50, 0.05, 0.9, 30, 1e-5, 2e-5), R.BILINEAR
    ),
)  # fmt: skip
for _name in ("add", "multiply", "screen", "lighter", "overlay", "soft_light"):

    def _chop(inputs: Inputs, name: str = _name) -> Callable[[], Any]:
        from PIL import ImageChops

        a, b = inputs.rgb, inputs.rgb.transpose(Image.Transpose.ROTATE_180)
        return lambda: getattr(ImageChops, name)(a, b)

    case(f"ImageChops.{_name} RGB", 5)(_chop)
simple("crop RGB", 1, "RGB", lambda im: im.crop((100, 100, 2100, 1300)))
simple("copy RGB", 1, "RGB", lambda im: im.copy())
simple("point RGB", 1, "RGB", lambda im: im.point([255 - v for v in range(256)] * 3))
simple("histogram RGB", 1, "RGB", lambda im: im.histogram())
simple("getextrema RGB", 1, "RGB", lambda im: im.getextrema())
simple("getbbox RGB", 1, "RGB", lambda im: im.getbbox())
simple("pack RGB (tobytes)", 1, "RGB", lambda im: im.tobytes())
simple("pack RGB as BGR", 1, "RGB", lambda im: im.tobytes("raw", "BGR"))


@case("unpack RGB (frombytes)")
def _unpack(inputs: Inputs) -> Callable[[], Any]:
    data = inputs.rgb.tobytes()
    return lambda: Image.frombytes("RGB", inputs.size, data)


@case("allocate RGB")
def _allocate(inputs: Inputs) -> Callable[[], Any]:
    return lambda: Image.new("RGB", inputs.size, (10, 20, 30))


@case("floor: copy of as many bytes, by numpy", 0)
def _floor(inputs: Inputs) -> Callable[[], Any]:
    """What this machine's memory allows, two threads included. Not an operation of either build."""
    import numpy as np

    pixels = np.asarray(inputs.rgb.convert("RGBX"))
    copy = np.empty_like(pixels)
    return lambda: np.copyto(copy, pixels)


@case("load JPEG")
def _load_jpeg(inputs: Inputs) -> Callable[[], Any]:
    data = inputs.encoded(inputs.rgb, "JPEG", quality=85)
    return lambda: loaded(data)


@case("save JPEG")
def _save_jpeg(inputs: Inputs) -> Callable[[], Any]:
    return lambda: inputs.encoded(inputs.rgb, "JPEG", quality=85)


@case("load PNG 1280x800", 2)
def _load_png(inputs: Inputs) -> Callable[[], Any]:
    data = inputs.encoded(inputs.small_rgb, "PNG")
    return lambda: loaded(data)


@case("save PNG 1280x800", 4)
def _save_png(inputs: Inputs) -> Callable[[], Any]:
    image = inputs.small_rgb
    # The bytes may differ from Pillow's; what they decode to is compared by the oracle's tests.
    return lambda: bool(inputs.encoded(image, "PNG"))


@case("load BMP")
def _load_bmp(inputs: Inputs) -> Callable[[], Any]:
    data = inputs.encoded(inputs.rgb, "BMP")
    return lambda: loaded(data)


@case("save BMP")
def _save_bmp(inputs: Inputs) -> Callable[[], Any]:
    return lambda: inputs.encoded(inputs.rgb, "BMP")


@case("full cycle: JPEG, rotate, resize 0.4, blur 4, save", 2.5)
def _full_cycle(inputs: Inputs) -> Callable[[], Any]:
    data = inputs.encoded(inputs.rgb, "JPEG", quality=85)

    def run() -> bytes:
        image = Image.open(io.BytesIO(data))
        image = image.transpose(Image.Transpose.ROTATE_270)
        size = (round(image.width * 0.4), round(image.height * 0.4))
        image = image.resize(size, R.BICUBIC).filter(ImageFilter.GaussianBlur(4))
        return inputs.encoded(image, "JPEG", quality=85)

    return run


def loaded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


# Text: a page of lines, drawn one by one, with the face that Pillow ships. Pixels depend on the
# version of FreeType, which Pillow's wheel brings along; the oracle's tests compare them.
def page(name: str, bar: float, raqm: bool = False, **options: Any) -> None:
    def prepare(inputs: Inputs) -> Callable[[], Any]:
        face: Any = ImageFont.load_default(24)
        if raqm:
            engine = ImageFont.Layout.RAQM
            face = ImageFont.truetype(io.BytesIO(face.font_bytes), 24, layout_engine=engine)
        words = "Pack my box with five dozen liquor jugs and quiz 0123456789 times".split()
        lines = [" ".join([str(i), *words[i % 13 :], *words[: i % 13]]) for i in range(30)]
        draw = ImageDraw.Draw(inputs.small_rgb.copy())

        def run() -> None:
            for y, line in enumerate(lines):
                draw.text((20, 26 * y), line, (200, 30, 90), face, **options)

        return run

    case(f"text: {name}", bar)(prepare)


page("30 lines at 24 px", 1.5)
page("30 lines at 24 px, raqm", 1.5, raqm=True)
page("30 lines at 24 px, stroke", 1.5, stroke_width=2, stroke_fill=(0, 0, 0))
page("30 lines at 24 px, colours", 1.5, embedded_color=True)


@case("text: a new font, one line at 24 px")
def _new_font(inputs: Inputs) -> Callable[[], Any]:
    data = ImageFont.load_default(24).font_bytes
    draw = ImageDraw.Draw(inputs.small_rgb.copy())

    def run() -> None:
        face = ImageFont.truetype(io.BytesIO(data), 24)
        draw.text((20, 20), "Pack my box with five dozen liquor jugs", 255, face)

    return run


@case("text: length of the same line again, raqm")
def _length(inputs: Inputs) -> Callable[[], Any]:
    data = ImageFont.load_default(24).font_bytes
    face = ImageFont.truetype(io.BytesIO(data), 24)
    return lambda: face.getlength("Pack my box with five dozen liquor jugs")


# What one call costs when there are hardly any pixels: the overhead of the layers above.
def small(name: str, call: Callable[[Image.Image], Any]) -> None:
    def prepare(inputs: Inputs) -> Callable[[], Any]:
        image = inputs.rgb.resize((16, 10), R.BICUBIC)
        return lambda: call(image)

    case(f"small: {name}")(prepare)


small("resize 16x10 to 8x5", lambda im: im.resize((8, 5), R.BICUBIC))
small("blur 16x10", lambda im: im.filter(ImageFilter.GaussianBlur(2)))
small("convert 16x10 to L", lambda im: im.convert("L"))
small("copy 16x10", lambda im: im.copy())
small("transpose 16x10", lambda im: im.transpose(Image.Transpose.ROTATE_90))
small("new 16x10", lambda im: Image.new("RGB", (16, 10)))
small("crop 16x10", lambda im: im.crop((1, 1, 9, 9)))
small("tobytes 16x10", lambda im: im.tobytes())
small("getpixel", lambda im: im.getpixel((3, 4)))


import cases_formats  # noqa: E402, F401  (adds its cases)
import cases_modules  # noqa: E402, F401  (adds its cases)
