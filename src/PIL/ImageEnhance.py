"""Enhancement by a factor: 0 gives the degenerate image, 1 the image itself, more exaggerates.

Each class blends between an image and a degenerate version of it (grey, black, blurred). The
alpha band, where there is one, stays as it is.
"""

from __future__ import annotations

from . import Image, ImageFilter, ImageStat


class _Enhance:
    image: Image.Image
    degenerate: Image.Image

    def enhance(self, factor: float) -> Image.Image:
        """The image, enhanced.

        :param factor: 1.0 gives a copy of the original, lower values less of the property, higher
            ones more; there is no limit.
        :raises ValueError: the mode cannot be blended (1, P, PA, I, F, I;16).
        """
        return Image.blend(self.degenerate, self.image, factor)

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
        else:
            self.degenerate = image.convert(self.intermediate_mode).convert(image.mode)


class Contrast(_Enhance):
    """Contrast: 0 gives an even grey, the mean of the image."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        gray = image if image.mode == "L" else image.convert("L")
        mean = int(ImageStat.Stat(gray).mean[0] + 0.5)
        even = Image.new("L", image.size, mean)
        self.degenerate = self._keep_alpha(even.convert(image.mode))


class Brightness(_Enhance):
    """Brightness: 0 gives black."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.degenerate = self._keep_alpha(Image.new(image.mode, image.size, 0))


class Sharpness(_Enhance):
    """Sharpness: 0 gives a smoothed image, 2 a sharpened one."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.degenerate = self._keep_alpha(image.filter(ImageFilter.SMOOTH))
