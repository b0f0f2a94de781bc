"""Drawing: every shape in every mode, opaque and blended; flood fill; paths."""

from __future__ import annotations

import array
import random
from collections.abc import Callable, Iterator
from typing import Any

from common import MODES, Area, Case, image

from PIL import Image, ImageDraw, ImageDraw2, ImagePath

Draw = ImageDraw.ImageDraw
Shape = tuple[str, Callable[[Draw], Any]]


def size(rng: random.Random) -> tuple[int, int]:
    most = rng.choice((6, 20, 60, 60, 200))
    return rng.randint(1, most), rng.randint(1, most)


def canvas(rng: random.Random) -> tuple[Image.Image, str | None]:
    """An image, and the mode to draw with; every third one blends."""
    if rng.random() < 0.33:
        return image(rng, "RGB", size(rng)), "RGBA"
    return image(rng, rng.choice(MODES), size(rng)), None


def colour(rng: random.Random, mode: str) -> Any:
    """A colour that the mode takes."""
    if mode in ("1", "L", "P"):
        return rng.randint(-9, 300)
    if mode in ("I", "F") or mode.startswith("I;"):
        return rng.choice((rng.randrange(70000), 0x1234, -5))
    if mode in ("LA", "La", "PA"):
        return (rng.randrange(256), rng.randrange(256))
    return tuple(rng.randrange(256) for _ in range(4))


def ink(rng: random.Random, im: Image.Image, mode: str | None) -> Any:
    """No colour, or one that the mode takes, or one that it may not take."""
    kind = rng.random()
    if kind < 0.2:
        return None
    if kind < 0.23:
        return rng.choice(("red", "#1234", 7, (1, 2, 3), (9,), 2.5, (1, 2), -1, (1, 2, 3, 4)))
    return colour(rng, mode or im.mode)


def coordinate(rng: random.Random, length: int) -> float:
    kind = rng.randrange(12)
    if kind == 0:
        return rng.randint(-3000, 3000)
    if kind < 4:
        return rng.randint(-length, 2 * length)
    if kind == 4:
        return rng.uniform(-3, length + 3)
    return rng.randint(-2, length + 2)


def points(rng: random.Random, im: Image.Image, least: int, most: int) -> list[Any]:
    count = rng.randint(least, most)
    found = [(coordinate(rng, im.width), coordinate(rng, im.height)) for _ in range(count)]
    if rng.random() < 0.3 and len(found) > 2:  # level and repeated ones
        for i in range(1, len(found)):
            kind = rng.randrange(4)
            if kind == 0:
                found[i] = (found[i][0], found[i - 1][1])
            elif kind == 1:
                found[i] = found[rng.randrange(i)]
    if rng.random() < 0.2:
        return [value for point in found for value in point]
    return found


def box(rng: random.Random, im: Image.Image) -> tuple[float, ...]:
    xs = [coordinate(rng, im.width) for _ in range(2)]
    ys = [coordinate(rng, im.height) for _ in range(2)]
    if rng.random() < 0.15:
        xs[1] = xs[0] + rng.randrange(3)
    if rng.random() < 0.15:
        ys[1] = ys[0] + rng.randrange(3)
    if rng.random() < 0.97:
        xs.sort()
        ys.sort()
    return xs[0], ys[0], xs[1], ys[1]


def width(rng: random.Random) -> int:
    return rng.choice((1, 1, 2, 3, 4, 5, 6, 9, 12, 30, 0, -1, -2))


def angle(rng: random.Random) -> float:
    return rng.choice((rng.uniform(-400, 800), rng.randint(-8, 16) * 45, rng.randint(-360, 720)))


