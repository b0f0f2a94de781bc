"""Bad input for everything that computes on pixels: Pillow's result or exception, in bounded time,
and never a crash. Run under Pillow itself, these tests pass too."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from PIL import (
    Image,
    ImageChops,
    ImageDraw,
    ImageEnhance,
    ImageFilter,
    ImageMath,
    ImageMorph,
    ImageOps,
    ImagePath,
    ImageStat,
)

NAN, INF = math.nan, math.inf
T = Image.Transform
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "HSV", "I", "F", "I;16")


def picture(mode: str = "RGB", size: tuple[int, int] = (9, 7)) -> Image.Image:
    gradient = Image.linear_gradient("L").resize(size)
    return gradient.convert("I").convert("I;16") if mode == "I;16" else gradient.convert(mode)


# --- Images without pixels ---

EMPTY_SIZES = ((0, 0), (0, 5), (5, 0))
#: name: what to do, and what it gives for the three sizes: a size, a value or an exception.
EMPTY: dict[str, tuple[Callable[[Image.Image], Any], Any]] = {
    "chop": (lambda im: ImageChops.add(im, im), "same"),
    "offset": (lambda im: ImageChops.offset(im, 3, 4), "same"),
    "invert": (ImageChops.invert, "same"),
    "flip": (ImageOps.flip, "same"),
    "expand": (lambda im: ImageOps.expand(im, 1), "grown"),
    "equalize": (ImageOps.equalize, "same"),
    "autocontrast": (ImageOps.autocontrast, "same"),
    "fit": (lambda im: ImageOps.fit(im, (0, 3)).size, (0, 3)),
    "rotate": (lambda im: im.rotate(30, Image.Resampling.BICUBIC), "same"),
    "affine": (lambda im: im.transform((4, 3), T.AFFINE, (1, 0, 0, 0, 1, 0)).getbbox(), None),
    "bilinear": (lambda im: im.transform((4, 3), T.AFFINE, (1, 0, 0, 0, 1, 0), 2).getbbox(), None),
    "quantize": (lambda im: im.quantize(4), "same"),
    "spread": (lambda im: im.effect_spread(5), "same"),
    "brightness": (lambda im: ImageEnhance.Brightness(im).enhance(2), "same"),
    "point": (lambda im: im.point(lambda v: v + 1), "same"),
    "table": (lambda im: im.filter(ImageFilter.Color3DLUT.generate(2, lambda *v: v)), "same"),
    "mode filter": (lambda im: im.filter(ImageFilter.ModeFilter(5)), "same"),
    "sum": (lambda im: ImageStat.Stat(im).sum, [0, 0, 0]),
}


@pytest.mark.parametrize("size", EMPTY_SIZES)
@pytest.mark.parametrize("name", EMPTY)
def test_empty_image(name: str, size: tuple[int, int]) -> None:
    call, expected = EMPTY[name]
    result = call(Image.new("RGB", size))
    if expected == "same":
        assert result.size == size
    elif expected == "grown":
        assert result.size == (size[0] + 2, size[1] + 2)
        assert result.getbbox() is None
    else:
        assert result == expected


@pytest.mark.parametrize("size", EMPTY_SIZES)
def test_drawing_on_nothing(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    draw.line((-5, -5, 20, 20), "red", 7)
    draw.polygon([(-5, -5), (20, 0), (3, 30)], "red", "blue")
    draw.ellipse((-5, -5, 20, 20), "red")
    draw.rectangle((-5, -5, 20, 20), "red")
    ImageDraw.floodfill(image, (0, 0), (1, 2, 3))
    assert image.tobytes() == b""


# --- Boxes, sizes, coordinates ---


@pytest.mark.parametrize("shape", ["rectangle", "ellipse", "arc", "chord", "pieslice"])
@pytest.mark.parametrize("box", [(5, 1, 2, 6), (1, 6, 5, 2), (5, 5, 1, 1)])
def test_reversed_boxes(shape: str, box: tuple[int, ...]) -> None:
    image = Image.new("L", (9, 9))
    angles = () if shape in ("rectangle", "ellipse") else (0, 90)
    with pytest.raises(ValueError, match="must be greater than or equal to"):
        getattr(ImageDraw.Draw(image), shape)(box, *angles)
    assert image.getbbox() is None


def test_reversed_crop_and_expansion() -> None:
    with pytest.raises(ValueError, match="Coordinate"):
        picture().crop((5, 1, 2, 6))
    assert ImageOps.crop(picture(), 3).size == (3, 1)
    with pytest.raises(ValueError):
        ImageOps.crop(picture(), 6)
    with pytest.raises(ValueError):
        ImageOps.expand(picture(), -5)


@pytest.mark.parametrize("size", [(2**31 - 1, 2), (2**29, 1), (2, -1), (-7, 3)])
def test_huge_and_negative_sizes(size: tuple[int, int]) -> None:
    wanted = (ValueError, MemoryError)
    for call in (
        lambda: picture().transform(size, T.AFFINE, (1, 0, 0, 0, 1, 0)),
        lambda: picture().resize(size),
        lambda: Image.effect_noise(size, 1),
        lambda: Image.effect_mandelbrot(size, (0, 0, 1, 1), 9),
        lambda: ImageOps.fit(picture(), size),
    ):
        with pytest.raises(wanted):
            call()


def test_huge_sizes_as_numbers() -> None:
    with pytest.raises(OverflowError):
        Image.effect_noise((2**40, 1), 1)
    with pytest.raises((ValueError, MemoryError, OverflowError)):
        ImageOps.expand(picture(), 2**30)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("resample", [0, 2, 3])
@pytest.mark.parametrize("bad", [NAN, INF, -INF, 1e300, -1e300])
@pytest.mark.parametrize("place", range(8))
def test_transform_of_no_numbers(mode: str, resample: int, bad: float, place: int) -> None:
    data = [1.0, 0.25, 0.5, 0.125, 1.0, 0.25, 0.0, 0.0]
    data[place] = bad
    image = picture(mode)
    for method in (T.AFFINE, T.PERSPECTIVE, T.QUAD):
        if method == T.AFFINE and place > 5:
            continue
        result = image.transform((6, 5), method, data, Image.Resampling(resample))
        assert result.mode == mode
        assert result.size == (6, 5)


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
def test_shapes_of_no_numbers(bad: float) -> None:
    """What Pillow does with them is compared by the oracle; here nothing may fail otherwise."""
    image = Image.new("RGB", (20, 20))
    draw = ImageDraw.Draw(image)
    for call in (
        lambda: draw.line([(bad, 1), (5, bad)], "red", 3),
        lambda: draw.polygon([(1, 1), (bad, 5), (9, bad)], "red"),
        lambda: draw.point([(bad, bad)], "red"),
        lambda: draw.ellipse((1, 1, bad, 9), "red"),
        lambda: draw.arc((1, 1, 9, 9), bad, 90, "red"),
        lambda: draw.pieslice((1, 1, 9, 9), 0, bad, "red"),
        lambda: ImagePath.Path([(bad, 1), (2, bad)]).getbbox(),
        lambda: image.rotate(bad),
    ):
        try:
            call()
        except (ValueError, OverflowError):
            continue
    assert image.size == (20, 20)


def test_far_coordinates() -> None:
    """Beyond +-2^30 differences overflow Pillow's int, and what it draws is accidental."""
    image = Image.new("L", (20, 20))
    draw = ImageDraw.Draw(image)
    far = 2**31 - 1
    draw.line((-far, -far, far, far), 255)
    draw.polygon([(-far, 0), (far, 5), (0, far)], 9)
    draw.ellipse((-far, -far, far, far), 9)
    draw.rectangle((-(2**30), -(2**30), 2**30, 2**30), 7)
    assert image.getextrema() == (7, 7)


