"""Colour palettes of mode P and PA images."""

from __future__ import annotations

import array
from collections.abc import Sequence

from . import GimpGradientFile, GimpPaletteFile, ImageColor, PaletteFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    from . import Image

    PaletteData = Sequence[int] | bytes | bytearray

MAX_ENTRIES = 256

# Text of the error that Image.convert() tells apart from all others.
PALETTE_FULL = "cannot allocate more than 256 colors"
_RAW_DATA = "palette contains raw palette data"


class ImagePalette:
    """A palette: ``mode`` ("RGB", "RGBA" or "CMYK") and its data, entry after entry.

    :param mode: Meaning of an entry's values.
    :param palette: Up to 256 entries of 3 or 4 values from 0 to 255; empty by default.
    :exception ValueError: For another mode.

    ``rawmode`` is None, or says that the data are still in that raw mode; ``dirty`` that they are
    not yet in the image's core (the image takes them over at its next ``load()``).
    """

    def __init__(self, mode: str = "RGB", palette: PaletteData | None = None) -> None:
        if mode not in ("RGB", "RGBA", "CMYK"):
            msg = "unsupported palette mode"
            raise ValueError(msg)
        self.mode = mode
        self.rawmode: str | None = None  # if set, the data are not yet decoded
        self._colors: dict[tuple[int, ...], int] | None = None
        self._palette: PaletteData = palette or bytearray()
        self.dirty: int | None = None

    @property
    def palette(self) -> PaletteData:
        """The data, of the type they were given as."""
        return self._palette

    @palette.setter
    def palette(self, palette: PaletteData) -> None:
        self._colors = None
        self._palette = palette

    @property
    def colors(self) -> dict[tuple[int, ...], int]:
        """First index of each colour; made when first asked for."""
        if self._colors is None:
            step = len(self.mode)
            data = self._decoded()
            self._colors = {}
            for index, start in enumerate(range(0, len(data), step)):
                self._colors.setdefault(tuple(data[start : start + step]), index)
        return self._colors

    @colors.setter
    def colors(self, colors: dict[tuple[int, ...], int]) -> None:
        self._colors = colors

    def _decoded(self) -> PaletteData:
        if not self.rawmode:
            return self._palette
        from . import _imaging as core

        # Palettes are decoded by the core only as part of an image.
        carrier = core.new("P", (1, 1))
        carrier.putpalette(self.mode, self.rawmode, self._tobytes())
        return carrier.getpalette(self.mode, self.mode)

    def copy(self) -> ImagePalette:
        """A palette with data of its own."""
        new = ImagePalette()
        new.mode = self.mode
        new.rawmode = self.rawmode
        if self._palette is not None:
            new.palette = self._palette[:]
        new.dirty = self.dirty
        return new

    def getdata(self) -> tuple[str, bytes]:
        """Raw mode and bytes, as the core's ``putpalette`` wants them."""
        return self.rawmode or self.mode, self._tobytes()

    def _tobytes(self) -> bytes:
        if isinstance(self._palette, bytes):
            return self._palette
        return array.array("B", self._palette).tobytes()

    def tobytes(self) -> bytes:
        """The data as bytes.

        :exception ValueError: If they are in a raw mode.
        """
        if self.rawmode:
            raise ValueError(_RAW_DATA)
        return self._tobytes()

    tostring = tobytes

    def _new_color_index(
        self, image: Image.Image | None = None, e: Exception | None = None
    ) -> int:
        """Where a new colour goes: the end, or an entry that ``image`` does not use."""
        if not isinstance(self._palette, bytearray):
            self._palette = bytearray(self._palette)
        step = len(self.mode)
        index = len(self._palette) // step
        reserved: tuple[object, ...] = ()
        if image:
            reserved = (image.info.get("background"), image.info.get("transparency"))
            while index in reserved:
                self._palette += bytes(step)
                index += 1
        if index >= MAX_ENTRIES and image:
            counts = image.histogram()
            for i in range(len(counts) - 1, -1, -1):
                if counts[i] == 0 and i not in reserved:
                    index = i
                    break
        if index >= MAX_ENTRIES:
            raise ValueError(PALETTE_FULL) from e
        return index

    def _as_entry(self, color: tuple[int, ...]) -> tuple[int, ...]:
        if self.mode == "RGB" and len(color) == 4:
            if color[3] != 255:
                msg = "cannot add non-opaque RGBA color to RGB palette"
                raise ValueError(msg)
            return color[:3]
        if self.mode == "RGBA" and len(color) == 3:
            return (*color, 255)
        return color

    def getcolor(self, color: tuple[int, ...], image: Image.Image | None = None) -> int:
        """The index of a colour, which is added if it is not there.

        :param color: Tuple of the palette's length; an alpha of 255 may be added or left out.
        :param image: If given, its background and transparency indices are left alone, and when
           the palette is full an entry that it does not use is overwritten.
        :exception ValueError: If the palette is full, holds raw data, or cannot take the colour.
        """
        if self.rawmode:
            raise ValueError(_RAW_DATA)
        if not isinstance(color, tuple):
            msg = f"unknown color specifier: {color!r}"  # type: ignore[unreachable]
            raise ValueError(msg)
        color = self._as_entry(color)
        try:
            return self.colors[color]
        except KeyError as e:
            index = self._new_color_index(image, e)
        entry = bytes(color)
        assert isinstance(self._palette, bytearray)
        start = index * len(self.mode)
        if start < len(self._palette):
            self._palette[start : start + len(self.mode)] = entry
            self._colors = None  # the old colour may have another entry
        else:
            self._palette += entry
            self.colors[color] = index
        self.dirty = 1
        return index

    def save(self, fp: str | IO[str]) -> None:
        """Write the palette as text: 256 lines of an index and its values.

        :param fp: File name, or a text file.
        :exception ValueError: If the palette holds raw data.
        """
        if self.rawmode:
            raise ValueError(_RAW_DATA)
        if isinstance(fp, str):
            with open(fp, "w") as file:
                self.save(file)
            return
        step = len(self.mode)
        padded = [*self._palette, *[0] * (MAX_ENTRIES * step - len(self._palette))]
        fp.write(f"# Palette\n# Mode: {self.mode}\n")
        for i in range(MAX_ENTRIES):
            values = " ".join(map(str, padded[i * step : (i + 1) * step]))
            fp.write(f"{i} {values}\n")


