"""Methods of ``Image`` on palettes, and quantisation.

A palette image has two palettes: ``im.palette``, which programs change, and that of the core, which
pixels are looked up in.  The former is the master while it is ``dirty``; :func:`realize` copies it.
"""

from __future__ import annotations

import warnings

from ._image_enums import Dither, Quantize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from . import ImagePalette
    from .Image import Image

BYTES_TRANSPARENCY = (
    "Palette images with Transparency expressed in bytes should be converted to RGBA images"
)


def realize(self: Image) -> None:
    """Hand the Python palette to the core.

    :exception ValueError: If the image or the palette is of another mode, or it is too long.
    """
    palette = self.palette
    assert palette is not None
    core = self.im
    rawmode, data = palette.getdata()
    core.putpalette(palette.mode, rawmode, data)
    palette.dirty = 0
    palette.rawmode = None
    if "transparency" in self.info and rawmode in ("LA", "PA"):
        transparency = self.info["transparency"]
        if isinstance(transparency, int):
            core.putpalettealpha(transparency, 0)
        else:
            core.putpalettealphas(transparency)
        palette.mode = "RGBA"
    elif palette.mode != rawmode:
        palette.palette = core.getpalette(palette.mode, palette.mode)


def getpalette(self: Image, rawmode: str | None = "RGB") -> list[int] | None:
    """The entries in use, as one list, or None if the image has no palette.

    :param rawmode: What to give for each entry, e.g. "RGB" or "RGBA"; None: as it is stored.
    :exception ValueError: For a raw mode that the palette cannot be given in.
    """
    self.load()
    try:
        mode = self.im.getpalettemode()
    except ValueError:
        return None
    return list(self.im.getpalette(mode, rawmode or mode))


def putpalette(
    self: Image, data: ImagePalette.ImagePalette | bytes | Sequence[int], rawmode: str = "RGB"
) -> None:
    """Give the image a palette. L becomes P and LA becomes PA; the pixels stay.

    :param data: Bytes, a sequence of numbers from 0 to 255, or a palette.
    :param rawmode: Form of the entries: "RGB", "RGBA", "CMYK" or a raw mode of these. It also
       decides on the mode of the new palette.
    :exception ValueError: For an image of another mode, or data that do not fit.
    """
    from . import ImagePalette

    if self.mode not in ("L", "LA", "P", "PA"):
        msg = "illegal image mode"
        raise ValueError(msg)
    if isinstance(data, ImagePalette.ImagePalette):
        palette = ImagePalette.raw(data.rawmode or "RGB", data.palette)
    else:
        palette = ImagePalette.raw(rawmode, data)
    self._mode = "PA" if "A" in self.mode else "P"
    self.palette = palette
    if rawmode.startswith("CMYK"):
        palette.mode = "CMYK"
    elif "A" in rawmode:
        palette.mode = "RGBA"
    if palette.rawmode == palette.mode:
        palette.rawmode = None
    loaded = self._im is not None
    if palette.rawmode is not None or (loaded and self.im.mode != self._mode):
        self.load()


def has_transparency_data(self: Image) -> bool:
    """Whether the image can have transparent pixels: by its mode, its palette, or ``info``."""
    if self.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in self.info:
        return True
    return self.mode == "P" and self.palette is not None and self.palette.mode.endswith("A")


def apply_transparency(self: Image) -> None:
    """Move the transparency of a P image from ``info`` into the palette, which becomes RGBA."""
    if self.mode != "P" or "transparency" not in self.info:
        return
    from . import ImagePalette

    entries = self.getpalette("RGBA")
    assert entries is not None
    transparency = self.info["transparency"]
    if isinstance(transparency, bytes):
        for i, alpha in enumerate(transparency):
            entries[i * 4 + 3] = alpha
    else:
        entries[transparency * 4 + 3] = 0
    self.palette = ImagePalette.ImagePalette("RGBA", bytes(entries))
    self.palette.dirty = 1
    del self.info["transparency"]


