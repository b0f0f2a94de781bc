"""Methods of ``Image`` that put images together or take them apart."""

from __future__ import annotations

from . import Image as pil
from . import ImageMode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .Image import Image


def _full_box(box: Any, im: Any, mask: Any) -> Any:
    """Complete a box of two numbers by the size of the image, or else of the mask."""
    if len(box) != 2:
        return box
    for sized in (im, mask):
        if isinstance(sized, pil.Image):
            return (box[0], box[1], box[0] + sized.width, box[1] + sized.height)
    msg = "cannot determine region size; use 4-item box"
    raise ValueError(msg)


def paste(
    self: Image,
    im: Image | str | float | tuple[float, ...],
    box: Image | tuple[int, int, int, int] | tuple[int, int] | None = None,
    mask: Image | None = None,
) -> None:
    """Put an image or a colour into this one.

    :param im: Image, converted to this mode if need be, or a colour as for :func:`PIL.Image.new`.
    :param box: Where: (left, upper), or (left, upper, right, lower) of exactly the size of the
       image; the top left corner by default. An image here is the mask.
    :param mask: Image of the size of the box, of mode 1, L, LA, RGBA or RGBa: what is pasted shows
       by its value, or alpha.
    :exception ValueError: If sizes or the mode of the mask do not fit.
    """
    if isinstance(box, pil.Image):
        if mask is not None:
            msg = "If using second argument as mask, third argument must be None"
            raise ValueError(msg)
        mask, box = box, None
    region = _full_box((0, 0) if box is None else box, im, mask)

    source: Any = im
    if isinstance(im, str):
        from . import ImageColor

        source = ImageColor.getcolor(im, self.mode)
    elif isinstance(im, pil.Image):
        im.load()
        # An RGB image takes the colours of the latter three as they are.
        if im.mode != self.mode and (self.mode != "RGB" or im.mode not in ("LA", "RGBA", "RGBa")):
            im = im.convert(self.mode)
        source = im.im

    self._ensure_mutable()
    if mask:
        mask.load()
        self.im.paste(source, region, mask.im)
    else:
        self.im.paste(source, region)


def alpha_composite(
    self: Image, im: Image, dest: Sequence[int] = (0, 0), source: Sequence[int] = (0, 0)
) -> None:
    """Composite an image over this one, in place.

    :param im: Image of the same mode, RGBA or LA.
    :param dest: Where its upper left corner goes; may be outside.
    :param source: Part of it to take: (left, upper), or (left, upper, right, lower).
    :exception ValueError: If an argument is malformed, or the modes do not fit.
    """
    for name, value in (("Source", source), ("Destination", dest)):
        if not isinstance(value, list | tuple):
            msg = f"{name} must be a list or tuple"
            raise ValueError(msg)
    if len(source) not in (2, 4):
        msg = "Source must be a sequence of length 2 or 4"
        raise ValueError(msg)
    if len(dest) != 2:
        msg = "Destination must be a sequence of length 2"
        raise ValueError(msg)
    if min(source) < 0:
        msg = "Source must be non-negative"
        raise ValueError(msg)

    right, lower = source[2:] or im.size
    crop = source[0], source[1], right, lower
    overlay = im if crop == (0, 0, *im.size) else im.crop(crop)
    box = (dest[0], dest[1], dest[0] + overlay.width, dest[1] + overlay.height)
    background = self if box == (0, 0, *self.size) else self.crop(box)
    self.paste(pil.alpha_composite(background, overlay), box)


def putalpha(self: Image, alpha: Image | int) -> None:
    """Give the image an alpha band, or replace it. The mode becomes one with alpha if need be.

    :param alpha: Image of mode 1 or L and of the same size, or one number for all pixels.
    :exception ValueError: If the image cannot have alpha, or the band does not fit.
    """
    self._ensure_mutable()
    if self.mode in ("RGB", "RGBX"):
        self.im.setalpha()
        self._mode = self.im.mode
    elif self.mode not in ("LA", "PA", "RGBA"):
        # Not Image.convert(): that would look at the transparent colour.
        base = ImageMode.getmode(self.mode).basemode
        self.im = self.im.convert(f"{base}A")
        self._mode = self.im.mode

    band = self.im.bands - 1
    if isinstance(alpha, pil.Image):
        if alpha.mode not in ("1", "L"):
            msg = "illegal image mode"
            raise ValueError(msg)
        alpha.load()
        if alpha.mode == "1":
            alpha = alpha.convert("L")
        self.im.putband(alpha.im, band)
    else:
        self.im.fillband(band, alpha)


def split(self: Image) -> tuple[Image, ...]:
    """The bands as images of mode L; of a single-band image a copy."""
    self.load()
    if self.im.bands == 1:
        return (self.copy(),)
    return tuple(self._new(band) for band in self.im.split())


def getchannel(self: Image, channel: int | str) -> Image:
    """One band as an image of mode L.

    :param channel: Number, or name as in :meth:`getbands`.
    :exception ValueError: If there is no such band.
    """
    self.load()
    if isinstance(channel, str):
        names = self.getbands()
        if channel not in names:
            msg = f'The image has no channel "{channel}"'
            raise ValueError(msg)
        channel = names.index(channel)
    return self._new(self.im.getband(channel))