def raw(rawmode: str, data: Sequence[int] | bytes | bytearray) -> ImagePalette:
    """An RGB palette whose data are in a raw mode, still to be decoded by the image it goes to."""
    palette = ImagePalette()
    palette.rawmode = rawmode if rawmode != "RGB" else None
    palette.palette = data
    palette.dirty = 1
    return palette


def make_linear_lut(black: int, white: float) -> list[int]:
    """256 values rising linearly from 0 to ``white``.

    :exception NotImplementedError: If ``black`` is not 0.
    """
    if black != 0:
        msg = "unavailable when black is non-zero"
        raise NotImplementedError(msg)
    return [int(white * i // 255) for i in range(256)]


def make_gamma_lut(exp: float) -> list[int]:
    """256 values of the gamma curve 255 * (i / 255) ** exp, rounded."""
    return [int(((i / 255.0) ** exp) * 255.0 + 0.5) for i in range(256)]


def wedge(mode: str = "RGB") -> ImagePalette:
    """A grey ramp from black to white."""
    return ImagePalette(mode, [i for i in range(256) for _ in mode])


def negative(mode: str = "RGB") -> ImagePalette:
    """A grey ramp from white to black."""
    return ImagePalette(mode, [i for i in range(255, -1, -1) for _ in mode])


def random(mode: str = "RGB") -> ImagePalette:
    """Random colours, from the :mod:`random` module."""
    from random import randint

    return ImagePalette(mode, [randint(0, 255) for _ in range(256 * len(mode))])


def sepia(white: str = "#fff0c0") -> ImagePalette:
    """A ramp from black to the given colour."""
    ramps = [make_linear_lut(0, value) for value in ImageColor.getrgb(white)[:3]]
    return ImagePalette("RGB", [ramp[i] for i in range(256) for ramp in ramps])


def load(filename: str) -> tuple[bytes, str]:
    """Read a palette file: GIMP palette, GIMP gradient, or lines of index and values.

    :returns: The bytes and their raw mode.
    :exception OSError: If it is none of these.
    """
    with open(filename, "rb") as fp:
        for reader in (
            GimpPaletteFile.GimpPaletteFile,
            GimpGradientFile.GimpGradientFile,
            PaletteFile.PaletteFile,
        ):
            fp.seek(0)
            try:
                lut = reader(fp).getpalette()
            except (SyntaxError, ValueError):
                continue
            if lut:
                return lut
    msg = "cannot load palette"
    raise OSError(msg)
