"""Drawing and measuring text.

Layout is the business of ``ImageText.Text``, rendering that of the fonts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, AnyStr

from . import ImageFont, ImageText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._typing import _Ink

    _AnyFont = ImageFont.ImageFont | ImageFont.FreeTypeFont | ImageFont.TransposedFont


@dataclass
class _Style:
    """How glyphs are rendered."""

    direction: str | None
    features: list[str] | None
    language: str | None
    embedded_color: bool
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class _TextMixin:
    """The text methods of ``ImageDraw``."""

    #: The font that is used when none is given. Set it on the class for all drawings.
    font: _AnyFont | None = None
    mode: str
    fontmode: str
    im: Any
    draw: Any

    def _getink(self, ink: _Ink | None, fill: _Ink | None = None) -> tuple[int | None, int | None]:
        raise NotImplementedError

    def getfont(self) -> _AnyFont:
        """The font that is used when none is given; the default font is loaded if there is none."""
        if not self.font:
            self.font = ImageFont.load_default()
        return self.font

    def _layout(
        self,
        text: AnyStr,
        font: _AnyFont | None,
        spacing: float = 4,
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke: tuple[float, _Ink | None] = (0, None),
        embedded_color: bool = False,
        font_size: float | None = None,
    ) -> ImageText.Text[AnyStr]:
        """The text as one object."""
        if font is None:
            font = self.getfont() if font_size is None else ImageFont.load_default(font_size)
        layout = ImageText.Text(text, font, self.mode, spacing, direction, features, language)
        if embedded_color:
            layout.embed_color()
        if stroke[0]:
            layout.stroke(*stroke)
        return layout

    def text(
        self,
        xy: tuple[float, float],
        text: AnyStr | ImageText.Text[AnyStr],
        fill: _Ink | None = None,
        font: _AnyFont | None = None,
        anchor: str | None = None,
        spacing: float = 4,
        align: str = "left",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke_width: float = 0,
        stroke_fill: _Ink | None = None,
        embedded_color: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Draw a string, or an ``ImageText.Text``, which brings its own font and layout.

        :param xy: Where the anchor goes.
        :param anchor: Two letters, e.g. "la": left, ascender.
        :param spacing: Pixels between lines.
        :param align: "left", "center", "right" or "justify", for several lines.
        :param stroke_width: Width of an outline around the glyphs.
        :param embedded_color: Use the colours of the font, if it has some.
        :exception ImportError: For ``font_size`` if this build has no FreeType.
        """
        if isinstance(text, ImageText.Text):
            layout = text
        else:
            layout = self._layout(
                text, font, spacing, direction, features, language, (stroke_width, stroke_fill),
                embedded_color, kwargs.get("font_size"),
            )  # fmt: skip
        style = _Style(direction, features, language, embedded_color, args, kwargs)
        ink = self._text_ink(fill)
        if ink is None:
            return
        stroke_ink = None
        if layout.stroke_width:
            stroke_ink = ink if layout.stroke_fill is None else self._text_ink(layout.stroke_fill)
        for x, y, piece_anchor, piece in layout._place(xy, anchor, align):
            position = (x, y)
            if stroke_ink is not None:
                self._draw_piece(
                    position, piece, layout.font, stroke_ink, piece_anchor, style,
                    layout.stroke_width,
                )  # fmt: skip
            if stroke_ink != ink:
                self._draw_piece(position, piece, layout.font, ink, piece_anchor, style, 0)

    def _text_ink(self, fill: _Ink | None) -> int | None:
        outline, filled = self._getink(fill)
        return filled if outline is None else outline

    def _draw_piece(
        self,
        xy: tuple[float, float],
        text: Any,
        font: ImageFont.BaseImageFont,
        ink: int,
        anchor: str,
        style: _Style,
        stroke_width: float,
    ) -> None:
        mode = "RGBA" if style.embedded_color and not stroke_width else self.fontmode
        x, y = int(xy[0]), int(xy[1])
        start = (math.modf(xy[0])[0], math.modf(xy[1])[0])
        given = (text, mode, style.direction, style.features, style.language, stroke_width)
        if hasattr(font, "getmask2"):
            mask, offset = font.getmask2(
                *given, anchor, ink, start, *style.args, stroke_filled=True, **style.kwargs
            )
            x, y = x + offset[0], y + offset[1]
        else:
            try:
                mask = font.getmask(*given, anchor, ink, *style.args, start=start, **style.kwargs)
            except TypeError:
                mask = font.getmask(text)
        if mode == "RGBA":
            self._paste_color(mask, x, y, ink)
        else:
            self.draw.draw_bitmap((x, y), mask, ink)

    def _paste_color(self, glyphs: Any, x: int, y: int, ink: int) -> None:
        """Glyphs that have colours: those are pasted through their own alpha; what they leave
        in the alpha of the image is that of the ink."""
        alpha = glyphs.getband(3)
        glyphs.fillband(3, (ink >> 24) & 255)
        box = (x, y, x + glyphs.size[0], y + glyphs.size[1])
        self.im.paste(glyphs, box, alpha)

    def multiline_text(
        self,
        xy: tuple[float, float],
        text: AnyStr,
        fill: _Ink | None = None,
        font: _AnyFont | None = None,
        anchor: str | None = None,
        spacing: float = 4,
        align: str = "left",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke_width: float = 0,
        stroke_fill: _Ink | None = None,
        embedded_color: bool = False,
        *,
        font_size: float | None = None,
    ) -> None:
        """The same as :meth:`text`, which takes several lines too."""
        self.text(
            xy, text, fill, font, anchor, spacing, align, direction, features, language,
            stroke_width, stroke_fill, embedded_color, font_size=font_size,
        )  # fmt: skip

    def textlength(
        self,
        text: AnyStr,
        font: _AnyFont | None = None,
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        embedded_color: bool = False,
        *,
        font_size: float | None = None,
    ) -> float:
        """How far a line of text advances, in pixels.

        :exception ValueError: If there are several lines.
        """
        layout = self._layout(
            text, font, direction=direction, features=features, language=language,
            embedded_color=embedded_color, font_size=font_size,
        )  # fmt: skip
        return layout.get_length()

    def textbbox(
        self,
        xy: tuple[float, float],
        text: AnyStr,
        font: _AnyFont | None = None,
        anchor: str | None = None,
        spacing: float = 4,
        align: str = "left",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke_width: float = 0,
        embedded_color: bool = False,
        *,
        font_size: float | None = None,
    ) -> tuple[float, float, float, float]:
        """The box (left, top, right, bottom) that the text fills."""
        layout = self._layout(
            text, font, spacing, direction, features, language, (stroke_width, None),
            embedded_color, font_size,
        )  # fmt: skip
        return layout.get_bbox(xy, anchor, align)

    #: The same: both take several lines.
    multiline_textbbox = textbbox
