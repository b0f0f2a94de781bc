"""Bitmap fonts: glyphs collected from a font file, laid out on one sheet, and written to disk.

The readers :mod:`PIL.BdfFontFile` and :mod:`PIL.PcfFontFile` fill a :class:`FontFile`; what
:meth:`FontFile.save` writes is read by :func:`PIL.ImageFont.load`.
"""

from __future__ import annotations

import os
import struct

from . import Image, ImageFont

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

#: Width in pixels that a row of the sheet is filled up to.
WIDTH = 800

Box = tuple[int, int, int, int]
#: Pen step, where the glyph goes relative to the pen, which part of its image, the image.
Glyph = tuple[tuple[int, int], Box, Box, Image.Image]
#: Pen step, where the glyph goes, where it is on the sheet.
Metrics = tuple[tuple[int, int], Box, Box]

_CODES = 256
_ENTRY = struct.Struct(">10H")


def puti16(fp: BinaryIO, values: tuple[int, int, int, int, int, int, int, int, int, int]) -> None:
    """Write one entry of a metrics table: ten numbers of 16 bits, most significant byte first.

    :exception ValueError: If a number is not in -65536..65535.
    """
    fp.write(_entry(values))


def _entry(values: Iterable[int]) -> bytes:
    numbers = [v + 65536 if v < 0 else v for v in values]
    if min(numbers) < 0 or max(numbers) > 0xFFFF:
        msg = "glyph metrics do not fit into 16 bits"
        raise ValueError(msg)
    return _ENTRY.pack(*numbers)


def _arrange(
    widths: list[int], height: int
) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Where each glyph goes, in rows of at most :data:`WIDTH` if possible; and the size."""
    corners = []
    x = row = widest = 0
    for width in widths:
        if x + width > WIDTH:
            x, row = 0, row + 1
        corners.append((x, row * height))
        x += width
        widest = max(widest, x)
    return corners, (widest, (row + 1) * height)


class FontFile:
    """A font of up to 256 glyphs.

    ``glyph`` has 256 places, each None or a tuple: pen step (x, y), box relative to the pen on the
    baseline, box in the glyph's image, image of mode "1". After :meth:`compile`, ``bitmap`` is the
    sheet, ``ysize`` the height of its rows, and ``metrics`` tells where each glyph is.
    """

    bitmap: Image.Image | None = None

    def __init__(self) -> None:
        self.info: dict[bytes, bytes | int] = {}
        self.glyph: list[Glyph | None] = [None] * _CODES

    def __getitem__(self, ix: int) -> Glyph | None:
        return self.glyph[ix]

    def compile(self) -> None:
        """Put all glyphs on one sheet, unless that was done before.

        :exception PIL.Image.DecompressionBombError: If the sheet would be too large.
        """
        if self.bitmap is not None:
            return
        glyphs = [(code, glyph) for code, glyph in enumerate(self.glyph) if glyph]
        height = max([0, *(src[3] - src[1] for _, (_, _, src, _) in glyphs)])
        corners, size = _arrange([src[2] - src[0] for _, (_, _, src, _) in glyphs], height)
        if size == (0, 0):
            return

        self.ysize = height
        Image._decompression_bomb_check(size)
        self.bitmap = Image.new("1", size)
        self.metrics: list[Metrics | None] = [None] * _CODES
        for (code, (step, dst, src, im)), (x, y) in zip(glyphs, corners, strict=True):
            # Shifted by the corner of the part, too; the readers only make glyphs where it is 0, 0.
            place = (x + src[0], y + src[1], x + src[2], y + src[3])
            self.bitmap.paste(im.crop(src), place)
            self.metrics[code] = step, dst, place

    def _encode_metrics(self) -> bytes:
        nothing = _ENTRY.pack(*[0] * 10)
        return b"".join(
            nothing if entry is None else _entry(number for part in entry for number in part)
            for entry in self.metrics
        )

    def _sheet(self) -> Image.Image:
        """The compiled sheet.

        :exception ValueError: If there is none.
        """
        self.compile()
        if self.bitmap is None:
            msg = "No bitmap created"
            raise ValueError(msg)
        return self.bitmap

    def save(self, filename: str | os.PathLike[str]) -> None:
        """Write two files: the sheet as ``.pbm`` (in PNG format) and the metrics as ``.pil``.

        :param filename: Name of the files; its extension is replaced.
        :exception ValueError: Without glyphs, or if metrics do not fit into 16 bits.
        """
        root = os.path.splitext(filename)[0]
        self._sheet().save(f"{root}.pbm", "PNG")
        with open(f"{root}.pil", "wb") as fp:
            fp.write(f"PILfont\n;;;;;;{self.ysize};\nDATA\n".encode("ascii"))
            fp.write(self._encode_metrics())

    def to_imagefont(self) -> ImageFont.ImageFont:
        """The font as a :class:`PIL.ImageFont.ImageFont`, to draw with.

        :exception ValueError: As :meth:`save`.
        """
        sheet = self._sheet()
        font = ImageFont.ImageFont()
        font._load(sheet, self._encode_metrics())
        return font
