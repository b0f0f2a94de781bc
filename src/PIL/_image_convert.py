"""``Image.convert``: conversion between modes, with the rules for transparency around it."""

from __future__ import annotations

import warnings

from . import Image as pil
from . import ImageMode
from ._image_enums import Dither, Palette
from ._image_palettes import BYTES_TRANSPARENCY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import _imaging as core
    from .Image import Image

    Matrix = list[float] | tuple[float, ...]

# Conversions that make the pixels of the transparent colour transparent.
_COLOR_TO_ALPHA = {
    **dict.fromkeys(("1", "L", "I", "I;16"), ("LA", "RGBA")),
    "RGB": ("La", "LA", "RGBa", "RGBA"),
}
# Modes between which the transparent colour itself is converted.
_COLOR_KEPT = ("L", "RGB", "P")


def _mapped(matrix: Matrix, color: tuple[int, ...]) -> int:
    """A colour through one row of a matrix; half of the constant only, as Pillow has it."""
    value = matrix[0] * color[0] + matrix[1] * color[1] + matrix[2] * color[2] + matrix[3] * 0.5
    return max(0, min(255, int(value)))


def _convert_matrix(self: Image, mode: str, matrix: Matrix) -> Image:
    if mode not in ("L", "RGB"):
        msg = "illegal conversion"
        raise ValueError(msg)
    im = self._new(self.im.convert_matrix(mode, matrix))
    if "transparency" in self.info and self.im.bands == 3:
        color = self.info["transparency"]
        if mode == "L":
            im.info["transparency"] = _mapped(matrix, color)
        else:
            im.info["transparency"] = tuple(_mapped(matrix[i : i + 4], color) for i in (0, 4, 8))
    return im


class _Transparency:
    """What happens to ``info["transparency"]``: ``drop`` it, or replace it by ``color``."""

    def __init__(self, drop: bool = False, color: Any = None) -> None:
        self.drop = drop
        self.color = color


_KEPT = _Transparency()


def _converted_color(self: Image, mode: str) -> _Transparency:
    """The transparent colour of L, RGB or P, converted to one of them."""
    color = self.info["transparency"]
    if isinstance(color, bytes):
        warnings.warn(BYTES_TRANSPARENCY, stacklevel=4)
        return _Transparency(drop=True)
    if color is None:
        return _Transparency()
    # A single pixel goes the way of the whole image.
    pixel = pil.new(self.mode, (1, 1))
    if self.mode == "P":
        from . import ImagePalette

        assert self.palette is not None
        pixel.putpalette(self.palette, self.palette.mode)
        if isinstance(color, tuple):
            assert pixel.palette is not None
            try:
                color = pixel.palette.getcolor(color, self)
            except ValueError as e:
                if str(e) == ImagePalette.PALETTE_FULL:
                    return _Transparency()
                msg = "Couldn't allocate a palette color for transparency"
                raise ValueError(msg) from e
    pixel.putpixel((0, 0), color)
    return _Transparency(color=pixel.convert("RGB" if mode == "P" else mode).getpixel((0, 0)))


def _transparency(self: Image, mode: str) -> _Transparency:
    """Rules for images that have a transparent colour; sets alphas of a core palette."""
    if "transparency" not in self.info:
        return _KEPT
    if self.mode in _COLOR_KEPT and mode in _COLOR_KEPT:
        return _converted_color(self, mode)
    if self.mode == "P" and mode in ("LA", "PA", "RGBA"):
        transparency = self.info["transparency"]
        if isinstance(transparency, bytes):
            self.im.putpalettealphas(transparency)
        elif isinstance(transparency, int):
            self.im.putpalettealpha(transparency, 0)
        else:
            msg = "Transparency for P mode should be bytes or int"
            raise ValueError(msg)
        return _Transparency(drop=True)
    return _Transparency()


def _adaptive(self: Image, colors: int, transparency: _Transparency) -> Image:
    from . import ImagePalette

    im = self._new(self.im.quantize(colors))
    im.palette = ImagePalette.ImagePalette("RGB", im.im.getpalette("RGB"))
    if transparency.drop:
        del im.info["transparency"]
    if transparency.color is not None:
        try:
            im.info["transparency"] = im.palette.getcolor(transparency.color, im)
        except Exception:
            # A colour of a wrong kind is not worth losing the image for.
            del im.info["transparency"]
            _warn_lost_transparency()
    return im


