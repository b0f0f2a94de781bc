"""Methods of ``Image`` that change size or position: crop, resize, reduce, rotate, ..."""

from __future__ import annotations

import abc
import math

from . import Image as pil
from . import _imaging
from ._image_enums import FILTER_SUPPORT, Resampling, Transform, Transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ._image_protocols import SupportsGetData
    from ._typing import NumpyArray
    from .Image import Image

    Box = tuple[float, float, float, float]

# Straight alpha cannot be averaged: these are resampled premultiplied.
PREMULTIPLIED = {"LA": "La", "RGBA": "RGBa"}

_TRANSFORM_FILTERS = (Resampling.NEAREST, Resampling.BILINEAR, Resampling.BICUBIC)
_RESIZE_FILTERS = (
    Resampling.NEAREST,
    Resampling.LANCZOS,
    Resampling.BILINEAR,
    Resampling.BICUBIC,
    Resampling.BOX,
    Resampling.HAMMING,
    Resampling.MKS2013,
    Resampling.MKS2021,
)


class ImageTransformHandler(abc.ABC):
    """Base class of objects that do the work of :meth:`Image.transform` themselves."""

    __module__ = "PIL.Image"

    @abc.abstractmethod
    def transform(self, size: tuple[int, int], image: Image, **options: Any) -> Image:
        pass


def _filter_error(message: str, filters: Sequence[Resampling]) -> ValueError:
    *first, last = (f"Image.Resampling.{f.name} ({f.value})" for f in filters)
    return ValueError(f"{message} Use {', '.join(first)} or {last}")


def crop(self: Image, box: tuple[float, float, float, float] | None = None) -> Image:
    """The part of the image inside a box; what lies outside of the image is 0.

    :param box: (left, upper, right, lower), rounded to integers; the whole image by default.
    :exception ValueError: If right is less than left or lower less than upper.
    """
    if box is None or box == (0, 0, *self.size):
        return self.copy()
    if box[2] < box[0]:
        msg = "Coordinate 'right' is less than 'left'"
        raise ValueError(msg)
    if box[3] < box[1]:
        msg = "Coordinate 'lower' is less than 'upper'"
        raise ValueError(msg)
    self.load()
    return self._new(self._crop(self.im, box))


def crop_core(
    self: Image, im: _imaging.ImagingCore, box: tuple[float, float, float, float]
) -> _imaging.ImagingCore:
    """Crop a core image, after the check for decompression bombs."""
    x0, y0, x1, y1 = (round(value) for value in box)
    pil._decompression_bomb_check((abs(x1 - x0), abs(y1 - y0)))
    return im.crop((x0, y0, x1, y1))


def resize(
    self: Image,
    size: tuple[int, int] | list[int] | NumpyArray,
    resample: int | None = None,
    box: tuple[float, float, float, float] | None = None,
    reducing_gap: float | None = None,
) -> Image:
    """The image, or a part of it, in another size.

    :param size: (width, height) in pixels.
    :param resample: A :class:`Resampling` filter; BICUBIC by default. Modes 1 and P always get
       NEAREST; LA and RGBA are averaged with premultiplied alpha.
    :param box: Part to scale, (left, upper, right, lower), fractions allowed; all by default.
    :param reducing_gap: 1.0 or more: first shrink by a whole number with :meth:`reduce` so that the
       result is still this many times too large. Faster, and less exact the closer to 1.0.
    :exception ValueError: For an unknown filter, a gap below 1.0, an empty size, or a box that is
       not inside the image.
    """
    if resample is None:
        resample = Resampling.BICUBIC
    elif resample not in _RESIZE_FILTERS:
        raise _filter_error(f"Unknown resampling filter ({resample}).", _RESIZE_FILTERS)
    if reducing_gap is not None and reducing_gap < 1.0:
        msg = "reducing_gap must be 1.0 or greater"
        raise ValueError(msg)

    whole = (0, 0, *self.size)
    if box is None:
        box = whole
    size = tuple(size)
    if self.size == size and box == whole:
        return self.copy()

    if self.mode in ("1", "P"):
        resample = Resampling.NEAREST
    premultiply = resample != Resampling.NEAREST and self.mode in PREMULTIPLIED
    if premultiply and reducing_gap is not None:
        # Premultiplied once, for both steps. Unnamed, that image is gone before the result is
        # converted.
        between = self.convert(PREMULTIPLIED[self.mode]).resize(size, resample, box, reducing_gap)
        return between.convert(self.mode)

    self.load()
    im = self
    if reducing_gap is not None and resample != Resampling.NEAREST:
        im, box = _reduced(self, size, resample, box, reducing_gap)
    return im._new(im.im.resize(size, resample, box, premultiply))


