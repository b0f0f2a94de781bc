"""Flood fill."""

from __future__ import annotations

import math
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from . import Image

    Colour = float | tuple[int, ...]


def _components(color: Any) -> tuple[Any, ...]:
    return color if isinstance(color, tuple) else (color,)


def _color_diff(color1: Colour, color2: Colour) -> float:
    """Sum of the differences over the components of the second colour."""
    first = _components(color1)
    total: float = sum(abs(first[i] - c) for i, c in enumerate(_components(color2)))
    return total


def _as_band_values(color: Any, pixel: Any) -> tuple[float, ...] | None:
    """A colour as numbers, one for each band, or None if no pixel like this one can equal it."""
    if isinstance(pixel, tuple):
        if not isinstance(color, tuple) or len(color) != len(pixel):
            return None
        values: Iterable[Any] = color
    else:
        values = (color,)
    try:
        numbers = tuple(float(v) for v in values)
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if all(n == v for n, v in zip(numbers, values, strict=True)) else None


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def floodfill(
    image: Image.Image,
    xy: tuple[int, int],
    value: float | tuple[int, ...],
    border: float | tuple[int, ...] | None = None,
    thresh: float = 0,
) -> None:
    """Fill a region of one colour, or within a border. Neighbours are those at the four sides.

    :param image: Changed in place.
    :param xy: A pixel of the region. Outside the image nothing happens.
    :param value: The new colour.
    :param border: Colour that bounds the region. Without it the region is what differs from the
       pixel at ``xy`` by no more than ``thresh``.
    :param thresh: Greatest difference, summed over the bands. Not used with a border.
    """
    pixels: Any = image.load()
    x, y = xy
    try:
        background = pixels[x, y]
        if _color_diff(value, background) <= thresh:
            return
        pixels[x, y] = value
    except (ValueError, IndexError):
        return

    start = (int(x), int(y))
    if border is None:
        numbers = tuple(float(c) for c in _components(background))
        image.im.floodfill(*start, value, numbers, _as_float(thresh), ())
    else:
        found = (_as_band_values(c, background) for c in (value, border))
        barriers = tuple(b for b in found if b is not None)
        image.im.floodfill(*start, value, None, 0.0, barriers)