# --- Matrices, tables, palettes, masks ---


@pytest.mark.parametrize("count", [0, 1, 5])
def test_short_matrices(count: int) -> None:
    with pytest.raises(ValueError):
        picture().transform((3, 3), T.AFFINE, [1.0] * count)
    with pytest.raises(ValueError):
        picture().transform((3, 3), T.PERSPECTIVE, [1.0] * (count + 2))
    with pytest.raises((ValueError, IndexError)):
        picture().transform((3, 3), T.QUAD, [1.0] * (count + 2))
    with pytest.raises(TypeError):
        picture().convert("L", (1.0,) * count or (1.0,) * 13)


@pytest.mark.parametrize("count", [0, 1, 255, 257, 767, 769])
def test_tables_of_wrong_length(count: int) -> None:
    with pytest.raises(ValueError):
        picture().point([0] * count)


@pytest.mark.parametrize("count", [0, 1, 80, 82, 108])
def test_colour_tables_of_wrong_length(count: int) -> None:
    with pytest.raises(ValueError):
        ImageFilter.Color3DLUT(3, [0.5] * count)


def test_colour_table_of_wrong_size_behind_the_checks() -> None:
    image = picture().im
    with pytest.raises(ValueError):
        image.color_lut_3d("RGB", Image.Resampling.BILINEAR, 3, (3, 3, 3), [0.5] * 80)
    with pytest.raises(ValueError):
        image.color_lut_3d("RGB", Image.Resampling.BILINEAR, 3, (66, 3, 3), [0.5] * 9)
    with pytest.raises(ValueError):
        image.color_lut_3d("RGB", Image.Resampling.BILINEAR, 3, (-1, 3, 3), [0.5] * 9)


