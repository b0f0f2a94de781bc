"""Makes the bitmap font of ``ImageFont.load_default_imagefont``: src/PIL/courB08.pil and .pbm.

    python depends/make_bitmap_font.py [/usr/share/fonts/X11/100dpi/courB08-ISO8859-1.pcf.gz]

The source is the X11 face Courier bold, 8 points at 100 dpi (Debian: xfonts-100dpi; Adobe and
Digital Equipment, free to use, copy, modify and distribute). Pillow's default font has no glyph for
the no-break space, and draws the two straight quotes as slanted ones.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from PIL import Image
from PIL.PcfFontFile import PcfFontFile

SOURCE = "/usr/share/fonts/X11/100dpi/courB08-ISO8859-1.pcf.gz"
TARGET = Path(__file__).resolve().parent.parent / "src" / "PIL" / "courB08.pil"
NO_BREAK_SPACE = 160

# code: pixels with ink, in the cell that begins at the pen and at the top of the line
REDRAWN = {
    39: ((2, 2), (3, 2), (2, 3), (1, 4)),
    96: ((1, 2), (2, 2), (2, 3), (3, 4)),
}
CELL = (6, 11)
ASCENT = 9  # rows of the cell above the baseline


def redraw(pixels: tuple[tuple[int, int], ...]) -> tuple[object, ...]:
    cell = Image.new("1", CELL)
    for x, y in pixels:
        cell.putpixel((x, y), 255)
    left, top, right, bottom = box = cell.getbbox() or (0, 0, 0, 0)
    to = (left, top - ASCENT, right, bottom - ASCENT)
    return (CELL[0], 0), to, (0, 0, right - left, bottom - top), cell.crop(box)


def main() -> None:
    source = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    with gzip.open(source) as file:
        font = PcfFontFile(file)
    font.glyph[NO_BREAK_SPACE] = None
    for code, pixels in REDRAWN.items():
        font.glyph[code] = redraw(pixels)
    font.save(TARGET)


if __name__ == "__main__":
    main()