def _warn_lost_transparency() -> None:
    warnings.warn("Couldn't allocate palette entry for transparency", stacklevel=4)


def _convert_lab(self: Image, mode: str) -> Image | None:
    """LAB from and to RGB, RGBA, RGBX goes through colour management; None for other modes."""
    im = self
    if mode == "LAB":
        if im.mode not in ("RGB", "RGBA", "RGBX"):
            im = im.convert("RGBA")
        names = ("sRGB", "LAB")
    elif mode in ("RGB", "RGBA", "RGBX"):
        names = ("LAB", "sRGB")
    else:
        return None

    from importlib import import_module

    cms: Any = import_module("PIL.ImageCms")
    source, target = (cms.createProfile(name) for name in names)
    result: Image = cms.buildTransform(source, target, im.mode, mode).apply(im)
    return result


def _convert_core(self: Image, mode: str, dither: int) -> core.ImagingCore:
    """The core's conversion, over the base mode if there is no direct one."""
    try:
        return self.im.convert(mode, dither)
    except ValueError:
        try:
            base = ImageMode.getmode(self.mode).basemode
        except KeyError as e:
            msg = "illegal conversion"
            raise ValueError(msg) from e
        if base == self.mode:
            raise
    return self.im.convert(base).convert(mode, dither)


def _finish(im: Image, mode: str, palette: int, transparency: _Transparency) -> Image:
    """Palette and transparency of a result of the core's conversion."""
    if mode in ("P", "PA") and palette != Palette.ADAPTIVE:
        from . import ImagePalette

        im.palette = ImagePalette.raw("RGB", im.im.getpalette("RGB"))
    if transparency.drop:
        del im.info["transparency"]
    if transparency.color is None:
        return im
    if im.mode == "P" and im.palette:
        from . import ImagePalette

        try:
            im.info["transparency"] = im.palette.getcolor(transparency.color, im)
        except ValueError as e:
            del im.info["transparency"]
            if str(e) != ImagePalette.PALETTE_FULL:
                _warn_lost_transparency()
    else:
        im.info["transparency"] = transparency.color
    return im


def convert(
    self: Image,
    mode: str | None = None,
    matrix: list[float] | tuple[float, ...] | None = None,
    dither: Dither | None = None,
    palette: Palette = Palette.WEB,
    colors: int = 256,
) -> Image:
    """The image in another mode.

    RGB to L is the ITU-R 601 luma; RGB and L to 1 and P are dithered unless told otherwise.

    :param mode: The mode; by default that of the palette of a P image, else no change.
    :param matrix: From a three-band mode to L or RGB: 4 or 12 numbers, rows of three factors and a
       constant.
    :param dither: To 1, or to P with the web palette: FLOYDSTEINBERG (default) or NONE.
    :param palette: To P: the WEB palette, or an ADAPTIVE one.
    :param colors: Number of colours of the latter.
    :exception ValueError: If there is no such conversion.
    """
    self.load()
    if not mode and self.mode == "P":
        mode = self.palette.mode if self.palette else "RGB"
        if mode == "RGB" and "transparency" in self.info:
            mode = "RGBA"
    if not mode or (mode == self.mode and not matrix):
        return self.copy()
    if matrix:
        return _convert_matrix(self, mode, matrix)

    if self.mode == "RGBA" and mode == "P":
        return self.quantize(colors)
    if self.mode == "RGBA" and mode == "PA":
        *color, alpha = self.split()
        return pil.merge("PA", (pil.merge("RGB", color).quantize(colors), alpha))

    if "transparency" in self.info and mode in _COLOR_TO_ALPHA.get(self.mode, ()):
        im = self._new(self.im.convert_transparent(mode, self.info["transparency"]))
        del im.info["transparency"]
        return im
    transparency = _transparency(self, mode)

    if mode == "P" and palette == Palette.ADAPTIVE:
        return _adaptive(self, colors, transparency)
    if "LAB" in (self.mode, mode):
        lab = _convert_lab(self, mode)
        if lab is not None:
            return lab
    if dither is None:
        dither = Dither.FLOYDSTEINBERG
    im = self._new(_convert_core(self, mode, dither))
    return _finish(im, mode, palette, transparency)
