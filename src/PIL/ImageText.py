"""Pieces of text with a font and a style: measured, broken into lines, and drawn by
:meth:`PIL.ImageDraw.ImageDraw.text`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import AnyStr, Generic, NamedTuple, cast

from . import ImageFont

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ._typing import _Ink

    _Box = tuple[float, float, float, float]


class _Piece(NamedTuple):
    """Text without newlines, and where its anchor goes."""

    x: float
    y: float
    anchor: str
    text: str | bytes


_ALIGNMENTS = ("left", "center", "right", "justify")


def _part(length: float, where: str) -> float:
    """How much of a length lies to the left of an anchor, or of aligned text. Numbers of bitmap
    fonts stay integers where they can."""
    if where in ("center", "m"):
        return length / 2.0
    return length if where in ("right", "r") else 0


class Text(Generic[AnyStr]):
    """Text and how it looks.

    :param text: Lines are separated by newlines.
    :param font: That of :func:`PIL.ImageFont.load_default` by default.
    :param mode: The mode of the image that the text is meant for.
    :param spacing: Pixels between lines.
    :param direction: "ltr", "rtl" or "ttb". This and what follows needs Raqm.
    :param features: OpenType features, such as "-kern".
    :param language: A BCP 47 tag.
    """

    def __init__(
        self,
        text: AnyStr,
        font: ImageFont.BaseImageFont | None = None,
        mode: str = "RGB",
        spacing: float = 4,
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
    ) -> None:
        self.text: AnyStr = text
        self.font: ImageFont.BaseImageFont = font or ImageFont.load_default()
        self.mode = mode
        self.spacing = spacing
        self.direction = direction
        self.features = features
        self.language = language
        self.embedded_color = False
        self.stroke_width: float = 0
        self.stroke_fill: _Ink | None = None

    def embed_color(self) -> None:
        """Use the colours of the font, if it has some.

        :exception ValueError: For a mode other than RGB and RGBA.
        """
        if self.mode not in ("RGB", "RGBA"):
            msg = "Embedded color supported only in RGB and RGBA modes"
            raise ValueError(msg)
        self.embedded_color = True

    def stroke(self, width: float = 0, fill: _Ink | None = None) -> None:
        """Outline the glyphs.

        :param width: Pixels.
        :param fill: The colour, that of the text by default.
        """
        self.stroke_width = width
        self.stroke_fill = fill

    # --- Measuring ---

    @property
    def _metrics_mode(self) -> str:
        if self.mode in ("1", "P", "I", "F"):
            return "1"
        return "RGBA" if self.embedded_color else "L"

    def _length(self, line: str | bytes) -> float:
        return self.font.getlength(
            line, self._metrics_mode, self.direction, self.features, self.language
        )

    def _box(
        self, line: str | bytes, font: ImageFont.BaseImageFont, anchor: str | None = None
    ) -> _Box:
        return font.getbbox(
            line, self._metrics_mode, self.direction, self.features, self.language,
            self.stroke_width, anchor,
        )  # fmt: skip

    def _pitch(self) -> float:
        """From one line to the next."""
        letter = self.font.getbbox(
            "A", self._metrics_mode, None, self.features, self.language, self.stroke_width
        )
        return letter[3] + self.stroke_width + self.spacing

    def get_length(self) -> float:
        """How far a line of text advances, in pixels.

        :exception ValueError: If there are several lines.
        """
        if len(_lines(self.text)) > 1:
            msg = "can't measure length of multiline text"
            raise ValueError(msg)
        return self._length(self.text)

    def get_bbox(
        self,
        xy: tuple[float, float] = (0, 0),
        anchor: str | None = None,
        align: str = "left",
    ) -> tuple[float, float, float, float]:
        """The box (left, top, right, bottom) around the text.

        :param xy: Where the anchor goes.
        :param anchor: Two letters; "la" (left, ascender) by default, "lt" for "ttb".
        :param align: "left", "center", "right" or "justify", for several lines.
        :exception ValueError: For an anchor or alignment that the text cannot have.
        """
        boxes = []
        for x, y, piece_anchor, piece in self._place(xy, anchor, align):
            left, top, right, bottom = self._box(piece, self.font, piece_anchor)
            boxes.append((left + x, top + y, right + x, bottom + y))
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    # --- Placing ---

    def _place(
        self, xy: tuple[float, float], anchor: str | None = None, align: str = "left"
    ) -> Sequence[_Piece]:
        """The pieces of the text in the order they are drawn."""
        vertical = self.direction == "ttb"
        if anchor is None:
            anchor = "lt" if vertical else "la"
        elif len(anchor) != 2:
            msg = "anchor must be a 2 character string"
            raise ValueError(msg)
        lines = _lines(self.text)
        x, y = xy
        if len(lines) == 1:
            return [_Piece(x, y, anchor, lines[0])]
        if vertical:
            return self._place_columns(lines, x, y, anchor)
        if anchor[1] in "tb":
            msg = "anchor not supported for multiline text"
            raise ValueError(msg)
        return self._place_lines(lines, x, y, anchor, align)

    def _place_columns(
        self, lines: Sequence[str | bytes], x: float, y: float, anchor: str
    ) -> list[_Piece]:
        pitch = self._pitch()
        pieces = []
        for line in lines:
            pieces.append(_Piece(x, y, anchor, line))
            x += pitch
        return pieces

    def _place_lines(
        self, lines: Sequence[str | bytes], x: float, y: float, anchor: str, align: str
    ) -> list[_Piece]:
        pitch = self._pitch()
        lengths = [self._length(line) for line in lines]
        longest = max(lengths)
        if anchor[1] == "m":
            y -= (len(lines) - 1) * pitch / 2.0
        elif anchor[1] == "d":
            y -= (len(lines) - 1) * pitch
        pieces: list[_Piece] = []
        for number, (line, length) in enumerate(zip(lines, lengths, strict=True)):
            if align not in _ALIGNMENTS:
                msg = 'align must be "left", "center", "right" or "justify"'
                raise ValueError(msg)
            room = longest - length
            words = _words(line) if align == "justify" and number < len(lines) - 1 else []
            if room != 0 and len(words) > 1:
                pieces += self._justify(words, longest, x, y, anchor)
            else:
                left = x + _part(room, align) - _part(room, anchor[0])
                pieces.append(_Piece(left, y, anchor, line))
            y += pitch
        return pieces

    def _justify(
        self, words: Sequence[str | bytes], longest: float, x: float, y: float, anchor: str
    ) -> list[_Piece]:
        lengths = [self._length(word) for word in words]
        gap = (longest - sum(lengths)) / (len(words) - 1)
        x -= _part(longest, anchor[0])
        pieces = []
        for word, length in zip(words, lengths, strict=True):
            pieces.append(_Piece(x, y, "l" + anchor[1], word))
            x += length + gap
        return pieces

    # --- Wrapping ---

    def wrap(
        self,
        width: int,
        height: int | None = None,
        scaling: str | tuple[str, int] | None = None,
    ) -> Text[AnyStr] | None:
        """Break the text into lines, in place.

        :param width: Pixels that a line may take.
        :param height: Pixels that all lines may take together; what does not fit is returned.
        :param scaling: "shrink" makes the font smaller until the text fits, "grow" makes it larger
           as long as the text fits. A pair of that and a size stops there.
        :returns: What did not fit into the height, None if nothing is left.
        :exception ValueError: If a word is wider than a line, if no size fits, or for text that
           cannot be wrapped: from right to left or from top to bottom, of a transposed font, or
           scaled without a height or a FreeType font.
        """
        self._check_wrapping(height, scaling)
        frame = _Frame(self, width, height, scaling is not None)
        if scaling is None:
            size, wrapped = None, frame.wrap(self.font)
        else:
            kind, limit = (scaling, 1) if isinstance(scaling, str) else scaling
            size, wrapped = (_shrink if kind == "shrink" else _grow)(frame, limit)
        if size is not None:
            self.font = _resized(self.font, size)
        rest = self.text[wrapped.position :]
        newline: Any = "\n" if isinstance(self.text, str) else b"\n"
        self.text = newline.join(wrapped.lines)
        return self._like(rest) if rest else None

    def _check_wrapping(
        self, height: int | None, scaling: str | tuple[str, int] | None
    ) -> None:
        msg = None
        if isinstance(self.font, ImageFont.TransposedFont):
            msg = "TransposedFont not supported"
        elif self.direction not in (None, "ltr"):
            msg = "Only ltr direction supported"
        elif scaling is not None and not isinstance(self.font, ImageFont.FreeTypeFont):
            msg = "'scaling' only supports FreeTypeFont"
        elif scaling is not None and height is None:
            msg = "'scaling' requires 'height'"
        if msg:
            raise ValueError(msg)

    def _like(self, text: AnyStr) -> Text[AnyStr]:
        """Another text of the same style."""
        other = Text(
            text, self.font, self.mode, self.spacing, self.direction, self.features, self.language
        )
        other.embedded_color = self.embedded_color
        other.stroke(self.stroke_width, self.stroke_fill)
        return other


def _lines(text: str | bytes) -> Sequence[str | bytes]:
    return text.split("\n") if isinstance(text, str) else text.split(b"\n")


def _words(line: str | bytes) -> Sequence[str | bytes]:
    return line.split(" ") if isinstance(line, str) else line.split(b" ")


# Words with the white space before them, and the newlines in that.
_TOKEN = r"\s*\S+"
_NEWLINE = r"[^\S\n]*\n"


def _all(pattern: str, text: AnyStr) -> list[AnyStr]:
    """All matches of the pattern in a str or bytes."""
    matching: Any = pattern if isinstance(text, str) else pattern.encode()
    found: list[AnyStr] = re.findall(matching, text)
    return found


@dataclass
class _Wrapped(Generic[AnyStr]):
    """Lines, and how much of the text they hold."""

    lines: list[AnyStr] = field(default_factory=list)
    position: int = 0
    stripped: int = 0  # white space before the line that comes next


class _Frame(Generic[AnyStr]):
    """The room that a text has to fit into."""

    def __init__(self, text: Text[AnyStr], width: int, height: int | None, scaling: bool) -> None:
        self.text: Text[AnyStr] = text
        self.width = width
        self.height = height
        self.scaling = scaling
        self._tops: list[float] = [0]

    def _top(self, line: int) -> float:
        # Lines are placed by the font that the text has, not by the one that is tried.
        while len(self._tops) <= line:
            self._tops.append(self._tops[-1] + self.text._pitch())
        return self._tops[line]

    def _fits(self, font: ImageFont.BaseImageFont, line: AnyStr) -> bool:
        return self.text._box(line, font)[2] <= self.width

    def _add(self, done: _Wrapped[AnyStr], font: ImageFont.BaseImageFont, line: AnyStr) -> bool:
        """Adds a line, if the height allows it."""
        if self.height is not None:
            bottom = self.text._box(line, font)[3]
            if self._top(len(done.lines)) + bottom > self.height:
                return False
        done.lines.append(line)
        done.position += len(line) + done.stripped
        done.stripped = 0
        return True

    def _break(
        self, done: _Wrapped[AnyStr], font: ImageFont.BaseImageFont, token: AnyStr,
        breaks: list[AnyStr],
    ) -> AnyStr:  # fmt: skip
        """The token without the newlines that it begins with. Every one but the first ends an
        empty line; where those no longer fit, newlines are left."""
        empty = token[:0]
        for number, piece in enumerate(breaks):
            if number > 0 and not self._add(done, font, empty):
                break
            done.position += len(piece)
            token = token[len(piece) :]
        return token

    def wrap(self, font: ImageFont.BaseImageFont) -> _Wrapped[AnyStr]:
        """The text in lines, up to the first that does not fit."""
        done: _Wrapped[AnyStr] = _Wrapped()
        text = self.text.text
        line = empty = text[:0]
        for token in _all(_TOKEN, text):
            breaks = _all(_NEWLINE, token)
            if breaks:
                if not self._add(done, font, line):
                    return done
                line = empty
                token = self._break(done, font, token, breaks)
            if self._fits(font, line + token):
                line += token
                continue
            if line and not self._add(done, font, line):
                return done
            line = token.lstrip()
            done.stripped = len(token) - len(line)
            if not self._fits(font, line):
                if self.scaling:
                    return done
                msg = "Word does not fit within line"
                raise ValueError(msg)
        if line:
            self._add(done, font, line)
        return done

    def holds(self, wrapped: _Wrapped[AnyStr]) -> bool:
        """Whether nothing is left."""
        return not self.text.text[wrapped.position :]


def _resized(font: ImageFont.BaseImageFont, size: float) -> ImageFont.FreeTypeFont:
    return cast("ImageFont.FreeTypeFont", font).font_variant(size=size)


def _at_limit(size: float, limit: float) -> None:
    if size == limit:
        msg = "Text could not be scaled"
        raise ValueError(msg)


def _shrink(frame: _Frame[AnyStr], limit: int) -> tuple[float | None, _Wrapped[AnyStr]]:
    """The first smaller size at which the text fits (None: that of the font does)."""
    font = cast("ImageFont.FreeTypeFont", frame.text.font)
    wrapped = frame.wrap(font)
    if frame.holds(wrapped):
        return None, wrapped
    size = math.ceil(font.size)
    while not frame.holds(wrapped):
        _at_limit(size, max(limit, 1))
        size -= 1
        wrapped = frame.wrap(_resized(font, size))
    return size, wrapped


def _grow(frame: _Frame[AnyStr], limit: int) -> tuple[float | None, _Wrapped[AnyStr]]:
    """The last larger size at which the text fits (None: that of the font)."""
    font = cast("ImageFont.FreeTypeFont", frame.text.font)
    wrapped = frame.wrap(font)
    if not frame.holds(wrapped):
        msg = "Text could not be scaled"
        raise ValueError(msg)
    size = math.floor(font.size)
    while True:
        _at_limit(size, limit)
        larger = frame.wrap(_resized(font, size + 1))
        if not frame.holds(larger):
            return (None if size == font.size else size), wrapped
        size, wrapped = size + 1, larger