def _reduced(
    self: Image, size: Any, resample: int, box: Box, gap: float
) -> tuple[Image, Box]:
    """Shrink as far as the gap allows; the image and the box in it."""
    factor = (
        int((box[2] - box[0]) / size[0] / gap) or 1,
        int((box[3] - box[1]) / size[1] / gap) or 1,
    )
    if factor[0] <= 1 and factor[1] <= 1:
        return self, box
    safe = self._get_safe_box(size, Resampling(resample), box)
    # JPEG 2000 images have a number of levels under this name.
    method = self.reduce if callable(self.reduce) else _bound_reduce(self)
    return method(factor, safe), (
        (box[0] - safe[0]) / factor[0],
        (box[1] - safe[1]) / factor[1],
        (box[2] - safe[0]) / factor[0],
        (box[3] - safe[1]) / factor[1],
    )


def _bound_reduce(self: Image) -> Callable[..., Image]:
    return lambda factor, box: reduce(self, factor, box)


def get_safe_box(
    self: Image, size: tuple[int, int], resample: Resampling, box: Box
) -> tuple[int, int, int, int]:
    """The pixels that a filter looks at when ``box`` is scaled to ``size``, as integers."""
    margin = FILTER_SUPPORT[resample] - 0.5
    x = margin * ((box[2] - box[0]) / size[0])
    y = margin * ((box[3] - box[1]) / size[1])
    return (
        max(0, int(box[0] - x)),
        max(0, int(box[1] - y)),
        min(self.width, math.ceil(box[2] + x)),
        min(self.height, math.ceil(box[3] + y)),
    )


def reduce(
    self: Image,
    factor: int | tuple[int, int],
    box: tuple[int, int, int, int] | None = None,
) -> Image:
    """The image shrunk by whole numbers: each pixel is the mean of a block.

    Blocks at the right and lower edge may be smaller. LA and RGBA are averaged premultiplied.

    :param factor: Size of the blocks, or (width, height) of them.
    :param box: Part to shrink, in integers; all by default.
    :exception ValueError: For a factor below 1, a box not inside the image, modes 1, P and I;16.
    """
    if not isinstance(factor, list | tuple):
        factor = (factor, factor)
    if box is None:
        box = (0, 0, *self.size)
    if factor == (1, 1):
        return self.crop(box)
    self.load()
    return self._new(self.im.reduce(factor, box, self.mode in PREMULTIPLIED))


def _closest(value: float, key: Callable[[int], float]) -> int:
    """Of the integers around a number, at least 1, the one with the smaller key."""
    return max(min(math.floor(value), math.ceil(value), key=key), 1)


def _thumbnail_size(self: Image, x: int, y: int) -> tuple[int, int] | None:
    """The largest size within (x, y) of the image's proportions; None if it fits already."""
    if x >= self.width and y >= self.height:
        return None
    if self.height == 0:
        raise ValueError("image has no rows")
    aspect = self.width / self.height
    if x / y >= aspect:
        return _closest(y * aspect, key=lambda n: abs(aspect - n / y)), y
    return x, _closest(x / aspect, key=lambda n: 0 if n == 0 else abs(aspect - x / n))


