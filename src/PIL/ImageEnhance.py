"""Enhancement by a factor: 0 gives the degenerate image, 1 the image itself, more exaggerates.

Each class blends between an image and a degenerate version of it (grey, black, blurred). The
alpha band, where there is one, stays as it is.
"""

from __future__ import annotations

from functools import cached_property

from . import Image, ImageFilter, ImageStat

#: Without an alpha band, and converted from and to L without regard to anything but the pixels.
_PLAIN_MODES = ("L", "RGB")


def _is_plain(image: Image.Image) -> bool:
    return image.mode in _PLAIN_MODES and "transparency" not in image.info


class _Enhance:
    image: Image.Image
    # What the degenerate image is made of, unless that was set: one pixel of its mode for all, or
    # its grey. A blend with either needs less time and memory than one with the image itself.
    _base: Image.Image
    _mode: str
    _size: tuple[int, int]

    def _degenerate_from(self, base: Image.Image) -> None:
        self._base = base
        self._mode, self._size = self.image.mode, self.image.size

    @cached_property
    def degenerate(self) -> Image.Image:
        """The image that is blended with."""
        if self._base.mode != self._mode:
            return self._base.convert(self._mode)
        any_image = Image.new(self._mode, self._size)
        return self._base._new(Image.core.blend_from(self._base.im, any_image.im, 0.0))

    def enhance(self, factor: float) -> Image.Image:
        """The image, enhanced.

        :param factor: 1.0 gives a copy of the original, lower values less of the property, higher
            ones more; there is no limit.
        :raises ValueError: the mode cannot be blended (1, P, PA, I, F, I;16).
        """
        self.image.load()
        unchanged = (self.image.mode, self.image.size)
        if "degenerate" in self.__dict__ or unchanged != (self._mode, self._size):
            return Image.blend(self.degenerate, self.image, factor)
        return self._base._new(Image.core.blend_from(self._base.im, self.image.im, factor))

    def _keep_alpha(self, degenerate: Image.Image) -> Image.Image:
        if "A" in self.image.getbands():
            degenerate.putalpha(self.image.getchannel("A"))
        return degenerate


class Color(_Enhance):
    """Colour balance: 0 gives a black-and-white image."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.intermediate_mode = "LA" if "A" in image.getbands() else "L"
        if image.mode == self.intermediate_mode:
            self.degenerate = image
        elif _is_plain(image):
            self._degenerate_from(image.convert("L"))
        else:
            self.degenerate = image.convert(self.intermediate_mode).convert(image.mode)


class Contrast(_Enhance):
    """Contrast: 0 gives an even grey, the mean of the image."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        if _is_plain(image):
            image.load()
            pixels = image.width * image.height
            mean = int(image.im.sum_of_grey() / pixels + 0.5) if pixels else 0
            self._degenerate_from(Image.new("L", (1, 1), mean).convert(image.mode))
        else:
            # Unnamed, the grey images are gone before the next is made.
            stat = ImageStat.Stat(image if image.mode == "L" else image.convert("L"))
            mean = int(stat.mean[0] + 0.5)
            even = Image.new("L", image.size, mean).convert(image.mode)
            self.degenerate = self._keep_alpha(even)


class Brightness(_Enhance):
    """Brightness: 0 gives black."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        if image.mode in _PLAIN_MODES:
            self._degenerate_from(Image.new(image.mode, (1, 1), 0))
        else:
            self.degenerate = self._keep_alpha(Image.new(image.mode, image.size, 0))


class Sharpness(_Enhance):
    """Sharpness: 0 gives a smoothed image, 2 a sharpened one."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.degenerate = self._keep_alpha(image.filter(ImageFilter.SMOOTH))
