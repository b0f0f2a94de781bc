"""Simple PostScript pages: lines, rectangles, text and images."""

from __future__ import annotations

import sys
from typing import IO

from . import EpsImagePlugin, Image

#: Text procedures. S: show; M: move; P: move and show; X, Y: move by; E: give a font another
#: encoding and name; F: scale and set a font, and define a procedure that sets it again.
EDROFF_PS = b"""\
/M /moveto load def /S /show load def
/P { M S } bind def
/X { 0 rmoveto } bind def /Y { 0 exch rmoveto } bind def
/E {
    findfont dup length dict begin
    { 1 index /FID eq { pop pop } { def } ifelse } forall
    /Encoding exch def dup /FontName exch def
    currentdict end definefont pop
} bind def
/F {
    findfont exch scalefont dup setfont [ exch /setfont cvx ] cvx def
} bind def
"""

#: Drawing procedures. Vm: move; Va: arc; Vl: line; Vc: path of a circle; Vr: filled rectangle from
#: the current point (grey, width, height); Ve: path of an ellipse; Vf: fill with a grey.
VDI_PS = b"""\
/Vm /moveto load def
/Vc { newpath 0 360 arc closepath } bind def
/Va { newpath arcn stroke } bind def
/Vl { moveto lineto stroke } bind def
/Vr {
    2 dict begin /h exch def /w exch def
    w 0 rlineto 0 h rlineto w neg 0 rlineto closepath
    setgray end fill
} bind def
/Ve {
    matrix currentmatrix 5 1 roll translate scale
    newpath 0 0 .5 0 360 arc closepath setmatrix
} bind def
/Vf { currentgray exch setgray fill setgray } bind def
"""

#: Shows the name of an error on the page. Not part of documents by default.
ERROR_PS = b"""\
errordict begin
/handleerror {
    initmatrix /Courier findfont 12 scalefont setfont 72 720 moveto
    (PostScript error: ) show
    $error begin /errorname load end 128 string cvs show showpage
} bind def
end
"""

_POINTS_PER_INCH = 72


class PSDraw:
    """Writes one PostScript document. Coordinates are points from the lower left corner.

    :param fp: a binary file; by default the standard output
    """

    def __init__(self, fp: IO[bytes] | None = None) -> None:
        self.fp: IO[bytes] = sys.stdout.buffer if fp is None else fp

    def begin_document(self, id: str | None = None) -> None:
        """Write the start of the document; ``id`` is not used."""
        comments = b"%!PS-Adobe-3.0\nsave\n/showpage { } def\n%%EndComments\n%%BeginDocument\n"
        self.fp.write(comments + EDROFF_PS + VDI_PS + b"%%EndProlog\n")
        self.isofont: dict[bytes, int] = {}

    def end_document(self) -> None:
        """Write the end of the document."""
        self.fp.write(b"%%EndDocument\nrestore showpage\n%%End\n")
        if hasattr(self.fp, "flush"):
            self.fp.flush()

    def setfont(self, font: str, size: int) -> None:
        """Set the font for texts.

        :param font: PostScript's name of it
        :param size: in points
        """
        name = font.encode("utf-8")
        if name not in self.isofont:
            self.fp.write(b"/PSDraw-%s ISOLatin1Encoding /%s E\n" % (name, name))
            self.isofont[name] = 1
        self.fp.write(b"/F0 %d /PSDraw-%s F\n" % (size, name))

    def line(self, xy0: tuple[int, int], xy1: tuple[int, int]) -> None:
        """Draw a line between two points."""
        self.fp.write(b"%d %d %d %d Vl\n" % (*xy0, *xy1))

    def rectangle(self, box: tuple[int, int, int, int]) -> None:
        """Draw a filled rectangle: lower left corner, width and height."""
        self.fp.write(b"%d %d M 0 %d %d Vr\n" % box)

    def text(self, xy: tuple[int, int], text: str, *, escape: bool = False) -> None:
        """Draw a text of Latin-1 characters. The font must have been set.

        :param escape: whether backslashes stand for themselves; else PostScript's escape
            sequences can be used
        :raises UnicodeEncodeError: for other characters
        """
        data = text.encode("latin-1")
        if escape:
            data = data.replace(b"\\", b"\\\\")
        for parenthesis in (b"(", b")"):
            data = data.replace(parenthesis, b"\\" + parenthesis)
        self.fp.write(b"%d %d M (%s) S\n" % (*xy, data))

    def image(
        self, box: tuple[int, int, int, int], im: Image.Image, dpi: int | None = None
    ) -> None:
        """Draw an image, centred in a box and made smaller to fit it if need be.

        :param box: left, lower, right, upper
        :param dpi: pixels per inch: by default 200 for mode 1, else 100
        :raises ValueError: for a mode that PostScript does not have
        """
        if not dpi:
            dpi = 200 if im.mode == "1" else 100
        width, height = (side * _POINTS_PER_INCH / dpi for side in im.size)
        largest = float(box[2] - box[0]), float(box[3] - box[1])
        if width > largest[0]:
            width, height = largest[0], height * largest[0] / width
        if height > largest[1]:
            width, height = width * largest[1] / height, largest[1]
        left = (largest[0] - width) / 2 + box[0]
        lower = (largest[1] - height) / 2 + box[1]
        self.fp.write(b"gsave\n%f %f translate\n" % (left, lower))
        if (width, height) != im.size:
            # The image itself is written with one point a pixel.
            self.fp.write(b"%f %f scale\n" % (width / im.width, height / im.height))
        EpsImagePlugin._save(im, self.fp, "", 0)
        self.fp.write(b"\ngrestore\n")
