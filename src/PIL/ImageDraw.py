"""Drawing shapes and text into images."""

from __future__ import annotations

from typing import Any, cast

from . import Image, ImageColor
from . import ImageFont as ImageFont
from . import ImageText as ImageText
from ._draw_flood import _color_diff as _color_diff
from ._draw_flood import floodfill as floodfill
from ._draw_shapes import RoundedRectangle, joints, pairs, regular_polygon_vertices
from ._draw_text import _TextMixin
from ._util import publish as _publish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from . import ImageDraw2, ImagePalette
    from ._imaging import Outline as _Outline
    from ._typing import Coords, _Ink

#: Makes an outline: a path of lines and curves, for :meth:`ImageDraw.shape`. It has the methods
#: ``move(x, y)``, ``line(x, y)``, ``curve(x1, y1, x2, y2, x3, y3)`` (cubic, to x3, y3),
#: ``close()`` and ``transform(matrix)``.
Outline: Callable[[], _Outline] = Image.core.outline

_compute_regular_polygon_vertices = regular_polygon_vertices


class ImageDraw(_TextMixin):
    """Draws into an image, in place.

    :param im: The image.
    :param mode: Mode of the colours: that of the image, or "RGBA" for an RGB image, into which
       translucent colours are then blended.
    :exception ValueError: For another mode.

    Wherever ``xy`` is asked for, a sequence of points, a flat sequence of alternating x and y, or
    an ``ImagePath.Path`` will do. Coordinates are truncated to whole pixels; the last row and
    column of a box belong to it. Angles are in degrees, clockwise from three o'clock. A colour is
    what :func:`PIL.Image.new` takes.

    ``ink`` is the colour that is used where none is given, as a number; ``fill`` tells whether it
    then fills shapes or outlines them. ``fontmode`` is "1" or "L": whether text is antialiased.
    """

    def __init__(self, im: Image.Image, mode: str | None = None) -> None:
        im._ensure_mutable()
        mode = mode or im.mode
        blend = mode == "RGBA" and im.mode == "RGB"
        if mode != im.mode and not blend:
            msg = "mode mismatch"
            raise ValueError(msg)
        self._image = im
        self.palette: ImagePalette.ImagePalette | None = im.palette if mode == "P" else None
        self.im = im.im
        self.draw = Image.core.draw(self.im, int(blend))
        self.mode = mode
        self.ink = self.draw.draw_ink(1 if mode in ("I", "F") else -1)
        self.fontmode = "1" if mode in ("1", "P", "I", "F") else "L"
        self.fill = False

    # --- Colours ---

    def _resolve(self, color: Any) -> int:
        """The ink of a colour. Colours of palette images get an entry of the palette."""
        if isinstance(color, str):
            color = ImageColor.getcolor(color, self.mode)
        if self.palette and isinstance(color, tuple):
            color = self.palette.getcolor(color, self._image)
        ink: int = self.draw.draw_ink(color)
        return ink

    @property
    def _stroke(self) -> int | None:
        """The ink of lines and points that are given no colour: they have no area."""
        return None if self.fill else self.ink

    def _getink(self, ink: _Ink | None, fill: _Ink | None = None) -> tuple[int | None, int | None]:
        """The inks of the outline and of the area; None is not drawn."""
        if ink is None and fill is None:
            return (None, self.ink) if self.fill else (self.ink, None)
        outline = None if ink is None else self._resolve(ink)
        return outline, None if fill is None else self._resolve(fill)

    # --- Lines and points ---

    def point(self, xy: Coords, fill: _Ink | None = None) -> None:
        """Single pixels."""
        ink = self._stroke if fill is None else self._resolve(fill)
        if ink is not None:
            self.draw.draw_points(xy, ink)

    def line(
        self, xy: Coords, fill: _Ink | None = None, width: int = 1, joint: str | None = None
    ) -> None:
        """Lines from point to point.

        :param joint: "curve" rounds the corners of wide lines.
        """
        ink = self._stroke if fill is None else self._resolve(fill)
        if ink is None or width == 0:
            return
        self.draw.draw_lines(xy, ink, width)
        if joint != "curve" or width <= 4:
            return
        for joined in joints(pairs(xy), width):
            self.pieslice(joined.box, joined.start, joined.end, fill)
            if width > 8:  # the slice leaves a gap beside the line
                self.line(joined.gap, fill, width=3)

    def arc(
        self,
        xy: Coords,
        start: float,
        end: float,
        fill: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """Part of the outline of the ellipse in a box."""
        ink = self._stroke if fill is None else self._resolve(fill)
        if ink is not None and width != 0:
            self.draw.draw_arc(xy, start, end, ink, width)

    # --- Shapes with an area ---

    def _layers(
        self, fill: _Ink | None, outline: _Ink | None, width: int
    ) -> tuple[int | None, int | None]:
        """The inks of the area and of the outline over it, which is None if it looks the same."""
        if fill is None and outline is None:
            return (self.ink, None) if self.fill else (None, self.ink if width != 0 else None)
        ink, area = self._getink(outline, fill)  # the outline first: palettes grow in this order
        return area, None if ink == area or width == 0 else ink

    def chord(
        self,
        xy: Coords,
        start: float,
        end: float,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """Like :meth:`arc`, with the ends joined by a straight line."""
        area, ink = self._layers(fill, outline, width)
        if area is not None:
            self.draw.draw_chord(xy, start, end, area, 1)
        if ink is not None:
            self.draw.draw_chord(xy, start, end, ink, 0, width)

    def pieslice(
        self,
        xy: Coords,
        start: float,
        end: float,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """Like :meth:`arc`, with the ends joined to the centre."""
        area, ink = self._layers(fill, outline, width)
        if area is not None:
            self.draw.draw_pieslice(xy, start, end, area, 1)
        if ink is not None:
            self.draw.draw_pieslice(xy, start, end, ink, 0, width)

    def ellipse(
        self,
        xy: Coords,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """The ellipse in a box."""
        area, ink = self._layers(fill, outline, width)
        if area is not None:
            self.draw.draw_ellipse(xy, area, 1)
        if ink is not None:
            self.draw.draw_ellipse(xy, ink, 0, width)

    def circle(
        self,
        xy: Sequence[float],
        radius: float,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """A circle around a point."""
        x, y = xy
        box = (x - radius, y - radius, x + radius, y + radius)
        self.ellipse(box, fill, outline, width)

    def rectangle(
        self,
        xy: Coords,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """A rectangle."""
        area, ink = self._layers(fill, outline, width)
        if area is not None:
            self.draw.draw_rectangle(xy, area, 1)
        if ink is not None:
            self.draw.draw_rectangle(xy, ink, 0, width)

    def polygon(
        self,
        xy: Coords,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """A polygon. Its outline grows inwards with the width."""
        area, ink = self._layers(fill, outline, width)
        if area is not None:
            self.draw.draw_polygon(xy, area, 1)
        if ink is None:
            return
        if width == 1:
            self.draw.draw_polygon(xy, ink, 0, width)
            return
        # Sides of twice the width, as far as they lie within the polygon. The mask gets the ink
        # that 1 has in the mode of the image: for F its lowest byte is 0, and nothing is drawn.
        mask = Image.core.new("1", self.im.size)
        Image.core.draw(mask).draw_polygon(xy, self.draw.draw_ink(1), 1)
        self.draw.draw_polygon(xy, ink, 0, width * 2 - 1, mask)

    def regular_polygon(
        self,
        bounding_circle: Sequence[Sequence[float] | float],
        n_sides: int,
        rotation: float = 0,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
    ) -> None:
        """A polygon of equal sides in a circle (x, y, r) or ((x, y), r).

        :exception ValueError: If the circle or the number of sides makes no polygon.
        """
        vertices = _compute_regular_polygon_vertices(bounding_circle, n_sides, rotation)
        self.polygon(vertices, fill, outline, width)

    def rounded_rectangle(
        self,
        xy: Coords,
        radius: float = 0,
        fill: _Ink | None = None,
        outline: _Ink | None = None,
        width: int = 1,
        *,
        corners: tuple[bool, bool, bool, bool] | None = None,
    ) -> None:
        """A rectangle with rounded corners.

        :param corners: Which are round: top left, top right, bottom right, bottom left.
        :exception ValueError: If the second corner of the box lies above or left of the first.
        """
        if isinstance(xy[0], (list, tuple)):
            (left, top), (right, bottom) = cast("Sequence[Sequence[float]]", xy)
        else:
            left, top, right, bottom = cast("Sequence[float]", xy)
        if right < left:
            msg = "x1 must be greater than or equal to x0"
            raise ValueError(msg)
        if bottom < top:
            msg = "y1 must be greater than or equal to y0"
            raise ValueError(msg)
        shape = RoundedRectangle.fit((left, top, right, bottom), radius, corners)
        if shape.spans_x and shape.spans_y:
            self.ellipse(xy, fill, outline, width)
        elif shape.size == 0 or not any(shape.on):
            self.rectangle(xy, fill, outline, width)
        else:
            self._draw_rounded(shape, fill, outline, width)

    def _draw_rounded(
        self, shape: RoundedRectangle, fill: _Ink | None, outline: _Ink | None, width: int
    ) -> None:
        area, ink = self._layers(fill, outline, width)
        if area is not None:
            for box, start, end in shape.sectors():
                self.draw.draw_pieslice(box, start, end, area, 1)
            for box in shape.areas():
                self.draw.draw_rectangle(box, area, 1)
        if ink is not None:
            for box, start, end in shape.sectors():
                self.draw.draw_arc(box, start, end, ink, width)
            for box in shape.bars(width):
                self.draw.draw_rectangle(box, ink, 1)

    def shape(self, shape: _Outline, fill: _Ink | None = None, outline: _Ink | None = None) -> None:
        """The area of an :data:`Outline`, which is closed first. Both colours fill it."""
        shape.close()
        ink, fill_ink = self._getink(outline, fill)
        if fill_ink is not None:
            self.draw.draw_outline(shape, fill_ink, 1)
        if ink is not None and ink != fill_ink:
            self.draw.draw_outline(shape, ink, 0)

    def bitmap(self, xy: Sequence[int], bitmap: Image.Image, fill: _Ink | None = None) -> None:
        """A colour through a mask of mode 1, L or RGBA, whose top left corner is at ``xy``."""
        bitmap.load()
        ink, fill_ink = self._getink(fill)
        ink = fill_ink if ink is None else ink
        if ink is not None:
            self.draw.draw_bitmap(xy, bitmap.im, ink)


def Draw(im: Image.Image, mode: str | None = None) -> ImageDraw:
    """An object to draw into the image with; see :class:`ImageDraw`.

    Images that have a method ``getdraw(mode)`` bring their own.
    """
    try:
        special = getattr(im, "getdraw")  # noqa: B009 - not an attribute of Image
    except AttributeError:
        return ImageDraw(im, mode)
    return cast("ImageDraw", special(mode))


def getdraw(im: Image.Image | None = None) -> tuple[ImageDraw2.Draw | None, ModuleType]:
    """An object to draw with pens and brushes, or None without an image, and its module."""
    from . import ImageDraw2

    return (ImageDraw2.Draw(im) if im is not None else None), ImageDraw2


_publish(globals(), "PIL._draw_flood")