def test_palettes_empty_and_too_long() -> None:
    paletted = Image.new("P", (4, 4), 200)
    paletted.putpalette([])
    assert paletted.convert("RGB").getpixel((0, 0)) == (0, 0, 0)
    paletted.putpalette([0] * 3000)
    with pytest.raises(ValueError, match="invalid palette size"):
        paletted.load()
    paletted.putpalette([0] * 768)
    empty = Image.new("P", (1, 1))
    empty.putpalette([])
    with pytest.raises(ValueError, match="empty palette"):
        picture().quantize(palette=empty)
    with pytest.raises(ValueError):
        picture().quantize(palette=picture())
    with pytest.raises((ValueError, IndexError, TypeError)):
        picture("P").remap_palette(list(range(257)))


@pytest.mark.parametrize("colours", [0, 257, -1, 2**31 - 1])
@pytest.mark.parametrize("method", [0, 1, 2])
def test_quantize_to_a_wrong_number(colours: int, method: int) -> None:
    with pytest.raises(ValueError, match="bad number of colors"):
        picture().quantize(colours, method)


def test_masks_of_the_wrong_size() -> None:
    small = Image.new("L", (3, 3))
    for call in (
        lambda: picture().histogram(small),
        lambda: ImageOps.autocontrast(picture(), mask=small),
        lambda: ImageOps.equalize(picture(), small),
        lambda: Image.composite(picture(), picture(), small),
        lambda: ImageStat.Stat(picture(), small).mean,
        lambda: ImageChops.composite(picture(), picture(), small),
    ):
        with pytest.raises(ValueError):
            call()


# --- Filters ---


@pytest.mark.parametrize("mode", ["L", "RGB", "I", "F"])
@pytest.mark.parametrize("size", [11, 41, 101])
def test_filters_larger_than_the_image(mode: str, size: int) -> None:
    image = picture(mode, (3, 2))

    def value(of: Image.Image, at: tuple[int, int]) -> Any:
        pixel = of.getpixel(at)
        return pixel[0] if isinstance(pixel, tuple) else pixel

    values = sorted(value(image, (x, y)) for x in range(3) for y in range(2))
    assert value(image.filter(ImageFilter.MaxFilter(size)), (0, 0)) == values[-1]
    assert value(image.filter(ImageFilter.MinFilter(size)), (2, 1)) == values[0]
    assert value(image.filter(ImageFilter.MedianFilter(size)), (1, 1)) in values
    if mode in ("L", "RGB"):
        assert image.filter(ImageFilter.ModeFilter(size)).size == (3, 2)


