"""``Image.point``: lookup tables and linear functions of pixels."""

from __future__ import annotations

import abc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._typing import NumpyArray
    from .Image import Image

# Too many values for a table: functions of these must be linear.
LINEAR_MODES = ("I", "I;16", "F")


class ImagePointHandler(abc.ABC):
    """Base class of objects that do the work of :meth:`Image.point` themselves."""

    __module__ = "PIL.Image"

    @abc.abstractmethod
    def point(self, im: Image) -> Image:
        pass


class ImagePointTransform:
    """``scale * pixel + offset``, as it comes out of a function that was called with a pixel.

    Sums and differences with each other and with numbers, products with and quotients by numbers.
    """

    __module__ = "PIL.Image"

    def __init__(self, scale: float, offset: float) -> None:
        self.scale = scale
        self.offset = offset

    def __neg__(self) -> ImagePointTransform:
        return ImagePointTransform(-self.scale, -self.offset)

    def __add__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        if isinstance(other, ImagePointTransform):
            return ImagePointTransform(self.scale + other.scale, self.offset + other.offset)
        return ImagePointTransform(self.scale, self.offset + other)

    __radd__ = __add__

    def __sub__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        return self + -other

    def __rsub__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        return other + -self

    def __mul__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        if isinstance(other, ImagePointTransform):
            return NotImplemented
        return ImagePointTransform(self.scale * other, self.offset * other)

    __rmul__ = __mul__

    def __truediv__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        if isinstance(other, ImagePointTransform):
            return NotImplemented
        return ImagePointTransform(self.scale / other, self.offset / other)


def getscaleoffset(
    expr: Callable[[ImagePointTransform], ImagePointTransform | float],
) -> tuple[float, float]:
    """Scale and offset of a linear function; of a constant, scale 0."""
    result = expr(ImagePointTransform(1, 0))
    if isinstance(result, ImagePointTransform):
        return result.scale, result.offset
    return 0, result


def point(
    self: Image,
    lut: Sequence[float]
    | NumpyArray
    | Callable[[int], float]
    | Callable[[ImagePointTransform], ImagePointTransform | float]
    | ImagePointHandler,
    mode: str | None = None,
) -> Image:
    """Replace each value by another.

    :param lut: A table of 256 values for each band (65,536 for I to L), or a function. Functions
       are called for 0 to 255 and serve all bands alike; for I, I;16 and F once, with an object for
       the pixel, and must be linear. An :class:`ImagePointHandler` gets the image.
    :param mode: Mode of the result, for 1, L and P (or I to L).
    :exception ValueError: If modes and the table's length do not fit.
    """
    self.load()
    if isinstance(lut, ImagePointHandler):
        return lut.point(self)

    table: Sequence[float] | NumpyArray
    if callable(lut):
        if self.mode in LINEAR_MODES:
            scale, offset = getscaleoffset(lut)  # type: ignore[arg-type]
            return self._new(self.im.point_transform(scale, offset))
        function: Callable[[int], float] = lut  # type: ignore[assignment]
        table = [function(i) for i in range(256)] * self.im.bands
    else:
        table = lut

    if self.mode == "F":
        msg = "point operation not supported for this mode"
        raise ValueError(msg)
    if mode != "F":
        table = [round(value) for value in table]
    return self._new(self.im.point(table, mode))
