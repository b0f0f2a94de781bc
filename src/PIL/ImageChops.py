"""Channel operations: two images combined pixel by pixel.

Every function returns a new image with the mode and info of the first. The images must be 8-bit
with the same number of bands; if their sizes differ, the result is the common top-left part. All
bands are treated alike, alpha included.

:raises ValueError: modes that do not go together, or that are not 8-bit.
"""

from __future__ import annotations

from typing import Any

from . import Image


def constant(image: Image.Image, value: int) -> Image.Image:
    """An L image of the same size, filled with ``value`` (0 to 255)."""
    return Image.new("L", image.size, value)


def duplicate(image: Image.Image) -> Image.Image:
    """A copy of the image."""
    return image.copy()


def invert(image: Image.Image) -> Image.Image:
    """255 minus each byte; in modes of wider samples every bit is complemented."""
    image.load()
    return image._new(image.im.chop_invert())


def _combine(operation: str, image1: Image.Image, image2: Image.Image, *args: Any) -> Image.Image:
    image1.load()
    image2.load()
    return image1._new(getattr(image1.im, f"chop_{operation}")(image2.im, *args))


def lighter(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """max(a, b)"""
    return _combine("lighter", image1, image2)


def darker(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """min(a, b)"""
    return _combine("darker", image1, image2)


def difference(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """abs(a - b)"""
    return _combine("difference", image1, image2)


def multiply(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """a * b / 255, truncated: black stays black, white leaves the other as it is."""
    return _combine("multiply", image1, image2)


def screen(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """255 - (255 - a) * (255 - b) / 255: as if two slides were projected on one screen."""
    return _combine("screen", image1, image2)


def soft_light(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The Soft Light mix of the two."""
    return _combine("soft_light", image1, image2)


def hard_light(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The Hard Light mix: multiplied where the second is dark, screened where it is light."""
    return _combine("hard_light", image1, image2)


def overlay(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The Overlay mix: multiplied where the first is dark, screened where it is light."""
    return _combine("overlay", image1, image2)


def add(
    image1: Image.Image, image2: Image.Image, scale: float = 1.0, offset: float = 0
) -> Image.Image:
    """(a + b) / scale + offset, truncated and clipped to 0..255. The offset must be whole."""
    return _combine("add", image1, image2, scale, offset)


def subtract(
    image1: Image.Image, image2: Image.Image, scale: float = 1.0, offset: float = 0
) -> Image.Image:
    """(a - b) / scale + offset, truncated and clipped to 0..255. The offset must be whole."""
    return _combine("subtract", image1, image2, scale, offset)


def add_modulo(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """(a + b) modulo 256"""
    return _combine("add_modulo", image1, image2)


def subtract_modulo(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """(a - b) modulo 256"""
    return _combine("subtract_modulo", image1, image2)


def logical_and(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """White where both are; images of mode 1 only."""
    return _combine("and", image1, image2)


def logical_or(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """White where either is; images of mode 1 only."""
    return _combine("or", image1, image2)


def logical_xor(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """White where exactly one is; images of mode 1 only."""
    return _combine("xor", image1, image2)


def blend(image1: Image.Image, image2: Image.Image, alpha: float) -> Image.Image:
    """:func:`PIL.Image.blend`"""
    return Image.blend(image1, image2, alpha)


def composite(image1: Image.Image, image2: Image.Image, mask: Image.Image) -> Image.Image:
    """:func:`PIL.Image.composite`"""
    return Image.composite(image1, image2, mask)


def offset(image: Image.Image, xoffset: int, yoffset: int | None = None) -> Image.Image:
    """The image shifted cyclically; ``yoffset`` defaults to ``xoffset``."""
    image.load()
    return image._new(image.im.offset(xoffset, xoffset if yoffset is None else yoffset))