def _remap_source(self: Image, given: bytes | bytearray | None) -> tuple[str, bytes | bytearray]:
    """Mode and data of the palette that is to be reordered."""
    if given is not None:
        return ("RGBA" if len(given) > 768 else "RGB"), given
    if self.mode == "L":
        return "RGB", bytes(i for i in range(256) for _ in "RGB")
    self.load()
    mode = "RGBA" if self.im.getpalettemode() == "RGBA" else "RGB"
    return mode, self.im.getpalette(mode, mode)


def remap_palette(
    self: Image, dest_map: list[int], source_palette: bytes | bytearray | None = None
) -> Image:
    """A P image of the same look with its palette in another order.

    :param dest_map: Old index of each entry of the new palette. Pixels of an index that is not
       there become index 0.
    :param source_palette: Palette to take the entries from, RGB or (if longer than 768 bytes)
       RGBA; the image's own by default.
    :exception ValueError: If the mode is not L or P.
    """
    from . import ImagePalette

    if self.mode not in ("L", "P"):
        msg = "illegal image mode"
        raise ValueError(msg)
    mode, source = _remap_source(self, source_palette)
    step = len(mode)
    new_index = [0] * 256
    entries = b""
    for position, old in enumerate(dest_map):
        entries += source[old * step : (old + 1) * step]
        new_index[old] = position
    bytes(new_index)  # refuses positions beyond a byte
    if len(entries) > 256 * step:
        msg = "invalid palette size"
        raise ValueError(msg)

    self.load()
    im = self._new(self.im.point(new_index, "P"))
    im.im.putpalette(mode, mode, entries)
    im.palette = ImagePalette.ImagePalette(mode, entries)
    im.palette.palette = entries  # even if empty
    im.palette.dirty = 0

    if "transparency" in self.info:
        transparency = self.info["transparency"]
        if isinstance(transparency, bytes):
            warnings.warn(BYTES_TRANSPARENCY, stacklevel=2)
        if transparency in dest_map:
            im.info["transparency"] = dest_map.index(transparency)
        else:
            del im.info["transparency"]
    return im


def _quantize_to(self: Image, palette: Image, dither: Any) -> Image:
    palette.load()
    if palette.mode != "P":
        msg = "bad mode for palette image"
        raise ValueError(msg)
    if self.mode not in ("RGB", "L"):
        msg = "only RGB or L mode images can be quantized to a palette"
        raise ValueError(msg)
    im = self._new(self.im.convert("P", dither, palette.im))
    assert palette.palette is not None
    im.palette = palette.palette.copy()
    return im


def quantize(
    self: Image,
    colors: int = 256,
    method: int | None = None,
    kmeans: int = 0,
    palette: Image | None = None,
    dither: Dither = Dither.FLOYDSTEINBERG,
) -> Image:
    """A P image with a palette of at most ``colors`` colours chosen for this image.

    :param colors: 1 to 256.
    :param method: A :class:`Quantize`; median cut by default, fast octree for RGBA.
    :param kmeans: If not 0, refine until fewer than this many pixels change.
    :param palette: Use the palette of this P image instead; for L and RGB.
    :param dither: Whether to dither then.
    :exception ValueError: If the method is not there for the mode, or an argument is out of range.
    """
    from . import ImagePalette

    self.load()
    if method is None:
        method = Quantize.FASTOCTREE if self.mode == "RGBA" else Quantize.MEDIANCUT
    if self.mode == "RGBA" and method not in (Quantize.FASTOCTREE, Quantize.LIBIMAGEQUANT):
        msg = (
            "Fast Octree (method == 2) and libimagequant (method == 3) are the only valid methods "
            "for quantizing RGBA images"
        )
        raise ValueError(msg)
    if palette:
        return _quantize_to(self, palette, dither)
    if kmeans < 0:
        msg = "kmeans must not be negative"
        raise ValueError(msg)

    im = self._new(self.im.quantize(colors, method, kmeans))
    mode = im.im.getpalettemode()
    entries = im.im.getpalette(mode, mode)[: colors * len(mode)]
    im.palette = ImagePalette.ImagePalette(mode, entries)
    return im