def lines(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    xy, w = points(rng, im, 0, 6), width(rng)
    joint = rng.choice((None, "curve"))
    return f"line {xy} {w} {joint}", lambda d: d.line(xy, colours[0], w, joint)


def dots(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    xy = points(rng, im, 0, 9)
    return f"point {xy}", lambda d: d.point(xy, colours[0])


def polygon(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    xy, w = points(rng, im, 1, 40 if rng.random() < 0.2 else 9), width(rng)
    return f"polygon {xy} {colours} {w}", lambda d: d.polygon(xy, *colours, w)


def boxed(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    name = rng.choice(("rectangle", "ellipse"))
    xy, w = box(rng, im), width(rng)
    return f"{name} {xy} {colours} {w}", lambda d: getattr(d, name)(xy, *colours, w)


def sector(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    name = rng.choice(("arc", "chord", "pieslice"))
    xy, w, start, end = box(rng, im), width(rng), angle(rng), angle(rng)
    inks = colours[:1] if name == "arc" else colours
    return (
        f"{name} {xy} {start} {end} {inks} {w}",
        lambda d: getattr(d, name)(xy, start, end, *inks, w),
    )


def rounded(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    xy, w, radius = box(rng, im), width(rng), rng.choice((rng.uniform(0, 30), rng.randrange(40)))
    corners: Any = rng.choice((None, tuple(rng.random() < 0.5 for _ in range(4))))
    return (
        f"rounded_rectangle {xy} {radius} {colours} {w} {corners}",
        lambda d: d.rounded_rectangle(xy, radius, *colours, w, corners=corners),
    )


def regular(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    circle = (coordinate(rng, im.width), coordinate(rng, im.height), rng.uniform(-1, 50))
    sides, turn, w = rng.randint(2, 12), rng.uniform(-400, 400), width(rng)
    return (
        f"regular_polygon {circle} {sides} {turn} {colours} {w}",
        lambda d: d.regular_polygon(circle, sides, turn, *colours, w),
    )


def circle(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    xy, radius, w = points(rng, im, 1, 1), rng.uniform(-1, 40), width(rng)
    centre = xy[0] if isinstance(xy[0], tuple) else xy
    return f"circle {xy} {radius} {w}", lambda d: d.circle(centre, radius, *colours, w)


def outline(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    steps: list[tuple[str, list[float]]] = []
    for _ in range(rng.randint(0, 7)):
        name = rng.choice(("move", "line", "line", "curve", "curve", "close"))
        count = {"move": 1, "line": 1, "curve": 3, "close": 0}[name]
        numbers: list[float] = []
        for _ in range(count):
            numbers += [coordinate(rng, im.width), coordinate(rng, im.height)]
        steps.append((name, numbers))
    if rng.random() < 0.05:  # Pillow raises SystemError if there is nothing to transform
        steps += [("line", [1.0, 2.0]), ("transform", [])]

    def draw(d: Draw) -> None:
        made: Any = ImageDraw.Outline()
        for name, numbers in steps:
            if name == "transform":
                made.transform((1, 0, 0, 0, 1, 0))
            else:
                getattr(made, name)(*numbers)
        d.shape(made, *colours)

    return f"shape {steps} {colours}", draw


def bitmap(rng: random.Random, im: Image.Image, colours: list[Any]) -> Shape:
    mask = image(rng, rng.choice(("1", "L", "RGBA", "RGBa", "LA", "RGB")), size(rng))
    xy = (coordinate(rng, im.width), coordinate(rng, im.height))
    return f"bitmap {mask.mode} {mask.size} {xy}", lambda d: d.bitmap(xy, mask, colours[0])


SHAPES = (lines, lines, dots, polygon, polygon, boxed, boxed, sector, sector, rounded, regular,
          circle, outline, bitmap)  # fmt: skip


def draw_one(im: Image.Image, mode: str | None, fill: bool, shape: Callable[[Draw], Any]) -> Any:
    """The image as it is afterwards, and how the call ended."""
    drawn = im.copy()
    drawing = ImageDraw.Draw(drawn, mode)
    drawing.fill = fill
    try:
        shape(drawing)
    except Exception as error:
        return type(error).__name__, drawn
    return drawn


def shapes(rng: random.Random) -> Iterator[Case]:
    while True:
        im, mode = canvas(rng)
        name, shape = rng.choice(SHAPES)(rng, im, [ink(rng, im, mode), ink(rng, im, mode)])
        fill = rng.random() < 0.1
        yield (
            f"{im.mode} {im.size} {mode} {fill}: {name}",
            lambda a=(im, mode, fill, shape): draw_one(*a),
        )


def core_shapes(rng: random.Random) -> Iterator[Case]:
    """The methods of the core object, whose arguments ImageDraw limits."""
    while True:
        im, mode = canvas(rng)
        value = rng.randint(-(2**31), 2**31 - 1)
        xy, w = points(rng, im, 0, 7), width(rng)
        mask, corners = image(rng, rng.choice(("1", "L")), im.size), box(rng, im)
        kind = rng.randrange(4)

        def call(d: Any, a: Any = (kind, xy, value, w, mask, corners)) -> Any:
            kind, xy, value, w, mask, corners = a
            core = d.draw
            if kind == 0:
                return core.draw_lines(xy, value, w)
            if kind == 1:
                return core.draw_polygon(xy, value, 0, w)
            if kind == 2:
                return core.draw_polygon(xy, value, w & 1, w, mask.im)
            return core.draw_rectangle(corners, value, 0, w)

        yield (
            f"core {kind} {im.mode} {im.size} {mode} {xy} {w}",
            lambda a=(im, mode, False, call): draw_one(*a),
        )


def flood(rng: random.Random) -> Iterator[Case]:
    while True:
        mode = rng.choice(MODES)
        im = Image.new(mode, size(rng), colour(rng, mode) if rng.random() < 0.5 else 0)
        drawing = ImageDraw.Draw(im)
        values = [colour(rng, mode) for _ in range(3)]
        for _ in range(rng.randint(0, 9)):
            xy = points(rng, im, 2, 6)
            drawing.line(xy, rng.choice(values), rng.randint(1, 3))
        at = (rng.randint(-2, im.width), rng.randint(-2, im.height))
        value = rng.choice(values) if rng.random() < 0.3 else ink(rng, im, None) or 1
        border = rng.choice((None, None, rng.choice(values)))
        thresh = rng.choice((0, 0, 10, 60.5, 300))

        def call(d: Any, a: Any = (at, value, border, thresh)) -> Any:
            return ImageDraw.floodfill(d._image, *a)

        yield (
            f"floodfill {mode} {im.size} {at} {value} {border} {thresh}",
            lambda a=(im, None, False, call): draw_one(*a),
        )


ODD_COORDINATES: tuple[Any, ...] = (
    0, 3, -1, "ab", None, {1, 2}, [1, "a"], [(1, 2, 3)], [[1]], [[1, "x"]], [1], 2.5,
    [(1, 2), 3, 4], {1: 2}, range(6), [None, 1], [("a", 1)],
)  # fmt: skip


def coordinates(rng: random.Random) -> Any:
    numbers: list[Any] = [
        rng.choice((rng.randint(-9, 9), rng.uniform(-9, 9), 16777217, float("nan"), True))
        for _ in range(2 * rng.randint(0, 6))
    ]
    kind = rng.randrange(9)
    if kind == 0:
        return tuple(numbers)
    if kind == 1:
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    if kind == 2:
        return [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
    if kind == 3:
        return array.array("f", numbers)
    if kind == 4:
        return rng.randbytes(rng.randrange(50))
    if kind == 5:
        return rng.choice(ODD_COORDINATES)
    return numbers


def paths(rng: random.Random) -> Iterator[Case]:
    while True:
        data = coordinates(rng)
        matrix = tuple(rng.choice((0, 1, rng.uniform(-2, 2))) for _ in range(6))
        wrap, distance, flat = rng.choice((0, 3, -2.5)), rng.uniform(-1, 9), rng.randrange(2)
        cut = slice(*(rng.choice((None, rng.randint(-8, 8))) for _ in range(2)))

        def call(a: Any = (data, matrix, wrap, distance, flat, cut)) -> Any:
            data, matrix, wrap, distance, flat, cut = a
            path: Any = ImagePath.Path(data)
            found = [len(path), path.getbbox(), path[cut].tolist(flat), path.compact(distance)]
            path.transform(matrix, wrap)
            path.map(lambda x, y: (y, x + 1))
            return [*found, path.tolist()]

        yield f"Path({data!r}) {matrix} {wrap} {distance} {cut}", call


def pens(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, "RGB", size(rng))
        tools = [ImageDraw2.Pen("#123", rng.randint(1, 6)), ImageDraw2.Brush("#fedcba"), None]
        rng.shuffle(tools)
        name = rng.choice(("arc", "chord", "pieslice", "ellipse", "line", "polygon", "rectangle"))
        xy: Any = points(rng, im, 2, 5) if name in ("line", "polygon") else box(rng, im)
        angles = (angle(rng), angle(rng)) if name in ("arc", "chord", "pieslice") else ()
        offset = rng.choice((None, (rng.randint(-9, 9), rng.uniform(-9, 9))))

        def call(a: Any = (im, tools[:2], name, xy, angles, offset)) -> Any:
            im, tools, name, xy, angles, offset = a
            drawn = im.copy()
            drawing = ImageDraw2.Draw(drawn)
            if offset:
                drawing.settransform(offset)
            getattr(drawing, name)(xy, tools[0], *angles, tools[1])
            return drawing.flush()

        yield f"ImageDraw2 {name} {im.size} {xy} {angles} {offset}", call


AREAS: dict[str, tuple[Area, int]] = {
    "ImageDraw": (shapes, 4000),
    "core draw object": (core_shapes, 800),
    "floodfill": (flood, 600),
    "ImagePath": (paths, 500),
    "ImageDraw2": (pens, 400),
}