@pytest.mark.parametrize("size", [2**16 + 1, 2**20 + 1, 2**31 - 1])
def test_rank_size_whose_square_overflows(size: int) -> None:
    image = picture("L")
    with pytest.raises(ValueError, match="filter size too large"):
        image.filter(ImageFilter.MedianFilter(size))
    with pytest.raises(ValueError, match="filter size too large"):
        image.im.rankfilter(size, 1)


def test_rank_out_of_range() -> None:
    for size, rank in ((3, 9), (3, -1), (5, 25)):
        with pytest.raises(ValueError, match="bad rank value"):
            picture("L").filter(ImageFilter.RankFilter(size, rank))
    for size in (0, 2, 4):
        with pytest.raises(ValueError, match="bad filter size"):
            picture("L").filter(ImageFilter.RankFilter(size, 0))


@pytest.mark.parametrize("radius", [NAN, INF, -1, 1e30, (-1, 2)])
def test_blur_radius(radius: Any) -> None:
    image = picture()
    for make in (ImageFilter.GaussianBlur, ImageFilter.BoxBlur):
        try:
            assert image.filter(make(radius)).size == image.size
        except (ValueError, OverflowError, MemoryError):
            continue


# --- Much of everything ---


def test_polygon_of_a_million_points() -> None:
    image = Image.new("L", (64, 64))
    points = [(i * 7919 % 64, i * 104729 % 64) for i in range(1000)] * 1000
    ImageDraw.Draw(image).polygon(points, 255)
    assert image.getbbox() is not None
    circle = [
        (32 + 30 * math.cos(i / 1e6 * math.tau), 32 + 30 * math.sin(i / 1e6 * math.tau))
        for i in range(1_000_000)
    ]
    image.paste(0, (0, 0, 64, 64))
    ImageDraw.Draw(image).polygon(circle, 255)
    assert image.getpixel((32, 32)) == 255
    assert image.getpixel((1, 1)) == 0


def test_floodfill_of_a_whole_image() -> None:
    image = Image.new("RGB", (700, 500), "white")
    ImageDraw.floodfill(image, (350, 250), (1, 2, 3))
    assert image.getcolors() == [(350_000, (1, 2, 3))]
    # A spiral, the longest way there is.
    maze = Image.new("L", (101, 101), 255)
    draw = ImageDraw.Draw(maze)
    for i in range(0, 100, 4):
        draw.line((0, i, 98, i), 0)
        draw.line((2, i + 2, 100, i + 2), 0)
    ImageDraw.floodfill(maze, (100, 0), 128)
    values = {v: n for n, v in maze.getcolors() or []}
    assert values[128] > 5000
    ImageDraw.floodfill(maze, (-1, 500), 3)
    assert set(values) == {v for _, v in maze.getcolors() or []}


def test_images_of_different_sizes_and_modes() -> None:
    a, b = picture("RGB", (9, 7)), picture("RGB", (4, 12))
    assert ImageChops.add(a, b).size == (4, 7)
    with pytest.raises(ValueError):
        ImageChops.add(a, picture("L"))
    with pytest.raises(ValueError):
        ImageChops.logical_and(picture("L"), picture("L"))
    result = ImageMath.lambda_eval(
        lambda args: args["a"] + args["b"], a=picture("L", (9, 7)), b=picture("L", (4, 12))
    )
    assert result.size == (4, 7)


def test_morphology_with_wrong_tables() -> None:
    operation = ImageMorph.MorphOp(bytearray(5))
    with pytest.raises(RuntimeError, match="wrong size"):
        operation.apply(picture("L"))
    with pytest.raises((ValueError, TypeError)):
        ImageMorph.MorphOp(bytearray(512)).apply(picture("RGB"))