def thumbnail(
    self: Image,
    size: tuple[float, float],
    resample: Resampling = Resampling.BICUBIC,
    reducing_gap: float | None = 2.0,
) -> None:
    """Shrink the image, in place, to fit within a size; the proportions stay.

    JPEG files are not even decoded in full, see :meth:`draft`.

    :param size: (width, height), rounded down.
    :param resample: As for :meth:`resize`.
    :param reducing_gap: As there; None for the most exact result.
    :exception ValueError: For an image without rows.
    """
    x, y = map(math.floor, size)
    target = _thumbnail_size(self, x, y)
    if target is None:
        return
    box = None
    if reducing_gap is not None:
        drafted = self.draft(None, (int(size[0] * reducing_gap), int(size[1] * reducing_gap)))
        if drafted is not None:
            box = drafted[1]
    if self.size != target:
        im = self.resize(target, resample, box=box, reducing_gap=reducing_gap)
        self.im = im.im
        self._size = target
        self._mode = self.im.mode
    self.readonly = 0


def transpose(self: Image, method: Transpose) -> Image:
    """The image mirrored or turned by quarters.

    :exception ValueError: For an unknown method.
    """
    self.load()
    return self._new(self.im.transpose(method))


_QUARTER_TURNS = {90: Transpose.ROTATE_90, 270: Transpose.ROTATE_270}


def _rotation_shortcut(self: Image, angle: float, expand: int | bool) -> Image | None:
    """Turns that only move pixels."""
    if angle == 0:
        return self.copy()
    if angle == 180:
        return self.transpose(Transpose.ROTATE_180)
    if angle in _QUARTER_TURNS and (expand or self.width == self.height):
        return self.transpose(_QUARTER_TURNS[int(angle)])
    return None


