"""BDF, the text form of the bitmap fonts of X11.

Format: Adobe, "Glyph Bitmap Distribution Format (BDF) Specification", version 2.1.
"""

from __future__ import annotations

from . import FontFile, Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from .FontFile import Box

_MAGIC = b"STARTFONT 2.1"


def _lines(f: BinaryIO, end: bytes) -> Iterator[bytes]:
    """The lines before the one that starts with ``end``, which is read, or before the file ends;
    each without its last byte."""
    while (line := f.readline()) and not line.startswith(end):
        yield line[:-1]


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as e:
        msg = "BDF file has bytes outside of ASCII"
        raise ValueError(msg) from e


def _integers(properties: dict[str, str], key: str, count: int) -> list[int]:
    """The numbers that a glyph's property consists of.

    :exception ValueError: If it is missing, or has other than ``count`` numbers.
    """
    if key not in properties:
        msg = f"BDF glyph without {key}"
        raise ValueError(msg)
    numbers = [int(word) for word in properties[key].split()]
    if len(numbers) != count:
        msg = f"BDF glyph with a bad {key}"
        raise ValueError(msg)
    return numbers


def _image(size: tuple[int, int], digits: bytes) -> Image.Image:
    Image._decompression_bomb_check(size)
    width, height = size
    if width < 0 or height < 0:
        msg = "Width and height must be >= 0"
        raise ValueError(msg)
    # Checked before memory is taken: a row is a whole number of bytes, of two digits each.
    if len(digits) < 2 * ((width + 7) // 8) * height:
        msg = "not enough image data"
        raise ValueError(msg)
    return Image.frombytes("1", size, digits, "hex", "1")


def bdf_char(
    f: BinaryIO,
) -> tuple[str, int, tuple[tuple[int, int], Box, Box], Image.Image] | None:
    """Read the next glyph.

    :param f: Binary file.
    :returns: Name, code, (pen step, box relative to the pen, box in the image), image of mode "1";
       None if there are no more glyphs.
    :exception ValueError: If the glyph is damaged.
    :exception PIL.Image.DecompressionBombError: If it is too large.
    """
    while not (start := f.readline()).startswith(b"STARTCHAR"):
        if not start:
            return None
    properties = {}
    for line in _lines(f, b"BITMAP"):
        key, _, value = _text(line).partition(" ")
        properties[key] = value
    digits = b"".join(_lines(f, b"ENDCHAR"))

    width, height, left, bottom = _integers(properties, "BBX", 4)
    step_x, step_y = _integers(properties, "DWIDTH", 2)
    (code,) = _integers(properties, "ENCODING", 1)
    place = (left, -bottom - height, left + width, -bottom)
    im = _image((width, height), digits)
    name = _text(start[len(b"STARTCHAR") :].strip())
    return name, code, ((step_x, step_y), place, (0, 0, width, height)), im


class BdfFontFile(FontFile.FontFile):
    """A font read from a BDF file.

    :param fp: Binary file.
    :exception SyntaxError: If it is no BDF file.
    :exception ValueError: If it is damaged.
    :exception PIL.Image.DecompressionBombError: If a glyph is too large.
    """

    def __init__(self, fp: BinaryIO) -> None:
        super().__init__()
        if not fp.readline().startswith(_MAGIC):
            msg = "not a valid BDF file"
            raise SyntaxError(msg)
        # Properties of the font are of no use here.
        for line in _lines(fp, b"ENDPROPERTIES"):
            _text(line)
        while glyph := bdf_char(fp):
            _, code, (step, place, part), im = glyph
            if 0 <= code < len(self.glyph):
                self.glyph[code] = step, place, part, im
