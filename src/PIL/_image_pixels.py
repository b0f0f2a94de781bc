"""Methods of ``Image`` on single pixels, sequences of pixels, and statistics of them."""

from __future__ import annotations

from ._deprecate import deprecate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import _imaging as core
    from ._typing import NumpyArray
    from .Image import Image


def getpixel(self: Image, xy: tuple[int, int] | list[int]) -> float | tuple[int, ...] | None:
    """The value of a pixel: a number, or a tuple with one for each band.

    :param xy: (x, y); negative ones count from the right and the bottom.
    :exception IndexError: Outside the image.
    """
    self.load()
    return self.im.getpixel(tuple(xy))  # type: ignore[arg-type]


def putpixel(
    self: Image, xy: tuple[int, int] | list[int], value: float | tuple[int, ...] | list[int]
) -> None:
    """Change a pixel. For many pixels use the object that :meth:`load` returns, or ``paste``.

    :param xy: (x, y); negative ones count from the right and the bottom.
    :param value: A number, or a tuple with one for each band; for P and PA also red, green, blue
       (and alpha), which are looked up in the palette and added to it if need be.
    :exception IndexError: Outside the image.
    """
    self._ensure_mutable()
    if self.mode in ("P", "PA") and isinstance(value, list | tuple) and len(value) in (3, 4):
        alpha = None
        if self.mode == "PA":
            alpha = value[3] if len(value) == 4 else 255
            value = value[:3]
        assert self.palette is not None
        index = self.palette.getcolor(tuple(value), self)
        value = index if alpha is None else (index, alpha)
    self.im.putpixel(xy, value)


def putdata(
    self: Image,
    data: Sequence[float] | Sequence[Sequence[int]] | NumpyArray,
    scale: float = 1.0,
    offset: float = 0.0,
) -> None:
    """Replace pixels, from the top left corner on, by those of a sequence.

    :param data: Numbers, or tuples for several bands; no more than there are pixels.
    :param scale: Factor for numbers.
    :param offset: Added to them after that.
    :exception TypeError: If it is no sequence, too long, or an item does not fit.
    """
    self._ensure_mutable()
    self.im.putdata(data, scale, offset)


def getdata(self: Image, band: int | None = None) -> core.ImagingCore:
    """Deprecated: all pixels as a sequence that changes with the image."""
    deprecate("Image.Image.getdata", 14, "get_flattened_data")
    self.load()
    return self.im if band is None else self.im.getband(band)


def get_flattened_data(
    self: Image, band: int | None = None
) -> tuple[tuple[int, ...], ...] | tuple[float, ...]:
    """All pixels, row by row.

    :param band: Only this band, as numbers.
    :exception ValueError: If there is no such band.
    """
    self.load()
    pixels = self.im if band is None else self.im.getband(band)
    return tuple(pixels)  # type: ignore[return-value]


def getbbox(self: Image, *, alpha_only: bool = True) -> tuple[int, int, int, int] | None:
    """The smallest box around all pixels that are not zero, or None if there are none.

    :param alpha_only: In modes with alpha, look at that band only.
    :returns: (left, upper, right, lower), right and lower one beyond the last pixel.
    """
    self.load()
    return self.im.getbbox(alpha_only)


def getcolors(
    self: Image, maxcolors: int = 256
) -> list[tuple[int, tuple[int, ...]]] | list[tuple[int, float]] | None:
    """(number of pixels, value) of each different pixel; None if there are more than ``maxcolors``.

    :exception ValueError: For 16-bit modes.
    """
    self.load()
    if self.mode not in ("1", "L", "P"):
        return self.im.getcolors(maxcolors)
    found: list[tuple[int, float]] = [
        (count, value) for value, count in enumerate(self.im.histogram()) if count
    ]
    return found if len(found) <= maxcolors else None


def getextrema(self: Image) -> tuple[float, float] | tuple[tuple[int, int], ...]:
    """Smallest and largest value; for several bands a tuple of such pairs. None if empty."""
    self.load()
    if self.im.bands == 1:
        extrema: tuple[float, float] = self.im.getextrema()
        return extrema
    return self.im.band_extrema()


def getprojection(self: Image) -> tuple[list[int], list[int]]:
    """Two lists of 0 and 1: which columns, and which rows, have a pixel that is not zero."""
    self.load()
    columns, rows = self.im.getprojection()
    return list(columns), list(rows)


def histogram(
    self: Image, mask: Image | None = None, extrema: tuple[float, float] | None = None
) -> list[int]:
    """How often each value occurs: 256 counts for each band, one band after the other.

    :param mask: Image of mode 1 or L and of the same size: pixels are counted where it is not 0.
    :param extrema: For I and F: the range that the 256 bins divide; from smallest to largest value
       by default.
    :exception ValueError: If the mask does not fit.
    """
    self.load()
    if mask:
        mask.load()
        return self.im.histogram((0, 0), mask.im)
    if self.mode in ("I", "F"):
        return self.im.histogram(self.getextrema() if extrema is None else extrema)
    return self.im.histogram()


def entropy(
    self: Image, mask: Image | None = None, extrema: tuple[float, float] | None = None
) -> float:
    """Shannon entropy of the :meth:`histogram`, in bits; the bands are not told apart.

    :param mask: As there.
    :param extrema: As there.
    """
    self.load()
    if mask:
        mask.load()
        return self.im.entropy((0, 0), mask.im)
    if self.mode in ("I", "F"):
        return self.im.entropy(self.getextrema() if extrema is None else extrema)
    return self.im.entropy()