def _times(matrix: Sequence[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + b * y + c, d * x + e * y + f


def rotate(
    self: Image,
    angle: float,
    resample: Resampling = Resampling.NEAREST,
    expand: int | bool = False,
    center: tuple[float, float] | None = None,
    translate: tuple[int, int] | None = None,
    fillcolor: float | tuple[float, ...] | str | None = None,
) -> Image:
    """The image turned by any angle.

    :param angle: Degrees, counter-clockwise.
    :param resample: NEAREST, BILINEAR or BICUBIC.
    :param expand: Make the result large enough for the whole turned image (around the middle).
    :param center: Point to turn around; the middle by default.
    :param translate: Move the result by (x, y) pixels.
    :param fillcolor: Colour outside of the image; zeros by default.
    """
    angle = angle % 360.0
    if not (center or translate):
        quick = _rotation_shortcut(self, angle, expand)
        if quick is not None:
            return quick

    width, height = self.size
    shift = (0, 0) if translate is None else translate
    middle = (width / 2, height / 2) if center is None else center

    # The transform maps output to input, so it turns the other way. Rounding removes the
    # noise of cos(pi/2) and the like, which could add a row of pixels below.
    theta = -math.radians(angle)
    cos, sin = round(math.cos(theta), 15), round(math.sin(theta), 15)
    matrix = [cos, sin, 0.0, round(-math.sin(theta), 15), cos, 0.0]
    matrix[2], matrix[5] = _times(matrix, -middle[0] - shift[0], -middle[1] - shift[1])
    matrix[2] += middle[0]
    matrix[5] += middle[1]

    if expand:
        corners = ((0, 0), (width, 0), (width, height), (0, height))
        xs, ys = zip(*(_times(matrix, x, y) for x, y in corners), strict=True)
        new_width = math.ceil(max(xs)) - math.floor(min(xs))
        new_height = math.ceil(max(ys)) - math.floor(min(ys))
        offset = -(new_width - width) / 2.0, -(new_height - height) / 2.0
        matrix[2], matrix[5] = _times(matrix, *offset)
        width, height = new_width, new_height

    return self.transform(
        (width, height), Transform.AFFINE, matrix, resample, fillcolor=fillcolor
    )


def transform(
    self: Image,
    size: tuple[int, int],
    method: Transform | ImageTransformHandler | SupportsGetData,
    data: Sequence[Any] | None = None,
    resample: int = Resampling.NEAREST,
    fill: int = 1,
    fillcolor: float | tuple[float, ...] | str | None = None,
) -> Image:
    """An image of ``size`` whose pixels come from places in this one that a function tells.

    :param method: A :class:`Transform` with its data, or an object of :mod:`PIL.ImageTransform`.
    :param data: AFFINE: six numbers; EXTENT: a box; PERSPECTIVE: eight numbers; QUAD: four corners
       (x and y of NW, SW, SE, NE); MESH: a list of (output box, quad).
    :param resample: NEAREST, BILINEAR or BICUBIC.
    :param fill: For handlers.
    :param fillcolor: Colour where there is no source pixel; zeros by default.
    :exception ValueError: For an unknown method or filter, or data of a wrong length.
    """
    if self.mode in PREMULTIPLIED and resample != Resampling.NEAREST:
        between = self.convert(PREMULTIPLIED[self.mode]).transform(
            size, method, data, resample, fill, fillcolor
        )
        return between.convert(self.mode)

    if isinstance(method, ImageTransformHandler):
        return method.transform(size, self, resample=resample, fill=fill)
    if hasattr(method, "getdata"):
        method, data = method.getdata()
    if data is None:
        msg = "missing method data"
        raise ValueError(msg)

    im = pil.new(self.mode, size, fillcolor)
    if self.mode in ("P", "PA") and self.palette:
        im.palette = self.palette.copy()
    im.info = self._copy_info()
    if method == Transform.MESH:
        for box, quad in data:
            _transform_box(im, box, self, Transform.QUAD, quad, resample, fillcolor is None)
    else:
        whole = (0, 0, *im.size)
        _transform_box(im, whole, self, method, data, resample, fillcolor is None)
    return im


def _affine_of_extent(data: Any, w: int, h: int) -> tuple[float, ...]:
    x0, y0, x1, y1 = data
    return (x1 - x0) / w, 0, x0, 0, (y1 - y0) / h, y0


def _coefficients_of_quad(data: Any, w: int, h: int) -> tuple[float, ...]:
    """Bilinear coefficients of both coordinates for four corners of a w x h box."""
    nw, sw, se, ne = data[:2], data[2:4], data[4:6], data[6:8]
    per_column, per_row = 1.0 / w, 1.0 / h
    coefficients: list[float] = []
    for i, origin in enumerate(nw):
        twist = se[i] - sw[i] - ne[i] + origin
        coefficients += (
            origin,
            (ne[i] - origin) * per_column,
            (sw[i] - origin) * per_row,
            twist * per_column * per_row,
        )
    return tuple(coefficients)


def _transform_box(
    out: Image,
    box: tuple[int, int, int, int],
    image: Image,
    method: Any,
    data: Any,
    resample: int,
    zero_outside: bool,
) -> None:
    """Transform ``image`` into a box of ``out``."""
    w, h = box[2] - box[0], box[3] - box[1]
    if method == Transform.AFFINE:
        data = data[:6]
    elif method == Transform.EXTENT:
        method, data = Transform.AFFINE, _affine_of_extent(data, w, h)
    elif method == Transform.PERSPECTIVE:
        data = data[:8]
    elif method == Transform.QUAD:
        data = _coefficients_of_quad(data, w, h)
    else:
        msg = "unknown transformation method"
        raise ValueError(msg)

    if resample not in _TRANSFORM_FILTERS:
        if resample in _RESIZE_FILTERS:
            known = Resampling(resample)
            text = f"Image.Resampling.{known.name} ({known.value}) cannot be used."
        else:
            text = f"Unknown resampling filter ({resample})."
        raise _filter_error(text, _TRANSFORM_FILTERS)

    image.load()
    out.load()
    if image.mode in ("1", "P"):
        resample = Resampling.NEAREST
    out.im.transform(box, image.im, method, data, resample, zero_outside)
