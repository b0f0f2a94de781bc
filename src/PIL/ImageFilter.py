"""Filters for :meth:`PIL.Image.Image.filter`."""

from __future__ import annotations

import abc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from . import _imaging
    from ._typing import NumpyArray

_PALETTE_IMAGE = "cannot filter palette images"

# The core computes with 32-bit integers: windows and radii beyond this are refused.
_INT_MAX = 2**31 - 1


class Filter(abc.ABC):
    """Base class of all filters. ``filter`` gets a core image and returns a new one."""

    @abc.abstractmethod
    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        pass


class MultibandFilter(Filter):
    """Base class of filters that take all bands at once; others get each band alone."""


class BuiltinFilter(MultibandFilter):
    """Base class of the kernels: ``filterargs`` is (size, scale, offset, kernel)."""

    filterargs: tuple[Any, ...]

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        if image.mode == "P":
            raise ValueError(_PALETTE_IMAGE)
        return image.filter(*self.filterargs)


class Kernel(BuiltinFilter):
    """A convolution kernel, for all modes but P and F.

    Each result is the sum of the pixels under the kernel times its weights, divided by ``scale``,
    plus ``offset``. The outermost one or two rows and columns stay as they are.

    :param size: (3, 3) or (5, 5).
    :param kernel: 9 or 25 weights, row by row from the *bottom* of the window.
    :param scale: Divisor; the sum of the weights by default.
    :param offset: Added after the division.
    :exception ValueError: If the number of weights does not fit the size.
    """

    name = "Kernel"

    def __init__(
        self,
        size: tuple[int, int],
        kernel: Sequence[float],
        scale: float | None = None,
        offset: float = 0,
    ) -> None:
        if size[0] * size[1] != len(kernel):
            msg = "not enough coefficients in kernel"
            raise ValueError(msg)
        self.filterargs = size, sum(kernel) if scale is None else scale, offset, kernel


