"""Shapes that are made of others: joints of lines, regular polygons, rounded rectangles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Point = Sequence[float]
    Box = tuple[float, float, float, float]

# --- Joints ---


def _bearing(start: Point, end: Point) -> float:
    """Direction of a leg in degrees, clockwise from up, 0 to 360."""
    return math.degrees(math.atan2(end[0] - start[0], start[1] - end[1])) % 360


def _towards_zero(value: float) -> int:
    return math.floor(value) if value > 0 else math.ceil(value)


class Joint(NamedTuple):
    """What rounds a corner of a line: a pie slice, and for wide lines strokes that close gaps."""

    box: Box
    start: float
    end: float
    gap: list[tuple[float, float]]


def joints(points: Sequence[Point], width: int) -> Iterator[Joint]:
    """The joints at the interior points where a line of this width turns."""
    reach = width / 2 - 1

    def beside(point: Point, angle: float) -> tuple[float, float]:
        turn = math.radians(angle - 90)
        return (
            point[0] + _towards_zero(reach * math.cos(turn)),
            point[1] + _towards_zero(reach * math.sin(turn)),
        )

    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        arriving, leaving = _bearing(before, point), _bearing(point, after)
        if arriving == leaving:
            continue
        flipped = (arriving < leaving and leaving - 180 > arriving) or (
            arriving > leaving and leaving + 180 > arriving
        )
        start, end = (leaving + 90, arriving + 90) if flipped else (arriving - 90, leaving - 90)
        side = 90 if flipped else -90
        box = (
            point[0] - width / 2 + 1,
            point[1] - width / 2 + 1,
            point[0] + width / 2 - 1,
            point[1] + width / 2 - 1,
        )
        gap = [
            beside(point, arriving + side),
            (point[0], point[1]),
            beside(point, leaving + side),
        ]
        yield Joint(box, start - 90, end - 90, gap)


def pairs(xy: Any) -> Any:
    """A coordinate list as points, if it is not one already.

    :exception IndexError: If it is empty.
    """
    if isinstance(xy[0], (list, tuple)):
        return xy
    return [tuple(xy[i : i + 2]) for i in range(0, len(xy), 2)]


# --- Regular polygons ---


def _all_numbers(values: Any) -> bool:
    return all(isinstance(v, (int, float)) for v in values)


def _centre_and_radius(circle: Any) -> tuple[Sequence[float], float]:
    """(x, y, r) or ((x, y), r), checked."""
    not_numeric = "bounding_circle should only contain numeric data"
    if not isinstance(circle, (list, tuple)):
        msg = "bounding_circle should be a sequence"
        raise TypeError(msg)
    if len(circle) == 3:
        if not _all_numbers(circle):
            raise ValueError(not_numeric)
        return circle[:2], circle[2]
    if len(circle) == 2 and isinstance(circle[0], (list, tuple)):
        centre, radius = circle
        if not _all_numbers([*centre, radius]):
            raise ValueError(not_numeric)
        if len(centre) != 2:
            msg = "bounding_circle centre should contain 2D coordinates (e.g. (x, y))"
            raise ValueError(msg)
        return centre, radius
    msg = (
        "bounding_circle should contain 2D coordinates and a radius "
        "(e.g. (x, y, r) or ((x, y), r) )"
    )
    raise ValueError(msg)


def regular_polygon_vertices(
    bounding_circle: Any, n_sides: Any, rotation: Any
) -> list[tuple[float, float]]:
    """The corners, rounded to two decimals, of a polygon that stands on a side unless rotated."""
    if not isinstance(n_sides, int):
        msg = "n_sides should be an int"
        raise TypeError(msg)
    if n_sides < 3:
        msg = "n_sides should be an int > 2"
        raise ValueError(msg)
    (x, y), radius = _centre_and_radius(bounding_circle)
    if radius <= 0:
        msg = "bounding_circle radius should be > 0"
        raise ValueError(msg)
    if not isinstance(rotation, (int, float)):
        msg = "rotation should be an int or float"
        raise ValueError(msg)

    step = 360 / n_sides
    angle = (270 - 0.5 * step) + rotation
    vertices = []
    for _ in range(n_sides):
        turn = math.radians(360 - angle)
        vertices.append(
            (round(radius * math.cos(turn) + x, 2), round(radius * math.sin(turn) + y, 2))
        )
        angle += step
        if angle > 360:
            angle -= 360
    return vertices


# --- Rounded rectangles ---


@dataclass(slots=True)
class RoundedRectangle:
    """A rectangle with quarter circles at some corners.

    ``size`` is the side of the boxes of the corners' circles; ``spans_x`` says that the circles
    take the whole width, ``spans_y`` the whole height. ``on`` tells for the corners top left, top
    right, bottom right, bottom left whether they are round.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    spans_x: bool
    spans_y: bool
    on: tuple[bool, bool, bool, bool]

    @classmethod
    def fit(
        cls, box: Box, radius: float, corners: tuple[bool, bool, bool, bool] | None
    ) -> RoundedRectangle:
        """Limit the radius to the box, whose corners are rounded to whole pixels."""
        size = min(box[2] - box[0], box[3] - box[1], radius * 2)
        x0, y0, x1, y1 = (round(value) for value in box)
        on = (True, True, True, True) if corners is None else corners
        spans_x = spans_y = False
        if all(on):
            spans_x = size >= x1 - x0 - 1
            size = x1 - x0 if spans_x else size
            spans_y = size >= y1 - y0 - 1
            size = y1 - y0 if spans_y else size
        return cls(x0, y0, x1, y1, size, spans_x, spans_y, on)

    @property
    def radius(self) -> int:
        return int(self.size // 2)

    def sectors(self) -> list[tuple[Box, int, int]]:
        """Boxes and angles of the round parts."""
        x0, y0, x1, y1, d = self.x0, self.y0, self.x1, self.y1, self.size
        top_left, top_right = (x0, y0, x0 + d, y0 + d), (x1 - d, y0, x1, y0 + d)
        bottom_right, bottom_left = (x1 - d, y1 - d, x1, y1), (x0, y1 - d, x0 + d, y1)
        if self.spans_x:
            return [(top_left, 180, 360), (bottom_left, 0, 180)]
        if self.spans_y:
            return [(top_left, 90, 270), (top_right, 270, 90)]
        quarters = [
            (top_left, 180, 270),
            (top_right, 270, 360),
            (bottom_right, 0, 90),
            (bottom_left, 90, 180),
        ]
        return [quarter for quarter, on in zip(quarters, self.on, strict=True) if on]

    def _shortened(self, box: Box, first: int, second: int) -> Box:
        """A bar without the parts next to two corners: the corner of its top or left end, and
        that of the other. A bar that is higher than wide is cut vertically."""
        x0, y0, x1, y1 = box
        cut = self.radius + 1
        start, end = cut * bool(self.on[first]), cut * bool(self.on[second])
        if {first, second} in ({0, 3}, {1, 2}):
            return x0, y0 + start, x1, y1 - end
        return x0 + start, y0, x1 - end, y1

    def areas(self) -> list[Box]:
        """Rectangles that fill what the sectors leave."""
        x0, y0, x1, y1, r = self.x0, self.y0, self.x1, self.y1, self.radius
        if self.spans_x:
            return [(x0, y0 + r + 1, x1, y1 - r - 1)]
        boxes: list[Box] = []
        if x1 - r - 1 >= x0 + r + 1:
            boxes.append((x0 + r + 1, y0, x1 - r - 1, y1))
        if not self.spans_y:
            boxes.append(self._shortened((x0, y0, x0 + r, y1), 0, 3))
            boxes.append(self._shortened((x1 - r, y0, x1, y1), 1, 2))
        return boxes

    def bars(self, width: int) -> list[Box]:
        """The straight parts of the outline."""
        x0, y0, x1, y1 = self.x0, self.y0, self.x1, self.y1
        boxes: list[Box] = []
        if not self.spans_x:
            boxes.append(self._shortened((x0, y0, x1, y0 + width - 1), 0, 1))
            boxes.append(self._shortened((x0, y1 - width + 1, x1, y1), 3, 2))
        if not self.spans_y:
            boxes.append(self._shortened((x0, y0, x0 + width - 1, y1), 0, 3))
            boxes.append(self._shortened((x1 - width + 1, y0, x1, y1), 1, 2))
        return boxes
