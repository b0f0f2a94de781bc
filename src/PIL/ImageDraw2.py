"""Drawing with pens and brushes, in the manner of the WCK interface."""

from __future__ import annotations

from typing import Any, AnyStr

from . import Image, ImageColor, ImageDraw, ImageFont, ImagePath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from ._typing import Coords, StrOrBytesPath


class Pen:
    """What outlines are drawn with: a colour string and a width in pixels."""

    def __init__(self, color: str, width: int = 1, opacity: int = 255) -> None:
        self.color = ImageColor.getrgb(color)
        self.width = width


class Brush:
    """What areas are filled with: a colour string. The opacity is not used."""

    def __init__(self, color: str, opacity: int = 255) -> None:
        self.color = ImageColor.getrgb(color)


class Font:
    """A TrueType font of a colour."""

    def __init__(self, color: str, file: StrOrBytesPath | BinaryIO, size: float = 12) -> None:
        self.color = ImageColor.getrgb(color)
        self.font = ImageFont.truetype(file, size)


class Draw:
    """Draws into an image.

    :param image: The image, or the mode of a new one.
    :param size: Size of the new image.
    :param color: Its colour.
    :exception ValueError: If a mode is given without a size.
    """

    def __init__(
        self,
        image: Image.Image | str,
        size: tuple[int, int] | list[int] | None = None,
        color: float | tuple[float, ...] | str | None = None,
    ) -> None:
        if isinstance(image, str):
            if size is None:
                msg = "If image argument is mode string, size must be a list or tuple"
                raise ValueError(msg)
            image = Image.new(image, size, color)
        self.draw = ImageDraw.Draw(image)
        self.image = image
        self.transform: tuple[float, float, float, float, float, float] | None = None

    def flush(self) -> Image.Image:
        """The image."""
        return self.image

    def settransform(self, offset: tuple[float, float]) -> None:
        """Move everything that is drawn from now on by (dx, dy)."""
        dx, dy = offset
        self.transform = (1, 0, dx, 0, 1, dy)

    def _moved(self, xy: Any) -> Any:
        if not self.transform:
            return xy
        path = ImagePath.Path(xy)
        path.transform(self.transform)
        return path

    def render(
        self,
        op: str,
        xy: Coords,
        pen: Pen | Brush | None,
        brush: Brush | Pen | None = None,
        **kwargs: Any,
    ) -> None:
        """Call the method ``op`` of :class:`ImageDraw.ImageDraw`. Pen and brush may be swapped."""
        tools = (pen, brush)
        outliner = next((tool for tool in tools if isinstance(tool, Pen)), None)
        filler = next((tool for tool in reversed(tools) if isinstance(tool, Brush)), None)
        outline = outliner.color if outliner else None
        if op in ("arc", "line"):
            kwargs["fill"] = outline
        else:
            kwargs["fill"] = filler.color if filler else None
            kwargs["outline"] = outline
        kwargs["width"] = outliner.width if outliner else 1
        getattr(self.draw, op)(self._moved(xy), **kwargs)

    def arc(
        self, xy: Coords, pen: Pen | Brush | None, start: float, end: float, *options: Any
    ) -> None:
        """Part of an ellipse's outline, from angle ``start`` to ``end`` (degrees, clockwise)."""
        self.render("arc", xy, pen, *options, start=start, end=end)

    def chord(
        self, xy: Coords, pen: Pen | Brush | None, start: float, end: float, *options: Any
    ) -> None:
        """Like :meth:`arc`, with the ends joined by a line."""
        self.render("chord", xy, pen, *options, start=start, end=end)

    def ellipse(self, xy: Coords, pen: Pen | Brush | None, *options: Any) -> None:
        """An ellipse in a box."""
        self.render("ellipse", xy, pen, *options)

    def line(self, xy: Coords, pen: Pen | Brush | None, *options: Any) -> None:
        """Lines between points."""
        self.render("line", xy, pen, *options)

    def pieslice(
        self, xy: Coords, pen: Pen | Brush | None, start: float, end: float, *options: Any
    ) -> None:
        """Like :meth:`arc`, with the ends joined to the centre."""
        self.render("pieslice", xy, pen, *options, start=start, end=end)

    def polygon(self, xy: Coords, pen: Pen | Brush | None, *options: Any) -> None:
        """A closed polygon."""
        self.render("polygon", xy, pen, *options)

    def rectangle(self, xy: Coords, pen: Pen | Brush | None, *options: Any) -> None:
        """A rectangle, both corners inclusive."""
        self.render("rectangle", xy, pen, *options)

    def text(self, xy: tuple[float, float], text: AnyStr, font: Font) -> None:
        """Text in the colour of the font."""
        self.draw.text(self._position(xy), text, font=font.font, fill=font.color)

    def textbbox(
        self, xy: tuple[float, float], text: AnyStr, font: Font
    ) -> tuple[float, float, float, float]:
        """The box that :meth:`text` would fill."""
        return self.draw.textbbox(self._position(xy), text, font=font.font)

    def textlength(self, text: AnyStr, font: Font) -> float:
        """How far the text advances, in pixels."""
        return self.draw.textlength(text, font=font.font)

    def _position(self, xy: tuple[float, float]) -> tuple[float, float]:
        if not self.transform:
            return xy
        x, y = self._moved(xy)[0]
        return x, y