class RankFilter(Filter):
    """The ``rank``-th smallest value (from 0) of the ``size`` x ``size`` window; edges repeat.

    :exception ValueError: For an even or too large size, or a rank outside the window.
    """

    name = "Rank"

    def __init__(self, size: int, rank: int) -> None:
        if size % 2 == 0:
            msg = "bad filter size"
            raise ValueError(msg)
        if 4 * size * size > _INT_MAX:
            msg = "filter size too large"
            raise ValueError(msg)
        if not 0 <= rank < size * size:
            msg = "bad rank value"
            raise ValueError(msg)
        self.size = size
        self.rank = rank

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        if image.mode == "P":
            raise ValueError(_PALETTE_IMAGE)
        if 0 < self.size <= _INT_MAX:
            return image.rank_replicated(self.size, self.rank)
        # Attributes can be set to anything; these sizes end in an error.
        return image.expand(self.size // 2).rankfilter(self.size, self.rank)


class MedianFilter(RankFilter):
    """The middle value of the window."""

    name = "Median"

    def __init__(self, size: int = 3) -> None:
        super().__init__(size, size * size // 2)


class MinFilter(RankFilter):
    """The smallest value of the window."""

    name = "Min"

    def __init__(self, size: int = 3) -> None:
        super().__init__(size, 0)


class MaxFilter(RankFilter):
    """The largest value of the window."""

    name = "Max"

    def __init__(self, size: int = 3) -> None:
        super().__init__(size, size * size - 1)


class ModeFilter(Filter):
    """The most frequent value of the window, if it occurs there three times at least."""

    name = "Mode"

    def __init__(self, size: int = 3) -> None:
        self.size = size

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        return image.modefilter(self.size)


def _both_axes(radius: float | Sequence[float]) -> tuple[float, float]:
    if isinstance(radius, int | float):
        return radius, radius
    # The core checks that there are two.
    return radius  # type: ignore[return-value]


class GaussianBlur(MultibandFilter):
    """Gaussian blur, by three box blurs; the time does not depend on the radius.

    :param radius: Standard deviation in pixels, or a pair of them for x and y. 0: a copy.
    """

    name = "GaussianBlur"

    def __init__(self, radius: float | Sequence[float] = 2) -> None:
        self.radius = radius

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        radius = _both_axes(self.radius)
        return image.copy() if radius == (0, 0) else image.gaussian_blur(radius)


class BoxBlur(MultibandFilter):
    """Mean of the (2 * radius + 1)-sided box around each pixel; edges repeat.

    :param radius: In pixels, fractions allowed, or a pair for x and y. 0: a copy.
    :exception ValueError: For a negative or too large radius.
    """

    name = "BoxBlur"

    def __init__(self, radius: float | Sequence[float]) -> None:
        for value in radius if isinstance(radius, list | tuple) else (radius,):
            if not value >= 0:
                msg = "radius must be >= 0"
                raise ValueError(msg)
            if value > _INT_MAX:
                msg = "radius too large"
                raise ValueError(msg)
        self.radius = radius

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        radius = _both_axes(self.radius)
        return image.copy() if radius == (0, 0) else image.box_blur(radius)


class UnsharpMask(MultibandFilter):
    """Sharpens by adding what a Gaussian blur takes away.

    :param radius: Standard deviation of the blur.
    :param percent: Strength.
    :param threshold: Differences up to this are left alone.
    """

    name = "UnsharpMask"

    def __init__(self, radius: float = 2, percent: int = 150, threshold: int = 3) -> None:
        self.radius = radius
        self.percent = percent
        self.threshold = threshold

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        return image.unsharp_mask(self.radius, self.percent, self.threshold)


class BLUR(BuiltinFilter):
    name = "Blur"
    # fmt: off
    filterargs = (5, 5), 16, 0, (
        1, 1, 1, 1, 1,
        1, 0, 0, 0, 1,
        1, 0, 0, 0, 1,
        1, 0, 0, 0, 1,
        1, 1, 1, 1, 1,
    )
    # fmt: on


class CONTOUR(BuiltinFilter):
    name = "Contour"
    filterargs = (3, 3), 1, 255, (-1, -1, -1, -1, 8, -1, -1, -1, -1)


class DETAIL(BuiltinFilter):
    name = "Detail"
    filterargs = (3, 3), 6, 0, (0, -1, 0, -1, 10, -1, 0, -1, 0)


class EDGE_ENHANCE(BuiltinFilter):
    name = "Edge-enhance"
    filterargs = (3, 3), 2, 0, (-1, -1, -1, -1, 10, -1, -1, -1, -1)


class EDGE_ENHANCE_MORE(BuiltinFilter):
    name = "Edge-enhance More"
    filterargs = (3, 3), 1, 0, (-1, -1, -1, -1, 9, -1, -1, -1, -1)


class EMBOSS(BuiltinFilter):
    name = "Emboss"
    filterargs = (3, 3), 1, 128, (-1, 0, 0, 0, 1, 0, 0, 0, 0)


class FIND_EDGES(BuiltinFilter):
    name = "Find Edges"
    filterargs = (3, 3), 1, 0, (-1, -1, -1, -1, 8, -1, -1, -1, -1)


class SHARPEN(BuiltinFilter):
    name = "Sharpen"
    filterargs = (3, 3), 16, 0, (-2, -2, -2, -2, 32, -2, -2, -2, -2)


class SMOOTH(BuiltinFilter):
    name = "Smooth"
    filterargs = (3, 3), 13, 0, (1, 1, 1, 1, 5, 1, 1, 1, 1)


class SMOOTH_MORE(BuiltinFilter):
    name = "Smooth More"
    # fmt: off
    filterargs = (5, 5), 100, 0, (
        1, 1, 1, 1, 1,
        1, 5, 5, 5, 1,
        1, 5, 44, 5, 1,
        1, 5, 5, 5, 1,
        1, 1, 1, 1, 1,
    )
    # fmt: on


class Color3DLUT(MultibandFilter):
    """A three-dimensional colour lookup table with trilinear interpolation.

    :param size: Points per axis, 2 to 65: one number, or one for each of the first three bands.
    :param table: ``channels`` floats (0.0 to 1.0 is the range of a band) for each point, the first
       axis changing fastest; flat, or as tuples, or a numpy array of one, two or four dimensions.
    :param channels: Values per point, 3 or 4.
    :param target_mode: Mode of the result; that of the image by default.
    :exception ValueError: If size, channels or length do not fit.
    """

    name = "Color 3D LUT"

    def __init__(
        self,
        size: int | tuple[int, int, int],
        table: Sequence[float] | Sequence[Sequence[int]] | NumpyArray,
        channels: int = 3,
        target_mode: str | None = None,
        **kwargs: bool,
    ) -> None:
        _check_channels(channels)
        self.size = size = self._check_size(size)
        self.channels = channels
        self.mode = target_mode

        copy_table = kwargs.get("_copy_table", True)
        points = size[0] * size[1] * size[2]
        # Without a loaded numpy nothing can be an array of it.
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(table, numpy.ndarray):
            flat: Any = _flat_array(table, size, channels, copy_table)
        else:
            flat = _flat_list(table, channels, copy_table)
        if len(flat) != points * channels:
            msg = (
                "The table should have either channels * size**3 float items or size**3 items "
                "of channels-sized tuples with floats. Table should be: "
                f"{channels}x{size[0]}x{size[1]}x{size[2]}. Actual length: {len(flat)}"
            )
            raise ValueError(msg)
        self.table = flat

    @staticmethod
    def _check_size(size: Any) -> tuple[int, int, int]:
        try:
            _, _, _ = size
        except ValueError as e:
            msg = "Size should be either an integer or a tuple of three integers."
            raise ValueError(msg) from e
        except TypeError:
            size = (size, size, size)
        first, second, third = (int(n) for n in size)
        for n in (first, second, third):
            if not 2 <= n <= 65:
                msg = "Size should be in [2, 65] range."
                raise ValueError(msg)
        return first, second, third

    @classmethod
    def generate(
        cls,
        size: int | tuple[int, int, int],
        callback: Callable[[float, float, float], tuple[float, ...]],
        channels: int = 3,
        target_mode: str | None = None,
    ) -> Color3DLUT:
        """Make a table by calling ``callback(r, g, b)``, from 0.0 to 1.0, for each point.

        The callback returns ``channels`` values. See the class for the rest.
        """
        size = cls._check_size(size)
        _check_channels(channels)
        table: list[float] = [0] * (size[0] * size[1] * size[2] * channels)
        for i, normals in enumerate(_normals(size)):
            table[i * channels : (i + 1) * channels] = callback(*normals)
        return cls(size, table, channels=channels, target_mode=target_mode, _copy_table=False)

    def transform(
        self,
        callback: Callable[..., tuple[float, ...]],
        with_normals: bool = False,
        channels: int | None = None,
        target_mode: str | None = None,
    ) -> Color3DLUT:
        """A new table whose points are what ``callback`` makes of the points of this one.

        :param callback: Called with the ``channels`` old values and returns the new ones.
        :param with_normals: Call it with the position (three values, 0.0 to 1.0) before them.
        :param channels: Number of new values, 3 or 4; the old number by default.
        :param target_mode: The old one by default.
        """
        if channels not in (None, 3, 4):
            raise ValueError(_BAD_CHANNELS)
        old_step = self.channels
        new_step = channels or old_step
        table: list[float] = [0] * (self.size[0] * self.size[1] * self.size[2] * new_step)
        for i, normals in enumerate(_normals(self.size)):
            old = self.table[i * old_step : (i + 1) * old_step]
            new = callback(*normals, *old) if with_normals else callback(*old)
            table[i * new_step : (i + 1) * new_step] = new
        return type(self)(
            self.size,
            table,
            channels=new_step,
            target_mode=target_mode or self.mode,
            _copy_table=False,
        )

    def __repr__(self) -> str:
        size = "x".join(map(str, self.size))
        text = f"{type(self).__name__} from {type(self.table).__name__} size={size}"
        text += f" channels={self.channels}"
        if self.mode:
            text += f" target_mode={self.mode}"
        return f"<{text}>"

    def filter(self, image: _imaging.ImagingCore) -> _imaging.ImagingCore:
        return image.color_lut_3d(
            self.mode or image.mode,
            2,  # Image.Resampling.BILINEAR, without importing Image
            self.channels,
            self.size,
            self.table,
        )


_BAD_CHANNELS = "Only 3 or 4 output channels are supported"


def _check_channels(channels: int) -> None:
    if channels not in (3, 4):
        raise ValueError(_BAD_CHANNELS)


def _normals(size: tuple[int, int, int]) -> list[tuple[float, float, float]]:
    """Coordinates of all points, from 0.0 to 1.0, the first changing fastest."""
    first, second, third = ([i / (n - 1) for i in range(n)] for n in size)
    return [(r, g, b) for b in third for g in second for r in first]


def _flat_array(table: Any, size: tuple[int, int, int], channels: int, copy: bool) -> NumpyArray:
    points = size[0] * size[1] * size[2]
    array = table.copy() if copy else table
    if array.shape in (
        (points * channels,),
        (points, channels),
        (size[2], size[1], size[0], channels),
    ):
        array = array.reshape(points * channels)
    flat: NumpyArray = array
    return flat


def _flat_list(table: Any, channels: int, copy: bool) -> Sequence[float]:
    flat = list(table) if copy else table
    if flat and isinstance(flat[0], list | tuple):
        for point in flat:
            if len(point) != channels:
                msg = f"The elements of the table should have a length of {channels}."
                raise ValueError(msg)
        flat = [value for point in flat for value in point]
    result: Sequence[float] = flat
    return result
